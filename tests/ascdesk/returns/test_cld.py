"""The Client Level Data return: which events count, in whose words, and what is said to be missing."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from ascdesk.care.cld import DELIVERY_MECHANISMS, SERVICE_COMPONENTS, SERVICE_TYPES
from ascdesk.care.costs import CostUnit
from ascdesk.errors import Unreadable
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.returns.cld import Period, Return, make
from ascdesk.returns.reading import read_held
from ascdesk.returns.spec import client_level_data, read_spec
from ascdesk.work import closing, fields, pieces, referrals, responses, signing
from ascdesk.work.library import FormLibrary
from ascdesk.work.pieces import Finish, Opening
from ascdesk.work.referrals import Decided, Given
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import NOW

SPEC = client_level_data()
TODAY = NOW.date()
PERIOD = Period("407", date(2026, 10, 1), date(2026, 12, 31))
MARY = {
    "given_name": "Mary", "family_name": "Ash", "date_of_birth": "1944-02-03", "nhs_number": "999 000 0018",
    "gender": "female", "ethnicity": "white-roma", "postcode": "CV1 2AB",
}  # fmt: skip
CALL = {"channel": "phone", "source": "self", "reason": "Stairs"}


@pytest.fixture
def case(record: Record) -> tuple[str, str]:
    """A case and its referral, received today."""
    return referrals.begin_case(record, MARY, CALL)


def returned(record: Record, period: Period = PERIOD) -> Return:
    """Make the return from a laptop's own tables: they are the council's."""
    with record.reading() as session:
        return make(read_held(session), SPEC, period)


def outcomes(made: Return) -> list[tuple[str, str]]:
    """Return each row's type and outcome."""
    return [(row["Event Type"], row["Event Outcome"]) for row in made.rows]


def test_a_request_that_is_not_decided_is_not_in_the_return(record: Record, case: tuple[str, str]) -> None:
    assert not returned(record).rows


@pytest.mark.parametrize(
    ("decided", "outcome"),
    [
        pytest.param(
            Decided("advised", "Enough."), "NFA: Information and advice or signposting", id="advised"
        ),
        pytest.param(Decided("withdrawn", "No more."), "NFA: Support declined", id="withdrawn"),
        pytest.param(
            Decided("other_route", "Ward.", other_route="hospital_route"),
            "NFA: Referral to NHS services or NHS funded social care",
            id="hospital",
        ),
        pytest.param(
            Decided("other_route", "Housing.", other_route="housing"),
            "NFA: Referral to other service within the local authority",
            id="another service",
        ),
    ],
)
def test_a_request_ends_with_its_decision(
    record: Record, case: tuple[str, str], decided: Decided, outcome: str
) -> None:
    referrals.decide(record, *case, [], decided)
    assert outcomes(returned(record)) == [("Request", outcome)]


@pytest.mark.parametrize(
    ("following", "outcome"),
    [
        pytest.param(
            (("short_term", "pi"), ("ot", "ot")), "Progress to reablement/ST-Max", id="short term first"
        ),
        pytest.param(
            (("needs_assessment", "older_people"),),
            "Progress to assessment, review or reassessment",
            id="assessment",
        ),
        pytest.param((), "NFA: Other", id="nothing follows"),
    ],
)
def test_a_request_lasts_until_the_follow_up_call_is_finished(
    record: Record, case: tuple[str, str], following: tuple[tuple[str, str], ...], outcome: str
) -> None:
    openings = (Opening("initial_contact", "initial_contact"),)
    piece = referrals.decide(record, *case, ["initial_contact"], Decided("gone_on", openings=openings))[0]
    assert not returned(record).rows
    pieces.finish(record, case[0], piece, Finish("decided", next=following))
    made = returned(record)
    assert outcomes(made) == [("Request", outcome)]
    assert made.rows[0]["Event Start Date"] == made.rows[0]["Event End Date"] == "21/11/2026"


def test_advice_in_the_follow_up_call_is_its_outcome(record: Record, case: tuple[str, str]) -> None:
    openings = (Opening("initial_contact", "initial_contact"),)
    piece = referrals.decide(record, *case, ["initial_contact"], Decided("gone_on", openings=openings))[0]
    referrals.give_advice(record, case[0], piece, [Given("Falls clinic")])
    pieces.finish(record, case[0], piece, Finish("decided"))
    assert outcomes(returned(record)) == [("Request", "NFA: Information and advice or signposting")]


def test_cancelled_work_is_no_event(record: Record, case: tuple[str, str]) -> None:
    openings = (Opening("initial_contact", "initial_contact"),)
    piece = referrals.decide(record, *case, ["initial_contact"], Decided("gone_on", openings=openings))[0]
    pieces.cancel(record, case[0], piece, "Opened in error.")
    review = pieces.open_piece(record, case[0], Opening("review", "older_people"))
    pieces.cancel(record, case[0], review, "In hospital.")
    assert not returned(record).rows


