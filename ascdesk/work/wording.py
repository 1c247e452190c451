"""Words that screens and copies share: names filled into a form's texts, and answers as people read them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from ascdesk.care.clocks import LONDON
from ascdesk.care.people import parse_approximate, show_nhs_number
from ascdesk.errors import PlainError
from ascdesk.forms.model import Node
from ascdesk.record.change import Json
from ascdesk.work.cases import Case
from ascdesk.work.fortnight import TWO_WEEKS, days_words

ABSENT = {
    "not-known": "Not known",
    "declined": "Declined to answer",
    "varies": "It varies",
    "not-discussed": "Not talked about yet",
}
"""Why there is no answer, in words."""


def fill(text: str, names: Mapping[str, str]) -> str:
    """Return a form's text with ``{name}``, ``{carer}``, ``{they}``, ``{them}`` and ``{their}`` filled in."""
    for key, word in names.items():
        text = text.replace("{" + key + "}", word)
    return text[:1].upper() + text[1:]


def names_for(case: Case) -> dict[str, str]:
    """Return what a form calls the person and their carer."""
    they, them, their = _pronouns(case.person.pronouns)
    carer = case.carer
    named = (carer.name or "").split(" ")[0] if carer else ""
    return {
        "name": case.person.known_as,
        "carer": named or "the carer",
        "they": they,
        "them": them,
        "their": their,
    }


def _pronouns(said: str | None) -> tuple[str, str, str]:
    known = {"she": ("she", "her", "her"), "he": ("he", "him", "his")}
    return known.get((said or "").replace("/", " ").split(" ")[0].lower(), ("they", "them", "their"))


def answers_words(node: Node, answers: Iterable[Mapping[str, Json]], names: Mapping[str, str]) -> str:
    """Return all answers of one account in words: choices one under another when there are several."""
    if node.ours.get("widget") == TWO_WEEKS:
        return days_words(tuple(answers))
    said = [words for answer in answers if (words := answer_words(node, answer, names))]
    return "\n".join(said)


def answer_words(node: Node, answer: Mapping[str, Json], names: Mapping[str, str]) -> str:
    """Return one answer as a person reads it: dates in words, figures with their unit, yes and no."""
    known = ((key, value) for key, value in answer.items() if key.startswith("value"))
    key, value = next(known, ("", None))
    if value is None:
        return ""
    if key == "valueCoding":
        return _coding_words(node, value, names)
    if key == "valueDate":
        return _date_words(str(value), about="_valueDate" in answer)
    if key == "valueDateTime":
        return _moment_words(str(value))
    told = {
        "valueBoolean": "Yes" if value else "No",
        "valueTime": str(value)[:5],
    }
    if isinstance(value, dict):
        quantity = f"{value.get('value', '')} {value.get('unit', '')}".strip()
        return quantity if key == "valueQuantity" else str(value.get("title") or "Attached")
    return told.get(key) or _text_words(node, str(value))


def _coding_words(node: Node, coding: Mapping[str, Json], names: Mapping[str, str]) -> str:
    # The form's own words for a code win over those that were stored with the answer.
    for option in node.options:
        if option.code == coding.get("code"):
            return fill(option.display, names)
    return fill(str(coding.get("display") or coding.get("code") or ""), names)


def _date_words(text: str, *, about: bool) -> str:
    try:
        return parse_approximate(text, about=about).words()
    except PlainError:
        return text


def _moment_words(text: str) -> str:
    """Return a moment as London's clocks had it; a day without a time stays a day."""
    day, _, time = text.partition("T")
    with contextlib.suppress(ValueError):
        at = datetime.fromisoformat(text)
        if time and at.tzinfo is not None:
            local = at.astimezone(LONDON)
            return f"{_date_words(local.date().isoformat(), about=False)}, {local:%H:%M}"
    return _date_words(day, about=False)


def _text_words(node: Node, text: str) -> str:
    if node.ours.get("widget") == "nhs-number":
        try:
            return show_nhs_number(text)
        except PlainError:
            return text
    if node.ours.get("widget") == "money" and text:
        return f"£{text}"
    return f"{text} {node.unit['display']}" if node.unit and node.unit.get("display") else text
