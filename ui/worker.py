"""The process that holds the key: it imports while the passphrase is typed, then shows the window.

It ends when it locks, when it quits and when its launcher is gone; with it ends every copy of the key it had.
What it shows is `ui.app`, which is imported here and nowhere else in the launcher's process.
"""

from __future__ import annotations

import importlib
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol, cast

from ascdesk.errors import PlainError
from ascdesk.vault.handover import forget_handover
from ascdesk.vault.opening import Opened
from ascdesk.vault.profile import RECORD_LOCK_NAME, ProfileLock, read_profile
from ui.hardening import keep_to_ourselves
from ui.launcher.protocol import (
    LOCK,
    LOCKED,
    OPENED,
    PLACE,
    QUIT,
    QUITTING,
    READY,
    REFUSED,
    Lines,
    MessageError,
    Report,
    Unlock,
)

__all__ = ["LOCK", "QUIT", "Application", "Link", "WorkerSession", "main"]

SECONDS_TO_END: Final = 3.0
"""How long a worker may take to end once it must; a thread that hangs may not keep the key alive."""
SECONDS_FOR_THE_LAST_ONE: Final = 10.0
"""How long to wait for the worker before this one to let go of the record."""


@dataclass(frozen=True, slots=True, eq=False)
class WorkerSession:
    """What the window is given: the opened profile, how to run, what enrolment gave, and where to go on."""

    opened: Opened
    mode: str
    extras: Mapping[str, Any] = field(repr=False)
    place: Mapping[str, Any] | None = field(repr=False)
    link: Link


class Application(Protocol):
    """What `ui.app` is: both run on the process's first thread."""

    def prepare(self) -> None:
        """Import and build what needs no key: the QApplication, the theme, the fonts."""

    def run_window(self, session: WorkerSession) -> int:
        """Open the record, show the main window, and return `QUIT` or `LOCK` when it is closed."""


class Link:
    """The worker's end of the two pipes. Reports may be sent from any thread."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming, self._outgoing = incoming, outgoing
        self._orders: queue.SimpleQueue[Unlock | None] = queue.SimpleQueue()
        self._writing = threading.Lock()
        self._going = threading.Lock()
        self._is_gone = False
        self._on_gone: Callable[[], None] | None = None
        self._on_opened: Callable[[], None] | None = None

    @classmethod
    def take_over(cls) -> Link:
        """Take stdin and stdout for the protocol; whatever else is printed goes to stderr from now on."""
        have_an_error_output()
        incoming, outgoing = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)
        return cls(incoming, outgoing)

    def listen(self) -> None:
        """Begin to read what the launcher says, on a thread of its own, until the launcher is gone."""
        threading.Thread(target=self._read, name="launcher", daemon=True).start()

    def wait_for_unlock(self) -> Unlock | None:
        """Wait for the key; None when the launcher is gone instead."""
        return self._orders.get()

    @property
    def launcher_gone(self) -> bool:
        """Say whether the launcher is gone."""
        return self._is_gone

    def when_launcher_goes(self, callback: Callable[[], None]) -> None:
        """Call this when the launcher is gone, at once if it is; from any thread. The process then ends."""
        with self._going:
            self._on_gone = callback
            gone = self._is_gone
        if gone:
            callback()

    def opened(self) -> None:
        """Say that the record is open and the main window on the screen; the launcher then hides its own.

        What enrolment gave is in the record by now, so its sealed copy beside the record is removed.
        """
        if self._on_opened is not None:
            self._on_opened()
        self.say(Report(OPENED))

    def place(self, place: Mapping[str, Any]) -> None:
        """Say where the person is, in ids; the next worker is given the last place said."""
        self.say(Report(PLACE, place=place))

    def when_opened(self, callback: Callable[[], None]) -> None:
        """Call this when the window says that it is open."""
        self._on_opened = callback

    def say(self, report: Report) -> None:
        """Send one report; a launcher that is gone hears nothing, and that is noticed by reading."""
        line = report.to_line()
        with self._writing:
            try:
                while line:
                    line = line[os.write(self._outgoing, line) :]
            except OSError:
                return

    def _read(self) -> None:
        lines = Lines()
        try:
            while data := os.read(self._incoming, 65536):
                for line in lines.feed(data):
                    self._orders.put(Unlock.from_line(line))
        except (OSError, MessageError):
            pass
        self._orders.put(None)
        self._gone()

    def _gone(self) -> None:
        end_for_certain(SECONDS_TO_END)
        with self._going:
            self._is_gone, callback = True, self._on_gone
        if callback is not None:
            callback()


def have_an_error_output() -> None:
    """Give a program of Windows that has no console somewhere to complain to: nowhere."""
    try:
        os.fstat(2)
    except OSError:
        null = os.open(os.devnull, os.O_WRONLY)
        if null != 2:
            os.dup2(null, 2)
            os.close(null)


def end_for_certain(seconds: float, status: int = LOCK) -> None:
    """End this process in `seconds` whatever its other threads do."""
    timer = threading.Timer(seconds, os._exit, (status,))
    timer.daemon = True
    timer.start()


def main(argv: list[str] | None = None, application: Callable[[], Application] | None = None) -> int:
    """Run one worker from keyless to ended; takes no arguments, because arguments are seen by everybody."""
    keep_to_ourselves()
    link = Link.take_over()
    link.listen()
    window = (application or _application)()
    window.prepare()
    link.say(Report(READY))
    order = link.wait_for_unlock()
    if order is None:
        return QUIT
    status = _serve(window, link, order)
    end_for_certain(SECONDS_TO_END, status)
    return status


def _serve(window: Application, link: Link, order: Unlock) -> int:
    try:
        with ProfileLock(order.folder, RECORD_LOCK_NAME).acquire(SECONDS_FOR_THE_LAST_ONE):
            link.when_opened(partial(forget_handover, order.folder))
            opened = Opened(order.folder, read_profile(order.folder), order.key)
            status = window.run_window(WorkerSession(opened, order.mode, order.extras, order.place, link))
    except PlainError as error:
        link.say(Report(REFUSED, sentence=error.sentence))
        return LOCK
    if status in (LOCK, QUIT):
        link.say(Report(LOCKED if status == LOCK else QUITTING))
    return status


def _application() -> Application:
    from ui.ahead import import_ahead  # noqa: PLC0415 (before PySide, which comes with ui.app)

    import_ahead()
    return cast("Application", importlib.import_module("ui.app"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
