"""Turns parsed FHIRPath into Python closures, once; what is outside the subset is refused here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ascdesk.forms.fhirpath.functions import FUNCTIONS
from ascdesk.forms.fhirpath.operators import BINARY, boolean, contains, is_number, single, truth
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
from ascdesk.forms.fhirpath.values import (
    EMPTY,
    FALSE,
    TRUE,
    Coding,
    Collection,
    Element,
    Quantity,
    Temporal,
    Value,
    temporal_of_date,
    temporal_of_moment,
)

_CHOICES = (
    *("Boolean", "Decimal", "Integer", "Date", "DateTime", "Time", "String", "Uri", "Coding", "Quantity"),
    *("Attachment", "Code", "CodeableConcept", "Expression", "Canonical", "Markdown"),
)


@dataclass(slots=True)
class Scope:
    """Where one evaluation stands: its clock, its answers, and the counters of the innermost loop."""

    resource: Element
    context: Element
    now: dt.datetime
    index: Collection = EMPTY
    total: Collection = EMPTY


Closure = Callable[[Collection, Scope], Collection]
Variables = Callable[[str], Callable[[Scope], Collection] | None]


def compile_expression(expression: Expr, variables: Variables) -> Closure:
    """Return a closure over (`$this`, scope); raises FhirPathError for what is not in the subset.

    A closure raises EvaluationError when the answers are of a kind or number it cannot use.
    """
    return _Compiler(variables).compile(expression)


def is_named_items(expression: Expr) -> tuple[Expr | None, str, str] | None:
    """Recognise `X.item.where(linkId='…')` and its deep forms; return X, the linkId and which form it is.

    The forms are `item`, `repeat` (`X.repeat(item)`) and `descendants` (`X.descendants()`).
    """
    if not isinstance(expression, Call) or expression.name != "where" or len(expression.args) != 1:
        return None
    wanted = _linked(expression.args[0])
    source = expression.source
    if wanted is None:
        return None
    if isinstance(source, Member) and source.name == "item":
        return source.source, wanted, "item"
    if isinstance(source, Call) and source.name == "descendants" and not source.args:
        return source.source, wanted, "descendants"
    if isinstance(source, Call) and source.name == "repeat" and source.args == (Member(None, "item"),):
        return source.source, wanted, "repeat"
    return None


def _linked(criterion: Expr) -> str | None:
    """Return the linkId of the criterion `linkId = '…'`, written either way round."""
    if not isinstance(criterion, Binary) or criterion.operator != "=":
        return None
    for name, constant in ((criterion.left, criterion.right), (criterion.right, criterion.left)):
        if name == Member(None, "linkId") and isinstance(constant, Literal) and constant.values:
            return constant.values[0] if isinstance(constant.values[0], str) else None
    return None


def child_of(value: Value, name: str) -> Collection:
    """Return the children of one value by name; a FHIR choice `value` finds whichever kind is there."""
    if isinstance(value, dict):
        found = value.get(name)
        if found is None:
            found = next((value[name + kind] for kind in _CHOICES if name + kind in value), None)
        return _collection(found)
    return value.child(name) if isinstance(value, Element) else EMPTY


def _collection(found: object) -> Collection:
    if found is None:
        return EMPTY
    if isinstance(found, list):
        return tuple(_plain(each) for each in found if each is not None)
    return (_plain(found),)


def _plain(value: object) -> Value:
    return Decimal(str(value)) if isinstance(value, float) else value


def _children(value: Value) -> Collection:
    if isinstance(value, dict):
        return tuple(child for found in value.values() for child in _collection(found))
    return value.children() if isinstance(value, Element) else EMPTY


def descendants(values: Collection) -> Collection:
    """Return everything below the values, nearest first."""
    found: list[Value] = []
    level = values
    while level:
        level = tuple(child for value in level for child in _children(value))
        found.extend(level)
    return tuple(found)


def _near(value: Value, link_id: str) -> Collection:
    if isinstance(value, Element):
        return value.named_items(link_id)
    return tuple(item for item in child_of(value, "item") if child_of(item, "linkId") == (link_id,))


def _deep(value: Value, link_id: str, through: bool) -> Collection:
    if isinstance(value, Element):
        return value.deep_items(link_id, through)
    below = descendants((value,)) if through else _items_below(value)
    return tuple(item for item in below if child_of(item, "linkId") == (link_id,))


def _items_below(value: Value) -> Collection:
    found: list[Value] = []
    level = child_of(value, "item")
    while level:
        found.extend(level)
        level = tuple(item for each in level for item in child_of(each, "item"))
    return tuple(found)


def is_type(value: Value, name: str) -> bool:
    """Return whether a value is of a type, by its FHIRPath or FHIR name; a name nobody knows is no type."""
    test = TYPES.get(name[0].lower() + name[1:])
    return test is not None and test(value)


def _is_temporal(kind: str) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, Temporal) and value.kind == kind


TYPES: dict[str, Callable[[Value], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "uri": lambda value: isinstance(value, str),
    "code": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "decimal": lambda value: isinstance(value, Decimal),
    "date": _is_temporal("date"),
    "dateTime": _is_temporal("dateTime"),
    "time": _is_temporal("time"),
    "quantity": lambda value: isinstance(value, Quantity) or (isinstance(value, dict) and "value" in value),
    "coding": lambda value: isinstance(value, Coding) or (isinstance(value, dict) and "code" in value),
}


class _Compiler:
    """One pass over the syntax of one expression."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables

    def compile(self, expr: Expr) -> Closure:
        """Return the closure of any expression."""
        named = is_named_items(expr)
        if named is not None:
            return self._named_items(*named)
        return self._makers[type(expr)](self, expr)

    def _source(self, source: Expr | None) -> Closure:
        return _this if source is None else self.compile(source)

    def _named_items(self, source: Expr | None, link_id: str, form: str) -> Closure:
        start = self._source(source)
        through = form == "descendants"

        def near(this: Collection, scope: Scope) -> Collection:
            found = start(this, scope)
            if len(found) == 1:
                return _near(found[0], link_id)
            return tuple(item for value in found for item in _near(value, link_id))

        def deep(this: Collection, scope: Scope) -> Collection:
            return tuple(i for value in start(this, scope) for i in _deep(value, link_id, through))

        return near if form == "item" else deep

    def _literal(self, expr: Literal) -> Closure:
        values = expr.values
        return lambda this, scope: values

    def _special(self, expr: Special) -> Closure:
        if expr.name == "$this":
            return _this
        if expr.name == "$index":
            return lambda this, scope: scope.index
        return lambda this, scope: scope.total

    def _variable(self, expr: Variable) -> Closure:
        found = self._variables(expr.name)
        if found is None:
            raise FhirPathError(f"%{expr.name} is not defined here")
        lookup = found
        return lambda this, scope: lookup(scope)

    def _member(self, expr: Member) -> Closure:
        name = expr.name
        if expr.source is None and name == "QuestionnaireResponse":
            return _this
        start = self._source(expr.source)

        def run(this: Collection, scope: Scope) -> Collection:
            found = start(this, scope)
            if len(found) == 1:
                return child_of(found[0], name)
            return tuple(child for value in found for child in child_of(value, name)) if found else EMPTY

        return run

    def _indexed(self, expr: Indexed) -> Closure:
        start, index = self.compile(expr.source), self.compile(expr.index)

        def run(this: Collection, scope: Scope) -> Collection:
            found, at = start(this, scope), index(this, scope)
            if not at:
                return EMPTY
            position = single(at)
            if not isinstance(position, int) or isinstance(position, bool):
                raise EvaluationError("a position is a whole number")
            return found[position : position + 1] if position >= 0 else EMPTY

        return run

    def _unary(self, expr: Unary) -> Closure:
        operand, sign = self.compile(expr.operand), -1 if expr.sign == "-" else 1

        def run(this: Collection, scope: Scope) -> Collection:
            found = operand(this, scope)
            if not found:
                return EMPTY
            value = single(found)
            if isinstance(value, Quantity):
                return (Quantity(sign * value.value, value.unit),)
            if not is_number(value):
                raise EvaluationError("only a number has a sign")
            return (sign * value,)

        return run

    def _binary(self, expr: Binary) -> Closure:
        left, right = self.compile(expr.left), self.compile(expr.right)
        if expr.operator in _LOGIC:
            return _LOGIC[expr.operator](left, right)
        operate = BINARY[expr.operator]

        def run(this: Collection, scope: Scope) -> Collection:
            try:
                return operate(left(this, scope), right(this, scope))
            except ArithmeticError as trouble:
                raise EvaluationError("the sum has no answer that can be written down") from trouble

        return run

    def _type_test(self, expr: TypeTest) -> Closure:
        name, operand = expr.type_name, self.compile(expr.operand)
        if name[0].lower() + name[1:] not in TYPES:
            raise FhirPathError(f"the type {name} is not supported")

        def holds(this: Collection, scope: Scope) -> Collection:
            found = operand(this, scope)
            return EMPTY if not found else boolean(is_type(single(found), name))

        def narrow(this: Collection, scope: Scope) -> Collection:
            return tuple(value for value in operand(this, scope) if is_type(value, name))

        return holds if expr.operator == "is" else narrow

    def _call(self, expr: Call) -> Closure:
        source = self._source(expr.source)
        if expr.name in _MACROS:
            fewest, most, macro = _MACROS[expr.name]
            _check_count(expr, fewest, most)
            return macro(source, *(self.compile(arg) for arg in expr.args))
        if expr.name in _CLOCK:
            _check_count(expr, 0, 0)
            return _CLOCK[expr.name]
        if expr.name not in FUNCTIONS:
            raise FhirPathError(f"the function {expr.name}() is not supported")
        fewest, most, function = FUNCTIONS[expr.name]
        _check_count(expr, fewest, most)
        _check_pattern(expr)
        args = tuple(self.compile(arg) for arg in expr.args)
        if not args:
            return lambda this, scope: function(source(this, scope))
        return lambda this, scope: function(source(this, scope), *(arg(this, scope) for arg in args))

    _makers: dict[type, Callable[[_Compiler, Any], Closure]] = {  # noqa: RUF012
        Literal: _literal,
        Special: _special,
        Variable: _variable,
        Member: _member,
        Indexed: _indexed,
        Unary: _unary,
        Binary: _binary,
        TypeTest: _type_test,
        Call: _call,
    }


