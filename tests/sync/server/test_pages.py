"""Pages in version order at any cursor, whole groups, whole cases, and only what the worker may see."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from ascdesk.record.change import new_id
from sync.protocol import Council as Whose
from sync.protocol import Cursor, Pulled, digest_of
from sync.server.asking import ask as answered
from sync.server.database import council_of, reading
from sync.server.intake import Sender, take_in
from sync.server.pages import pull
from sync.server.tables import user
from tests.sync.council import NOON, Council, Device


def push(council: Council, device: Device, changes: list[dict[str, Any]]) -> None:
    answers = take_in(council.engine, Sender(device.author, device.id), changes, NOON).answers
    assert {answer.outcome for answer in answers} <= {"stored", "late"}


def ask(council: Council, device: Device, cursors: dict[str, Cursor], at_most: int = 2_000) -> Pulled:
    with reading(council.engine) as connection:
        return pull(connection, device.author, cursors, at_most=at_most)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings.default.max_examples // 2,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    sizes=st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=5), min_size=1, max_size=3),
    at_most=st.integers(1, 7),
    order=st.randoms(use_true_random=False),
)
def test_pages_of_any_size_give_everything_once_in_order_with_groups_whole(
    council: Council, sizes: list[list[int]], at_most: int, order: random.Random
) -> None:
    """What was made first may come last: laptops are offline for days, so ids say nothing of versions."""
    device = council.device(f"w{new_id()}")
    made = []
    for of_case in sizes:
        case = new_id()
        for size in of_case:
            group = new_id()
            made.append([device.change(case, f"f{n}", n, group=group) for n in range(size)])
    groups = {changes[0]["group"]: {change["id"] for change in changes} for changes in made}
    order.shuffle(made)
    for changes in made:
        order.shuffle(changes)
        push(council, device, changes)

    cursors: dict[str, Cursor] = {}
    seen: list[str] = []
    while True:
        pulled = ask(council, device, cursors, at_most)
        for page in pulled.pages:
            on_page: dict[str, set[str]] = {}
            for change in page.changes:
                assert change["version"] == cursors.get(page.case, (0, ""))[0] + 1
                cursors[page.case] = (change["version"], change["id"])
                on_page.setdefault(change["group"], set()).add(change["id"])
                seen.append(change["id"])
            assert all(groups[group] == ids for group, ids in on_page.items())
        if not pulled.more:
            break

    assert sorted(seen) == sorted(change for ids in groups.values() for change in ids)


def test_one_page_never_holds_much_more_than_was_asked_for(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    push(council, device, [device.change(case, "given_name", n) for n in range(9)])

    pulled = ask(council, device, {}, at_most=4)

    assert [len(page.changes) for page in pulled.pages] == [4]
    assert (pulled.more, pulled.pages[0].count) == (True, 9)


def test_a_cursor_that_this_log_does_not_have_is_named_and_nothing_else_is_held_up(council: Council) -> None:
    device, lost, fine = council.device("amina"), new_id(), new_id()
    for case in (lost, fine):
        push(council, device, [device.change(case, "given_name", "Noor")])

    for cursor in ((1, new_id()), (2, new_id())):
        pulled = ask(council, device, {lost: cursor})
        assert pulled.unknown == (lost,)
        assert [page.case for page in pulled.pages] == [fine]


def test_a_case_that_was_taken_away_is_named_and_not_sent(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    push(council, device, [device.change(case, "given_name", "Noor")])
    council.deallocate("amina", case)

    pulled = ask(council, device, {case: (1, "whatever")})

    assert (pulled.allocated, pulled.pages, pulled.removed, pulled.unknown) == ((), (), (case,), ())


def test_a_case_given_to_a_second_worker_comes_whole(council: Council) -> None:
    amina, bashir, case = council.device("amina"), council.device("bashir"), new_id()
    push(council, amina, [amina.change(case, "given_name", "Noor") for _ in range(3)])
    assert ask(council, bashir, {}).pages == ()

    council.allocate("bashir", case)

    assert [len(page.changes) for page in ask(council, bashir, {}).pages] == [3]


def same(
    council: Council, device: Device, cursors: list[tuple[str, int, str]], whose: Whose | None = None
) -> bool:
    with reading(council.engine) as connection:
        real = council_of(connection)
        asked = digest_of((whose or real).id, (whose or real).epoch, cursors)
        subject = connection.scalar(select(user.c.subject).where(user.c.id == device.author)) or ""
        said = answered(connection, subject, device.id, asked, "")
        assert said is not None
        assert (said.council, said.epoch) == (real.id, real.epoch)
        return said.same


def test_the_one_small_question_is_not_answered_to_a_laptop_of_somebody_else(council: Council) -> None:
    amina, bashir = council.device("amina"), council.device("bashir")
    with reading(council.engine) as connection:
        assert answered(connection, council.username("amina"), amina.id, "", "") is not None
        assert answered(connection, council.username("amina"), bashir.id, "", "") is None
        assert answered(connection, "nobody", amina.id, "", "") is None


def test_the_one_small_question_is_yes_only_when_nothing_differs(council: Council) -> None:
    device, case = council.device("amina"), new_id()
    assert same(council, device, [])
    change = device.change(case, "given_name", "Noor")
    push(council, device, [change])
    held = [(case, 1, change["id"])]

    assert same(council, device, held)
    assert not same(council, device, [])
    assert not same(council, device, [(case, 1, new_id())])
    assert not same(council, device, [*held, (new_id(), 1, new_id())])
    assert not same(council, device, held, Whose("another council", "", "epoch"))
    council.deallocate("amina", case)
    assert not same(council, device, held)
