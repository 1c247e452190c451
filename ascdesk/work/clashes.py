"""Conflicts: everything that two people wrote differently, told with its authors and times (design §3).

Reading only: nothing here chooses by itself, and no clock takes part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import func, select

from ascdesk.forms.model import Form, Node
from ascdesk.record.change import EXISTENCE, Change, Json
from ascdesk.record.models import Answer, Repeat, models
from ascdesk.record.projected import Projected
from ascdesk.record.projection import chunks, from_row
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow
from ascdesk.work import cases, privacy, responses
from ascdesk.work.differences import Run, runs
from ascdesk.work.labels import entity_words, field_words, title_of, value_words
from ascdesk.work.library import FormLibrary
from ascdesk.work.people import Authors, authors
from ascdesk.work.redactions import Removed, removed_change
from ascdesk.work.responses import Draft, Key, Said, account_row, said_of
from ascdesk.work.wording import ABSENT, answers_words, fill

Kind = Literal["answer", "field", "removed"]

_SOURCES = {
    "person": "in {name}’s words",
    "observed": "what the worker saw or knows",
    "carer": "what {carer} said",
    "professional": "what another professional said",
    "record": "from the record",
}


@dataclass(frozen=True, slots=True)
class Telling:
    """What one change says, who wrote it, when by the clock of which laptop, and whether it still stands.

    ``removed`` says how its words went, where it says nothing any more.
    """

    change: str
    author: str
    mine: bool
    at: str
    device: str
    here: bool
    words: str
    value: Json = None
    runs: tuple[Run, ...] = ()
    stands: bool = True
    held: bool = False
    removal: bool = False
    removed: Removed | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing that was written differently, or removed by one and written in by another.

    ``seen`` is what is shown here, and what settling it supersedes. ``before`` is the change that all of them
    superseded. ``written`` says that the texts can be kept one under another.
    """

    kind: Kind
    entity: str
    row: str
    field: str
    about: str
    where: str
    tellings: tuple[Telling, ...]
    seen: frozenset[str]
    key: Key | None = None
    before: Telling | None = None
    written: bool = False
    of: str = ""
    inside: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """Return where a page finds it again: ``PATH|LINKID|SOURCE``, or entity, row and field."""
        if self.key is not None and self.kind == "answer":
            return place_of(self.key)
        return f"{self.entity}:{self.row}:{self.field}"


@dataclass(frozen=True, slots=True)
class Table:
    """All that is to be settled in one case: the answers of one response, and whatever else differs."""

    case: cases.Case
    draft: Draft | None
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """The history of an account: what it is, how it stands, and every change of it, oldest first."""

    clash: Clash
    tellings: tuple[Telling, ...]


def place_of(key: Key) -> str:
    """Return how a page names an account: ``PATH|LINKID|SOURCE``."""
    return "|".join(("/".join(key.path), key.link_id, key.source))


def key_at(place: str) -> Key | None:
    """Return the account that a page's place names; nothing where it names none."""
    parts = place.split("|")
    if len(parts) != 3 or not parts[1]:
        return None
    return Key(tuple(part for part in parts[0].split("/") if part), parts[1], parts[2])


# -- what is to be settled ------------------------------------------------------------------------------


def table(record: Record, case: str, response: str, library: FormLibrary) -> Table:
    """Return everything of a case that waits for a person to settle it.

    Raises :class:`Refusal` when the case is not on this laptop.
    """
    found = cases.look(record, case)
    names = authors(record)
    clashes: list[Clash] = []
    shown: Draft | None = None
    for held in found.responses:
        if not _differs(record, held.row) and held.row != response:
            continue
        draft = responses.load(record, case, held.row)
        shown = draft if held.row == response else shown
        form = library.form(draft.questionnaire, draft.version)
        reader = Reader(record, names, draft, form, privacy.names_in(found, form, draft))
        clashes += reader.clashes()
    clashes += _typed(record, case, names)
    mine = [clash for clash in clashes if clash.of == response]
    return Table(found, shown, (*mine, *(clash for clash in clashes if clash.of != response)))


