"""One piece of work off the screen's thread, and its answer back on it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from ascdesk.errors import PlainError


class Background(QObject):
    """Runs one function at a time on a thread of its own; the signals arrive on the screen's thread."""

    done = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Say whether something is under way."""
        return self._thread is not None and self._thread.is_alive()

    def run(self, work: Callable[[], object]) -> None:
        """Run `work`; its value comes by `done`, a plain error by `failed`. Waits for the piece before it."""
        self.wait()
        self._thread = threading.Thread(target=self._work, args=(work,), name="background", daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the work is done; its signals come after."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, work: Callable[[], object]) -> None:
        try:
            value = work()
        except PlainError as error:
            self.failed.emit(error)
        else:
            self.done.emit(value)
