"""Finding anything on this laptop as somebody types: people, their work, and what was written.

What is found is shown with the words round it, and where it stands. During a visit only what the person may
read along is looked through; nothing tells here whose other cases this laptop holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ascdesk.errors import PlainError
from ascdesk.forms.model import Node
from ascdesk.record.models import Answer, Person, PlanLine, PlanNeed, PlanOption, Response, Signature
from ascdesk.record.record import Record
from ascdesk.record.search import BEFORE_A_SEARCH, SEARCHED, Hit, find
from ascdesk.record.therapy import PrescriptionLine
from ascdesk.work import beside, cases, privacy
from ascdesk.work.finding import plain
from ascdesk.work.labels import entity_words, stored_words
from ascdesk.work.library import FormLibrary
from ascdesk.work.wording import fill

Group = Literal["people", "work", "written"]

PEOPLE = frozenset({"person", "contact"})
WORK = frozenset({"allocation", "task", "referral", "piece_of_work", "visit", "closure"})
WRITTEN = frozenset(SEARCHED) - PEOPLE - WORK
GROUPS: tuple[tuple[Group, frozenset[str]], ...] = (("people", PEOPLE), ("work", WORK), ("written", WRITTEN))

SHOWN = 8
"""Results of one group at once; more letters narrow them."""

SEVERAL = 2
"""Letters from which what was written is looked through: one letter begins a word in every answer."""

_AROUND = 44
"""Characters on each side of what was found."""

_LOOKED_AT = 60
"""Hits taken from the index during a visit, of which those that the person may read are shown."""


@dataclass(frozen=True, slots=True)
class Found:
    """One result: whose case, what it is, the words round the hit with its place in them, and where it is.

    ``page``, ``of`` and ``at`` name a place of the program.
    """

    group: Group
    case: str
    who: str
    title: str
    words: str
    hit: tuple[int, int]
    page: str
    of: str = ""
    at: str = ""
    held_back: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """What was found for some words, by group; ``missing`` rows are not in the index yet."""

    asked: str
    found: tuple[Found, ...] = ()
    more: frozenset[Group] = frozenset()
    missing: int = 0

    def of(self, group: Group) -> tuple[Found, ...]:
        """Return the results of one group."""
        return tuple(one for one in self.found if one.group == group)


def told(value: Any) -> str:  # noqa: ANN401 (any JSON)
    """Return what a stored answer says in words; why there is none is no answer to be found."""
    return stored_words({"answer": value.get("answer", ())}) if isinstance(value, dict) else ""


@dataclass(slots=True)
class Search:
    """One opened search: what it may see is decided when it begins. For the database's thread alone."""

    record: Record
    library: FormLibrary
    visiting: str = ""
    _hidden: frozenset[str] = frozenset()
    _ready: bool = field(default=False)

    def find(self, words: str) -> Results:
        """Return what holds every word, or words that begin so: people, work, and what was written."""
        missing = self._settle()
        if self.visiting and not self._ready:
            case = cases.look(self.record, self.visiting)
            self._hidden = privacy.private_rows(self.record, case, self.library)
        self._ready = True
        with self.record.reading() as session:  # once for all groups: a letter has no time for more
            hits = {group: self._hits(session, group, words) for group, _ in GROUPS}
            together = [hit for some in hits.values() for hit in some]
            drawn = _Drawn(session, self.library, together, words, self._hidden if self.visiting else None)
            groups = {
                group: [one for hit in some if (one := drawn.found(group, hit)) is not None]
                for group, some in hits.items()
            }
        groups["people"].sort(key=_whose_name_first(words))
        found = tuple(one for some in groups.values() for one in some[:SHOWN])
        more = frozenset(group for group, some in groups.items() if len(some) > SHOWN)
        return Results(words, found, more, missing)

    def note_read(self, of: Iterable[str]) -> None:
        """Note in the read log whose words stood on the screen (the audit of reads, design §7)."""
        for case in sorted(set(of)):
            self.record.read_in_search(case)

    def _settle(self) -> int:
        try:
            return self.record.keep_search(told, BEFORE_A_SEARCH)
        except PlainError:
            return 1  # a full disk stops writing, not reading

    def _hits(self, session: Session, group: Group, words: str) -> tuple[Hit, ...]:
        """Return what the index has for a group, one more than is shown; during a visit what it may hold."""
        if group != "people" and len(words.strip()) < SEVERAL:
            return ()
        within = session.connection()
        if not self.visiting:
            return find(within, words, entities=dict(GROUPS)[group], at_most=SHOWN + 1)
        if group != "written":
            return ()
        return find(within, words, entities=["answer"], case=self.visiting, at_most=_LOOKED_AT)


def _whose_name_first(words: str) -> Callable[[Found], tuple[bool, bool, str]]:
    wanted = plain(words)

    def order(one: Found) -> tuple[bool, bool, str]:
        named = any(part.startswith(wanted.split()[0]) for part in plain(one.title).split())
        return not named, one.title != one.who, plain(one.title)

    return order


