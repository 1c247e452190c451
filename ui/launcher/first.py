"""What is on the screen before the program is read in: the unlock window as it will stand, drawn.

Reading the launcher in takes as long as Qt itself. So it is read behind this picture, which keeps what is
typed meanwhile and gives way to the window itself. It imports next to nothing; ``Qt`` alone, with all its
enumerations, would cost a fifth of an empty window.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QColor, QFontDatabase, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme.fonts import FOLDER, font
from ui.theme.loader import load

if TYPE_CHECKING:
    from ui.launcher.app import Launcher, Settings
    from ui.theme.theme import TextKind, Theme

FACES = "AtkinsonHyperlegibleNext-*old.ttf"
"""The two weights that most of the picture is written in; the others come with the window."""

_WIDE, _HIGH, _COLUMN, _TOP = 880, 620, 412, 175
_MOST_KEPT = 1024
_DARK = 128


class FirstPicture(QWidget):
    """The unlock window in outline. ``painted`` is sent once; ``typed`` is what was typed meanwhile."""

    painted = Signal()

    def __init__(self, app: QApplication, folder: Path) -> None:
        super().__init__()
        self.setWindowTitle("ASC Desk")
        self.typed = ""
        self._enrolled = (folder / "profile.json").exists()
        self._done = False
        self._theme = _theme(app, folder)
        for path in sorted(FOLDER.glob(FACES)):
            QFontDatabase.addApplicationFont(str(path))
        size = QSize(self._theme.px(_WIDE), self._theme.px(_HIGH))
        self.resize(size.boundedTo(self.screen().availableSize()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the name, and for an enrolled laptop where the passphrase will be asked for."""
        painter, c, px = QPainter(self), self._theme.colours, self._theme.px
        painter.fillRect(self.rect(), QColor(c.paper))
        self._write(painter, QPoint(px(24), px(31)), "ASC Desk", "strong", c.accent)
        if self._enrolled:
            left = (self.width() - px(_COLUMN)) // 2
            top = px(_TOP) + (self.height() - px(_HIGH)) * 2 // 5
            self._write(painter, QPoint(left, top + px(26)), "Unlock ASC Desk", "page", c.ink)
            self._write(painter, QPoint(left, top + px(61)), "Your passphrase", "strong", c.ink)
            painter.setPen(QColor(c.edge))
            painter.setBrush(QColor(c.surface))
            field = QRectF(left + 0.5, top + px(70) + 0.5, px(_COLUMN) - 1, px(38) - 1)
            painter.drawRoundedRect(field, px(4), px(4))
        painter.end()
        if not self._done:
            self._done = True
            QTimer.singleShot(0, self._say_painted)  # once it is on the screen

    def _write(self, painter: QPainter, base: QPoint, words: str, kind: TextKind, colour: str) -> None:
        painter.setFont(font(self._theme, kind))
        painter.setPen(QColor(colour))
        painter.drawText(base, words)

    def _say_painted(self) -> None:
        self.painted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep what somebody types before there is a field for it."""
        if event.text().isprintable():
            self.typed = (self.typed + event.text())[:_MOST_KEPT]
        elif event.text() == "\b":
            self.typed = self.typed[:-1]


def _theme(app: QApplication, folder: Path) -> Theme:
    """Return the look that was chosen; where none was, by the system's ground."""
    system = app.palette()
    near = load("dark" if system.window().color().lightness() < _DARK else "light")
    if not (folder / "look.json").exists():
        return near
    from ui.theme.choice import SYSTEM, read_choice  # noqa: PLC0415 (only where something was chosen)

    chosen = read_choice(folder)
    theme = near if chosen.colours == SYSTEM else load(chosen.colours, QPalette(system))
    return theme.at(zoom=chosen.zoom)


class Starting(QObject):
    """Reads the launcher in once the picture is painted, and lets its window take the picture's place."""

    def __init__(self, app: QApplication, folder: Path, settings: Callable[[], Settings]) -> None:
        super().__init__(app)
        self._app, self._settings = app, settings
        self.launcher: Launcher | None = None
        self.trouble: BaseException | None = None
        self.picture = FirstPicture(app, folder)
        self.picture.painted.connect(self._go_on)
        self.picture.show()

    def _go_on(self) -> None:
        try:
            from ui.launcher.app import begin  # noqa: PLC0415 (behind the picture)

            self.launcher = begin(self._app, self._settings())
            window = self.launcher.window
            window.painted.connect(self._window_painted)
            window.setGeometry(self.picture.geometry())
            self.launcher.start()
        except BaseException as trouble:
            self.trouble = trouble  # raised where the program was started, not swallowed by a signal
            self._app.exit(1)

    def _window_painted(self) -> None:
        QTimer.singleShot(0, self._give_way)

    def _give_way(self) -> None:
        typed, self.picture.typed = self.picture.typed, ""
        if self.launcher is not None and typed:
            self.launcher.window.take_typed(typed)
        self.picture.hide()
        self.picture.deleteLater()


def run(folder: Path, settings: Callable[[], Settings]) -> int:
    """Run the launcher until the person quits, as ``ui.launcher.app.run`` does; a picture comes first."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    starting = Starting(app, folder, settings)
    status = app.exec()
    if starting.trouble is not None:
        raise starting.trouble
    from ui.launcher.app import end  # noqa: PLC0415 (it is there by now)

    assert starting.launcher is not None
    return end(starting.launcher, status)
