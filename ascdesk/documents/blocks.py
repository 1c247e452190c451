"""What a document is made of before it has pages: headings, paragraphs, quotations, facts, tables, lists.

The same blocks become a tagged PDF (`layout`) and a plain text file (`plain`). They hold only released text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ascdesk.documents.body import Spot
from ascdesk.documents.elevations import Built, said_of

Tone = Literal["body", "quiet", "lead", "strong", "label"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the document's name), 2 (a section) or 3 (a part of one)."""

    text: str
    level: Literal[1, 2, 3] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; line breaks in the text begin a new paragraph."""

    text: str
    tone: Tone = "body"
    keep_with_next: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody said, set off by a line in the margin, with who said it; `own` where it is the person."""

    label: str
    text: str
    own: bool = True
    keep_with_next: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and a value, one under the other.

    `share` is the share of the width that names take; 0 is the sheet's own.
    """

    rows: tuple[tuple[str, str], ...]
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row; the first column heads its row; `numeric` columns are set to the right.

    `widths` are shares of the text's width, one a column. `strong_last` marks a row of totals.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numeric: frozenset[int] = frozenset()
    strong_last: bool = False
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """An unordered list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A short statement on a tinted ground: the decision, or (a warning) that this is a draft."""

    title: str
    text: str = ""
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A hairline between parts; never read aloud."""


@dataclass(frozen=True, slots=True)
class BodyOutlines:
    """The outlines of a body from the front and from behind with numbered marks; `said` tells each mark."""

    spots: tuple[Spot, ...]
    said: tuple[str, ...]

    @property
    def alternative(self) -> str:
        """Return what is read aloud instead of the drawing."""
        return " ".join(
            ["Outlines of a body, front and back, with marks.", *(f"{one}." for one in self.said)]
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing to scale of what is to be built; the caption stands below it."""

    built: Built
    caption: str = ""

    @property
    def alternative(self) -> str:
        """Return what is read aloud instead of the drawing."""
        return said_of(self.built)


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photo as JPEG bytes: what it shows, in words, and its caption below it."""

    data: bytes
    alternative: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A thing with its picture beside it: which picture, its name, and what is said of it."""

    picture: str
    name: str
    lines: tuple[str, ...] = ()

    @property
    def alternative(self) -> str:
        """Return what is read aloud instead of the picture."""
        return f"A drawing of: {self.name}"


Block: TypeAlias = (
    Heading
    | Paragraph
    | Words
    | Facts
    | Table
    | Bullets
    | Notice
    | Rule
    | BodyOutlines
    | Drawn
    | Photograph
    | Item
)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: its title, what the running head and foot say, and its blocks.

    `title` names the document and its version, never a person: viewers show it on the window. `stamp` is
    YYYYMMDD.
    """

    title: str
    footer_name: str
    issued: str
    stamp: str
    council: str
    language: str
    draft: bool
    blocks: tuple[Block, ...]
    draft_because: str = "not yet signed"
