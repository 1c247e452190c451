"""An answer to one version of a form, held against the next: where it goes, what becomes of it (design §4).

Pure: it reads no record and writes none. What it cannot place it says so, in words; it never drops anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ascdesk.forms.answers import read_answer
from ascdesk.forms.model import Answer, Form, Node, Option
from ascdesk.forms.problems import WrongAnswer

REPLACES = "replaces"
"""Our extension on an item: the linkId of the earlier version whose answers it takes over."""

_YES, _NO = frozenset({"yes", "true", "y"}), frozenset({"no", "false", "n"})


class How(StrEnum):
    """How an answer ends when its draft moves to another version."""

    SAME = "same"
    MOVED = "moved"
    CONVERTED = "converted"
    CONFIRM = "confirm"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Becomes:
    """What answers become in a question that takes them: the same, converted, or for a person to confirm."""

    answers: tuple[Answer, ...]
    how: How = How.SAME
    why: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The question that takes an answer over, and the groups around it; or why there is none."""

    node: Node | None
    groups: tuple[str, ...] = ()
    why: str = ""


def replaced(form: Form) -> Mapping[str, str]:
    """Return which item of the form takes over each linkId of an earlier version."""
    return {str(node.ours[REPLACES]): node.link_id for node in form.nodes if node.ours.get(REPLACES)}


def target(form: Form, link_id: str, groups: Sequence[str | None]) -> Target:
    """Return where an answer to ``link_id``, standing in rows of these groups, goes in ``form``.

    A group that is not known (``None``) is taken to be the one that stands in its place now.
    """
    taken_over = replaced(form)
    link = link_id if link_id in form.by_link else taken_over.get(link_id)
    if link is None:
        return Target(None, why="this is no longer asked")
    node = form.node(link)
    if not node.is_question:
        return Target(None, why="this is no longer a question")
    if node.calculated:
        return Target(None, why="the form works this out by itself now")
    around = tuple(form.nodes[index].link_id for index in node.groups)
    if len(around) != len(groups):
        return Target(None, why="this is asked in another list, or no longer in one")
    for new, old in zip(around, groups, strict=True):
        if old not in (None, new) and form.node(new).ours.get(REPLACES) != old:
            return Target(None, why="this is asked in another list now")
    return Target(node, around)


def becomes(node: Node, answers: Sequence[Answer]) -> Becomes | None:
    """Return what answers become in a question; ``None`` where it can take them in no shape."""
    found = [_one(node, answer) for answer in answers]
    if len(found) > 1 and not node.repeats:
        return _joined(node, answers)
    if any(one is None for one in found):
        return None
    parts = [one for one in found if one is not None]
    how = max((one.how for one in parts), key=_WEIGHT.__getitem__, default=How.SAME)
    why = next((one.why for one in parts if one.how is how), "")
    return Becomes(tuple(answer for one in parts for answer in one.answers), how, why)


_IN_WORDS = "this is written in words now"
_WEIGHT = {How.SAME: 0, How.CONVERTED: 1, How.CONFIRM: 2}


def plain_words(answer: Answer) -> str:
    """Return an answer as plain text that loses nothing a person would read."""
    key, value = _parts(answer)
    if key == "valueBoolean":
        return "Yes" if value else "No"
    if key == "valueCoding":
        return str(value.get("display") or value.get("code") or "")
    if key == "valueQuantity":
        return f"{value.get('value', '')} {value.get('unit') or value.get('code') or ''}".strip()
    if key == "valueAttachment":
        return str(value.get("title") or "")
    return str(value)


def _parts(answer: Answer) -> tuple[str, Any]:
    return next(((key, value) for key, value in answer.items() if key.startswith("value")), ("", None))


def _joined(node: Node, answers: Sequence[Answer]) -> Becomes | None:
    """Return several answers as one text, where the question takes one and words."""
    if "valueString" not in node.keys or any("valueAttachment" in answer for answer in answers):
        return None
    words = "\n".join(plain_words(answer) for answer in answers)
    return Becomes(({"valueString": words},), How.CONVERTED, "several answers became one text")


def _one(node: Node, answer: Answer) -> Becomes | None:
    key, value = _parts(answer)
    if _takes(node, answer):
        if key == "valueCoding" and node.options and not _offered(node, value):
            return _another_option(node, value)
        return Becomes((dict(answer),))
    reader = _CONVERSIONS.get(key)
    found = None if reader is None else reader(node, value)
    if found is None and "valueString" in node.keys and key != "valueAttachment":
        found = Becomes(
            ({"valueString": plain_words(answer)},), How.CONVERTED, "this is written in words now"
        )
    return found if found is not None and all(_takes(node, one) for one in found.answers) else None


def _takes(node: Node, answer: Mapping[str, Any]) -> bool:
    try:
        read_answer(node, answer)
    except WrongAnswer:
        return False
    return True


def _offered(node: Node, coding: Mapping[str, Any]) -> bool:
    return any(_same_code(option, coding) for option in node.options)


