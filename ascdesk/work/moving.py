"""The draft ledger: a half-filled draft moves to another version of its form, every answer accounted for.

Every account ends as the same, moved, converted, to be confirmed, or kept in the drawer *answers with no
place*. Nothing is dropped: what has no place stays an account like any other, at an address that the form
does not ask, so that it syncs, prints, and comes back with one *Undo*. What is written in the older version
on another laptop arrives at its old address, and so is found in the drawer too. Two laptops that move the
same draft write the same rows with the same values.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from ascdesk.errors import Refusal
from ascdesk.forms.model import Form
from ascdesk.forms.moving import Becomes, How, becomes, target
from ascdesk.record.change import EXISTENCE, Json
from ascdesk.record.projection import from_row
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow, HeadRow
from ascdesk.record.writing import Edit
from ascdesk.work import responses, signing
from ascdesk.work.drafting import row_groups, stands
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, account_row, stored_value

VERSION, LEDGER = "questionnaire_version", "moves"
"""Fields of a response: the version that it is answered in, and the ledgers of its moves so far."""

ASIDE = "@"
"""Between a linkId and the version in which an answer was given that its question takes no more."""

_ROWS = uuid.UUID("0d0f2a86-8d4c-5d0e-a4a5-5f3c6c2ce0b1")
"""Namespace of rows that move to another group: the same on every laptop."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One account and how it ends: where it was and goes, what it becomes, and why, in words.

    ``aside`` is where the answer as it was given is kept, where it could not simply stay. ``of`` are the
    changes that were moved.
    """

    key: Key
    how: How
    to: Key | None = None
    becomes: tuple[FrozenAnswer, ...] = ()
    why: str = ""
    aside: Key | None = None
    of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every account of a draft that moves from one version of its form to another."""

    before: str
    after: str
    same: int
    entries: tuple[Entry, ...] = ()

    def of(self, how: How) -> tuple[Entry, ...]:
        """Return the entries that end so, in the order of their addresses."""
        return tuple(entry for entry in self.entries if entry.how is how)


def plan(draft: Draft, form: Form, earlier: Form | None = None) -> Ledger:
    """Return how every account of a draft would end in ``form``; ``earlier`` is its form so far, if known."""
    groups = row_groups(draft)
    keys = sorted(key for key, account in draft.accounts.items() if not _nothing(account))
    found = [_entry(draft, form, earlier, key, groups) for key in keys]
    held = {entry.key for entry in found if entry.how is How.SAME}
    entries = []
    for entry in (one for one in found if one.how is not How.SAME):
        taken = replace(entry, how=How.KEPT, to=None, becomes=(), why=TAKEN)
        placed = taken if entry.to in held else entry
        held |= {placed.to} if placed.to is not None else set()
        entries.append(_set_aside(draft, form, placed))
    return Ledger(draft.version, form.version, len(found) - len(entries), tuple(entries))


TAKEN = "there is an answer in its new place already"
"""Why an answer stays in the drawer whose place another has."""
_DIFFER = "two people wrote this differently: choose what stands"
_ANOTHER_KIND = "the question takes another kind of answer now"
HELD_BACK = "it never reached the person’s copy, and is held back here"


def alone(draft: Draft, form: Form, key: Key, earlier: Form | None) -> Entry:
    """Return how what one account says would end, whatever stands in its place now.

    An account that a move left, and somebody wrote in since, is taken to say what was written.
    """
    written = tuple(version for version in draft.account(key).versions if not version.said.empty)
    told = replace(draft, accounts={**draft.accounts, key: Account(key, written)})
    return _entry(told, form, earlier, key, row_groups(draft))


def _nothing(account: Account) -> bool:
    return all(version.said.empty for version in account.versions)


def _entry(draft: Draft, form: Form, earlier: Form | None, key: Key, groups: Mapping[str, str]) -> Entry:
    """Return how one account ends, before it is known what else wants its place."""
    account, known = draft.account(key), [groups.get(row) for row in key.path]
    if key.link_id not in form.by_link and ASIDE in key.link_id:
        return Entry(key, How.SAME)  # it lies in the drawer since an earlier move
    place = target(form, key.link_id, known)
    if place.node is None:
        return Entry(key, How.KEPT, why=place.why, of=account.seen)
    to = Key(_path(draft.response, key.path, known, place.groups), place.node.link_id, key.source)
    found = [becomes(place.node, version.said.answer) for version in account.versions]
    if account.conflict:
        stays = to == key and all(one is not None and one.how is How.SAME for one in found)
        return Entry(key, How.SAME) if stays else Entry(key, How.KEPT, why=_DIFFER, of=account.seen)
    last = found[-1]
    if last is None:
        return Entry(key, How.KEPT, why=_ANOTHER_KIND, of=account.seen)
    if to == key and last.how is How.SAME:
        return Entry(key, How.SAME)
    how, why = _ending(last, to != key and _opened(earlier, key.link_id, form, to.link_id))
    return Entry(key, how, to, tuple(FrozenAnswer(part) for part in last.answers), why, of=account.seen)


