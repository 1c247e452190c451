"""When typed tables follow: a small push at once, a run of large ones when it is over or goes on too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from sync.server import following
from sync.server.following import MUCH, Follower


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PAUSE", 0.05)


def run(pushes: Callable[[Follower], object]) -> list[tuple[str, ...]]:
    """Return what was followed, in which order."""
    followed: list[tuple[str, ...]] = []

    async def all_of_it() -> None:
        await pushes(Follower(followed.append))  # type: ignore[misc]

    asyncio.run(all_of_it())
    return followed


def test_a_small_push_is_followed_at_once() -> None:
    async def one(follower: Follower) -> None:
        await follower.after(("a",), MUCH - 1)

    assert run(one) == [("a",)]


def test_a_run_of_large_pushes_is_followed_once_and_whole_when_it_is_over() -> None:
    async def three(follower: Follower) -> None:
        await asyncio.gather(*(follower.after((case, "b"), MUCH) for case in "abc"))

    assert run(three) == [("a", "b", "c")]


def test_a_small_push_does_not_wait_for_large_ones() -> None:
    async def both(follower: Follower) -> None:
        await asyncio.gather(follower.after(("large",), MUCH), follower.after(("small",), 1))

    assert run(both) == [("small",), ("large",)]


def test_large_pushes_that_never_end_do_not_keep_tables_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST", 0.0)

    async def without_end(follower: Follower) -> None:
        first = asyncio.create_task(follower.after(("a",), MUCH))
        await asyncio.sleep(0.02)
        second = asyncio.create_task(follower.after(("b",), MUCH))
        await first
        await second

    assert run(without_end) == [("a", "b")]
