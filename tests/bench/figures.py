"""What a measurement comes to: a name, milliseconds, what it is measured against, and its bar."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. ``ratio`` is to ``against``, measured in the same run; bars are in ``unit``.

    With ``least`` the bars are what is reached at least, else at most.
    """

    name: str
    median: float
    worst: float
    bar: float | None = None
    against: str = ""
    ratio: float | None = None
    note: str = ""
    unit: str = "ms"
    ratio_bar: float | None = None
    least: bool = False

    @property
    def held(self) -> str:
        """Say whether the bars hold."""
        bars = ((self.median, self.bar), (self.ratio, self.ratio_bar))
        given = [(found, bar) for found, bar in bars if found is not None and bar is not None]
        if not given:
            return ""
        return "yes" if all(found >= bar if self.least else found <= bar for found, bar in given) else "NO"


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