def _check_count(expr: Call, fewest: int, most: int) -> None:
    if not fewest <= len(expr.args) <= most:
        wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
        raise FhirPathError(f"{expr.name}() takes {wanted} arguments, not {len(expr.args)}")


def _check_pattern(expr: Call) -> None:
    if expr.name in ("matches", "replaceMatches") and isinstance(expr.args[0], Literal):
        for pattern in expr.args[0].values:
            try:
                re.compile(str(pattern))
            except re.error as trouble:
                raise FhirPathError(f"the pattern {pattern!r} cannot be read: {trouble}") from trouble


def _this(this: Collection, scope: Scope) -> Collection:
    return this


def _and(left: Closure, right: Closure) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        one = truth(left(this, scope))
        if one is False:
            return FALSE
        other = truth(right(this, scope))
        return FALSE if other is False else boolean(None if one is None else other)

    return run


def _or(left: Closure, right: Closure) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        one = truth(left(this, scope))
        if one is True:
            return TRUE
        other = truth(right(this, scope))
        return TRUE if other is True else boolean(None if one is None else other)

    return run


def _xor(left: Closure, right: Closure) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        one, other = truth(left(this, scope)), truth(right(this, scope))
        return EMPTY if one is None or other is None else boolean(one is not other)

    return run


def _implies(left: Closure, right: Closure) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        one = truth(left(this, scope))
        if one is False:
            return TRUE
        other = truth(right(this, scope))
        return TRUE if other is True else boolean(None if one is None else other)

    return run


