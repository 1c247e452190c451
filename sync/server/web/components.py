"""What a page shows, as GOV.UK components with their parameters. Pure: no request, no template, no database.

``Component.kind`` names the macro; ``params`` are that macro's own. Whatever came from outside stays text,
and is escaped by the template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ascdesk.forms.model import BLANK_ROW, Form, Node, Option
from ascdesk.forms.state import FormState
from ascdesk.work.wording import answers_words, fill
from sync.server.web.paging import Page, Path, Place, is_help, is_open, places, rows_of

Json = Any
Address = tuple[Path, str]
OTHER = "other"
MAX_RADIOS = 12
"""More answers than these are a list to choose from, even where the form asks for none."""

MIN_LIST = 6
"""So many answers are always shown, even where the form asks for a list that opens."""

_AUTOCOMPLETE = {"telephone": "tel", "email": "email", "postcode": "postal-code"}
_TYPES = {"telephone": "tel", "email": "email"}
_WIDTHS = {"postcode": "govuk-input--width-10", "nhs-number": "govuk-input--width-20"}


@dataclass(frozen=True, slots=True)
class Component:
    """One thing on the page: which macro shows it, and with what."""

    kind: str
    params: Mapping[str, Json]
    inside: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed and could not be kept, and what is wrong, by address."""

    raw: Mapping[Address, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    errors: Mapping[Address, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """All that drawing a page looks at."""

    form: Form
    state: FormState
    names: Mapping[str, str]
    filled: Filled = Filled()
    own: bool = False
    """Whether the person types about themselves: then the browser may offer their own details."""


def name_of(path: Path, link_id: str) -> str:
    """Return the name of a field: the rows that it stands in, then its question."""
    return "|".join((*path, link_id))


def id_of(path: Path, link_id: str) -> str:
    """Return an id for a field that is safe in an address and in a selector."""
    return "f-" + re.sub(r"[^A-Za-z0-9-]", lambda found: f"_{ord(found[0]):x}", name_of(path, link_id))


def single_question(view: View, page: Page) -> Place | None:
    """Return the one question of the page when there is nothing else on it: it becomes the heading."""
    top = view.form.node(page.link_id)
    asked = list(places(view.form, view.state, page))
    others = [one for one in _shown_children(view, top, ()) if not one.is_question]
    if len(asked) != 1 or asked[0].path or [one for one in others if not is_help(view.form, one)]:
        return None
    return asked[0]


def components(view: View, page: Page) -> tuple[Component, ...]:
    """Return what the page shows below its heading, in order."""
    top = view.form.node(page.link_id)
    only = single_question(view, page)
    if only is not None:
        return (_question(view, only.node, only.path, heading=True),)
    if top.type != "group" or top.repeating_group:
        return tuple(_item(view, top, ()))
    return tuple(_children(view, top, ()))


def _shown_children(view: View, node: Node, path: Path) -> Iterator[Node]:
    for index in node.children:
        child = view.form.nodes[index]
        if is_open(view.state, child, path):
            yield child


def _children(view: View, node: Node, path: Path) -> Iterator[Component]:
    for child in _shown_children(view, node, path):
        if not is_help(view.form, child):
            yield from _item(view, child, path)


def _item(view: View, node: Node, path: Path) -> Iterator[Component]:
    words = fill(node.text, view.names)
    if node.repeating_group:
        yield _rows(view, node, path)
    elif node.type == "group":
        yield Component("group", {"heading": words, "hint": _hint(view, node, path)},
                        tuple(_children(view, node, path)))  # fmt: skip
    elif node.type == "display":
        # What appears by an answer is news; what is always there is not.
        kind = "news" if node.conditional else "words"
        yield Component(kind, {"text": words, "shown": name_of(path, node.link_id)})
    elif node.calculated or "echo" in node.ours or node.read_only:
        if said := _echoed(view, node, path):
            yield Component("echo", {"heading": words, "text": said})
    else:
        yield _question(view, node, path)
        yield from _children(view, node, path)


def _echoed(view: View, node: Node, path: Path) -> str:
    link_id = str(node.ours.get("echo") or node.link_id)
    if link_id not in view.form.by_link:
        return ""
    asked = view.form.node(link_id)
    return answers_words(asked, view.state.answers(path[: len(asked.groups)], link_id), view.names)


def _rows(view: View, node: Node, path: Path) -> Component:
    """Return a repeating group: its rows one under another, each removable, and a button for one more."""
    label = fill(node.text or node.short_text, view.names)
    rows = rows_of(view.state, node, path)
    shown = tuple(
        Component(
            "row",
            {
                "heading": f"{label} {number}" if len(rows) > 1 else label,
                "id": id_of((*path, row), node.link_id),
                "remove": name_of((*path, row), node.link_id) if row != BLANK_ROW and len(rows) > 1 else "",
            },
            tuple(_children(view, node, (*path, row))),
        )
        for number, row in enumerate(rows, 1)
    )
    full = node.max_occurs is not None and len(rows) >= node.max_occurs
    params = {
        "hint": _hint(view, node, path),
        "add": "" if full else name_of(path, node.link_id),
        "label": label[:1].lower() + label[1:],
        "id": id_of(path, node.link_id),
        "error": view.filled.errors.get((path, node.link_id), ""),
    }
    return Component("rows", params, shown)


def _question(view: View, node: Node, path: Path, *, heading: bool = False) -> Component:
    drawn = _DRAWN.get(node.type, _text_input)
    component: Component = drawn(view, node, path, heading)
    return component


def _hint(view: View, node: Node, path: Path) -> str:
    helps = [child for child in _shown_children(view, node, path) if is_help(view.form, child)]
    words = [fill(child.text, view.names) for child in helps]
    if node.entry_format and node.entry_format not in words:
        words.append(node.entry_format)
    return " ".join(words)


def _common(view: View, node: Node, path: Path) -> dict[str, Json]:
    """Return what every kind of field has: its name and id, its hint, and what is wrong."""
    name = name_of(path, node.link_id)
    params: dict[str, Json] = {"name": name, "id": id_of(path, node.link_id), "shown": name}
    if hint := _hint(view, node, path):
        params["hint"] = {"text": hint}
    if error := view.filled.errors.get((path, node.link_id)):
        params["errorMessage"] = {"text": error}
    return params


def label_of(view: View, node: Node) -> str:
    """Return a question's words; what may be left empty says so."""
    words = fill(node.text or node.short_text, view.names)
    return words if node.required or node.min_occurs else f"{words} (optional)"


def _labelled(view: View, node: Node, heading: bool) -> dict[str, Json]:
    classes = "govuk-label--l" if heading else "govuk-label--s"
    return {"label": {"text": label_of(view, node), "classes": classes, "isPageHeading": heading}}


def _legend(view: View, node: Node, heading: bool) -> dict[str, Json]:
    size = "l" if heading else "s"
    legend = {"text": label_of(view, node), "classes": f"govuk-fieldset__legend--{size}"}
    return {"fieldset": {"legend": legend | {"isPageHeading": heading}}}


def _typed(view: View, node: Node, path: Path, part: str = "") -> str:
    """Return what stands in a text field: what was typed last, else the stored answer."""
    raw = view.filled.raw.get((path, node.link_id))
    if raw is not None:
        return next(iter(raw.get(part, ())), "")
    answers = view.state.answers(path, node.link_id)
    if not answers:
        return ""
    key, value = next(iter(answers[0].items()))
    if key == "valueQuantity":
        return str(value.get("value", ""))
    return str(value)[:5] if key == "valueTime" else str(value)


def _text_input(view: View, node: Node, path: Path, heading: bool) -> Component:
    widget = str(node.ours.get("widget", ""))
    params = _common(view, node, path) | _labelled(view, node, heading)
    params["value"] = _typed(view, node, path)
    if widget in _TYPES:
        params |= {"type": _TYPES[widget], "spellcheck": False}
    if widget in _AUTOCOMPLETE and view.own:
        params["autocomplete"] = _AUTOCOMPLETE[widget]
    params["classes"] = _WIDTHS.get(widget, "")
    if node.type in {"integer", "decimal", "quantity"}:
        params["inputmode"] = "numeric" if node.type == "integer" or widget == "nhs-number" else "decimal"
        params["classes"] = "govuk-input--width-5"
    if widget == "money":
        params["prefix"] = {"text": "£"}
    elif node.unit and node.unit.get("display"):
        params["suffix"] = {"text": str(node.unit["display"])}
    if node.type == "time":
        params["classes"] = "govuk-input--width-5"
        params.setdefault("hint", {"text": "For example, 14:30 or 2:30pm"})
    return Component("input", params)


def _text_area(view: View, node: Node, path: Path, heading: bool) -> Component:
    params = _common(view, node, path) | _labelled(view, node, heading)
    params |= {"value": _typed(view, node, path), "rows": 5}
    if node.max_length is None or node.max_length > 5_000:
        return Component("textarea", params)
    return Component("character_count", params | {"maxlength": str(node.max_length), "threshold": "75"})


def _yes_or_no(view: View, node: Node, path: Path, heading: bool) -> Component:
    params = _common(view, node, path) | _legend(view, node, heading)
    chosen = _chosen(view, node, path)
    items = [{"value": "yes", "text": "Yes"}, {"value": "no", "text": "No"}]
    params["items"] = [item | {"checked": item["value"] in chosen} for item in items]
    return Component("radios", params | {"idPrefix": params["id"], "classes": "govuk-radios--inline"})


def _chosen(view: View, node: Node, path: Path) -> set[str]:
    """Return the values that are ticked."""
    raw = view.filled.raw.get((path, node.link_id))
    if raw is not None:
        return set(raw.get("", ()))
    return {value_of(node, answer) for answer in view.state.answers(path, node.link_id)}


def value_of(node: Node, answer: Mapping[str, Json]) -> str:
    """Return the form field's value that stands for a stored answer of a choice."""
    key, value = next(iter(answer.items()))
    if key == "valueBoolean":
        return "yes" if value else "no"
    if key == "valueCoding":
        return str(value.get("code") or value.get("display") or "")
    listed = any(option.value == answer for option in node.options)
    return str(value) if listed or key != "valueString" else OTHER


def _choice(view: View, node: Node, path: Path, heading: bool) -> Component:
    if not node.options:
        return _text_input(view, node, path, heading)
    if _is_list(node):
        return _select(view, node, path, heading)
    chosen = _chosen(view, node, path)
    params = _common(view, node, path) | _legend(view, node, heading)
    params |= {"idPrefix": params["id"], "items": list(_options(view, node, chosen))}
    if node.is_open:
        params["other"] = _other(view, node, path)
    return Component("checkboxes" if node.repeats else "radios", params)


def _is_list(node: Node) -> bool:
    """Tell whether one answer is taken from a list that opens: only where there are too many to show."""
    many = MIN_LIST if node.control == "drop-down" else MAX_RADIOS
    return len(node.options) > many and not (node.repeats or node.is_open)


def _options(view: View, node: Node, chosen: set[str]) -> Iterator[dict[str, Json]]:
    usual = [option for option in node.options if not option.exclusive]
    for option in usual:
        yield _option(view, option, chosen)
    if node.is_open:
        words = _other_words(view, node)
        yield {"value": OTHER, "text": words, "checked": OTHER in chosen}
    alone = [option for option in node.options if option.exclusive]
    if alone and usual and node.repeats:
        yield {"divider": "or"}
    for option in alone:
        yield _option(view, option, chosen) | ({"behaviour": "exclusive"} if node.repeats else {})


def _option(view: View, option: Option, chosen: set[str]) -> dict[str, Json]:
    return {
        "value": option.code,
        "text": fill(option.display, view.names),
        "checked": option.code in chosen,
    }


def _other(view: View, node: Node, path: Path) -> dict[str, Json]:
    """Return the field for an answer in the person's own words."""
    raw = view.filled.raw.get((path, node.link_id))
    said = next(iter(raw.get(OTHER, ())), "") if raw is not None else _own_words(view, node, path)
    words = _other_words(view, node)
    return {
        "id": f"{id_of(path, node.link_id)}-{OTHER}",
        "name": f"{name_of(path, node.link_id)}:{OTHER}",
        "label": {"text": f"If “{words[:1].lower() + words[1:]}”, say what"},
        "value": said,
    }


def _other_words(view: View, node: Node) -> str:
    return fill(node.open_label or "Something else", view.names)


def _own_words(view: View, node: Node, path: Path) -> str:
    answers = view.state.answers(path, node.link_id)
    return next((str(one["valueString"]) for one in answers if value_of(node, one) == OTHER), "")


def _select(view: View, node: Node, path: Path, heading: bool) -> Component:
    chosen = _chosen(view, node, path)
    empty = {"value": "", "text": "Choose one", "selected": not chosen}
    items = [_option(view, option, chosen) for option in node.options]
    listed = [{"value": one["value"], "text": one["text"], "selected": one["checked"]} for one in items]
    params = _common(view, node, path) | _labelled(view, node, heading)
    return Component("select", params | {"items": [empty, *listed]})


def _date(view: View, node: Node, path: Path, heading: bool) -> Component:
    """Return three labelled fields: day, month, year (style rule 10)."""
    params = _common(view, node, path) | _legend(view, node, heading)
    params["namePrefix"] = params["name"]
    typed = _date_parts(view, node, path)
    own = view.own and node.ours.get("autocomplete") == "bday"
    params["items"] = [
        {
            "name": part,
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}",
            "value": typed[part],
            "autocomplete": f"bday-{part}" if own else None,
        }
        for part in DATE_PARTS
    ]
    if node.ours.get("widget") == "approximate-date":
        params.setdefault("hint", {"text": "Leave the day empty, or the day and month, if nobody knows."})
    else:
        params.setdefault("hint", {"text": "For example, 27 3 1948"})
    if node.type == "dateTime":
        params["time"] = {
            "id": f"{params['id']}-time",
            "name": f"{params['name']}:time",
            "label": {"text": "Time"},
            "hint": {"text": "For example, 14:30 or 2:30pm"},
            "classes": "govuk-input--width-5",
            "value": typed["time"],
        }
    return Component("date", params)


DATE_PARTS = ("day", "month", "year")


def _date_parts(view: View, node: Node, path: Path) -> dict[str, str]:
    raw = view.filled.raw.get((path, node.link_id))
    if raw is not None:
        return {part: next(iter(raw.get(part, ())), "") for part in (*DATE_PARTS, "time")}
    stored = _typed(view, node, path)
    day, _, clock = stored.partition("T")
    year, month, number = (*day.split("-"), "", "", "")[:3]
    return {"day": number.lstrip("0"), "month": month.lstrip("0"), "year": year, "time": clock[:5]}


def _attachment(view: View, node: Node, path: Path, heading: bool) -> Component:
    params = _common(view, node, path) | _labelled(view, node, heading)
    held = [answer["valueAttachment"] for answer in view.state.answers(path, node.link_id)]
    params["held"] = [{"title": str(one.get("title") or "A file"), "id": str(one.get("id"))} for one in held]
    params["multiple"] = node.repeats
    return Component("file", params)


_DRAWN = {
    "boolean": _yes_or_no,
    "choice": _choice,
    "open-choice": _choice,
    "text": _text_area,
    "date": _date,
    "dateTime": _date,
    "attachment": _attachment,
}
