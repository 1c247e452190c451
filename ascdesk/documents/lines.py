"""Lines of text: bidirectional order and line breaking. Widths are points; knows fonts but no pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ascdesk.documents.fonts import FontSet, Run, clusters, tidy

_RTL = frozenset({"R", "AL", "RLE", "RLO", "AN"})
_LONGEST = 400  # characters; a longer word is pasted rubbish, and HarfBuzz has a limit
_BREAK = re.compile(r"(?<=\w[-–—])(?=\w)")
_LONG_BREAK = re.compile(r"(?<=[-–—/@.?&=_])(?=\w)")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: size and leading in points, weight, and the name of its colour."""

    size: float
    leading: float
    weight: int = 400
    colour: str = "ink"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its runs in visual order, its width in points, and whether it reads from the right.

    `text` is what it says, in reading order, with the space that it ends with.
    """

    runs: tuple[Run, ...]
    width: float
    rtl: bool
    style: Style
    text: str = ""

    @property
    def reordered(self) -> bool:
        """Say whether any of it stands in another order than it is read."""
        return any(run.level % 2 for run in self.runs)


def break_lines(
    text: str, style: Style, width: float, fonts: FontSet, *, rtl: bool | None = None
) -> tuple[Line, ...]:
    """Break a text into lines no wider than `width` points. Line breaks in it are kept; an empty text has
    no lines.

    The direction of each paragraph is its first strong character's, unless `rtl` says it.
    """
    lines: list[Line] = []
    setter = _Setter(style, width, fonts)
    paragraphs = [part.strip() for part in tidy(text).split("\n") if part.strip()]
    for i, paragraph in enumerate(paragraphs):  # a space, so that nobody reads two paragraphs' words as one
        lines += setter.paragraph(paragraph + " " * (i < len(paragraphs) - 1), rtl)
    return tuple(lines)


def text_width(text: str, style: Style, fonts: FontSet) -> float:
    """Measure a text set on one line, in points."""
    return sum(line.width for line in break_lines(text, style, 1e9, fonts))


def levels(text: str, rtl: bool | None) -> tuple[bool, list[int]]:
    """Return whether the paragraph reads from the right, and the bidi level of each character (UAX #9,
    without
    isolates: `tidy` has removed them)."""
    if text.isascii() or not any(unicodedata.bidirectional(c) in _RTL for c in text):
        return bool(rtl), [2 * int(bool(rtl))] * len(text)
    from bidi import algorithm  # type: ignore[import-untyped]  # noqa: PLC0415 - only for right-to-left text

    base = algorithm.get_base_level(text) if rtl is None else int(rtl)
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    out: list[int] = []
    resolved = iter(storage["chars"])
    for c in text:  # what was taken out (X9) and marks ride with what is before them
        here = out[-1] if out else base
        if unicodedata.bidirectional(c) != "BN":
            own = int(next(resolved)["level"])
            here = here if out and unicodedata.category(c)[0] == "M" else own
        out.append(here)
    return bool(base % 2), out


@dataclass(frozen=True, slots=True)
class _Word:
    """What is never broken. `space` is the bidi level of the space after it, or None where none follows."""

    runs: tuple[Run, ...]
    width: float
    space: int | None


@dataclass(frozen=True, slots=True)
class _Setter:
    """Sets one paragraph: in one style, to one width in points."""

    style: Style
    width: float
    fonts: FontSet

    def paragraph(self, text: str, rtl: bool | None) -> Iterator[Line]:
        """Fill lines with words, as many to a line as fit."""
        from_right, level = levels(text, rtl)
        gap = self.points(self.fonts.shape(" ", self.style.weight, 0))
        line: list[_Word] = []
        used = 0.0
        for word in self.words(text, level):
            needed = word.width + (gap if line and line[-1].space is not None else 0.0)
            if line and used + needed > self.width:
                yield self.line(line, from_right)
                line, used, needed = [], 0.0, word.width
            line.append(word)
            used += needed
        if line:
            yield self.line(line, from_right)

    def points(self, runs: Sequence[Run]) -> float:
        """Measure runs in points."""
        return sum(run.width for run in runs) * self.style.size / 1000

    def words(self, text: str, level: Sequence[int]) -> Iterator[_Word]:
        """Split a text at its spaces, and long words further."""
        at = 0
        for chunk in text.split(" "):
            after = at + len(chunk)
            if chunk:
                yield from self.pieces(chunk, level[at:after], level[after] if after < len(text) else None)
            at = after + 1

    def pieces(self, chunk: str, level: Sequence[int], space: int | None) -> Iterator[_Word]:
        """Give a word whole, or broken after its hyphens; wider than the line, wherever it must be."""
        parts = (_LONG_BREAK if len(chunk) > 24 else _BREAK).split(chunk)
        at = 0
        for i, part in enumerate(parts):
            here, tail = level[at : at + len(part)], space if i == len(parts) - 1 else None
            whole = self.word(part, here, tail) if len(part) <= _LONGEST else None
            if whole and whole.width <= self.width:
                yield whole
            else:
                yield from self.forced(part, here, tail)
            at += len(part)

    def forced(self, part: str, level: Sequence[int], space: int | None) -> Iterator[_Word]:
        """Break a word that no line can hold, between its characters."""
        start = at = 0
        used = 0.0
        for cluster in clusters(part):
            wide = self.points(self.fonts.shape(cluster, self.style.weight, level[at]))
            if at > start and used + wide > self.width * 0.98:
                yield from self.fitted(part[start:at], level[start:at], None)
                used, start = 0.0, at
            used, at = used + wide, at + len(cluster)
        yield from self.fitted(part[start:], level[start:], space)

    def fitted(self, text: str, level: Sequence[int], space: int | None) -> Iterator[_Word]:
        """Give a piece of a word; where its letters are wider together than apart, in halves."""
        word, parts = self.word(text, level, space), clusters(text)
        if word.width <= self.width or len(parts) == 1:
            yield word
            return
        middle = len("".join(parts[: len(parts) // 2]))
        yield from self.fitted(text[:middle], level[:middle], None)
        yield from self.fitted(text[middle:], level[middle:], space)

    def word(self, text: str, level: Sequence[int], space: int | None) -> _Word:
        """Shape a word, one bidi level after another."""
        runs: list[Run] = []
        if len(set(level)) == 1:
            runs += self.fonts.shape(text, self.style.weight, level[0])
            return _Word(tuple(runs), self.points(runs), space)
        start = 0
        for i in range(1, len(text) + 1):
            if i == len(text) or level[i] != level[start]:
                runs += self.fonts.shape(text[start:i], self.style.weight, level[start])
                start = i
        return _Word(tuple(runs), self.points(runs), space)

    def line(self, words: Sequence[_Word], from_right: bool) -> Line:
        """Join words to a line. A line that reads from the left keeps the space it ends with, unseen and
        unmeasured,
        so that what reads the text aloud does not join two words."""
        runs: list[Run] = []
        for word in words:
            runs += word.runs
            if word.space is not None:
                runs += self.fonts.shape(" ", self.style.weight, word.space)
        text = "".join(run.text for run in runs)
        trailing = runs[-1:] if words[-1].space is not None else []
        width = self.points(runs) - self.points(trailing)
        if trailing and any(run.level for run in runs):
            runs = runs[:-1]
        return Line(tuple(_visual(runs)), width, from_right, self.style, text)


def _visual(runs: list[Run]) -> list[Run]:
    """Reorder runs for the eye (UAX #9 L2): reverse every stretch at or above each level, down to the
    lowest odd."""
    order = list(runs)
    lowest_odd = min((r.level for r in order if r.level % 2), default=None)
    if lowest_odd is None:
        return order
    for level in range(max(r.level for r in order), lowest_odd - 1, -1):
        i = 0
        while i < len(order):
            j = i
            while j < len(order) and order[j].level >= level:
                j += 1
            order[i:j] = reversed(order[i:j])
            i = max(j, i + 1)
    return order