_LOGIC = {"and": _and, "or": _or, "xor": _xor, "implies": _implies}


def _each(values: Collection, inner: Closure, scope: Scope) -> list[tuple[Value, Collection]]:
    """Evaluate a criterion with each value as `$this`, keeping `$index` right for the loop outside."""
    outer = scope.index
    found = []
    try:
        for position, value in enumerate(values):
            scope.index = (position,)
            found.append((value, inner((value,), scope)))
    finally:
        scope.index = outer
    return found


def _where(source: Closure, criterion: Closure) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        pairs = _each(source(this, scope), criterion, scope)
        return tuple(value for value, found in pairs if truth(found))

    return run


def _select(source: Closure, projection: Closure) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        pairs = _each(source(this, scope), projection, scope)
        return tuple(each for _, found in pairs for each in found)

    return run


def _exists(source: Closure, criterion: Closure | None = None) -> Closure:
    kept = source if criterion is None else _where(source, criterion)
    return lambda this, scope: TRUE if kept(this, scope) else FALSE


def _all(source: Closure, criterion: Closure) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        pairs = _each(source(this, scope), criterion, scope)
        return boolean(all(truth(found) for _, found in pairs))

    return run


def _repeat(source: Closure, projection: Closure) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        found: list[Value] = []
        level = source(this, scope)
        while level:
            fresh: list[Value] = []
            for _, each in _each(level, projection, scope):
                fresh += [value for value in each if not contains([*found, *fresh], value)]
            found += fresh
            level = tuple(fresh)
        return tuple(found)

    return run


