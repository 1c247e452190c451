"""What was ordered and is not here yet, and how it comes onto loan."""

from __future__ import annotations

import pytest

from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import awaited, cases, fields
from tests.support.casework import person

ORDERED = {"ordered_at": "2026-11-19T10:00:00+00:00", "piece": "piece-1"}


def order(record: Record, case: str, **facts: Json) -> str:
    return fields.add(record, case, "prescription", facts, name="Order")


def line(record: Record, case: str, prescription: str, name: str, **facts: Json) -> str:
    held = {"prescription": prescription, "name": name, "quantity": 2, "room": "room-1"} | facts
    return fields.add(record, case, "prescription_line", held, name="Line")


def test_only_what_was_ordered_and_is_not_cancelled_is_awaited(record: Record) -> None:
    case = person(record)
    line(record, case, order(record, case), "Not ordered yet")
    line(record, case, order(record, case, cancelled_because="Twice", **ORDERED), "Cancelled")
    wanted = line(record, case, order(record, case, **ORDERED), "Perching stool", code="PS-1")
    (one,) = awaited.awaited(record, case)
    assert (one.line, one.name, one.code, one.quantity, one.room) == (
        wanted, "Perching stool", "PS-1", 2, "room-1",
    )  # fmt: skip


def test_what_arrives_is_on_loan_and_awaited_no_more(record: Record) -> None:
    case = person(record)
    held = order(record, case, **ORDERED)
    late = line(record, case, held, "Sling", follow_up_on="2026-11-01")
    soon = line(record, case, held, "Stool", follow_up_on="2026-12-03")
    for one in (late, soon):
        awaited.take_in(record, case, one)
    assert awaited.awaited(record, case) == ()
    sling, stool = sorted(cases.look(record, case).loans, key=lambda one: one.name or "")
    assert (sling.lifting, sling.check_on, sling.piece) == (True, None, "piece-1")
    assert (stool.lifting, stool.check_on, stool.issued_on) == (None, "2026-12-03", "2026-11-19")
    with pytest.raises(Refusal, match="not waited for"):
        awaited.take_in(record, case, soon)


@pytest.mark.parametrize(
    ("name", "said", "lifting"),
    [
        ("Raiser, emergency, inflatable", True, True),
        ("Stairlift gate", False, None),
        ("Sling", None, True),
        ("Stool", None, None),
    ],
    ids=["the line says yes", "the line says no", "by its name", "neither"],
)
def test_the_line_says_whether_a_thing_lifts_people(
    record: Record, name: str, said: bool | None, lifting: bool | None
) -> None:
    case = person(record)
    one = line(record, case, order(record, case, **ORDERED), name, lifting=said)
    awaited.take_in(record, case, one)
    (loan,) = cases.look(record, case).loans
    assert loan.lifting is lifting


def test_what_was_tried_before_is_told_beside_the_item(record: Record) -> None:
    case = person(record)
    facts: dict[str, Json] = {"trial_outcome": "suits_with_changes", "trial_on": "2026-11-10"}
    one = line(record, case, order(record, case), "Stool", settings="Seat at 480 mm", **facts)
    told = awaited.trial(record, case, one)
    assert (told.outcome, told.tried_on, told.settings) == (
        "It suits with changes", "2026-11-10", "Seat at 480 mm",
    )  # fmt: skip
    assert awaited.trial(record, case, "gone") == awaited.Trial("", "", "", "", "")


@pytest.mark.parametrize(
    ("name", "so"),
    [("Mobile hoist", True), ("Sling, loop, M", True), ("Stairlift, straight", True), ("Bath board", False)],
)
def test_a_name_may_say_that_it_lifts_people(name: str, so: bool) -> None:
    assert awaited.lifts(name) is so
