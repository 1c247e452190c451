"""One synchronisation: send until nothing is left, fetch, send again what was typed meanwhile.

It deletes nothing but a case that the council's signed order takes away (`removing`). The record is only
touched through ``on_database``, so that the caller may run that work on a thread of its own; the network is
used on the calling thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

from ascdesk.errors import MachineTrouble, PlainError, Refusal, Unreadable
from ascdesk.record.change import Change
from ascdesk.record.outbox import Answered, Batch
from ascdesk.record.record import BATCH, Arrived, OutOfPlace
from ascdesk.record.wire import from_wire, to_wire
from ascdesk.work import packs, sending
from sync.client import leasing
from sync.client.attachments import Carrier, carry
from sync.client.parting import bundled, halved, parts_of
from sync.client.redacting import NOT_SIGNED, believed
from sync.client.removing import KEYS, Taken, accept_keys, carry_out, new_nonce, send_readings
from sync.client.trouble import Busy, NoConnection, NotEnrolled, NotOurs, SignInNeeded, TooLarge
from sync.orders import Asked, Lease, Order
from sync.protocol import (
    Answer,
    Council,
    Cursor,
    Page,
    Pulled,
    Pushed,
    Same,
    digest_beside,
    digest_of,
    read_colleagues,
    read_council,
    same_beside,
)

T = TypeVar("T")
OnDatabase = Callable[[Callable[[], Any]], Any]

_ROUNDS = 50
"""Turns of sending and fetching in one synchronisation: someone who types on must not keep it going."""

_RESTARTS = 3

OTHER_KEYS = (
    "The council’s server shows other keys than this laptop knows, so no order of it is carried out here. "
    "Your work is safe; tell your administrator."
)

ANOTHERS = (
    "What came was the answer to another question, perhaps another laptop’s. Nothing of it was kept; it is "
    "asked for again. If this goes on, tell your administrator."
)

BESIDE = ("directory", KEYS)
"""What travels beside the cases, each kept as the local setting of its name."""


class Server(Carrier, Protocol):
    """What an exchange needs of a connection."""

    def same(self, digest: str, beside: str = "") -> Same:
        """Ask the one small question."""

    def lease(self, nonce: str) -> Lease:
        """Ask for a lease."""

    def pack(self) -> str:
        """Fetch the council's pack."""

    def push(self, changes: Sequence[Any]) -> Pushed:
        """Send changes."""

    def pull(
        self,
        cursors: dict[str, Cursor],
        beside: dict[str, str] | None = None,
        *,
        held: Sequence[str] = (),
        nonce: str = "",
    ) -> Pulled:
        """Ask for the next pages."""

    def readings(self, lines: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
        """Send lines of the read log."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a synchronisation is: changes done of those known of."""

    step: Literal["asking", "sending", "fetching"]
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a synchronisation, in figures and in words."""

    finished: bool = False
    sent: int = 0
    late: int = 0
    attention: int = 0
    received: int = 0
    new_cases: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    taken: tuple[Taken, ...] = ()
    offered_again: tuple[str, ...] = ()
    only_here: int = 0
    files_sent: int = 0
    files_fetched: int = 0
    files_here: str = ""
    sign_in_needed: bool = False
    unreachable: bool = False
    retry_after: float | None = None
    trouble: str = ""
    at: str = ""
    pack: int = 0
    pack_trouble: str = ""
    warning: str = ""

    @property
    def notice(self) -> str:
        """Return what the screen says by itself: one sentence where a case has gone, so that it is seen."""
        return _gone(self.removed, self.taken) if self.taken and not self.trouble else self.sentence

    @property
    def sentence(self) -> str:
        """Return what happened, in words that are true."""
        said = [self.trouble] if self.trouble else []
        if self.sent:
            said.append(f"The council now holds {_changes(self.sent)} more from this laptop.")
        if self.late:
            said.append(
                f"{_changes(self.late).capitalize()} came after the case was taken away: kept, and marked."
            )
        if self.received:
            said.append(f"{_changes(self.received).capitalize()} came from the council.")
        if self.removed:
            said.append(_gone(self.removed, self.taken))
        if self.pack:
            said.append(f"The council’s pack is now version {self.pack}.")
        if self.warning:
            said.append(self.warning)
        if self.pack_trouble:
            said.append(self.pack_trouble)
        if self.attention:
            needs = "needs" if self.attention == 1 else "need"
            said.append(f"{_changes(self.attention).capitalize()} {needs} your attention.")
        if self.only_here:
            is_are = "is" if self.only_here == 1 else "are"
            said.append(f"{_changes(self.only_here).capitalize()} {is_are} only on this laptop.")
        if self.files_here:
            one = self.files_here in {"1 photo", "1 file"}
            said.append(f"{self.files_here} {'is' if one else 'are'} only on this laptop.")
        elif self.finished and not self.only_here:
            said.append("The council holds everything on this laptop.")
        return " ".join(said)


def _gone(removed: Sequence[str], taken: Sequence[Taken]) -> str:
    """Return what the worker is told of cases that were taken away: what is gone, and what stays and why."""
    one = len(removed) == 1
    named = "One case is" if one else f"{len(removed)} cases are"
    said = f"{named} no longer allocated to you"
    waits = {order.stays for order in taken if order.stays}
    if not taken:
        return f"{said}."
    if not waits:
        what = "it has" if one else "they have"
        return f"{said}: everything you wrote is safe with the council, and {what} left this laptop."
    until = {
        "visit": "your visit ends",
        "unsent": "everything written there has been sent",
        "photos": "its photos and copies are with the council",
        "backup": "the council’s backup holds your last changes",
        "attention": "what needs your attention there is settled",
    }
    why = " and ".join(until[wait] for wait in until if wait in waits)
    if one:
        return f"{said}. It leaves this laptop when {why}."
    staying = sum(order.stays is not None for order in taken)
    some = "One of them leaves" if staying == 1 else f"{staying} of them leave"
    return f"{said}. {some} this laptop when {why}."


def _changes(number: int) -> str:
    return "one change" if number == 1 else f"{number:,} changes"


def _here(work: Callable[[], T]) -> T:
    return work()


def _silent(_: Progress) -> None:
    return


def synchronise(
    record: Any,  # noqa: ANN401 (ascdesk.record.record.Record, or a test's)
    connection: Server,
    progress: Callable[[Progress], None] = _silent,
    on_database: OnDatabase = _here,
) -> Outcome:
    """Bring a laptop's record and the council's server together. Never raises for trouble on the way."""
    run = _Run(record, connection, progress, on_database)
    before: int = on_database(record.mark)
    try:
        if (idle := _still_idle(run, before)) is not None:
            return replace(idle, at=_at())
        run.all()
        run.outcome = replace(run.outcome, finished=True)
        carried = carry(record, connection, on_database)
        run.outcome = replace(run.outcome, files_sent=carried.sent, files_fetched=carried.fetched)
    except PlainError as trouble:
        ended = isinstance(trouble, NotEnrolled) and run.out_of_use()
        run.outcome = replace(
            run.outcome,
            trouble=leasing.OUT_OF_USE if ended else trouble.sentence,
            sign_in_needed=isinstance(trouble, SignInNeeded | NotEnrolled),
            unreachable=isinstance(trouble, NoConnection),
            retry_after=trouble.retry_after if isinstance(trouble, Busy) else None,
        )
    only_here = on_database(record.outgoing_count)
    files_here = on_database(partial(sending.waiting, record)).words
    outcome = replace(run.outcome, only_here=only_here, files_here=files_here, at=_at())
    on_database(partial(_keep_idle, run, before, outcome))
    return outcome


def _at() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Idle:
    """What was asked and found when nothing was left to do: it holds until something is written here.

    ``mark`` is the record's then (`Record.mark`), ``asked`` what the one small question said.
    """

    mark: int
    asked: tuple[str, str]
    pack: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question for pages that is on its way."""

    cursors: dict[str, Cursor]
    asked: Asked
    answer: Future[Pulled]


@dataclass(frozen=True, slots=True)
class _Sending:
    """A batch on its way, in requests' worths of changes, and what comes of the ``first`` of them.

    There is none where the cases of the batch have left meanwhile.
    """

    batch: Batch
    parts: list[list[Change]]
    first: Future[Pushed] | None


def _end_of(page: Page) -> Cursor:
    """Return the cursor that a page leads to, if it is one that can be taken in."""
    last = page.changes[-1]
    if not isinstance(last, dict):
        return (0, "")
    version, change_id = last.get("version"), last.get("id")
    return (version, change_id) if type(version) is int and isinstance(change_id, str) else (0, "")


def _still_idle(run: _Run, mark: int) -> Outcome | None:
    """Ask the one small question as it was asked last; return what was found then if it still holds."""
    idle: Idle | None = run.record.idle
    if idle is None or idle.mark != mark:
        return None
    run.progress(Progress("asking"))
    answer = run.connection.same(*idle.asked)
    if not answer.same or answer.pack != idle.pack:
        return None
    leasing.renew(run.record, run.connection, run.on_database)
    return idle.outcome


def _keep_idle(run: _Run, before: int, outcome: Outcome) -> None:
    """Remember that nothing is left to do, if nothing was written meanwhile and no file waits."""
    mark = run.record.mark()
    done = outcome.finished and not outcome.trouble and mark == before and run.same is not None
    if done and not sending.due(run.record) and not sending.lacking(run.record):
        assert run.same is not None
        run.record.idle = Idle(mark, run.asked, run.same.pack, outcome)


class _Run:
    """The state of one synchronisation."""

    def __init__(
        self,
        record: Any,  # noqa: ANN401
        connection: Server,
        progress: Callable[[Progress], None],
        on_database: OnDatabase,
    ) -> None:
        self.record = record
        self.connection = connection
        self.progress = progress
        self.on_database = on_database
        self.outcome = Outcome()
        self.restarts = 0
        self.asked = "", ""
        self.same: Same | None = None
        """The answer to the one small question, where it said that there is nothing to do."""

    def all(self) -> None:
        """Ask; then send and fetch in turn until neither has anything left."""
        self.progress(Progress("asking"))
        council = read_council(self.on_database(lambda: self.record.get("council")))
        cursors = self._cursors()
        digest = digest_of(council.id, council.epoch, [(case, *at) for case, at in cursors.items()])
        self.asked = digest, same_beside(self._beside())
        answer = self.connection.same(*self.asked)
        if not answer.same:
            self._check_council(answer.council, answer.epoch)
        nothing = answer.same and self.on_database(self.record.next_batch) is None
        if not nothing or self.on_database(self.record.strays):
            self._in_turn()
        else:
            self.same = answer
        send_readings(self.record, self.connection, self.on_database)
        leasing.renew(self.record, self.connection, self.on_database)
        self._take_pack(answer.pack)

    def out_of_use(self) -> bool:
        """Ask, where the council's server does not know this laptop any more, for its signed word on that."""
        try:
            return not leasing.renew(self.record, self.connection, self.on_database, at_once=True)
        except PlainError:
            return False

    def _in_turn(self) -> None:
        """Send and fetch until neither has anything left."""
        for _ in range(_ROUNDS):
            self._send_all()
            again = self._fetch()
            if not again and self.on_database(self.record.next_batch) is None:
                return
        # Somebody is still typing: what is left goes with the next synchronisation.

    def _take_pack(self, offered: int) -> None:
        """Fetch the council's pack when it is newer; whatever is wrong with it never stops an exchange."""
        if not offered or not self.on_database(partial(packs.wants, self.record, offered)):
            return
        try:
            told = self.connection.pack()
            pack = packs.checked(told)
            self.on_database(partial(packs.keep_pack, self.record, told))
            self.outcome = replace(self.outcome, pack=pack.version)
        except Refusal as refused:
            self.on_database(partial(packs.refuse, self.record, offered))
            self.outcome = replace(self.outcome, pack_trouble=refused.sentence)
        except PlainError:
            return  # the line or the server failed: asked again at the next exchange

    def _council_id(self) -> str:
        return read_council(self.on_database(lambda: self.record.get("council"))).id

    def _cursors(self) -> dict[str, Cursor]:
        held = self.on_database(self.record.cursors)
        return {case: (cursor.version, cursor.id) for case, cursor in held.items() if cursor.version > 0}

    def _beside(self) -> dict[str, str]:
        """Return the digests of what this laptop holds beside the cases."""
        held = {name: self.on_database(partial(self.record.get, name)) for name in BESIDE}
        return digest_beside({name: value for name, value in held.items() if value is not None})

    def _keep(self, beside: Mapping[str, Any]) -> None:
        """Keep what came beside the cases; what cannot be read leaves what is here as it is."""
        for name, value in beside.items():
            if name == KEYS:
                self._keep_keys(value)
            elif name == "directory":
                try:
                    read_colleagues(value)
                except Unreadable as trouble:
                    raise MachineTrouble(
                        "The council’s directory of workers came damaged, so the one on this laptop stays."
                    ) from trouble
                self.on_database(partial(self.record.put, name, value))

    def _keep_keys(self, told: Any) -> None:  # noqa: ANN401 (JSON)
        """Keep the council's keys at first sight; others than those we know are not believed."""
        held = self.on_database(partial(self.record.get, KEYS))
        council = read_council(self.on_database(lambda: self.record.get("council")))
        keys = accept_keys(held, told, council.id)
        if keys is None:
            self.outcome = replace(self.outcome, warning=OTHER_KEYS)
            return
        self.on_database(partial(self.record.put, KEYS, keys))

    def _check_council(self, council_id: str, epoch: str) -> None:
        """Refuse a server that is not this laptop's; offer everything again to one that went back in time."""
        council = read_council(self.on_database(lambda: self.record.get("council")))
        if council_id != council.id:
            raise NotOurs(
                f"This is not the server of {council.name} that this laptop belongs to. Nothing was sent and "
                "nothing was changed. Check the address with your administrator."
            )
        if epoch != council.epoch:
            # Every case, with a cursor or without: a receipt may have come and no page after it.
            self._offer_again(self.on_database(self.record.cases))
            told = {"id": council.id, "name": council.name, "epoch": epoch}
            self.on_database(lambda: self.record.put("council", told))

    def _offer_again(self, cases: Sequence[str]) -> None:
        self.restarts += 1
        if self.restarts > _RESTARTS:
            raise MachineTrouble(
                "The council's server keeps changing its mind. Nothing is lost; tell your administrator."
            )
        for case in cases:
            self.on_database(partial(self.record.offer_case_again, case))
        self.outcome = replace(
            self.outcome, offered_again=tuple(sorted({*self.outcome.offered_again, *cases}))
        )

    def _send_all(self) -> None:
        """Send until nothing waits; each batch goes off before the answers to the last are written down."""
        with ThreadPoolExecutor(1, "line") as line:
            going = self._begin(line, self.on_database(self.record.next_batch))
            while going is not None:
                ahead = self._send_batch(line, going)
                going = ahead or self._begin(line, self.on_database(self.record.next_batch))

    def _begin(self, line: ThreadPoolExecutor, batch: Batch | None) -> _Sending | None:
        """Put a batch on its way, which is stored as one by now: it is the same whenever it goes again."""
        if batch is None:
            return None
        parts = list(parts_of(batch.changes))
        return _Sending(batch, parts, self._push(line, parts[0]) if parts else None)

    def _push(self, line: ThreadPoolExecutor, changes: Sequence[Change]) -> Future[Pushed]:
        return line.submit(self.connection.push, [to_wire(change) for change in changes])

    def _send_batch(self, line: ThreadPoolExecutor, going: _Sending) -> _Sending | None:
        """Take in the answers to a batch; return the next one, made ready while this was on its way."""
        batch, following = going.batch, None
        if len(batch.changes) >= BATCH // 2:  # more may be waiting
            following = self.on_database(partial(self.record.next_batch, after=batch))
        answers: list[Answered] = []
        for part in going.parts:
            self.progress(Progress("sending", len(answers), len(batch.changes)))
            first = going.first if not answers else None
            answers += self._answers(part, first or self._push(line, part))
        ahead = self._begin(line, following)
        try:
            self.on_database(partial(self.record.answered, batch.id, answers))
        except OutOfPlace:
            # It gave the same numbers away before. The batch stays, and goes again with its cases.
            self._offer_again(sorted({change.case for change in batch.changes}))
        else:
            self._count(answers)
        return ahead

    def _answers(self, changes: Sequence[Change], sent: Future[Pushed]) -> list[Answered]:
        """Return the answers to one request's worth; what is too large is divided, down to a single group."""
        try:
            pushed = sent.result()
        except TooLarge as trouble:
            halves = halved(changes)
            if halves is None:
                return [Answered(one.id, "needs attention", None, None, trouble.sentence) for one in changes]
            return [*self._send(halves[0]), *self._send(halves[1])]
        self._check_council(pushed.council, pushed.epoch)
        return [_answered(answer) for answer in pushed.answers]

    def _send(self, changes: Sequence[Change]) -> list[Answered]:
        sent: Future[Pushed] = Future()
        try:
            sent.set_result(self.connection.push([to_wire(change) for change in changes]))
        except TooLarge as trouble:
            sent.set_exception(trouble)
        return self._answers(changes, sent)

    def _count(self, answers: Sequence[Answered]) -> None:
        said = [answer.outcome for answer in answers]
        self.outcome = replace(
            self.outcome,
            sent=self.outcome.sent + len(said) - said.count("needs attention"),
            late=self.outcome.late + said.count("late"),
            attention=self.outcome.attention + said.count("needs attention"),
        )

    def _fetch(self) -> bool:
        """Fetch and apply pages until there are no more; tell whether to send and fetch again."""
        self.progress(Progress("fetching"))
        with ThreadPoolExecutor(1, "line") as line:
            asking = self._ask(line, self._cursors())
            while True:
                pulled = asking.answer.result()
                if pulled.nonce not in ("", asking.asked.nonce):
                    raise MachineTrouble(ANOTHERS)
                before = self.restarts
                self._check_council(pulled.council, pulled.epoch)
                if self.restarts != before:
                    return True
                self._keep(pulled.beside)
                self._note(pulled, asking.cursors)
                # The next pages are on their way while these are taken in.
                ends = {page.case: _end_of(page) for page in pulled.pages if page.changes}
                more = pulled.more and not pulled.unknown
                ahead = self._ask(line, {**asking.cursors, **ends}) if more else None
                if lost := [*pulled.unknown, *self._apply_all(pulled, asking.cursors)]:
                    self._offer_again(sorted(lost))
                    return True
                if ahead is None:
                    return self._take_away(pulled.orders, asking.asked)
                asking = ahead

    def _ask(self, line: ThreadPoolExecutor, cursors: dict[str, Cursor]) -> _Asking:
        asked = Asked(self._council_id(), self.record.device, new_nonce())
        strays = self.on_database(self.record.strays)
        beside = self._beside()
        pull = partial(self.connection.pull, cursors, beside, held=strays, nonce=asked.nonce)
        return _Asking(cursors, asked, line.submit(pull))

    def _note(self, pulled: Pulled, cursors: Mapping[str, Cursor]) -> None:
        gone = {order.case for order in pulled.orders}
        fresh = set(pulled.allocated) - set(cursors) - set(self.outcome.new_cases)
        arrived = {page.case for page in pulled.pages}
        self.outcome = replace(
            self.outcome,
            removed=tuple(sorted({*self.outcome.removed, *pulled.removed, *gone})),
            new_cases=(*self.outcome.new_cases, *sorted(fresh & arrived)),
        )

    def _apply_all(self, pulled: Pulled, cursors: Mapping[str, Cursor]) -> list[str]:
        """Take the pages in; return the cases of those that did not continue what is here."""
        lost: list[str] = []
        for pages in bundled(pulled.pages):
            lost += self._apply(pages, cursors)
        return lost

    def _take_away(self, orders: Sequence[Order], asked: Asked) -> bool:
        """Carry out the council's orders; tell whether something has to be sent before one can be."""
        if not orders:
            return False
        send_readings(self.record, self.connection, self.on_database)
        results = [self.on_database(partial(carry_out, self.record, order, asked)) for order in orders]
        before = {one.case: one for one in self.outcome.taken}
        now = before | {one.case: one for one in results}
        self.outcome = replace(self.outcome, taken=tuple(now[case] for case in sorted(now)))
        return any(one.stays == "unsent" for one in results)

    def _apply(self, pages: Sequence[Page], cursors: Mapping[str, Cursor]) -> list[str]:
        """Take some pages in at once; return the cases of those that did not continue what is here."""
        arrived = [self._read(page) for page in pages]
        lost: tuple[str, ...] = self.on_database(partial(self.record.apply_pages, arrived))
        for page, taken in zip(pages, arrived, strict=True):
            if page.case not in lost and (count := len(taken.changes)):
                self.outcome = replace(self.outcome, received=self.outcome.received + count)
                after, _ = cursors.get(page.case, (0, ""))
                self.progress(Progress("fetching", after + count, page.count))
        return list(lost)

    def _read(self, page: Page) -> Arrived:
        """Read the changes of a page, and which orders among them the council signed."""
        try:
            changes = [from_wire(change) for change in page.changes]
        except Unreadable as trouble:
            raise MachineTrouble(
                "What came from the council's server was damaged on the way. Nothing was changed; it will be "
                "fetched again."
            ) from trouble
        orders, all_signed = self.on_database(partial(believed, self.record, changes))
        if not all_signed:
            self.outcome = replace(self.outcome, warning=NOT_SIGNED)
        return Arrived(page.case, changes, orders)


def _answered(answer: Answer) -> Answered:
    return Answered(answer.id, answer.outcome, answer.version, answer.received_at, answer.reason)


def council_json(council: Council) -> dict[str, str]:
    """Return a council as it is kept in the record."""
    return {"id": council.id, "name": council.name, "epoch": council.epoch}
