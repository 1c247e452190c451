"""A form being filled: after an answer, only what depends on it is worked out again.

Hidden answers have one rule: they stay in the draft and come back with their question; no condition and no
calculation sees them, through chains; the finished response does not have them.
"""

from __future__ import annotations

import datetime as dt
import heapq
from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ascdesk.forms.answers import answer_of, read_answer
from ascdesk.forms.fhirpath.syntax import EvaluationError
from ascdesk.forms.instance import Instance, Response, fact, find_all, grow, walk
from ascdesk.forms.model import BLANK_ROW, ROOT, Answer, Cell, Form, Node, Path
from ascdesk.forms.problems import Problem, WrongAnswer
from ascdesk.forms.validation import problems_of

Address = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class Changed:
    """The addresses (rows, linkId) that an edit changed, each list in document order.

    `enabled` came or went; `calculated` have another value; of `problems`, what is wrong with them is another
    (how many rows a group should have is only said by `FormState.problems`). What stood in a removed row is
    not listed.
    """

    enabled: tuple[Address, ...] = ()
    calculated: tuple[Address, ...] = ()
    problems: tuple[Address, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.enabled or self.calculated or self.problems)


class FormState:
    """The answers of one draft, and what follows from them. A draft never needs to be valid."""

    def __init__(self, form: Form, today: dt.date | dt.datetime) -> None:
        self.form = form
        self._root = Response(form, _moment(today))
        grow(self._root)
        self._ways: dict[int, tuple[int, ...]] = {}
        self._work = _Work(form, self._root)
        self._work.schedule_all()
        self._work.run()

    def set(self, path: Path, link_id: str, answers: Iterable[Answer]) -> Changed:
        """Replace the answers of a question; rows of `path` that are not there yet are added.

        Raises WrongAnswer for a value of another kind than the question takes, for several answers to a
        question that takes one, and for an item that is not asked or is calculated.
        """
        return self.fill(((path, link_id, answers),))

    def fill(self, entries: Iterable[tuple[Path, str, Iterable[Answer]]]) -> Changed:
        """Replace the answers of many questions, and work out once what follows; raises as `set`."""
        work = _Work(self.form, self._root)
        for path, link_id, answers in entries:
            node = self._node(link_id)
            read = _read_all(node, answers)
            self._put(self._reach(node, path, work), read, work)
        return work.run()

    def turn_to(self, today: dt.date | dt.datetime) -> Changed:
        """Tell a draft that stays open what day it is now, and work everything out again."""
        self._root.now = _moment(today)
        for instance in walk(self._root):
            instance.cache.clear()
        work = _Work(self.form, self._root)
        work.schedule_all()
        return work.run()

    def clear(self, path: Path, link_id: str) -> Changed:
        """Take the answers of a question away."""
        return self.set(path, link_id, ())

    def add_row(self, path: Path, group_link_id: str, row_id: str) -> Changed:
        """Add an empty row to a repeating group; `path` are the rows around the group. A known row stays."""
        node = self._node(group_link_id)
        if not node.repeating_group or row_id == BLANK_ROW:
            raise WrongAnswer(f"Item {group_link_id} is not a group that rows can be added to.")
        work = _Work(self.form, self._root)
        self._reach(node, (*path, row_id), work)
        return work.run()

    def remove_row(self, path: Path, group_link_id: str, row_id: str) -> Changed:
        """Remove a row with all that is in it; a row that is not there is no change."""
        node = self._node(group_link_id)
        work = _Work(self.form, self._root)
        found = find_all(self._root, node.index, (*path, row_id))
        if found and found[0].path == (*path, row_id):
            row = found[0]
            assert row.parent is not None
            rows = row.parent.kids[node.index]
            rows.remove(row)
            for gone in walk(row):
                work.touch(gone)
            if not rows:
                self._plant(row.parent, node, BLANK_ROW, work)
        return work.run()

    def enabled(self, path: Path, link_id: str) -> bool:
        """Return whether an item is shown; a row that is not there yet is as the blank row."""
        found = self._look(path, link_id)
        return found is not None and found.enabled

    def answers(self, path: Path, link_id: str) -> tuple[Answer, ...]:
        """Return what was answered (or calculated), hidden or not; decimals are text."""
        found = self._look(path, link_id)
        return () if found is None else found.answers

    def rows(self, path: Path, group_link_id: str) -> tuple[str, ...]:
        """Return the ids of the rows of a repeating group, in their order; none for one that has none."""
        group = self._node(group_link_id)
        around = find_all(self._root, group.parent, path)
        kids = around[0].kids[group.index] if around and around[0].path == path else []
        return tuple(kid.path[-1] for kid in kids if kid.path[-1] != BLANK_ROW)

    def addresses(self) -> Iterator[Address]:
        """Yield the enabled items in document order, once for each row (one blank where there are none)."""
        for instance in self._instances():
            if instance.enabled:
                yield fact(instance)

    def calculated(self) -> dict[Address, tuple[Answer, ...]]:
        """Return the calculated answers that count: hidden ones and those of blank rows are left out."""
        return {
            fact(instance): instance.answers
            for instance in self._instances()
            if self.form.nodes[instance.node].calculated and instance.effective
        }

    def initials(self, path: Path = ()) -> tuple[tuple[Path, str, tuple[Answer, ...]], ...]:
        """Return the answers to begin with, for *Start* or (with `path`) for a new row; nothing is set.

        An item with an answer already, or one that is calculated, has none.
        """
        found = []
        for instance in self._instances():
            if instance.path[: len(path)] != path or instance.blank or instance.answers:
                continue
            node = self.form.nodes[instance.node]
            values = _initial(node, instance)
            if values and not node.calculated:
                found.append((instance.path, node.link_id, values))
        return tuple(found)

    def problems(self) -> tuple[Problem, ...]:
        """Return what a finished response would still have wrong, in plain sentences, in document order."""
        return tuple(problem for instance in walk(self._root) for problem in problems_of(instance))

    def problems_at(self, path: Path, link_id: str) -> tuple[Problem, ...]:
        """Return what is wrong with one item."""
        found = self._look(path, link_id)
        return () if found is None else problems_of(found)

    @property
    def root(self) -> Response:
        """Return the tree of occurrences, for reading only."""
        return self._root

    def _instances(self) -> Iterator[Instance]:
        found = walk(self._root)
        next(found)
        return found

    def _node(self, link_id: str) -> Node:
        if link_id not in self.form.by_link:
            raise WrongAnswer(f"This form has no item {link_id}.")
        return self.form.node(link_id)

    def _way(self, node: Node) -> tuple[int, ...]:
        found = self._ways.get(node.index)
        if found is None:
            found = self._ways[node.index] = _steps(self.form, node)
        return found

    def _look(self, path: Path, link_id: str) -> Instance | None:
        found: Instance = self._root
        for step in self._way(self._node(link_id)):
            level = len(found.path)
            if not self.form.nodes[step].repeating_group:
                found = found.kids[step][0]
            elif level < len(path):
                row = found.row(step, path[level])
                blank = found.kids[step][0]
                if row is None and blank.path[-1] != BLANK_ROW:
                    return None
                found = row or blank
            else:
                return None
        return found

    def _reach(self, node: Node, path: Path, work: _Work) -> Instance:
        """Return the occurrence at an address, adding the rows on the way to it."""
        if len(path) != len(node.groups) or BLANK_ROW in path:
            raise WrongAnswer(f"Item {node.link_id} stands in {len(node.groups)} rows, not in {len(path)}.")
        found: Instance = self._root
        for step in self._way(node):
            if self.form.nodes[step].repeating_group:
                row_id = path[len(found.path)]
                found = found.row(step, row_id) or self._plant(found, self.form.nodes[step], row_id, work)
            else:
                found = found.kids[step][0]
        return found

    def _plant(self, parent: Instance, node: Node, row_id: str, work: _Work) -> Instance:
        """Add a row with everything in it; the blank row gives way to the first real one."""
        row = Instance(self.form, node.index, (*parent.path, row_id), parent)
        rows = parent.kids[node.index]
        if rows and rows[0].path[-1] == BLANK_ROW and row_id != BLANK_ROW:
            work.forget(walk(rows.pop()))
        insort(rows, row, key=lambda each: each.path[-1])
        made = [row, *grow(row)]
        work.welcome(made)
        return row

    @staticmethod
    def _put(instance: Instance, read: tuple[tuple[Answer, ...], tuple[Any, ...]], work: _Work) -> None:
        if instance.answers != read[0]:
            work.before_answer(instance)
            instance.answers, instance.values = read
            work.touch(instance)


