"""The bundled fonts: which one shows which characters, and how a run of text becomes glyphs (HarfBuzz).

Knows nothing of pages. A character that no font here has is found by `missing`, before anything is issued.
"""

from __future__ import annotations

import re
import struct
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ascdesk.errors import MachineTrouble

Weight = Literal[400, 600, 700]
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset("\u200b\u200e\u200f\u2060\ufeff\u00ad") | {chr(c) for c in range(0xFE00, 0xFE10)}
_MOST_SHAPES = 30_000
_NOT_EMBEDDED = ("GSUB", "GPOS", "GDEF", "DSIG", "STAT", "gasp", "name")
_UNTIDY = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000\ud800-\udfff]"
)
_MIRRORED = dict(
    zip("()[]{}<>«»", ")(][}{><»«", strict=True)
)  # what a reader sees of each from right to left
_SIMPLE_LIMIT = (
    0x0590  # below: Latin, Greek, Cyrillic, Armenian; from here on, scripts with rules of their own
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """A placed glyph; advances and offsets in thousandths of the type size; `text` is what it stands for.

    `natural` is the advance that the font itself gives; `advance` is what shaping made of it. Glyphs of one
    `cluster` stand for its text together; the first of them carries it.
    """

    gid: int
    cluster: int
    natural: float
    advance: float
    dx: float
    dy: float
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one font and one direction, in visual order. `level` is the bidi level; `text` in reading
    order."""

    font: int
    level: int
    glyphs: tuple[Glyph, ...]
    width: float
    text: str
    simple: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A character that no bundled font has: the character, its name, and a word it stands in."""

    character: str
    name: str
    example: str

    def __str__(self) -> str:
        """Say which character it is, without needing to show it."""
        return f"U+{ord(self.character):04X} {self.name}"


@dataclass(frozen=True, slots=True)
class Face:
    """One font file, opened."""

    family: str
    file: str
    weight: int
    hb_face: Any
    hb_font: Any
    covers: frozenset[int]
    per_mille: float

    def advance(self, gid: int) -> float:
        """Give a glyph's own advance, in thousandths of the type size."""
        return round(float(self.hb_font.get_glyph_h_advance(gid)) * self.per_mille, 2)

    def extents(self) -> tuple[float, float]:
        """Give the font's ascent and descent, in thousandths."""
        extents = self.hb_font.get_font_extents("ltr")
        return round(extents.ascender * self.per_mille), round(extents.descender * self.per_mille)

    def box(self) -> list[float]:
        """Give the font's bounding box, in thousandths, from its head table (bytes 36 to 43)."""
        return [round(v * self.per_mille) for v in struct.unpack(">4h", bytes(self.table("head"))[36:44])]

    def table(self, tag: str) -> bytes:
        """Read one table of the font file."""
        return bytes(self.hb_face.reference_table(tag).data)

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """Cut the font down to some glyphs, which keep their ids; outlines and metrics only."""
        import uharfbuzz as hb  # noqa: PLC0415 - only a document needs it

        wanted = hb.SubsetInput()
        wanted.glyph_set.update({0, *glyphs})
        wanted.flags = hb.SubsetFlags.RETAIN_GIDS
        wanted.drop_table_tag_set.update(int.from_bytes(tag.encode()) for tag in _NOT_EMBEDDED)
        return bytes(hb.subset(self.hb_face, wanted).blob.data)


@dataclass(slots=True)
class FontSet:
    """The upright fonts of one folder, in the order they are tried, with the shapes already made.

    Make one for a document, or keep one for several: it remembers the shapes of words, and shows none in
    its repr.
    """

    faces: tuple[Face, ...] = field(repr=False)
    _order: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False)
    _fonts: dict[tuple[str, int], int | None] = field(default_factory=dict, repr=False)
    _shapes: dict[tuple[str, int, int], tuple[Run, ...]] = field(default_factory=dict, repr=False)

    def order(self, weight: int) -> tuple[int, ...]:
        """List the faces to try for a weight: each family's nearest weight, families in the folder's
        order."""
        if weight not in self._order:
            nearest: dict[str, int] = {}
            for i, face in enumerate(self.faces):
                best = nearest.get(face.family)
                if best is None or abs(face.weight - weight) < abs(self.faces[best].weight - weight):
                    nearest[face.family] = i
            self._order[weight] = tuple(nearest.values())
        return self._order[weight]

    def font_for(self, cluster: str, weight: int) -> int | None:
        """Find the first face that has every character of a cluster; None where none has."""
        key = (cluster, weight)
        if key not in self._fonts:
            self._fonts[key] = self._find(cluster, weight)
        return self._fonts[key]

    def _find(self, cluster: str, weight: int) -> int | None:
        needed = {ord(c) for c in cluster if c not in _INVISIBLE and c not in _JOINERS}
        apart = {ord(c) for c in unicodedata.normalize("NFD", cluster)} - {
            ord(c) for c in _INVISIBLE | _JOINERS
        }
        for i in self.order(weight):
            covers = self.faces[i].covers
            if needed <= covers or apart <= covers:
                return i
        return None

    def missing(self, text: str) -> tuple[Missing, ...]:
        """Name each character of a text that no font here has, once, in order of appearance."""
        found: dict[str, Missing] = {}
        for word in tidy(text).split():
            for part in self._parts(word, 400):
                if self.font_for(part, 400) is None:
                    name = unicodedata.name(part, "without a name")
                    found.setdefault(part, Missing(part, name, word[:40]))
        return tuple(found.values())

    def shape(self, word: str, weight: int, level: int) -> tuple[Run, ...]:
        """Shape a word of one bidi level: one run for each font it needs, in reading order."""
        key = (word, weight, level)
        runs = self._shapes.get(key)
        if runs is None:
            if len(self._shapes) >= _MOST_SHAPES:
                self._shapes.clear()
            runs = self._shapes[key] = tuple(self._runs(word, weight, level))
        return runs

    def _runs(self, word: str, weight: int, level: int) -> list[Run]:
        if word.isascii():
            return [self._run(word, self.order(weight)[0], level)]
        pieces: list[tuple[int, str]] = []
        for part in self._parts(word, weight):
            font = self.font_for(part, weight)
            if font is None:  # never reaches a page: `missing` has refused it
                font = self.order(weight)[0]
            if pieces and pieces[-1][0] == font:
                pieces[-1] = (font, pieces[-1][1] + part)
            else:
                pieces.append((font, part))
        return [self._run(text, font, level) for font, text in pieces if not _INVISIBLE.issuperset(text)]

    def _parts(self, word: str, weight: int) -> Iterator[str]:
        """Split a word into clusters, and a cluster that no font has whole into its characters."""
        for cluster in clusters(word):
            if len(cluster) > 1 and self.font_for(cluster, weight) is None:
                yield from cluster
            else:
                yield cluster

    def _run(self, text: str, font: int, level: int) -> Run:
        import uharfbuzz as hb  # noqa: PLC0415 - only a document needs it

        face = self.faces[font]
        shown = "".join(c for c in text if c not in _INVISIBLE)
        buffer = hb.Buffer()
        buffer.add_str(shown)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if level % 2 else "ltr"
        hb.shape(face.hb_font, buffer)
        scale = face.per_mille
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(starts, [*starts[1:], len(shown)], strict=True))
        said: set[int] = set()
        glyphs = []
        for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            stands_for = "" if info.cluster in said else shown[info.cluster : ends[info.cluster]]
            said.add(info.cluster)
            if level % 2:
                stands_for = _MIRRORED.get(stands_for, stands_for)
            natural = face.hb_font.get_glyph_h_advance(info.codepoint) * scale
            placed = (at.x_advance * scale, at.x_offset * scale, at.y_offset * scale)
            glyphs.append(Glyph(info.codepoint, info.cluster, natural, *placed, stands_for))
        width = sum(g.advance for g in glyphs)
        simple = level % 2 == 0 and all(ord(c) < _SIMPLE_LIMIT or 0x2000 <= ord(c) < 0x2E80 for c in shown)
        return Run(font, level, tuple(glyphs), width, shown, simple)


