"""The main window: one page at a time, the shortcuts of the one table, the cover, and the lock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from ui.actions import ACTIONS, Action
from ui.desk import Desk
from ui.pages.base import Page
from ui.pages.registry import PageSpec, page_spec
from ui.place import Place
from ui.theme.appearance import Appearance
from ui.widgets.layouts import column
from ui.widgets.surfaces import Surface
from ui.widgets.text import PageHeading, Quiet

IDLE_MINUTES = 15
"""Minutes without a key or a touch after which the program locks; a council will set its own."""


class Cover(Surface):
    """A plain sheet over everything: somebody came into the room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, ground="paper")
        outer = column(self, 8, (48, 48, 48, 48))
        outer.addStretch(1)
        outer.addWidget(PageHeading("Covered"))
        outer.addWidget(Quiet("Press F9 to go on. Nothing was lost."))
        outer.addStretch(2)
        self.hide()


class Shell(QMainWindow):
    """The window of an opened record. ``closing`` is sent before it goes, ``lock_asked`` to lock."""

    closing = Signal()
    lock_asked = Signal()
    placed = Signal(object)

    def __init__(self, desk: Desk, appearance: Appearance) -> None:
        super().__init__()
        self.desk = desk
        self._appearance = appearance
        self.setWindowTitle("ASC Desk")  # never a name: titles are seen by everybody
        self.resize(1280, 800)
        self._stack = QStackedWidget(self)
        self.setCentralWidget(self._stack)
        self._pages: dict[str, Page] = {}
        self._cover = Cover(self)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MINUTES * 60_000)
        self._idle.timeout.connect(self._went_idle)
        self._shortcuts = [self._shortcut(action) for action in ACTIONS]
        desk.went.connect(self.go)
        desk.locked.connect(self._lock)
        self._idle.start()

    @property
    def page(self) -> Page | None:
        """Return the page on the screen."""
        current = self._stack.currentWidget()
        return current if isinstance(current, Page) else None

    def go(self, place: Place) -> None:
        """Show the page of a place; a page that is left writes first what is still being typed."""
        spec = page_spec(place.page)
        before = self.page
        page = self._pages.get(spec.key) or self._made(spec)
        if before is not None and before is not page:
            before.leave()
        self._stack.setCurrentWidget(page)
        page.show_place(place)
        self.placed.emit(place)

    def _made(self, spec: PageSpec) -> Page:
        page = spec.make(self.desk)
        self._pages[spec.key] = page
        self._stack.addWidget(page)
        return page

    def act(self, key: str) -> None:
        """Do an action: the window's own, else the page's."""
        if key == "cover":
            self._toggle_cover()
        elif key.startswith("zoom"):
            {
                "zoom-in": self._appearance.zoom_in,
                "zoom-out": self._appearance.zoom_out,
                "zoom-reset": self._appearance.zoom_reset,
            }[key]()
        elif key == "keys":
            self._show_keys()
        elif self.page is not None and not self._cover.isVisible():
            self.page.act(key)

    def watch(self, app: QGuiApplication) -> None:
        """See the keys and touches that arrive in any window of the program.

        A filter on the application itself would call Python for every event of every widget.
        """
        app.focusWindowChanged.connect(self._watch_window)

    def _watch_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # one that is there already is only moved to the front

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count a key or a touch as somebody being here."""
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}:
            self._idle.start()
        return super().eventFilter(watched, event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Write what is still being typed, stop the timers, and go."""
        self._idle.stop()
        if self.page is not None:
            self.page.leave()
        self.closing.emit()
        super().closeEvent(event)

    def _shortcut(self, action: Action) -> QShortcut:
        shortcut = QShortcut(QKeySequence(action.shortcut), self)
        shortcut.setObjectName(action.key)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(self._pressed)
        return shortcut

    def _pressed(self) -> None:
        shortcut = self.sender()
        if shortcut is not None:
            self.act(shortcut.objectName())

    def _toggle_cover(self) -> None:
        self._cover.setGeometry(self.rect())
        self._cover.setVisible(not self._cover.isVisible())
        self._cover.raise_()

    def _show_keys(self) -> None:
        from ui.dialogs.keys import Keys  # noqa: PLC0415 (opened seldom)

        Keys(self).open()

    def _went_idle(self) -> None:
        self._lock()

    def _lock(self) -> None:
        if self.page is not None:
            self.page.leave()
        self.lock_asked.emit()
