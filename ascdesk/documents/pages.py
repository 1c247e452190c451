"""What stands on a page, and the structure that it belongs to: values between laying out and drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

from ascdesk.documents.body import Face
from ascdesk.documents.jpeg import Jpeg
from ascdesk.documents.lines import Line
from ascdesk.documents.pictures import Picture


@dataclass(slots=True)
class Node:
    """An element of the structure tree, by its PDF tag; `attributes` are its Scope and the like.

    `box` is where a figure stands; `said` is its text in reading order; `reordered` is whether some of it
    stands in another order on the page.
    """

    tag: str
    kids: list[Node] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    said: str = ""
    reordered: bool = False
    box: tuple[float, float, float, float] | None = None

    def add(self, tag: str, **attributes: str) -> Node:
        """Append a child and return it."""
        child = Node(tag, [], attributes)
        self.kids.append(child)
        return child


@dataclass(frozen=True, slots=True)
class Text:
    """A line on a page, from its left end on its baseline; `node` is None for what is never read aloud."""

    x: float
    y: float
    line: Line
    node: Node | None


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle: a hairline, a bar or a tint."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A body seen from one side: its left upper corner, points to a unit, and the marks' circles."""

    face: Face
    x: float
    y: float
    scale: float
    radius: float
    spots: tuple[tuple[float, float], ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Placed:
    """A line drawing or a photo on a page: its left upper corner and, of a photo, its measures in points."""

    what: Picture | Jpeg
    x: float
    y: float
    node: Node
    width: float = 0.0
    height: float = 0.0


@dataclass(slots=True)
class Page:
    """One page: boxes below, outlines and pictures on them, texts above."""

    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    outlines: list[Outline] = field(default_factory=list)
    pictures: list[Placed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A heading in the outline: its level from 1, its text, its page from 0 and how high it stands."""

    level: int
    text: str
    page: int
    y: float
    node: Node


@dataclass(frozen=True, slots=True)
class Laid:
    """A document laid out: pages, structure and outline."""

    pages: tuple[Page, ...]
    root: Node
    bookmarks: tuple[Bookmark, ...]
