"""Compiles enableWhen: each condition becomes a test of the nearest occurrence of the question it names.

FHIR R4, Questionnaire.item.enableWhen: with several occurrences, the nearest by ancestors is meant, then the
one before, then the one after; a row that leaves the question open is none. `=` holds when any answer is
equal, `!=` when none is (so also when there is none at all).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ascdesk.forms.answers import read_value
from ascdesk.forms.fhirpath.operators import order, same
from ascdesk.forms.fhirpath.syntax import EvaluationError
from ascdesk.forms.fhirpath.values import Quantity, Value, quantity_of
from ascdesk.forms.instance import Instance
from ascdesk.forms.model import ROOT, Holds, Node
from ascdesk.forms.problems import WrongAnswer

_NUMBERS = ("valueDecimal", "valueInteger")
_MOMENTS = ("valueDate", "valueDateTime")
_EXPECTED: dict[str, tuple[str, ...]] = {
    "valueDecimal": _NUMBERS,
    "valueInteger": _NUMBERS,
    "valueDate": _MOMENTS,
    "valueDateTime": _MOMENTS,
    "valueUri": ("valueString",),
}
_ORDERED = frozenset(
    {"valueDecimal", "valueInteger", "valueDate", "valueDateTime", "valueTime", "valueQuantity"}
)
_TESTS: dict[str, Callable[[int], bool]] = {
    ">": lambda found: found > 0,
    "<": lambda found: found < 0,
    ">=": lambda found: found >= 0,
    "<=": lambda found: found <= 0,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One compiled condition: the question that it reads, and whether it holds for an occurrence."""

    question: int
    anchor: int
    holds: Holds


class WrongCondition(Exception):
    """A condition that can never mean anything: which element is wrong, and why."""

    def __init__(self, element: str, message: str) -> None:
        super().__init__(message)
        self.element = element
        self.message = message


def compile_condition(
    raw: Mapping[str, Any], nodes: list[Node], by_link: Mapping[str, int], item: int
) -> Condition:
    """Return one enableWhen of an item compiled; raises WrongCondition."""
    question = by_link.get(str(raw.get("question")))
    if question is None:
        raise WrongCondition("question", f"there is no item with the linkId {raw.get('question')}")
    if not nodes[question].is_question:
        raise WrongCondition(
            "question", f"{raw['question']} is a {nodes[question].type}, which has no answer"
        )
    test = _compile_test(raw, nodes[question])
    anchor, up, down = _route(nodes, item, question)
    nearest_last = question < item

    def holds(instance: Instance) -> bool:
        around = instance
        for _ in range(up):
            assert around.parent is not None
            around = around.parent
        found = [around]
        for step in down:
            found = found[0].kids[step] if len(found) == 1 else [k for each in found for k in each.kids[step]]
        if len(found) == 1:
            return test(found[0].effective)
        answered = [each.effective for each in found if each.effective]
        return test(answered[-1 if nearest_last else 0] if answered else ())

    return Condition(question, anchor, holds)


def _route(nodes: list[Node], item: int, question: int) -> tuple[int, int, tuple[int, ...]]:
    """Return the nearest item around both, the steps up to it, and the items down from it."""
    above = {item: 0}
    at, steps = item, 0
    while at != ROOT:
        at, steps = nodes[at].parent, steps + 1
        above[at] = steps
    down: list[int] = []
    at = question
    while at not in above:
        down.append(at)
        at = nodes[at].parent
    return at, above[at], tuple(reversed(down))


def _compile_test(raw: Mapping[str, Any], question: Node) -> Callable[[tuple[Value, ...]], bool]:
    operator = raw.get("operator")
    keys = [key for key in raw if key.startswith("answer") and key != "answer"]
    if len(keys) != 1:
        raise WrongCondition("answer[x]", "a condition needs exactly one answer to compare with")
    key = "value" + keys[0].removeprefix("answer")
    if operator == "exists":
        return _exists(key, raw[keys[0]], keys[0])
    if operator not in ("=", "!=", *_TESTS):
        raise WrongCondition("operator", f"{operator} is not an operator of enableWhen")
    _check_kind(question, str(operator), key, keys[0])
    try:
        _, wanted = read_value(key, raw[keys[0]])
    except WrongAnswer as trouble:
        raise WrongCondition(keys[0], trouble.sentence.rstrip(".")) from trouble
    if operator == "=":
        return lambda values: any(matches(value, wanted) for value in values)
    if operator == "!=":
        return lambda values: not any(matches(value, wanted) for value in values)
    return _ordered(_TESTS[str(operator)], wanted)


def _exists(key: str, wanted: object, element: str) -> Callable[[tuple[Value, ...]], bool]:
    if key != "valueBoolean" or not isinstance(wanted, bool):
        raise WrongCondition(element, "exists is compared with answerBoolean, true or false")
    return lambda values: bool(values) is wanted


def _check_kind(question: Node, operator: str, key: str, element: str) -> None:
    expected = {each for own in question.keys for each in _EXPECTED.get(own, (own,))}
    if key not in expected:
        wanted = " or ".join(sorted("answer" + each.removeprefix("value") for each in expected))
        raise WrongCondition(element, f"a {question.type} question is compared with {wanted}, not {element}")
    if operator in _TESTS and key not in _ORDERED:
        raise WrongCondition("operator", f"{operator} has no meaning for a {question.type} question")


def _ordered(test: Callable[[int], bool], wanted: Value) -> Callable[[tuple[Value, ...]], bool]:
    def compare(values: tuple[Value, ...]) -> bool:
        for value in values:
            try:
                found = order(_comparable(value), _comparable(wanted))
            except EvaluationError:
                continue
            if found is not None and test(found):
                return True
        return False

    return compare


def _comparable(value: Value) -> Value:
    return quantity_of(value) if isinstance(value, dict) else value


def matches(value: Value, wanted: Value) -> bool:
    """Return whether an answer is the wanted one: Codings by code, and by system where both give it."""
    if isinstance(value, dict) and isinstance(wanted, dict):
        if "value" in wanted:
            return _same_quantity(quantity_of(value), quantity_of(wanted))
        return _same_coding(value, wanted)
    return same(value, wanted) is True


def _same_quantity(value: Quantity | None, wanted: Quantity | None) -> bool:
    return value is not None and value == wanted


def _same_coding(value: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if "code" not in wanted or "code" not in value:
        return "code" not in wanted and "code" not in value and value.get("display") == wanted.get("display")
    systems = value.get("system"), wanted.get("system")
    return bool(value["code"] == wanted["code"]) and (None in systems or systems[0] == systems[1])
