"""A recall of a product: everybody who has it, the serial numbers, marked and dealt with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, closing, loans, recalls
from ascdesk.work.loans import Item
from ascdesk.work.recalls import Notice, serial_key
from tests.support.casework import person
from tests.support.desks import NOW

BECAUSE = "The maker says that the clips can open."


@pytest.fixture
def lent(record: Record) -> tuple[str, str]:
    """Two people; five slings, one of which came back, and a bath step."""
    first, second = person(record), person(record)
    for serial in ("AB-99", "AB-100", ""):
        loans.issue(record, first, "", Item("Sling, clip, medium", code="SL-C-M", serial=serial))
    loans.issue(record, second, "", Item("Sling, clip, large", code="SL-C-L", serial="AB-150"))
    back = loans.issue(record, second, "", Item("Sling, clip, medium", code="SL-C-M", serial="AB-101"))
    loans.take_back(record, second, back, "Not needed")
    loans.issue(record, second, "", Item("Bath step", code="BS-1"))
    return first, second


def serials(record: Record, notice: Notice) -> list[tuple[str | None, bool]]:
    return [(hit.item.serial, hit.sure) for hit in recalls.find(record, notice)]


@pytest.mark.parametrize(
    ("notice", "found"),
    [
        (Notice(code="sl-c-m "), [("AB-99", True), ("AB-100", True), (None, True)]),
        (Notice(words="CLIP sling"), [("AB-99", True), ("AB-100", True), (None, True), ("AB-150", True)]),
        (
            Notice(words="sling", serial_from="ab100", serial_to="AB-200"),
            [("AB-100", True), ("AB-150", True), (None, False)],
        ),
        (Notice(code="SL-C-M", serial_to="AB-99"), [("AB-99", True), (None, False)]),
        (Notice(code="SL-C"), []),
        (Notice(words="hoist"), []),
    ],
    ids=["code", "words", "serials", "up to a serial", "half a code", "nobody"],
)
def test_finds_everybody_who_has_it(
    record: Record, lent: tuple[str, str], notice: Notice, found: list[tuple[str | None, bool]]
) -> None:
    assert sorted(serials(record, notice), key=str) == sorted(found, key=str)
    sure = [one[1] for one in serials(record, notice)]
    assert sure == sorted(sure, reverse=True)  # whose label must be read comes last


@pytest.mark.parametrize(
    "notice",
    [Notice(), Notice(code=" "), Notice(code="SL", serial_from="B2", serial_to="B1")],
    ids=["nothing", "blank", "backwards"],
)
def test_a_notice_that_says_nothing_is_refused(record: Record, notice: Notice) -> None:
    with pytest.raises(Refusal):
        recalls.find(record, notice)


def test_marked_items_wait_until_they_are_dealt_with(record: Record, lent: tuple[str, str]) -> None:
    first, second = lent
    notice = Notice(words="sling", because=BECAUSE, until_then="Do not use it.", by="2026-11-27")
    hits = recalls.find(record, notice)
    assert recalls.mark(record, notice, hits) == 4
    with pytest.raises(Refusal, match="not marked yet"):
        recalls.mark(record, notice, recalls.find(record, notice))
    waiting = recalls.open_recalls(record)
    assert {hit.case for hit in waiting} == {first, second}
    assert {hit.item.recall_words for hit in waiting} == {"Do not use it."}
    look = {one.code: one.open for one in closing.checks(cases.look(record, second), NOW.date())}
    assert "Sling, clip, large was recalled, and that is not dealt with yet." in look["equipment"]
    own = next(hit for hit in waiting if hit.case == second)
    recalls.done(record, second, own.item.row, "Exchanged.")
    assert second not in {hit.case for hit in recalls.open_recalls(record)}
    with pytest.raises(Refusal):
        recalls.done(record, second, own.item.row, "Again.")


def test_what_was_dealt_with_can_be_recalled_again(record: Record, lent: tuple[str, str]) -> None:
    notice = Notice(code="SL-C-L", because=BECAUSE)
    for _ in range(2):
        hits = recalls.find(record, notice)
        assert recalls.mark(record, notice, hits) == 1
        recalls.done(record, hits[0].case, hits[0].item.row, "Checked by the maker.")


@pytest.mark.parametrize(
    "notice",
    [Notice(code="SL-C-L"), Notice(code="SL-C-L", because=BECAUSE, by="2026-11-20")],
    ids=["no reason", "a day that has passed"],
)
def test_nothing_is_marked_without_a_reason_or_by_a_day_that_has_passed(
    record: Record, lent: tuple[str, str], notice: Notice
) -> None:
    with pytest.raises(Refusal):
        recalls.mark(record, notice, recalls.find(record, notice))
    assert recalls.open_recalls(record) == ()


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_serial_numbers_are_compared_as_numbers(first: int, second: int) -> None:
    assert (serial_key(f"AB-{first}") < serial_key(f"ab {second}")) == (first < second)
