"""Which questions an expression is known to read, and from whose rows."""

from __future__ import annotations

import pytest

from ascdesk.forms.expressions import NodeShape
from ascdesk.forms.fhirpath.parser import parse
from ascdesk.forms.fhirpath.reads import NOWHERE, ROOT, Reach, analyse, consumed
from ascdesk.forms.questionnaire import compile_form

FORM = compile_form(
    {
        "resourceType": "Questionnaire",
        "item": [
            {"linkId": "a", "type": "integer"},
            {
                "linkId": "g",
                "type": "group",
                "repeats": True,
                "item": [
                    {"linkId": "b", "type": "integer"},
                    {"linkId": "c", "type": "string", "item": [{"linkId": "d", "type": "string"}]},
                ],
            },
        ],
    }
)
SHAPE = NodeShape(list(FORM.nodes), FORM.by_link)


def reads(text: str, context: str = "") -> set[tuple[str, str]]:
    level = FORM.by_link[context] if context else ROOT
    reach = analyse(parse(text), SHAPE, level, lambda name: _known(name, level))
    found = consumed(reach, SHAPE)
    return {(FORM.nodes[each.node].link_id, _name(each.anchor)) for each in found}


def _name(node: int) -> str:
    return "" if node == ROOT else FORM.nodes[node].link_id


def _known(name: str, level: int) -> Reach:
    at = ROOT if name == "resource" else level
    return analyse(parse("$this"), SHAPE, at, lambda inner: Reach(NOWHERE, frozenset()))


@pytest.mark.parametrize(
    ("text", "context", "wanted"),
    [
        ("1 + 1", "", set()),
        ("today()", "g", set()),
        ("%resource.item.where(linkId='a').answer.value", "", {("a", "")}),
        ("%resource.item.where(linkId='b').answer.value", "", set()),
        ("%resource.item.item.where(linkId='b').answer.value", "c", {("b", "")}),
        ("item.where(linkId='b').answer.value", "g", {("b", "g")}),
        ("%context.item.where(linkId='c').answer.item.answer.value", "g", {("d", "g")}),
        ("%resource.descendants().where(linkId='d').answer.value", "", {("d", "")}),
        ("%resource.item.where(linkId='g').exists()", "", {("g", ""), ("b", ""), ("c", ""), ("d", "")}),
        ("%resource.item.where(linkId.startsWith('a')).answer.value", "", {("a", "")}),
        ("iif(item.where(linkId='b').answer.value > 1, 1, 2)", "g", {("b", "g")}),
        ("%resource.item.first().linkId", "", {(link, "") for link in "agbcd"}),
        ("%resource.descendants().count()", "", {(link, "") for link in "agbcd"}),
        ("item.select(1).count()", "g", {(link, "g") for link in "bcd"}),
    ],
)
def test_what_an_expression_reads(text: str, context: str, wanted: set[tuple[str, str]]) -> None:
    assert reads(text, context) == wanted
