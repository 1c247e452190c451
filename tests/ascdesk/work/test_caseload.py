"""The demonstration caseload: every case loads, its answers fit its forms, its dates are real."""

from __future__ import annotations

import datetime as dt
import json
import re
from importlib.resources import files

import pytest

from ascdesk.care.fit import fit_of_json
from ascdesk.care.grants import Scale
from ascdesk.care.loler import Examination
from ascdesk.councils.carried import carried_pack
from ascdesk.councils.catalogue import carried_catalogue
from ascdesk.record.change import hash_of, new_id
from ascdesk.record.record import Record
from ascdesk.work import (
    adapting,
    cases,
    closing,
    drafting,
    fields,
    loans,
    measuring,
    pieces,
    plans,
    prescribing,
    recalls,
    responses,
)
from ascdesk.work.caseload import Caseload, caseload
from ascdesk.work.library import FormLibrary
from ascdesk.work.recalls import Notice
from ascdesk.work.worklist import worklist
from tests.support.desks import JEAN, NOW
from ui.pages.piece import ENDS

TOLD = json.loads((files("resources") / "demo" / "caseload.json").read_text(encoding="utf-8"))["cases"]
THERAPY = json.loads((files("resources") / "demo" / "therapy.json").read_text(encoding="utf-8"))["cases"]
IDS = [case["id"] for case in (*TOLD, *THERAPY)]
FHIR_DATE_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?")


@pytest.mark.parametrize("case", IDS)
def test_a_case_loads_and_every_answer_fits_its_form(
    council_record: Record, library: FormLibrary, case: str
) -> None:
    found = cases.look(council_record, case)
    assert found.responses
    for held in found.responses:
        draft = responses.load(council_record, case, held.row)
        form = library.form(draft.questionnaire)
        state = drafting.form_state(form, draft, NOW.date())
        assert draft.version == form.version
        for key, account in draft.accounts.items():
            if account.said.answer:
                first = draft.answers(key.path, key.link_id)
                assert len(state.answers(key.path, key.link_id)) == len(first) > 0, key
    for plan in found.plans:
        assert plans.load(council_record, case, plan.row).costs is not None


def test_no_date_is_left_to_be_made_real(told: Caseload) -> None:
    for change in told.changes:
        assert change.value is None or '"today' not in change.value


def test_every_moment_is_one_that_fhir_can_hold(told: Caseload) -> None:
    found = [text for change in told.changes for text in _moments(change.content)]
    assert found
    for text in found:
        assert FHIR_DATE_TIME.fullmatch(text), text


