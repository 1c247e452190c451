"""The record of a laptop: the one place where changes are written, undone, taken in and handed to sync.

A screen never comes here: it calls an operation of ``ascdesk.work``, and the operation passes edits.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.orm import Session

from ascdesk.record import backup, outbox, readings, redaction, removal, search, store, undo, writing
from ascdesk.record.attachments import Attachments
from ascdesk.record.attachments import doubt as doubt_receipts
from ascdesk.record.change import Change, Json
from ascdesk.record.digest import Digest, digest
from ascdesk.record.local import AttachmentRow, CursorRow, Outgoing, Reading, Setting
from ascdesk.record.outbox import Answered, Batch, NeedsAttention
from ascdesk.record.projection import chunks, from_row, insert_changes, project, rebuild
from ascdesk.record.readings import Read
from ascdesk.record.redaction import Ordered, redact, shielded
from ascdesk.record.removal import Escrow, Removal
from ascdesk.record.store import plain_errors
from ascdesk.record.tables import ChangeRow, HeadRow, SupersededRow
from ascdesk.record.undo import Undoable
from ascdesk.record.writing import Edit, Writer, Written

LOOKED = "looked/"
"""Before a case's id, the local setting that says which version of it was there when it was last opened."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a case was pulled: ``id`` is the change at ``version``."""

    version: int
    id: str


@dataclass(frozen=True, slots=True)
class Account:
    """One change in the history of a field, and whether it still stands."""

    change: Change
    head: bool


BATCH = 2_000
"""Most changes that are put in one batch, unless a single group has more."""

PASSING = frozenset({"lease/mark"})
"""Local settings that only note the time that has come: nothing of them is the council's business."""


class OutOfPlace(Exception):
    """A pulled page does not continue exactly at the cursor; ask again from there."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page of pulled changes of one case; ``orders`` are those in it to redact that the council signed."""

    case: str
    changes: Sequence[Change]
    orders: Sequence[Ordered] = ()


