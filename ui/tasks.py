"""A thread with a queue: one works on the database, one uses the network; results are frozen values.

The screen's thread only ever starts work and receives results; bound methods of objects that have gone are
not called.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid


class Priority(IntEnum):
    """Whose work goes first: what somebody waits for, then what was pulled."""

    SCREEN = 0
    SYNC = 1
    LAST = 9


@dataclass(order=True, slots=True)
class _Task:
    priority: int
    number: int
    work: Callable[[], Any] = field(compare=False)
    done: Callable[[Any], None] | None = field(compare=False, default=None)
    failed: Callable[[Exception], None] | None = field(compare=False, default=None)
    future: Future[Any] | None = field(compare=False, default=None)


class WorkThread(QObject):
    """One thread with a queue. ``failed_unheard`` carries an error that no caller asked to hear of."""

    failed_unheard = Signal(object)
    idle = Signal()
    _finished = Signal(object, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: queue.PriorityQueue[_Task] = queue.PriorityQueue()
        self._numbers = count()
        self._waiting = 0
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Say whether work is waiting or its result has not been delivered."""
        return self._waiting > 0

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        priority: Priority = Priority.SCREEN,
    ) -> None:
        """Do ``work`` on the thread; call ``done`` or ``failed`` on the screen's thread, in order."""
        self._waiting += 1
        self._tasks.put(_Task(priority, next(self._numbers), work, done, failed))

    def wait_for(self, work: Callable[[], Any], priority: Priority = Priority.SYNC) -> Any:  # noqa: ANN401
        """Do ``work`` on the thread and wait for it: for other threads, never for the screen's."""
        future: Future[Any] = Future()
        self._tasks.put(_Task(priority, next(self._numbers), work, future=future))
        return future.result()

    def stop(self, seconds: float | None = None) -> None:
        """Finish what is queued, then end the thread; wait for that no longer than ``seconds``."""
        self._tasks.put(_Task(Priority.LAST, next(self._numbers), _stop))
        self._thread.join(seconds)

    def _loop(self) -> None:
        while (task := self._tasks.get()).work is not _stop:
            if task.future is not None:
                _settle(task.future, task.work)
                continue
            result: Any = None
            error: Exception | None = None
            try:
                result = task.work()
            except Exception as trouble:
                error = trouble
            self._finished.emit(task, result, error)

    def _deliver(self, task: _Task, result: Any, error: Exception | None) -> None:  # noqa: ANN401
        self._waiting -= 1
        receiver = task.done if error is None else task.failed
        if error is not None and task.failed is None:
            self.failed_unheard.emit(error)
        elif receiver is not None and alive(receiver):
            receiver(result if error is None else error)
        if not self._waiting:
            self.idle.emit()


def _stop() -> None:
    """Stand for the end of the queue."""


def _settle(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        future.set_result(work())
    except Exception as trouble:
        future.set_exception(trouble)


def alive(receiver: Callable[..., None]) -> bool:
    """Say whether the object that a method is bound to is still there."""
    owner = getattr(receiver, "__self__", None) or getattr(getattr(receiver, "func", None), "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