def _ending(last: Becomes, opened: bool) -> tuple[How, str]:
    if opened:
        return How.CONFIRM, HELD_BACK
    if last.how is How.SAME:
        return How.MOVED, "it is asked in another place now"
    return last.how, last.why


def _opened(earlier: Form | None, before: str, form: Form, after: str) -> bool:
    """Say whether an answer would come from a place that no copy shows to one that copies do."""
    closed = earlier is None or before not in earlier.by_link or not on_copies(earlier, before)
    return closed and on_copies(form, after)


def on_copies(form: Form, link_id: str) -> bool:
    """Say whether the person's copy may show a question: no group around it says *never*."""
    node = form.node(link_id)
    while True:
        if node.ours.get("copy") == "never":
            return False
        if node.parent < 0:
            return True
        node = form.nodes[node.parent]


def _set_aside(draft: Draft, form: Form, entry: Entry) -> Entry:
    """Give an answer that cannot stay as it was given a place in the drawer, unless its own is one."""
    if draft.account(entry.key).conflict:
        return entry  # it stays where it is, with every version, until somebody settles it
    in_the_way = entry.key.link_id in form.by_link
    loses = entry.how is How.CONFIRM or (entry.how is How.KEPT and in_the_way)
    if not loses or not draft.account(entry.key).said.answer:
        return entry
    kept = f"{entry.key.link_id}{ASIDE}{draft.version or '?'}"
    while Key(entry.key.path, kept, entry.key.source) in draft.accounts:
        kept += ASIDE  # an earlier move left one there
    return replace(entry, aside=Key(entry.key.path, kept, entry.key.source))


