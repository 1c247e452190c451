"""Writing to a real encrypted record: durable, folded, undone; reading never writes."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, Change, new_id
from ascdesk.record.models import Contact, Person, models
from ascdesk.record.record import OutOfPlace, Record
from ascdesk.record.tables import HeadRow
from ascdesk.record.writing import Edit
from tests.ascdesk.record.conftest import Ticking

FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
MakeRecord = Callable[..., Record]


def put(
    record: Record, case: str, value: object, seen: frozenset[str], editor: str | None = None
) -> frozenset[str]:
    edit = Edit("person", case, "address", value, seen)
    return record.write(case, [edit], name="Address", editor=editor).heads[case, "address"]


def address(record: Record, case: str) -> tuple[str | None, list[str]]:
    with record.reading() as session:
        held = session.execute(select(Person.address, Person.conflicts).where(Person.case == case)).first()
    return (held.address, held.conflicts or []) if held else (None, [])


@FILES
@given(st.lists(st.text(max_size=5), min_size=1, max_size=6))
def test_what_one_open_editor_types_is_one_change(record: Record, typed: list[str]) -> None:
    case, seen = new_id(), frozenset[str]()
    before = record.outgoing_count()
    for value in typed:
        seen = put(record, case, value, seen, editor="e")
    assert record.outgoing_count() == before + 1
    # The typed column shows a NUL as the replacement character; the log keeps it.
    assert address(record, case) == (typed[-1].replace("\0", "\ufffd"), [])


@FILES
@given(st.lists(st.text(max_size=3), min_size=1, max_size=6))
def test_typing_the_original_back_leaves_no_change(record: Record, typed: list[str]) -> None:
    case = new_id()
    original = put(record, case, "14 Sandown Avenue", frozenset())
    before, seen = record.outgoing_count(), original
    for value in [*typed, "14 Sandown Avenue"]:
        seen = put(record, case, value, seen, editor="e")
    assert record.outgoing_count() == before
    assert seen == original
    assert record.undoable(case).undo == "Address"


@pytest.mark.parametrize("how", ["leave", "batch", "other editor", "sign", "undo", "undo elsewhere"])
def test_what_is_closed_is_never_folded_into(record: Record, how: str) -> None:
    case = new_id()
    seen = put(record, case, "one", frozenset(), editor="e")
    closed = record.heads(case)[case, "address"][0]
    if how == "leave":
        record.close_editor("e")
    if how == "batch":
        assert closed.id in {
            change.id for batch in [record.next_batch(10_000)] if batch for change in batch.changes
        }
    if how == "sign":
        record.write(case, [Edit("signature", new_id(), "", {"of": "x"}, kind="sign")], name="Sign")
    if how == "undo":
        record.undo(case)
        seen = frozenset({record.heads(case)[case, "address"][0].id})
    if how == "undo elsewhere":
        record.write(case, [Edit("person", case, "pronouns", "she/her")], name="Pronouns")
        record.undo(case)
    put(record, case, "two", seen, editor="other" if how == "other editor" else "e")
    assert record.history(case, case, "address")[0].change.hash == closed.hash
    assert address(record, case) == ("two", [])


def test_what_was_written_over_is_never_folded_into(record: Record) -> None:
    """Folded into a change that no longer stands, what is typed would stand nowhere."""
    case = new_id()
    seen = put(record, case, "one", frozenset(), editor="e")
    put(record, case, "over it", seen)
    put(record, case, "two", seen, editor="e")
    assert {change.content for change in record.heads(case)[case, "address"]} == {"over it", "two"}
    assert record.history(case, case, "address")[0].change.content == "one"


def test_a_pull_in_the_middle_of_an_edit_never_hides_the_colleague(
    make_record: MakeRecord,
) -> None:
    mine, theirs = make_record("rosa"), make_record("kiran")
    case = new_id()
    first = put(mine, case, "first", frozenset())
    exchange(mine, theirs, case)
    seen = put(theirs, case, "theirs", first)
    assert seen
    exchange(theirs, mine, case)
    put(mine, case, "mine", first, editor="e")  # my editor was open all the while: it saw only the first
    assert address(mine, case)[1] == ["address"]
    assert {change.content for change in mine.heads(case)[case, "address"]} == {"mine", "theirs"}


def exchange(source: Record, target: Record, case: str) -> None:
    """Give the target what the source wrote, as a council would that numbers changes in order."""
    batch = source.next_batch(10_000)
    assert batch is not None
    at = target.cursors().get(case)
    start = at.version if at else 0
    numbered = number(batch.changes, start)
    target.apply_page(case, numbered)
    if at is None and source.cursors().get(case) is None:
        source.apply_page(case, numbered)


def number(changes: Sequence[Change], start: int) -> list[Change]:
    return [replace(change, version=start + n) for n, change in enumerate(changes, 1)]


def test_writing_the_value_that_stands_writes_nothing(record: Record) -> None:
    case = new_id()
    seen = put(record, case, "14 Sandown Avenue", frozenset())
    assert put(record, case, "14 Sandown Avenue", seen) == seen
    assert record.outgoing_count() == 1


SHOWN = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=4)
"""Text that typed tables show as it is: a NUL is shown as the replacement character."""


@FILES
@given(st.lists(SHOWN, min_size=1, max_size=5, unique=True), st.data())
def test_undo_and_redo_walk_the_named_steps(record: Record, typed: list[str], data: st.DataObject) -> None:
    case, seen = new_id(), frozenset[str]()
    for value in typed:
        seen = put(record, case, value, seen)
    back = data.draw(st.integers(1, len(typed)))
    for _ in range(back):
        record.undo(case)
    expected = typed[len(typed) - back - 1] if back < len(typed) else None
    assert address(record, case) == (expected, [])
    for _ in range(back):
        record.redo(case)
    assert address(record, case) == (typed[-1], [])


def test_undo_is_not_offered_once_a_colleague_wrote_over_it(make_record: MakeRecord) -> None:
    mine, theirs = make_record("rosa"), make_record("kiran")
    case = new_id()
    first = put(mine, case, "mine", frozenset())
    exchange(mine, theirs, case)
    put(theirs, case, "theirs", first)
    exchange(theirs, mine, case)
    assert mine.undoable(case).undo is None
    with pytest.raises(Refusal):
        mine.undo(case)


def test_signing_cannot_be_undone(record: Record) -> None:
    case = new_id()
    put(record, case, "x", frozenset())
    record.write(case, [Edit("signature", new_id(), "", {"of": "x", "heads": []}, kind="sign")], name="Sign")
    assert record.undoable(case).undo is None


def test_a_removed_row_comes_back_whole(record: Record) -> None:
    case, row = new_id(), new_id()
    made = record.write(
        case,
        [Edit("contact", row, "", None, kind="create"), Edit("contact", row, "name", "Peter")],
        name="Add contact",
    )
    seen = frozenset().union(*made.heads.values())
    before = record.digest(case).rows
    record.write(case, [Edit("contact", row, "", None, seen, "delete")], name="Remove contact")
    assert record.digest(case).rows == before - 1
    record.undo(case)
    assert record.digest(case).rows == before
    assert [head.content for head in record.heads(case, [row])[row, "name"]] == ["Peter"]


def test_reading_never_writes(record: Record) -> None:
    case = new_id()
    put(record, case, "x", frozenset())
    before = record.digest(case), record.outgoing_count()
    record.heads(case), record.history(case, case, "address"), record.undoable(case), record.cases()
    assert (record.digest(case), record.outgoing_count()) == before


def test_typed_rows_cannot_be_written(record: Record) -> None:
    case = new_id()
    put(record, case, "x", frozenset())
    with pytest.raises(RuntimeError, match="for reading"), record.reading() as session:
        session.scalars(select(Person)).one().address = "written behind the log's back"
        session.flush()
    with pytest.raises(RuntimeError, match="for reading"), record.reading() as session:
        session.execute(delete(Person))
    assert address(record, case) == ("x", [])


def test_rebuilt_tables_equal_the_ones_kept(record: Record) -> None:
    case = new_id()
    seen = put(record, case, "one", frozenset())
    put(record, case, "two", seen)
    put(record, case, "clash", frozenset())
    before = record.digest(case)
    record.rebuild()
    assert record.digest(case) == before


def kept(record: Record) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that is projected from the log, by table."""
    tables = [HeadRow.__table__, *(model.__table__ for model in models().values())]
    with record.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)  # type: ignore[attr-defined]
            for table in tables
        }


