"""Reading one file of a pack, part by part: everything that is wrong is noted with its line, nothing stops.

A value that is missing or wrong is noted and stands in for itself as something empty, so that one reading
finds every problem of a file. Nobody may use what was read once a problem is noted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from ascdesk.councils.lines import Path, line_of

_Enum = TypeVar("_Enum", bound=StrEnum)
_ID = re.compile(r"[a-z][a-z0-9_]*")
_MOST_TEXT = 4_000
_MOST_MONEY = Decimal(10**7)
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
NO_DAY = date(1, 1, 1)
"""What stands where a day should and nobody wrote one; the file is refused then."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Say what is wrong in a pack: in which file, on which line from 1, and why; in words for its editor."""

    file: str
    line: int
    reason: str

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        return f"{self.file}, line {self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Mark:
    """Say whether somebody confirmed a part, and by what; `source` is where it was taken from."""

    verified: bool
    source: str = ""


UNMARKED = Mark(False)
"""The mark of what nobody said anything about."""


class Page:
    """One file being read, with the problems found in it so far."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.problems: list[Problem] = []
        self.data = self._loaded()

    def _loaded(self) -> Mapping[str, Any]:
        try:
            return tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:
            # ValueError beside TOMLDecodeError: a number of thousands of digits
            said = str(error)
            where = _WHERE.search(said)
            line = int(where[1]) if where and where[1] else max(1, len(self.text.rstrip().splitlines()))
            self.problems.append(Problem(self.file, line, f"this is not TOML: {_WHERE.sub('', said)}."))
            return {}

    @property
    def readable(self) -> bool:
        """Tell whether it is TOML at all."""
        return bool(self.data) or not self.problems

    def root(self) -> Part:
        """Return the whole file as a part."""
        return Part(self, (), self.data, absent=not self.readable)

    def wrong(self, path: Path, reason: str) -> None:
        """Note a problem with what stands at `path`."""
        self.problems.append(Problem(self.file, line_of(self.text, path), reason))


class Part:
    """One table of a file. Each taking of a name says what kind of value belongs there."""

    def __init__(self, page: Page, path: Path, data: Mapping[str, Any], *, absent: bool = False) -> None:
        self.page = page
        self.path = path
        self._data = data
        self._absent = absent
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._data

    @property
    def names(self) -> tuple[str, ...]:
        """Name what stands in it."""
        return tuple(self._data)

    def wrong(self, reason: str, *more: str | int) -> None:
        """Note a problem with this part, or with what stands below it at `more`.

        Of a part that is not there, that was noted already; what it lacks is nothing new.
        """
        if not self._absent:
            self.page.wrong((*self.path, *more), reason)

    def _take(self, name: str, kind: type[Any], said: str) -> Any:  # noqa: ANN401 (what TOML holds)
        """Return a value of a kind, or None where it is absent or of another; the second is noted."""
        self._taken.add(name)
        value = self._data.get(name)
        if value is None or type(value) is kind:
            return value
        self.wrong(f"“{name}” must be {said}.", name)
        return None

    def _missing(self, name: str, said: str) -> None:
        if name not in self._data:
            self.wrong(f"“{name}” is missing: write {said}.")

    def text(self, name: str, default: str | None = None) -> str:
        """Take a text that is not empty; with a default it may be left out or empty."""
        value = self._take(name, str, "a text in quotation marks")
        if value is None:
            if default is None:
                self._missing(name, "a text")
            return default or ""
        if default is None and not value.strip():
            self.wrong(f"“{name}” is empty: write it.", name)
        if len(value) > _MOST_TEXT or "\0" in value:
            self.wrong(f"“{name}” is too long, or holds what cannot be printed.", name)
        return str(value)

    def identifier(self, name: str = "id") -> str:
        """Take an id: small letters, digits and underscores, beginning with a letter."""
        value = self.text(name)
        if value and not _ID.fullmatch(value):
            self.wrong(f"“{value}” is no id: use small letters, digits and _, a letter first.", name)
        return value

    def flag(self, name: str, default: bool | None = None) -> bool:
        """Take true or false."""
        value = self._take(name, bool, "true or false")
        if value is None and default is None:
            self._missing(name, "true or false")
        return bool(default) if value is None else bool(value)

    def whole(self, name: str, least: int, most: int, default: int | None = None) -> int:
        """Take a whole number between two others, both included."""
        value = self._take(name, int, "a whole number, without quotation marks")
        if value is None:
            if default is None:
                self._missing(name, f"a whole number from {least} to {most}")
            return least if default is None else default
        if not least <= value <= most:
            self.wrong(f"“{name}” must lie between {least} and {most}.", name)
        return int(value)

    def day(self, name: str) -> date | None:
        """Take a day, written 2026-12-29; None where it is left out."""
        value = self._take(name, date, "a day such as 2026-12-29, without quotation marks")
        if value is not None and not 1990 <= value.year <= 2200:
            self.wrong(f"“{name}” must lie between 1990 and 2200.", name)
        return value if value is None or not isinstance(value, datetime) else None

    def sure_day(self, name: str) -> date:
        """Take a day that may not be left out."""
        found = self.day(name)
        if found is None:
            self._missing(name, "a day such as 2026-12-29")
        return found or NO_DAY

    def time(self, name: str) -> time:
        """Take a time of day, written 17:00:00."""
        value = self._take(name, time, "a time such as 17:00:00, without quotation marks")
        if value is None:
            self._missing(name, "a time such as 17:00:00")
        return value or time()

    def money(self, name: str) -> Decimal:
        """Take an amount in pounds, zero or more, written as a text such as "22.50"."""
        value = self._take(name, str, 'an amount in quotation marks, such as "22.50"')
        if value is None:
            self._missing(name, 'an amount such as "22.50"')
            return Decimal(0)
        try:
            found = Decimal(value) if re.fullmatch(r"\d{1,8}(\.\d{1,2})?", value) else None
        except InvalidOperation:
            found = None
        if found is None or found > _MOST_MONEY:
            self.wrong(f'“{name}” must be an amount in pounds such as "22.50".', name)
            return Decimal(0)
        return found

    def texts(self, name: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """Take a list of texts, none of them empty or twice."""
        value = self._take(name, list, "a list of texts in square brackets")
        if value is None:
            if default is None:
                self._missing(name, "a list of texts")
            return tuple(default or ())
        for place, one in enumerate(value):
            if not isinstance(one, str) or not one.strip():
                self.wrong(f"“{name}” must hold texts in quotation marks.", name, place)
            elif one in value[:place]:
                self.wrong(f"“{one}” stands twice in “{name}”.", name, place)
        if default is None and not value:
            self.wrong(f"“{name}” is empty: name at least one.", name)
        return tuple(one for one in value if isinstance(one, str) and one.strip())

    def choice(self, name: str, kind: type[_Enum], default: _Enum | None = None) -> _Enum:
        """Take one of an enumeration's values."""
        given = self.text(name, None if default is None else "")
        for member in kind:
            if given == member.value:
                return member
        first = next(iter(kind))
        if given:
            self.wrong(f"“{given}” is not known here: use {_listed(kind)}.", name)
        return default if default is not None else first

    def choices(self, name: str, kind: type[_Enum], default: Sequence[str] | None = None) -> frozenset[_Enum]:
        """Take several of an enumeration's values."""
        known = {member.value: member for member in kind}
        given = self.texts(name, default)
        for place, one in enumerate(given):
            if one not in known:
                self.wrong(f"“{one}” is not known here: use {_listed(kind)}.", name, place)
        return frozenset(known[one] for one in given if one in known)

    def among(self, name: str, given: Iterable[str], known: Iterable[str], what: str) -> None:
        """Note each of `given`, which stand under `name`, that is not among `known`."""
        allowed = tuple(known)
        single = isinstance(self._data.get(name), str)
        for place, one in enumerate(given):
            if one not in allowed:
                near = get_close_matches(one, allowed, 1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                self.wrong(f"“{one}” is not {what}.{hint}", name, *(() if single else (place,)))

    def part(self, name: str, *, optional: bool = False) -> Part:
        """Take a table."""
        value = self._take(name, dict, f"a part of its own, [{name}]")
        if value is None and not optional and name not in self._data:
            self.wrong(f"the part [{'.'.join(str(one) for one in (*self.path, name))}] is missing.")
        return Part(self.page, (*self.path, name), value or {}, absent=value is None)

    def parts(self, name: str, *, least: int = 1) -> tuple[Part, ...]:
        """Take the tables of a list, [[name]]; `least` is how many there must be."""
        value = self._take(name, list, f"written as [[{name}]], once for each")
        found = value or []
        if len(found) < least and (value is not None or name not in self._data):
            self.wrong(f"there is no [[{name}]]: it needs {'one' if least == 1 else least} at least.")
        for place, one in enumerate(found):
            if not isinstance(one, dict):
                self.wrong(f"“{name}” must be written as [[{name}]], once for each.", name, place)
        return tuple(
            Part(self.page, (*self.path, name, place), one)
            for place, one in enumerate(found)
            if isinstance(one, dict)
        )

    def mark(self) -> Mark:
        """Take `verified` and `source`. What is verified has to say by what."""
        verified, source = self.flag("verified"), self.text("source", "")
        if verified and not source.strip():
            self.wrong("“source” is missing: what is verified says where it was confirmed.")
        return Mark(verified, source)

    def done(self) -> None:
        """Note every name that nobody took: most likely it is misspelt."""
        for name in self._data:
            if name not in self._taken:
                near = get_close_matches(name, sorted(self._taken), 1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                self.wrong(f"“{name}” is not known here.{hint}", name)


def unique(parts: Sequence[Part], ids: Sequence[str], what: str) -> None:
    """Note each id that stands a second time."""
    for place, one in enumerate(ids):
        if one and one in ids[:place]:
            parts[place].wrong(f"There are two {what} with the id “{one}”.", "id")


def each(parts: Sequence[Part], read: Callable[[Part], Any]) -> tuple[Any, ...]:
    """Read every part, and note what nobody took in it."""
    found = []
    for part in parts:
        found.append(read(part))
        part.done()
    return tuple(found)


def _listed(kind: type[StrEnum]) -> str:
    return ", ".join(member.value for member in kind)
