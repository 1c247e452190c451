"""What could not be written yet: kept in memory in its newest form, and tried again until it is durable.

A full or stubborn disk is the only case; what a rule refuses is never tried again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

Done = Callable[[Any], None]


@dataclass(eq=False, slots=True)
class Write:
    """One edit on its way to the record. ``keep`` says what it sets; ``None``: it is not tried again."""

    case: str
    work: Callable[[], Any]
    keep: Hashable | None
    tell: bool
    done: list[Done] = field(default_factory=list)
    failed: Callable[[Exception], None] | None = None


class Keeping:
    """The writes that are under way and those that wait for space; of each thing only the newest counts."""

    def __init__(self) -> None:
        self._under_way: list[Write] = []
        self._waiting: dict[Hashable, Write] = {}

    @property
    def under_way(self) -> int:
        """Return how many writes have not been answered."""
        return len(self._under_way)

    @property
    def waiting(self) -> int:
        """Return how many things are on the screen alone."""
        return len(self._waiting)

    def begin(self, write: Write) -> None:
        """Note a write that is under way; an older one of the same thing waits no more, it is in this one."""
        older = self._waiting.pop(write.keep, None) if write.keep is not None else None
        if older is not None:
            write.done = [*older.done, *write.done]
        self._under_way.append(write)

    def end(self, write: Write) -> None:
        """Note that a write is durable, or refused."""
        self._under_way.remove(write)

    def wait(self, write: Write) -> None:
        """Keep a write that the disk did not take, unless a newer one of the same thing is under way."""
        self._under_way.remove(write)
        newer = next((one for one in self._under_way if one.keep == write.keep), None)
        if newer is not None:
            newer.done = [*write.done, *newer.done]
        elif write.keep is not None:
            self._waiting[write.keep] = write

    def again(self) -> list[Write]:
        """Return what waits, to be tried again in the order in which it came."""
        writes = list(self._waiting.values())
        self._waiting.clear()
        self._under_way += writes
        return writes