def _moments(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [str(part) for name, part in value.items() if name == "valueDateTime"]
        return own + [one for part in value.values() for one in _moments(part)]
    if isinstance(value, list):
        return [one for part in value for one in _moments(part)]
    return []


def test_what_is_recommended_lacks_nothing_that_the_page_asks_for(council_record: Record) -> None:
    held = [
        row
        for case in cases.read_cases(council_record)
        for row in adapting.adaptations(council_record, case.id)
        if row.value("recommended_on")
    ]
    assert {adapting.scale_of(row) for row in held} == {Scale.MINOR, Scale.MAJOR}
    assert {adapting.name_of(row): adapting.lacking(row) for row in held if adapting.lacking(row)} == {}


def test_what_is_past_and_what_is_planned_are_so_today(council_record: Record) -> None:
    for case in cases.read_cases(council_record):
        for event in case.events:
            assert dt.datetime.fromisoformat(event.at or "") <= NOW
        for visit in case.visits:
            assert dt.datetime.fromisoformat(visit.planned_at or "").date() >= NOW.date()


def test_the_worklist_shows_every_stage_and_urgency(council_record: Record) -> None:
    found = worklist(council_record, NOW)
    assert {entry.case for entry in found.entries} >= set(IDS)
    assert {"late", "next"} <= {entry.when for entry in found.entries}
    stages = {entry.stage for entry in found.entries}
    assert {"Referral", "Initial contact", "Equipment", "Telecare, Needs assessment", "Review"} <= stages
    assert found.visits
    assert found.outgoing == 0


def test_the_visit_to_jean_is_left_to_be_made(told: Caseload, council_record: Record) -> None:
    assert set(told.visit) == {JEAN}
    response = cases.look(council_record, JEAN).response("needs-assessment")
    assert response is not None
    asked = {key.link_id for key in responses.load(council_record, JEAN, response.row).accounts}
    assert not asked & {answer["linkId"] for answer in told.visit[JEAN]}


def test_every_change_is_sealed_and_in_its_case(told: Caseload) -> None:
    assert all(change.hash == hash_of(change) for change in told.changes)
    assert {change.case for change in told.changes} == set(told.cases) > set(IDS)


def test_what_was_signed_lists_all_of_it(council_record: Record) -> None:
    signed = 0
    for case in IDS:
        for held in cases.look(council_record, case).responses:
            standing = responses.load(council_record, case, held.row).standing
            if standing.signed is not None and not held.of:
                signed += 1
                assert standing.signed.not_listed == 0
    assert signed


def test_every_stage_of_the_road_is_standing_somewhere(council_record: Record) -> None:
    held = cases.read_cases(council_record)
    open_kinds = {piece.kind for case in held for piece in case.pieces if piece.open}
    assert open_kinds == {
        "initial_contact", "duty_query", "opal", "ot", "telecare", "short_term", "short_term_ld", "review",
        "needs_assessment", "carers_assessment", "support_planning", "safeguarding", "transition",
    }  # fmt: skip
    referred = [referral for case in held for referral in case.referrals]
    assert {referral.channel for referral in referred if referral.open} == {
        "phone",
        "professional",
        "self_assessment",
    }
    assert {referral.outcome for referral in referred} == {None, "gone_on", "other_route"}
    assert [case.person.full_name for case in held if closing.closed(case)] == ["Edith Larkin"]
    waiting = {case.person.given_name for case in held for p in case.pieces if pieces.waiting(case, p.row)}
    back = {case.person.given_name for case in held for p in case.pieces if pieces.sent_back(case, p.row)}
    assert (waiting, back) == ({"Daniel"}, {"Tomasz"})


def test_what_the_road_adds_names_only_the_councils_own_teams_and_kinds(council_record: Record) -> None:
    pack = carried_pack()
    for case in cases.read_cases(council_record):
        for piece in case.pieces:
            assert piece.team in pack.pathway.piece(piece.kind or "").teams, (case.person.full_name, piece)
        for referral in case.referrals:
            for team in referral.teams or ():
                assert pack.team(team)


def test_how_things_ended_has_words_on_the_screen(council_record: Record) -> None:
    for case in cases.read_cases(council_record):
        for piece in case.pieces:
            assert {piece.outcome, piece.proposed} <= {None, *ENDS}
        assert {closure.reason for closure in case.closures} <= set(closing.REASONS)


def test_everything_that_was_decided_came_after_it_was_received(council_record: Record) -> None:
    for case in cases.read_cases(council_record):
        for one in case.referrals:
            for later in (one.decided_at, one.told_person_at, one.told_source_at):
                assert later is None or dt.datetime.fromisoformat(
                    str(one.received_at)
                ) < dt.datetime.fromisoformat(later)
        for piece in case.pieces:
            assert dt.datetime.fromisoformat(piece.opened_at or "") <= NOW


def test_at_six_in_the_morning_nothing_has_happened_later_today() -> None:
    early = NOW.replace(hour=6)
    told = caseload(early, author="council", device=new_id(), worker="w")
    happened = {
        "received_at",
        "decided_at",
        "opened_at",
        "told_person_at",
        "told_source_at",
        "at",
        "asked_at",
    }
    times = [str(change.content) for change in told.changes if change.field in happened]
    assert times and all(dt.datetime.fromisoformat(time) <= early for time in times)


NORA = "5beb0618-c0df-54a1-97b3-e939de0ec229"


def test_the_therapists_case_has_measures_taken_twice_one_pair_apart_and_one_single(
    council_record: Record,
) -> None:
    held = measuring.facts(council_record, NORA)
    states = {
        taken.agreement.state
        for room in held.rooms
        for each in room.taken.values()
        for taken in each
        if taken.first is not None
    }
    assert states == {"agree", "apart", "one"}
    assert len(held.rooms) == 7
    assert held.person["person.weight"].on is not None


def test_one_item_of_the_therapists_prescription_does_not_fit_and_says_why(council_record: Record) -> None:
    lines = fields.rows(council_record, NORA, "prescription_line")
    fits = {str(line.value("code")): fit_of_json(line.value("fit")) for line in lines}
    told = {code: found.state.value for code, found in fits.items() if found is not None}
    assert told == {
        "TO-313": "fits_with_setting", "CH-501": "fits_with_setting", "BA-131": "does_not_fit",
        "BA-101": "measure_again",
    }  # fmt: skip
    lift = fits["BA-131"]
    assert lift is not None and "Needs 1,450 mm inside length; 1,419." in lift.words


def test_the_therapists_case_has_loans_to_examine_and_recalled_and_a_rail_on_a_wall(
    council_record: Record,
) -> None:
    found = {one.name: one for one in cases.look(council_record, NORA).loans}
    assert found["Perching stool"].recalled
    stands = loans.examination(found["Stand aid, powered"], NOW.date())
    assert stands.state is Examination.SOON
    assert found["Walking frame"].returned_because == "It does not fit"
    rail, shower = fields.rows(council_record, NORA, "adaptation")
    assert [mark.kind for mark in adapting.plan_of(rail).marks] == ["rail"]
    assert shower.value("scale") == "major"
    hits = recalls.find(council_record, Notice(words="perching stool"))
    assert NORA in {hit.case for hit in hits}


def test_a_line_of_the_therapists_case_is_in_the_catalogue_that_is_carried(council_record: Record) -> None:
    known = carried_catalogue().by_code
    for line in fields.rows(council_record, NORA, "prescription_line"):
        item = known[str(line.value("code"))]
        assert item.name == line.value("name")


def test_the_order_that_was_sent_is_signed_whole_and_the_other_is_a_draft(council_record: Record) -> None:
    sent, draft = fields.rows(council_record, NORA, "prescription")
    sheet = prescribing.load(council_record, NORA, sent.row)
    assert sheet.frozen
    assert sheet.standing.signed is not None and sheet.standing.signed.not_listed == 0
    assert not prescribing.load(council_record, NORA, draft.row).frozen
