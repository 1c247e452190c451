"""Sync from the desk: on the network's own thread, its database work as small tasks of low priority."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

from ui.desk import Desk
from ui.pacing import pause
from ui.place import Place
from ui.tasks import Priority, WorkThread

SECONDS_FOR_THE_NETWORK = 0.5
"""How long locking waits for an answer that is on its way; what was not answered is asked again."""
DID_NOT_WORK = "the last exchange did not work"


class Exchange(QObject):
    """Exchanges with the council when asked, at the start, and every few minutes; nothing waits for it."""

    def __init__(
        self,
        desk: Desk,
        parent: QObject | None = None,
        *,
        by_itself: bool = True,
        draw: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(parent or desk)
        self._desk = desk
        self._network = WorkThread("network", self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.start)
        self._by_itself = by_itself
        self._running = False
        self._once_more = False
        self._failures = 0
        self._draw = draw
        desk.sync_asked.connect(self.start)

    def start(self) -> None:
        """Exchange now; asked while one is going on, once more after it: that one may have passed it by."""
        if self._running:
            self._once_more = True
            return
        self._running = True
        self._timer.stop()
        self._desk.say(syncing=True)
        self._network.run(self._work, self._done, self._failed)

    def stop(self) -> None:
        """End the network's thread; one that waits for a server ends with the process, the key goes first."""
        self._timer.stop()
        self._network.stop(SECONDS_FOR_THE_NETWORK)

    def _work(self) -> Any:  # noqa: ANN401 (an Outcome; its module is imported on this thread, late)
        from sync.client.enrol import connect  # noqa: PLC0415
        from sync.client.exchange import synchronise  # noqa: PLC0415

        with connect(self._desk.record, self._on_database) as connection:
            return synchronise(self._desk.record, connection, on_database=self._on_database)

    def _on_database(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401
        return self._desk.database.wait_for(work, Priority.SYNC)

    def _done(self, outcome: Any) -> None:  # noqa: ANN401
        self._running = False
        contact = self._desk.clock().strftime("%H:%M") if not outcome.trouble else self._desk.state.contact
        trouble = ""
        if outcome.trouble:
            trouble = "no connection" if outcome.unreachable else DID_NOT_WORK
        if outcome.sign_in_needed:
            trouble = "sign in again"
        self._desk.say(syncing=False, contact=contact, trouble=trouble)
        self._desk.refresh_state()
        if outcome.pack:
            self._desk.take_forms()
        self._leave([one.case for one in outcome.taken if one.stays is None])
        self._desk.changed.emit("")
        if not self._desk.visiting:
            self._desk.noticed.emit(outcome.notice, False)
        self._again(failed=bool(outcome.trouble), asked=outcome.retry_after)

    def _leave(self, cases: list[str]) -> None:
        """Leave a case that was taken away: its page has nothing to show any more."""
        if self._desk.place.case in cases and not self._desk.visiting:
            self._desk.go(Place())

    def _failed(self, error: Exception) -> None:
        self._running = False
        self._desk.say(syncing=False, trouble=DID_NOT_WORK)
        self._desk.failed.emit(getattr(error, "sentence", "The exchange with the council did not work."))
        self._again(failed=True)
        if not hasattr(error, "sentence"):
            raise error

    def _again(self, *, failed: bool, asked: float | None = None) -> None:
        self._failures = self._failures + 1 if failed else 0
        if self._once_more:
            self._once_more = False
            self.start()
            return
        if self._by_itself:
            self._timer.start(int(pause(self._failures, asked, self._draw()) * 1000))