def test_a_finished_review_counts_with_what_followed(record: Record, case: tuple[str, str]) -> None:
    for following in ((), (("needs_assessment", "older_people"),)):
        review = pieces.open_piece(record, case[0], Opening("review", "older_people"))
        pieces.finish(record, case[0], review, Finish("done", next=following))
    assert outcomes(returned(record)) == [
        ("Review", "Continuation of support or services"),
        ("Review", "Progress to assessment, review or reassessment"),
    ]


def signed_record(record: Record, case: str, form: str, piece: str, said: dict[str, Json]) -> str:
    """Sign a record of a form with these answers, begun for a piece of work, as the product begins one."""
    response = responses.start(record, case, form, "1.0.0", assessor_name="Ruth", piece=piece)
    draft = responses.load(record, case, response)
    for link, answer in said.items():
        told = Said((FrozenAnswer(answer),))
        responses.answer(record, draft, Key((), link, "observed"), told, seen=frozenset(), name="x")
    heads = responses.listed(record, case, response)
    signing.sign(record, case, response, what=form, heads=heads, name="R", role="", statement="Mine.")
    return response


def coded(code: str) -> dict[str, Json]:
    """Return a choice as an answer."""
    return {"valueCoding": {"code": code}}


def test_a_review_says_what_came_of_it_in_its_own_record(record: Record, case: tuple[str, str]) -> None:
    review = pieces.open_piece(record, case[0], Opening("review", "older_people"))
    said = {"rv.achieved": coded("partly"), "rv.event": coded("nfa-declined")}
    signed_record(record, case[0], "review", review, said)
    pieces.finish(record, case[0], review, Finish("done"))
    (row,) = returned(record).rows
    assert (row["Review Outcomes Achieved"], row["Event Outcome"]) == (
        "Partially met",
        "NFA: Support declined",
    )
    assert row["Client Funding Status"] == "Unknown"


def test_the_record_of_the_follow_up_call_says_how_the_request_ended(
    record: Record, case: tuple[str, str]
) -> None:
    openings = (Opening("initial_contact", "initial_contact"),)
    piece = referrals.decide(record, *case, ["initial_contact"], Decided("gone_on", openings=openings))[0]
    signed_record(record, case[0], "initial-contact", piece, {"ic.outcome": coded("nfa-nhs")})
    pieces.finish(record, case[0], piece, Finish("done"))
    assert outcomes(returned(record)) == [
        ("Request", "NFA: Referral to NHS services or NHS funded social care")
    ]


def test_a_carers_row_is_the_carers_and_points_to_the_person_cared_for(
    record: Record, case: tuple[str, str]
) -> None:
    said: dict[str, Json] = {"ca.name": {"valueString": "Dan  Ash"}, "ca.adults": {"valueInteger": 2}}
    signed_record(record, case[0], "carers-assessment", "", said)
    (row,) = returned(record).rows
    assert (row["Client Type"], row["First Name"], row["Last Name"]) == ("Unpaid carer", "Dan", "Ash")
    assert (row["No. of Adults Cared For"], row["Adult 1 Linked Person ID"]) == ("2", case[0])
    assert not (row["NHS Number"] or row["Date of Birth"] or row["LA Person Unique Identifier"])


def test_a_carer_whose_case_it_is_is_reported_as_themselves(record: Record, case: tuple[str, str]) -> None:
    signed_record(record, case[0], "carers-assessment", "", {"ca.name": {"valueString": "Mary Ash"}})
    (row,) = returned(record).rows
    assert (row["Client Type"], row["NHS Number"], row["Adult 1 Linked Person ID"]) == (
        "Unpaid carer",
        "9990000018",
        "",
    )


@pytest.mark.parametrize(
    ("form", "link_id", "name"),
    [
        pytest.param("review", "rv.event", "outcome", id="outcome of a review"),
        pytest.param("review", "rv.achieved", "outcomes_achieved", id="outcomes achieved"),
        pytest.param("initial-contact", "ic.outcome", "outcome", id="outcome of a contact"),
    ],
)
def test_every_choice_of_the_other_forms_has_a_value_too(
    library: FormLibrary, form: str, link_id: str, name: str
) -> None:
    codes = {option.code for option in library.form(form).node(link_id).options}
    assert codes
    assert not {code for code in codes if not SPEC.lists[name].value(code)}


def test_every_form_that_counts_as_an_assessment_is_there(library: FormLibrary) -> None:
    assert all(library.form(name).nodes for name in SPEC.assessments)


def test_a_death_is_the_outcome_of_what_ended_after_it(record: Record, case: tuple[str, str]) -> None:
    referrals.decide(record, *case, [], Decided("withdrawn", "The family rang."))
    closing.record_death(record, case[0], "2026-11-20")
    made = returned(record)
    assert outcomes(made) == [("Request", "NFA: Deceased")]
    assert made.rows[0]["Date of Death"] == "20/11/2026"


