"""A Questionnaire cut into web pages, and the way through them. Pure: no request, no database.

A group whose item control is *page* is a page; what stands in no such group becomes a page of its own. Which
pages there are now is decided by the same engine as on a laptop, here on the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ascdesk.forms.model import BLANK_ROW, ROOT, Form, Node
from ascdesk.forms.state import FormState

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the item that it shows, what it is called, and the section that it belongs to."""

    link_id: str
    title: str
    section: str


@dataclass(frozen=True, slots=True)
class Place:
    """One item where it stands: under which rows of repeating groups."""

    node: Node
    path: Path


def pages_of(form: Form) -> tuple[Page, ...]:
    """Return every page of the form in order, whether it is asked now or not."""
    return tuple(_pages(form, ROOT, ""))


def _pages(form: Form, parent: int, section: str) -> Iterator[Page]:
    for index in form.children_of(parent):
        node = form.nodes[index]
        if node.hidden:
            continue
        if _holds_pages(form, node):
            yield from _pages(form, index, heading_of(node))
        elif not is_help(form, node):
            yield Page(node.link_id, heading_of(node), section)


def _holds_pages(form: Form, node: Node) -> bool:
    if node.type != "group" or node.repeats or node.control == "page":
        return False
    children = [form.nodes[child] for child in node.children]
    return any(child.control == "page" or _holds_pages(form, child) for child in children)


def heading_of(node: Node) -> str:
    """Return what an item is called as a heading: its text, else its short name."""
    return node.text or str(node.ours.get("person-heading") or node.short_text)


def is_help(form: Form, node: Node) -> bool:
    """Tell whether an item is the hint of the one around it, and no words of its own."""
    if node.type != "display" or node.parent == ROOT:
        return False
    around = form.nodes[node.parent]
    hint = node.control in {"help", "flyover"}
    return hint and (around.is_question or node.link_id == f"{around.link_id}.help")


def open_pages(form: Form, state: FormState) -> tuple[Page, ...]:
    """Return the pages that there is something on now, in order."""
    return tuple(page for page in pages_of(form) if _has_something(form, state, page))


def _has_something(form: Form, state: FormState, page: Page) -> bool:
    return any(place.node.type != "group" for place in everything(form, state, page))


def page_named(form: Form, state: FormState, link_id: str) -> Page | None:
    """Return the open page of that item, if there is one."""
    return next((page for page in open_pages(form, state) if page.link_id == link_id), None)


def following(form: Form, state: FormState, page: Page) -> Page | None:
    """Return the open page after this one; ``None`` after the last."""
    return _neighbour(form, state, page, 1)


def before(form: Form, state: FormState, page: Page) -> Page | None:
    """Return the open page before this one; ``None`` at the first."""
    return _neighbour(form, state, page, -1)


def _neighbour(form: Form, state: FormState, page: Page, step: int) -> Page | None:
    pages = open_pages(form, state)
    if page not in pages:
        return None
    at = pages.index(page) + step
    return pages[at] if 0 <= at < len(pages) else None


def places(form: Form, state: FormState, page: Page) -> Iterator[Place]:
    """Yield the questions that the page asks now, in order, once for each row of a repeating group."""
    return (place for place in everything(form, state, page) if is_asked(place.node))


def everything(form: Form, state: FormState, page: Page) -> Iterator[Place]:
    """Yield all that the page shows now, in order, but hints."""
    shown = walk(form, state, form.node(page.link_id), ())
    return (place for place in shown if not is_help(form, place.node))


def is_asked(node: Node) -> bool:
    """Tell whether an item waits for an answer."""
    return node.is_question and not (node.calculated or node.read_only or "echo" in node.ours)


def walk(form: Form, state: FormState, node: Node, around: Path) -> Iterator[Place]:
    """Yield an item and all in it that is shown now; a group without rows has one blank row."""
    if not is_open(state, node, around):
        return
    yield Place(node, around)
    for row in rows_of(state, node, around):
        path = (*around, row) if node.repeating_group else around
        for child in node.children:
            yield from walk(form, state, form.nodes[child], path)


def is_open(state: FormState, node: Node, around: Path) -> bool:
    """Tell whether an item is shown now; a repeating group is when its first row is."""
    path = (*around, rows_of(state, node, around)[0]) if node.repeating_group else around
    return is_shown(node) and state.enabled(path, node.link_id)


def rows_of(state: FormState, node: Node, around: Path) -> tuple[str, ...]:
    """Return the rows that are shown: those that there are, else one blank one."""
    if not node.repeating_group:
        return (BLANK_ROW,)
    return state.rows(around, node.link_id) or (BLANK_ROW,)


def is_shown(node: Node) -> bool:
    """Tell whether the public sees an item at all: never the working view, never what is hidden."""
    return not node.hidden and not node.ours.get("working")


def page_of(form: Form, link_id: str) -> Page | None:
    """Return the page on which an item stands."""
    by_link = {page.link_id: page for page in pages_of(form)}
    index = form.by_link.get(link_id, ROOT)
    while index != ROOT:
        node = form.nodes[index]
        if node.link_id in by_link:
            return by_link[node.link_id]
        index = node.parent
    return None
