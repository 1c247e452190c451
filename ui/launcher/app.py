"""The launcher itself: which page is shown, when a worker is started, and what follows when it ends.

What it derives it hands to the worker and wipes; after every lock it replaces its own process (see
`resume`), so that no memory that a passphrase passed through outlives the lock. It never opens the record.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from ascdesk.errors import PlainError
from ascdesk.vault.errors import AlreadyOpen, KeyLost, KeyringTrouble, NoProfile
from ascdesk.vault.profile import ProfileLock, read_profile, set_aside
from ui.hardening import keep_to_ourselves
from ui.launcher.background import Background
from ui.launcher.enroller import Enroller, Enrolment, council_address
from ui.launcher.protocol import (
    LOCK,
    LOCKED,
    OPENED,
    PLACE,
    QUIT,
    QUITTING,
    REFUSED,
    Report,
    Unlock,
    worker_command,
)
from ui.launcher.resume import Resume, own_command, read_resume, replace_this_process
from ui.launcher.window import LauncherWindow
from ui.launcher.worker_process import WorkerProcess
from ui.theme.appearance import Appearance
from ui.theme.choice import read_choice

if TYPE_CHECKING:
    from ascdesk.vault.opening import Opened

STOPPED = (
    "ASC Desk stopped without warning. Everything shown as saved is kept. Unlock to carry on where you were."
)
CANNOT_START = (
    "A part of ASC Desk did not start, so nothing was opened. Restart the laptop; if it happens "
    "again, tell your administrator."
)
KEYRING_NEEDED = "The keyring is needed"
SECONDS_FOR_A_THREAD = 2.0
REPLACE = 64
"""Exit status of the event loop that asks for a fresh launcher."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a launcher is told: the profile, how to run, and what it works with."""

    folder: Path
    mode: str = "normal"
    council: str = ""
    enroller: Enroller | None = None
    worker: Sequence[str] = field(default_factory=worker_command)


