"""One piece of work off the screen's thread, and its answer back on it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from ascdesk.errors import PlainError


class Background(QObject):
    """Runs one function at a time on a thread of its own; the signals arrive on the screen's thread."""

    done = Signal(object)
    failed = Signal(object)
    _over = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._under_way = 0
        self._over.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Say whether something is under way: its signal ends it, though its thread may end later."""
        return self._under_way > 0

    def run(self, work: Callable[[], object]) -> None:
        """Run `work`; its value comes by `done`, a plain error by `failed`. Waits for the piece before it."""
        self.wait()
        self._under_way += 1
        self._thread = threading.Thread(target=self._work, args=(work,), name="background", daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the work is done; its signals come after."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, work: Callable[[], object]) -> None:
        said, value = "", None
        try:
            value = work()
            said = "done"
        except PlainError as error:
            said, value = "failed", error
        finally:  # our own mistake goes on to the thread's hook
            self._over.emit(said, value)

    def _answer(self, said: str, value: object) -> None:
        self._under_way -= 1
        if said == "done":
            self.done.emit(value)
        elif said == "failed":
            self.failed.emit(value)
