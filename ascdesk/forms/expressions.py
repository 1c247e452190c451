"""Compiles the expressions of a form: which variables each may see, what each reads, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ascdesk.forms.fhirpath.compiler import Closure, Scope, compile_expression
from ascdesk.forms.fhirpath.parser import parse
from ascdesk.forms.fhirpath.reads import NOWHERE, Place, Reach, Read, analyse, consumed
from ascdesk.forms.fhirpath.syntax import EvaluationError, FhirPathError
from ascdesk.forms.fhirpath.values import EMPTY, Collection
from ascdesk.forms.instance import Instance
from ascdesk.forms.model import ROOT, Evaluate, Json, Node
from ascdesk.forms.report import Report

_NOTHING = Reach(NOWHERE, frozenset())
_CONSTANTS = {
    "ucum": "http://unitsofmeasure.org",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}


class NodeShape:
    """The items of a form as the analysis of expressions sees them."""

    def __init__(self, nodes: list[Node], by_link: Mapping[str, int]) -> None:
        self._nodes = nodes
        self._by_link = by_link
        self._roots = tuple(node.index for node in nodes if node.parent == ROOT)
        self._below: dict[int, tuple[int, ...]] = {}

    def children_of(self, node: int) -> tuple[int, ...]:
        """Return the child items."""
        return self._roots if node == ROOT else self._nodes[node].children

    def below(self, node: int) -> tuple[int, ...]:
        """Return every item below."""
        if node not in self._below:
            nested = (each for kid in self.children_of(node) for each in (kid, *self.below(kid)))
            self._below[node] = tuple(nested)
        return self._below[node]

    def node_of(self, link_id: str) -> int | None:
        """Return the item with that linkId."""
        return self._by_link.get(link_id)

    def link_of(self, node: int) -> str:
        """Return the linkId of an item."""
        return self._nodes[node].link_id

    def is_question(self, node: int) -> bool:
        """Return whether an item is asked."""
        return node != ROOT and self._nodes[node].is_question

    def parent_of(self, node: int) -> int:
        """Return the item around an item."""
        return self._nodes[node].parent


@dataclass(frozen=True, slots=True)
class Compiled:
    """One compiled expression with all that it reads."""

    evaluate: Evaluate
    reads: frozenset[Read]


@dataclass(slots=True)
class _Variable:
    """A declared variable; compiled when something first asks for it."""

    level: int
    name: str
    text: str
    state: str = "new"
    lookup: Callable[[Scope], Collection] | None = None
    reach: Reach = _NOTHING


class Expressions:
    """Everything that expressions of one form may name, and the compiling of them."""

    def __init__(
        self, shape: NodeShape, link_ids: list[str], raws: list[Json], form: Json, report: Report
    ) -> None:
        self._shape = shape
        self._link_ids = link_ids
        self._raws = raws
        self._form = form
        self._report = report
        self._declared: dict[tuple[int, str], _Variable] = {}
        self._population: set[str] = set()
        self.count = 0

    def declare(self, level: int, name: str, text: str) -> None:
        """Declare a variable on an item (or on the form, -1)."""
        if (level, name) in self._declared:
            self._report.problem(self._link(level), "variable", f"%{name} is declared twice")
        self._declared[level, name] = _Variable(level, name, text)

    def declare_population(self, name: str) -> None:
        """Declare a name that only a server could fill; it is empty here."""
        self._population.add(name)

    def compile_variables(self) -> None:
        """Compile every declared variable, used or not, so that what is wrong with it is known."""
        for variable in self._declared.values():
            self._prepare(variable)

    def variable_reads(self) -> list[tuple[int, str, frozenset[Read]]]:
        """Return each variable whose value may be remembered, with what it reads."""
        return [(each.level, each.name, each.reach.reads) for each in self._declared.values()]

    def compile(self, level: int, element: str, text: object) -> Compiled | None:
        """Return an expression of an item compiled, or None with the problem reported."""
        if not isinstance(text, str) or not text.strip():
            self._report.problem(self._link(level), element, "the expression is missing")
            return None
        try:
            closure, reach = self._compile(level, text, None)
        except FhirPathError as trouble:
            self._report.problem(self._link(level), element, f"{trouble} (in {_short(text)})")
            return None
        self.count += 1

        def evaluate(instance: Instance) -> Collection:
            try:
                return closure((instance,), Scope(instance.root, instance, instance.root.now))
            except RecursionError as trouble:
                raise EvaluationError("the expression leads too deep") from trouble

        return Compiled(evaluate, consumed(reach, self._shape))

    def _link(self, level: int) -> str:
        return "" if level == ROOT else self._link_ids[level]

    def _compile(self, level: int, text: str, within: _Variable | None) -> tuple[Closure, Reach]:
        try:
            expression = parse(text)
            closure = compile_expression(expression, lambda name: self._named(level, name, within))
            reach = analyse(expression, self._shape, level, lambda name: self._reach(level, name, within))
        except RecursionError as trouble:
            raise FhirPathError("the expression has too many steps in a row") from trouble
        return closure, reach

    def _visible(self, level: int, name: str, within: _Variable | None) -> _Variable | None:
        """Return the nearest declaration; a variable that shadows another may still use the outer one."""
        while True:
            found = self._declared.get((level, name))
            if found is not None and (found is not within or not self._shadows(found)):
                return found
            if level == ROOT:
                return None
            level = self._shape.parent_of(level)

    def _shadows(self, variable: _Variable) -> bool:
        level = variable.level
        while level != ROOT:
            level = self._shape.parent_of(level)
            if (level, variable.name) in self._declared:
                return True
        return False

    def _prepare(self, variable: _Variable) -> None:
        if variable.state != "new":
            if variable.state == "busy":
                raise FhirPathError(f"%{variable.name} depends on itself")
            return
        variable.state = "busy"
        try:
            closure, reach = self._compile(variable.level, variable.text, variable)
        except FhirPathError as trouble:
            message = f"%{variable.name}: {trouble} (in {_short(variable.text)})"
            self._report.problem(self._link(variable.level), "variable", message)
            variable.lookup = _empty
        else:
            self.count += 1
            variable.reach = reach
            variable.lookup = _remembered(variable.name, variable.level, closure, not reach.places)
        variable.state = "done"

    def _named(self, level: int, name: str, within: _Variable | None) -> Callable[[Scope], Collection] | None:
        variable = self._visible(level, name, within)
        if variable is not None:
            self._prepare(variable)
            return variable.lookup
        return self._built_in(level, name)

    def _built_in(self, level: int, name: str) -> Callable[[Scope], Collection] | None:
        if name in ("resource", "rootResource"):
            return lambda scope: (scope.resource,)
        if name == "context":
            return lambda scope: (scope.context,)
        if name in _CONSTANTS:
            return _constant(_CONSTANTS[name])
        if name == "questionnaire":
            return _constant(self._form)
        if name == "qitem" and level != ROOT:
            return _constant(self._raws[level])
        return _empty if name in self._population else None

    def _reach(self, level: int, name: str, within: _Variable | None) -> Reach:
        variable = self._visible(level, name, within)
        if variable is not None:
            return variable.reach
        if name in ("resource", "rootResource"):
            return Reach(frozenset({Place("item", ROOT, ROOT)}), frozenset())
        if name == "context":
            return Reach(frozenset({Place("item", level, level)}), frozenset())
        return _NOTHING


def _empty(scope: Scope) -> Collection:
    return EMPTY


def _constant(value: Any) -> Callable[[Scope], Collection]:  # noqa: ANN401 JSON of any shape
    return lambda scope: (value,)


def _remembered(name: str, level: int, closure: Closure, keep: bool) -> Callable[[Scope], Collection]:
    """Evaluate a variable at the item that declares it, once until something that it reads changes.

    One that hands on items is not remembered: whether they are there depends on all that is below them.
    """

    def lookup(scope: Scope) -> Collection:
        assert isinstance(scope.context, Instance)
        owner = scope.context.ancestor(level)
        found = owner.cache.get(name)
        if found is None:
            found = closure((owner,), Scope(scope.resource, owner, scope.now))
            if keep:
                owner.cache[name] = found
        return found

    return lookup


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
