"""Conflicts: everything that two people wrote differently, shown until a person settles it (design §3).

Settling is one change that supersedes exactly what was shown; what was not chosen stays in the history, and
what arrived meanwhile stays a conflict. Nothing here chooses by itself, and no clock takes part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import func, select

from ascdesk.errors import Refusal
from ascdesk.forms.model import Form, Node
from ascdesk.record.change import EXISTENCE, Change, Json
from ascdesk.record.models import Answer, Projected, Repeat, models
from ascdesk.record.projection import chunks, from_row
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow
from ascdesk.record.writing import Edit, Written
from ascdesk.work import cases, responses, signing
from ascdesk.work.differences import Run, runs
from ascdesk.work.labels import entity_words, field_words, title_of, value_words
from ascdesk.work.library import FormLibrary
from ascdesk.work.people import Authors, authors
from ascdesk.work.responses import Draft, Key, Said, account_row, said_of
from ascdesk.work.wording import ABSENT, answers_words, fill, names_for

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
    """What one change says, who wrote it, when by the clock of which laptop, and whether it still stands."""

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
        reader = Reader(record, names, draft, library.form(draft.questionnaire), names_for(found))
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
        gone = [replace(_telling(change, self.authors, self.record, ""), removal=True) for change in heads]
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
        node = self.node(key)
        if node is not None and node.ours.get("accounts") == "two" and key.link_id.endswith(".words"):
            return self._heading(node)  # a page of one subject: its two boxes are known by it
        while node is not None and not node.text and node.parent >= 0:
            node = self.form.nodes[node.parent]
        return fill(node.text, self.names) if node is not None and node.text else key.link_id

    def where(self, key: Key) -> str:
        """Return the section, which entry of a repeating group, and whose account it is."""
        node = self.node(key)
        heading = self._heading(node) if node is not None else ""
        parts = [heading if heading != self.label(key) else ""]
        parts += [self._entry(key.path[: depth + 1]) for depth in range(len(key.path))]
        source = _SOURCES.get(key.source, key.source)
        for name, word in self.names.items():
            source = source.replace("{" + name + "}", word)
        words = " · ".join(part for part in (*parts, source) if part)
        return words[:1].upper() + words[1:]

    def _heading(self, node: Node) -> str:
        while not node.ours.get("person-heading"):
            if node.parent < 0:
                return ""
            node = self.form.nodes[node.parent]
        return fill(str(node.ours["person-heading"]), self.names)

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
        return _telling(change, self.authors, self.record, self.said(change, key))


def said_words(said: Said, node: Node | None, names: Mapping[str, str]) -> str:
    """Return what an account says in words: answers, why there is none, the note, why it is held back."""
    if node is not None:
        words = answers_words(node, said.answer, names)
    else:
        words = value_words("", {"answer": list(said.answer)})
    back = f"Held back from the copy: {said.held_back}" if said.held_back else ""
    return "\n".join(part for part in (words, ABSENT.get(said.absent or "", ""), said.note, back) if part)


def _telling(change: Change, known: Authors, record: Record, words: str) -> Telling:
    return Telling(
        change=change.id, author=known.name(change.author), mine=known.mine(change.author), at=change.wall,
        device=change.device, here=change.device == record.device, words=words, value=change.content,
        held=change.version is not None, removal=change.kind == "delete",
    )  # fmt: skip


def _marked(tellings: Sequence[Telling], before: str | None) -> tuple[Telling, ...]:
    """Return the tellings with what each says anew: beside what stood before, or beside the other one."""
    if before is None and len(tellings) != 2:
        return tuple(tellings)
    found: list[Telling] = []
    for number, one in enumerate(tellings):
        against = before if before is not None else tellings[1 - number].words
        found.append(replace(one, runs=runs(one.words, against) if against else ()))
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
        for (_, name), changes in sorted(self.record.heads(self.case, [self.row]).items()):
            for change in changes:
                kept = f"{field_words(name)}: {value_words(name, change.content)}" if name else "Kept it"
                told.append(self._telling(change, "" if change.kind == "delete" else kept))
        told.sort(key=_removal_first)
        return Clash(
            "removed", self.entity, self.row, EXISTENCE, self.about, "", tuple(told),
            frozenset(one.change for one in told), of=self.of,
        )  # fmt: skip

    def _telling(self, change: Change, words: str) -> Telling:
        return _telling(change, self.authors, self.record, words)


def _removal_first(telling: Telling) -> tuple[bool, str]:
    return not telling.removal, telling.change


# -- settling -------------------------------------------------------------------------------------------


def take(record: Record, case: str, clash: Clash, change: str) -> Written:
    """Settle by one of the tellings. Raises :class:`Refusal` when what it belongs to is signed."""
    chosen = next((telling for telling in clash.tellings if telling.change == change), None)
    if chosen is None:
        raise Refusal("This was settled meanwhile. Look at how it stands now, and at its history.")
    return _put(record, case, clash, chosen.value)


def keep_all(record: Record, case: str, clash: Clash, labels: Mapping[str, str]) -> Written:
    """Settle by keeping every text, each under its writer and day; ``labels`` gives that line by change.

    Raises :class:`Refusal` when these are not texts, or what they belong to is signed.
    """
    if not clash.written or clash.key is None:
        raise Refusal("Only written answers can be kept one under another. Choose one, or answer anew.")
    said = [(said_of(telling.value), labels[telling.change]) for telling in clash.tellings]
    parts = [f"{label}:\n{_text(one)}" for one, label in said if _text(one)]
    back = "; ".join(dict.fromkeys(one.held_back for one, _ in said if one.held_back)) or None
    note = "\n".join(dict.fromkeys(one.note for one, _ in said if one.note)) or None
    kind = next((key for one, _ in said for part in one.answer for key in part), "valueString")
    return rewrite(record, case, clash, Said(({kind: "\n\n".join(parts)},), None, back, note))


def _text(said: Said) -> str:
    words = [str(value) for part in said.answer for key, value in part.items() if key.startswith("value")]
    return "\n".join(words) or ABSENT.get(said.absent or "", "")


def rewrite(record: Record, case: str, clash: Clash, said: Said) -> Written:
    """Settle an answer by words of one's own. Raises :class:`Refusal` when the response is signed."""
    if clash.key is None:
        raise Refusal("Write this where it belongs: on its own page.")
    return _put(record, case, clash, _stored(clash, said))


