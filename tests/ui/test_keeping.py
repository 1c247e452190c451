"""What the disk did not take: only the newest of each thing is kept, and whoever waited hears of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.keeping import Keeping, Write


def write(keep: str | None = "a") -> Write:
    return Write("case", lambda: None, keep, tell=False)


def test_a_newer_write_stands_in_for_one_that_waits() -> None:
    keeping, old, new = Keeping(), write(), write()
    heard: list[object] = []
    old.done, new.done = [heard.append], [heard.append]
    keeping.begin(old)
    keeping.wait(old)
    assert (keeping.under_way, keeping.waiting) == (0, 1)
    keeping.begin(new)
    assert (keeping.under_way, keeping.waiting) == (1, 0)
    for done in new.done:
        done("saved")
    assert heard == ["saved", "saved"], "both callers count on an answer"


def test_one_that_fails_behind_a_newer_one_never_waits() -> None:
    """It would be written after it, and put the older words back."""
    keeping, old, new = Keeping(), write(), write()
    keeping.begin(old)
    keeping.begin(new)
    keeping.wait(old)
    assert keeping.waiting == 0
    keeping.end(new)
    assert keeping.again() == []


def test_what_need_not_be_kept_is_not() -> None:
    keeping, once = Keeping(), write(None)
    keeping.begin(once)
    keeping.wait(once)
    assert (keeping.under_way, keeping.waiting) == (0, 0)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["ok", "full"])), max_size=30))
def test_after_the_last_retry_each_thing_says_what_was_written_last(history: list[tuple[str, str]]) -> None:
    keeping = Keeping()
    durable: dict[str, int] = {}
    newest: dict[str, int] = {}
    numbers: dict[int, int] = {}
    for number, (key, outcome) in enumerate(history):
        one = write(key)
        numbers[id(one)], newest[key] = number, number
        keeping.begin(one)
        vars_kept.append(one)
        if outcome == "ok":
            keeping.end(one)
            durable[key] = number
        else:
            keeping.wait(one)
    for one in keeping.again():
        durable[str(one.keep)] = numbers[id(one)]
        keeping.end(one)
    assert durable == newest
    vars_kept.clear()


vars_kept: list[Write] = []
"""Holds every write of an example, so that no two share an id."""