class Record:
    """The encrypted record of one profile, opened.

    ``author`` is the worker's id, ``device`` this laptop's; ``clock`` says the local time with its zone.
    """

    def __init__(
        self, path: Path, key: bytes | bytearray, *, clock: Callable[[], datetime], create: bool = False
    ) -> None:
        self._engine = store.open_store(path, key, create=create)
        self._path, self._key = path, bytes(key)
        self.folder = path.parent
        self._clock = clock
        self._lock = threading.RLock()
        self._tidied = False
        self.attachments = Attachments(path.parent, self._writing, self.reading)
        self.author = self.get("author") or ""
        self.device = self.get("device") or ""
        self._touched: set[str] = set()
        self._passing = 0
        self._written = 0  # through connections that are shut by now
        self.idle: Any = None
        """What the last exchange found when it left nothing to do (`sync.client.exchange.Idle`)."""
        self._clean()

    # -- the file ---------------------------------------------------------------------------------------

    def close(self) -> None:
        """Close the file; the key goes with the process that held it."""
        with self._lock:
            self._engine.dispose()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock, plain_errors(), self._engine.begin() as connection:
            self._tidied = False
            yield connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session on the typed tables, for reading only."""
        with self._lock, store.reading(self._engine) as session:
            yield session

    def get(self, key: str) -> Json:
        """Return a local setting, or ``None``."""
        with self.reading() as session:
            return session.scalar(select(Setting.value).where(Setting.key == key))

    def put(self, key: str, value: Json) -> None:
        """Keep a local setting; ``None`` takes it away."""
        with self._writing() as connection:
            before = _rows_written(connection)
            connection.execute(delete(Setting).where(Setting.key == key))
            if value is not None:
                connection.execute(insert(Setting).values(key=key, value=value))
            if key in PASSING:
                self._passing += _rows_written(connection) - before

    def mark(self) -> int:
        """Return a number that grows with whatever is written here, but for what only notes the time."""
        with self.reading() as session:
            return self._written + _rows_written(session.connection()) - self._passing

    def enrol(self, *, author: str, device: str) -> None:
        """Note whose record this is and on which device, once, before anything is written."""
        self.put("author", author)
        self.put("device", device)
        self.author, self.device = author, device

    def now(self) -> str:
        """Return the laptop's own time, ISO 8601 with its offset."""
        return self._clock().isoformat(timespec="milliseconds")

    # -- writing ----------------------------------------------------------------------------------------

    def write(
        self,
        case: str,
        edits: Sequence[Edit],
        *,
        name: str,
        editor: str | None = None,
        guard: Callable[[Connection], None] | None = None,
    ) -> Written:
        """Make the edits of one named operation durable, as one group, and project them.

        With ``editor``, the token of an open editor, a further edit of what it last wrote replaces that value
        while it was not yet sent. An edit that changes nothing writes nothing. ``guard`` is asked in the same
        transaction, before anything is written; what it raises stops the write.
        """
        with self._writing() as connection:
            if guard is not None:
                guard(connection)
            written = writing.write(connection, self._writer(case), edits, name=name, editor=editor)
        self._touch(written, edits)
        return written

    def _touch(self, written: Written, edits: Sequence[Edit] = ()) -> None:
        """Note which changes were written, folded into or taken back: the escrow follows them."""
        for change in written.changes:
            self._touched.add(change.id)
        for edit in edits:
            self._touched |= edit.seen

    def touched(self) -> frozenset[str]:
        """Return the ids of the changes written to since this was last asked; some may be gone again."""
        with self._lock:
            found, self._touched = frozenset(self._touched), set()
        return found

    def touch(self, changes: Iterable[str]) -> None:
        """Count changes among those written to: whoever asked for them could not follow them."""
        with self._lock:
            self._touched |= set(changes)

    def close_editor(self, editor: str) -> None:
        """Close an editor: nothing folds into what it wrote any more."""
        with self._writing() as connection:
            writing.close(connection, Outgoing.editor == editor)

    def _writer(self, case: str) -> Writer:
        return Writer(case=case, author=self.author, device=self.device, wall=self.now())

    def undoable(self, case: str) -> Undoable:
        """Return what may be undone and redone in ``case`` now, by name."""
        with self.reading() as session:
            return undo.undoable(session.connection(), case)

    def last_stepped(self) -> str:
        """Return the case in which the last step of this laptop was done; empty before the first."""
        with self.reading() as session:
            return undo.last_case(session.connection())

    def undo(self, case: str) -> Written:
        """Undo the last step that may be undone. Raises :class:`Refusal` when there is none."""
        with self._writing() as connection:
            written = undo.undo(connection, self._writer(case))
        self._touch(written)
        return written

    def redo(self, case: str) -> Written:
        """Do the last undone step again. Raises :class:`Refusal` when there is none."""
        with self._writing() as connection:
            written = undo.redo(connection, self._writer(case))
        self._touch(written)
        return written

    # -- reading changes --------------------------------------------------------------------------------

    def heads(
        self, case: str, rows: Iterable[str] | None = None
    ) -> dict[tuple[str, str], tuple[Change, ...]]:
        """Return the heads of a case, or of some of its rows, by (row, field)."""
        query = (
            select(ChangeRow.__table__).join(HeadRow, HeadRow.id == ChangeRow.id).where(HeadRow.case == case)
        )
        if rows is not None:
            query = query.where(HeadRow.row.in_(list(rows)))
        found: dict[tuple[str, str], tuple[Change, ...]] = {}
        with self.reading() as session:
            for held in session.connection().execute(query.order_by(ChangeRow.id)).mappings():
                change = from_row(held)
                found[change.row, change.field] = (*found.get((change.row, change.field), ()), change)
        return found

    def history(self, case: str, row: str, field: str) -> tuple[Account, ...]:
        """Return every change of a field, oldest first, each with whether it still stands."""
        query = (
            select(ChangeRow.__table__, SupersededRow.by)
            .outerjoin(SupersededRow, SupersededRow.id == ChangeRow.id)
            .where(ChangeRow.case == case, ChangeRow.row == row, ChangeRow.field == field)
            .order_by(ChangeRow.id)
        )
        found: dict[str, Account] = {}
        with self.reading() as session:
            for held in session.connection().execute(query).mappings():
                found[held["id"]] = Account(from_row(held), held["by"] is None)
        return tuple(found.values())

    def cases(self) -> tuple[str, ...]:
        """Return the ids of every case that this laptop holds."""
        with self.reading() as session:
            return tuple(session.scalars(select(ChangeRow.case).distinct().order_by(ChangeRow.case)))

    def digest(self, case: str) -> Digest:
        """Return the digest of one case's projection."""
        with self.reading() as session:
            return digest(session.connection(), case)

    def rebuild(self) -> None:
        """Drop heads and typed tables and project the log again."""
        with self._writing() as connection:
            rebuild(connection)

    def read(self, case: str) -> None:
        """Note in the read log that the worker opened ``case``, and how far it had been pulled by then."""
        with self._writing() as connection:
            readings.note(connection, case, self.author, self.now())
            at = connection.scalar(select(CursorRow.version).where(CursorRow.case == case)) or 0
            connection.execute(delete(Setting).where(Setting.key == f"{LOOKED}{case}"))
            connection.execute(insert(Setting).values(key=f"{LOOKED}{case}", value=at))

    def read_in_search(self, case: str) -> None:
        """Note in the read log that words of ``case`` stood among results; what is new in it stays new."""
        with self._writing() as connection:
            readings.note(connection, case, self.author, self.now())

    def unsent_readings(self, at_most: int = 500) -> tuple[Read, ...]:
        """Return lines of the read log that the council does not hold yet, oldest first."""
        with self.reading() as session:
            return readings.unsent(session.connection(), at_most)

    def readings_received(self, numbers: Iterable[int]) -> None:
        """Note the council's receipt for lines of the read log."""
        with self._writing() as connection:
            if readings.received(connection, numbers):
                removal.to_clean(connection)
        self._clean()

    # -- searching --------------------------------------------------------------------------------------

    def keep_search(self, words: search.Words, at_most: int = search.AT_ONCE) -> int:
        """Bring the index up to date with some of what was written; return how many rows are left."""
        with self._writing() as connection:
            return search.settle(connection, words, at_most)

    def search(
        self, words: str, entities: Collection[str], *, case: str = "", at_most: int = 20
    ) -> tuple[search.Hit, ...]:
        """Return the rows of these entities, in one case or all, that hold every word; the newest first."""
        with self.reading() as session:
            return search.find(session.connection(), words, entities=entities, case=case, at_most=at_most)

    # -- the outbox -------------------------------------------------------------------------------------

    def outgoing_count(self, case: str | None = None) -> int:
        """Return how many changes the council does not hold yet."""
        query = select(func.count()).select_from(Outgoing)
        with self.reading() as session:
            return session.scalar(query if case is None else query.where(Outgoing.case == case)) or 0

    def unsent(self, among: Iterable[str] | None = None) -> tuple[Change, ...]:
        """Return the changes that the council does not hold yet, or those ``among`` some, oldest first."""
        query = select(ChangeRow.__table__).join(Outgoing, Outgoing.id == ChangeRow.id).order_by(ChangeRow.id)
        with self.reading() as session:
            run = session.connection().execute
            if among is None:
                return tuple(from_row(row) for row in run(query).mappings())
            some = chunks(sorted(among))
            return tuple(
                from_row(row) for ids in some for row in run(query.where(ChangeRow.id.in_(ids))).mappings()
            )

    def lacking(self, among: Iterable[str]) -> frozenset[str]:
        """Return those of the changes that are not here: never were, or were taken back."""
        wanted = frozenset(among)
        with self.reading() as session:
            for some in chunks(sorted(wanted)):
                wanted -= set(session.scalars(select(ChangeRow.id).where(ChangeRow.id.in_(some))))
        return wanted

    def next_batch(self, max_changes: int = BATCH, after: Batch | None = None) -> Batch | None:
        """Return the batch to send: one not yet answered, else a new one, stored before it is sent.

        With ``after`` it is the one that follows a batch which is on its way.
        """
        with self._writing() as connection:
            return outbox.next_batch(connection, self.device, max_changes, after)

    def answered(self, batch_id: str, answers: Sequence[Answered]) -> None:
        """Take in the council's answer to each change of a batch.

        Raises :class:`OutOfPlace` when a version that it gives is another change's: the server went back.
        """
        with self._writing() as connection:
            if _taken(connection, answers):
                raise OutOfPlace(batch_id)
            outbox.answered(connection, batch_id, answers)

    def attention(self) -> tuple[NeedsAttention, ...]:
        """Return the changes that the council could not take, each with its reason."""
        with self.reading() as session:
            return outbox.attention(session.connection())

    def send_again(self, changes: Iterable[str]) -> None:
        """Offer changes that the council could not take once more: what stood in the way may have gone."""
        with self._writing() as connection:
            outbox.send_again(connection, changes)

    def offer_again(self, changes: Iterable[str]) -> None:
        """Put changes that a council server lost back into the outbox; nothing is deleted (design §6)."""
        with self._writing() as connection:
            outbox.offer_again(connection, changes)

    def offer_case_again(self, case: str) -> None:
        """Offer all of a case to a server that went back in time, and ask for it whole (design §6)."""
        with self._writing() as connection:
            held = connection.scalars(select(ChangeRow.id).where(ChangeRow.case == case)).all()
            outbox.offer_again(connection, held)
            connection.execute(delete(CursorRow).where(CursorRow.case == case))
            doubt_receipts(connection, case)

    # -- pulling ----------------------------------------------------------------------------------------

    def cursors(self) -> dict[str, Cursor]:
        """Return how far each case was pulled."""
        with self.reading() as session:
            rows = session.execute(select(CursorRow.case, CursorRow.version, CursorRow.id))
            return {case: Cursor(version, change_id) for case, version, change_id in rows}

    def reset_cursor(self, case: str) -> None:
        """Forget how far a case was pulled, so that it is asked for whole; its changes stay."""
        with self._writing() as connection:
            connection.execute(delete(CursorRow).where(CursorRow.case == case))

    def apply_page(self, case: str, changes: Sequence[Change]) -> None:
        """Take in a page of pulled changes. Raises :class:`OutOfPlace` unless it continues at the cursor."""
        if self.apply_pages([Arrived(case, changes)]):
            raise OutOfPlace(case)

    def apply_pages(self, pages: Sequence[Arrived]) -> tuple[str, ...]:
        """Take in pages in one transaction; return the cases whose page does not continue at the cursor.

        What signed orders among them name goes out of the file, and so do the bytes.
        """
        lost: list[str] = []
        orders: list[tuple[str, Ordered]] = []
        with self._writing() as connection:
            for page in pages:
                try:
                    _apply(connection, page.case, page.changes)  # it looks at everything before it writes
                except OutOfPlace:
                    lost.append(page.case)
                    continue
                for order in page.orders:
                    redact(connection, order)
                orders += [(page.case, order) for order in page.orders]
            if orders:
                removal.to_clean(connection)
        for case, order in orders:
            for sha256 in order.files:
                self.attachments.shred(case, sha256)
        if orders:
            self._clean()
        return tuple(lost)

    def redacted(self, cases: Iterable[str]) -> Mapping[str, str]:
        """Return what was ordered removed in these cases, changes and files, each with its order's row."""
        with self.reading() as session:
            return redaction.removed(session.connection(), cases)

    def let_go(self, change: str) -> None:
        """Take the words of a change that the council could not take off this laptop, and send what is left.

        That it was written, by whom and when, stays; nobody reads what it said any more.
        """
        with self._writing() as connection:
            outbox.let_go(connection, change)
            removal.to_clean(connection)
        self._clean()

    # -- after damage -----------------------------------------------------------------------------------

    def restore(
        self,
        changes: Sequence[Change],
        settings: Mapping[str, Json],
        attachments: Sequence[Mapping[str, Any]],
        readings_: Sequence[Mapping[str, Any]],
    ) -> None:
        """Fill a record that was just made with what was saved of a damaged one, in one transaction.

        What has no version is unsent; no case has a cursor, so that each is asked for whole.
        """
        with self._writing() as connection:
            for key, value in settings.items():
                connection.execute(delete(Setting).where(Setting.key == key))
                connection.execute(insert(Setting).values(key=key, value=value))
            insert_changes(connection, changes)
            outbox.queue(connection, [change for change in changes if change.version is None])
            if attachments:
                connection.execute(insert(AttachmentRow), list(attachments))
            if readings_:
                connection.execute(insert(Reading), list(readings_))
            rebuild(connection)
        self.author, self.device = self.get("author") or "", self.get("device") or ""

    # -- taking a case away -----------------------------------------------------------------------------

    def strays(self) -> tuple[str, ...]:
        """Return the cases that are here without a cursor: only just begun, or left of one taken away."""
        with self.reading() as session:
            return removal.strays(session.connection())

    def remove_case(
        self, case: str, *, archived: int, archived_at: str = "", escrow: Escrow | None = None
    ) -> Removal:
        """Take a case off this laptop whole, on the council's order, or say why it stays.

        ``archived`` is the version up to which the council's backup holds it, ``archived_at`` when that was
        begun (ISO; empty for never). The ``escrow`` takes what lies beyond and raises what the disk says;
        nothing is gone then.
        """
        done, files = self._take_off(case, escrow, archived=archived, archived_at=archived_at)
        if done.done:
            removal.forget_files(self.folder, files)
            self.attachments.sweep()
            self._clean()
        return done

    def tidy(self, at_most: int | None = None) -> bool:
        """Wipe what earlier writes left in the free space of pages; say whether all of it is gone.

        For idle moments, ``at_most`` pages at once: a purge then has only to look at what was written since.
        """
        with self._lock, plain_errors():
            with self.reading() as session:
                self._written += _rows_written(session.connection())  # the next connection counts from nought
            self._tidied = store.sweep(self._engine, self._path, self._key, at_most)
        return self._tidied

    @property
    def tidied(self) -> bool:
        """Say whether nothing was written since the last time that everything was wiped."""
        return self._tidied

    def back_up(self) -> Path:
        """Copy the record beside itself (`ascdesk.record.backup`); on any thread. Raises as that does."""
        return backup.back_up(self._path, self._key, self._clock())

    def backup_due(self) -> bool:
        """Say whether it is time for another copy."""
        return backup.due(self._path, self._clock())

    def shred_cases(self, escrows: Mapping[str, Escrow]) -> None:
        """Take cases off this laptop without any contact, because its lease ended; some may have to stay.

        All of each goes to its escrow, numbered in the device's chain, and its files too, because nobody
        knows here what the council's backup holds. What was not sent of the read log stays until it is; it
        holds no content.
        """
        files: list[str] = []
        for case, escrow in escrows.items():
            files += self._take_off(case, escrow, forced=True)[1]
        removal.forget_files(self.folder, files)
        self.attachments.sweep()
        self._clean()

    def _take_off(
        self,
        case: str,
        escrow: Escrow | None,
        *,
        archived: int = 0,
        archived_at: str = "",
        forced: bool = False,
    ) -> tuple[Removal, list[str]]:
        how: dict[str, Any] = {"archived": archived, "escrow": escrow, "forced": forced}
        with self.reading() as session:
            if stays := removal.waits(session.connection(), case, **how):
                return Removal(stays), []
        # before the transaction, which reads the keys of files no more once it has begun to remove
        if not removal.give_up_files(self.attachments, case, archived_at, escrow):
            return Removal("backup"), []
        with self._writing() as connection:
            if forced:
                outbox.number_all(connection, self.device)
            return removal.remove(connection, self.device, case, **how)

    def _clean(self) -> None:
        """Leave nothing of what was purged in the file, its log or its copies, also after a kill."""
        with self._lock, plain_errors():
            with self.reading() as session:
                unclean = removal.is_unclean(session.connection())
            if unclean:
                backup.forget_all(self._path)
            if unclean and self.tidy():
                with self._writing() as connection:
                    removal.cleaned(connection)