class _Drawn:
    """The hits of one group with what is said beside them: each table is read once."""

    def __init__(
        self,
        session: Session,
        library: FormLibrary,
        hits: Collection[Hit],
        words: str,
        hidden: frozenset[str] | None,
    ) -> None:
        self._library, self._words, self._hidden = library, words, hidden
        self._session = session
        within = {hit.case for hit in hits}
        self._people = {
            one.case: one for one in session.scalars(select(Person).where(Person.case.in_(within)))
        }
        rows = [hit.row for hit in hits if hit.entity == "answer"]
        self._answers = {one.row: one for one in session.scalars(select(Answer).where(Answer.row.in_(rows)))}
        of = {one.response for one in self._answers.values()}
        self._responses = {
            one.row: one for one in session.scalars(select(Response).where(Response.row.in_(of)))
        }
        self._signed = set(session.scalars(select(Signature.of).where(Signature.of.in_(of))))

    def found(self, group: Group, hit: Hit) -> Found | None:
        """Return one hit as it is shown; nothing where it may not be, or stands nowhere any more."""
        person = self._people.get(hit.case)
        who = _name(person)
        if hit.entity == "answer":
            return self._answer(hit, who, person)
        line, at = _excerpt(hit.words, self._words)
        if hit.entity == "person":
            return Found(group, hit.case, who, who, *self._about(hit, person), "case")
        if hit.entity == "contact":
            name, _, rest = hit.words.partition("\n")
            relation = rest.split("\n")[0]
            said = f"{relation[:1].upper()}{relation[1:]} · with {who}" if relation else f"With {who}"
            return Found(group, hit.case, who, name, said, (0, 0), "case")
        page, of = self._place(hit)
        return Found(group, hit.case, who, entity_words(hit.entity), line, at, page, of)

    def _about(self, hit: Hit, person: Person | None) -> tuple[str, tuple[int, int]]:
        """Return an address where the name was found, else the line in which the words are."""
        name = plain(_name(person))
        if person is None or all(word in name for word in plain(self._words).split()):
            return (person.address or "").split("\n")[0].rstrip(",") if person is not None else "", (0, 0)
        return _excerpt(hit.words, self._words)

    def _answer(self, hit: Hit, who: str, person: Person | None) -> Found | None:
        answer = self._answers.get(hit.row)
        response = self._responses.get(answer.response or "") if answer is not None else None
        if answer is None or response is None:
            return None
        node = self._node(response, answer.link_id or "")
        if self._hidden is not None and not self._may_be_read(answer, response, node):
            return None
        named = {
            "name": _known_as(person),
            "carer": "the carer",
            "they": "they",
            "them": "them",
            "their": "their",
        }
        title = fill(node.text or node.short_text or "", named) if node is not None else "An answer"
        line, at = _excerpt(fill(hit.words, named), self._words)
        page = "check" if response.row in self._signed else "assess"
        of, place = response.row, answer.link_id or ""
        if response.of:
            page, of, place = "plan", response.of, ""
        elif page == "check":
            place = ""
        return Found("written", hit.case, who, title, line, at, page, of, place, bool(answer.held_back))

    def _node(self, response: Response, link_id: str) -> Node | None:
        try:
            form = self._library.form(response.questionnaire or "", response.questionnaire_version)
        except PlainError:
            return None
        return form.node(link_id) if link_id in form.by_link else None

    def _may_be_read(self, answer: Answer, response: Response, node: Node | None) -> bool:
        """Say whether the person beside may read it: theirs or observed, and not held back."""
        if node is None or answer.held_back or answer.source not in beside.OWN:
            return False
        if response.row in (self._hidden or ()):
            return False
        form = self._library.form(response.questionnaire or "", response.questionnaire_version)
        return beside.may_be_seen(form, node)

    def _place(self, hit: Hit) -> tuple[str, str]:
        """Return the page and the record on it where a hit stands."""
        if hit.entity in {"plan_line", "plan_need", "plan_option"}:
            model: Any = {"plan_line": PlanLine, "plan_need": PlanNeed, "plan_option": PlanOption}[hit.entity]
            return "plan", self._one(select(model.plan).where(model.row == hit.row))
        if hit.entity == "prescription_line":
            line = select(PrescriptionLine.prescription).where(PrescriptionLine.row == hit.row)
            return "prescribe", self._one(line)
        pages = {"adaptation": "adapt", "loan_item": "loans", "referral": "next", "piece_of_work": "piece"}
        return (pages[hit.entity], hit.row) if hit.entity in pages else ("case", "")

    def _one(self, query: Any) -> str:  # noqa: ANN401
        return str(self._session.scalar(query) or "")


def _name(person: Person | None) -> str:
    parts = (person.given_name, person.family_name) if person is not None else ()
    return " ".join(part for part in parts if part) or "Name not known"


def _known_as(person: Person | None) -> str:
    named = (person.preferred_name or person.given_name) if person is not None else ""
    return named or _name(person)


def _excerpt(text: str, words: str) -> tuple[str, tuple[int, int]]:
    """Return the words round the first hit, in one line, and where in them it stands."""
    line = " ".join(text.split())
    start, end = _where(line, words)
    begin, finish = max(0, start - _AROUND), min(len(line), end + _AROUND)
    before = "…" if begin else ""
    cut = f"{before}{line[begin:finish]}{'…' if finish < len(line) else ''}"
    shift = len(before) - begin
    return cut, (start + shift, end + shift)


def _where(line: str, words: str) -> tuple[int, int]:
    """Return where a word of ``line`` begins as one of ``words`` does; the beginning where none is seen."""
    compared = plain(line)
    places: Sequence[int] = range(len(line))
    if len(compared) != len(line):  # a letter that is several as it is compared, or none
        apart = [(part, number) for number, sign in enumerate(line) for part in plain(sign)]
        compared = "".join(part for part, _ in apart)
        places = [number for _, number in apart]
    for word in sorted(plain(words).split(), key=len, reverse=True):
        if (hit := re.search(rf"(?<!\w){re.escape(word)}", compared)) is not None:
            return places[hit.start()], places[hit.end() - 1] + 1
    return 0, 0
