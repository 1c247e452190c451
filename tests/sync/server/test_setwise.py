"""PostgreSQL's own ways make the same tables as the plain ones, which SQLite is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from ascdesk.record.change import Change, Kind, new_id, redacted, seal
from ascdesk.record.models import models
from ascdesk.record.projection import insert_changes, project
from ascdesk.record.tables import Base, ChangeRow, HeadRow
from sync.server.copying import add_changes, among
from sync.server.database import trouble_of
from sync.server.setwise import project_cases
from tests.sync.council import NOON

shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings.default.max_examples // 2,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@dataclass(frozen=True)
class Drawn:
    """One drawn change: where, of what kind, how many earlier ones of its row its author saw."""

    case: int
    entity: str
    row: int
    field: str
    kind: Kind
    value: Any
    sees: int
    redacted: bool


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.text(max_size=12),
    st.sampled_from(["a\\b\tc\nd\re", "\\N", "\\.", "1.50", "2026-11-21", "\x00"]),
    st.builds(
        lambda link, words, held: (
            {"at": ["r", "", link, "person"], "answer": [{"valueString": words}]}
            | ({"heldBack": True} if held else {})
        ),
        st.sampled_from(["q.1", "q.2"]),
        st.text(max_size=6),
        st.booleans(),
    ),
)
drawn_changes = st.lists(
    st.builds(
        Drawn,
        case=st.integers(0, 2),
        entity=st.sampled_from(["person", "answer", "loan_item", "plan_option", "unheard of"]),
        row=st.integers(0, 1),
        field=st.sampled_from(["value", "given_name", "restricted", "quantity", "cost", "elsewhere"]),
        kind=st.sampled_from(get_args(Kind)),
        value=values,
        sees=st.integers(0, 3),
        redacted=st.booleans(),
    ),
    min_size=1,
    max_size=16,
)


def made(drawn: Sequence[Drawn]) -> list[Change]:
    """Return the changes, numbered within each case; a row's entities share its id."""
    cases = [new_id() for _ in range(3)]
    rows = {(case, row): new_id() for case in cases for row in range(2)}
    found: list[Change] = []
    for one in drawn:
        case, row = cases[one.case], rows[cases[one.case], one.row]
        earlier = [old.id for old in found if (old.case, old.entity, old.row) == (case, one.entity, row)]
        value = {one.field: one.value} if one.kind in ("create", "sign", "issue") else one.value
        change = seal(
            case=case,
            entity=one.entity,
            row=row,
            field=one.field if one.kind in ("set", "attach") else "",
            kind=one.kind,
            value=value,
            supersedes=earlier[len(earlier) - one.sees :] if one.sees else (),
            group=new_id(),
            author="a",
            device="d",
            wall=NOON,
        )
        version = sum(old.case == case for old in found) + 1
        numbered = replace(change, version=version, received_at=NOON)
        found.append(redacted(numbered) if one.redacted else numbered)
    return found


def tables(connection: Connection, changes: Sequence[Change]) -> dict[str, list[Any]]:
    """Return every row about these changes of the log, its heads and its typed tables."""
    cases, ids = {change.case for change in changes}, {change.id for change in changes}
    found: dict[str, list[Any]] = {}
    for name in ("change", "head", *sorted(models())):
        table = Base.metadata.tables[name]
        found[name] = sorted(map(repr, connection.execute(select(table).where(table.c.case.in_(cases)))))
    pairs = Base.metadata.tables["superseded"]
    found["superseded"] = sorted(map(repr, connection.execute(select(pairs).where(pairs.c.by.in_(ids)))))
    return found


def plain(connection: Connection, changes: Sequence[Change]) -> None:
    insert_changes(connection, changes)
    for case in {change.case for change in changes}:
        project(connection, case, [change for change in changes if change.case == case])


def set_by_set(connection: Connection, changes: Sequence[Change]) -> None:
    add_changes(connection, changes)
    project_cases(connection, changes)


Way = Callable[[Connection, Sequence[Change]], None]


def tried(engine: Engine, way: Way, parts: Sequence[Sequence[Change]]) -> dict[str, list[Any]]:
    """Return the tables that a way makes of the changes, part by part; nothing of it is kept."""
    with engine.connect() as connection, connection.begin() as transaction:
        for part in parts:
            way(connection, part)
        found = tables(connection, [change for part in parts for change in part])
        transaction.rollback()
    return found


@shared
@given(drawn=drawn_changes, cut=st.integers(0, 16))
def test_copied_and_projected_at_once_the_tables_are_those_of_the_plain_way(
    postgres_engine: Engine, sqlite_engine: Engine, drawn: list[Drawn], cut: int
) -> None:
    changes = made(drawn)
    parts = [part for part in (changes[:cut], changes[cut:]) if part]
    wanted = tried(postgres_engine, plain, parts)
    assert tried(postgres_engine, set_by_set, parts) == wanted
    assert tried(sqlite_engine, set_by_set, parts) == wanted


def test_an_id_that_is_there_already_fails_the_copy_as_a_race_that_is_tried_again(
    postgres_engine: Engine,
) -> None:
    changes = made([Drawn(0, "person", 0, "given_name", "set", "Noor", 0, redacted=False)])
    with postgres_engine.connect() as connection:
        add_changes(connection, changes)
        with pytest.raises(IntegrityError) as told:
            add_changes(connection, changes)
        connection.rollback()
    assert trouble_of(told.value) == "again"
    assert "Noor" not in str(told.value)


def test_a_long_list_of_ids_is_asked_for_whole(postgres_engine: Engine, sqlite_engine: Engine) -> None:
    wanted = [new_id() for _ in range(1000)]
    for engine in (postgres_engine, sqlite_engine):
        with engine.connect() as connection:
            rows = [{"id": one, "case": "c", "entity": "e", "row": "r", "field": "f"} for one in wanted]
            connection.execute(insert(HeadRow), rows)
            found = {
                one
                for which in among(connection, HeadRow.id, [*wanted[1:], "another"])
                for one in connection.scalars(select(HeadRow.id).where(which))
            }
            assert list(among(connection, ChangeRow.id, [])) == []
            connection.rollback()
        assert found == set(wanted[1:])
