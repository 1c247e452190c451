"""Three laptops of two workers, a council's server, a bad line, and whatever comes to pass (faults.md).

Real records on SQLCipher files, a real server over loopback, a backup, an escrow. After every history the six
invariants of faults.md hold: nothing saved is lost, everybody sees the same heads, nothing of a case that was
taken away can be read, versions have no hole, rebuilt tables equal those that followed, and every laptop's
chain is whole; what was removed by order stands nowhere any more; of two records that were made one all
stands in the one, and nothing of it any more once they were taken apart; and the council has the bytes of
every photo.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import Connection, Engine, Table, delete, insert, select

from ascdesk.errors import Refusal
from ascdesk.record.change import Change, new_id
from ascdesk.record.digest import digest
from ascdesk.record.projection import changes_of, rebuild
from ascdesk.record.redaction import ENTITY
from ascdesk.record.tables import ChangeRow, HeadRow
from ascdesk.record.therapy import Photo
from ascdesk.record.wire import to_wire
from ascdesk.record.writing import Edit
from ascdesk.vault.escrow import ESCROW_NAME
from ascdesk.work import attention, leases, merging, photos
from ascdesk.work.joining import Joining, names_of
from ascdesk.work.pictures import Picture
from ascdesk.work.redactions import MAY_LOSE, WRITTEN_OVER
from sync.client.exchange import Outcome, Progress, synchronise
from sync.server import intake, redacting
from sync.server.access import visible_cases
from sync.server.database import new_epoch, reading, writing
from sync.server.escrows import bring_in
from sync.server.examine import examine
from sync.server.intake import Sender
from sync.server.mergers import ELSEWHERE, NOT_BOTH, NOT_SURE, Merged, mergers
from sync.server.projecting import catch_up
from sync.server.redacting import Wanted
from sync.server.tables import RECORD, access, archived, attachment, attachment_piece, counter
from sync.server.tables import device as devices
from tests.support.pages import found
from tests.sync.council import KEY, NOON, Council, Device, Laptop

FIELDS = ("given_name", "family_name", "pronouns")
WORKERS = ("amina", "amina", "bashir")  # the first two laptops are one worker's
NHS_NUMBER = "999 000 0018"
NOT_MERGED = {NOT_BOTH, NOT_SURE, ELSEWHERE}
CASES = 3
LAPTOPS, NUMBERS, WORDS = st.integers(0, 2), st.integers(0, 2), st.text(max_size=3)
SHM = Path("/dev/shm")
FAST = SHM if SHM.is_dir() else None  # what a power cut does is tested elsewhere: here speed counts


FRESH = httpx.Limits(keepalive_expiry=2.0)
"""Shorter than the server keeps a line open: on a busy machine it would hang up just as a question comes."""


@dataclass
class BadLine(httpx.BaseTransport):
    """A line that cuts: ``cuts`` says for each request to come what happens to it."""

    inner: httpx.BaseTransport = field(
        default_factory=partial(httpx.HTTPTransport, verify=False, limits=FRESH)
    )
    cuts: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, or lose it, or lose its answer, or send it twice."""
        fate = self.cuts.pop(0) if self.cuts else "pass"
        if fate == "lose":
            raise httpx.ConnectError("no signal")
        request.read()
        answer = self.inner.handle_request(request)
        answer.read()
        if fate == "lose the answer":
            raise httpx.ReadError("no signal")
        if fate == "twice":
            answer = self.inner.handle_request(request)
            answer.read()
        return answer

    def close(self) -> None:
        """Close the real line."""
        self.inner.close()


CUTS = st.sampled_from(["lose", "lose the answer", "twice"])
FATES = st.one_of(
    st.just([]),
    st.builds(lambda after, cut: [*["pass"] * after, cut], st.integers(0, 3), CUTS),
    st.lists(st.one_of(st.just("pass"), CUTS), max_size=6),
)


