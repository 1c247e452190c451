"""Heads and typed tables depend on which changes are present, never on how they came."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import CheckConstraint, Connection, Table, UniqueConstraint, create_engine, select

from ascdesk.record.change import EXISTENCE, Change, seal
from ascdesk.record.digest import digest
from ascdesk.record.models import Answer, Contact, Person, models
from ascdesk.record.projection import insert_changes, project, rebuild
from ascdesk.record.tables import Base, HeadRow
from tests.support.histories import CASE, histories, split


@contextmanager
def fresh() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def take_in(connection: Connection, pages: list[list[Change]]) -> None:
    for page in pages:
        insert_changes(connection, page)
        project(connection, CASE, page)


@given(histories(), st.randoms(use_true_random=False), st.lists(st.integers(0, 20), max_size=4))
def test_every_order_of_arrival_gives_the_same_tables(
    changes: list[Change], order: random.Random, cuts: list[int]
) -> None:
    shuffled = changes.copy()
    order.shuffle(shuffled)
    with fresh() as one, fresh() as other, fresh() as whole:
        take_in(one, [[change] for change in changes])
        take_in(other, split(shuffled, cuts))
        insert_changes(whole, shuffled)
        rebuild(whole)
        assert digest(one, CASE) == digest(other, CASE) == digest(whole, CASE)


@given(histories())
def test_heads_are_exactly_the_changes_that_no_other_supersedes(changes: list[Change]) -> None:
    gone = {old for change in changes for old in change.supersedes}
    with fresh() as connection:
        take_in(connection, [changes])
        heads = set(connection.scalars(select(HeadRow.id)))
    assert heads == {change.id for change in changes} - gone


@given(histories(entities=("person",)))
def test_a_field_with_two_different_heads_is_marked(changes: list[Change]) -> None:
    gone = {old for change in changes for old in change.supersedes}
    heads = [c for c in changes if c.id not in gone and c.entity == "person" and c.field == "given_name"]
    with fresh() as connection:
        take_in(connection, [changes])
        person = connection.execute(select(Person.conflicts).where(Person.row == "p1")).first()
    if person is not None:
        assert ("given_name" in (person.conflicts or [])) == (len({c.value for c in heads}) > 1)


@given(histories(entities=("answer",)))
def test_held_back_by_any_hand_is_held_back(changes: list[Change]) -> None:
    gone = {old for change in changes for old in change.supersedes}
    with fresh() as connection:
        take_in(connection, [changes])
        for answer in connection.execute(select(Answer.row, Answer.held_back)):
            heads = [
                c.content for c in changes if c.id not in gone and c.row == answer.row and c.kind == "set"
            ]
            assert answer.held_back == any(isinstance(v, dict) and "heldBack" in v for v in heads)


@given(histories(entities=("contact",)))
def test_a_row_goes_only_when_its_deletion_saw_everything(changes: list[Change]) -> None:
    gone = {old for change in changes for old in change.supersedes}
    with fresh() as connection:
        take_in(connection, [changes])
        found = {
            row.row: row.conflicts or [] for row in connection.execute(select(Contact.row, Contact.conflicts))
        }
    for row in ("c1", "c2"):
        heads = [change for change in changes if change.id not in gone and change.row == row]
        deleted = any(change.kind == "delete" for change in heads)
        others = any(change.kind != "delete" for change in heads)
        assert (row in found) == others
        if others:
            assert (EXISTENCE in found[row]) == deleted


@given(histories(entities=("person",)))
def test_a_field_of_a_later_version_is_kept(changes: list[Change]) -> None:
    gone = {old for change in changes for old in change.supersedes}
    later = [c for c in changes if c.id not in gone and c.row == "p1" and c.field == "made_up_later"]
    with fresh() as connection:
        take_in(connection, [changes])
        person = connection.execute(select(Person.other).where(Person.row == "p1")).first()
    if later and person is not None:
        assert person.other["made_up_later"] in [change.content for change in later]


def test_one_hand_that_holds_back_is_enough() -> None:
    address = ["r1", "", "q.a1", "person"]
    plain = {"at": address, "answer": [{"valueString": "said aloud"}]}
    held = {"at": address, "answer": [{"valueString": "said in confidence"}], "heldBack": "asked for"}
    changes = [
        seal(
            case=CASE,
            entity="answer",
            row="a1",
            field="value",
            kind="set",
            value=value,
            supersedes=(),
            group=author,
            author=author,
            device="d1",
            wall="2026-11-21T10:00:00.000+00:00",
        )
        for author, value in (("rosa", held), ("kiran", plain))
    ]
    with fresh() as connection:
        take_in(connection, [changes])
        assert connection.execute(select(Answer.held_back, Answer.conflicts)).one() == (True, ["value"])


def test_no_change_can_fail_to_be_projected_for_what_its_table_demands() -> None:
    """Two heads, half a row or a row without its parent must all go in: projected columns demand nothing."""
    for model in models().values():
        table = model.__table__
        assert isinstance(table, Table)
        assert [column.name for column in table.primary_key] == ["row"]
        free = [column for column in table.columns if column.name not in {"row", "case"}]
        assert all(column.nullable for column in free), table.name
        assert not table.foreign_keys
        assert not [
            held for held in table.constraints if isinstance(held, UniqueConstraint | CheckConstraint)
        ]
        assert not [index.name for index in table.indexes if index.unique]
