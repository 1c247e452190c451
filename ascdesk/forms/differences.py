"""What is different between two versions of a form, in plain words, item by item in the new one's order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ascdesk.forms import urls
from ascdesk.forms.extensions import extensions_of
from ascdesk.forms.model import ROOT, Form, Json, Node
from ascdesk.forms.moving import REPLACES, replaced

_KINDS = {
    "boolean": "yes or no", "decimal": "a number", "integer": "a whole number", "date": "a date",
    "dateTime": "a date and time", "time": "a time", "string": "a line of words", "text": "words",
    "url": "an address", "choice": "one of its answers", "open-choice": "one of its answers, or words",
    "attachment": "a file", "quantity": "a measure with its unit", "group": "a group",
    "display": "words to read",
}  # fmt: skip
_LOGIC = {
    urls.ENABLE_WHEN_EXPRESSION: "when it is asked",
    urls.CALCULATED_EXPRESSION: "how it is worked out",
    urls.INITIAL_EXPRESSION: "what it begins with",
    urls.VARIABLE: "what its rules reckon with",
    urls.TARGET_CONSTRAINT: "what must hold of it",
    urls.QUESTIONNAIRE_CONSTRAINT: "what must hold of it",
}
_PLAIN: dict[str, str] = {
    "short_text": "its short name", "unit": "its unit", "control": "how it is shown",
    "hidden": "whether it is hidden",
    "min_value": "the least it may be", "max_value": "the most it may be", "min_length": "its least length",
    "max_length": "its greatest length", "decimals": "how many decimals it takes", "regex": "its pattern",
    "min_occurs": "how many answers it needs", "max_occurs": "how many answers it takes",
    "read_only": "whether it can be changed", "entry_format": "its hint", "initial": "what it begins with",
    "max_size": "how large a file may be", "mime_types": "which files it takes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different: of which item (empty: the form), in which element, in words."""

    link_id: str
    element: str
    message: str


def differences(before: Form, after: Form) -> tuple[Difference, ...]:
    """Return what is different in ``after``, in its order, then what is asked no more."""
    found: list[Difference] = []
    if before.title != after.title:
        found.append(Difference("", "title", f"is called “{after.title}” now, before “{before.title}”"))
    if _logic(before.source) != _logic(after.source):
        found.append(Difference("", "variable", "what its rules reckon with is different"))
    was, raws = _raws(before.source), _raws(after.source)
    for node in after.nodes:
        old = str(node.ours.get(REPLACES) or "")
        if node.link_id not in before.by_link:
            taken = old in before.by_link
            words = f"new{f', and takes over the answers to {_called(before.node(old))}' if taken else ''}"
            found.append(Difference(node.link_id, "item", f"{_called(node)}: {words}"))
        else:
            earlier = before.node(node.link_id)
            own = [*_item(earlier, node), *_logical(was[node.link_id], raws[node.link_id])]
            if _around(before, earlier) != _around(after, node):
                own.append(("item", f"stands in “{_around(after, node) or 'the form itself'}” now"))
            found += [Difference(node.link_id, name, f"{_called(node)}: {words}") for name, words in own]
    return (*found, *_gone(before, after))


def _gone(before: Form, after: Form) -> Iterator[Difference]:
    taken = replaced(after)
    for node in before.nodes:
        if node.link_id not in after.by_link and node.link_id not in taken:
            kept = " Answers to it stay in the drawer." if node.is_question else ""
            yield Difference(node.link_id, "item", f"{_called(node)}: no longer there.{kept}")


def _item(was: Node, now: Node) -> Iterator[tuple[str, str]]:
    if was.text != now.text:
        yield "text", f"worded differently, before “{was.text}”"
    if was.type != now.type:
        yield "type", f"takes {_KINDS.get(now.type, now.type)} now, before {_KINDS.get(was.type, was.type)}"
    if was.required != now.required:
        yield "required", "must be answered now" if now.required else "need not be answered any more"
    if was.repeats != now.repeats:
        yield "repeats", "takes several now" if now.repeats else "takes one only now"
    yield from _options(was, now)
    for name, words in _PLAIN.items():
        if getattr(was, name) != getattr(now, name):
            yield _camel(name), f"{words} is different"
    yield from _ours(was, now)


def _logical(old: Json, new: Json) -> Iterator[tuple[str, str]]:
    if any(old.get(name) != new.get(name) for name in ("enableWhen", "enableBehavior")):
        yield "enableWhen", "when it is asked is different"
    for url in sorted(set(_logic(old)) | set(_logic(new))):
        if _logic(old).get(url) != _logic(new).get(url):
            yield url.rsplit("-", 1)[-1].rsplit("/", 1)[-1], f"{_LOGIC[url]} is different"


def _ours(was: Node, now: Node) -> Iterator[tuple[str, str]]:
    for name in sorted(set(was.ours) | set(now.ours)):
        if was.ours.get(name) == now.ours.get(name):
            continue
        if name == "copy":
            never = now.ours.get(name) == "never"
            yield name, "never on the person’s copy now" if never else "may be on the person’s copy now"
        else:
            yield name, f"“{name}” is different"


def _options(was: Node, now: Node) -> Iterator[tuple[str, str]]:
    old = {option.code: option.display for option in was.options}
    new = {option.code: option.display for option in now.options}
    for code in [code for code in new if code not in old]:
        yield "answerOption", f"offers “{new[code]}” as well"
    for code in [code for code in old if code not in new]:
        yield "answerOption", f"offers “{old[code]}” no more"
    for code in [code for code in new if code in old and old[code] != new[code]]:
        yield "answerOption", f"“{old[code]}” is worded “{new[code]}” now"


def _camel(name: str) -> str:
    """Return a field's name as FHIR writes it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _around(form: Form, node: Node) -> str:
    return "" if node.parent == ROOT else form.nodes[node.parent].link_id


def _called(node: Node) -> str:
    return f"“{node.text or node.short_text or node.link_id}”"


def _logic(raw: Json) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for url, _, value in extensions_of(raw):
        if url in _LOGIC:
            found.setdefault(url, []).append(value)
    return found


def _raws(raw: Json) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for item in raw.get("item", []):
        found[str(item["linkId"])] = item
        found |= _raws(item)
    return found
