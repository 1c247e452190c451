"""Where in the program somebody is: data, so that a lock, a crash or a new process comes back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """A page, the case it is about, the record it shows, and where in it: ids and linkIds only."""

    page: str = "work"
    case: str = ""
    of: str = ""
    at: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the place as JSON-able parts."""
        return asdict(self)


def read_place(parts: Mapping[str, Any] | None) -> Place:
    """Return the place that was kept; the first page where it cannot be read."""
    if not isinstance(parts, Mapping):
        return Place()
    known = {name: parts.get(name, "") for name in ("page", "case", "of", "at")}
    return Place(**known) if all(isinstance(part, str) for part in known.values()) else Place()
