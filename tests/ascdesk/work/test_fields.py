"""Typed rows: field by field, with what was seen; a conflict is no value; removing takes what is in sight."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ascdesk.record.record import Record
from ascdesk.work import fields
from ascdesk.work.fields import Row
from tests.support.answering import Pair
from tests.support.pairs import Between

Laptops = tuple[tuple[Record, Record], Between]

step = st.tuples(
    st.integers(0, 1),
    st.sampled_from(["name", "note"]),
    st.sampled_from(["a", "b", "c", None]),
    st.sampled_from([False, False, False, True]),  # mostly apart, or hardly two would write one field
)


def contact(pair: Pair, laptop: int, row: str) -> Row:
    """Return a contact as a laptop holds it."""
    return fields.row(pair.records[laptop], pair.case, "contact", row)


@settings(max_examples=25)
@given(history=st.lists(step, min_size=2, max_size=8))
def test_both_laptops_read_the_same_and_a_value_is_what_nobody_disputes(
    laptops: Laptops, history: list[tuple[int, str, str | None, bool]]
) -> None:
    pair = Pair(*laptops)
    row = fields.add(pair.records[0], pair.case, "contact", {"name": "Peter"}, name="Add")
    pair.exchange()
    for laptop, name, value, exchange in history:
        fields.put(pair.records[laptop], pair.case, contact(pair, laptop, row), {name: value}, name="x")
        if exchange:
            pair.exchange()
    pair.exchange()
    held = contact(pair, 0, row)
    assert held == contact(pair, 1, row)
    for name in ("name", "note"):
        values = {head.value for head in held.fields.get(name, ())}
        assert held.conflict(name) == (len(values) > 1)
        assert held.value(name) == (values.pop() if len(values) == 1 else None)


def test_two_who_set_one_field_are_both_kept(pair: Pair) -> None:
    row = fields.add(pair.records[0], pair.case, "contact", {"name": "Peter"}, name="Add")
    pair.exchange()
    for laptop, name in enumerate(("Peter Hollis", "Pete")):
        held = contact(pair, laptop, row)
        fields.put(pair.records[laptop], pair.case, held, {"name": name}, name="x")
    pair.exchange()
    held = contact(pair, 1, row)
    assert {head.value: head.author for head in held.fields["name"]} == {
        "Peter Hollis": "rosa",
        "Pete": "kiran",
    }
    assert held.value("name") is None
    fields.put(pair.records[1], pair.case, held, {"name": "Peter Hollis"}, name="settle")
    pair.exchange()
    assert contact(pair, 0, row).value("name") == "Peter Hollis"


def test_different_fields_of_one_row_never_collide(pair: Pair) -> None:
    row = fields.add(pair.records[0], pair.case, "contact", {"name": "Peter"}, name="Add")
    pair.exchange()
    fields.put(pair.records[0], pair.case, contact(pair, 0, row), {"note": "deaf"}, name="x")
    fields.put(pair.records[1], pair.case, contact(pair, 1, row), {"name": "Pete"}, name="x")
    pair.exchange()
    held = contact(pair, 0, row)
    assert (held.value("note"), held.value("name")) == ("deaf", "Pete")


def test_rows_come_in_the_order_of_their_making_and_only_those_asked_for(pair: Pair) -> None:
    record = pair.records[0]
    made = [
        fields.add(record, pair.case, "task", {"kind": kind, "title": kind}, name="Add")
        for kind in ("visit", "copy", "visit")
    ]
    assert [row.row for row in fields.rows(record, pair.case, "task")] == made
    assert [row.row for row in fields.rows(record, pair.case, "task", kind="visit")] == [made[0], made[2]]
    assert fields.row(record, pair.case, "task", "not there") == Row("task", "not there")


def test_removing_and_undoing_brings_every_field_back(pair: Pair) -> None:
    record = pair.records[0]
    row = fields.add(record, pair.case, "contact", {"name": "Peter", "roles": ["carer"]}, name="Add")
    fields.put(record, pair.case, contact(pair, 0, row), {"note": "deaf"}, name="x")
    fields.remove(record, pair.case, contact(pair, 0, row), name="Remove")
    assert fields.rows(record, pair.case, "contact") == ()
    record.undo(pair.case)
    held = contact(pair, 0, row)
    assert {name: held.value(name) for name in held.fields} == {
        "name": "Peter", "roles": ["carer"], "note": "deaf",
    }  # fmt: skip


def test_an_edit_of_what_another_removed_stays(pair: Pair) -> None:
    row = fields.add(pair.records[0], pair.case, "contact", {"name": "Peter"}, name="Add")
    pair.exchange()
    fields.remove(pair.records[0], pair.case, contact(pair, 0, row), name="Remove")
    fields.put(pair.records[1], pair.case, contact(pair, 1, row), {"note": "deaf"}, name="x")
    pair.exchange()
    assert contact(pair, 0, row) == contact(pair, 1, row)
    assert contact(pair, 0, row).value("note") == "deaf"


def test_what_is_not_given_is_not_written(pair: Pair) -> None:
    row = fields.add(pair.records[0], pair.case, "contact", {"name": "Peter", "note": None}, name="Add")
    assert set(contact(pair, 0, row).fields) == {"name"}
