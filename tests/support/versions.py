"""Pairs of versions of a form, by chance: items dropped, retyped, taken over, moved in and out of lists."""

from __future__ import annotations

import random
from typing import Any

from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_report
from ascdesk.record.change import new_id
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.filling import an_answer

TYPES = (
    "string", "text", "boolean", "integer", "decimal", "date", "dateTime", "time", "url", "choice",
    "open-choice", "quantity", "attachment",
)  # fmt: skip
LINKS = "abcdefghij"
GROUPS = ("g1", "g2", "g3")
OPTIONS = ("Yes", "No", "A", "B", "0", "2026-11-21")


def version(number: str, chance: random.Random, before: Form | None = None) -> Form | None:
    """Return a form by chance; of one ``before`` it may take over what it asks no more. ``None``: no form."""
    items: list[dict[str, Any]] = []
    lists = {name: _group(name, chance) for name in GROUPS if chance.random() < 0.7}
    for link in chance.sample(LINKS, chance.randint(3, len(LINKS))):
        where = chance.choice([items, items, *(one["item"] for one in lists.values())])
        where.append(_question(link, chance))
    if "g3" in lists and "g1" in lists and chance.random() < 0.5:
        lists["g1"]["item"].append(lists.pop("g3"))
    items += [one for one in lists.values() if one["item"]]
    if before is not None:
        _take_over(items, before, chance)
    raw = {"resourceType": "Questionnaire", "status": "active", "version": number, "item": items}
    return compile_report(raw)[0]


def _group(name: str, chance: random.Random) -> dict[str, Any]:
    return {"linkId": name, "text": name, "type": "group", "repeats": chance.random() < 0.6, "item": []}


def _question(link: str, chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(TYPES)
    made: dict[str, Any] = {"linkId": link, "text": f"Question {link}", "type": kind}
    if chance.random() < 0.3:
        made["repeats"] = True
    if kind in ("choice", "open-choice"):
        words = chance.sample(OPTIONS, 3)
        prefix = chance.choice(["", "x"])
        made["answerOption"] = [{"valueCoding": {"code": f"{prefix}{w}", "display": w}} for w in words]
    if chance.random() < 0.15:
        made["extension"] = [_ours("copy", "valueCode", "never")]
    return made


def _take_over(items: list[dict[str, Any]], before: Form, chance: random.Random) -> None:
    here = {one["linkId"]: one for one in _all(items)}
    gone = [node for node in before.nodes if node.link_id not in here and chance.random() < 0.7]
    fresh = [one for link, one in here.items() if link not in before.by_link]
    for node in gone:
        alike = [one for one in fresh if (one["type"] == "group") == (node.type == "group")]
        if alike:
            taker = chance.choice(alike)
            fresh.remove(taker)
            taker.setdefault("extension", []).append(_ours("replaces", "valueString", node.link_id))


def _all(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for one in items for found in (one, *_all(one.get("item", [])))]


def _ours(name: str, key: str, value: str) -> dict[str, str]:
    return {"url": f"https://ascdesk.example/fhir/StructureDefinition/{name}", key: value}


def answered(form: Form, chance: random.Random) -> list[tuple[Key, Said, list[str]]]:
    """Return accounts of a draft by chance, each with the groups of its rows."""
    rows: dict[tuple[int, int, tuple[str, ...]], str] = {}
    found = []
    for node in form.nodes:
        if not node.is_question:
            continue
        for source in chance.sample(["observed", "person", "carer"], chance.randint(0, 2)):
            path: tuple[str, ...] = ()
            for group in node.groups:
                path = (*path, rows.setdefault((group, chance.randint(1, 2), path), new_id()))
            groups = [form.nodes[group].link_id for group in node.groups]
            answers = tuple(FrozenAnswer(one) for one in an_answer(node, chance))
            if chance.random() < 0.2:
                said = Said((), "declined", None, "a note")
            else:
                said = Said(answers, None, "asked us to" if chance.random() < 0.2 else None)
            found.append((Key(path, node.link_id, source), said, groups))
    return found
