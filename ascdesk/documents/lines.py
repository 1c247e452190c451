"""Lines of text: bidirectional order and line breaking. Widths are points; knows fonts but no pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ascdesk.documents.fonts import FontSet, Run, clusters, tidy

_RTL = frozenset({"R", "AL", "RLE", "RLO", "AN"})
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
    """One line: its runs in visual order, its width in points, and whether it reads from the right."""

    runs: tuple[Run, ...]
    width: float
    rtl: bool
    style: Style


@dataclass(frozen=True, slots=True)
class _Word:
    runs: tuple[Run, ...]
    width: float
    space: bool  # a space follows
    space_level: int


def break_lines(
    text: str, style: Style, width: float, fonts: FontSet, *, rtl: bool | None = None
) -> tuple[Line, ...]:
    """Break a text into lines no wider than `width` points. Line breaks in it are kept; an empty text has
    no lines.

    The direction of each paragraph is its first strong character's, unless `rtl` says it.
    """
    lines: list[Line] = []
    for paragraph in tidy(text).split("\n"):
        if paragraph.strip():
            lines += _paragraph(paragraph.strip(), style, width, fonts, rtl)
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
    for c in text:  # boundary neutrals were taken out (X9): they ride with what is before them
        removed = unicodedata.bidirectional(c) == "BN"
        out.append((out[-1] if out else base) if removed else int(next(resolved)["level"]))
    return bool(base % 2), out


def _paragraph(text: str, style: Style, width: float, fonts: FontSet, rtl: bool | None) -> Iterator[Line]:
    from_right, level = levels(text, rtl)
    base = int(from_right)
    space = fonts.shape(" ", style.weight, 0)[0].width * style.size / 1000
    line: list[_Word] = []
    used = 0.0
    for word in _words(text, level, style, width, fonts):
        gap = space if line and line[-1].space else 0.0
        if line and used + gap + word.width > width:
            yield _line(line, base, style, fonts)
            line, used, gap = [], 0.0, 0.0
        line.append(word)
        used += gap + word.width
    if line:
        yield _line(line, base, style, fonts)


def _words(text: str, level: list[int], style: Style, width: float, fonts: FontSet) -> Iterator[_Word]:
    at = 0
    for chunk in text.split(" "):
        here = level[at : at + len(chunk)]
        after = at + len(chunk)
        if chunk:
            more = after < len(text)
            space_level = level[after] if more else 0
            yield from _pieces(chunk, here, more, space_level, style, width, fonts)
        at = after + 1


def _pieces(
    chunk: str, level: list[int], space: bool, space_level: int, style: Style, width: float, fonts: FontSet
) -> Iterator[_Word]:
    """Give a word whole, or broken after its hyphens, or, where it is wider than the line, wherever it must
    be."""
    parts = (_LONG_BREAK if len(chunk) > 24 else _BREAK).split(chunk)
    at = 0
    for i, part in enumerate(parts):
        last = space and i == len(parts) - 1
        word = _word(part, level[at : at + len(part)], last, space_level, style, fonts)
        if word.width <= width:
            yield word
        else:
            yield from _forced(part, level[at : at + len(part)], last, space_level, style, width, fonts)
        at += len(part)


def _forced(
    part: str, level: list[int], space: bool, space_level: int, style: Style, width: float, fonts: FontSet
) -> Iterator[_Word]:
    piece, used, at, start = "", 0.0, 0, 0
    for cluster in clusters(part):
        wide = sum(r.width for r in fonts.shape(cluster, style.weight, level[at] if at < len(level) else 0))
        wide *= style.size / 1000
        if piece and used + wide > width * 0.98:  # shaped together may be a little wider than apart
            yield _word(piece, level[start:at], False, space_level, style, fonts)
            piece, used, start = "", 0.0, at
        piece, used, at = piece + cluster, used + wide, at + len(cluster)
    yield _word(piece, level[start:at], space, space_level, style, fonts)


def _word(text: str, level: list[int], space: bool, space_level: int, style: Style, fonts: FontSet) -> _Word:
    runs: list[Run] = []
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or level[i] != level[start]:
            runs += fonts.shape(text[start:i], style.weight, level[start])
            start = i
    return _Word(tuple(runs), sum(r.width for r in runs) * style.size / 1000, space, space_level)


def _line(words: list[_Word], base: int, style: Style, fonts: FontSet) -> Line:
    runs: list[Run] = []
    for i, word in enumerate(words):
        runs += word.runs
        if word.space and i < len(words) - 1:
            runs += fonts.shape(" ", style.weight, word.space_level)
    width = sum(r.width for r in runs) * style.size / 1000
    return Line(tuple(_visual(runs)), width, bool(base), style)


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
