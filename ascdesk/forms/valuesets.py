"""Finds the options of a choice: those listed in the item, and those of a ValueSet that the form contains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ascdesk.forms import urls
from ascdesk.forms.answers import read_value
from ascdesk.forms.extensions import extensions_of, translations_of
from ascdesk.forms.fhirpath.values import decimal_of
from ascdesk.forms.model import Json, Option
from ascdesk.forms.problems import WrongAnswer
from ascdesk.forms.report import Report

_OPTION_KEYS = ("valueCoding", "valueString", "valueInteger", "valueDate", "valueTime")


def listed_options(link_id: str, raw: object, report: Report) -> tuple[Option, ...]:
    """Return the options of `answerOption`, reporting those that cannot be used."""
    found = []
    for position, each in enumerate(raw if isinstance(raw, list) else [raw]):
        option = _listed(link_id, f"answerOption[{position}]", each, report)
        if option is not None:
            found.append(option)
    return tuple(found)


def _listed(link_id: str, element: str, raw: object, report: Report) -> Option | None:
    if not isinstance(raw, dict):
        report.problem(link_id, element, "an option must be a FHIR value such as valueCoding")
        return None
    if "modifierExtension" in raw:
        report.problem(link_id, f"{element}.modifierExtension", "a modifier that is not known here")
    key = next((key for key in raw if key.startswith("value")), "")
    if key not in _OPTION_KEYS:
        report.problem(link_id, element, f"options of the kind {key or 'none'} are not supported")
        return None
    try:
        stored, value = read_value(key, raw[key])
    except WrongAnswer as trouble:
        report.problem(link_id, f"{element}.{key}", trouble.sentence.rstrip("."))
        return None
    return _option(raw, key, stored, str(value))


def _option(raw: Json, key: str, stored: Any, text: str) -> Option:  # noqa: ANN401 JSON of any shape
    coding = stored if key == "valueCoding" else {}
    score, exclusive = _marks(raw)
    coded, _ = _marks(coding)
    return Option(
        value={key: stored},
        display=str(coding.get("display") or coding.get("code") or text),
        score=score if score is not None else coded,
        exclusive=exclusive,
        selected=raw.get("initialSelected") is True,
        translations=translations_of(coding.get("_display") or raw.get("_" + key)),
    )


def _marks(raw: Mapping[str, Any]) -> tuple[Decimal | None, bool]:
    score, exclusive = None, False
    for url, _, value in extensions_of(raw):
        if url in (urls.ORDINAL_VALUE, urls.ITEM_WEIGHT):
            score = decimal_of(value)
        elif url == urls.OPTION_EXCLUSIVE:
            exclusive = value is True
    return score, exclusive


def contained_options(questionnaire: Json, reference: str) -> tuple[Option, ...] | None:
    """Return the options of a value set that the form itself contains, or None when it does not."""
    contained = [each for each in _list(questionnaire.get("contained")) if isinstance(each, dict)]
    wanted = reference.split("|", maxsplit=1)[0]
    for each in contained:
        if each.get("resourceType") == "ValueSet" and wanted in (f"#{each.get('id')}", each.get("url")):
            return _of_value_set(each, contained)
    return None


def _of_value_set(value_set: Json, contained: list[Json]) -> tuple[Option, ...] | None:
    expansion = value_set.get("expansion")
    if isinstance(expansion, dict) and _list(expansion.get("contains")):
        return tuple(_coded(each, each.get("system")) for each in _expanded(expansion))
    compose = value_set.get("compose")
    if not isinstance(compose, dict):
        return None
    found: list[Option] = []
    for part in _list(compose.get("include")):
        concepts = _concepts(part, contained)
        if concepts is None:
            return None
        found += [_coded(each, part.get("system")) for each in concepts]
    left_out = _excluded(compose)
    if left_out is None:
        return None
    return tuple(option for option in found if _key(option) not in left_out) or None


def _excluded(compose: Json) -> set[tuple[object, object]] | None:
    found: set[tuple[object, object]] = set()
    for part in _list(compose.get("exclude")):
        if not isinstance(part, dict) or not part.get("concept"):
            return None
        found |= {(part.get("system"), each.get("code")) for each in _dicts(part["concept"])}
    return found


def _key(option: Option) -> tuple[object, object]:
    coding = option.value["valueCoding"]
    return coding.get("system"), coding.get("code")


def _concepts(part: object, contained: list[Json]) -> list[Json] | None:
    """Return the concepts of one include, or None when only a terminology server would know them."""
    if not isinstance(part, dict) or "filter" in part or "valueSet" in part:
        return None
    if "concept" in part:
        return _dicts(part["concept"])
    for each in contained:
        if each.get("resourceType") == "CodeSystem" and each.get("url") == part.get("system"):
            return list(_flattened(_dicts(each.get("concept"))))
    return None


def _flattened(concepts: list[Json]) -> Iterator[Json]:
    for each in concepts:
        yield each
        yield from _flattened(_dicts(each.get("concept")))


def _expanded(expansion: Json) -> Iterator[Json]:
    for each in _dicts(expansion.get("contains")):
        if each.get("abstract") is not True and "code" in each:
            yield each
        yield from _expanded(each)


def _coded(concept: Json, system: object) -> Option:
    coding = {"system": system, "code": concept.get("code"), "display": concept.get("display")}
    stored = {key: value for key, value in coding.items() if isinstance(value, str)}
    score, _ = _marks(concept)
    display = str(stored.get("display") or stored.get("code"))
    words = {str(each.get("language")): str(each.get("value")) for each in _dicts(concept.get("designation"))}
    return Option(value={"valueCoding": stored}, display=display, score=score, translations=words)


def _list(raw: object) -> list[Any]:
    return raw if isinstance(raw, list) else []


def _dicts(raw: object) -> list[Json]:
    return [each for each in _list(raw) if isinstance(each, dict)]
