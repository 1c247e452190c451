"""The chain as the form's answers make it, what stops a signature, and what a signature fixes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ascdesk.care.eligibility import Achieves
from ascdesk.errors import Refusal
from ascdesk.record.change import new_id, seal
from ascdesk.record.record import Record
from ascdesk.work import (
    adults,
    cases,
    deciding,
    determinations,
    fields,
    plans,
    responses,
    signing,
    urgent_help,
)
from ascdesk.work.deciding import Deciding, Reckoning, question_of
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN, NOW, RUTH, filled_record
from tests.support.visits import complete_visit

LIBRARY = FormLibrary()
CODES = [f"A{number:02}" for number in range(1, 11)]


def reader(**said: Any) -> Callable[[str], Sequence[Mapping[str, Any]]]:
    """Return a reader of answers: codes, booleans and texts by linkId, underscores for hyphens."""

    def answers(link_id: str) -> Sequence[Mapping[str, Any]]:
        value = said.get(link_id.replace(".", "_").replace("-", "_"))
        if value is None:
            return ()
        many = value if isinstance(value, list) else [value]
        return [
            {"valueBoolean": one} if isinstance(one, bool) else {"valueCoding": {"code": one}} for one in many
        ]

    return answers


@pytest.mark.parametrize(
    ("said", "over_time", "found"),
    [
        ("yes", None, Achieves.YES),
        ("no", None, Achieves.NO),
        ("varies", None, Achieves.NOT_EXPLORED),
        ("varies", True, Achieves.YES),
        ("varies", False, Achieves.NO),
        ("not-explored", None, Achieves.NOT_EXPLORED),
        (None, None, Achieves.NOT_EXPLORED),
    ],
)
def test_what_varies_counts_by_what_holds_over_time(
    said: str | None, over_time: bool | None, found: Achieves
) -> None:
    chain = adults.chain(reader(A01_achieves=said, A01_over_time=over_time))
    assert chain.links[0].finding.achieves is found


def test_work_that_somebody_was_asked_about_and_does_not_want_was_explored() -> None:
    by_code = {
        link.outcome.code: link.finding.achieves
        for link in adults.chain(reader(A08_achieves="not-applicable", A10_achieves="not-applicable")).links
    }
    assert by_code["A08"] is Achieves.YES
    assert by_code["A10"] is Achieves.NOT_APPLICABLE


def test_no_other_outcome_may_be_said_not_to_apply() -> None:
    said = {f"{code}_achieves": "not-applicable" for code in CODES}
    chain = adults.chain(reader(**said))
    assert set(chain.result.unexplored) == set(CODES) - {"A08", "A10"}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """A record with the demonstration caseload."""
    held, told = filled_record(tmp_path)
    held.told = told  # type: ignore[attr-defined]
    yield held
    held.close()


def finished(record: Record, *leave_out: str) -> str:
    """Finish Jean's assessment but for what is left out; return the response."""
    return complete_visit(record, JEAN, record.told, LIBRARY, leave_out=leave_out)  # type: ignore[attr-defined]


def reckon(record: Record, response: str) -> Reckoning:
    return deciding.reckon(record, JEAN, response, LIBRARY, NOW.date())


def put(record: Record, response: str, **values: Any) -> None:
    for field, value in values.items():
        determinations.put(record, responses.load(record, JEAN, response), field, value)


def sign(record: Record, response: str) -> signing.Signed:
    return deciding.sign(record, JEAN, response, LIBRARY, NOW.date(), name=RUTH.name, role=RUTH.role)


def codes(found: Reckoning) -> set[str]:
    return {one.code for one in found.missing}


def test_nothing_is_chosen_beforehand_and_two_things_are_asked(record: Record) -> None:
    found = reckon(record, finished(record))
    assert found.chain.result.eligible is True
    assert found.held.value("eligible") is None
    assert codes(found) == {"decided", "reasons"}


