"""A whole launcher process, driven from inside: types what is in a file, then closes the second time.

Says on stdout, in JSON lines, when its window is painted and when it is hidden.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QEvent, QMetaObject, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import ui.launcher.app
from ui.launcher.app import Settings, run
from ui.launcher.resume import PIPE_VARIABLE
from ui.launcher.window import LauncherWindow

STAND_IN = Path(__file__).with_name("stand_in.py")


class Driver(QObject):
    """Sits where a person would."""

    def __init__(self, passphrase: Path | None) -> None:
        super().__init__()
        self._passphrase = passphrase

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, LauncherWindow):
            if event.type() == QEvent.Type.Show:
                watched.painted.connect(self.act, Qt.ConnectionType.QueuedConnection)
            elif event.type() == QEvent.Type.Hide:
                say("hidden", watched)
        return False

    def act(self) -> None:
        window = self.sender()
        assert isinstance(window, LauncherWindow)
        say("painted", window)
        if self._passphrase is not None:
            field = window.unlock.passphrase.field
            QTest.keyClicks(field, self._passphrase.read_text())
            QTest.keyClick(field, Qt.Key.Key_Return)
        else:
            threading.Thread(target=self.wait, args=(window,), daemon=True).start()

    def wait(self, window: LauncherWindow) -> None:
        sys.stdin.read()
        QMetaObject.invokeMethod(window, "close", Qt.ConnectionType.QueuedConnection)


def say(what: str, window: LauncherWindow) -> None:
    body = {"say": what, "pid": os.getpid(), "notice": window.unlock.notice.text()}
    print(json.dumps(body), flush=True)


def main() -> int:
    folder, mode, passphrase = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    if mode == "lock-when-told":  # the test looks into this process's memory, which is otherwise forbidden
        ui.launcher.app.keep_to_ourselves = lambda: None  # type: ignore[attr-defined]
    app = QApplication([])
    driver = Driver(None if PIPE_VARIABLE in os.environ else passphrase)
    app.installEventFilter(driver)
    return run(Settings(folder, mode, worker=[sys.executable, str(STAND_IN)]))


if __name__ == "__main__":
    sys.exit(main())
