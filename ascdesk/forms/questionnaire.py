"""Compiles a FHIR R4 Questionnaire into a form, once; refuses what changes behaviour and is not supported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ascdesk.forms.conditions import WrongCondition, compile_condition
from ascdesk.forms.expressions import Compiled, Expressions, NodeShape
from ascdesk.forms.fhirpath.operators import truth
from ascdesk.forms.fhirpath.reads import Read
from ascdesk.forms.fhirpath.syntax import EvaluationError
from ascdesk.forms.graph import ordered
from ascdesk.forms.instance import Instance
from ascdesk.forms.items import Draft, Expressive, ItemReader, replace_node
from ascdesk.forms.model import (
    ROOT,
    Cell,
    Constraint,
    Form,
    Holds,
    Json,
    Node,
    Reader,
    VariableReader,
)
from ascdesk.forms.moving import REPLACES
from ascdesk.forms.problems import FormRefused, Note, Problem
from ascdesk.forms.report import Report

_DEEPEST = 40


def compile_form(questionnaire: Mapping[str, Any]) -> Form:
    """Return a Questionnaire compiled; raises FormRefused with every problem found.

    Numbers with decimals should have been read as Decimal, as `load_json` does.
    """
    form, problems, _ = compile_report(questionnaire)
    if form is None:
        raise FormRefused(problems)
    return form


def compile_report(
    questionnaire: Mapping[str, Any],
) -> tuple[Form | None, tuple[Problem, ...], tuple[Note, ...]]:
    """Return the form (None when there are problems), the problems, and what was ignored."""
    compiler = _Compiler(dict(questionnaire))
    form = compiler.compile()
    report = compiler.report
    return (None if report.problems else form), report.problems, report.notes


class _Compiler:
    """One pass over one Questionnaire."""

    def __init__(self, raw: Json) -> None:
        self.report = Report()
        self._raw = raw
        self._reader = ItemReader(raw, self.report)
        self._drafts: list[Draft] = []
        self._nodes: list[Node] = []
        self._raws: list[Json] = []
        self._by_link: dict[str, int] = {}
        self._cells: list[Cell] = []
        self._reads: list[frozenset[Read]] = []
        self._conditions = 0

    def compile(self) -> Form | None:
        """Read the items, then compile what they say of each other; None when there is nothing to compile."""
        raw = self._raw
        if raw.get("resourceType") != "Questionnaire":
            self.report.problem("", "resourceType", "this is not a FHIR Questionnaire")
            return None
        for element in ("modifierExtension", "implicitRules"):
            if raw.get(element):
                self.report.problem("", element, "a modifier that is not known here")
        self._whole: dict[str, Any] = {}
        whole = self._reader.extensions("", raw, self._whole)
        self._check_private()
        roots = self._read_items(raw.get("item"), ROOT, (), "", 0)
        if not self._nodes:
            self.report.problem("", "item", "the form has no items")
            return None
        self._check_replaced()
        constraints = self._compile_logic(whole)
        order = self._ordered()
        return None if self.report.problems else self._form(roots, constraints, order)

    def _check_private(self) -> None:
        """Refuse a form that would be kept from the person in a way that nothing here knows how to keep."""
        private = self._whole["ours"].get("private", "carer")
        if private != "carer":
            self.report.problem("", "private", "can be carer, or is left out")

    def _check_replaced(self) -> None:
        """Refuse an item that takes over answers which are still asked for, or which another takes over."""
        taken: dict[str, str] = {}
        for node in self._nodes:
            old = node.ours.get(REPLACES)
            if old is None:
                continue
            if not isinstance(old, str) or not old:
                self.report.problem(node.link_id, REPLACES, "must be the linkId of an earlier version")
            elif old in self._by_link:
                self.report.problem(node.link_id, REPLACES, f"{old} is still asked in this version")
            elif old in taken:
                self.report.problem(node.link_id, REPLACES, f"{taken[old]} takes over {old} already")
            else:
                taken[old] = node.link_id

    def _read_items(
        self, raw: object, parent: int, groups: tuple[int, ...], owner: str, depth: int
    ) -> tuple[int, ...]:
        if raw is None:
            return ()
        if not isinstance(raw, list):
            self.report.problem(owner, "item", "must be a list of items")
            return ()
        if depth > _DEEPEST:
            self.report.problem(owner, "item", f"items are nested more than {_DEEPEST} deep")
            return ()
        found = (self._read_item(each, parent, groups, owner, depth) for each in raw)
        return tuple(index for index in found if index is not None)

    def _read_item(
        self, raw: object, parent: int, groups: tuple[int, ...], owner: str, depth: int
    ) -> int | None:
        if not isinstance(raw, dict):
            self.report.problem(owner, "item", "an item must be an object")
            return None
        index = len(self._nodes)
        self._check_link(raw, index)
        if raw.get("repeats") is True and raw.get("type") == "group":
            groups = (*groups, index)
        draft = self._reader.read(raw, index, parent, groups)
        self._drafts.append(draft)
        self._nodes.append(draft.node)
        self._raws.append(raw)
        children = self._read_items(raw.get("item"), index, groups, draft.node.link_id, depth + 1)
        if children:
            self._nodes[index] = replace_node(draft.node, children=children)
        return index

    def _check_link(self, raw: Json, index: int) -> None:
        link_id = raw.get("linkId")
        if not isinstance(link_id, str) or not link_id.strip():
            self.report.problem("", "linkId", f"an item has no linkId: {str(raw.get('text', ''))[:60]}")
        elif link_id in self._by_link:
            self.report.problem(link_id, "linkId", "two items have this linkId")
        else:
            self._by_link[link_id] = index

    def _compile_logic(self, whole: Expressive) -> tuple[Constraint, ...]:
        shape = NodeShape(self._nodes, self._by_link)
        links = [node.link_id for node in self._nodes]
        self._expressions = Expressions(shape, links, self._raws, self._raw, self.report)
        for name in sorted(self._reader.populated):
            self._expressions.declare_population(name)
        parts = [(ROOT, whole), *((d.node.index, d.expressive) for d in self._drafts)]
        for level, part in parts:
            for name, text in part.variables:
                self._expressions.declare(level, name, text)
        self._expressions.compile_variables()
        for index, draft in enumerate(self._drafts):
            self._compile_node(index, draft.expressive)
        return self._constraints(ROOT, whole)

    def _compile_node(self, index: int, part: Expressive) -> None:
        self._compile_conditions(index, part)
        fields: dict[str, Any] = {}
        if part.calculated is not None:
            made = self._expressions.compile(index, "calculatedExpression", part.calculated)
            if made is not None:
                cell = Cell("calculated", index, "calculatedExpression", evaluate=made.evaluate)
                self._add(cell, made.reads)
        if part.initial is not None:
            made = self._expressions.compile(index, "initialExpression", part.initial)
            fields["initial_expression"] = None if made is None else made.evaluate
        if part.constraints:
            fields["constraints"] = self._constraints(index, part)
        if fields:
            self._nodes[index] = replace_node(self._nodes[index], **fields)

    def _add(self, cell: Cell, reads: frozenset[Read]) -> None:
        self._cells.append(cell)
        self._reads.append(reads)

    def _compile_conditions(self, index: int, part: Expressive) -> None:
        raw, link_id = self._raws[index], self._nodes[index].link_id
        listed = raw.get("enableWhen")
        if part.enable_when is not None:
            if listed:
                message = "an item has enableWhen or an enableWhenExpression, not both"
                self.report.problem(link_id, "enableWhenExpression", message)
            made = self._expressions.compile(index, "enableWhenExpression", part.enable_when)
            if made is not None:
                self._conditions += 1
                holds = _holds(made, "enableWhenExpression")
                self._add(Cell("enabled", index, "enableWhenExpression", holds=holds), made.reads)
        elif listed:
            self._compile_enable_when(index, link_id, listed)

    def _compile_enable_when(self, index: int, link_id: str, listed: object) -> None:
        tests: list[Holds] = []
        reads: set[Read] = set()
        for position, each in enumerate(listed if isinstance(listed, list) else [listed]):
            element = f"enableWhen[{position}]"
            if not isinstance(each, dict):
                self.report.problem(link_id, element, "a condition must be an object")
                continue
            try:
                condition = compile_condition(each, self._nodes, self._by_link, index)
            except WrongCondition as trouble:
                self.report.problem(link_id, f"{element}.{trouble.element}", trouble.message)
                continue
            self._conditions += 1
            tests.append(condition.holds)
            reads.add(Read(condition.question, condition.anchor))
        holds = self._combined(index, link_id, tuple(tests))
        self._add(Cell("enabled", index, "enableWhen", holds=holds), frozenset(reads))

    def _combined(self, index: int, link_id: str, tests: tuple[Holds, ...]) -> Holds:
        behaviour = self._raws[index].get("enableBehavior")
        if len(tests) == 1:
            return tests[0]
        if behaviour is None and len(tests) > 1:
            self.report.note(link_id, "enableBehavior", "not given; every condition must hold")
        if behaviour not in (None, "all", "any"):
            self.report.problem(link_id, "enableBehavior", "must be all or any")
        if behaviour == "any":
            return lambda instance: any(test(instance) for test in tests)
        return lambda instance: all(test(instance) for test in tests)

    def _constraints(self, level: int, part: Expressive) -> tuple[Constraint, ...]:
        found: list[Constraint] = []
        for key, severity, human, expression in part.constraints:
            made = self._expressions.compile(level, "targetConstraint", expression)
            if made is None:
                continue
            breaks = _breaks(made, key)
            found.append(Constraint(key, severity, human, breaks))
            self._add(Cell("constraint", level, key, holds=breaks), made.reads)
        return tuple(found)

    def _ordered(self) -> tuple[int, ...]:
        producers = self._producers()
        everything = [self._inputs(reads, producers) for reads in self._reads]
        order, circles = ordered(everything)
        for circle in circles:
            self._report_circle(circle)
        return order

    def _producers(self) -> list[tuple[int, ...]]:
        """Return for each item the cells that settle what it counts as: its value and all around it."""
        own: list[list[int]] = [[] for _ in self._nodes]
        above: list[list[int]] = [[] for _ in self._nodes]
        for number, cell in enumerate(self._cells):
            if cell.kind == "enabled":
                above[cell.node].append(number)
            elif cell.kind == "calculated":
                own[cell.node].append(number)
        for node in self._nodes:
            if node.parent != ROOT:
                above[node.index] = above[node.parent] + above[node.index]
        return [tuple(mine + around) for mine, around in zip(own, above, strict=True)]

    @staticmethod
    def _inputs(reads: frozenset[Read], producers: list[tuple[int, ...]]) -> list[int]:
        found: set[int] = set()
        for read in reads:
            found.update(producers[read.node])
        return sorted(found)

    def _report_circle(self, circle: tuple[int, ...]) -> None:
        cells = sorted((self._cells[number] for number in circle), key=lambda cell: cell.node)
        links = [self._nodes[cell.node].link_id for cell in cells]
        around = ", ".join(dict.fromkeys(links[:12]))
        for cell, link_id in zip(cells, links, strict=True):
            message = f"what this depends on depends on it in turn (a circle through {around})"
            self.report.problem(link_id, cell.element, message)

    def _form(
        self, roots: tuple[int, ...], constraints: tuple[Constraint, ...], order: tuple[int, ...]
    ) -> Form:
        raw = self._raw
        return Form(
            url=_text(raw, "url"),
            version=_text(raw, "version"),
            title=_text(raw, "title") or _text(raw, "name"),
            nodes=tuple(self._nodes),
            roots=roots,
            by_link=self._by_link,
            cells=tuple(self._cells[number] for number in order),
            readers=self._readers(order),
            variable_readers=self._variable_readers(),
            constraints=constraints,
            notes=self.report.notes,
            conditions=self._conditions,
            expressions=self._expressions.count,
            source=raw,
            ours=self._whole["ours"],
        )

    def _shared(self, anchor: int) -> int:
        return 0 if anchor == ROOT else len(self._nodes[anchor].groups)

    def _readers(self, order: tuple[int, ...]) -> tuple[tuple[Reader, ...], ...]:
        found: list[dict[int, int]] = [{} for _ in self._nodes]
        for rank, number in enumerate(order):
            for read in self._reads[number]:
                shared = self._shared(read.anchor)
                found[read.node][rank] = min(shared, found[read.node].get(rank, shared))
        return tuple(tuple(Reader(rank, shared) for rank, shared in each.items()) for each in found)

    def _variable_readers(self) -> tuple[tuple[VariableReader, ...], ...]:
        found: list[dict[tuple[int, str], int]] = [{} for _ in self._nodes]
        for level, name, reads in self._expressions.variable_reads():
            for read in reads:
                shared = self._shared(read.anchor)
                known = found[read.node].get((level, name), shared)
                found[read.node][level, name] = min(shared, known)
        return tuple(
            tuple(VariableReader(level, name, shared) for (level, name), shared in each.items())
            for each in found
        )


def _text(raw: Json, element: str) -> str:
    value = raw.get(element)
    return value if isinstance(value, str) else ""


def _holds(made: Compiled, element: str) -> Holds:
    """Return a condition that shows its item when it cannot be worked out, and remembers the trouble."""

    def holds(instance: Instance) -> bool:
        try:
            found = truth(made.evaluate(instance)) is True
        except EvaluationError as trouble:
            instance.trouble[element] = str(trouble)
            return True
        instance.trouble.pop(element, None)
        return found

    return holds


def _breaks(made: Compiled, element: str) -> Holds:
    """Return whether a constraint is broken: only an answer of false breaks it."""

    def breaks(instance: Instance) -> bool:
        try:
            found = truth(made.evaluate(instance)) is False
        except EvaluationError as trouble:
            instance.trouble[element] = str(trouble)
            return False
        instance.trouble.pop(element, None)
        return found

    return breaks