def _rows_written(connection: Connection) -> int:
    """Return how many rows were written through this connection since it was opened."""
    raw: Any = connection.connection.driver_connection
    return int(raw.total_changes)


def _apply(connection: Connection, case: str, changes: Sequence[Change]) -> None:
    at = connection.scalar(select(CursorRow.version).where(CursorRow.case == case)) or 0
    versions = [change.version for change in changes]
    if versions != list(range(at + 1, at + 1 + len(changes))):
        raise OutOfPlace(case)
    if not changes:
        return
    known = _known(connection, changes)
    if _placed_elsewhere(connection, case, changes, known):
        raise OutOfPlace(case)
    fresh = [change for change in changes if change.id not in known]
    for change in changes:
        if change.id in known:
            _receipt(connection, change)
    insert_changes(connection, shielded(connection, fresh))
    project(connection, case, fresh)
    connection.execute(delete(CursorRow).where(CursorRow.case == case))
    last = changes[-1]
    connection.execute(insert(CursorRow).values(case=case, version=last.version, id=last.id))


def _taken(connection: Connection, answers: Sequence[Answered]) -> bool:
    given = {answer.id: answer.version for answer in answers if answer.version is not None}
    cases: dict[str, dict[int, str]] = {}
    for some in chunks(given):
        for change_id, case in connection.execute(
            select(ChangeRow.id, ChangeRow.case).where(ChangeRow.id.in_(some))
        ):
            cases.setdefault(case, {})[given[change_id]] = change_id
    for case, versions in cases.items():
        for numbers in chunks(versions):
            query = select(ChangeRow.version, ChangeRow.id).where(ChangeRow.case == case)
            for version, change_id in connection.execute(query.where(ChangeRow.version.in_(numbers))):
                if versions[version or 0] != change_id:
                    return True
    return False


