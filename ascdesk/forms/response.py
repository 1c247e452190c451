"""Turns a draft into a FHIR QuestionnaireResponse and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ascdesk.forms.answers import fhir_value, read_answer
from ascdesk.forms.instance import Instance
from ascdesk.forms.model import BLANK_ROW, ROOT, Form, Json, Node, Path
from ascdesk.forms.problems import Problem, WrongAnswer
from ascdesk.forms.state import FormState

RowIds = Callable[[], str]


def response(state: FormState, finished: bool = True) -> Json:
    """Return the QuestionnaireResponse of a draft; decimals are Decimal, for `dump_json`.

    Finished: hidden answers and rows without answers are absent, calculated ones present (FHIR status
    `completed`). Not finished: what is hidden is there too (`in-progress`).
    """
    found: Json = {"resourceType": "QuestionnaireResponse"}
    if state.form.canonical:
        found["questionnaire"] = state.form.canonical
    found["status"] = "completed" if finished else "in-progress"
    items = _items(state.root, finished)
    return {**found, "item": items} if items else found


def _items(parent: Instance, finished: bool) -> list[Json]:
    made = (_item(kid, finished) for rows in parent.kids.values() for kid in rows)
    return [each for each in made if each is not None]


def _item(instance: Instance, finished: bool) -> Json | None:
    if instance.blank or (finished and not instance.enabled):
        return None
    below = _items(instance, finished)
    if not instance.form.nodes[instance.node].is_question:
        return {"linkId": instance.link_id, "item": below} if below else None
    answers: list[Json] = [fhir_value(answer) for answer in instance.answers]
    if below:
        answers = answers or [{}]
        answers[0] = {**answers[0], "item": below}
    return {"linkId": instance.link_id, "answer": answers} if answers else None


def counted_row_ids() -> RowIds:
    """Return a source of row ids in order, shaped as the UUIDv7s that rows have and before all of them."""
    count = 0

    def make() -> str:
        nonlocal count
        count += 1
        return f"00000000-0000-7000-8000-{count:012d}"

    return make


def load_response(
    form: Form, raw: Mapping[str, Any], today: dt.date | dt.datetime, row_ids: RowIds | None = None
) -> tuple[FormState, tuple[Problem, ...]]:
    """Return a draft filled from a QuestionnaireResponse, and what in it does not fit the form.

    Calculated answers are worked out again, never taken over. What does not fit is left out and reported.
    """
    state = FormState(form, today)
    loader = _Loader(state, row_ids or counted_row_ids())
    if raw.get("resourceType") != "QuestionnaireResponse":
        loader.problem("", "resourceType", "this is not a FHIR QuestionnaireResponse")
    if raw.get("modifierExtension"):
        loader.problem("", "modifierExtension", "a modifier that is not known here")
    loader.items(raw.get("item"), ROOT, ())
    return state, tuple(loader.problems)


class _Loader:
    """Walks a response of any shape, setting what fits."""

    def __init__(self, state: FormState, row_ids: RowIds) -> None:
        self._state = state
        self._form = state.form
        self._row_ids = row_ids
        self.problems: list[Problem] = []

    def problem(self, link_id: str, element: str, message: str) -> None:
        """Record what does not fit."""
        self.problems.append(Problem(link_id, element, message))

    def items(self, raw: object, parent: int, path: Path, met: set[str] | None = None) -> None:
        """Take the items found under one item (or the response)."""
        owner = "" if parent == ROOT else self._form.nodes[parent].link_id
        if raw is None:
            return
        if not isinstance(raw, list):
            self.problem(owner, "item", "must be a list of items")
            return
        met = set() if met is None else met
        for each in raw:
            node = self._known(each, owner, parent)
            if node is None:
                continue
            if node.link_id in met and not node.repeating_group:
                self.problem(node.link_id, "linkId", "this item is there twice, and does not repeat")
                continue
            met.add(node.link_id)
            self._item(node, each, path)

    def _known(self, raw: object, owner: str, parent: int) -> Node | None:
        link_id = raw.get("linkId") if isinstance(raw, dict) else None
        if not isinstance(link_id, str):
            self.problem(owner, "linkId", "an item has no linkId")
            return None
        index = self._form.by_link.get(link_id)
        if index is None:
            self.problem(link_id, "linkId", "the form has no such item")
            return None
        node = self._form.nodes[index]
        if node.parent != parent:
            around = "at the top" if node.parent == ROOT else f"in {self._form.nodes[node.parent].link_id}"
            self.problem(link_id, "linkId", f"this item belongs {around}")
            return None
        return node

    def _item(self, node: Node, raw: Json, path: Path) -> None:
        if not node.is_question:
            if raw.get("answer"):
                self.problem(node.link_id, "answer", f"a {node.type} has no answer")
            if node.repeating_group:
                path = (*path, self._row_ids())
                self._state.add_row(path[:-1], node.link_id, path[-1])
            self.items(raw.get("item"), node.index, path)
            return
        if raw.get("item"):
            self.problem(node.link_id, "item", "items of a question stand inside its answer")
        answers = raw.get("answer")
        if answers is not None and not isinstance(answers, list):
            self.problem(node.link_id, "answer", "must be a list of answers")
            return
        self._answers(node, answers or [], path)

    def _answers(self, node: Node, raw: list[Any], path: Path) -> None:
        met: set[str] = set()
        found = []
        for position, each in enumerate(raw):
            if not isinstance(each, dict):
                self.problem(node.link_id, f"answer[{position}]", "an answer must be an object")
                continue
            self.items(each.get("item"), node.index, path, met)
            if any(key.startswith("value") for key in each):
                found.append((position, each))
        if node.calculated:
            return
        if len(found) > 1 and not node.repeats:
            self.problem(node.link_id, "answer", f"one answer is taken, and {len(found)} are given")
            return
        kept = []
        for position, each in found:
            try:
                kept.append(read_answer(node, each)[0])
            except WrongAnswer as trouble:
                self.problem(node.link_id, f"answer[{position}]", trouble.sentence.rstrip("."))
        if kept and BLANK_ROW not in path:
            self._state.set(path, node.link_id, kept)
