"""The order in which things are worked out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ascdesk.forms.graph import ordered


def test_each_comes_after_what_it_reads() -> None:
    assert ordered([[1, 2], [2], []]) == ((2, 1, 0), ())


def test_circles_are_found_with_all_that_is_in_them() -> None:
    _, circles = ordered([[1], [2], [0], [3], [0]])
    assert circles == ((0, 1, 2), (3,))


@given(
    st.integers(1, 30).flatmap(lambda n: st.lists(st.lists(st.integers(0, n - 1)), min_size=n, max_size=n))
)
def test_any_graph_is_ordered_or_its_circles_are_named(reads: list[list[int]]) -> None:
    order, circles = ordered(reads)
    assert sorted(order) == list(range(len(reads)))
    together = {cell: circle for circle in circles for cell in circle}
    for cell, needed in enumerate(reads):
        for other in needed:
            apart = together.get(cell) is None or together.get(cell) != together.get(other)
            assert not apart or order.index(other) < order.index(cell)
