"""The launcher's hold on its worker: starts it keyless, hands it the key, hears what it says, sees it end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from ui.launcher.protocol import Lines, MessageError, Report, Unlock

MILLISECONDS_TO_END: Final = 4000


class WorkerProcess(QObject):
    """One worker, from keyless to ended. `QProcess` gives Windows its pipes and hides its console."""

    said = Signal(object)
    """A `Report`."""
    ended = Signal(int)
    """The exit status; -1 when it was killed, crashed or could not be started."""

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._lines = Lines()
        self._over = False
        self._process = QProcess(self)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.setProcessEnvironment(QProcessEnvironment.systemEnvironment())
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._last_call = QTimer(self)
        self._last_call.setSingleShot(True)
        self._last_call.setInterval(MILLISECONDS_TO_END)
        self._last_call.timeout.connect(self.kill)

    def start(self) -> None:
        """Start it, keyless."""
        self._process.start(self._command[0], self._command[1:])

    def unlock(self, order: Unlock) -> None:
        """Hand over the key by the pipe; works before the worker is ready, because the pipe keeps it."""
        self._process.write(order.to_line())

    def stop(self) -> None:
        """Close the pipe, which ends the worker; kill it when it does not end in time."""
        if self.running:
            self._process.closeWriteChannel()
            self._last_call.start()

    def expect_end(self) -> None:
        """Kill the worker when it does not end in time, now that it said it would."""
        if self.running:
            self._last_call.start()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def wait_ended(self, milliseconds: int = MILLISECONDS_TO_END) -> None:
        """Wait until it has ended, killing it at the end of the time; for the launcher's own last moment."""
        if self.running and not self._process.waitForFinished(milliseconds):
            self.kill()
            self._process.waitForFinished(milliseconds)

    @property
    def running(self) -> bool:
        """Say whether the process lives."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def pid(self) -> int:
        """Give its process id, 0 when there is none."""
        return int(self._process.processId())

    def _read(self) -> None:
        try:
            for line in self._lines.feed(bytes(self._process.readAllStandardOutput().data())):
                self.said.emit(Report.from_line(line))
        except MessageError:
            self.kill()

    def _finished(self, status: int, how: QProcess.ExitStatus) -> None:
        self._read()
        self._end(status if how == QProcess.ExitStatus.NormalExit else -1)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end(-1)

    def _end(self, status: int) -> None:
        self._last_call.stop()
        if not self._over:
            self._over = True
            self.ended.emit(status)