class Launcher(QObject):
    """Takes a profile from shut to open and back. `over` gives the exit status; `REPLACE`: start anew."""

    over = Signal(int)
    _page_asked = Signal(str, str)

    def __init__(self, settings: Settings, resume: Resume = Resume()) -> None:  # noqa: B008 - a frozen value
        super().__init__()
        self._settings = settings
        self._resume = resume
        self.after = Resume(place=resume.place)
        self.window = LauncherWindow()
        self.worker: WorkerProcess | None = None
        self._lock = ProfileLock(settings.folder)
        self._opening, self._signing, self._making = Background(self), Background(self), Background(self)
        self._warming = Background(self)
        self._enrolment: Enrolment | None = None
        self._handed_over = self._said_locked = self._said_quit = self._leaving = False
        self._connect()

    def _connect(self) -> None:
        self.window.painted.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        self.window.closed.connect(self.leave)
        self.window.leave_asked.connect(self.leave)
        self.window.passphrase_given.connect(self.open)
        self.window.try_again_asked.connect(self._try_again)
        self.window.again_asked.connect(self._ask_again)
        self.window.again_agreed.connect(self._enrol_again)
        self.window.again_left.connect(self._show_first_page)
        self.window.council_given.connect(self.sign_in)
        self.window.sign_in_stopped.connect(self._cancel_sign_in)
        self.window.passphrase_chosen.connect(self.make_profile)
        self._opening.done.connect(self._opened)
        self._opening.failed.connect(self._not_opened)
        self._signing.done.connect(self._signed_in)
        self._signing.failed.connect(self._not_signed_in)
        self._making.done.connect(self._opened)
        self._making.failed.connect(self._not_made)
        self._page_asked.connect(self._open_page)

    def start(self) -> None:
        """Show the right page; everything slow waits until it is painted."""
        self._show_first_page()
        self.window.show()

    def _show_first_page(self) -> None:
        try:
            profile = read_profile(self._settings.folder)
        except NoProfile:
            self._show_enrolment()
        except PlainError as error:
            self._show_trouble("This profile cannot be opened", error.sentence)
        else:
            self.window.line.setText(
                "Demonstration: everybody in it is invented."
                if profile.demonstration
                else f"Enrolled with {profile.council}"
            )
            page = self.window.unlock
            page.tell(self._resume.sentence)
            self.window.show_page(page)

    def _begin(self) -> None:
        """Take the profile for this copy of the program, and start the worker's imports."""
        try:
            self._lock.acquire()
        except AlreadyOpen as error:
            self._show_trouble("ASC Desk is already open", error.sentence)
        except PlainError as error:
            self._show_trouble("ASC Desk cannot open", error.sentence)
        else:
            if self.worker is None or not self.worker.running:
                self._start_worker()
            self._warming.run(_warm_up)

    # --- unlocking

    def open(self, passphrase: str) -> None:
        """Derive the key from the passphrase, off the screen's thread, and hand it to the worker."""
        self._opening.run(partial(_open, self._settings.folder, passphrase))

    def _not_opened(self, error: PlainError) -> None:
        if isinstance(error, KeyringTrouble):
            self.window.unlock.set_busy(False)
            self._show_trouble(KEYRING_NEEDED, error.sentence, lost=isinstance(error, KeyLost))
        else:
            self.window.unlock.refuse(error.sentence)

    def _opened(self, unlocked: tuple[Opened, Mapping[str, Any]]) -> None:
        opened, extras = unlocked
        if self.worker is None or not self.worker.running:
            self._start_worker()
        assert self.worker is not None
        place = self._resume.place
        self._handed_over = True
        self.worker.unlock(Unlock(opened.key, opened.folder, self._settings.mode, extras, place))
        opened.wipe()

    # --- the worker

    def _start_worker(self) -> None:
        self._handed_over = self._said_locked = self._said_quit = False
        self.worker = WorkerProcess(self._settings.worker, self)
        self.worker.said.connect(self._heard)
        self.worker.ended.connect(self._worker_ended)
        self.worker.start()

    def _heard(self, report: Report) -> None:
        if report.kind == OPENED:
            self.window.hide()
        elif report.kind == PLACE:
            self.after = Resume(place=report.place)
        elif report.kind == REFUSED:
            self.after = Resume(report.sentence, self.after.place)
        self._said_locked |= report.kind in (LOCKED, REFUSED)
        self._said_quit |= report.kind == QUITTING
        if self.worker is not None and (self._said_locked or self._said_quit):
            self.worker.expect_end()

    def _worker_ended(self, status: int) -> None:
        if self._leaving or self._said_quit or (self._handed_over and status == QUIT):
            self._finish(QUIT)
        elif self._said_locked or (self._handed_over and status == LOCK):
            self._finish(REPLACE)
        elif self._handed_over:
            self.after = Resume(STOPPED, self.after.place)
            self._finish(REPLACE)
        else:
            self._show_trouble("ASC Desk cannot open", CANNOT_START)

    def leave(self) -> None:
        """End the program, the worker first."""
        self._leaving = True
        if self._settings.enroller is not None:
            self._settings.enroller.cancel()
        if self.worker is not None and self.worker.running:
            self.worker.stop()
        else:
            self._finish(QUIT)

    def _finish(self, status: int) -> None:
        self.put_away()
        self.over.emit(status)

    def put_away(self) -> None:
        """End what is still running and let go of the profile; for the end of the program and of tests."""
        self._leaving = True
        for work in (self._opening, self._signing, self._making, self._warming):
            work.wait(SECONDS_FOR_A_THREAD)
        if self.worker is not None:
            self.worker.stop()
            self.worker.wait_ended()
        self._lock.release()

    # --- trouble

    def _show_trouble(self, heading: str, sentence: str, *, lost: bool = False) -> None:
        page = self.window.trouble
        page.show_trouble(heading, sentence, lost=lost and self._settings.enroller is not None)
        self.window.show_page(page)
        self.window.show()

    def _try_again(self) -> None:
        self._lock.release()
        self._show_first_page()
        self._begin()

    # --- a profile that opens no more

    def _ask_again(self) -> None:
        if self._settings.enroller is None:
            return
        page = self.window.again
        page.say("")
        self.window.show_page(page)

    def _enrol_again(self) -> None:
        """Set the profile aside and enrol: nothing is deleted, and the council can open what was unsent."""
        try:
            council = read_profile(self._settings.folder).council
            set_aside(self._settings.folder, datetime.now().astimezone())
        except PlainError as error:
            self.window.again.say(error.sentence)
            return
        self._show_first_page()
        self.window.council.address.field.setText(council)

    # --- enrolling

    def _show_enrolment(self) -> None:
        if self._settings.enroller is None:
            self._show_trouble(
                "This laptop is not enrolled",
                "There is no profile in this folder. Choose the folder of a profile, or start ASC "
                "Desk without one to enrol this laptop.",
            )
            return
        window = self.window
        window.council.address.field.setText(self._settings.council)
        window.line.setText("This laptop is not enrolled yet.")
        window.show_page(window.council)

    def sign_in(self, typed: str) -> None:
        """Sign in with the council at the address that was typed."""
        enroller = self._settings.enroller
        assert enroller is not None
        try:
            council = council_address(typed)
        except PlainError as error:
            self.window.council.say(error.sentence)
            return
        self.window.council.say("")
        self.window.sign_in.show_address("", "")
        self.window.show_page(self.window.sign_in)
        self._signing.run(
            partial(_sign_in, enroller, council, self._page_asked.emit, keyring=not self._demonstration)
        )

    @property
    def _demonstration(self) -> bool:
        return self._settings.mode == "demonstration"

    def _open_page(self, address: str, council_name: str) -> None:
        self.window.sign_in.show_address(address, council_name)
        open_in_browser(address)

    def _cancel_sign_in(self) -> None:
        assert self._settings.enroller is not None
        self._settings.enroller.cancel()

    def _not_signed_in(self, error: PlainError) -> None:
        if isinstance(error, KeyringTrouble):
            self._show_trouble(KEYRING_NEEDED, error.sentence)
            return
        self.window.council.say(error.sentence)
        self.window.show_page(self.window.council)

    def _signed_in(self, enrolment: Enrolment) -> None:
        self._enrolment = enrolment
        self.window.choose.who.setText(f"Signed in as {enrolment.worker}, {enrolment.council_name}")
        self.window.line.setText(f"Enrolling with {enrolment.council}")
        self.window.show_page(self.window.choose)
        self.window.raise_()
        self.window.activateWindow()

    def make_profile(self, passphrase: str) -> None:
        """Make the profile with what signing in gave and the passphrase that was chosen."""
        assert self._enrolment is not None
        folder, demonstration = self._settings.folder, self._demonstration
        self._making.run(partial(_create, folder, passphrase, self._enrolment, demonstration=demonstration))

    def _not_made(self, error: PlainError) -> None:
        self.window.choose.refuse(error.sentence)