class History(RuleBasedStateMachine):
    """One history: what may happen, in any order, and what has to hold at its end."""

    engine: Engine
    address: str
    key: Path
    blank: Path
    manager: str
    played: list[int]

    def __init__(self) -> None:
        super().__init__()
        self.played.append(1)
        self.council = Council(self.engine)
        self.folder = tempfile.TemporaryDirectory(dir=FAST)
        where = Path(self.folder.name)
        self.laptops: list[Laptop] = []
        for number, worker in enumerate(WORKERS):
            (where / str(number)).mkdir()
            self.laptops.append(Laptop(where / str(number), self.council, worker, self.address, self.blank))
        self.line = BadLine()
        self.cases: list[str] = []
        self.makers: dict[str, str] = {}
        self.saved: dict[str, str] = {}
        self.pushed: list[tuple[Device, Change]] = []
        self.kept: dict[Table, list[dict[str, Any]]] | None = None
        self.cloned: set[str] = set()
        self.gone: dict[str, str] = {}
        self.refused: set[str] = set()
        self.mergers: set[str] = set()
        self.seconds: set[str] = set()
        self.written: set[str] = set()

    @precondition(lambda self: len(self.cases) < CASES)
    @rule(laptop=LAPTOPS, value=WORDS)
    def open_case(self, laptop: int, value: str) -> None:
        """A worker makes a new case on a laptop."""
        self.cases.append(new_id())
        self.makers[self.cases[-1]] = WORKERS[laptop]
        self._write(laptop, self.cases[-1], FIELDS[0], value, see=True)

    @precondition(lambda self: self.cases)
    @rule(laptop=LAPTOPS, case=NUMBERS, place=st.sampled_from(FIELDS), value=WORDS, see=st.booleans())
    def write(self, laptop: int, case: int, place: str, value: str, see: bool) -> None:
        """Somebody types into a field, having seen what stands there, or not."""
        if (held := self._held(laptop, case)) is not None:
            self._write(laptop, held, place, value, see=see)

    def _write(self, laptop: int, case: str, place: str, value: str, *, see: bool) -> None:
        written = self.laptops[laptop].write(case, place, value, see=see)
        self.saved |= {change.id: change.case for change in written.changes}

    @precondition(lambda self: self.cases)
    @rule(laptop=LAPTOPS, case=NUMBERS)
    def delete(self, laptop: int, case: int) -> None:
        """Somebody deletes the row, having seen what stood in it then."""
        if (held := self._held(laptop, case)) is not None:
            heads = self.laptops[laptop].record.heads(held, [held]).values()
            seen = frozenset(head.id for some in heads for head in some)
            self._commit(laptop, held, Edit("person", held, "", None, seen, "delete"))

    @precondition(lambda self: self.cases)
    @rule(laptop=LAPTOPS, case=NUMBERS)
    def sign(self, laptop: int, case: int) -> None:
        """Somebody signs exactly what they see."""
        if (held := self._held(laptop, case)) is not None:
            heads = self.laptops[laptop].record.heads(held, [held]).values()
            listed = sorted(head.hash for some in heads for head in some)
            self._commit(laptop, held, Edit("signature", new_id(), "", {"signed": listed}, kind="sign"))

    @precondition(lambda self: self.cases)
    @rule(laptop=LAPTOPS, case=NUMBERS)
    def photograph(self, laptop: int, case: int) -> None:
        """Somebody takes a photo: its bytes go after the changes, each file with a receipt of its own."""
        if (held := self._held(laptop, case)) is not None:
            data = f"photo {new_id()}".encode()
            row = photos.add(self.laptops[laptop].record, held, Picture(data, b"small " + data, 1, 1))
            heads = self.laptops[laptop].record.heads(held, [row]).values()
            self.saved |= {head.id: held for some in heads for head in some}

    @precondition(lambda self: self.cases)
    @rule(laptop=LAPTOPS, case=NUMBERS)
    def look(self, laptop: int, case: int) -> None:
        """Somebody opens a case: the read log has to reach the council before the case may leave."""
        if (held := self._held(laptop, case)) is not None:
            self.laptops[laptop].record.read(held)

    def _held(self, laptop: int, case: int) -> str | None:
        """Return one of the cases that a laptop has, whatever the number."""
        here = [one for one in self.cases if one in self.laptops[laptop].record.cases()]
        return here[case % len(here)] if here else None

    def _commit(self, laptop: int, case: str, edit: Edit) -> None:
        written = self.laptops[laptop].record.write(case, [edit], name="Edit")
        self.saved |= {change.id: change.case for change in written.changes}

    @precondition(lambda self: self.cases)
    @rule(laptop=LAPTOPS, fates=FATES, typed=st.lists(WORDS, max_size=2))
    def synchronise(self, laptop: int, fates: list[str], typed: list[str]) -> None:
        """A laptop synchronises over a line that may fail at any moment, and its worker types on."""
        self._synchronise(laptop, fates, list(typed))

    def _synchronise(
        self, laptop: int, fates: list[str], typed: Sequence[str] = (), into: str | None = None
    ) -> Outcome:
        left = list(typed)

        def type_on(progress: Progress) -> None:
            held = self.laptops[laptop].record.cases()
            case = into if into in held else next(iter(held), None)
            if left and case and progress.step != "asking":
                self._write(laptop, case, FIELDS[0], left.pop(), see=True)

        self.line.cuts = list(fates)
        with (
            httpx.Client(transport=_Kept(self.line)) as client,
            self.laptops[laptop].connection(client) as line,
        ):
            outcome = synchronise(self.laptops[laptop].record, line, type_on)
        assert outcome.only_here == self.laptops[laptop].record.outgoing_count()
        waits = {need.reason for need in self.laptops[laptop].record.attention()}
        # What a laptop wrote in a case that it had is always stored, unless it stands on removed words, or
        # says of two records what others settled otherwise meanwhile.
        assert waits <= {WRITTEN_OVER, *NOT_MERGED}
        assert outcome.attention == 0 or self.gone or self.mergers
        return outcome

    @rule(laptop=LAPTOPS)
    def shred(self, laptop: int) -> None:
        """A laptop's lease ended a day ago: what the council may lack is sealed to it, and the cases go."""
        leases.shred(self.laptops[laptop].record)

    @precondition(lambda self: self.cases)
    @rule(case=NUMBERS, which=st.integers(0, 30))
    def redact(self, case: int, which: int) -> None:
        """A court has the words of one change removed, for ever and everywhere."""
        where = self.cases[case % len(self.cases)]
        holds_words = (ChangeRow.kind.in_(MAY_LOSE), ChangeRow.entity != ENTITY)
        with reading(self.engine) as connection:
            query = select(ChangeRow.id).where(ChangeRow.case == where, *holds_words).order_by(ChangeRow.id)
            held = list(connection.scalars(query))
        if held:
            change = held[which % len(held)]
            wanted = Wanted(where, self.manager, "court-order", "4 of 2026", (change,))
            redacting.remove(self.engine, wanted, NOON)
            self.gone[change] = where

    @precondition(lambda self: len(self.cases) > 1)
    @rule(laptop=LAPTOPS, case=NUMBERS, heard=st.booleans())
    def merge(self, laptop: int, case: int, heard: bool) -> None:
        """A worker finds one NHS number in two records, and says that they are one person's."""
        record = self.laptops[laptop].record
        here = [one for one in self.cases if one in record.cases()]
        first, second = here[case % len(here)] if here else "", here[(case + 1) % len(here)] if here else ""
        if first == second:
            return
        for one in (first, second):
            self._write(laptop, one, "nhs_number", NHS_NUMBER, see=True)
        self._synchronise(laptop, [])
        catch_up(self.engine, self.cases)  # a council looks for the number in its tables
        self.seconds.add(second)
        with contextlib.suppress(Refusal):
            self._says_so(laptop, first, merging.merge(record, first, second, "Her own card."))
        if heard:
            self._synchronise(laptop, [])
            catch_up(self.engine, self.cases)

    @precondition(lambda self: self.mergers)
    @rule(laptop=LAPTOPS, case=NUMBERS, heard=st.booleans())
    def take_apart(self, laptop: int, case: int, heard: bool) -> None:
        """A worker finds that they were two people after all."""
        held = self._held(laptop, case)
        record = self.laptops[laptop].record
        rows = [one.row for one in merging.merged(record, held) if one.here] if held else []
        if held is None or not rows:
            return
        merging.unmerge(record, held, rows[0], "Two sisters.")
        self._says_so(laptop, held, rows[0])
        if heard:
            self._synchronise(laptop, [])
            catch_up(self.engine, self.cases)

    def _says_so(self, laptop: int, case: str, row: str) -> None:
        """Note that what was said of two records is saved."""
        (heads,) = self.laptops[laptop].record.heads(case, [row]).values()
        self.saved |= {head.id: case for head in heads}
        self.mergers |= {head.id for head in heads}

    @rule(laptop=LAPTOPS)
    def restart(self, laptop: int) -> None:
        """A laptop's program ends and starts again."""
        self.laptops[laptop].reopen()

    @precondition(lambda self: not self.cloned)
    @rule(laptop=LAPTOPS)
    def clone(self, laptop: int) -> None:
        """Somebody copies a profile's folder to another laptop, and both go on."""
        self.laptops.append(self.laptops[laptop].copied(Path(self.folder.name) / "clone"))
        self.cloned.add(self.laptops[laptop].record.device)

    @precondition(lambda self: self.cloned and self.cases)
    @rule(case=NUMBERS, value=WORDS)
    def write_on_the_clone(self, case: int, value: str) -> None:
        """Somebody works on the copy."""
        if (held := self._held(3, case)) is not None:
            self._write(3, held, FIELDS[1], value, see=True)
            self._synchronise(3, [])

    @precondition(lambda self: self.cases)
    @rule(worker=st.sampled_from(WORKERS), case=NUMBERS, takes=st.booleans())
    def allocate(self, worker: str, case: int, takes: bool) -> None:
        """A manager gives a worker a case, or takes it away; what cannot be is refused."""
        change = self.council.deallocate if takes else self.council.allocate
        which = self.cases[case % len(self.cases)]
        if takes or which not in self._inside():  # nobody has a record that stands in another
            with contextlib.suppress(Refusal):
                change(worker, which)

    @precondition(lambda self: self.cases)
    @rule(laptop=LAPTOPS, case=NUMBERS, value=WORDS, first=st.booleans())
    def take_away_from_under(self, laptop: int, case: int, value: str, first: bool) -> None:
        """A case is taken away from a worker, who types on in it before or while the laptop hears of it."""
        held = self._held(laptop, case)
        if held is None:
            return
        with contextlib.suppress(Refusal):
            self.council.deallocate(WORKERS[laptop], held)
        if first:
            self._write(laptop, held, FIELDS[1], value, see=True)
        self._synchronise(laptop, [], [] if first else [value], held)

    @rule()
    def back_up(self) -> None:
        """The council's night backup."""
        self._look_what_is_written()
        with reading(self.engine) as connection:  # one moment of every table, as a real backup is
            self.kept = {table: self._rows(connection, table) for table in _tables()}
        rows = [
            {"case": row["case"], "version": row["version"], "last_id": row["last_id"], "at": NOON}
            for row in self.kept[counter]
        ]
        with writing(self.engine) as connection:
            connection.execute(delete(archived).where(self._ours(archived)))
            if rows:
                connection.execute(insert(archived), rows)

    @precondition(lambda self: self.kept is not None)
    @rule()
    def restore(self) -> None:
        """The council puts the backup back: what came since is gone, but for the orders kept beside it."""
        assert self.kept is not None
        self._look_what_is_written()
        ours = [to_wire(order) for order in redacting.orders(self.engine) if order.case in self.cases]
        beside = Path(self.folder.name) / "orders"
        beside.write_text(json.dumps(ours))
        with writing(self.engine) as connection:
            for table, rows in self.kept.items():
                connection.execute(delete(table).where(self._ours(table)))
                if rows:
                    connection.execute(insert(table), rows)
        new_epoch(self.engine)
        redacting.bring_orders(self.engine, beside, NOON)

    @precondition(lambda self: self.cases)
    @rule(
        laptop=LAPTOPS, case=NUMBERS, value=WORDS, sent=st.booleans(), taken=st.booleans(), lost=st.booleans()
    )
    def live_a_day(self, laptop: int, case: int, value: str, sent: bool, taken: bool, lost: bool) -> None:
        """After the night's backup somebody works; it may be sent, the case taken away, the server lost."""
        self.back_up()
        if (held := self._held(laptop, case)) is None:
            return
        self._write(laptop, held, FIELDS[2], value, see=True)
        if sent:
            self._synchronise(laptop, [])
        if taken:
            with contextlib.suppress(Refusal):
                self.council.deallocate(WORKERS[laptop], held)
            self._synchronise(laptop, [])
        if lost:
            self.restore()

    @precondition(lambda self: self.cases and self.engine.dialect.name == "postgresql")
    @rule(laptop=LAPTOPS, case=NUMBERS)
    def commit_late(self, laptop: int, case: int) -> None:
        """Two others push at once, the first commits last, and who follows both fetches in between."""
        if len(self.cases) < 2:
            self.open_case(laptop, "Ines")
        self._synchronise(laptop, [])
        record = self.laptops[laptop].record
        here = [one for one in self.cases if one in record.cases() and not record.outgoing_count(one)]
        if len(here) < 2:
            return
        slow, quick = (here[(case + step) % len(here)] for step in (0, 1))
        with writing(self.engine) as waits:
            self._push(waits, slow)
            with writing(self.engine) as goes:
                self._push(goes, quick)
            self._synchronise(laptop, [])

    def _push(self, connection: Connection, case: str) -> None:
        """Take in a change as another laptop of the worker who made the case would send it."""
        one = self.council.device(self.makers[case])
        change = one.sealed(case, "address", "elsewhere")
        taken = intake._take_in(connection, Sender(one.author, one.id), examine([to_wire(change)]), NOON)
        assert taken.answers[0].outcome in {"stored", "late"}
        self.saved[change.id] = case
        self.pushed.append((one, change))

    def _look_what_is_written(self) -> None:
        """Note every change of these cases, also what the council wrote again itself."""
        with reading(self.engine) as connection:
            query = select(ChangeRow.id).where(ChangeRow.case.in_(self.cases))
            self.written = {*self.saved, *connection.scalars(query)}

    def _rows(self, connection: Connection, table: Table) -> list[dict[str, Any]]:
        rows = connection.execute(select(table).where(self._ours(table))).mappings()
        return [dict(row) for row in rows]

    def _ours(self, table: Table) -> Any:
        """Only this history's rows: other tests share the database."""
        if table is devices:
            return table.c.id.in_([laptop.record.device for laptop in self.laptops])
        if "case" in table.c:
            return table.c.case.in_(self.cases)
        return table.c.by.in_(list(self.written))

    @invariant()
    def versions_are_dense(self) -> None:
        """4: each case's versions are 1..n without a hole."""
        with reading(self.engine) as connection:
            for case in self.cases:
                query = select(ChangeRow.version).where(ChangeRow.case == case).order_by(ChangeRow.version)
                versions = list(connection.scalars(query))
                assert versions == list(range(1, len(versions) + 1))

    def teardown(self) -> None:
        """Give everybody every case and a good line, and look at what is left."""
        try:
            self._settle()
            self._check()
        finally:
            for laptop in self.laptops:
                laptop.close()
            self.line.close()
            self.folder.cleanup()

    def _settle(self) -> None:
        everybody = range(len(self.laptops))
        for laptop in everybody:
            self._synchronise(laptop, [])
        for laptop in everybody:
            self._synchronise(laptop, [])
            self._nothing_readable(self.laptops[laptop])
        for one in self.laptops:
            if (one.record.folder / ESCROW_NAME).exists():
                brought = bring_in(self.engine, one.record.folder / ESCROW_NAME, self.key, NOON)
                assert {one["reason"] for one in brought.refused} <= {WRITTEN_OVER, *NOT_MERGED}
                assert brought.unopened == 0
                self.refused |= {str(one["change"]["id"]) for one in brought.refused}
        with reading(self.engine) as connection:
            known = set(connection.scalars(select(counter.c.case).where(counter.c.case.in_(self.cases))))
        assert known == set(self.cases), "every case is with the council by now"
        self._offer_again()
        catch_up(self.engine, self.cases)
        for case in set(self.cases) - self._inside():
            for worker in ("amina", "bashir"):
                self.council.allocate(worker, case)
        for laptop in (*everybody, *everybody, *everybody):
            self._finish(laptop)
            catch_up(self.engine, self.cases)  # what was merged moves on when it has come

    def _finish(self, laptop: int) -> None:
        """Synchronise to the end, and let go of what the council cannot take."""
        outcome = self._synchronise(laptop, [])
        assert outcome.trouble == ""
        assert outcome.finished
        for need in self.laptops[laptop].record.attention():
            attention.let_go(self.laptops[laptop].record, need.change.id)

    def _inside(self) -> set[str]:
        """Return the records that stand in others."""
        return {one.second for one in self._mergers() if not one.apart}

    def _mergers(self) -> list[Merged]:
        with reading(self.engine) as connection:
            return mergers(connection, self.cases)

    def _offer_again(self) -> None:
        """Let the laptops behind `commit_late` send again what a backup that was put back had not."""
        for one, change in self.pushed:
            with writing(self.engine) as connection:
                intake._take_in(connection, Sender(one.author, one.id), examine([to_wire(change)]), NOON)

    def _nothing_readable(self, laptop: Laptop) -> None:
        """3: no readable change of a case that was taken away from this laptop's worker."""
        me = laptop.record.author
        with reading(self.engine) as connection:
            had = select(access.c.case).where(access.c.user == me, access.c.case.in_(self.cases))
            gone = set(connection.scalars(had)) - set(visible_cases(connection, me))
        assert not gone & set(laptop.record.cases())
        if gone:
            words = [change.encode() for change, case in self.saved.items() if case in gone]
            # what was said of two records names the second where the first is, also when it was refused
            words += [case.encode() for case in gone - self.seconds]
            assert found(laptop._path, KEY, words) == set()

    def _check(self) -> None:
        catch_up(self.engine, self.cases)
        with reading(self.engine) as connection:
            held = set(connection.scalars(select(ChangeRow.id).where(ChangeRow.case.in_(self.cases))))
            mine = [
                laptop.record.device for laptop in self.laptops if laptop.record.device not in self.cloned
            ]
            query = select(devices.c.broken_at, devices.c.cloned).where(devices.c.id.in_(mine))
            chains = connection.execute(query).all()
        waiting = {need.change.id for laptop in self.laptops for need in laptop.record.attention()}
        assert set(self.saved) - held <= self.refused  # 1
        assert not waiting, "what stood on removed words was let go"
        assert set(chains) <= {(None, False)}  # 6
        for case in self.cases:
            self._check_case(case, self._inside())
        for one in self._mergers():
            self._check_merger(one)
        self._check_photos()

    def _check_photos(self) -> None:
        """8: the bytes of every photo that stands in a record are with the council."""
        with reading(self.engine) as connection:
            stand = select(Photo.case, Photo.sha256, Photo.thumbnail).where(Photo.case.in_(self.cases))
            named = {(case, name) for case, *names in connection.execute(stand) for name in names if name}
            where = (attachment.c.case.in_(self.cases), attachment.c.held_at.is_not(None))
            here = {(row.case, row.sha256) for row in connection.execute(select(attachment).where(*where))}
        assert named <= here

    def _check_case(self, case: str, inside: set[str]) -> None:
        with writing(self.engine) as connection:
            followed = digest(connection, case)
            rebuild(connection, case)
            assert digest(connection, case) == followed  # 5
        words = select(ChangeRow.id).where(ChangeRow.id.in_(list(self.gone)), ChangeRow.value.is_not(None))
        for laptop in self.laptops:
            if case in inside:
                assert case not in laptop.record.cases()
            else:
                assert laptop.record.digest(case) == followed  # 2
            with laptop.record.reading() as session:
                assert list(session.scalars(words)) == []  # 7
        with reading(self.engine) as connection:
            assert list(connection.scalars(words)) == []
            assert connection.scalar(select(HeadRow.id).where(HeadRow.case == case).limit(1)) is not None

    def _check_merger(self, one: Merged) -> None:
        """Look for each change of the second record in the first: written again, or gone when apart."""
        with reading(self.engine) as connection:
            second = changes_of(connection, one.second)
            first = {change.id: change for change in changes_of(connection, one.first)}
            heads = set(connection.scalars(select(HeadRow.id).where(HeadRow.case == one.first)))
        again = names_of(Joining(one.row, one.first, one.second, one.first, ""), second).changes
        if one.apart:
            standing = [first[new] for new in again.values() if new in heads]
            assert [change for change in standing if change.kind != "delete"] == []
            return
        for change in second:
            if change.id in again:
                assert (first[again[change.id]].value is None) == (change.value is None)


class _Kept(httpx.BaseTransport):
    """Lends a line to a client without letting it be closed."""

    def __init__(self, line: BadLine) -> None:
        self.line = line

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        return self.line.handle_request(request)


def _tables() -> list[Table]:
    """Return what a backup holds; the counters first, whose locks keep the server's own followers away."""
    return [counter, *RECORD.tables.values(), devices, access, archived, attachment, attachment_piece]
