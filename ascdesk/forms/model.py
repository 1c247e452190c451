"""A compiled form: a flat table of items in document order, and what depends on what; it never changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from ascdesk.forms.fhirpath.values import Coding, Quantity, Temporal
from ascdesk.forms.problems import Note

if TYPE_CHECKING:
    from ascdesk.forms.instance import Instance

Json = dict[str, Any]
Answer = Mapping[str, Any]
Path = tuple[str, ...]
ROOT = -1
BLANK_ROW = ""
QUESTION_KEYS: dict[str, tuple[str, ...]] = {
    "boolean": ("valueBoolean",),
    "decimal": ("valueDecimal",),
    "integer": ("valueInteger",),
    "date": ("valueDate",),
    "dateTime": ("valueDateTime",),
    "time": ("valueTime",),
    "string": ("valueString",),
    "text": ("valueString",),
    "url": ("valueUri",),
    "choice": ("valueCoding",),
    "open-choice": ("valueCoding", "valueString"),
    "attachment": ("valueAttachment",),
    "quantity": ("valueQuantity",),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a choice offers: a FHIR value[x], its words, and its score where it has one."""

    value: Answer
    display: str
    score: Decimal | None = None
    exclusive: bool = False
    selected: bool = False
    translations: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Return the code of a Coding, or the plain value as text."""
        key, value = next(iter(self.value.items()))
        return str(value.get("code", "")) if key == "valueCoding" else str(value)


@dataclass(frozen=True, slots=True)
class Constraint:
    """A rule that a finished response must keep; `breaks` is true of the occurrence that breaks it."""

    key: str
    severity: str
    human: str
    breaks: Callable[[Instance], bool]


@dataclass(frozen=True, slots=True)
class Node:
    """One item of a Questionnaire with everything that the engine and the screen need to know of it."""

    index: int
    link_id: str
    type: str
    text: str
    parent: int
    children: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    prefix: str = ""
    short_text: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    repeats: bool = False
    read_only: bool = False
    hidden: bool = False
    keys: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    scores: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    control: str = ""
    orientation: str = ""
    category: str = ""
    entry_format: str = ""
    open_label: str = ""
    unit: Answer | None = None
    unit_options: tuple[Answer, ...] = ()
    step: int | None = None
    support_links: tuple[str, ...] = ()
    min_value: int | Decimal | Temporal | Quantity | None = None
    max_value: int | Decimal | Temporal | Quantity | None = None
    min_length: int = 0
    max_length: int | None = None
    decimals: int | None = None
    regex: re.Pattern[str] | None = None
    min_occurs: int = 0
    max_occurs: int | None = None
    max_size: Decimal | None = None
    mime_types: tuple[str, ...] = ()
    initial: tuple[Answer, ...] = ()
    initial_expression: Evaluate | None = None
    calculated: bool = False
    conditional: bool = False
    constraints: tuple[Constraint, ...] = ()
    codes: tuple[Answer, ...] = ()
    ours: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_question(self) -> bool:
        """Return whether the item is asked (it is neither a group nor a display)."""
        return self.type not in ("group", "display")

    @property
    def is_open(self) -> bool:
        """Return whether a choice also takes the person's own words."""
        return "valueString" in self.keys and "valueCoding" in self.keys

    @property
    def repeating_group(self) -> bool:
        """Return whether the item is a group with rows."""
        return self.repeats and self.type == "group"


Evaluate = Callable[["Instance"], tuple[Any, ...]]
Holds = Callable[["Instance"], bool]


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that is worked out for every occurrence of an item: whether it is enabled, or its value."""

    kind: str
    node: int
    element: str
    holds: Holds | None = None
    evaluate: Evaluate | None = None


class Reader(NamedTuple):
    """A cell that reads a question: its rank, and how many rows it shares with what it reads."""

    rank: int
    shared: int


class VariableReader(NamedTuple):
    """A variable whose remembered value goes stale with a question."""

    level: int
    name: str
    shared: int


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Form:
    """A compiled Questionnaire. `cells` are in an order in which each comes after all that it reads."""

    url: str
    version: str
    title: str
    nodes: tuple[Node, ...]
    roots: tuple[int, ...]
    by_link: Mapping[str, int]
    cells: tuple[Cell, ...]
    readers: tuple[tuple[Reader, ...], ...]
    variable_readers: tuple[tuple[VariableReader, ...], ...]
    constraints: tuple[Constraint, ...]
    notes: tuple[Note, ...]
    conditions: int
    expressions: int
    source: Json
    ours: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Form({self.canonical or self.title!r}, {len(self.nodes)} items)"

    def node(self, link_id: str) -> Node:
        """Return the item with that linkId; raises KeyError."""
        return self.nodes[self.by_link[link_id]]

    @property
    def private(self) -> str:
        """Return who has the form to themselves (*carer*); empty where the person of the case may see it."""
        return str(self.ours.get("private", ""))

    def marked(self, name: str) -> Node | None:
        """Return the first item that carries one of our extensions with *true*, if there is one."""
        return next((node for node in self.nodes if node.ours.get(name) is True), None)

    def children_of(self, node: int) -> tuple[int, ...]:
        """Return the child items of a node, or of the form for -1."""
        return self.roots if node == ROOT else self.nodes[node].children

    @property
    def canonical(self) -> str:
        """Return the form's address with its version, as a response names it; empty where it has none."""
        return f"{self.url}|{self.version}" if self.url and self.version else self.url


def coding_score(node: Node, coding: Mapping[str, Any]) -> Coding:
    """Return a chosen Coding together with the score that its option carries in the form."""
    key = (str(coding.get("system", "")), str(coding.get("code", "")))
    return Coding(coding, node.scores.get(key) or node.scores.get(("", key[1])))
