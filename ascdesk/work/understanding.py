"""What a finished call or initial contact says of the person and the referral, taken up into the record.

What was answered is read once, when the form is signed; from then on a worker corrects the referral itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ascdesk.care.clocks import Kind
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import cases, fields
from ascdesk.work.calls import split_name
from ascdesk.work.cases import Case
from ascdesk.work.rows import event

Answers = Callable[[str], Sequence[Mapping[str, Json]]]
"""What a question outside every repeating group is answered with; hidden answers are no answers."""

CONTACT = "initial-contact"
"""The form of the Initial Contact Team's follow-up."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a finished call says of the person and of the referral, as fields of theirs."""

    person: Mapping[str, Json]
    referral: Mapping[str, Json]

    @property
    def urgent(self) -> bool:
        """Say whether the call was classed urgent."""
        return self.referral.get("priority") == "urgent"


def understood(answers: Answers) -> Understood:
    """Return what the answers of a call say. What was not asked or answered is left out."""
    return Understood(
        {key: value for key, value in _person(answers).items() if value not in (None, "")},
        {key: value for key, value in _referral(answers).items() if value not in (None, "", [])},
    )


def _person(answers: Answers) -> dict[str, Json]:
    given, family = split_name(_text(answers, "call.names"))
    facts: dict[str, Json] = {
        "given_name": given, "family_name": family, "date_of_birth": _day(answers, "call.dob"),
        "interpreter": _yes(answers, "call.interpreter"),
    }  # fmt: skip
    texts = {
        "preferred_name": "call.preferred-name", "address": "call.address", "postcode": "call.postcode",
        "gp": "call.gp", "nhs_number": "call.nhs-number", "telephone": "call.phone",
        "mobile": "call.other-phone", "email": "call.email", "first_language": "call.language",
    }  # fmt: skip
    return facts | {field: _text(answers, asked) for field, asked in texts.items()}


def _referral(answers: Answers) -> dict[str, Json]:
    urgent = _code(answers, "call.urgent") == "yes"
    needs = coded_names(_codes(answers, "call.needs"))
    if "safeguarding" in _codes(answers, "call.urgent-facts") and "safeguarding" not in needs:
        needs.append("safeguarding")
    facts: dict[str, Json] = {
        "source": _code(answers, "call.caller"),
        "source_name": _text(answers, "call.caller-name"),
        "source_relationship": _text(answers, "call.caller-relation"),
        "source_role": _text(answers, "call.caller-role"),
        "source_telephone": _text(answers, "call.caller-phone"),
        "source_email": _text(answers, "call.caller-email"),
        "person_knows": {"yes": True, "no": False, "not-safe": False}.get(_code(answers, "call.knows")),
        "reason": _text(answers, "call.reason"),
        "key_information": "\n".join(_key_information(answers)),
        "needs": needs,
        "conditions": coded_names(_codes(answers, "call.conditions")),
        "receiving_support": {"yes": True, "no": False}.get(_code(answers, "call.support-now")),
    }  # fmt: skip
    if urgent:
        facts |= {"priority": "urgent", "urgent_because": _text(answers, "call.urgent-why")}
    return facts


def _key_information(answers: Answers) -> list[str]:
    asked = ("call.wants", "call.since", "call.tried", "call.support-what", "call.carer-who",
             "call.health", "call.hospital-where")  # fmt: skip
    return [text for text in (_text(answers, one) for one in asked) if text]


def coded_names(codes: Sequence[str]) -> list[Json]:
    """Return codes of a form as the rules name them: *ot*, *long_term*; *none* is no name."""
    return [code.replace("-", "_") for code in codes if code != "none"]


def take_up_contact(record: Record, case: str, referral: str, answers: Answers) -> None:
    """Let a finished initial contact say what the referral turned out to be: needs, urgency, the visit.

    A visit that is not needed stops its clock with the reason; one that is needed keeps it running (T3). What
    the person and the referrer were told is dated. The first *told* stands.
    """
    row = fields.row(record, case, "referral", referral)
    at = record.now()
    facts = _contact_facts(answers)
    edits = [
        Edit("referral", referral, name, value, row.seen(name))
        for name, value in facts.items()
        if value not in (None, "", []) and row.value(name) != value
    ]
    edits += _urgency_events(answers, str(row.value("priority") or ""), at)
    edits += _visit_events(answers, at)
    for name, asked in (("told_person_at", "ic.told-person"), ("told_source_at", "ic.told-referrer")):
        day = _day(answers, asked)
        if day and not row.value(name):
            edits.append(Edit("referral", referral, name, day, row.seen(name)))
    if edits:
        record.write(case, edits, name="Take up what the contact found")


