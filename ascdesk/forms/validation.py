"""Says what a finished response would have wrong, item by item, in sentences for whoever fills it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ascdesk.forms.fhirpath.functions import text_of
from ascdesk.forms.fhirpath.operators import order
from ascdesk.forms.fhirpath.syntax import EvaluationError
from ascdesk.forms.fhirpath.values import Value, quantity_of
from ascdesk.forms.instance import Instance
from ascdesk.forms.model import ROOT, Constraint, Node
from ascdesk.forms.problems import Problem


def problems_of(instance: Instance) -> tuple[Problem, ...]:
    """Return what is wrong with one occurrence; nothing is wrong with what is hidden or blank."""
    if not instance.enabled or instance.blank:
        return ()
    form, link_id, path = instance.form, instance.link_id, instance.path
    top = instance.node == ROOT
    found = list(_troubles(instance))
    found += _constraints(instance, form.constraints if top else form.nodes[instance.node].constraints)
    if not top:
        found += _own(instance)
    problems = [Problem(link_id, element, text, path) for element, text in found]
    problems += [Problem(kid, element, text, path) for kid, element, text in _rows(instance)]
    return tuple(problems)


def _troubles(instance: Instance) -> Iterator[tuple[str, str]]:
    for element, trouble in instance.trouble.items():
        yield element, f"The form could not work this out from what was answered: {trouble}."


def _constraints(instance: Instance, constraints: tuple[Constraint, ...]) -> Iterator[tuple[str, str]]:
    for constraint in constraints:
        if constraint.key in instance.failed and constraint.severity == "error":
            yield "targetConstraint", constraint.human


def _rows(instance: Instance) -> Iterator[tuple[str, str, str]]:
    """Say whether repeating groups directly below have as many rows as they should."""
    for index, rows in instance.kids.items():
        node = instance.form.nodes[index]
        if not node.repeating_group or not any(row.enabled for row in rows):
            continue
        count = sum(not row.blank and row.has_content() for row in rows)
        fewest = max(node.min_occurs, int(node.required))
        if count < fewest:
            yield node.link_id, "minOccurs", f"Add at least {fewest} to “{_name(node)}”."
        if node.max_occurs is not None and count > node.max_occurs:
            yield node.link_id, "maxOccurs", f"“{_name(node)}” takes {node.max_occurs} at most."


def _stop(node: Node) -> str:
    """Return the full stop after a name in quotation marks, unless it ends as a question."""
    return "" if _name(node).endswith("?") else "."


def _name(node: Node) -> str:
    return node.short_text or node.text or node.link_id


def _own(instance: Instance) -> Iterator[tuple[str, str]]:
    node = instance.form.nodes[instance.node]
    if node.type == "group" and node.required and not node.repeats and not instance.has_content():
        yield "required", f"Answer at least one question in “{_name(node)}”."
    if not node.is_question or node.calculated:
        return
    yield from _count(node, len(instance.answers))
    for answer, value in zip(instance.answers, instance.values, strict=True):
        yield from _value(node, next(iter(answer)), answer, value)
    exclusive = [option for option in node.options if option.exclusive and option.value in instance.answers]
    if exclusive and len(instance.answers) > 1:
        yield "answerOption", f"“{exclusive[0].display}” cannot stand with another answer."


def _count(node: Node, count: int) -> Iterator[tuple[str, str]]:
    if not count:
        if node.required or node.min_occurs:
            yield "required", f"Answer “{_name(node)}”{_stop(node)}"
    elif count < node.min_occurs:
        yield "minOccurs", f"Give at least {node.min_occurs} answers to “{_name(node)}”."
    if node.max_occurs is not None and count > node.max_occurs:
        yield "maxOccurs", f"Give {node.max_occurs} answers at most to “{_name(node)}”."


def _value(node: Node, key: str, answer: Any, value: Value) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    if key == "valueCoding" and node.options and not node.is_open and not _offered(node, value):
        yield (
            "answerOption",
            f"“{value.get('display') or value.get('code')}” is not one of the answers offered.",
        )
    elif key != "valueCoding" and node.type == "choice" and node.options and not _listed(node, answer):
        yield "answerOption", f"“{answer[key]}” is not one of the answers offered."
    if key == "valueAttachment":
        yield from _attachment(node, value)
    if isinstance(value, str):
        yield from _words(node, value)
    yield from _limits(node, value)


def _offered(node: Node, coding: Any) -> bool:  # noqa: ANN401 a Coding
    return any(
        coding.get("code") == own.get("code")
        and (coding.get("system") in (None, own.get("system")) or own.get("system") is None)
        and (coding.get("code") is not None or coding.get("display") == own.get("display"))
        for option in node.options
        if (own := option.value.get("valueCoding")) is not None
    )


def _listed(node: Node, answer: Any) -> bool:  # noqa: ANN401 an answer
    return any(option.value == answer for option in node.options)


def _words(node: Node, text: str) -> Iterator[tuple[str, str]]:
    if node.max_length is not None and len(text) > node.max_length:
        yield "maxLength", f"Shorten this to {node.max_length} characters; it has {len(text)}."
    if len(text) < node.min_length:
        yield "minLength", f"Write at least {node.min_length} characters."
    if node.regex is not None and not node.regex.fullmatch(text):
        shown = f" Write it as {node.entry_format}." if node.entry_format else ""
        yield "regex", f"“{text[:40]}” is not in the form that is wanted.{shown}"


def _limits(node: Node, value: Value) -> Iterator[tuple[str, str]]:
    for element, limit, sign, words in (
        ("minValue", node.min_value, -1, "or more"),
        ("maxValue", node.max_value, 1, "or less"),
    ):
        if limit is not None and _order(value, limit) == sign:
            yield element, f"This must be {text_of(limit)} {words}."
    number = value if isinstance(value, Decimal) else None
    if number is None and isinstance(value, dict) and (amount := quantity_of(value)) is not None:
        number = amount.value
    if number is not None and node.decimals is not None and _places(number) > node.decimals:
        yield "maxDecimalPlaces", f"Give {node.decimals} decimal places at most."


def _order(value: Value, limit: Value) -> int | None:
    try:
        return order(
            quantity_of(value) if isinstance(value, dict) else value,
            quantity_of(limit) if isinstance(limit, dict) else limit,
        )
    except EvaluationError:
        return None


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _attachment(node: Node, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 an Attachment
    size = value.get("size")
    # the extension counts in megabytes, an attachment in bytes (FHIR R4)
    if node.max_size is not None and isinstance(size, int) and size > node.max_size * 1_000_000:
        yield "maxSize", f"This file is larger than {node.max_size} MB."
    if node.mime_types and value.get("contentType") not in node.mime_types:
        yield "mimeType", f"Only {', '.join(node.mime_types)} can be attached."
