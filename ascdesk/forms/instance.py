"""The occurrences of a form's items in one draft, as a tree that expressions can walk.

What a walk sees is the response as it would be finished: without hidden answers, blank rows and empty items.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator

from ascdesk.forms.fhirpath.values import EMPTY, Collection, Element, Value
from ascdesk.forms.model import BLANK_ROW, ROOT, Answer, Form, Path


class Instance(Element):
    """One occurrence of an item (or, with node -1, the response), with its answers and its own children.

    `own` says whether its own condition holds, `enabled` whether those of all around it hold too. `blank`
    marks what stands in for the first row of a repeating group that has none: it is shown, and never counts.
    """

    __slots__ = (
        "answers",
        "blank",
        "cache",
        "enabled",
        "failed",
        "form",
        "kids",
        "node",
        "own",
        "parent",
        "path",
        "root",
        "trouble",
        "values",
    )

    def __init__(self, form: Form, node: int, path: Path, parent: Instance | None) -> None:
        self.form = form
        self.node = node
        self.path = path
        self.parent = parent
        self.root: Response = parent.root if parent is not None else self._itself()
        self.kids: dict[int, list[Instance]] = {}
        self.own = True
        self.enabled: bool = True if parent is None else parent.enabled
        self.blank = BLANK_ROW in path
        self.answers: tuple[Answer, ...] = ()
        self.values: tuple[Value, ...] = ()
        self.cache: dict[str, Collection] = {}
        self.trouble: dict[str, str] = {}
        self.failed: frozenset[str] = frozenset()

    def _itself(self) -> Response:
        raise TypeError("only a response stands at the top")

    @property
    def link_id(self) -> str:
        """Return the linkId of the item; empty for the response."""
        return "" if self.node == ROOT else self.form.nodes[self.node].link_id

    @property
    def effective(self) -> tuple[Value, ...]:
        """Return the values that conditions and calculations may see."""
        return self.values if self.enabled and not self.blank else EMPTY

    def ancestor(self, node: int) -> Instance:
        """Return the occurrence of an item around this one, or this one itself."""
        found = self
        while found.node != node and found.parent is not None:
            found = found.parent
        return found

    def has_content(self) -> bool:
        """Return whether anything at or below counts as answered."""
        if not self.enabled or self.blank:
            return False
        return bool(self.values) or any(kid.has_content() for rows in self.kids.values() for kid in rows)

    def child_items(self) -> Iterator[Instance]:
        """Yield the child items that a finished response would have."""
        for rows in self.kids.values():
            for kid in rows:
                if kid.has_content():
                    yield kid

    def row(self, node: int, row_id: str) -> Instance | None:
        """Return one row of a repeating child group."""
        rows = self.kids[node]
        at = bisect_left(rows, row_id, key=_row_id)
        return rows[at] if at < len(rows) and _row_id(rows[at]) == row_id else None

    def _asked(self) -> bool:
        return self.node != ROOT and self.form.nodes[self.node].is_question

    def child(self, name: str) -> Collection:
        """Return `item`, `answer` or `linkId` as a QuestionnaireResponse has them."""
        if name == "item":
            return EMPTY if self._asked() else tuple(self.child_items())
        if name == "answer":
            return self._answers()
        if name == "linkId" and self.node != ROOT:
            return (self.link_id,)
        return self._response_member(name) if self.node == ROOT else EMPTY

    def _response_member(self, name: str) -> Collection:
        if name in ("resourceType", "status"):
            return ("QuestionnaireResponse",) if name == "resourceType" else ("completed",)
        return (self.form.canonical,) if name == "questionnaire" and self.form.canonical else EMPTY

    def _answers(self) -> Collection:
        if not self._asked() or not self.has_content():
            return EMPTY
        return tuple(AnswerView(self, position) for position in range(max(1, len(self.values))))

    def children(self) -> Collection:
        """Return everything directly below."""
        names = (
            ("resourceType", "questionnaire", "status", "item")
            if self.node == ROOT
            else ("linkId", "answer", "item")
        )
        return tuple(child for name in names for child in self.child(name))

    def named_items(self, link_id: str) -> Collection:
        """Return the child items with that linkId."""
        if self._asked():
            return EMPTY
        return self.kids_named(link_id)

    def kids_named(self, link_id: str) -> Collection:
        """Return the children with that linkId, whether they hang under this item or under its answer."""
        index = self.form.by_link.get(link_id)
        rows = None if index is None else self.kids.get(index)
        return tuple(kid for kid in rows if kid.has_content()) if rows else EMPTY

    def deep_items(self, link_id: str, through_answers: bool) -> Collection:
        """Return the items below with that linkId, in the order of the form and of the rows."""
        index = self.form.by_link.get(link_id)
        if index is None:
            return EMPTY
        chain = _chain(self.form, self.node, index)
        if chain is None or not self.enabled:
            return EMPTY
        found = [self]
        for step in chain:
            if not through_answers:
                found = [each for each in found if not each._asked()]
            found = [kid for each in found for kid in each.kids[step] if kid.enabled and not kid.blank]
        return tuple(each for each in found if each.has_content())


def _row_id(row: Instance) -> str:
    return row.path[-1]


def _chain(form: Form, top: int, node: int) -> tuple[int, ...] | None:
    """Return the items to step through from an item down to another, or None when it is not below."""
    steps: list[int] = []
    while node != top:
        if node == ROOT:
            return None
        steps.append(node)
        node = form.nodes[node].parent
    return tuple(reversed(steps)) or None


class AnswerView(Element):
    """One answer of a question, as an expression sees it; items under a question hang under the first."""

    __slots__ = ("_item", "_position")

    def __init__(self, item: Instance, position: int) -> None:
        self._item = item
        self._position = position

    def child(self, name: str) -> Collection:
        """Return the `value` (under its FHIR name too) or the `item`s below."""
        if name == "item":
            return tuple(self._item.child_items()) if self._position == 0 else EMPTY
        values = self._item.values
        if name.startswith("value") and self._position < len(values):
            key = next(iter(self._item.answers[self._position]))
            return (values[self._position],) if name in ("value", key) else EMPTY
        return EMPTY

    def children(self) -> Collection:
        """Return the value and the items below."""
        return self.child("value") + self.child("item")

    def named_items(self, link_id: str) -> Collection:
        """Return the items under the answer with that linkId."""
        return self._item.kids_named(link_id) if self._position == 0 else EMPTY

    def deep_items(self, link_id: str, through_answers: bool) -> Collection:
        """Return the items below with that linkId."""
        if self._position:
            return EMPTY
        near = self._item.kids_named(link_id)
        below = (kid.deep_items(link_id, through_answers) for kid in self._item.child_items())
        return near or tuple(found for each in below for found in each)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AnswerView) and (self._item, self._position) == (
            other._item,
            other._position,
        )

    def __hash__(self) -> int:
        return hash((self._item, self._position))


class Response(Instance):
    """The occurrence of the form itself: the top of the tree, and the clock that expressions are told."""

    __slots__ = ("now",)

    def __init__(self, form: Form, now: dt.datetime) -> None:
        super().__init__(form, ROOT, (), None)
        self.now = now

    def _itself(self) -> Response:
        return self


def grow(parent: Instance) -> list[Instance]:
    """Make the occurrences of everything below an item: one of each, a blank row for a repeating group."""
    made: list[Instance] = []
    for index in parent.form.children_of(parent.node):
        row = (BLANK_ROW,) if parent.form.nodes[index].repeating_group else ()
        kid = Instance(parent.form, index, parent.path + row, parent)
        parent.kids[index] = [kid]
        made.append(kid)
        made.extend(grow(kid))
    return made


def find_all(root: Instance, node: int, prefix: Path) -> list[Instance]:
    """Return the occurrences of an item whose rows begin with `prefix`."""
    if node == ROOT:
        return [root]
    found = [root]
    for step in _chain(root.form, ROOT, node) or ():
        found = [kid for each in found for kid in _within(each, step, prefix)]
    return found


def _within(parent: Instance, step: int, prefix: Path) -> list[Instance]:
    level = len(parent.path)
    if level < len(prefix) and parent.form.nodes[step].repeating_group:
        row = parent.row(step, prefix[level])
        return [] if row is None else [row]
    return parent.kids[step]


def walk(instance: Instance) -> Iterator[Instance]:
    """Yield an occurrence and everything below it, in document order."""
    yield instance
    for rows in instance.kids.values():
        for kid in rows:
            yield from walk(kid)


def fact(instance: Instance) -> tuple[Path, str]:
    """Return the address of an occurrence: its rows and its linkId."""
    return instance.path, instance.link_id
