"""What the worker process runs: prepared without a key, then the window of an opened record."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from ascdesk.errors import PlainError, Refusal
from ascdesk.record import examining
from ascdesk.record.record import Record
from ascdesk.work.library import NEEDS_ASSESSMENT, FormLibrary
from ui.actions import hint
from ui.desk import Desk, User
from ui.exchange import Exchange
from ui.hands_address import hands_wanted
from ui.indexing import Indexing
from ui.launcher.protocol import OPENED, Report
from ui.leasing import LeaseWatch
from ui.pages.registry import PAGES
from ui.place import Place, read_place
from ui.remembered import put_back, window_parts
from ui.repairing import looked_after
from ui.resting import Resting
from ui.shell import Shell
from ui.tasks import Priority
from ui.theme.appearance import Appearance
from ui.theme.choice import SYSTEM, keep_choice, read_choice
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.page import AppBar, PageLayout, page_head
from ui.widgets.rail import Rail
from ui.widgets.surfaces import stack
from ui.widgets.text import Strong
from ui.worker import LOCK, QUIT, WorkerSession

SECONDS_FOR_A_COPY = 0.5
"""How long locking waits for a copy of the record that is being made."""


WINDOW = "window"
"""The local setting for where the window stood."""


def local_now() -> datetime:
    """Return the laptop's own time with its zone."""
    return datetime.now().astimezone()


def prepare() -> None:
    """Import and build what needs no key, while the passphrase is typed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    app.setApplicationName("ASC Desk")
    app.setProperty("appearance", Appearance(app, SYSTEM))
    library = FormLibrary()
    library.form(NEEDS_ASSESSMENT)
    app.setProperty("library", library)
    for spec in PAGES:
        import_module(spec.module)  # while the passphrase is typed, not when a page is first gone to
    if hands_wanted():
        import_module("ui.plan.hands")  # a driver's, so that none of it is measured as ours
    _draw_once()
    gc.freeze()  # what lives as long as the program need not be looked through at every full collection


def _draw_once() -> None:
    """Draw a page that nobody sees: what Qt makes at first use, enumerations and fonts, is then there."""
    page = PageLayout()
    page.set_band(AppBar((("work", "My work"),)))
    page.set_rail(Rail())
    page.centre.addWidget(page_head("", "My work", "Nothing waits"))
    page.centre.addWidget(stack(PrimaryButton("Go on"), SecondaryButton("Wait"), Link("Show"), Strong("")))
    page.state.set_hints([hint("find"), hint("lock")])
    page.resize(1280, 800)
    page.grab()
    page.deleteLater()


def run_window(session: WorkerSession) -> int:
    """Open the record, show the window, and return how it ended."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    path, key = session.opened.record, bytes(session.opened.key)
    shown = partial(session.link.say, Report(OPENED))
    if not looked_after(path, key, local_now, shown, enrolling=bool(session.extras)):
        return QUIT
    record = _record_of(session)
    session.opened.wipe()
    first_time = bool(session.extras)
    if first_time:
        from sync.client.enrol import keep_enrolment  # noqa: PLC0415 (once, at enrolment)

        keep_enrolment(record, dict(session.extras))
    examining.begin(path)
    running = Running(app, record, session)
    running.open(sync_first=first_time)
    status = app.exec()
    if not running.resting.damaged:  # what was found damaged is looked at whole at the next start
        examining.end(path)
    running.end()
    return status


def _record_of(session: WorkerSession) -> Record:
    """Open the record; what enrolment gave is there until it is in the record, so then it may be made."""
    path, key = session.opened.record, session.opened.key
    if session.extras:
        with contextlib.suppress(Refusal):  # a start that was cut short made it already
            return Record(path, key, clock=local_now, create=True)
    return Record(path, key, clock=local_now)


class Running(QObject):
    """The desk, the window and the exchange of one unlocked session."""

    launcher_gone = Signal()

    def __init__(self, app: QApplication, record: Record, session: WorkerSession) -> None:
        super().__init__(app)
        self._app = app
        self._record = record
        self._session = session
        library = app.property("library")
        assert isinstance(library, FormLibrary)
        self.desk = Desk(record, user_of(record.get("user")), library, local_now, self)
        self._look: Appearance = app.property("appearance")
        self._look.take(read_choice(session.opened.record.parent))
        self._look.changed.connect(self._keep_look)
        self.shell = Shell(self.desk, self._look)
        self.exchange = Exchange(self.desk, self)
        self.indexing = Indexing(self.desk, self)
        self.lease = LeaseWatch(self.desk, self)
        self.resting = Resting(self.desk, self)
        self.shell.quiet.connect(self.resting.rest)
        self.shell.lock_asked.connect(self._lock)
        self.shell.closing.connect(self._closed)
        self.shell.placed.connect(self._placed)
        self.launcher_gone.connect(self._lock, Qt.ConnectionType.QueuedConnection)
        self.shell.watch(app)
        if session.opened.profile.demonstration and hands_wanted():
            from ui.form.hands import lend_hands  # noqa: PLC0415 (only where a driver asks)

            lend_hands(self.desk, self.shell)
        session.link.when_launcher_goes(self.launcher_gone.emit)

    def open(self, *, sync_first: bool) -> None:
        """Show the window at the place that was left, and begin to exchange with the council."""
        kept = self._record.get("place") or self._session.place
        self.desk.visiting = str(self._record.get("visiting") or "")
        self.desk.take_forms()
        self.lease.start()
        place = read_place(kept)
        self.desk.go(Place() if sync_first or place.page == "ended" else place)
        self.desk.refresh_state()
        self.desk.renew_escrow()
        if not self._record.get("repaired"):  # the keys of files may stand in what a repair put aside
            # what a power cut left of files that no key opens
            self.desk.database.run(self._record.attachments.sweep, priority=Priority.SYNC)
        screens = [one.availableGeometry() for one in self._app.screens()]
        if put_back(self.shell, self._record.get(WINDOW), screens):
            self.shell.showMaximized()
        else:
            self.shell.show()
        self._session.link.opened()
        self.exchange.start()
        self.indexing.soon()

    def end(self) -> None:
        """Finish what is queued and close the file."""
        self.shell.clipboard.forget()  # Qt would leave it there for whoever comes next
        self.exchange.stop()
        self.indexing.stop()
        self.lease.stop()
        self.desk.database.stop()
        self.resting.wait(SECONDS_FOR_A_COPY)
        self._record.close()

    def _keep_look(self, _theme: object) -> None:
        with contextlib.suppress(PlainError):  # a full disk is told where something is lost by it
            keep_choice(self._session.opened.record.parent, self._look.choice)

    def _placed(self, place: Place) -> None:
        self._session.link.place(place.as_json())

    def _remember(self) -> None:
        """Keep where the window stands, with the last of what is written."""
        self.desk.database.run(
            partial(self._record.put, WINDOW, window_parts(self.shell)), priority=Priority.SYNC
        )

    def _lock(self) -> None:
        self._remember()
        self.shell.hide()
        self._app.exit(LOCK)

    def _closed(self) -> None:
        self._remember()
        self._app.exit(QUIT)


def user_of(held: Mapping[str, Any] | None) -> User:
    """Return who is signed in, as enrolment kept it."""
    parts = held or {}
    known = ("id", "name", "role", "team", "registration", "telephone", "email")
    return User(**{name: str(parts.get(name) or "") for name in known})
