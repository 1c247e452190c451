"""Puts what is worked out into an order in which each comes after all that it reads; finds the circles."""

from __future__ import annotations

from collections.abc import Sequence


def ordered(reads: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Return the cells in order of evaluation, and the circles among them (each a set of cells).

    `reads[n]` are the cells that cell n reads. Tarjan's algorithm, without recursion: a form may be deep.
    """
    order: list[int] = []
    circles: list[tuple[int, ...]] = []
    for component in _components(reads):
        if len(component) > 1 or component[0] in reads[component[0]]:
            circles.append(tuple(sorted(component)))
        order.extend(component)
    return tuple(order), tuple(circles)


def _components(reads: Sequence[Sequence[int]]) -> list[list[int]]:
    search = _Search(reads)
    for start in range(len(reads)):
        if start not in search.number:
            search.run(start)
    return search.found


class _Search:
    """The books that Tarjan's algorithm keeps."""

    def __init__(self, reads: Sequence[Sequence[int]]) -> None:
        self._reads = reads
        self.number: dict[int, int] = {}
        self._low: dict[int, int] = {}
        self._waiting: list[int] = []
        self._held: set[int] = set()
        self.found: list[list[int]] = []

    def run(self, start: int) -> None:
        """Visit everything that can be reached from one cell."""
        work = [(start, 0)]
        while work:
            cell, position = work.pop()
            if position == 0:
                self._enter(cell)
            if position < len(self._reads[cell]):
                work.append((cell, position + 1))
                self._look(self._reads[cell][position], cell, work)
                continue
            self._leave(cell)
            if work:
                above = work[-1][0]
                self._low[above] = min(self._low[above], self._low[cell])

    def _enter(self, cell: int) -> None:
        self.number[cell] = self._low[cell] = len(self.number)
        self._waiting.append(cell)
        self._held.add(cell)

    def _look(self, target: int, cell: int, work: list[tuple[int, int]]) -> None:
        if target not in self.number:
            work.append((target, 0))
        elif target in self._held:
            self._low[cell] = min(self._low[cell], self.number[target])

    def _leave(self, cell: int) -> None:
        if self._low[cell] != self.number[cell]:
            return
        component: list[int] = []
        while not component or component[-1] != cell:
            component.append(self._waiting.pop())
            self._held.discard(component[-1])
        self.found.append(component)
