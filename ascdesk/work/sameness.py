"""A referral about somebody who has a case already: said to a worker, and moved where they decide so.

Nothing is merged and nobody is matched by the program. What came is copied into the case that stands, with
the time of its first receipt, and the case that it had made is closed as recorded in error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, Json, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import cases, responses
from ascdesk.work.calls import Likeness
from ascdesk.work.cases import SAME_PERSON, Case, PersonFacts, ReferralFacts
from ascdesk.work.finding import plain
from ascdesk.work.referrals import arrival_edits
from ascdesk.work.responses import Draft, Key, account_row, stored_value
from ascdesk.work.rows import changed, new_row

_HERE_ONLY = frozenset({"row", "response", "told_person_at", "told_source_at", "outcome", "teams"})
"""What a referral says that is not carried to the other case: what was decided and told is decided there."""


def alike(record: Record, case: Case, referral: ReferralFacts) -> tuple[Likeness, ...]:
    """Return the cases on this laptop that may be the same person's; none once work began in this one.

    The same NHS number is enough; a name speaks only beside the date of birth or the postcode.
    """
    if not referral.open or not _only_this(case):
        return ()
    found = []
    for other in cases.read_cases(record):
        same = tuple(_same(case.person, other.person))
        enough = "NHS number" in same or ("name" in same and len(same) > 1)
        if other.id != case.id and enough and not _in_error(other):
            line = " ".join((other.person.address or "").split("\n")[:1]).rstrip(",")
            found.append(Likeness(other.id, other.person.full_name, other.person.date_of_birth, line, same))
    return tuple(sorted(found, key=lambda one: (-len(one.same), one.who, one.case)))


def same_in(one: PersonFacts, other: PersonFacts) -> tuple[str, ...]:
    """Return what two records of people have in common, in words."""
    return tuple(_same(one, other))


def _only_this(case: Case) -> bool:
    return len(case.referrals) == 1 and not (case.pieces or case.allocations or case.plans)


def _in_error(case: Case) -> bool:
    return any(one.in_error for one in case.referrals)


def _same(one: PersonFacts, other: PersonFacts) -> Iterator[str]:
    numbers = [(person.nhs_number or "").replace(" ", "") for person in (one, other)]
    if numbers[0] and numbers[0] == numbers[1]:
        yield "NHS number"
    if plain(one.full_name) and plain(one.full_name) == plain(other.full_name):
        yield "name"
    if one.date_of_birth and one.date_of_birth == other.date_of_birth:
        yield "date of birth"
    places = [(person.postcode or "").replace(" ", "").casefold() for person in (one, other)]
    if places[0] and places[0] == places[1]:
        yield "postcode"


def move(record: Record, case: str, referral: str, to: str) -> str:
    """Move a referral into the case that the person has already, and return it there.

    Its clocks run from its first receipt, unless something is open there already (domain §5.2, choice 11).
    The case that it came with is closed as recorded in error. Raises :class:`Refusal` when work began in it
    or it was decided meanwhile.
    """
    here, there = cases.look(record, case), cases.look(record, to)
    held = here.referral(referral)
    if case == to or not held.open or not _only_this(here):
        raise Refusal("Work on this referral has begun here, so it stays. Look at the case again.")
    response, copied = _answers(record, here, held, to)
    row, edits = arrival_edits(
        _facts(held) | {"response": response}, at=held.received_at or "", standing=there
    )
    tasks = [one for one in here.tasks if not one.done_at]
    for task in tasks:
        facts = {
            "kind": task.kind,
            "title": task.title,
            "detail": task.detail,
            "due": task.due,
            "why": task.why,
        }
        edits += new_row("task", facts)
    record.write(to, copied + edits, name="Take a referral over from a second case")
    _close(record, here, held, there)
    return row


def _facts(held: ReferralFacts) -> dict[str, Json]:
    return {
        name: value for name, value in asdict(held).items() if name not in _HERE_ONLY and value is not None
    }


def _close(record: Record, here: Case, held: ReferralFacts, there: Case) -> None:
    at = record.now()
    words = f"Recorded in error: the same person as {there.person.full_name}, whose case goes on with it."
    decided = {
        "outcome": SAME_PERSON,
        "outcome_because": words,
        "decided_at": at,
        "decided_by": record.author,
    }
    edits = changed(record, here.id, "referral", held.row, decided)
    for task in here.tasks:
        if not task.done_at:
            edits += changed(record, here.id, "task", task.row, {"done_at": at})
    edits += new_row("closure", {"at": at, "reason": "error", "words": words, "by": record.author})
    record.write(here.id, edits, name="Close a second case of the same person")


def _answers(record: Record, here: Case, held: ReferralFacts, to: str) -> tuple[str, list[Edit]]:
    """Return the edits that copy the answers that a referral came with, and the id of the copy."""
    found = next((one for one in here.responses if one.row == held.response), None)
    if found is None:
        return "", []
    draft, new = responses.load(record, here.id, found.row), new_id()
    facts = {
        "questionnaire": found.questionnaire, "questionnaire_version": found.questionnaire_version,
        "started_at": found.started_at, "assessor": draft.assessor, "assessor_name": found.assessor_name,
    }  # fmt: skip
    edits = new_row("response", facts, new)
    copy = Draft(to, new, draft.questionnaire, draft.version, draft.started_at, draft.assessor)
    made: dict[str, str] = {}
    for (path, link_id), rows in sorted(draft.rows.items(), key=lambda one: len(one[0][0])):
        for row in rows:
            made[row] = new_id()
            parent = made.get(path[-1], "") if path else ""
            place: Json = {"response": new, "link_id": link_id, "parent": parent}
            edits.append(Edit("repeat", made[row], EXISTENCE, place, kind="create"))
    for key, account in draft.accounts.items():
        path = tuple(made.get(row, row) for row in key.path)
        moved = Key(path, key.link_id, key.source)
        value = stored_value(copy, moved, account.said)
        if value is not None:
            edits.append(Edit("answer", account_row(new, moved), "value", value))
    return new, edits