def test_an_unexplored_outcome_stops_the_signature_and_is_named(record: Record) -> None:
    response = finished(record, "A10")
    put(record, response, eligible=True, reasons="So.")
    found = reckon(record, response)
    assert [(one.code, question_of(one, found.criteria.where)) for one in found.missing] == [
        ("not_explored", "A10.achieves")
    ]
    with pytest.raises(Refusal, match="Looking after children has not been talked about"):
        sign(record, response)


def test_differing_from_the_computed_result_needs_a_reason(record: Record) -> None:
    response = finished(record)
    put(record, response, eligible=False, reasons="So.")
    assert codes(reckon(record, response)) == {"differs_because"}
    put(record, response, differs_because="The council sees it otherwise.")
    assert not reckon(record, response).missing


def test_advice_written_in_the_form_is_the_advice_that_is_owed(record: Record) -> None:
    response = finished(record, "s17.prevention")
    put(record, response, eligible=False, reasons="So.", differs_because="Because.")
    found = reckon(record, response)
    assert [(one.code, question_of(one, found.criteria.where)) for one in found.missing] == [
        ("prevention_advice", "s17.prevention")
    ]
    key = Key((), "s17.prevention", "observed")
    said = Said((FrozenAnswer({"valueString": "Keep moving."}),))
    responses.answer(record, found.draft, key, said, seen=frozenset(), name="advice")
    assert not reckon(record, response).missing


def test_a_deafblind_persons_assessment_waits_for_a_specialist(record: Record) -> None:
    response = finished(record)
    put(record, response, eligible=True, reasons="So.")
    for link_id in ("s07.sight", "s07.hearing", "s07.dual-sensory"):
        draft = responses.load(record, JEAN, response)
        key = Key((), link_id, "observed")
        said = Said((FrozenAnswer({"valueBoolean": True}),))
        responses.answer(record, draft, key, said, seen=draft.account(key).seen, name="senses")
    assert codes(reckon(record, response)) == {"specialist_assessor"}
    put(record, response, specialist_assessor="Dr A. Person")
    assert not reckon(record, response).missing


def test_a_signature_freezes_and_an_amendment_with_a_reason_opens(record: Record) -> None:
    response = finished(record)
    put(record, response, eligible=True, reasons="So.")
    signed = sign(record, response)
    assert (signed.number, signed.name) == (1, "Ruth Okafor")
    with pytest.raises(Refusal, match="Amend"):
        put(record, response, reasons="Otherwise.")
    with pytest.raises(Refusal, match="Say why"):
        signing.amend(record, JEAN, response, "  ")
    signing.amend(record, JEAN, response, "A word was wrong.")
    put(record, response, reasons="Otherwise.")
    found = reckon(record, response)
    assert found.standing.amending == "A word was wrong."
    assert sign(record, response).number == 2
    assert reckon(record, response).standing.frozen


def test_signing_starts_the_two_weeks_and_says_so_once(record: Record) -> None:
    response = finished(record)
    put(record, response, eligible=True, reasons="So.")
    sign(record, response)
    for kind in ("assessment_completed", "determination_signed"):
        assert len(fields.rows(record, JEAN, "clock_event", kind=kind)) == 1


def from_elsewhere(record: Record, entity: str, row: str, field: str, value: Any) -> None:
    """Take in a colleague's change that had nothing of ours in sight."""
    change = seal(
        case=JEAN, entity=entity, row=row, field=field, kind="set", value=value, supersedes=(),
        group=new_id(), author="a.colleague", device=new_id(), wall=NOW.isoformat(),
    )  # fmt: skip
    version = record.cursors()[JEAN].version + 1
    record.apply_page(JEAN, [replace(change, version=version)])


