"""What waits in a case, and for whom: one entry for each thing, gone once it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import adapting, cases, closing, fields, loans, pieces, recalls, referrals
from ascdesk.work.pieces import Finish, Opening, Worker
from ascdesk.work.recalls import Notice
from ascdesk.work.waits import Sort, age_words
from ascdesk.work.worklist import WorkEntry, worklist
from tests.support.casework import event, person
from tests.support.desks import NOW, RUTH
from tests.support.pairs import two_laptops

ME = Worker(RUTH.id, RUTH.name, RUTH.role)
OMAR = Worker("omar", "Omar Reid", "Social worker")


def be(record: Record, author: str = RUTH.id, **user: Json) -> None:
    """Sit somebody down at the laptop: their role and their team."""
    record.enrol(author=author, device=record.device)
    record.put(
        "user", {"id": author, "name": author.title(), "role": "Social worker", "team": "older_people"} | user
    )


def entries(record: Record, sort: Sort | None = None) -> list[WorkEntry]:
    """Return what waits for whoever sits here, of one kind or of every."""
    return [one for one in worklist(record, NOW).entries if sort in (None, one.sort)]


def sorts(record: Record) -> set[Sort]:
    return {one.sort for one in entries(record)}


def piece_of(record: Record, team: str = "older_people", kind: str = "needs_assessment") -> tuple[str, str]:
    """Return a case with one open piece of work."""
    case = person(record, date_of_birth="1950-05-05")
    return case, pieces.open_piece(record, case, Opening(kind, team, "Falls"))


def test_a_piece_of_work_allocated_to_me_waits_until_it_is_finished(record: Record) -> None:
    be(record)
    case, piece = piece_of(record)
    assert sorts(record) == set()
    pieces.allocate(record, case, piece, ME, purpose="Assess")
    (entry,) = entries(record, Sort.PIECE)
    assert (entry.what, entry.more, entry.team, entry.of) == (
        "Needs assessment",
        "Falls",
        "older_people",
        piece,
    )
    pieces.finish(record, case, piece, Finish("met", "Done."))
    assert Sort.PIECE not in sorts(record)


def test_a_colleagues_work_is_the_colleagues(record: Record) -> None:
    be(record)
    case, piece = piece_of(record)
    event(record, case, "initial_contact", (NOW - timedelta(days=50)).isoformat())
    pieces.allocate(record, case, piece, OMAR, purpose="Assess")
    assert entries(record) == []


def test_the_pressing_clock_stands_for_the_piece_that_it_presses(record: Record) -> None:
    be(record)
    case, piece = piece_of(record)
    event(record, case, "initial_contact", NOW.isoformat())
    pieces.allocate(record, case, piece, ME, purpose="Assess")
    assert sorts(record) == {Sort.CLOCK}
    second = pieces.open_piece(record, case, Opening("ot", "ot"))
    pieces.allocate(record, case, second, ME, purpose="Bathing")
    assert [one.of for one in entries(record, Sort.PIECE)] == [second]


def test_an_urgent_clock_comes_before_what_is_due_earlier(record: Record) -> None:
    be(record)
    urgent = person(record, "Zoe")
    event(record, urgent, "initial_contact", (NOW - timedelta(hours=1)).isoformat())
    event(record, urgent, "urgent_classed", (NOW - timedelta(hours=1)).isoformat())
    event(record, urgent, "contact_attempted", NOW.isoformat())
    other = person(record, "Ann")
    fields.add(record, other, "task", {"title": "Ring", "due": NOW.date().isoformat()}, name="Add")
    first, second = entries(record)[:2]
    assert (first.rule, first.urgent) == ("T4", True)
    assert second.sort is Sort.TASK


@pytest.mark.parametrize(
    ("team", "sees"), [("initial_contact", True), ("Duty Team", True), ("older_people", False)]
)
def test_a_referral_to_be_decided_waits_for_the_intake_teams(record: Record, team: str, sees: bool) -> None:
    be(record, team=team)
    case, referral = referrals.begin_case(
        record, {"given_name": "Mary"}, {"channel": "professional", "source_name": "Dr Hill", "source": "gp"}
    )
    found = entries(record, Sort.REFERRAL)
    assert [one.of for one in found] == ([referral] if sees else [])
    if not sees:
        return
    assert found[0].more.startswith("From Dr Hill.")
    referrals.decide(record, case, referral, ["ot"], referrals.Decided("advised", "Advice was enough."))
    assert Sort.REFERRAL not in sorts(record)
    (tell,) = entries(record, Sort.TELL)
    assert tell.what == "Tell Mary and who asked what happens next"
    referrals.tell(record, case, referral, person=True, source=True)
    assert Sort.TELL not in sorts(record)


def test_a_self_assessment_awaits_assurance_first(record: Record) -> None:
    be(record, team="initial_contact")
    case, referral = referrals.begin_case(record, {"given_name": "Mary"}, {"channel": "self_assessment"})
    assert Sort.ASSURE in sorts(record) and Sort.REFERRAL not in sorts(record)
    referrals.assure(record, case, referral)
    assert Sort.ASSURE not in sorts(record) and Sort.REFERRAL in sorts(record)


def asked(record: Record) -> tuple[str, str]:
    """Return a case in which Ruth asked for approval."""
    be(record)
    case, piece = piece_of(record)
    pieces.allocate(record, case, piece, ME, purpose="Assess")
    pieces.finish(record, case, piece, Finish("Long-term support", "Needs help.", approvals=1))
    return case, piece


def test_an_approval_waits_for_the_teams_manager_alone(record: Record) -> None:
    case, piece = asked(record)
    assert Sort.APPROVE not in sorts(record) and Sort.PIECE not in sorts(record)
    be(record, "mona", role="Team manager", team="ot")
    assert Sort.APPROVE not in sorts(record)
    be(record, "mona", role="Team manager")
    (entry,) = entries(record, Sort.APPROVE)
    assert "Proposed: Long-term support." in entry.more
    pieces.approve(record, case, entry.of, by_name="Mona")
    assert Sort.APPROVE not in sorts(record)
    assert not cases.look(record, case).piece(piece).open


def test_what_was_sent_back_comes_with_its_words(record: Record) -> None:
    case, piece = asked(record)
    be(record, "mona", role="Team manager")
    (entry,) = entries(record, Sort.APPROVE)
    pieces.send_back(record, case, entry.of, by_name="Mona Bryce", words="Say more about the nights.")
    assert Sort.SENT_BACK not in sorts(record)
    be(record)
    (back,) = entries(record, Sort.SENT_BACK)
    assert (back.more, back.of) == ("Mona Bryce: “Say more about the nights.”", piece)
    pieces.finish(record, case, piece, Finish("Long-term support", "Nights too.", approvals=1))
    assert Sort.SENT_BACK not in sorts(record)


def test_what_nobody_has_waits_for_the_manager(record: Record) -> None:
    be(record, "mona", role="Team manager")
    case, piece = piece_of(record)
    assert [one.of for one in entries(record, Sort.ALLOCATE)] == [piece]
    pieces.allocate(record, case, piece, OMAR, purpose="Assess")
    assert entries(record) == []


def test_sourcing_is_shown_by_its_age(record: Record) -> None:
    be(record)
    case = person(record)
    event(record, case, "initial_contact", (NOW - timedelta(days=30)).isoformat())
    event(record, case, "determination_signed", (NOW - timedelta(days=9)).isoformat())
    (entry,) = entries(record, Sort.SOURCING)
    assert entry.since == NOW - timedelta(days=9) and entry.due is None and entry.when == "next"
    event(record, case, "referral_sent", NOW.isoformat())
    assert Sort.SOURCING not in sorts(record)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "Waiting since today"), (1, "Waiting 1 day"), (9, "Waiting 9 days")]
)
def test_ages_in_words(days: int, words: str) -> None:
    assert age_words(days) == words


def test_equipment_is_followed_up(record: Record) -> None:
    be(record)
    case = person(record)
    loan = fields.add(
        record, case, "loan_item", {"name": "Bath board", "check_on": "2026-11-20"}, name="Issue"
    )
    (entry,) = entries(record, Sort.EQUIPMENT)
    assert (entry.when, entry.what) == ("late", "Ask how it is going with: Bath board")
    held = fields.row(record, case, "loan_item", loan)
    fields.put(record, case, held, {"checked_on": "2026-11-21"}, name="Check")
    assert sorts(record) == set()


@pytest.mark.parametrize(
    ("facts", "what", "when", "urgent"),
    [
        ({"examined_on": "2026-05-20"}, "Have it examined: Hoist", "late", True),
        ({"examined_on": "2026-06-01"}, "Have it examined: Hoist", "next", False),
        ({}, "Find out when it was last examined: Hoist", "next", False),
    ],
    ids=["overdue", "soon", "not known"],
)
def test_what_lifts_people_is_on_the_list_before_its_examination(
    record: Record, facts: dict[str, str], what: str, when: str, urgent: bool
) -> None:
    be(record)
    case = person(record)
    fields.add(record, case, "loan_item", {"name": "Hoist", "lifting": True} | facts, name="Issue")
    (entry,) = entries(record, Sort.EQUIPMENT)
    assert (entry.what, entry.action, entry.urgent) == (what, "loans", urgent)
    assert (entry.when == "late") == (when == "late")


def test_what_was_examined_lately_waits_for_nobody(record: Record) -> None:
    be(record)
    case = person(record)
    facts = {"name": "Hoist", "lifting": True, "examined_on": "2026-11-01"}
    fields.add(record, case, "loan_item", facts, name="Issue")
    assert sorts(record) == set()


def test_a_recall_presses_until_it_is_dealt_with(record: Record) -> None:
    be(record)
    case = person(record)
    loan = loans.issue(record, case, "", loans.Item("Sling"))
    notice = Notice(words="sling", because="The clips can open.", by="2026-11-27")
    recalls.mark(record, notice, recalls.find(record, notice))
    (entry,) = entries(record, Sort.EQUIPMENT)
    assert (entry.what, entry.more, entry.urgent) == ("Recalled: Sling", "The clips can open.", True)
    assert entry.of == loan
    recalls.done(record, case, loan, "Exchanged.")
    assert sorts(record) == set()


@pytest.mark.parametrize(
    ("applied", "listed", "when"),
    [("2026-08-01", False, ""), ("2026-06-10", True, "next"), ("2026-05-12", True, "late")],
)
def test_the_decision_of_a_grant_comes_onto_the_list_before_it_is_due(
    record: Record, applied: str, listed: bool, when: str
) -> None:
    be(record)
    case = person(record)
    row = adapting.add(record, case, "ramp")
    held = adapting.adaptation(record, case, row)
    adapting.put(record, case, held, {"applied_on": applied}, name="Applied")
    found = entries(record, Sort.ADAPTATION)
    assert bool(found) is listed
    if not found:
        return
    (entry,) = found
    assert entry.what == "Ask the housing authority for its decision: Ramp"
    assert (entry.action, entry.of, entry.why) == ("adapt", row, "six months after the valid application")
    assert (entry.when == "late") is (when == "late")
    held = adapting.adaptation(record, case, row)
    adapting.put(record, case, held, {"decided_on": "2026-11-20", "decision": "approved"}, name="Decided")
    assert entries(record, Sort.ADAPTATION) == []


@pytest.mark.parametrize(
    ("signed", "listed"), [("2026-02-01", False), ("2025-12-01", True), ("2025-11-01", True)]
)
def test_a_review_comes_onto_the_list_eight_weeks_before_it_is_due(
    record: Record, signed: str, listed: bool
) -> None:
    be(record)
    case = person(record)
    for kind in ("initial_contact", "contact_attempted", "visit_started"):
        event(record, case, kind, "2025-10-01T09:00+01:00")
    event(record, case, "plan_signed", f"{signed}T09:00+00:00")
    event(record, case, "review_completed", f"{signed}T09:00+00:00")
    assert (Sort.REVIEW in sorts(record)) == listed


@pytest.mark.parametrize(
    ("born", "then", "suggested"),
    [
        pytest.param("2000-11-21", "2026-11-20", "All Age Disabilities 25+", id="26 today"),
        pytest.param("2000-11-22", "2026-11-20", None, id="26 tomorrow"),
        pytest.param("2000-11-21", "2026-11-21", None, id="26 at the referral"),
        pytest.param("2001-11-21", "2026-11-20", None, id="25 today"),
    ],
)
def test_a_birthday_suggests_a_hand_over(record: Record, born: str, then: str, suggested: str | None) -> None:
    be(record, team="transitions")
    case = person(record, date_of_birth=born)
    facts: dict[str, Json] = {
        "channel": "professional", "received_at": f"{then}T09:00:00+00:00", "needs": ["long_term"],
        "conditions": ["learning_disability"], "outcome": "gone_on", "told_person_at": NOW.isoformat(),
    }  # fmt: skip
    referral = fields.add(record, case, "referral", facts, name="Arrive")
    piece = pieces.open_piece(record, case, Opening("needs_assessment", "transitions"), referral=referral)
    pieces.allocate(record, case, piece, ME, purpose="Assess")
    found = [one.what for one in entries(record, Sort.HAND_OVER)]
    assert found == ([f"Think about handing over to {suggested}"] if suggested else [])


def test_a_closing_can_be_made_when_nothing_is_open(record: Record) -> None:
    be(record)
    case, piece = piece_of(record)
    pieces.allocate(record, case, piece, ME, purpose="Assess")
    assert Sort.CLOSING not in sorts(record)
    pieces.finish(record, case, piece, Finish("met", "Done."))
    (entry,) = entries(record, Sort.CLOSING)
    assert entry.more == ""
    closing.close(record, case, reason="met", words="", answered={}, today=NOW.date())
    assert sorts(record) == set()


def test_a_death_leaves_nothing_waiting(record: Record) -> None:
    be(record)
    case, piece = piece_of(record)
    pieces.allocate(record, case, piece, ME, purpose="Assess")
    event(record, case, "initial_contact", NOW.isoformat())
    closing.record_death(record, case, NOW.date().isoformat())
    assert entries(record) == []


def test_what_a_colleague_changed_is_news_until_the_case_is_opened(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from ascdesk.record.change import new_id
    from ascdesk.work.caseload import caseload

    told = caseload(NOW, author="council", device=new_id(), worker=RUTH.id)
    first, second, between = two_laptops(tmp_path_factory.mktemp("news"), told)
    case = told.cases[0]
    second.enrol(author="omar", device=second.device)
    cases.open_case(first, case)
    between.exchange(first, second)
    assert Sort.NEWS not in sorts(first)

    fields.add(second, case, "jot", {"text": "Rang; she is well."}, name="Jot")
    fields.add(first, case, "jot", {"text": "Mine."}, name="Jot")
    between.exchange(first, second)

    (entry,) = entries(first, Sort.NEWS)
    assert (entry.case, entry.what) == (case, "1 change by A colleague")
    cases.open_case(first, case)
    assert Sort.NEWS not in sorts(first)
    first.close()
    second.close()
