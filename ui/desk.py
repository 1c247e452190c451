"""What every page works with: the record through its thread, who is signed in, where we are, what was saved.

A page asks the desk to run a named operation; the desk reports what was saved and what the council lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ascdesk.errors import MachineTrouble, PlainError
from ascdesk.record.record import Record
from ascdesk.record.undo import Undoable
from ascdesk.work import packs, safekeeping, sending, stepping
from ascdesk.work.leases import Standing
from ascdesk.work.library import FormLibrary
from ui.keeping import Keeping, Write
from ui.place import Place
from ui.tasks import Priority, WorkThread, alive

SECONDS_BETWEEN_TRIES = 5
"""How long after a disk did not take something it is asked again."""


@dataclass(frozen=True, slots=True)
class User:
    """Who is signed in, as the council's server knows them."""

    id: str
    name: str
    role: str = ""
    team: str = ""
    registration: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What the state line may say: when this laptop last saved, what the council lacks, the last contact.

    ``unsaved`` counts what is on the screen alone, ``why`` says in a sentence what stands in the way;
    ``files`` names the photos and files that the council lacks: *2 photos*. Until it was ``counted`` what the
    council lacks, nothing is said of it.
    """

    at: str = ""
    only_here: int = 0
    attention: int = 0
    contact: str = ""
    syncing: bool = False
    trouble: str = ""
    unsaved: int = 0
    why: str = ""
    files: str = ""
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """That the lease ended, so that no case may be read; and how many changes the council does not hold."""

    standing: Standing
    unsent: int


class Desk(QObject):
    """The desk of one worker at one opened record.

    ``went`` carries the place to show; ``changed`` the case in which something was written or pulled;
    ``saved`` what the state line may say; ``noticed`` a sentence and whether it can be undone; ``failed`` a
    sentence that says what to do; ``settled`` that every write so far was answered; ``find_asked`` words to
    look for everywhere; ``acted`` the key of an action that was tapped.
    """

    went = Signal(object)
    changed = Signal(str)
    saved = Signal(object)
    noticed = Signal(str, bool)
    failed = Signal(str)
    visit = Signal(str)
    locked = Signal()
    sync_asked = Signal()
    settled = Signal()
    find_asked = Signal(str)
    acted = Signal(str)

    def __init__(
        self,
        record: Record,
        user: User,
        library: FormLibrary,
        clock: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.record = record
        self.user = user
        self.library = library
        self.clock = clock
        self.place = Place()
        self.visiting = ""
        self.closed: Closed | None = None
        self.state = Saved()
        self.database = WorkThread("database", self)
        self.database.failed_unheard.connect(self._tell)
        self._pictures: WorkThread | None = None
        self._keeping = Keeping()
        self._following = False
        self._try_again = QTimer(self)
        self._try_again.setSingleShot(True)
        self._try_again.setInterval(SECONDS_BETWEEN_TRIES * 1000)
        self._try_again.timeout.connect(self.try_again)

    @property
    def pictures(self) -> WorkThread:
        """Return the thread on which pictures are taken in and unpacked, begun with the first of them."""
        if self._pictures is None:
            self._pictures = WorkThread("pictures", self)
            self._pictures.failed_unheard.connect(self._tell)
        return self._pictures

    # -- places -----------------------------------------------------------------------------------------

    def go(self, place: Place) -> None:
        """Go to a place; during a visit only to places of that person, and nowhere once the lease ended."""
        if self.closed is not None:
            return
        if self.visiting and place.case != self.visiting:
            self.noticed.emit("A visit is going on: other people stay hidden until you end it.", False)
            return
        self.place = place
        self.database.run(partial(self.record.put, "place", place.as_json()), priority=Priority.SYNC)
        self.went.emit(place)

    def mark(self, at: str) -> None:
        """Note where in the page somebody is, without going anywhere: a crash comes back to it."""
        self.place = Place(self.place.page, self.place.case, self.place.of, at)
        self.database.run(partial(self.record.put, "place", self.place.as_json()), priority=Priority.SYNC)

    def start_visit(self, case: str) -> None:
        """Hide everybody else: names, lists, search, notices; a crash comes back to the visit."""
        self.visiting = case
        self.database.run(partial(self.record.put, "visiting", case), priority=Priority.SYNC)
        self.visit.emit(case)

    def end_visit(self) -> None:
        """Show everybody again."""
        self.visiting = ""
        self.database.run(partial(self.record.put, "visiting", None), priority=Priority.SYNC)
        self.visit.emit("")

    def take_forms(self) -> None:
        """Let the library know what the council has published, before what is asked next."""
        self.database.run(partial(packs.publish, self.record, self.library))

    # -- work -------------------------------------------------------------------------------------------

    def read(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run an operation that only reads."""
        self.database.run(work, done, failed or self._tell)

    def write(
        self,
        case: str,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        *,
        tell: bool = True,
        keep: Hashable | None = None,
    ) -> None:
        """Run an operation that edits ``case``; when durable, say so and, with ``tell``, let pages know.

        With ``keep``, the name of what it sets, a disk that does not take it is asked again until it does;
        a later write of the same thing stands in for it. Without, trouble is told and that is all.
        """
        self._begin(Write(case, work, keep, tell, [done] if done is not None else [], failed))

    @property
    def writing(self) -> bool:
        """Say whether a write has not been answered yet."""
        return self._keeping.under_way > 0

    def try_again(self) -> None:
        """Write again what the disk did not take."""
        self._try_again.stop()
        for write in self._keeping.again():
            self._run(write)

    def _begin(self, write: Write) -> None:
        self._keeping.begin(write)
        self._run(write)

    def _run(self, write: Write) -> None:
        self.database.run(write.work, partial(self._written, write), partial(self._not_written, write))

    def _written(self, write: Write, result: Any) -> None:  # noqa: ANN401
        self._keeping.end(write)
        for done in write.done:
            if alive(done):
                done(result)
        self._count_unsaved()
        self.follow()
        self.refresh_state(saved_now=True)
        if write.tell:
            self.changed.emit(write.case)
        if self._keeping.waiting:
            self.try_again()  # the disk takes things again
        self._settle()

    def _not_written(self, write: Write, error: Exception) -> None:
        if write.keep is not None and isinstance(error, MachineTrouble):
            self._wait(write, error.sentence)
            return
        self._keeping.end(write)
        self._count_unsaved()
        self._settle()
        failed = write.failed or self._tell
        if alive(failed):
            failed(error)

    def _wait(self, write: Write, why: str) -> None:
        first = not self.state.unsaved
        self._keeping.wait(write)
        self._try_again.start()
        self._count_unsaved(why)
        if first and self._keeping.waiting:
            self.failed.emit(why)
        self._settle()

    def _count_unsaved(self, why: str = "") -> None:
        waiting = self._keeping.waiting
        if waiting and why:
            self.say(unsaved=waiting, why=why)
        elif not waiting and self.state.unsaved and not self._keeping.under_way:
            self.say(unsaved=0, why="")

    def _settle(self) -> None:
        if not self._keeping.under_way:
            self.settled.emit()

    def follow(self) -> None:
        """Let the escrow follow what was saved, once nobody waits for the database."""
        if not self._following:
            self._following = True
            work = partial(safekeeping.follow, self.record)
            self.database.run(work, self._followed, self._not_followed, Priority.SYNC)

    def renew_escrow(self) -> None:
        """Write the escrow of what is unsent anew and whole: at the start, and after each exchange."""
        work = partial(safekeeping.renew, self.record)
        self.database.run(work, None, self._not_followed, Priority.SYNC)

    def _followed(self, _count: int) -> None:
        self._following = False

    def _not_followed(self, error: Exception) -> None:
        self._following = False
        if not isinstance(error, MachineTrouble):  # the next save takes it along
            self._tell(error)

    def undo(self, case: str) -> None:
        """Undo the last named step in ``case``; without one, the last that was done on this laptop."""
        self.write(case, partial(stepping.back, self.record, case), self._undone)

    def redo(self, case: str) -> None:
        """Do the last undone step again."""
        self.write(case, partial(stepping.again, self.record, case), self._redone)

    def steps(self, done: Callable[[Undoable], None]) -> None:
        """Ask which steps *Undo* and *Redo* would take at this place."""
        self.read(partial(stepping.offered, self.record, self.place.case), done)

    def _undone(self, name: str) -> None:
        self.noticed.emit(f"Undone: {name}", False)

    def _redone(self, name: str) -> None:
        self.noticed.emit(f"Done again: {name}", False)

    def tell(self, error: Exception) -> None:
        """Say what went wrong, where it is for people; raise what is our own fault."""
        self._tell(error)

    def _tell(self, error: Exception) -> None:
        if isinstance(error, PlainError):
            self.failed.emit(error.sentence)
            return
        raise error

    # -- the state line ---------------------------------------------------------------------------------

    def refresh_state(self, *, saved_now: bool = False) -> None:
        """Count again what the council lacks, and say when this laptop last saved."""
        if saved_now:
            at = self.clock().strftime("%H:%M")
            self.state = replace(self.state, at=at)
        self.database.run(partial(_counts, self.record), self._counted, priority=Priority.SYNC)

    def _counted(self, counts: tuple[int, int, str]) -> None:
        only_here, attention, files = counts
        self.say(only_here=only_here, attention=attention, files=files, counted=True)

    def say(self, **facts: Any) -> None:  # noqa: ANN401
        """Change what the state line says."""
        self.state = replace(self.state, **facts)
        self.saved.emit(self.state)


def _counts(record: Record) -> tuple[int, int, str]:
    return record.outgoing_count(), len(record.attention()), sending.waiting(record).words
