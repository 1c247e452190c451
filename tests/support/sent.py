"""A self-assessment that a person sent, and the needs assessment that begins with it, in a real record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ascdesk.record.record import Record
from ascdesk.work import population, responses
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Key, Said
from tests.support.desks import NOW

Told = tuple[str, str, Any]
"""A question of the self-assessment, the kind of its value, the value: of a choice its code or codes."""


def sent(record: Record, library: FormLibrary, case: str, told: Iterable[Told]) -> str:
    """Write a self-assessment as the web form does, and return it."""
    form = library.form("self-assessment")
    row = responses.start(record, case, "self-assessment", form.version)
    draft = responses.load(record, case, row)
    for link, kind, value in told:
        options = {option.code: dict(option.value) for option in form.node(link).options}
        values = value if isinstance(value, list) else [value]
        answers = tuple(options[one] if kind == "Coding" else {f"value{kind}": one} for one in values)
        responses.answer(record, draft, Key((), link, "person"), Said(answers), seen=frozenset(), name="x")
    return row


def begun(record: Record, library: FormLibrary, case: str, told: Iterable[Told]) -> str:
    """Begin a needs assessment with a self-assessment, and return it."""
    return population.begin(record, library, case, sent(record, library, case, told), today=NOW.date())
