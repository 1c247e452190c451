"""What was typed on a page, read into answers. Pure: no request, no database.

Nothing that comes from outside names a question: the page's own places are looked up in what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from ascdesk.care.clocks import LONDON
from ascdesk.care.people import approximate_date, nhs_number, postcode, three_part_date, uk_phone
from ascdesk.errors import Refusal
from ascdesk.forms.model import BLANK_ROW, Form, Node
from ascdesk.forms.state import FormState
from sync.server.web.components import DATE_PARTS, OTHER, Address, name_of
from sync.server.web.paging import Page, Path, Place, everything, is_asked

Json = Any
Answers = tuple[Mapping[str, Json], ...]
MAX_TEXT = 20_000
"""Characters that one answer takes at most, whatever the form says."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: what it says of itself is not believed."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of one request: each name with its values in order."""

    fields: Mapping[str, Sequence[str]]
    files: Mapping[str, Sequence[Upload]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return the first value of a field, or nothing."""
        return next(iter(self.fields.get(name, ())), "")


@dataclass(slots=True)
class Read:
    """What a page's fields say: answers to keep, what could not be read, and what was typed."""

    entries: list[tuple[Path, str, Answers]] = field(default_factory=list)
    errors: dict[Address, str] = field(default_factory=dict)
    raw: dict[Address, dict[str, list[str]]] = field(default_factory=dict)
    shown: set[Address] = field(default_factory=set)
    files: dict[Address, Sequence[Upload]] = field(default_factory=dict)


def read_page(form: Form, state: FormState, page: Page, posted: Posted, new_row: Callable[[], str]) -> Read:
    """Read the questions that the page showed; a blank row in which something was typed becomes a row."""
    shown = set(posted.fields.get("shown", ()))
    rows = _Rows(form, new_row)
    read = Read()
    told = [one for one in everything(form, state, page) if name_of(one.path, one.node.link_id) in shown]
    asked = [one for one in told if is_asked(one.node)]
    typed = [(place, raw_of(place, posted)) for place in asked]
    for place, raw in typed:
        if BLANK_ROW in place.path and _anything(raw, posted, place):
            rows.make(place)
    read.shown = {(rows.now(place), place.node.link_id) for place in told}
    for place, raw in typed:
        path = rows.now(place)
        if BLANK_ROW in path:
            continue
        read.raw[path, place.node.link_id] = raw
        if found := posted.files.get(name_of(place.path, place.node.link_id)):
            read.files[path, place.node.link_id] = found
        try:
            answers = answers_of(place.node, raw, state.answers(place.path, place.node.link_id))
        except Refusal as refusal:
            read.errors[path, place.node.link_id] = refusal.sentence
        else:
            read.entries.append((path, place.node.link_id, answers))
    return read


class _Rows:
    """Gives each blank row that was typed in an id, the same for all its fields."""

    def __init__(self, form: Form, new_row: Callable[[], str]) -> None:
        self._form, self._new_row = form, new_row
        self._made: dict[tuple[Path, int], str] = {}

    def make(self, place: Place) -> None:
        """Make every blank row that a place stands in a real one."""
        path: Path = ()
        for row, group in zip(place.path, place.node.groups, strict=False):
            if row == BLANK_ROW and (path, group) not in self._made:
                self._made[path, group] = self._new_row()
            path = (*path, self._made.get((path, group), row))

    def now(self, place: Place) -> Path:
        """Return the path of a place with the blank rows that were made real."""
        path: Path = ()
        for row, group in zip(place.path, place.node.groups, strict=False):
            path = (*path, self._made.get((path, group), row) if row == BLANK_ROW else row)
        return path


def raw_of(place: Place, posted: Posted) -> dict[str, list[str]]:
    """Return what was typed in a question's fields, part by part."""
    name = name_of(place.path, place.node.link_id)
    raw = {"": [_clean(one) for one in posted.fields.get(name, ())]}
    if place.node.type in {"date", "dateTime"}:
        raw = {part: [_clean(posted.one(f"{name}-{part}"))] for part in DATE_PARTS}
        raw["time"] = [_clean(posted.one(f"{name}:time"))]
    elif place.node.is_open:
        raw[OTHER] = [_clean(posted.one(f"{name}:{OTHER}"))]
    return raw