def _moment(today: dt.date | dt.datetime) -> dt.datetime:
    if isinstance(today, dt.datetime):
        return today
    return dt.datetime(today.year, today.month, today.day, tzinfo=dt.UTC)


def _steps(form: Form, node: Node) -> tuple[int, ...]:
    found = [node.index]
    while form.nodes[found[-1]].parent != ROOT:
        found.append(form.nodes[found[-1]].parent)
    return tuple(reversed(found))


def _read_all(node: Node, answers: Iterable[Answer]) -> tuple[tuple[Answer, ...], tuple[Any, ...]]:
    if not node.is_question:
        raise WrongAnswer(f"Item {node.link_id} is a {node.type}, which has no answer.")
    if node.calculated:
        raise WrongAnswer(f"Item {node.link_id} is worked out by the form and cannot be set.")
    read = [read_answer(node, answer) for answer in answers]
    if len(read) > 1 and not node.repeats:
        raise WrongAnswer(f"Item {node.link_id} takes one answer, and {len(read)} were given.")
    return tuple(answer for answer, _ in read), tuple(value for _, value in read)


def _initial(node: Node, instance: Instance) -> tuple[Answer, ...]:
    if node.initial_expression is None:
        return node.initial
    try:
        values = node.initial_expression(instance)
    except EvaluationError:
        return node.initial
    found = [made[0] for value in values if (made := answer_of(node, value)) is not None]
    return tuple(found if node.repeats else found[:1]) or node.initial


