"""Small items: issued, followed up, taken back."""

from __future__ import annotations

from datetime import date

import pytest

from ascdesk.care.loler import Examination
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, closing, fields, loans
from ascdesk.work.loans import Item
from tests.support.casework import person
from tests.support.desks import NOW


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(Item(" "), id="nothing"),
        pytest.param(Item("Bath step", 0), id="none of it"),
        pytest.param(Item("Bath step", 100), id="too many"),
        pytest.param(Item("Bath step", 1, "2026-11-20"), id="asked about yesterday"),
    ],
)
def test_what_cannot_be_issued_is_refused(record: Record, item: Item) -> None:
    with pytest.raises(Refusal):
        loans.issue(record, person(record), "", item)


def test_an_item_is_open_for_closing_until_it_was_followed_up(record: Record) -> None:
    case = person(record)
    row = loans.issue(record, case, "piece", Item("Bath step", 2, "2026-11-21"))
    look = {one.code: one.open for one in closing.checks(cases.look(record, case), NOW.date())}
    assert look["equipment"] == ("Bath step was not followed up, due 2026-11-21.",)
    loans.follow_up(record, case, row, "Used daily.")
    look = {one.code: one.open for one in closing.checks(cases.look(record, case), NOW.date())}
    assert look["equipment"] == ()
    loans.take_back(record, case, row, "Moved")
    with pytest.raises(Refusal, match="returned already"):
        loans.take_back(record, case, row, "Again")


def held(record: Record, case: str, row: str) -> cases.LoanFacts:
    return next(one for one in cases.look(record, case).loans if one.row == row)


def test_an_item_from_the_order_to_its_return(record: Record) -> None:
    case = person(record)
    item = Item("Bath lift", code="BL-1", line="line-1", serial="", room="room-1", lifting=True)
    row = loans.issue(record, case, "piece", item)
    found = loans.of_line(record, case, "line-1")
    assert found is not None
    assert (found.row, found.lifting, found.room) == (row, True, "room-1")
    assert loans.of_line(record, case, "line-2") is None
    loans.fitted(record, case, row, "Sam Field")
    loans.shown(record, case, row, "Jean and Peter", leaflet=True)
    loans.follow_up(record, case, row, "“I bath every day.”", fits="yes", used="daily")
    now = held(record, case, row)
    assert now.fitted_on == now.arrived_on == "2026-11-21"
    assert (now.demonstrated, now.demonstrated_to, now.leaflet) == (True, "Jean and Peter", True)
    assert (now.fits, now.used, now.outcome) == ("yes", "daily", "“I bath every day.”")
    loans.take_back(record, case, row, "Not needed any more")
    with pytest.raises(Refusal, match="returned already"):
        loans.fitted(record, case, row, "Sam Field")


@pytest.mark.parametrize(
    ("by", "on", "next_by"),
    [("Lift Right Ltd", "2026-11-22", ""), ("Lift Right Ltd", "", ""), (" ", "2026-11-20", ""),
     ("Lift Right Ltd", "2026-11-20", "2026-11-20")],
    ids=["to come", "no day", "nobody", "the next is not after it"],
)  # fmt: skip
def test_an_examination_that_cannot_be_is_refused(record: Record, by: str, on: str, next_by: str) -> None:
    case = person(record)
    row = loans.issue(record, case, "piece", Item("Mobile hoist", lifting=True))
    with pytest.raises(Refusal):
        loans.examined(record, case, row, by, on=on, next_by=next_by)


def test_what_lifts_people_is_examined_every_six_months(record: Record) -> None:
    case = person(record)
    row = loans.issue(record, case, "piece", Item("Mobile hoist", lifting=True))
    today = NOW.date()
    assert loans.examination(held(record, case, row), today).state is Examination.NOT_KNOWN
    loans.examined(record, case, row, "Lift Right Ltd", on="2026-05-20")
    assert loans.examination(held(record, case, row), today).state is Examination.OVERDUE
    loans.examined(record, case, row, "Lift Right Ltd", on="2026-11-21")
    stands = loans.examination(held(record, case, row), today)
    assert (stands.state, stands.due) == (Examination.IN_TIME, date(2027, 5, 21))
    loans.take_back(record, case, row, "Broken")
    assert loans.examination(held(record, case, row), today).state is Examination.NONE


def test_asking_again_is_a_day_to_come_and_asking_early_is_enough(record: Record) -> None:
    case = person(record)
    row = loans.issue(record, case, "piece", Item("Bath step", 1, "2026-12-01"))
    loans.follow_up(record, case, row, "Used daily.")
    assert not held(record, case, row).to_ask
    loans.follow_up(record, case, row, "Wobbles.", again_on="2026-12-05")
    assert held(record, case, row).to_ask
    with pytest.raises(Refusal, match="to come"):
        loans.follow_up(record, case, row, "Better.", again_on="2026-11-21")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, []),
        ({"arrived_on": "2026-11-20"}, ["It arrived before it was issued."]),
        ({"arrived_on": "2026-11-24", "fitted_on": "2026-11-23"}, ["It was fitted before it arrived."]),
        ({"fits": "no", "used": "daily"}, ["It does not fit, and is used every day."]),
        ({"recalled_at": "2026-11-21", "used": "daily"}, ["It was recalled, and is used every day."]),
    ],
    ids=[
        "fine",
        "arrived too soon",
        "fitted too soon",
        "used though it does not fit",
        "used though recalled",
    ],
)
def test_what_cannot_be_is_said_beside_it(record: Record, facts: dict[str, str], words: list[str]) -> None:
    case = person(record)
    row = loans.issue(record, case, "piece", Item("Bath step"))
    fields.put(record, case, fields.row(record, case, "loan_item", row), facts, name="note")
    assert list(loans.oddities(held(record, case, row))) == words