STEPS = st.tuples(
    st.sampled_from(["type", "type", "blind", "both", "remove", "undo", "redo", "leave", "page"]),
    st.sampled_from(["contact", "answer"]),
    st.sampled_from(["name", "note"]),
    st.sampled_from([None, "a", "b"]),
)


TAKEN_BACK = [
    (what, "contact", "name", value)
    for what, value in zip(["type", "leave", "type", "type"], "aaba", strict=True)
]


@FILES
@example(TAKEN_BACK)
@given(st.lists(STEPS, min_size=1, max_size=14))
def test_whatever_is_written_rebuilt_tables_equal_the_ones_kept(
    record: Record, steps: list[tuple[str, str, str, str | None]]
) -> None:
    """A write knows its own heads and never goes through the past: a rebuild, which does, must agree."""
    case, seen = new_id(), dict[tuple[str, str], frozenset[str]]()
    for what, entity, name, value in steps:
        row = f"{entity}-{case}"
        said = (
            value if entity == "contact" or value is None else {"at": ["r", "", "q", "person"], "answer": []}
        )
        field = "value" if entity == "answer" else name
        places = {place: ids for place, ids in seen.items() if place[0] == row}
        with contextlib.suppress(Refusal):
            if what == "remove":
                edits = [Edit(entity, row, EXISTENCE, None, frozenset().union(*places.values()), "delete")]
                seen |= record.write(case, edits, name="Remove").heads
            elif what in {"undo", "redo"}:
                written = record.undo(case) if what == "undo" else record.redo(case)
                seen |= written.heads
            elif what == "leave":
                record.close_editor("e")
            elif what == "page":
                numbered_batch(record, case)
            else:
                known = frozenset() if what == "blind" else seen.get((row, field), frozenset())
                edits = [Edit(entity, row, field, said, known)]
                edits += [Edit("contact", f"contact-{case}", "relationship", value)] * (what == "both")
                seen |= record.write(case, edits, name="Type", editor="e").heads
    before = kept(record)
    record.rebuild()
    assert kept(record) == before


