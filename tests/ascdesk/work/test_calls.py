"""Calls: who is known here, what a call begins, and what it says once it is signed."""

from __future__ import annotations

import pytest

from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import calls, cases, records, responses
from ascdesk.work.calls import Begun, Caller, Taker
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.casework import person
from tests.support.desks import NOW

ME = Taker("Ruth Okafor", "Social worker")
TODAY = NOW.date()


def code(*codes: str) -> list[Json]:
    """Return answers that choose codes."""
    return [{"valueCoding": {"code": one, "display": one}} for one in codes]


SAID: dict[str, list[Json]] = {
    "call.caller": code("family"),
    "call.caller-name": [{"valueString": "Dan Marsh"}],
    "call.knows": code("not-safe"),
    "call.reason": [{"valueString": "She fell."}],
    "call.support-now": code("no"),
    "call.safe": code("yes"),
    "call.urgent-facts": code("safeguarding"),
    "call.urgent": code("no"),
    "call.needs": code("ot", "long-term"),
    "call.conditions": code("none"),
    "call.outcome": code("initial-contact"),
}


def answer(record: Record, case: str, response: str, said: dict[str, list[Json]]) -> None:
    """Answer questions as a worker does."""
    for link_id, answers in said.items():
        draft = responses.load(record, case, response)
        key = Key((), link_id, "observed")
        parts = tuple(FrozenAnswer(one) for one in answers if isinstance(one, dict))
        responses.answer(record, draft, key, Said(parts), seen=draft.account(key).seen, name="Answer")


def begin(record: Record, library: FormLibrary, caller: Caller, case: str = "") -> Begun:
    """Begin a call."""
    return calls.begin(record, caller, ME, version=library.form(calls.CALL).version, case=case)


@pytest.mark.parametrize(
    ("caller", "same"),
    [
        pytest.param(Caller("mary ash"), ("name",), id="name"),
        pytest.param(Caller("Ash"), ("name",), id="part of a name"),
        pytest.param(Caller("Mary Ash", "1944-02-03"), ("name", "date of birth"), id="name and birth"),
        pytest.param(Caller(nhs="999 123 4004"), ("NHS number",), id="NHS number"),
        pytest.param(Caller(telephone="+44 1632 960123"), ("telephone",), id="telephone from abroad"),
        pytest.param(Caller(address="4 quay row"), ("address",), id="address"),
        pytest.param(Caller(born="1944-02-03"), None, id="a date of birth alone"),
        pytest.param(Caller("Mary Oak"), None, id="another name"),
        pytest.param(Caller(), None, id="nothing"),
    ],
)
def test_who_is_known_here_and_by_what(record: Record, caller: Caller, same: tuple[str, ...] | None) -> None:
    person(
        record, date_of_birth="1944-02-03", nhs_number="9991234004", telephone="01632 960123",
        address="4 Quay Row, Coventry",
    )  # fmt: skip
    assert [one.same for one in calls.known(record, caller)] == ([same] if same else [])


def test_a_call_about_somebody_new_begins_a_case_with_what_was_said(
    record: Record, library: FormLibrary
) -> None:
    begun = begin(record, library, Caller("Elsie May Marsh", "1944-02-03", telephone="01632 960123"))
    held = cases.look(record, begun.case)
    assert (held.person.given_name, held.person.family_name) == ("Elsie May", "Marsh")
    assert held.referrals[0].response == begun.response
    draft = responses.load(record, begun.case, begun.response)
    assert draft.answers((), "call.names") == ({"valueString": "Elsie May Marsh"},)
    assert draft.answers((), "call.taken-by") == ({"valueString": "Ruth Okafor"},)
    assert record.undoable(begun.case).undo == "Take a call"


def test_a_call_about_somebody_known_comes_to_their_case(record: Record, library: FormLibrary) -> None:
    case = person(record, date_of_birth="1944-02-03")
    begun = begin(record, library, Caller("Somebody Else"), case)
    held = cases.look(record, case)
    assert begun.case == case and held.person.full_name == "Mary Ash"
    draft = responses.load(record, case, begun.response)
    assert draft.answers((), "call.names") == ({"valueString": "Mary Ash"},)


def test_a_signed_call_says_what_its_referral_is(record: Record, library: FormLibrary) -> None:
    begun = begin(record, library, Caller("Elsie Marsh"))
    with pytest.raises(Refusal, match="cannot be signed yet"):
        records.sign(record, begun.case, begun.response, library, TODAY, name="Ruth", role="")
    answer(record, begun.case, begun.response, SAID | {"call.postcode": [{"valueString": "CV1 1FS"}]})
    records.sign(record, begun.case, begun.response, library, TODAY, name="Ruth", role="")
    held = cases.look(record, begun.case)
    (referral,) = held.referrals
    assert referral.needs == ("ot", "long_term", "safeguarding")
    assert (referral.source, referral.source_name, referral.person_knows) == ("family", "Dan Marsh", False)
    assert (referral.conditions, referral.receiving_support, referral.urgent) == (None, False, False)
    assert held.person.postcode == "CV1 1FS"


def test_an_urgent_call_starts_the_urgent_clocks_once(record: Record, library: FormLibrary) -> None:
    begun = begin(record, library, Caller("Elsie Marsh"))
    urgent = {"call.urgent": code("yes"), "call.urgent-why": [{"valueString": "Alone and falling."}]}
    answer(record, begun.case, begun.response, SAID | urgent)
    records.sign(record, begun.case, begun.response, library, TODAY, name="Ruth", role="")
    events = [(one.kind, one.reason) for one in cases.look(record, begun.case).events]
    assert events.count(("urgent_classed", "Alone and falling.")) == 1


def test_what_the_record_holds_of_somebody_known_is_not_overwritten_by_a_caller(
    record: Record, library: FormLibrary
) -> None:
    case = person(record, telephone="01632 960111")
    record_before = begin(record, library, Caller(), case)
    changed = {"call.phone": [{"valueString": "01632 960222"}], "call.gp": [{"valueString": "Dr Amin"}]}
    first = begin(record, library, Caller(), case)
    answer(record, case, first.response, SAID | changed)
    records.sign(record, case, first.response, library, TODAY, name="Ruth", role="")
    held = cases.look(record, case).person
    assert (held.telephone, held.gp) == ("01632 960111", "Dr Amin")
    assert record_before.case == case