def open_in_browser(address: str) -> None:
    """Open the sign-in page in the system's browser."""
    QDesktopServices.openUrl(QUrl(address))


def run(settings: Settings, again: Callable[[], Sequence[str]] = own_command) -> int:
    """Run the launcher until the person quits; returns the exit status.

    After a lock this process is replaced by `again()` and does not return (on Windows it returns, and the
    next runs).
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    launcher = begin(app, settings)
    launcher.start()
    return end(launcher, app.exec(), again)


def begin(app: QApplication, settings: Settings) -> Launcher:
    """Make the launcher on the running application; its window is shown by ``start``."""
    keep_to_ourselves()
    app.setApplicationName("ASC Desk")
    chosen = read_choice(settings.folder)
    Appearance(app, chosen.colours, chosen.zoom, touch=chosen.touch)
    launcher = Launcher(settings, read_resume())
    if settings.mode == "demonstration":
        _lend_hands(launcher)
    launcher.over.connect(app.exit)
    return launcher


def end(launcher: Launcher, status: int, again: Callable[[], Sequence[str]] = own_command) -> int:
    """Return the exit status, or start anew after a lock."""
    launcher.window.hide()
    if status != REPLACE:
        return status
    return replace_this_process(again(), launcher.after)


def _lend_hands(launcher: Launcher) -> None:
    from ui.hands_address import hands_wanted  # noqa: PLC0415 - only where a driver asks

    if hands_wanted():
        from ui.hands import Hands  # noqa: PLC0415

        Hands("launcher", launcher)


def _warm_up() -> None:
    from ascdesk.vault.opening import warm_up  # noqa: PLC0415 - late: after the first paint

    warm_up()


def _sign_in(
    enroller: Enroller, council: str, open_page: Callable[[str, str], None], *, keyring: bool
) -> Enrolment:
    from ascdesk.vault.device import KeyringStore  # noqa: PLC0415 - late: after the first paint

    if keyring:
        KeyringStore().usable()  # a laptop without one is told before it is registered, not after
    return enroller.sign_in(council, open_page)


def _open(folder: Path, passphrase: str) -> tuple[Opened, Mapping[str, Any]]:
    from ascdesk.vault.handover import read_handover  # noqa: PLC0415 - late: after the first paint
    from ascdesk.vault.opening import open_profile  # noqa: PLC0415

    opened = open_profile(folder, passphrase)
    return opened, read_handover(folder, opened.key)


def _create(
    folder: Path, passphrase: str, enrolment: Enrolment, *, demonstration: bool
) -> tuple[Opened, Mapping[str, Any]]:
    from ascdesk.vault.opening import create_profile  # noqa: PLC0415 - late: after the first paint

    opened = create_profile(
        folder,
        passphrase,
        demonstration=demonstration,
        council=enrolment.council,
        device=enrolment.device,
        extras=enrolment.extras,
    )
    return opened, enrolment.extras
