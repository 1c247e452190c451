"""The demonstration caseload: every case loads, its answers fit its forms, its dates are real."""

from __future__ import annotations

import datetime as dt
import json
import re
from importlib.resources import files

import pytest

from ascdesk.councils.carried import carried_pack
from ascdesk.record.change import hash_of, new_id
from ascdesk.record.record import Record
from ascdesk.work import cases, closing, drafting, pieces, plans, responses
from ascdesk.work.caseload import Caseload, caseload
from ascdesk.work.library import FormLibrary
from ascdesk.work.worklist import worklist
from tests.support.desks import JEAN, NOW
from ui.pages.piece import ENDS

TOLD = json.loads((files("resources") / "demo" / "caseload.json").read_text(encoding="utf-8"))["cases"]
IDS = [case["id"] for case in TOLD]
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
