"""What must hold of every form and every way of filling it (design §4)."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ascdesk.forms.answers import fhir_value
from ascdesk.forms.jsontext import dump_json
from ascdesk.forms.model import BLANK_ROW, Form
from ascdesk.forms.problems import FormRefused
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.response import load_response, response
from ascdesk.forms.state import FormState

TODAY = dt.date(2026, 11, 21)
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
CORE = "http://hl7.org/fhir/StructureDefinition/"
ROWS = ("r1", "r2", "r3")
KINDS = ("group", "rows", "boolean", "integer", "integer", "string", "choice", "calculated", "calculated")

Edit = tuple[str, tuple[str, ...], str, Any]
Case = tuple[Form, list[Edit]]


def _expression(text: str) -> dict[str, Any]:
    return {"language": "text/fhirpath", "expression": text}


class _Maker:
    """Builds one Questionnaire by chance.

    Hypothesis chooses the size and the seed, which shrinks well enough; every choice drawn from it took ten
    times as long.
    """

    def __init__(self, count: int, chance: random.Random) -> None:
        self.count = count
        self.random = chance
        self.items: list[dict[str, Any]] = []
        self.parents: list[dict[str, Any] | None] = []

    def pick(self, choices: Any) -> Any:
        return self.random.choice(choices)

    def chance(self, percent: int) -> bool:
        return self.random.randint(1, 100) <= percent

    def build(self) -> dict[str, Any]:
        for number in range(self.count):
            self.add(number)
        for number, item in enumerate(self.items):
            self.relate(number, item)
        top = [each for each, parent in zip(self.items, self.parents, strict=True) if parent is None]
        return {"resourceType": "Questionnaire", "status": "draft", "url": "urn:test", "item": top}

    def add(self, number: int) -> None:
        kind = self.pick(KINDS)
        item: dict[str, Any] = {"linkId": f"i{number}", "type": kind}
        if kind in ("group", "rows"):
            item |= {"type": "group", "item": []}
            if kind == "rows":
                item["repeats"] = True
        elif kind == "calculated":
            item["type"] = "integer"
            item["calculate"] = True
        elif kind == "choice":
            item["answerOption"] = [{"valueCoding": {"code": code}} for code in "abc"]
            item["repeats"] = self.chance(50)
        elif kind == "string":
            item["required"] = self.chance(50)
        parent = None
        if self.chance(70):
            groups = [each for each in self.items if "item" in each]
            parent = self.pick(groups) if groups else None
        if parent is not None:
            parent["item"].append(item)
        self.items.append(item)
        self.parents.append(parent)

    def asked(self, kinds: tuple[str, ...]) -> list[str]:
        return [each["linkId"] for each in self.items if each["type"] in kinds]

    def term(self) -> str:
        link = self.pick([each["linkId"] for each in self.items])
        way = self.pick(
            (
                f"%resource.descendants().where(linkId='{link}').answer.value.count()",
                f"%resource.repeat(item).where(linkId='{link}').count()",
                f"%resource.descendants().where(linkId='{link}').item.answer.count()",
                f"item.where(linkId='{link}').answer.value.count()",
                f"iif(%resource.item.where(linkId='{link}').exists(), 2, 0)",
                "%total",
                "%total",
                f"%resource.descendants().where(linkId='{link}').answer.value.ofType(Integer).first()",
                "item.answer.value.ofType(Integer).sum()",
            )
        )
        return str(way)

    def relate(self, number: int, item: dict[str, Any]) -> None:
        extensions = []
        if self.chance(40) and "item" in item:
            variable = {"name": "total", **_expression(self.term().replace("%total", "3"))}
            extensions.append({"url": CORE + "variable", "valueExpression": variable})
        if item.pop("calculate", False):
            text = f"{self.term()} + {self.term()}"
            extensions.append({"url": SDC + "calculatedExpression", "valueExpression": _expression(text)})
        if self.chance(25):
            text = f"{self.term()} > {self.random.randint(0, 2)}"
            extensions.append({"url": SDC + "enableWhenExpression", "valueExpression": _expression(text)})
        elif self.chance(60):
            self.condition(number, item)
        if extensions:
            item["extension"] = extensions

    def condition(self, number: int, item: dict[str, Any]) -> None:
        questions = [each for each in self.items if each["type"] != "group" and each is not item]
        if not questions:
            return
        found = []
        for _ in range(self.random.randint(1, 2)):
            earlier = questions[: max(1, number)] if self.chance(80) else questions
            source = self.pick(earlier)
            test = {
                "boolean": {"operator": "=", "answerBoolean": True},
                "integer": {"operator": ">", "answerInteger": 1},
                "string": {"operator": "!=", "answerString": "x"},
                "choice": {"operator": "=", "answerCoding": {"code": "a"}},
            }[source["type"]]
            if self.chance(30):
                test = {"operator": "exists", "answerBoolean": self.chance(70)}
            found.append({"question": source["linkId"], **test})
        item["enableWhen"] = found
        item["enableBehavior"] = self.pick(("all", "any"))


def made_form(count: int, chance: random.Random) -> Form:
    """Return a form made by chance; one with a circle in it is refused, and another is made."""
    while True:
        raw = _Maker(count, chance).build()
        total = f"%resource.descendants().where(linkId='i{chance.randrange(count)}').answer.value.count()"
        raw["extension"] = [
            {"url": CORE + "variable", "valueExpression": {"name": "total", **_expression(total)}}
        ]
        try:
            return compile_form(raw)
        except FormRefused as refused:
            if not any("circle" in each.message or "itself" in each.message for each in refused.problems):
                raise


VALUES: dict[str, tuple[dict[str, Any], ...]] = {
    "boolean": ({"valueBoolean": True}, {"valueBoolean": False}),
    "integer": tuple({"valueInteger": value} for value in range(4)),
    "string": tuple({"valueString": value} for value in "xyz"),
    "choice": tuple({"valueCoding": {"code": code}} for code in "abc"),
}


def made_edits(form: Form, count: int, chance: random.Random) -> list[Edit]:
    nodes = [
        node for node in form.nodes if node.repeating_group or (node.is_question and not node.calculated)
    ]
    edits: list[Edit] = []
    for _ in range(count if nodes else 0):
        node = chance.choice(nodes)
        path = tuple(chance.choice(ROWS) for _ in node.groups)
        if node.repeating_group:
            edits.append((chance.choice(("add", "add", "remove")), path, node.link_id, None))
        else:
            answers = chance.sample(VALUES[node.type], chance.choice((0, 1, 1, 1, 2 if node.repeats else 1)))
            edits.append(("set", path, node.link_id, answers))
    return edits


def made_case(seed: int, items: int, edits: int) -> Case:
    chance = random.Random(seed)
    form = made_form(items, chance)
    return form, made_edits(form, edits, chance)


def filled() -> st.SearchStrategy[Case]:
    """A form and a string of edits."""
    return st.builds(made_case, st.integers(0, 2**32), st.integers(3, 11), st.integers(1, 14))


def apply(state: FormState, edit: Edit) -> Any:
    what, path, link_id, answers = edit
    if what == "set":
        return state.set(path, link_id, answers)
    if what == "add":
        return state.add_row(path[:-1], link_id, path[-1])
    return state.remove_row(path[:-1], link_id, path[-1])


def instances(state: FormState) -> dict[tuple[tuple[str, ...], str], Any]:
    from ascdesk.forms.instance import fact, walk

    return {fact(each): each for each in walk(state.root) if each is not state.root}


def snapshot(state: FormState) -> dict[Any, Any]:
    return {
        address: (each.enabled, each.answers, state.problems_at(*address))
        for address, each in instances(state).items()
    }


def rebuilt(state: FormState, keep: Any = lambda each: True) -> FormState:
    """The same rows and answers, put into a new state."""
    made = FormState(state.form, TODAY)
    entries = []
    for (path, link_id), each in instances(state).items():
        node = state.form.nodes[each.node]
        if node.repeating_group and BLANK_ROW not in path:
            made.add_row(path[:-1], link_id, path[-1])
        if node.is_question and not node.calculated and each.answers and keep(each):
            entries.append((path, link_id, each.answers))
    made.fill(entries)
    return made


slow = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=150)


@slow
@given(filled())
def test_working_out_only_what_depends_is_working_out_everything(case: Case) -> None:
    form, edits = case
    state = FormState(form, TODAY)
    for edit in edits:
        before = snapshot(state)
        changed = apply(state, edit)
        after = snapshot(state)
        assert not state.turn_to(TODAY), "working everything out again finds nothing new"
        both = [address for address in after if address in before]
        enabled = {a for a in after if after[a][0] != before.get(a, (False,))[0]}
        calculated = {a for a in both if after[a][1] != before[a][1] and form.node(a[1]).calculated}
        problems = {a for a in both if after[a][2] != before[a][2]}
        assert set(changed.enabled) == enabled
        assert {a for a in changed.calculated if a in before} == calculated
        assert {a for a in changed.problems if a in before} == problems


@slow
@given(filled())
def test_a_draft_built_anew_is_the_same_draft(case: Case) -> None:
    form, edits = case
    state = FormState(form, TODAY)
    for edit in edits:
        apply(state, edit)
    again = rebuilt(state)
    assert snapshot(again) == snapshot(state)
    assert response(again) == response(state)


@slow
@given(filled(), st.randoms(use_true_random=False))
def test_the_order_of_answering_does_not_matter(case: Case, chance: random.Random) -> None:
    form, edits = case
    final = {(path, link): answers for what, path, link, answers in edits if what == "set"}
    entries = [(path, link, answers) for (path, link), answers in final.items()]
    first, second = FormState(form, TODAY), FormState(form, TODAY)
    for entry in entries:
        first.set(*entry)
    chance.shuffle(entries)
    for entry in entries:
        second.set(*entry)
    assert snapshot(first) == snapshot(second)


@slow
@given(filled())
def test_hidden_answers_count_for_nothing_and_are_kept(case: Case) -> None:
    form, edits = case
    state = FormState(form, TODAY)
    given_answers: dict[Any, Any] = {}
    for edit in edits:
        apply(state, edit)
        what, path, link_id, answers = edit
        if what == "set":
            given_answers[path, link_id] = tuple(answers)
        elif what == "remove":
            gone = form.by_link[link_id]
            level = len(form.nodes[gone].groups)
            for address in list(given_answers):
                if address[0][:level] == path and gone in form.node(address[1]).groups:
                    del given_answers[address]
    for (path, link_id), answers in given_answers.items():
        assert state.answers(path, link_id) == answers, "kept in the draft, hidden or not"
    without = rebuilt(state, keep=lambda each: each.enabled)
    assert list(without.addresses()) == list(state.addresses())
    assert without.calculated() == state.calculated()
    assert response(without) == response(state)
    shown = set(state.addresses())
    assert {link for _, link in state.addresses()} >= set(_links(response(state).get("item", [])))
    assert all(address in shown for address in state.calculated())


def _links(items: list[dict[str, Any]]) -> list[str]:
    found = []
    for item in items:
        found.append(item["linkId"])
        found += _links(item.get("item", []))
        for answer in item.get("answer", []):
            found += _links(answer.get("item", []))
    return found


@slow
@given(filled())
def test_a_finished_response_has_every_answer_that_is_asked_for(case: Case) -> None:
    """Each row's, in the order of the form; a row that is lost twice would load as itself."""
    form, edits = case
    state = FormState(form, TODAY)
    for edit in edits:
        apply(state, edit)
    asked = [address for address in state.addresses() if BLANK_ROW not in address[0]]
    answered = [(link, list(state.answers(path, link))) for path, link in asked if state.answers(path, link)]
    said = [(link, answers) for link, answers in _said(response(state).get("item", [])) if any(answers)]
    assert dump_json(said) == dump_json([(link, [fhir_value(a) for a in given]) for link, given in answered])


def _said(items: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return each question of a response with its bare answers, in its order."""
    found = []
    for item in items:
        answers = item.get("answer", [])
        if answers:
            found.append((item["linkId"], [{k: v for k, v in a.items() if k != "item"} for a in answers]))
        found += _said(item.get("item", []))
        for answer in answers:
            found += _said(answer.get("item", []))
    return found


@slow
@given(filled())
def test_a_finished_response_loads_as_itself(case: Case) -> None:
    form, edits = case
    state = FormState(form, TODAY)
    for edit in edits:
        apply(state, edit)
    finished = response(state)
    loaded, problems = load_response(form, finished, TODAY)
    assert problems == ()
    assert dump_json(response(loaded)) == dump_json(finished)