def _differs(record: Record, response: str) -> bool:
    with record.reading() as session:
        marked = select(Answer.row).where(Answer.response == response, Answer.conflicts.is_not(None))
        differs = session.scalar(marked.limit(1)) is not None
    return differs or bool(_lost_rows(record, response))


def _lost_rows(record: Record, response: str) -> set[str]:
    """Return the rows that answers stand in although they were removed."""
    with record.reading() as session:
        paths = select(Answer.path).where(Answer.response == response, Answer.path != "").distinct()
        used = {row for path in session.scalars(paths) for row in (path or "").split("/")}
        known = set(session.scalars(select(Repeat.row).where(Repeat.response == response)))
    return used - known


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the accounts of one response for settling: in the form's words, with names for authors."""

    record: Record
    authors: Authors
    draft: Draft
    form: Form
    names: Mapping[str, str]

    def clashes(self) -> list[Clash]:
        """Return the accounts that differ, then the rows that were removed and written in."""
        lost = _lost_rows(self.record, self.draft.response)
        found = [
            self.clash(account.key)
            for account in self.draft.conflicts()
            if not lost.intersection(account.key.path)
        ]
        outermost: dict[str, list[Key]] = {}
        for key, account in self.draft.accounts.items():
            row = next((row for row in key.path if row in lost), None)
            if row is not None and not account.said.empty:
                outermost.setdefault(row, []).append(key)
        return found + [self._removed(row, keys) for row, keys in outermost.items()]

    def clash(self, key: Key) -> Clash:
        """Return an account with everything that stands in it, whether or not it differs."""
        row = account_row(self.draft.response, key)
        past = self.record.history(self.draft.case, row, "value")
        heads = [held.change for held in past if held.head]
        node = self.node(key)
        before = ancestor([held.change for held in past], heads)
        tellings = _marked(
            [self.telling(change, key) for change in heads],
            self.said(before, key) if before is not None else None,
        )
        return Clash(
            "answer", "answer", row, "value", self.label(key), self.where(key), tellings,
            frozenset(change.id for change in heads), key,
            self.telling(before, key) if before else None,
            node is None or (node.type in {"text", "string"} and not node.options), self.draft.response,
        )  # fmt: skip

    def _removed(self, row: str, keys: Sequence[Key]) -> Clash:
        heads = self.record.heads(self.draft.case, [row]).get((row, EXISTENCE), ())
        gone = [replace(telling_of(change, self.authors, self.record, ""), removal=True) for change in heads]
        kept: list[Telling] = []
        inside: set[str] = set()
        for key in sorted(keys):
            inside |= self.draft.account(key).seen
            told = self.clash(key).tellings
            kept += [replace(one, words=f"{self.label(key)}: {one.words}", runs=()) for one in told]
        return Clash(
            "removed", "repeat", row, EXISTENCE, "An entry that was removed and written in",
            self.where(keys[0]), (*gone, *kept),
            frozenset({change.id for change in heads} | inside),
            of=self.draft.response, inside=frozenset(inside),
        )  # fmt: skip

    def node(self, key: Key) -> Node | None:
        """Return the question; nothing where this version of the form does not ask it."""
        index = self.form.by_link.get(key.link_id)
        return None if index is None else self.form.nodes[index]

    def label(self, key: Key) -> str:
        """Return the question in words."""
        return question_words(self.form, key, self.names)

    def where(self, key: Key) -> str:
        """Return the section, which entry of a repeating group, and whose account it is."""
        entries = [self._entry(key.path[: depth + 1]) for depth in range(len(key.path))]
        return account_words(self.form, key, self.names, *entries)

    def _entry(self, path: tuple[str, ...]) -> str:
        for (around, _), rows in self.draft.rows.items():
            if around == path[:-1] and path[-1] in rows:
                return f"entry {rows.index(path[-1]) + 1} of {len(rows)}"
        return ""

    def said(self, change: Change, key: Key) -> str:
        """Return in words what a change of an account says."""
        return said_words(said_of(change.content), self.node(key), self.names)

    def telling(self, change: Change, key: Key) -> Telling:
        """Return a change as it is told."""
        return telling_of(change, self.authors, self.record, self.said(change, key))


