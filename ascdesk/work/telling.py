"""A set of answers told in the form's order: what was asked, who said what, what was not answered.

For reading back (*Check your answers*) and for the person's copy. It decides nothing: marks such as *held
back* and the form's copy policy come along, and whoever prints decides by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ascdesk.documents.body import Spot
from ascdesk.forms.model import ROOT, Form, Node
from ascdesk.forms.state import FormState
from ascdesk.work import bodies
from ascdesk.work.responses import SOURCES, Draft, Key
from ascdesk.work.wording import ABSENT, answers_words, fill

Path = tuple[str, ...]
ORDER = ("person", "carer", "observed", "professional", "record")
"""Whose account is told first: the person's own words lead."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One account in words. ``absent`` is why there is no answer; ``held_back`` why it is on no copy."""

    key: Key
    words: str
    absent: str = ""
    held_back: str | None = None
    conflict: bool = False
    change: str = ""
    several: bool = False

    @property
    def source(self) -> str:
        """Return whose account it is."""
        return self.key.source

    @property
    def in_a_line(self) -> str:
        """Return the words with several choices in one line."""
        return self.words.replace("\n", "; ") if self.several else self.words

    @property
    def said(self) -> str:
        """Return the words, or why there are none; both where it varies."""
        return "\n".join(part for part in (self.words, ABSENT.get(self.absent, "")) if part)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is asked now, with every account; none where it was not answered."""

    path: Path
    link_id: str
    label: str
    plain: str
    voices: tuple[Voice, ...]
    own: str
    copy: str
    working: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A group of the form, or one row of a repeating group; ``parts`` in the form's order.

    ``spot`` is where a row stands on the outline of a body, if it is a mark on one.
    """

    link_id: str
    path: Path
    heading: str
    title: str
    page: str
    copy: str
    working: bool
    asked: tuple[Asked, ...]
    parts: tuple[Part, ...]
    spot: Spot | None = None

    def all_asked(self) -> Iterator[Asked]:
        """Yield every question of the part and of the parts in it, in order."""
        yield from self.asked
        for part in self.parts:
            yield from part.all_asked()

    def part(self, link_id: str) -> Part | None:
        """Return the first part of this linkId in it, itself included."""
        if self.link_id == link_id:
            return self
        return next((found for inner in self.parts if (found := inner.part(link_id))), None)


@dataclass(frozen=True, slots=True)
class Teller:
    """A form, how it stands, what was said, and the names that fill its texts."""

    form: Form
    state: FormState
    draft: Draft
    names: Mapping[str, str]

    def sections(self) -> tuple[Part, ...]:
        """Return every section that is asked now."""
        nodes = [self.form.nodes[index] for index in self.form.children_of(ROOT)]
        return tuple(
            self._part(node, (), node.link_id) for node in nodes if self.state.enabled((), node.link_id)
        )

    def _part(self, node: Node, path: Path, page: str, *, number: int = 0) -> Part:
        asked: list[Asked] = []
        parts: list[Part] = []
        if node.control == "page" or (node.parent == ROOT and not self._has_pages(node)):
            page = node.link_id
        for child in (self.form.nodes[index] for index in node.children):
            if child.hidden:
                continue
            if child.repeating_group:
                parts += self._rows(child, path, page)
            elif not self.state.enabled(path, child.link_id):
                continue
            elif child.type == "group":
                parts.append(self._part(child, path, page))
            elif child.is_question:
                asked += self._asked(child, path)
        heading = str(node.ours.get("person-heading") or node.text or node.short_text or "")
        numbered = f" {number}" if number else ""
        return Part(
            node.link_id,
            path,
            fill(heading, self.names) + numbered,
            fill(node.text, self.names) + numbered,
            page,
            str(node.ours.get("copy", "always")),
            bool(node.ours.get("working")),
            tuple(asked),
            tuple(part for part in parts if part.asked or part.parts),
        )

    def _rows(self, node: Node, path: Path, page: str) -> list[Part]:
        if node.ours.get("widget") == bodies.BODY_MAP:
            return self._marks(node, path, page)
        rows = self.state.rows(path, node.link_id)
        kept = [row for row in rows if self.state.enabled((*path, row), node.link_id)]
        many = len(kept) > 1
        return [
            self._part(node, (*path, row), page, number=at if many else 0) for at, row in enumerate(kept, 1)
        ]

    def rows(self, node: Node, path: Path) -> tuple[Part, ...]:
        """Return the rows of a repeating group that were begun."""
        return tuple(self._rows(node, path, node.link_id))

    def _marks(self, node: Node, path: Path, page: str) -> list[Part]:
        """Return the rows that are marks on a body: numbered as on the drawing, even one alone."""
        found: list[Part] = []
        for at, row in enumerate(self.state.rows(path, node.link_id), 1):
            if not self.state.enabled((*path, row), node.link_id):
                continue
            part = self._part(node, (*path, row), page, number=at)
            found.append(
                replace(
                    part,
                    heading=f"Mark {at}",
                    title=f"Mark {at}",
                    spot=bodies.spot(self.state, path, node.link_id, row, at),
                )
            )
        return found

    def _has_pages(self, node: Node) -> bool:
        return any(self.form.nodes[child].control == "page" for child in node.children)

    def _asked(self, node: Node, path: Path) -> list[Asked]:
        mine = Asked(
            path,
            node.link_id,
            fill(node.text, self.names),
            fill(str(node.ours.get("plain-text") or node.text), self.names),
            self._voices(node, path),
            str(node.ours.get("accounts", "worker")),
            str(node.ours.get("copy", "always")),
            bool(node.ours.get("working")),
            node.required,
        )
        inner = [self.form.nodes[child] for child in node.children]
        below = [child for child in inner if child.is_question and self.state.enabled(path, child.link_id)]
        return [mine] + [asked for child in below for asked in self._asked(child, path)]

    def _voices(self, node: Node, path: Path) -> tuple[Voice, ...]:
        if node.calculated:
            words = answers_words(node, self.state.answers(path, node.link_id), self.names)
            return (Voice(Key(path, node.link_id, "observed"), words),) if words else ()
        found: list[Voice] = []
        for source in sorted(SOURCES, key=ORDER.index):
            account = self.draft.account(Key(path, node.link_id, source))
            said = account.said
            if said.answer or said.absent:
                words = answers_words(node, said.answer, self.names)
                held = next((v.said.held_back for v in account.versions if v.said.held_back), None)
                change = account.versions[-1].change if len(account.versions) == 1 else ""
                several = len(said.answer) > 1
                found.append(
                    Voice(account.key, words, said.absent or "", held, account.conflict, change, several)
                )
        return tuple(found)