def _stored(clash: Clash, said: Said) -> Json:
    assert clash.key is not None
    draft = Draft("", clash.of, "", "", "", "")
    return responses.stored_value(draft, clash.key, said)


def _put(record: Record, case: str, clash: Clash, value: Json) -> Written:
    if clash.of:
        signing.refuse_frozen(record, clash.of)
    edit = Edit(clash.entity, clash.row, clash.field, value, clash.seen)
    return record.write(case, [edit], name=f"settle {clash.about}")


def remove(record: Record, case: str, clash: Clash) -> Written:
    """Settle a row that was removed and written in: it goes, with what is shown in it."""
    if clash.of:
        signing.refuse_frozen(record, clash.of)
    edit = Edit(clash.entity, clash.row, EXISTENCE, None, clash.seen, "delete")
    return record.write(case, [edit], name=f"remove {clash.where}")


def keep(record: Record, case: str, clash: Clash) -> Written:
    """Settle a row that was removed and written in: it stays, with everything that its removal took away."""
    if clash.of:
        signing.refuse_frozen(record, clash.of)
    heads = record.heads(case)
    own = [change for change in heads.get((clash.row, EXISTENCE), ()) if change.id in clash.seen]
    taken = _changes(record, {old for change in own for old in change.supersedes})
    made = [h.change for h in record.history(case, clash.row, EXISTENCE) if h.change.kind == "create"]
    place = made[-1].content if made else None
    edits = [Edit(clash.entity, clash.row, EXISTENCE, place, frozenset(c.id for c in own), "create")]
    for old in sorted(taken, key=_by_id):
        itself = (old.row, old.field) == (clash.row, EXISTENCE)
        if (old.row, old.field) not in heads and not itself and old.kind in {"create", "set"}:
            edits.append(Edit(old.entity, old.row, old.field, old.content, frozenset({old.id}), old.kind))
    return record.write(case, edits, name=f"keep {clash.where}")


def _by_id(change: Change) -> str:
    return change.id


def _changes(record: Record, ids: Iterable[str]) -> list[Change]:
    found: list[Change] = []
    with record.reading() as session:
        for some in chunks(ids):
            query = select(ChangeRow.__table__).where(ChangeRow.id.in_(some))
            found += [from_row(held) for held in session.connection().execute(query).mappings()]
    return found


# -- history --------------------------------------------------------------------------------------------


def history(record: Record, case: str, response: str, key: Key, library: FormLibrary) -> Past:
    """Return every change of an account, oldest first. Raises :class:`Refusal` when it is not here."""
    draft = responses.load(record, case, response)
    found = cases.look(record, case)
    form = library.form(draft.questionnaire)
    reader = Reader(record, authors(record), draft, form, names_for(found))
    clash = reader.clash(key)
    told: list[Telling] = []
    for held in record.history(case, clash.row, clash.field):
        one = replace(reader.telling(held.change, key), stands=held.head)
        told.append(one)
    return Past(clash, tuple(told))


def field_history(record: Record, clash: Clash, case: str) -> Past:
    """Return every change of a typed field, oldest first."""
    known = authors(record)
    told = [
        replace(
            _telling(held.change, known, record, value_words(clash.field, held.change.content)),
            stands=held.head,
        )
        for held in record.history(case, clash.row, clash.field)
    ]
    return Past(clash, tuple(told))


def put_back(record: Record, case: str, past: Past, change: str) -> Written:
    """Write again what an earlier change said, over all that stands now: a new change, like any other.

    Raises :class:`Refusal` when what it belongs to is signed, or its text was taken out of the record.
    """
    chosen = next((told for told in past.tellings if told.change == change), None)
    if chosen is None:
        raise Refusal("This is not in the history any more. Open the history again.")
    return _put(record, case, past.clash, chosen.value)


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