def _path(
    response: str, path: tuple[str, ...], before: Iterable[str | None], after: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the rows in which a moved answer stands: new ones from the first group that is another now."""
    moved, found = False, []
    for row, old, new in zip(path, before, after, strict=True):
        moved = moved or old not in (None, new)
        found.append(_moved_row(response, row, new) if moved else row)
    return tuple(found)


def _moved_row(response: str, row: str, group: str) -> str:
    """Return the row of another group that stands for ``row``: in its order, and the same on every laptop."""
    made = str(uuid.uuid5(_ROWS, f"{response} {row} {group}"))
    return row[:24] + made[24:] if len(row) == len(made) else made


# -- the move ---------------------------------------------------------------------------------------------


def move(record: Record, case: str, response: str, library: FormLibrary, version: str) -> Ledger:
    """Move a draft to another version of its form, as one step that *Undo* takes back; return the ledger.

    Raises :class:`Refusal` when it is signed, stands in that version already, or the version is not here.
    """
    draft = responses.load(record, case, response)
    refuse_move(draft, library, version)
    form = library.form(draft.questionnaire, version)
    earlier = library.form(draft.questionnaire, draft.version)
    ledger = plan(draft, form, earlier if earlier.version == draft.version else None)
    edits = list(_edits(record, draft, form, ledger))
    record.write(case, edits, name=f"move to version {version} of the form", guard=signing.unsigned(response))
    return ledger


def refuse_move(draft: Draft, library: FormLibrary, version: str) -> None:
    """Raise :class:`Refusal` where a draft cannot move to a version."""
    if draft.standing.signed is not None:
        raise Refusal("This is signed, and stays in the version of the form that it was signed in.")
    if draft.version == version:
        raise Refusal("This is in that version of the form already.")
    if not library.knows(draft.questionnaire, version):
        raise Refusal("That version of the form is not on this laptop. Connect to the council to fetch it.")


def _edits(record: Record, draft: Draft, form: Form, ledger: Ledger) -> Iterator[Edit]:
    heads = _heads(record, draft)
    yield Edit("response", draft.response, VERSION, form.version, heads.get(VERSION, (frozenset(), []))[0])
    seen, before = heads.get(LEDGER, (frozenset(), []))
    yield Edit("response", draft.response, LEDGER, [*merged(before), _told(ledger)], seen)
    yield from _rows(draft, form, ledger)
    keys = {key for entry in ledger.entries for key in (entry.key, entry.to, entry.aside) if key is not None}
    standing = _standing(record, draft, keys)
    values: dict[Key, Json] = {}
    for entry in ledger.entries:
        for key, value in _moved(draft, entry).items():
            values[key] = value or values.get(key)  # what one leaves, another may take
    for key, value in values.items():
        yield Edit("answer", account_row(draft.response, key), "value", value, standing[key])


def _moved(draft: Draft, entry: Entry) -> dict[Key, Json]:
    """Return what the accounts that an entry touches say after it: where it was, goes, and is kept."""
    said, values = draft.account(entry.key).said, dict[Key, Json]()
    if entry.to is not None or entry.aside is not None:
        values[entry.key] = None
    if entry.aside is not None:
        values[entry.aside] = stored_value(draft, entry.aside, said)
    if entry.to is not None:
        held = held_in(draft) if entry.why == HELD_BACK else None
        told = replace(said, answer=entry.becomes, held_back=said.held_back or held)
        values[entry.to] = stored_value(draft, entry.to, told)
    return values


def held_in(draft: Draft) -> str:
    """Return why an answer is held back that was never meant for the person's copy."""
    return f"Not for the person’s copy in version {draft.version}"


def _standing(record: Record, draft: Draft, keys: Iterable[Key]) -> dict[Key, frozenset[str]]:
    """Return the heads of accounts, those that were cleared and say nothing among them."""
    rows = {account_row(draft.response, key): key for key in keys}
    found = record.heads(draft.case, rows)
    return {key: frozenset(one.id for one in found.get((row, "value"), ())) for row, key in rows.items()}


def _rows(draft: Draft, form: Form, ledger: Ledger) -> Iterator[Edit]:
    """Yield the edits that make the rows of groups that took over others."""
    known = {row for rows in draft.rows.values() for row in rows}
    for entry in ledger.entries:
        if entry.to is None:
            continue
        node = form.node(entry.to.link_id)
        for depth, (row, group) in enumerate(zip(entry.to.path, node.groups, strict=True)):
            if row not in known and row != entry.key.path[depth]:
                known.add(row)
                parent = entry.to.path[depth - 1] if depth else ""
                place = {"response": draft.response, "link_id": form.nodes[group].link_id, "parent": parent}
                yield Edit("repeat", row, EXISTENCE, place, kind="create")


def _told(ledger: Ledger) -> dict[str, Json]:
    """Return a ledger as it is kept: addresses and changes, never words."""
    return {
        "from": ledger.before,
        "to": ledger.after,
        "same": ledger.same,
        "entries": [
            {
                "from": _address(entry.key),
                "how": entry.how.value,
                "to": None if entry.to is None else _address(entry.to),
                "aside": None if entry.aside is None else _address(entry.aside),
                "why": entry.why,
                "of": sorted(entry.of),
            }
            for entry in ledger.entries
        ],
    }


def _address(key: Key) -> list[Json]:
    return ["/".join(key.path), key.link_id, key.source]


def _key(told: object) -> Key | None:
    if not isinstance(told, list) or len(told) != 3:
        return None
    path, link_id, source = (str(part) for part in told)
    return Key(tuple(part for part in path.split("/") if part), link_id, source)


# -- what was moved ---------------------------------------------------------------------------------------


def ledgers(record: Record, draft: Draft) -> tuple[Ledger, ...]:
    """Return the ledgers of the moves of a response so far, in their order."""
    _, values = _heads(record, draft).get(LEDGER, (frozenset(), []))
    return tuple(_read(told) for told in merged(values))


def merged(values: Iterable[Json]) -> list[dict[str, Json]]:
    """Return the moves that several heads tell of: those of two laptops between the same versions as one."""
    found: dict[tuple[str, str], dict[str, Json]] = {}
    for value in values:
        for told in value if isinstance(value, list) else ():
            if not isinstance(told, dict):
                continue
            which = (str(told.get("from")), str(told.get("to")))
            same = found.setdefault(which, {**told, "entries": []})
            same["same"] = max(int(same.get("same") or 0), int(told.get("same") or 0))
            same["entries"] += [one for one in told.get("entries") or () if one not in same["entries"]]
    return list(found.values())


def _read(told: Mapping[str, Json]) -> Ledger:
    entries = []
    for one in told.get("entries") or ():
        key = _key(one.get("from"))
        if key is not None and one.get("how") in set(How):
            to, aside, of = _key(one.get("to")), _key(one.get("aside")), frozenset(one.get("of") or ())
            entries.append(Entry(key, How(one["how"]), to, (), str(one.get("why") or ""), aside, of))
    same = int(told.get("same") or 0)
    return Ledger(str(told.get("from")), str(told.get("to")), same, tuple(entries))


def without_place(form: Form, draft: Draft) -> tuple[Account, ...]:
    """Return the drawer: accounts that say something where the form does not ask, in their order."""
    groups = row_groups(draft)
    return tuple(
        account
        for key, account in sorted(draft.accounts.items())
        if not _nothing(account) and not _has_place(form, key, groups)
    )


def _has_place(form: Form, key: Key, groups: Mapping[str, str]) -> bool:
    if key.link_id not in form.by_link:
        return False
    node = form.node(key.link_id)
    return node.is_question and not node.calculated and stands(form, node, key.path, groups)


def _heads(record: Record, draft: Draft) -> dict[str, tuple[frozenset[str], list[Json]]]:
    """Return the heads of the fields of a response that a move sets: which changes, and what they say."""
    query = (
        select(ChangeRow.__table__)
        .join(HeadRow, HeadRow.id == ChangeRow.id)
        .where(HeadRow.case == draft.case, HeadRow.row == draft.response)
        .where(HeadRow.field.in_((VERSION, LEDGER)))
        .order_by(ChangeRow.id)
    )
    found: dict[str, tuple[frozenset[str], list[Json]]] = {}
    with record.reading() as session:
        for held in session.connection().execute(query).mappings():
            change = from_row(held)
            ids, values = found.get(change.field, (frozenset(), []))
            found[change.field] = (ids | {change.id}, [*values, change.content])
    return found