def question_words(form: Form, key: Key, names: Mapping[str, str]) -> str:
    """Return a question in words; the subject of its page for the two boxes that are all about it."""
    node = form.nodes[form.by_link[key.link_id]] if key.link_id in form.by_link else None
    if node is not None and node.ours.get("accounts") == "two" and key.link_id.endswith(".words"):
        return _heading(form, node, names)
    while node is not None and not node.text and node.parent >= 0:
        node = form.nodes[node.parent]
    return fill(node.text, names) if node is not None and node.text else key.link_id


def account_words(form: Form, key: Key, names: Mapping[str, str], *entries: str) -> str:
    """Return which section an account is in, and whose account it is."""
    node = form.nodes[form.by_link[key.link_id]] if key.link_id in form.by_link else None
    heading = _heading(form, node, names) if node is not None else ""
    if heading == question_words(form, key, names):
        heading = ""
    source = _SOURCES.get(key.source, key.source)
    for name, word in names.items():
        source = source.replace("{" + name + "}", word)
    words = " · ".join(part for part in (heading, *entries, source) if part)
    return words[:1].upper() + words[1:]


def _heading(form: Form, node: Node, names: Mapping[str, str]) -> str:
    while not node.ours.get("person-heading"):
        if node.parent < 0:
            return ""
        node = form.nodes[node.parent]
    return fill(str(node.ours["person-heading"]), names)


def said_words(said: Said, node: Node | None, names: Mapping[str, str]) -> str:
    """Return what an account says in words: answers, why there is none, the note, why it is held back."""
    if node is not None:
        words = answers_words(node, said.answer, names)
    else:
        words = value_words("", {"answer": list(said.answer)})
    back = f"Held back from the copy: {said.held_back}" if said.held_back else ""
    return "\n".join(part for part in (words, ABSENT.get(said.absent or "", ""), said.note, back) if part)


def telling_of(change: Change, known: Authors, record: Record, words: str) -> Telling:
    """Return a change as it is told, with the words that it comes to."""
    return Telling(
        change=change.id, author=known.name(change.author), mine=known.mine(change.author), at=change.wall,
        device=change.device, here=change.device == record.device, words=words, value=change.content,
        held=change.version is not None, removal=change.kind == "delete",
        removed=removed_change(record, change.case, change.id) if change.value is None else None,
    )  # fmt: skip


def _marked(tellings: Sequence[Telling], before: str | None) -> tuple[Telling, ...]:
    """Return the tellings with what each says anew: beside what stood before, or beside the other one."""
    if before is None and len(tellings) != 2:
        return tuple(tellings)
    found: list[Telling] = []
    for number, one in enumerate(tellings):
        against = before if before is not None else tellings[1 - number].words
        marks = runs(one.words, against) if against else ()
        # Where nothing is the same there is nothing to point out.
        found.append(replace(one, runs=marks if any(not run.new for run in marks) else ()))
    return tuple(found)


def ancestor(past: Sequence[Change], heads: Sequence[Change]) -> Change | None:
    """Return the change that every head superseded, at once or by others; none unless it is just one."""
    if len(heads) < 2:
        return None
    known = {change.id: change for change in past}
    shared = set.intersection(*(_behind(head, known) for head in heads))
    covered = {old for change_id in shared for old in _behind(known[change_id], known)}
    newest = shared - covered
    return known[newest.pop()] if len(newest) == 1 else None


def _behind(change: Change, known: Mapping[str, Change]) -> set[str]:
    found: set[str] = set()
    waiting = [old for old in change.supersedes if old in known]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [old for old in known[one].supersedes if old in known]
    return found


# -- typed rows -----------------------------------------------------------------------------------------


def _typed(record: Record, case: str, known: Authors) -> list[Clash]:
    """Return the fields of typed rows that differ, and rows that one removed and another wrote in."""
    found: list[Clash] = []
    with record.reading() as session:
        marked = [
            (_RowReader(record, known, case, entity, held.row, _columns(held)), tuple(held.conflicts or ()))
            for entity, model in models().items()
            if entity != Answer.__tablename__
            for held in session.scalars(
                select(model).where(model.case == case, model.conflicts.is_not(None)).order_by(model.row)
            )
        ]
    for reader, names in marked:
        if EXISTENCE in names:
            found.append(reader.removed())
        for name in names:
            clash = reader.field(name) if name != EXISTENCE else None
            found += [clash] if clash is not None else []
    return found


