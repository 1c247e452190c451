"""How a form lies on the screen: sections, their pages, and how far each is, in words. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ascdesk.forms.model import BLANK_ROW, ROOT, Form, Node
from ascdesk.forms.state import FormState
from ascdesk.work.responses import Draft


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page of a form: the group that it shows."""

    key: str
    heading: str
    title: str
    node: int
    working: bool


@dataclass(frozen=True, slots=True)
class FormSection:
    """One section of a form with its pages; a section may be a page itself."""

    key: str
    heading: str
    title: str
    pages: tuple[FormPage, ...]


def outline(form: Form) -> tuple[FormSection, ...]:
    """Return the sections of a form in order. A form that marks no pages has one for each inner group."""
    roots = [form.nodes[index] for index in form.children_of(ROOT)]
    inner = [form.nodes[index] for index in roots[0].children] if len(roots) == 1 else []
    whole = len(inner) > 1 and all(one.type == "group" and not one.repeats for one in inner)
    if whole and not any(one.control == "page" for one in (*roots, *inner)):
        roots = inner  # one group around everything, as tabs have: its groups are the sections
    return tuple(_section(form, root) for root in roots)


def _section(form: Form, node: Node) -> FormSection:
    pages = [form.nodes[child] for child in node.children if form.nodes[child].control == "page"]
    if not pages:
        inner = [form.nodes[child] for child in node.children]
        all_groups = bool(inner) and all(one.type == "group" and not one.repeats for one in inner)
        pages = inner if all_groups and node.control != "page" else [node]
    return FormSection(node.link_id, _heading(node), node.text, tuple(_page(page) for page in pages))


def _page(node: Node) -> FormPage:
    return FormPage(node.link_id, _heading(node), node.text, node.index, bool(node.ours.get("working")))


def _heading(node: Node) -> str:
    return str(node.ours.get("person-heading") or node.short_text or node.text or node.link_id)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a page is: questions that are asked now, answered, and required but open."""

    asked: int = 0
    answered: int = 0
    open_required: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.asked + other.asked,
            self.answered + other.answered,
            self.open_required + other.open_required,
        )

    @property
    def words(self) -> str:
        """Return *done*, *begun* or nothing."""
        if not self.answered:
            return ""
        done = not self.open_required and self.answered * 2 >= self.asked
        return "done" if done else "begun"


def progress(form: Form, state: FormState, draft: Draft, page: FormPage) -> Progress:
    """Return how far a page is. *Not known* and *declined* are answers."""
    return progress_of(form, state, answered_in(draft), page)


def answered_in(draft: Draft) -> frozenset[tuple[tuple[str, ...], str]]:
    """Return the questions to which anything was said, with the rows that they stand in."""
    return frozenset(
        (key.path, key.link_id) for key, account in draft.accounts.items() if not account.said.empty
    )


def progress_of(
    form: Form, state: FormState, answered: frozenset[tuple[tuple[str, ...], str]], page: FormPage
) -> Progress:
    """Return how far a page is, given what is answered: for whoever asks for many pages at once."""
    total = Progress()
    for path, link_id in asked_on(form, state, page):
        node = form.node(link_id)
        has = (path, link_id) in answered
        total += Progress(1, int(has), int(node.required and not has))
    return total


def asked_on(form: Form, state: FormState, page: FormPage) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the questions that a page asks now, once for each row."""
    for path, node in _questions(form, state, form.nodes[page.node], ()):
        if not node.calculated and not node.hidden and not node.read_only:
            yield path, node.link_id


def _questions(
    form: Form, state: FormState, node: Node, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Node]]:
    if not state.enabled(path, node.link_id):
        return
    if node.is_question:
        yield path, node
    for child in node.children:
        inner = form.nodes[child]
        if inner.repeating_group:
            for row in state.rows(path, inner.link_id):
                for index in inner.children:
                    yield from _questions(form, state, form.nodes[index], (*path, row))
        else:
            yield from _questions(form, state, inner, path)


def asks(form: Form, state: FormState, page: FormPage) -> bool:
    """Say whether a page has anything on it now: its condition may be off, or that of all that is in it."""
    return _holds_something(form, state, form.nodes[page.node], ())


def _holds_something(form: Form, state: FormState, node: Node, path: tuple[str, ...]) -> bool:
    if node.repeating_group:
        path = (*path, *(state.rows(path, node.link_id)[:1] or (BLANK_ROW,)))
    if node.hidden or not state.enabled(path, node.link_id):
        return False
    if node.is_question or node.repeating_group or not node.children:
        return True
    return any(_holds_something(form, state, form.nodes[child], path) for child in node.children)


def _always(_page: FormPage) -> bool:
    return True


def shown(
    sections: Iterable[FormSection], *, working: bool, asked: Callable[[FormPage], bool] = _always
) -> tuple[FormSection, ...]:
    """Return the sections with the pages that may be shown: working pages only in the working view.

    A page that is not ``asked`` now is left out, and a section without pages.
    """
    kept: list[FormSection] = []
    for section in sections:
        pages = tuple(page for page in section.pages if (working or not page.working) and asked(page))
        if pages:
            kept.append(FormSection(section.key, section.heading, section.title, pages))
    return tuple(kept)


def page_at(sections: Sequence[FormSection], key: str) -> tuple[FormSection, FormPage]:
    """Return the page of this key, or of the section of this key, or the first."""
    for section in sections:
        for page in section.pages:
            if key in {page.key, section.key}:
                return section, page
    return sections[0], sections[0].pages[0]


def neighbours(sections: Sequence[FormSection], page: FormPage) -> tuple[FormPage | None, FormPage | None]:
    """Return the page before and the page after."""
    pages = [one for section in sections for one in section.pages]
    at = next((number for number, one in enumerate(pages) if one.key == page.key), 0)
    before = pages[at - 1] if at else None
    return before, pages[at + 1] if at + 1 < len(pages) else None
