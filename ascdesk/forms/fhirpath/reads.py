"""Works out, without running it, which questions an expression reads: what the dependency graph is made of.

It is cautious. Where the way through the response cannot be followed, everything that could be reached counts
as read. What is read through `%resource` may be in any row of a repeating group; what is read through the
expression's own context stays within that item's rows, which is what `anchor` remembers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple, Protocol

from ascdesk.forms.fhirpath.compiler import Closure, Scope, compile_expression, is_named_items
from ascdesk.forms.fhirpath.operators import truth
from ascdesk.forms.fhirpath.syntax import (
    Binary,
    Call,
    EvaluationError,
    Expr,
    FhirPathError,
    Indexed,
    Literal,
    Member,
    Special,
    TypeTest,
    Unary,
    Variable,
)
from ascdesk.forms.fhirpath.values import EMPTY, Collection, Element

ROOT = -1
_ANY_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Place(NamedTuple):
    """Where a step may stand: on an item or on its answers, reached from the item `anchor` (or the root)."""

    kind: str
    node: int
    anchor: int


class Read(NamedTuple):
    """One question whose answers are read, and the item from whose rows it was reached."""

    node: int
    anchor: int


class Shape(Protocol):
    """What the analysis needs to know of a form; -1 is the response itself."""

    def children_of(self, node: int) -> tuple[int, ...]:
        """Return the child items."""
        ...

    def below(self, node: int) -> tuple[int, ...]:
        """Return every item below."""
        ...

    def node_of(self, link_id: str) -> int | None:
        """Return the item with that linkId."""
        ...

    def link_of(self, node: int) -> str:
        """Return the linkId of an item."""
        ...

    def is_question(self, node: int) -> bool:
        """Return whether an item is asked, so that its children hang under its answers."""
        ...


class Reach(NamedTuple):
    """What an expression hands on: the places it may return, and all that it reads on the way."""

    places: frozenset[Place]
    reads: frozenset[Read]


NOWHERE: frozenset[Place] = frozenset()
Lookup = Callable[[str], Reach]


def analyse(expression: Expr, shape: Shape, context: int, lookup: Lookup) -> Reach:
    """Return where an expression of the item `context` may lead and what it reads on the way.

    `lookup` says the same of a `%variable`. What is returned is not yet read: see `consumed`.
    """
    walker = _Walker(shape, lookup)
    places = walker.walk(expression, frozenset({Place("item", context, context)}))
    return Reach(places, frozenset(walker.reads))


def consumed(reach: Reach, shape: Shape) -> frozenset[Read]:
    """Return what is read when the result itself is used as well."""
    walker = _Walker(shape, lambda name: Reach(NOWHERE, frozenset()))
    walker.consume(reach.places)
    return reach.reads | walker.reads


_CLOCK = frozenset({"today", "now", "timeOfDay"})
_KEEPING = frozenset({"first", "last", "tail", "skip", "take", "single", "distinct"})


def _only_steps(expr: Expr) -> bool:
    """Return whether an expression only walks on, so that it yields nothing where nothing is."""
    named = is_named_items(expr)
    if named is not None:
        return named[0] is None or _only_steps(named[0])
    if isinstance(expr, Member):
        return expr.source is None or _only_steps(expr.source)
    return expr == Special("$this")


def _only_link_ids(expr: Expr) -> bool:
    """Return whether a criterion looks at nothing but the linkId of an item."""
    match expr:
        case Literal():
            return True
        case Member(source, name):
            return source is None and name == "linkId"
        case Call(source, name, args):
            inner = args if source is None else (source, *args)
            return name not in _CLOCK and source is not None and all(_only_link_ids(each) for each in inner)
        case Binary(_, left, right):
            return _only_link_ids(left) and _only_link_ids(right)
        case _:
            return False


class _Named(Element):
    """An item of which only the linkId is known."""

    __slots__ = ("_link_id",)

    def __init__(self, link_id: str) -> None:
        self._link_id = link_id

    def child(self, name: str) -> Collection:
        """Return the linkId."""
        return (self._link_id,) if name == "linkId" else EMPTY

    def children(self) -> Collection:
        """Return the linkId."""
        return (self._link_id,)


class _Walker:
    """Follows one expression, collecting what it reads."""

    def __init__(self, shape: Shape, lookup: Lookup) -> None:
        self._shape = shape
        self._lookup = lookup
        self.reads: set[Read] = set()

    def consume(self, places: frozenset[Place]) -> frozenset[Place]:
        """Count as read everything at and below the places; nothing can be followed from there."""
        for place in places:
            if place.node != ROOT:
                self.reads.add(Read(place.node, place.anchor))
            self.reads.update(Read(node, place.anchor) for node in self._shape.below(place.node))
        return NOWHERE

    def walk(self, expr: Expr, this: frozenset[Place]) -> frozenset[Place]:  # noqa: PLR0911 one per shape
        """Return where an expression may lead, starting from the places of `$this`."""
        named = is_named_items(expr)
        if named is not None:
            return self._named(*named, this)
        match expr:
            case Literal():
                return NOWHERE
            case Special(name):
                return this if name == "$this" else NOWHERE
            case Variable(name):
                found = self._lookup(name)
                self.reads |= found.reads
                return found.places
            case Member(source, name):
                return self._member(this if source is None else self.walk(source, this), name)
            case Call(source, name, args):
                return self._call(this if source is None else self.walk(source, this), name, args, this)
            case Indexed(source, index):
                self.consume(self.walk(index, this))
                return self._picked(self.walk(source, this))
            case Unary(_, operand):
                return self.consume(self.walk(operand, this))
            case TypeTest(_, operand, _):
                return self.consume(self.walk(operand, this))
            case Binary(operator, left, right):
                both = self.walk(left, this) | self.walk(right, this)
                return self._picked(both) if operator == "|" else self.consume(both)

    def _picked(self, places: frozenset[Place]) -> frozenset[Place]:
        """Keep the places, though which of them is meant depends on what is answered there."""
        self.consume(places)
        return places

    def _member(self, places: frozenset[Place], name: str) -> frozenset[Place]:
        found: set[Place] = set()
        for place in places:
            if name == "item":
                if place.kind == "item" and self._shape.is_question(place.node):
                    continue
                found |= {place._replace(kind="item", node=n) for n in self._shape.children_of(place.node)}
            elif name == "answer" and place.kind == "item":
                found.add(place._replace(kind="answer"))
            elif name == "QuestionnaireResponse":
                found.add(place)
            elif place.kind == "answer" and name.startswith("value"):
                self.reads.add(Read(place.node, place.anchor))
            else:
                self.consume(frozenset({place}))
        return frozenset(found)

    def _named(
        self, source: Expr | None, link_id: str, form: str, this: frozenset[Place]
    ) -> frozenset[Place]:
        places = this if source is None else self.walk(source, this)
        node = self._shape.node_of(link_id)
        if node is None:
            return NOWHERE
        inside = self._shape.children_of if form == "item" else self._shape.below
        return frozenset(
            place._replace(kind="item", node=node) for place in places if node in inside(place.node)
        )

    def _call(
        self, places: frozenset[Place], name: str, args: tuple[Expr, ...], this: frozenset[Place]
    ) -> frozenset[Place]:
        if name in ("where", "select", "all", "exists", "repeat", "iif", "aggregate"):
            return self._macro(places, name, args)
        if name in _CLOCK:
            return NOWHERE
        for arg in args:
            self.consume(self.walk(arg, this))
        if name in _KEEPING:
            return self._picked(places)
        self.consume(places)
        return NOWHERE

    def _macro(self, places: frozenset[Place], name: str, args: tuple[Expr, ...]) -> frozenset[Place]:
        if name == "where" and _only_link_ids(args[0]):
            return self._filtered(places, args[0])
        inner = [self.walk(arg, places) for arg in args]
        if name == "select":
            if not _only_steps(args[0]):
                self.consume(places)
            return inner[0]
        if name == "where":
            self.consume(inner[0])
            return places
        if name == "iif":
            self.consume(inner[0])
            return frozenset().union(*inner[1:])
        if name == "repeat":
            return self._repeated(places, inner[0], args[0])
        for found in inner:
            self.consume(found)
        return self.consume(places)

    def _filtered(self, places: frozenset[Place], criterion: Expr) -> frozenset[Place]:
        """Keep the items whose linkId meets a criterion that looks at nothing else: that can be known now."""
        try:
            test = compile_expression(criterion, lambda name: None)
            return frozenset(place for place in places if self._meets(test, place))
        except (EvaluationError, FhirPathError):
            return places

    def _meets(self, test: Closure, place: Place) -> bool:
        if place.kind != "item" or place.node == ROOT:
            return False
        item = _Named(self._shape.link_of(place.node))
        return truth(test((item,), Scope(item, item, _ANY_TIME))) is True

    def _repeated(
        self, places: frozenset[Place], first: frozenset[Place], projection: Expr
    ) -> frozenset[Place]:
        self.consume(places)
        found, fresh = first, first
        while fresh:
            fresh = self.walk(projection, fresh) - found
            found |= fresh
        return found