def test_an_answer_written_differently_stops_the_signature(record: Record) -> None:
    response = finished(record)
    put(record, response, eligible=True, reasons="So.")
    draft = responses.load(record, JEAN, response)
    key = Key((), "A01.wish", "person")
    value = responses.stored_value(draft, key, Said((FrozenAnswer({"valueString": "To rest."}),)))
    from_elsewhere(record, "answer", responses.account_row(response, key), "value", value)
    found = reckon(record, response)
    assert codes(found) == {"conflicts"}
    assert [deciding.settle_at(one) for one in found.conflicts] == ["|A01.wish|person"]
    with pytest.raises(Refusal, match="differently"):
        sign(record, response)


def test_a_decision_written_differently_stops_the_signature(record: Record) -> None:
    response = finished(record)
    put(record, response, eligible=True, reasons="So.")
    row = reckon(record, response).held.row
    from_elsewhere(record, "determination", row, "eligible", False)
    assert reckon(record, response).clashes == ("eligible",)
    with pytest.raises(Refusal, match="decided differently"):
        sign(record, response)


@pytest.mark.fault(12)
def test_what_arrives_after_the_signature_is_not_in_what_was_signed(record: Record) -> None:
    response = finished(record, "s17.information")
    put(record, response, eligible=True, reasons="So.")
    sign(record, response)
    draft = responses.load(record, JEAN, response)
    key = Key((), "s17.information", "observed")
    value = responses.stored_value(draft, key, Said((FrozenAnswer({"valueString": "A leaflet."}),)))
    row = responses.account_row(response, key)
    from_elsewhere(record, "answer", row, "value", value)
    found = reckon(record, response)
    assert found.standing.signed is not None
    assert found.standing.signed.not_listed == 1
    assert len(found.unlisted) == 1


def test_an_open_editor_folds_into_one_change(record: Record) -> None:
    response = finished(record)
    found = reckon(record, response)
    editing = Deciding(record, found.draft, found.held)
    for text in ("B", "Be", "Because"):
        editing.save("reasons", text)
    editing.leave("reasons")
    row = reckon(record, response).held
    assert row.value("reasons") == "Because"
    assert len(record.history(JEAN, row.row, "reasons")) == 1


def test_required_questions_that_were_declined_are_answered(record: Record) -> None:
    response = finished(record, "s19")
    before = {one.link_id for one in reckon(record, response).problems}
    assert "s19.format" in before
    draft = responses.load(record, JEAN, response)
    key = Key((), "s19.format", "observed")
    responses.answer(record, draft, key, Said(absent="declined"), seen=frozenset(), name="declined")
    after = {one.link_id for one in reckon(record, response).problems}
    assert "s19.format" not in after


@pytest.mark.parametrize(
    ("capacity", "abuse", "may"),
    [("yes", "no", True), ("yes", "yes", False), ("unclear", "no", False), ("yes", None, False)],
)
def test_a_refusal_closes_only_where_section_11_lets_it(capacity: str, abuse: str | None, may: bool) -> None:
    said = {"s01_declines_assessment": True, "s01_refusal_capacity": capacity, "s01_refusal_abuse": abuse}
    outcome = determinations.may_close_as_declined(reader(**said))
    assert outcome is not None
    assert outcome.may_close is may
    assert determinations.may_close_as_declined(reader(s01_declines_assessment=False)) is None


def test_urgent_help_needs_no_assessment_but_a_reason(record: Record) -> None:
    found = cases.look(record, JEAN).response("needs-assessment")
    assert found is not None
    version = LIBRARY.form(plans.PLAN_FORM).version
    with pytest.raises(Refusal, match="Say why"):
        urgent_help.start_urgent(record, JEAN, found.row, because=" ", form_version=version)
    plan = urgent_help.start_urgent(
        record, JEAN, found.row, because="Peter is in hospital.", form_version=version
    )
    again = urgent_help.start_urgent(record, JEAN, found.row, because="And tonight.", form_version=version)
    assert again == plan
    sheet = plans.load(record, JEAN, plan)
    assert [(line.basis, line.urgent_because) for line in sheet.plan.lines] == [
        ("s19(3)", "Peter is in hospital."),
        ("s19(3)", "And tonight."),
    ]
