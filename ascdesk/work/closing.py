"""Closing: what must be seen to before active work ends; a death, which stops every letter and reminder.

Afterwards the person's way back is the council's Front Door (service standards, *Your contact point*).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ascdesk.care.clocks import Kind
from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import cases
from ascdesk.work.carers import CARERS_ASSESSMENT
from ascdesk.work.cases import Case
from ascdesk.work.referrals import active
from ascdesk.work.rows import changed, event, new_row

REASONS = {
    "goals": "What was wanted has been reached",
    "advice": "Information and advice were enough",
    "short-term": "Short-term support has ended",
    "long-term": "Support goes on, and is looked at in reviews",
    "declined": "The person does not want more",
    "moved": "The person has moved to another area",
    "other-service": "Another service of the council takes it on",
    "nhs": "The NHS takes it on",
    "self-funded": "The person arranges and pays for care",
    "lost": "We cannot reach the person",
    "died": "The person has died",
    "error": "It was opened by mistake",
    "other": "Another reason",
}
"""Why work ends: the codes of the closing form (``resources/forms/closing.json``, ``cl.reason``)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to see to before closing; ``open`` says in words what is still lacking."""

    code: str
    words: str
    open: tuple[str, ...]


def checks(case: Case, today: date) -> tuple[Check, ...]:
    """Return what closing looks at: copies, equipment followed up, referrals answered, work finished."""
    return (
        Check("copies", "Copies given", tuple(_copies(case))),
        Check("equipment", "Equipment followed up", tuple(_equipment(case, today))),
        Check("referrals", "Referrals answered", tuple(_referrals(case))),
        Check("work", "Work finished", tuple(_work(case))),
    )


def _copies(case: Case) -> Iterator[str]:
    given = {copy.what for copy in case.copies}
    for held in case.responses:
        if held.questionnaire == "needs-assessment" and held.signed_at and "assessment" not in given:
            yield "The copy of the assessment was not given yet."
    got = {copy.of for copy in case.copies}
    if any(
        one.questionnaire == CARERS_ASSESSMENT and one.signed_at and one.row not in got
        for one in case.responses
    ):
        yield "The copy of the carer’s assessment was not given yet."
    if any(plan.signed_at for plan in case.plans) and "plan" not in given:
        yield "The copy of the plan was not given yet."


def _equipment(case: Case, today: date) -> Iterator[str]:
    for item in case.loans:
        if item.recalled:
            yield f"{item.name or 'An item'} was recalled, and that is not dealt with yet."
        if item.returned_on is None and (item.checked_on is None or item.to_ask):
            due = f", due {item.check_on}" if item.check_on and item.check_on <= today.isoformat() else ""
            yield f"{item.name or 'An item'} was not followed up{due}."


def _referrals(case: Case) -> Iterator[str]:
    for held in case.referrals:
        if held.open:
            yield "A referral was not decided yet."
        elif held.in_error:
            continue
        elif not held.told_person_at:
            yield "The person was not told what follows from a referral."
        elif held.source not in (None, "self") and not held.told_source_at:
            yield "Who asked was not told what follows from a referral."


def _work(case: Case) -> Iterator[str]:
    left = sum(1 for piece in case.pieces if piece.open)
    if left:
        yield "A piece of work is still open." if left == 1 else f"{left} pieces of work are still open."


def close(
    record: Record, case: str, *, reason: str, words: str, answered: Mapping[str, str], today: date
) -> str:
    """Close active work and return the closure. ``answered`` says, by check, why what is open may stay so.

    Open pieces of work cannot be answered away. Reviews of a plan that runs go on (T7). Raises
    :class:`Refusal` naming what is missing.
    """
    found = cases.look(record, case)
    if not reason:
        raise Refusal("Choose why the work ends.")
    looked = checks(found, today)
    for check in looked:
        if check.open and (check.code == "work" or not answered.get(check.code, "").strip()):
            raise Refusal(f"{check.open[0]} See to it first, or say why it may stay so.")
    how: list[Json] = [[check.code, answered.get(check.code, "").strip() or "seen to"] for check in looked]
    facts = {"at": record.now(), "reason": reason, "words": words.strip(), "by": record.author}
    edits = new_row("closure", facts | {"checks": how})
    if reason == "moved":
        edits += event(Kind.MOVED_AWAY.value, record.now(), words.strip())
    until = {"until": record.now()[:10]}
    for one in found.allocations:
        if not one.until:
            edits += changed(record, case, "allocation", one.row, until)
    record.write(case, edits, name="Close the work")
    return edits[0].row


def closed(case: Case) -> bool:
    """Say whether active work has ended and nothing was opened since."""
    return any(not one.reopened_at for one in case.closures) and not active(case)


def to_close(case: Case) -> bool:
    """Say whether there was a referral or work, nothing of it is open, and the work was not closed yet."""
    return bool(case.pieces or case.referrals) and not active(case) and not closed(case)


def record_death(record: Record, case: str, on: str) -> None:
    """Record that the person has died on a day (ISO date): clocks, letters and reminders stop at once.

    Raises :class:`Refusal` for a day to come, or when the death is recorded already.
    """
    found = cases.look(record, case)
    if on > record.now()[:10]:
        raise Refusal("This day is still to come. Write the day on which the person died.")
    if found.person.date_of_death:
        raise Refusal("The death is recorded already.")
    edits = changed(record, case, "person", found.person.row, {"date_of_death": on})
    record.write(case, edits + event(Kind.DIED.value, record.now()), name="Record a death")