def numbered_batch(record: Record, case: str) -> None:
    """Let the council number what waits of this case, as one page that comes back by pull."""
    batch = record.next_batch(10_000)
    at = record.cursors().get(case)
    mine = [change for change in batch.changes if change.case == case] if batch else []
    record.apply_page(case, number(mine, at.version if at else 0))


def test_the_record_opens_again_with_all_that_was_acknowledged(tmp_path: Path) -> None:
    path, key, case = tmp_path / "p" / "record.db", secrets.token_bytes(32), new_id()
    record = Record(path, key, clock=Ticking(), create=True)
    record.enrol(author="rosa", device=new_id())
    put(record, case, "14 Sandown Avenue", frozenset())
    again = Record.__new__(Record)
    record.close()
    again.__init__(path, key, clock=Ticking())  # type: ignore[misc]
    assert (again.author, address(again, case)) == ("rosa", ("14 Sandown Avenue", []))
    again.close()


@pytest.mark.fault(5)
def test_a_page_is_taken_in_only_where_it_continues(make_record: MakeRecord) -> None:
    source, target, case = make_record(), make_record("kiran"), new_id()
    for value in "abc":
        put(source, case, value, frozenset())
    batch = source.next_batch()
    assert batch is not None
    pages = number(batch.changes, 0)
    with pytest.raises(OutOfPlace):
        target.apply_page(case, pages[1:])
    target.apply_page(case, pages[:1])
    target.apply_page(case, pages[1:])
    with pytest.raises(OutOfPlace):
        target.apply_page(case, pages)
    assert target.digest(case).digest == source.digest(case).digest
    assert target.cursors()[case].version == 3


class TestPages:
    def test_a_change_of_ours_that_comes_back_is_receipted(self, record: Record) -> None:
        case = new_id()
        put(record, case, "x", frozenset())
        batch = record.next_batch()
        assert batch is not None
        record.apply_page(case, number(batch.changes, 0))
        assert record.outgoing_count() == 0


def test_undoing_what_made_a_row_takes_the_row_away_whole(record: Record) -> None:
    """Fields set to nothing beside a deletion would be an edit against a delete: a row in conflict."""
    case, row = new_id(), new_id()
    facts = {"name": "Peter", "note": "deaf"}
    made = [Edit("contact", row, EXISTENCE, None, kind="create")]
    record.write(
        case, made + [Edit("contact", row, name, value) for name, value in facts.items()], name="Add"
    )
    for _ in range(2):
        record.undo(case)
        with record.reading() as session:
            assert session.get(Contact, row) is None
        record.redo(case)
        with record.reading() as session:
            held = session.get(Contact, row)
            assert held is not None
            assert (held.name, held.note, held.conflicts) == ("Peter", "deaf", None)
