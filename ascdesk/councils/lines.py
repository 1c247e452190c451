"""On which line of a TOML file a value stands: the readers of TOML that we found keep no positions.

Only asked when a file is refused, and only of text that `tomllib` has already taken, so this knows where
things begin and end and judges nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Names of tables and keys, and places in lists counted from nought, from the top of the file."""

_STRING = re.compile(r'"""(?:\\.|[^\\])*?"""+|\'\'\'.*?\'\'\'+|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL)
_COMMENT = re.compile(r"#[^\n]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_OPENS, _CLOSES = "[{", "]}"


def line_of(text: str, path: Path) -> int:
    """Return the line, counted from 1, of what stands at `path`, or of the nearest thing above it."""
    known = _Positions(text).found
    while path and path not in known:
        path = path[:-1]
    return known.get(path, 1)


class _Positions:
    """Walk a file once and remember the line of every table, key and element of a list."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._walk()

    def _walk(self) -> None:
        table: Path = ()
        while self._skip():
            if self.text.startswith("[[", self.at):
                table = self._header(2)
            elif self.text[self.at] == "[":
                table = self._header(1)
            else:
                self._pair(table)

    def _skip(self, also: str = "") -> bool:
        """Step over blanks and comments; tell whether anything is left."""
        while self.at < len(self.text):
            if self.text[self.at].isspace() or self.text[self.at] in also:
                self.at += 1
            elif comment := _COMMENT.match(self.text, self.at):
                self.at = comment.end()
            else:
                return True
        return False

    def _header(self, brackets: int) -> Path:
        line = self._line()
        self.at += brackets
        names = self._names("]")
        self.at += brackets
        place = self._place(names[:-1]) + names[-1:]
        if brackets == 2:
            number = self._counts.get(place, -1) + 1
            self._counts[place] = number
            self.found.setdefault(place, line)
            place = (*place, number)
        self._remember(place, line)
        return place

    def _place(self, names: Path) -> Path:
        """Return where a header's names lead: inside a list of tables to its newest."""
        place: Path = ()
        for name in names:
            place = (*place, name)
            if place in self._counts:
                place = (*place, self._counts[place])
        return place

    def _pair(self, table: Path) -> None:
        line = self._line()
        place = table + self._names("=")
        self.at += 1
        self._remember(place, line)
        self._value(place)

    def _names(self, end: str) -> Path:
        names: list[str | int] = []
        while self._skip(".") and self.text[self.at] != end:
            quoted = _STRING.match(self.text, self.at)
            bare = _BARE.match(self.text, self.at)
            if quoted is not None:
                names.append(str(tomllib.loads(f"name = {quoted.group()}")["name"]))
                self.at = quoted.end()
            elif bare is not None:
                names.append(bare.group())
                self.at = bare.end()
            else:
                raise AssertionError("what tomllib takes has a name here")
        return tuple(names)

    def _value(self, place: Path) -> None:
        self._skip()
        if self.text[self.at] == "[":
            self._list(place)
        elif self.text[self.at] == "{":
            self._inline(place)
        elif string := _STRING.match(self.text, self.at):
            self.at = string.end()
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def _list(self, place: Path) -> None:
        for number in self._inside():
            self._remember((*place, number), self._line())
            self._value((*place, number))

    def _inline(self, place: Path) -> None:
        for _ in self._inside():
            self._pair(place)

    def _inside(self) -> Iterator[int]:
        """Count what stands between a bracket and the one that closes it."""
        self.at += 1
        number = 0
        while self._skip(",") and self.text[self.at] not in _CLOSES:
            yield number
            number += 1
        self.at += 1

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _remember(self, place: Path, line: int) -> None:
        for length in range(1, len(place) + 1):
            self.found.setdefault(place[:length], line)