def _contact_facts(answers: Answers) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "needs": coded_names(_codes(answers, "ic.needs")),
        "conditions": coded_names(_codes(answers, "ic.conditions")),
        "receiving_support": {"yes": True, "no": False}.get(_code(answers, "ic.support-now")),
        "priority": _code(answers, "ic.priority"),
    }  # fmt: skip
    because = _text(answers, "ic.urgent-why") or _text(answers, "ic.downgraded-why")
    return facts | {"urgent_because": because}


def _urgency_events(answers: Answers, before: str, at: str) -> list[Edit]:
    now = _code(answers, "ic.priority")
    if now == "urgent" and before != "urgent":
        when = _moment(answers, "ic.urgent-at") or at
        return event(Kind.URGENT_CLASSED.value, when, _text(answers, "ic.urgent-why"))
    if now and now != "urgent" and before == "urgent":
        return event(Kind.URGENCY_WITHDRAWN.value, at, _text(answers, "ic.downgraded-why"))
    return []


def _visit_events(answers: Answers, at: str) -> list[Edit]:
    wanted = _code(answers, "ic.visit")
    if wanted == "no":
        return event(Kind.VISIT_NOT_NEEDED.value, at, _text(answers, "ic.visit-why-not"))
    return event(Kind.VISIT_NEEDED.value, at) if wanted == "yes" else []


def take_up_call(record: Record, case: str, referral: str, answers: Answers) -> None:
    """Let a finished call say what the referral is and, where nothing was known, who the person is.

    What the record holds of the person already stays: another number than the caller's is a worker's to
    settle. A call that is classed urgent starts the urgent clocks now, at the moment it was called so
    (domain §5.2, choice 9).
    """
    said = understood(answers)
    found = cases.look(record, case)
    held = fields.row(record, case, "person", found.person.row)
    fresh = _only_by_this_call(found)
    edits = [
        Edit("person", held.row, name, value, held.seen(name))
        for name, value in said.person.items()
        if held.value(name) != value and (fresh or held.value(name) in (None, ""))
    ]
    row = fields.row(record, case, "referral", referral)
    edits += [
        Edit("referral", referral, name, value, row.seen(name))
        for name, value in said.referral.items()
        if row.value(name) != value
    ]
    if said.urgent and row.value("priority") != "urgent":
        at = _moment(answers, "call.urgent-at") or record.now()
        edits += event(Kind.URGENT_CLASSED.value, at, str(said.referral.get("urgent_because") or ""))
    if edits:
        record.write(case, edits, name="Take up what the call said")


def _only_by_this_call(case: Case) -> bool:
    """Say whether nobody knows the person but by one call: what it says is all there is."""
    return len(case.referrals) == 1 and not (case.pieces or case.allocations or case.plans)


def _text(answers: Answers, link_id: str) -> str:
    return next((str(one["valueString"]).strip() for one in answers(link_id) if "valueString" in one), "")


def _codes(answers: Answers, link_id: str) -> list[str]:
    return [one["valueCoding"]["code"] for one in answers(link_id) if "valueCoding" in one]


def _code(answers: Answers, link_id: str) -> str:
    return next(iter(_codes(answers, link_id)), "")


def _yes(answers: Answers, link_id: str) -> bool | None:
    return next((bool(one["valueBoolean"]) for one in answers(link_id) if "valueBoolean" in one), None)


def _day(answers: Answers, link_id: str) -> str:
    return next((str(one["valueDate"]) for one in answers(link_id) if "valueDate" in one), "")


def _moment(answers: Answers, link_id: str) -> str:
    found = next((str(one["valueDateTime"]) for one in answers(link_id) if "valueDateTime" in one), "")
    return found if "T" in found else ""
