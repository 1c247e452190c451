"""Taking in pushes: versions, retries, bad changes, rights; on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from ascdesk.record.change import new_id, redacted
from ascdesk.record.digest import digest
from ascdesk.record.projection import rebuild
from ascdesk.record.tables import ChangeRow, HeadRow
from ascdesk.record.wire import from_wire, to_wire
from sync.protocol import MAX_VALUE, Answer
from sync.server.database import reading, writing
from sync.server.intake import DIFFERENT, ELSEWHERE, NEVER, Sender, take_in
from sync.server.pages import pull
from sync.server.projecting import catch_up
from sync.server.tables import access, audit, counter
from tests.sync.council import NOON, Council, Device
from tests.sync.server.histories import Sending, Written, play, sendings, writings

# No shrinking: each try is a conversation with a database, and minutes of them help nobody.
shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings.default.max_examples // 2,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
Wire = dict[str, Any]


def push(council: Council, device: Device, changes: list[Any]) -> tuple[Answer, ...]:
    return take_in(council.engine, Sender(device.author, device.id), changes, NOON).answers


def versions(council: Council, case: str) -> list[int]:
    with reading(council.engine) as connection:
        query = select(ChangeRow.version).where(ChangeRow.case == case).order_by(ChangeRow.version)
        return [version or 0 for version in connection.scalars(query)]


@shared
@given(drawn=writings, sent=sendings)
def test_retries_splits_and_orders_change_nothing(
    council: Council, drawn: list[Written], sent: list[Sending]
) -> None:
    history = play(council, drawn)
    given_versions: dict[str, int | None] = {}
    for device, batch in history.batches(sent):
        for change, answer in zip(batch, push(council, device, batch), strict=True):
            assert (answer.id, answer.outcome) == (change["id"], "stored")
            assert given_versions.setdefault(answer.id, answer.version) == answer.version
        catch_up(council.engine, [history.cases[0]])  # one case follows push by push, the other all at once

    catch_up(council.engine)
    for case in history.cases:
        mine = [change.id for change in history.changes() if change.case == case]
        assert versions(council, case) == list(range(1, len(mine) + 1))
        with writing(council.engine) as connection:
            assert set(connection.scalars(select(HeadRow.id).where(HeadRow.case == case))) == history.heads(
                case
            )
            followed = digest(connection, case)
            rebuild(connection, case)
            assert digest(connection, case) == followed


POISON: dict[str, Callable[[Wire], Any]] = {
    "no change at all": lambda _: "poison",
    "nothing in it": lambda _: {},
    "a list": lambda wire: [wire],
    "its hash is another's": lambda wire: wire | {"hash": "0" * 64},
    "its text was altered": lambda wire: wire | {"value": '"altered"'},
    "no value and no salt": lambda wire: {k: v for k, v in wire.items() if k not in ("value", "salt")},
    "a salt that is no hex": lambda wire: wire | {"salt": "zz"},
    "an unknown kind": lambda wire: wire | {"kind": "destroy"},
    "an id that is a number": lambda wire: wire | {"id": 7},
    "an id that is a list": lambda wire: wire | {"id": ["a"]},
    "a lone surrogate": lambda wire: wire | {"field": "\ud800"},
    "a version of its own": lambda wire: wire | {"version": "first"},
    "schema that is true": lambda wire: wire | {"schema": True},
    "supersedes a number": lambda wire: wire | {"supersedes": [1]},
}
SEALED_POISON: dict[str, dict[str, Any]] = {
    "a NUL": {"entity": "per\0son"},
    "an id too long": {"change_id": "x" * 37},
    "a row too long": {"row": "x" * 37},
    "a case that is empty": {"case": ""},
    "a field without end": {"field_name": "x" * 10_000},
    "a schema out of range": {"schema": 2**40},
    "supersedes what is no id": {"supersedes": ["x" * 99]},
}


@pytest.mark.parametrize("name", POISON)
def test_one_bad_change_never_blocks_the_others(council: Council, name: str) -> None:
    device, case = council.device("amina"), new_id()
    good = [device.change(case, "given_name", "Noor"), device.change(case, "family_name", "Haddad")]
    bad = POISON[name](device.change(case, "pronouns", "she/her"))

    answers = push(council, device, [good[0], bad, good[1]])

    assert [answer.outcome for answer in answers] == ["stored", "needs attention", "stored"]
    assert answers[1].reason
    assert versions(council, case) == [1, 2]


@pytest.mark.parametrize("name", SEALED_POISON)
def test_what_no_column_can_hold_never_blocks_the_others(council: Council, name: str) -> None:
    device, case = council.device("amina"), new_id()
    good = [device.change(case, "given_name", "Noor"), device.change(case, "family_name", "Haddad")]
    parts = {"case": case, "field_name": "pronouns", "value": 1} | SEALED_POISON[name]
    bad = device.change(**parts)

    answers = push(council, device, [good[0], bad, good[1]])

    assert [answer.outcome for answer in answers] == ["stored", "needs attention", "stored"]
    assert versions(council, case) == [1, 2]


def resealed(wire: Wire, value: str) -> Wire:
    """Return a change with a right hash over a value that no laptop of ours writes."""
    from ascdesk.record.change import with_hash

    return to_wire(with_hash(replace(from_wire(wire), value=value)))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "{",
        "1.5",
        "NaN",
        '{"b":1,"a":2}',
        '"\\ud800"',
        "[" * 100_000,
        '{"a":1,"a":1}',
        "9" * 400,
        "9007199254740993",
        " 1",
    ],
)
def test_a_value_that_is_not_canonical_json_needs_attention(small_council: Council, value: str) -> None:
    device, case = small_council.device("amina"), new_id()
    wire = resealed(device.change(case, "given_name", "Noor"), value)

    assert push(small_council, device, [wire])[0].outcome == "needs attention"


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
@shared
def test_every_value_that_a_laptop_can_write_is_stored_and_comes_back_the_same(
    council: Council, value: Any
) -> None:
    device, case = council.device(f"w{new_id()}"), new_id()
    wire = device.change(case, "something_unknown", value)

    assert push(council, device, [wire])[0].outcome == "stored"
    with reading(council.engine) as connection:
        page = pull(connection, device.author, {}).pages[0]
    assert from_wire(page.changes[0]).value == wire["value"]


def test_a_text_too_long_needs_attention_and_a_long_one_is_stored(small_council: Council) -> None:
    device, case = small_council.device("amina"), new_id()
    long = device.change(case, "given_name", "x" * (MAX_VALUE - 2))
    too_long = device.change(case, "family_name", "x" * MAX_VALUE)

    answers = push(small_council, device, [long, too_long])

    assert [answer.outcome for answer in answers] == ["stored", "needs attention"]


def test_a_group_is_stored_whole_or_not_at_all(council: Council) -> None:
    device, case, group = council.device("amina"), new_id(), new_id()
    fine = device.change(case, "given_name", "Noor", group=group)
    bad = device.change(case, "family_name", "Haddad", group=group) | {"hash": "0" * 64}
    other = device.change(case, "pronouns", "she/her")

    answers = push(council, device, [fine, bad, other])

    assert [answer.outcome for answer in answers] == ["needs attention", "needs attention", "stored"]


def test_a_group_over_two_cases_needs_attention(council: Council) -> None:
    device, group = council.device("amina"), new_id()
    cases = [new_id(), new_id()]
    changes = [device.change(case, "given_name", "Noor", group=group) for case in cases]

    assert {answer.outcome for answer in push(council, device, changes)} == {"needs attention"}
    with reading(council.engine) as connection:
        assert connection.scalar(select(counter.c.case).where(counter.c.case.in_(cases))) is None


def test_a_group_has_its_versions_in_one_run(council: Council) -> None:
    device, case, group = council.device("amina"), new_id(), new_id()
    first = device.change(case, "given_name", "Noor", group=group)
    between = device.change(case, "pronouns", "she/her")
    second = device.change(case, "family_name", "Haddad", group=group)

    answers = push(council, device, [first, between, second])

    assert [answer.version for answer in answers] == [1, 3, 2]


def test_a_different_change_under_a_known_id_needs_attention(council: Council) -> None:
    device, case, same = council.device("amina"), new_id(), new_id()
    push(council, device, [device.change(case, "given_name", "Noor", change_id=same)])

    answer = push(council, device, [device.change(case, "given_name", "Nora", change_id=same)])[0]

    assert (answer.outcome, answer.reason) == ("needs attention", DIFFERENT)
    assert versions(council, case) == [1]


def test_two_different_changes_under_one_id_in_one_push(council: Council) -> None:
    device, case, same = council.device("amina"), new_id(), new_id()
    changes = [device.change(case, "given_name", name, change_id=same) for name in ("Noor", "Nora")]

    answers = push(council, device, [changes[0], changes[0], changes[1]])

    assert [answer.outcome for answer in answers] == ["stored", "stored", "needs attention"]


def test_a_change_never_hides_one_of_another_row_or_case(council: Council) -> None:
    device, case, other = council.device("amina"), new_id(), new_id()
    victim = device.change(other, "given_name", "Noor")
    push(council, device, [victim])

    answer = push(council, device, [device.change(case, "given_name", "x", supersedes=[victim["id"]])])[0]

    assert (answer.outcome, answer.reason) == ("needs attention", ELSEWHERE)


def test_work_on_a_case_that_was_taken_away_is_stored_and_late(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    push(council, device, [device.change(case, "given_name", "Noor")])
    council.deallocate("amina", case)
    late = device.change(case, "family_name", "Haddad")

    answers = push(council, device, [late])
    again = push(council, device, [late])

    assert [(answer.outcome, answer.version) for answer in (*answers, *again)] == [("late", 2)] * 2
    with reading(council.engine) as connection:
        assert "write late" in set(connection.scalars(select(audit.c.did).where(audit.c.case == case)))


def test_a_stranger_to_the_case_needs_attention_and_leaves_no_trace(council: Council) -> None:
    amina, bashir, case = council.device("amina"), council.device("bashir"), new_id()
    push(council, amina, [amina.change(case, "given_name", "Noor")])

    answer = push(council, bashir, [bashir.change(case, "given_name", "Nora")])[0]

    assert (answer.outcome, answer.reason) == ("needs attention", NEVER)
    assert versions(council, case) == [1]


def test_the_work_of_one_who_had_the_case_before_a_restore_is_taken_in(council: Council) -> None:
    amina, bashir, case = council.device("amina"), council.device("bashir"), new_id()
    lost = [amina.change(case, "given_name", "Noor"), amina.change(case, "family_name", "Haddad")]
    # A backup was put back and the council forgot the case. Bashir had it too and syncs first.
    push(council, bashir, [lost[0]])

    assert push(council, amina, lost)[1].outcome == "late"


def test_a_new_case_belongs_to_the_worker_who_made_it(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    push(council, device, [device.change(case, "given_name", "Noor")])

    with reading(council.engine) as connection:
        assert pull(connection, device.author, {}).allocated == (case,)


def test_a_redacted_change_is_taken_in_again_after_a_restore(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    wire = to_wire(redacted(device.sealed(case, "given_name", "a court order removed this")))

    assert push(council, device, [wire])[0].outcome == "stored"


def test_nothing_at_all_is_taken_in(council: Council) -> None:
    assert push(council, council.device("amina"), []) == ()


def test_what_a_laptop_says_of_versions_and_lateness_is_not_believed(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    wire = device.change(case, "given_name", "Noor") | {"version": 99, "late": True, "received_at": "1970"}

    assert push(council, device, [wire])[0] == Answer(wire["id"], "stored", 1, NOON)


def test_writers_that_dawdle_lose_no_row_and_a_reader_misses_none(council: Council) -> None:
    """Six writers commit late and out of order; a reader pages all the while (faults.md, 6)."""
    case, rounds = new_id(), 6
    devices = [council.device(f"writer{number}") for number in range(6)]
    reader = council.device("reader")
    push(council, devices[0], [devices[0].change(case, "given_name", "first")])
    with writing(council.engine) as connection:
        connection.execute(access.delete().where(access.c.case == case))
        rows = [
            {"id": new_id(), "case": case, "user": device.author, "since": NOON, "until": None}
            for device in (*devices, reader)
        ]
        connection.execute(access.insert(), rows)
    if council.engine.dialect.name == "postgresql":
        event.listen(council.engine, "commit", dawdle)
    finished = threading.Event()
    seen: list[str] = []
    threads = [threading.Thread(target=write_on, args=(council, device, case, rounds)) for device in devices]
    paging = threading.Thread(target=page_on, args=(council, reader, case, finished, seen))
    for thread in (*threads, paging):
        thread.start()
    for thread in threads:
        thread.join()
    finished.set()
    paging.join()
    if council.engine.dialect.name == "postgresql":
        event.remove(council.engine, "commit", dawdle)

    total = 1 + rounds * len(devices)
    assert versions(council, case) == list(range(1, total + 1))
    assert len(seen) == len(set(seen)) == total


def dawdle(connection: Any) -> None:
    connection.exec_driver_sql("select pg_sleep(random() * 0.01)")


def write_on(council: Council, device: Device, case: str, rounds: int) -> None:
    for number in range(rounds):
        answers = push(council, device, [device.change(case, "given_name", f"{device.id}{number}")])
        assert answers[0].outcome == "stored"


def page_on(council: Council, reader: Device, case: str, finished: threading.Event, seen: list[str]) -> None:
    cursor = (0, "")
    while True:
        last_look = finished.is_set()
        with reading(council.engine) as connection:
            pulled = pull(connection, reader.author, {case: cursor}, at_most=3)
        assert not pulled.unknown
        for change in (change for page in pulled.pages for change in page.changes):
            assert change["version"] == cursor[0] + 1
            cursor = (change["version"], change["id"])
            seen.append(change["id"])
        if last_look and not pulled.more:
            return