def _clean(text: str) -> str:
    """Return typed text without what no key types, lines ended by one character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in text if c in "\n\t" or (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff")
    )


def _anything(raw: Mapping[str, Sequence[str]], posted: Posted, place: Place) -> bool:
    name = name_of(place.path, place.node.link_id)
    return name in posted.files or any(value.strip() for values in raw.values() for value in values)


def answers_of(node: Node, raw: Mapping[str, Sequence[str]], before: Answers = ()) -> Answers:
    """Return what was typed as FHIR answers, none where nothing was. Raises :class:`Refusal`."""
    if node.type in _TYPES:
        return _TYPES[node.type](node, raw)
    if node.type == "attachment":
        return before
    typed = _one(raw)
    return ({_key(node): _text(node, typed)},) if typed else ()


def _one(raw: Mapping[str, Sequence[str]], part: str = "") -> str:
    return next(iter(raw.get(part, ())), "").strip()


def _key(node: Node) -> str:
    return "valueUri" if node.type == "url" else "valueString"


def _text(node: Node, typed: str) -> str:
    if len(typed) > MAX_TEXT:
        raise Refusal(f"Shorten this to {MAX_TEXT:,} characters; it has {len(typed):,}.")
    widget = node.ours.get("widget")
    if widget in _WIDGETS:
        return _WIDGETS[str(widget)](typed)
    return typed


def _money(typed: str) -> str:
    return _number(typed.lstrip("£"), "an amount of money, like 120 or 45.50")


_WIDGETS: Mapping[str, Callable[[str], str]] = {
    "nhs-number": nhs_number,
    "postcode": postcode,
    "telephone": uk_phone,
    "money": _money,
}


def _number(typed: str, wanted: str) -> str:
    try:
        number = Decimal(typed.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        raise Refusal(f"Enter {wanted}.") from None
    if not number.is_finite():
        raise Refusal(f"Enter {wanted}.")
    return f"{number:f}"


def _boolean(_: Node, raw: Mapping[str, Sequence[str]]) -> Answers:
    return {"yes": ({"valueBoolean": True},), "no": ({"valueBoolean": False},)}.get(_one(raw), ())


def _integer(_: Node, raw: Mapping[str, Sequence[str]]) -> Answers:
    if not (typed := _one(raw)):
        return ()
    number = Decimal(_number(typed, "a whole number, like 3"))
    if number != number.to_integral_value() or abs(number) > 2**31 - 1:
        raise Refusal("Enter a whole number, like 3.")
    return ({"valueInteger": int(number)},)


def _decimal(node: Node, raw: Mapping[str, Sequence[str]]) -> Answers:
    if not (typed := _one(raw)):
        return ()
    money = node.ours.get("widget") == "money"
    return ({"valueDecimal": _money(typed) if money else _number(typed, "a number, like 3 or 2.5")},)


def _quantity(node: Node, raw: Mapping[str, Sequence[str]]) -> Answers:
    if not (typed := _one(raw)):
        return ()
    unit = node.unit or (node.unit_options[0] if node.unit_options else {})
    named = {"unit": unit.get("display"), "system": unit.get("system"), "code": unit.get("code")}
    value = {"value": _number(typed, "a number, like 3 or 2.5")}
    return ({"valueQuantity": value | {key: part for key, part in named.items() if part}},)


def _date(node: Node, raw: Mapping[str, Sequence[str]]) -> Answers:
    parts = [_one(raw, part) for part in DATE_PARTS]
    if not any(parts):
        return ()
    if node.ours.get("widget") == "approximate-date":
        return ({"valueDate": approximate_date(*parts).iso()},)
    missing = [part for part, typed in zip(DATE_PARTS, parts, strict=True) if not typed]
    if missing:
        raise Refusal(f"The date must have a {' and a '.join(missing)}.")
    return ({"valueDate": three_part_date(*parts).isoformat()},)


def _date_time(node: Node, raw: Mapping[str, Sequence[str]]) -> Answers:
    days = _date(node, raw)
    clock = _one(raw, "time")
    if not days:
        if clock:
            raise Refusal("Enter the day, month and year as well as the time.")
        return ()
    day = str(days[0]["valueDate"])
    if not clock:
        return ({"valueDateTime": day},)
    # a clock on the wall in England: the offset is that day's
    moment = datetime.combine(date.fromisoformat(day), time.fromisoformat(_clock(clock)), LONDON)
    return ({"valueDateTime": moment.isoformat()},)


def _time(_: Node, raw: Mapping[str, Sequence[str]]) -> Answers:
    return ({"valueTime": _clock(typed)},) if (typed := _one(raw)) else ()


def _clock(typed: str) -> str:
    """Read a time of day in either way of writing it. Raises :class:`Refusal`."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap])?\.?m?\.?", typed.strip().lower())
    if found is None:
        raise Refusal("Enter a time, like 14:30 or 2:30pm.")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half is not None and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half is not None or found[2] is None:
        raise Refusal("Enter a time, like 14:30 or 2:30pm.")
    if hour > 23 or minute > 59:
        raise Refusal("Enter a time, like 14:30 or 2:30pm.")
    return f"{hour:02}:{minute:02}:00"


def _choice(node: Node, raw: Mapping[str, Sequence[str]]) -> Answers:
    chosen = [one.strip() for one in raw.get("", ()) if one.strip()]
    if not node.options:
        return tuple(_free(node, one) for one in chosen[:1])
    if not node.repeats:
        chosen = chosen[:1]
    answers = [dict(option.value) for option in node.options if option.code in chosen]
    if node.is_open and OTHER in chosen:
        if not (words := _one(raw, OTHER)):
            raise Refusal("Say in your own words what it is, or choose another answer.")
        answers.append({"valueString": _text(node, words)})
    return tuple(answers)


def _free(node: Node, typed: str) -> Mapping[str, Json]:
    """Return words for a choice whose list could not be found: open text (design §4)."""
    return {"valueString": typed} if "valueString" in node.keys else {"valueCoding": {"display": typed}}


_TYPES: Mapping[str, Callable[[Node, Mapping[str, Sequence[str]]], Answers]] = {
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _decimal,
    "quantity": _quantity,
    "date": _date,
    "dateTime": _date_time,
    "time": _time,
    "choice": _choice,
    "open-choice": _choice,
}


def problems_on(state: FormState, addresses: Iterable[Address]) -> dict[Address, str]:
    """Return the first thing wrong with each question that is still asked."""
    found: dict[Address, str] = {}
    for path, link_id in addresses:
        if state.enabled(path, link_id):
            problems = state.problems_at(path, link_id)
            if problems:
                found[path, link_id] = problems[0].message
    return found
