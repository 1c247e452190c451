"""The page on which everything is looked at once more: every answer with a way to change it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ascdesk.forms.model import BLANK_ROW
from ascdesk.work.wording import answers_words, fill
from sync.server.web.components import View, id_of
from sync.server.web.paging import Page, Place, heading_of, open_pages, page_of, places

Json = Any


@dataclass(frozen=True, slots=True)
class Card:
    """One page's answers, with the address of that page."""

    title: str
    rows: tuple[Mapping[str, Json], ...]


def cards(view: View, address: str) -> tuple[Card, ...]:
    """Return a card for each open page; ``address`` is that of the form."""
    found = []
    for page in open_pages(view.form, view.state):
        asked = list(places(view.form, view.state, page))
        if not asked:
            continue
        href = f"{page_address(address, page)}?from=check"
        rows = [_row(view, place, href) for place in asked if _is_told(view, place)]
        found.append(Card(fill(page.title, view.names), tuple(rows) or (_nothing(href),)))
    return tuple(found)


def page_address(address: str, page: Page) -> str:
    """Return the address of a page."""

    return f"{address}/page/{quote(page.link_id)}"


def _is_told(view: View, place: Place) -> bool:
    if BLANK_ROW in place.path:
        return False
    return bool(view.state.answers(place.path, place.node.link_id)) or place.node.required


def _row(view: View, place: Place, href: str) -> dict[str, Json]:
    node = place.node
    said = answers_words(node, view.state.answers(place.path, node.link_id), view.names)
    question = fill(node.text or node.short_text, view.names)
    action = {"text": "Change" if said else "Answer", "visuallyHiddenText": f": {question}"}
    return {
        "key": {"text": f"{_where(view, place)}{question}"},
        "value": {"text": said or "Not answered yet", "classes": "" if said else "app-none"},
        "actions": {"items": [action | {"href": f"{href}#{id_of(place.path, node.link_id)}"}]},
    }


def _where(view: View, place: Place) -> str:
    """Return which row of which group an answer stands in, when there are several."""
    words = ""
    for depth, group in enumerate(place.node.groups):
        node = view.form.nodes[group]
        rows = view.state.rows(place.path[:depth], node.link_id)
        if len(rows) > 1:
            words += f"{fill(heading_of(node), view.names)} {rows.index(place.path[depth]) + 1}: "
    return words


def _nothing(href: str) -> dict[str, Json]:
    return {
        "key": {"text": "Nothing answered"},
        "value": {"text": ""},
        "actions": {"items": [{"href": href, "text": "Answer", "visuallyHiddenText": ""}]},
    }


def named(view: View, link_id: str, message: str) -> str:
    """Return what is wrong with the question that it is about, for a list that stands away from it."""
    if "“" in message:
        return message
    node = view.form.node(link_id)
    question = fill(node.text or node.short_text, view.names)
    return f"{question}{'' if question.endswith(('?', '.', ':')) else ':'} {message}"


def troubles(view: View, address: str) -> list[dict[str, str]]:
    """Return what still stands in the way of sending, each with the place to put it right."""
    found = []
    for problem in view.state.problems():
        page = page_of(view.form, problem.link_id)
        if page is not None:
            place = id_of(problem.path, problem.link_id)
            href = f"{page_address(address, page)}?from=check#{place}"
            words = named(view, problem.link_id, problem.message)
            found.append({"text": words, "href": href})
    return found