@pytest.mark.parametrize(
    ("first", "last", "there"),
    [
        pytest.param("2026-11-21", "2026-11-21", True, id="that very day"),
        pytest.param("2026-11-22", "2026-12-31", False, id="the day after"),
        pytest.param("2026-10-01", "2026-11-20", False, id="the day before"),
    ],
)
def test_only_what_was_completed_in_the_period_counts(
    record: Record, case: tuple[str, str], first: str, last: str, there: bool
) -> None:
    referrals.decide(record, *case, [], Decided("withdrawn", "No more."))
    made = returned(record, Period("407", date.fromisoformat(first), date.fromisoformat(last)))
    assert bool(made.rows) is there


@pytest.mark.parametrize(
    ("starts", "ends", "there"),
    [
        pytest.param("2026-09-01", None, True, id="goes on"),
        pytest.param("2026-09-01", "2026-10-01", True, id="ended on the first day"),
        pytest.param("2026-09-01", "2026-09-30", False, id="ended before"),
        pytest.param("2026-12-31", None, True, id="begins on the last day"),
        pytest.param("2027-01-01", None, False, id="begins after"),
    ],
)
def test_a_service_counts_while_it_is_active(
    record: Record, case: tuple[str, str], starts: str, ends: str | None, there: bool
) -> None:
    plan = fields.add(record, case[0], "plan", {"budget_adult": "12.50"}, name="Add")
    line = {
        "plan": plan, "starts": starts, "ends": ends, "service_type": "Long term support: Community",
        "service_component": "Home support or domiciliary care", "unit_cost": "22.5", "unit": "hourly",
        "delivery_mechanism": "CASSR commissioned support",
    }  # fmt: skip
    fields.add(record, case[0], "plan_line", line, name="Add")
    assert not returned(record).rows, "the plan is not signed yet"
    fields.add(record, case[0], "signature", {"of": plan, "at": NOW.isoformat()}, name="Sign")
    made = returned(record)
    assert bool(made.rows) is there
    if there:
        row = made.rows[0]
        assert (row["Unit Cost"], row["Cost Frequency (Unit Type)"]) == ("22.50", "Hourly")
        assert row["Client Funding Status"] == "Joint client and social care funded"
        assert row["Event End Date"] == ("01/10/2026" if ends else "")


def test_the_report_says_what_must_be_filled_and_is_not(record: Record, case: tuple[str, str]) -> None:
    referrals.decide(record, *case, [], Decided("withdrawn", "No more."))
    made = returned(record)
    lacking = {one.column for one in made.missing}
    assert {"Accommodation Status", "Request Route of Access"} <= lacking
    assert not lacking & {"Gender", "Ethnicity", "NHS Number", "Event Outcome", "Has Unpaid Carer"}
    assert "Request Route of Access" in made.unknown_lists
    assert "Accommodation Status is empty in 1 of the Request rows" in made.report()
    assert "were not compared with the official specification" in made.report()


def test_the_file_has_every_column_and_no_formula(record: Record) -> None:
    case, row = referrals.begin_case(record, MARY | {"given_name": "=HYPERLINK(1)"}, CALL)
    referrals.decide(record, case, row, [], Decided("withdrawn", "No more."))
    read = list(csv.DictReader(io.StringIO(returned(record).csv())))
    assert list(read[0]) == [column.name for column in SPEC.columns]
    assert read[0]["First Name"] == "'=HYPERLINK(1)"
    assert read[0]["Ethnicity"] == "White: Roma"
    assert read[0]["NHS Number"] == "9990000018"


@pytest.mark.parametrize(
    ("name", "link_id"),
    [
        pytest.param("accommodation", "s05.tenure", id="accommodation"),
        pytest.param("employment", "A08.now-doing", id="employment"),
        pytest.param("ethnicity", "s06.ethnicity", id="ethnicity"),
        pytest.param("visual", "s07.sight-level", id="sight"),
        pytest.param("hearing", "s07.hearing-level", id="hearing"),
        pytest.param("primary_support_reason", "s18.psr", id="primary support reason"),
    ],
)
def test_every_choice_of_the_form_has_a_value_in_the_return(
    library: FormLibrary, name: str, link_id: str
) -> None:
    node = library.form("needs-assessment").node(link_id)
    codes = {option.code for option in node.options}
    assert codes
    assert not {code for code in codes if not SPEC.lists[name].value(code)}


def test_the_lists_of_a_plan_line_are_the_returns_own() -> None:
    assert SPEC.lists["service_type"].values == set(SERVICE_TYPES)
    assert SPEC.lists["service_component"].values == set(SERVICE_COMPONENTS)
    assert SPEC.lists["delivery_mechanism"].values == set(DELIVERY_MECHANISMS)
    assert set(SPEC.lists["cost_frequency"].codes) == {unit.value for unit in CostUnit}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("verified = ", "cannot be read", id="not TOML"),
        pytest.param("verified = false", "lacks a part", id="nothing in it"),
    ],
)
def test_a_damaged_data_file_is_refused_by_name(text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_spec(text, "cld.toml")