def _placed_elsewhere(
    connection: Connection, case: str, changes: Sequence[Change], known: Mapping[str, tuple[int | None, str]]
) -> bool:
    """Tell whether the council numbered these changes otherwise before, or has others under their ids."""
    for change in changes:
        version, was = known.get(change.id, (None, change.hash))
        if version not in (None, change.version) or was != change.hash:
            return True
    given = {change.id: change.version for change in changes}
    span = ChangeRow.version.between(changes[0].version, changes[-1].version)
    held = connection.execute(select(ChangeRow.id, ChangeRow.version).where(ChangeRow.case == case, span))
    return any(given.get(change_id) != version for change_id, version in held)


def _known(connection: Connection, changes: Sequence[Change]) -> Mapping[str, tuple[int | None, str]]:
    """Return the version and the hash of those changes that are here."""
    found: dict[str, tuple[int | None, str]] = {}
    for some in chunks(change.id for change in changes):
        query = select(ChangeRow.id, ChangeRow.version, ChangeRow.hash).where(ChangeRow.id.in_(some))
        found.update((held.id, (held.version, held.hash)) for held in connection.execute(query))
    return found


def _receipt(connection: Connection, change: Change) -> None:
    """A change of ours that came back by pull is receipted, whether or not the push's answer was lost."""
    values: dict[str, Any] = {
        "version": change.version,
        "received_at": change.received_at,
        "late": change.late,
    }
    connection.execute(update(ChangeRow).where(ChangeRow.id == change.id).values(**values))
    connection.execute(delete(Outgoing).where(Outgoing.id == change.id))