def _iif(source: Closure, test: Closure, then: Closure, otherwise: Closure | None = None) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        focus = source(this, scope)
        if truth(test(focus, scope)):
            return then(focus, scope)
        return EMPTY if otherwise is None else otherwise(focus, scope)

    return run


def _aggregate(source: Closure, step: Closure, start: Closure | None = None) -> Closure:
    def run(this: Collection, scope: Scope) -> Collection:
        outer = scope.index, scope.total
        values = source(this, scope)
        try:
            scope.total = EMPTY if start is None else start(this, scope)
            for position, value in enumerate(values):
                scope.index = (position,)
                scope.total = step((value,), scope)
            return scope.total
        finally:
            scope.index, scope.total = outer

    return run


def _descendants(source: Closure) -> Closure:
    return lambda this, scope: descendants(source(this, scope))


def _children_of(source: Closure) -> Closure:
    return lambda this, scope: tuple(c for value in source(this, scope) for c in _children(value))


def _trace(source: Closure, *ignored: Closure) -> Closure:
    return source


_MACROS: dict[str, tuple[int, int, Callable[..., Closure]]] = {
    "where": (1, 1, _where),
    "select": (1, 1, _select),
    "exists": (0, 1, _exists),
    "all": (1, 1, _all),
    "repeat": (1, 1, _repeat),
    "iif": (2, 3, _iif),
    "aggregate": (1, 2, _aggregate),
    "descendants": (0, 0, _descendants),
    "children": (0, 0, _children_of),
    "trace": (1, 2, _trace),
}

_CLOCK: dict[str, Closure] = {
    "today": lambda this, scope: (temporal_of_date(scope.now.date()),),
    "now": lambda this, scope: (temporal_of_moment(scope.now),),
    "timeOfDay": lambda this, scope: (
        Temporal("time", (scope.now.hour, scope.now.minute, Decimal(scope.now.second))),
    ),
}
