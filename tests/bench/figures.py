"""What a measurement comes to: a name, milliseconds, what it is measured against, and its bar."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. ``ratio`` is to ``against``, measured in the same run; bars are milliseconds."""

    name: str
    median: float
    worst: float
    bar: float | None = None
    against: str = ""
    ratio: float | None = None
    note: str = ""

    @property
    def held(self) -> str:
        """Say whether the bar holds."""
        return "" if self.bar is None else "yes" if self.median <= self.bar else "NO"


def timed(work: Callable[[], object]) -> float:
    """Return how long work takes, in milliseconds by the clock."""
    before = time.perf_counter()
    work()
    return (time.perf_counter() - before) * 1000


def figure(name: str, times: Sequence[float], *, bar: float | None = None, note: str = "") -> Figure:
    """Return a figure of times in milliseconds; the worst is the 99th percentile where there are enough."""
    ordered = sorted(times)
    worst = ordered[int(len(ordered) * 0.99)] if len(ordered) >= 100 else ordered[-1]
    return Figure(name, statistics.median(times), worst, bar, note=note)