def load(folder: Path) -> FontSet:
    """Open the upright fonts that `fonts.toml` of a folder names.

    Raises MachineTrouble where the folder, the list or a font cannot be read.
    """
    try:
        listed = tomllib.loads((folder / "fonts.toml").read_text("utf-8"))["font"]
        entries = [e for e in listed if e.get("style", "normal") == "normal"]
        return FontSet(tuple(_open(folder, e) for e in entries))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise MachineTrouble(
            "The fonts for printing could not be read, so no copy can be made. Ask for ASC Desk to "
            "be repaired."
        ) from error


def _open(folder: Path, entry: dict[str, Any]) -> Face:
    import uharfbuzz as hb  # noqa: PLC0415 - only a document needs it

    file = Path(str(entry["file"])).name  # a name from a list is never a path
    hb_face = hb.Face(hb.Blob((folder / file).read_bytes()))
    covers = frozenset(hb_face.unicodes)
    return Face(
        str(entry["family"]),
        file,
        int(entry["weight"]),
        hb_face,
        hb.Font(hb_face),
        covers,
        1000 / hb_face.upem,
    )


def tidy(text: str) -> str:
    """Compose a text, make every white space plain, and drop control characters; line breaks stay."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not _UNTIDY.search(text):
        return text
    out = []
    for c in text:
        kind = unicodedata.category(c)
        if c == "\n" or kind in {"Zl", "Zp"} or c in "\v\f\x85":
            out.append("\n")
        elif kind == "Zs" or c == "\t":
            out.append("\u00a0" if c in "\u00a0\u202f" else " ")
        elif kind not in {"Cc", "Cs"} and not ("\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"):
            out.append(c)
    return "".join(out)


def clusters(word: str) -> list[str]:
    """Split a word into base characters with the marks and joiners that belong to them."""
    if word.isascii():
        return list(word)
    out: list[str] = []
    for c in word:
        belongs = unicodedata.category(c)[0] == "M" or c in _JOINERS or c in _INVISIBLE
        if out and (belongs or out[-1][-1] == "\u200d"):
            out[-1] += c
        else:
            out.append(c)
    return out