def _columns(held: Projected) -> dict[str, Json]:
    return {column.name: getattr(held, column.name) for column in held.__table__.columns}


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads one typed row for settling."""

    record: Record
    authors: Authors
    case: str
    entity: str
    row: str
    columns: Mapping[str, Json]

    @property
    def about(self) -> str:
        title = title_of(self.columns) if self.entity != "person" else ""
        return f"{entity_words(self.entity)}: {title}" if title else entity_words(self.entity)

    @property
    def of(self) -> str:
        """Return what is signed with the row: its plan or its response."""
        if self.entity in {"plan", "response"}:
            return self.row
        return str(self.columns.get("plan") or self.columns.get("response") or "")

    def field(self, name: str) -> Clash | None:
        """Return a field that was set differently; none where a row was made with another value."""
        heads = self.record.heads(self.case, [self.row]).get((self.row, name), ())
        changes = [change for change in heads if change.kind == "set"]
        if len({change.value for change in changes}) < 2:
            return None
        past = [held.change for held in self.record.history(self.case, self.row, name)]
        before = ancestor(past, changes)
        told = [self._telling(change, value_words(name, change.content)) for change in changes]
        words = value_words(name, before.content) if before is not None else None
        return Clash(
            "field", self.entity, self.row, name, field_words(name), self.about, _marked(told, words),
            frozenset(change.id for change in changes),
            before=self._telling(before, words or "") if before is not None else None, of=self.of,
        )  # fmt: skip

    def removed(self) -> Clash:
        """Return the row, whose removal did not see a later edit."""
        told: list[Telling] = []
        taken: dict[str, Json] = {}
        for (_, name), changes in sorted(self.record.heads(self.case, [self.row]).items()):
            for change in changes:
                for old in changes_by_id(self.record, change.supersedes) if change.kind == "delete" else ():
                    taken[old.field] = old.content
                kept = f"{field_words(name)}: {value_words(name, change.content)}" if name else "Kept it"
                told.append(self._telling(change, "" if change.kind == "delete" else kept))
        told.sort(key=_removal_first)
        return Clash(
            "removed", self.entity, self.row, EXISTENCE,
            replace(self, columns=taken | {k: v for k, v in self.columns.items() if v is not None}).about,
            "", tuple(told),
            frozenset(one.change for one in told), of=self.of,
        )  # fmt: skip

    def _telling(self, change: Change, words: str) -> Telling:
        return telling_of(change, self.authors, self.record, words)


def _removal_first(telling: Telling) -> tuple[bool, str]:
    return not telling.removal, telling.change


def changes_by_id(record: Record, ids: Iterable[str]) -> list[Change]:
    """Return the changes of these ids that this laptop holds."""
    found: list[Change] = []
    with record.reading() as session:
        for some in chunks(ids):
            query = select(ChangeRow.__table__).where(ChangeRow.id.in_(some))
            found += [from_row(held) for held in session.connection().execute(query).mappings()]
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in which something waits to be settled, and how much."""

    case: str
    who: str
    response: str
    count: int


def count(record: Record) -> int:
    """Return in how many rows something waits to be settled; quick, for the bar at the top."""
    with record.reading() as session:
        return sum(
            session.scalar(select(func.count()).select_from(model).where(model.conflicts.is_not(None))) or 0
            for model in models().values()
        )


def waiting(record: Record) -> tuple[Waiting, ...]:
    """Return the cases in which something waits to be settled, over all cases of this laptop."""
    counts: dict[str, int] = {}
    with record.reading() as session:
        for model in models().values():
            for case in session.scalars(select(model.case).where(model.conflicts.is_not(None))):
                counts[case] = counts.get(case, 0) + 1
    found: list[Waiting] = []
    for held in cases.read_cases(record):
        count = counts.get(held.id, 0) + sum(len(_lost_rows(record, one.row)) for one in held.responses)
        if count:
            differing = [one.row for one in held.responses if _differs(record, one.row)]
            response = next(iter(differing or [one.row for one in held.responses]), "")
            found.append(Waiting(held.id, held.person.full_name, response, count))
    return tuple(found)