def _same_code(option: Option, coding: Mapping[str, Any]) -> bool:
    offered = option.value.get("valueCoding")
    if not isinstance(offered, Mapping):
        return False
    if "code" not in coding or "code" not in offered:
        return bool(offered.get("display") == coding.get("display"))
    systems = offered.get("system"), coding.get("system")
    return bool(offered["code"] == coding["code"]) and (None in systems or systems[0] == systems[1])


def _another_option(node: Node, coding: Mapping[str, Any]) -> Becomes | None:
    words = str(coding.get("display") or coding.get("code") or "")
    option = _option(node, {words.casefold()})
    if option is not None:
        return Becomes((dict(option.value),), How.CONVERTED, "the same words have another code now")
    if node.is_open:
        said = ({"valueString": words},)
        return Becomes(said, How.CONVERTED, "this is no longer among the answers, and is kept as words")
    return None


def _option(node: Node, words: Iterable[str]) -> Option | None:
    """Return the option that is called so, or whose code is so."""
    wanted = frozenset(words)
    called = (one for one in node.options if one.display.casefold() in wanted)
    coded = (one for one in node.options if one.code.casefold() in wanted)
    return next(called, None) or next(coded, None)


def _confirm(answer: Answer, why: str) -> Becomes:
    return Becomes((answer,), How.CONFIRM, why)


def _from_boolean(node: Node, value: bool) -> Becomes | None:
    option = _option(node, _YES if value else _NO)
    return None if option is None else _confirm(dict(option.value), "yes or no became one of the answers")


def _from_number(node: Node, value: object) -> Becomes | None:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    if not number.is_finite():
        return None
    if "valueDecimal" in node.keys:
        return Becomes(({"valueDecimal": format(number, "f")},), How.CONVERTED, "decimals are taken now")
    if "valueInteger" in node.keys and number == int(number):
        return Becomes(({"valueInteger": int(number)},), How.CONVERTED, "only whole numbers are taken now")
    if "valueQuantity" in node.keys and node.unit:
        held = {"value": format(number, "f"), "unit": node.unit.get("display") or node.unit.get("code")}
        return _confirm({"valueQuantity": held}, "a unit was added")
    return None


def _from_quantity(node: Node, value: Mapping[str, Any]) -> Becomes | None:
    mine = {str(value.get("unit") or ""), str(value.get("code") or "")} - {""}
    theirs = {str((node.unit or {}).get("display") or ""), str((node.unit or {}).get("code") or "")} - {""}
    if mine and theirs and not mine & theirs:
        return None  # 5 kg is no 5 lb
    found = _from_number(node, value.get("value"))
    if found is None or "valueQuantity" in found.answers[0]:
        return None
    return _confirm(found.answers[0], "the unit is no longer part of the answer")


def _from_coding(node: Node, value: Mapping[str, Any]) -> Becomes | None:
    words = {str(value.get(name) or "").casefold() for name in ("code", "display")}
    if "valueBoolean" in node.keys and words & (_YES | _NO):
        return _confirm({"valueBoolean": bool(words & _YES)}, "this is answered yes or no now")
    return None


def _from_date(node: Node, value: str) -> Becomes | None:
    if "valueDateTime" not in node.keys:
        return None
    return Becomes(({"valueDateTime": value},), How.CONVERTED, "a time of day may be added now")


def _from_moment(node: Node, value: str) -> Becomes | None:
    if "valueDate" not in node.keys:
        return None
    day, _, time = value.partition("T")
    if not time:
        return Becomes(({"valueDate": day},), How.CONVERTED, "only the day is asked now")
    return _confirm({"valueDate": day}, "the time of day was left out")


def _from_words(node: Node, value: str) -> Becomes | None:
    plain = value.strip()
    option = _option(node, {plain.casefold()})
    if option is not None:
        return _confirm(dict(option.value), "the words became one of the answers")
    if "valueUri" in node.keys:
        return Becomes(({"valueUri": value},), How.CONVERTED, "this is an address now")
    if "valueBoolean" in node.keys and plain.casefold() in _YES | _NO:
        return _confirm({"valueBoolean": plain.casefold() in _YES}, "the words became yes or no")
    for key in ("valueDate", "valueDateTime", "valueTime"):
        if key in node.keys and _takes(node, {key: plain}):
            return _confirm({key: plain}, "the words became a date or time")
    if {"valueInteger", "valueDecimal"} & set(node.keys) and plain.isascii():
        found = _from_number(node, plain)
        return None if found is None else _confirm(found.answers[0], "the words became a number")
    return None


_CONVERSIONS: dict[str, Any] = {
    "valueBoolean": _from_boolean,
    "valueInteger": _from_number,
    "valueDecimal": _from_number,
    "valueQuantity": _from_quantity,
    "valueCoding": _from_coding,
    "valueDate": _from_date,
    "valueDateTime": _from_moment,
    "valueString": _from_words,
    "valueUri": _from_words,
}