class _Work:
    """What one edit sets going: cells waiting in their order, and what was there before."""

    def __init__(self, form: Form, root: Response) -> None:
        self._form = form
        self._root = root
        self._queue: list[tuple[int, Path]] = []
        self._queued: set[tuple[int, Path]] = set()
        self._was_enabled: dict[Instance, bool] = {}
        self._was_calculated: dict[Instance, tuple[Answer, ...]] = {}
        self._was_wrong: dict[Instance, tuple[Problem, ...]] = {}
        self._new: set[Instance] = set()

    def schedule_all(self) -> None:
        """Work everything out, once each."""
        for rank in range(len(self._form.cells)):
            self._schedule(rank, ())

    def welcome(self, made: list[Instance]) -> None:
        """Work out all that stands in a new row, and what a new row may change elsewhere."""
        present = {instance.node for instance in made}
        prefix = made[0].path
        for rank, cell in enumerate(self._form.cells):
            if cell.node in present:
                self._schedule(rank, prefix)
        self._new.update(made)
        for instance in made:
            self.touch(instance)

    def forget(self, gone: Iterable[Instance]) -> None:
        """Say nothing of occurrences that came and went within one edit."""
        self._new.difference_update(gone)

    def before_answer(self, instance: Instance) -> None:
        """Remember what is wrong with an occurrence that is about to change."""
        if instance not in self._was_wrong:
            self._was_wrong[instance] = problems_of(instance)

    def touch(self, instance: Instance) -> None:
        """Schedule what reads a question, and forget what variables remember of it."""
        path = instance.path
        for level, name, shared in self._form.variable_readers[instance.node]:
            for owner in find_all(self._root, level, path[:shared]):
                owner.cache.pop(name, None)
        for rank, shared in self._form.readers[instance.node]:
            self._schedule(rank, path[:shared])

    def _schedule(self, rank: int, prefix: Path) -> None:
        entry = (rank, prefix)
        if entry not in self._queued:
            self._queued.add(entry)
            heapq.heappush(self._queue, entry)

    def run(self) -> Changed:
        """Work out everything that waits, in order, and return what came of it."""
        while self._queue:
            entry = heapq.heappop(self._queue)
            self._queued.discard(entry)
            cell = self._form.cells[entry[0]]
            for instance in find_all(self._root, cell.node, entry[1]):
                _HANDLERS[cell.kind](self, cell, instance)
        return self._changed()

    def _enable(self, cell: Cell, instance: Instance) -> None:
        if self._holds(cell, instance) != instance.own:
            instance.own = not instance.own
            self._spread(instance)

    def _holds(self, cell: Cell, instance: Instance) -> bool:
        """Ask a condition, noticing when it begins or ceases to be one that cannot be worked out."""
        assert cell.holds is not None
        known = instance.trouble.get(cell.element)
        found = cell.holds(instance)
        self._troubled(instance, cell.element, known, instance.trouble.pop(cell.element, None))
        return found

    def _troubled(self, instance: Instance, element: str, known: str | None, now: str | None) -> None:
        if known is not None:
            instance.trouble[element] = known
        if known != now:
            self.before_answer(instance)
            instance.trouble.pop(element, None)
            if now is not None:
                instance.trouble[element] = now

    def _spread(self, instance: Instance) -> None:
        """Carry a change of enablement down to everything below."""
        enabled = instance.own and instance.parent is not None and instance.parent.enabled
        if enabled == instance.enabled:
            return
        self.before_answer(instance)
        self._was_enabled.setdefault(instance, instance.enabled)
        instance.enabled = enabled
        if instance.values:
            self.touch(instance)
        for rows in instance.kids.values():
            for kid in rows:
                self._spread(kid)

    def _calculate(self, cell: Cell, instance: Instance) -> None:
        answers, values, trouble = _computed(cell, self._form.nodes[instance.node], instance)
        self._troubled(instance, cell.element, instance.trouble.get(cell.element), trouble)
        if answers != instance.answers:
            self.before_answer(instance)
            self._was_calculated.setdefault(instance, instance.answers)
            instance.answers, instance.values = answers, values
            self.touch(instance)

    def _constrain(self, cell: Cell, instance: Instance) -> None:
        if self._holds(cell, instance) != (cell.element in instance.failed):
            self.before_answer(instance)
            instance.failed ^= {cell.element}

    def _changed(self) -> Changed:
        came_or_went = self._was_enabled.items()
        enabled = [each for each, was in came_or_went if each not in self._new and each.enabled != was]
        calculated = [each for each, was in self._was_calculated.items() if each.answers != was]
        wrong = [each for each, was in self._was_wrong.items() if problems_of(each) != was]
        enabled += [each for each in self._new if each.enabled]
        return Changed(_in_order(enabled), _in_order(calculated), _in_order(wrong))


_HANDLERS = {"enabled": _Work._enable, "calculated": _Work._calculate, "constraint": _Work._constrain}


def _in_order(instances: Iterable[Instance]) -> tuple[Address, ...]:
    return tuple(fact(each) for each in sorted(instances, key=lambda each: (each.node, each.path)))


def _computed(
    cell: Cell, node: Node, instance: Instance
) -> tuple[tuple[Answer, ...], tuple[Any, ...], str | None]:
    """Return a calculation as answers of its question; none, with the trouble, if it cannot be one."""
    assert cell.evaluate is not None
    try:
        values = cell.evaluate(instance)
    except EvaluationError as trouble:
        return (), (), str(trouble)
    if len(values) > 1 and not node.repeats:
        return (), (), f"one value was expected and {len(values)} were found"
    pairs = [made for value in values if (made := answer_of(node, value)) is not None]
    if len(pairs) < len(values):
        return (), (), f"what it gives is not a {node.type}"
    return tuple(answer for answer, _ in pairs), tuple(value for _, value in pairs), None
