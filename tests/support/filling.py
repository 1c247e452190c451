"""Answers made by chance to any form: the same for the same seed."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from ascdesk.forms.model import Node
from ascdesk.forms.state import FormState

WORDS = ("plain words", "Zażółć gęślą jaźń", "مرحبا", "two\nlines", "ਸਤ ਸ੍ਰੀ ਅਕਾਲ")


def an_answer(node: Node, chance: random.Random) -> list[dict[str, Any]]:
    """Return answers that a question takes, by chance."""
    if node.options:
        count = chance.randint(1, 2) if node.repeats else 1
        return [dict(option.value) for option in chance.sample(node.options, min(count, len(node.options)))]
    number = Decimal(chance.randint(1, 4000)) / 10
    made: dict[str, Any] = {
        "valueBoolean": chance.random() < 0.5,
        "valueInteger": chance.randint(0, 110),
        "valueDecimal": str(number),
        "valueDate": f"{chance.randint(1930, 2026)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
        "valueDateTime": "2026-11-21T10:30:00Z",
        "valueTime": "10:30:00",
        "valueString": chance.choice(WORDS),
        "valueUri": "https://example.org/",
        "valueQuantity": {"value": str(number), "unit": "mm"},
        "valueAttachment": {"contentType": "text/plain", "title": "A note"},
        "valueCoding": {"code": "a", "display": "A"},
    }
    key = node.keys[-1]
    return [{key: made[key]}]


def fill(state: FormState, chance: random.Random, share: float) -> None:
    """Answer this share of a form's questions, in one of two rows where they stand in groups that repeat."""
    entries = []
    for node in state.form.nodes:
        if node.is_question and not node.calculated and chance.random() < share:
            path = tuple(f"row-{chance.randint(1, 2)}" for _ in node.groups)
            entries.append((path, node.link_id, an_answer(node, chance)))
    state.fill(entries)
