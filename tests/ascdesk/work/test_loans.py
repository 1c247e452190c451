"""Small items: issued, followed up, taken back."""

from __future__ import annotations

import pytest

from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, closing, loans
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
