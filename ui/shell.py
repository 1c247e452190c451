"""The main window: one page at a time, the shortcuts of the one table, the cover, and the lock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QWindow,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

from ui.actions import ACTIONS, OF_THE_WINDOW, Action, action
from ui.clipboard import PrivateClipboard
from ui.desk import Desk
from ui.idle import Idle
from ui.leaving import Leaving
from ui.pages.base import Page
from ui.pages.registry import PageSpec, page_spec
from ui.place import Place
from ui.theme.appearance import Appearance
from ui.widgets.layouts import column
from ui.widgets.surfaces import Surface
from ui.widgets.text import PageHeading, Quiet

IDLE_MINUTES = 15
"""Minutes without a key or a touch after which the program locks; a council will set its own."""
_THROUGH_SHEETS = {Qt.Key.Key_F9: "cover"}
"""Keys that work while a sheet is open, which goes first: somebody came into the room."""


class Cover(Surface):
    """A plain sheet over everything: somebody came into the room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, ground="paper")
        outer = column(self, 8, (48, 48, 48, 48))
        outer.addStretch(1)
        outer.addWidget(PageHeading("Covered"))
        outer.addWidget(Quiet("Press F9 to go on. Nothing was lost."))
        outer.addStretch(2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # keys that are struck now go nowhere
        self.setAccessibleName("Covered")
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
        self._under_cover: QWidget | None = None
        self._going: Callable[[], object] | None = None
        self._warned = False
        self._idle = Idle(IDLE_MINUTES, desk.clock, self)
        self.quiet = self._idle.quiet
        self._idle.gone.connect(self._nobody_is_here)
        self.leaving = Leaving(self)
        self.leaving.gone.connect(self._nobody_is_here)
        self.clipboard = PrivateClipboard(QGuiApplication.clipboard(), self)
        self._shortcuts = [self._shortcut(one) for one in ACTIONS if one.shortcut]
        desk.went.connect(self.go)
        desk.locked.connect(self._lock)
        desk.find_asked.connect(self.look_for)
        desk.acted.connect(self.act)
        desk.settled.connect(self._settled)

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
        if before is not page and not self._cover.isVisible():
            page.setFocus(Qt.FocusReason.OtherFocusReason)  # Tab then begins at its first control
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
        elif key == "look":
            self._show_look()
        elif self.page is not None and (key == "lock" or not self._cover.isVisible()):
            self._act_on(self.page, key)

    def _act_on(self, page: Page, key: str) -> None:
        if self.desk.closed is not None:
            page.act(key)  # the lease ended: its page is the only one, and nothing is looked for
        elif key == "palette":
            self._show_menu(page)
        elif place := action(key).place:
            page.leave()
            self.desk.go(Place(place))
        elif not page.act(key) and key == "find":
            self.look_for("")

    def watch(self, app: QGuiApplication) -> None:
        """See the keys and touches that arrive in any window of the program.

        A filter on the application itself would call Python for every event of every widget.
        """
        app.focusWindowChanged.connect(self._watch_window)
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._watch_field)

    def _watch_field(self, old: QWidget | None, new: QWidget | None) -> None:
        """See what the one field with the keyboard would do with the keys of undo and redo."""
        if old is not None and isValid(old):
            old.removeEventFilter(self)
        if isinstance(new, QLineEdit | QPlainTextEdit):
            new.installEventFilter(self)

    def _watch_window(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # one that is there already is only moved to the front

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count a key or a touch as somebody being here; a sheet that lies over the window is covered too."""
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin}:
            self._idle.here()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if _nothing_of_its_own(watched, event):
                event.ignore()  # a field that has nothing to undo leaves the key to the window
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            sheet = QApplication.activeModalWidget()
            if (
                isinstance(sheet, QDialog)
                and event.key() in _THROUGH_SHEETS
                and watched is sheet.windowHandle()
            ):
                sheet.reject()
                self.act(_THROUGH_SHEETS[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cover over everything."""
        super().resizeEvent(event)
        self._cover.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Write what is still being typed, wait until it is durable, stop the timers, and go."""
        if not self._may_go(self.close, "Close again to leave without saving."):
            event.ignore()
            return
        self._idle.stop()
        self.leaving.stop()
        self.closing.emit()
        super().closeEvent(event)

    def _may_go(self, go: Callable[[], object], otherwise: str) -> bool:
        """Say whether nothing would be lost by going; what is under way is waited for, then ``go`` again."""
        if self.page is not None:
            self.page.leave()
        if self.desk.writing:
            self._going = go
            return False
        if self.desk.state.unsaved and not self._warned:
            self._warned = True
            self.desk.try_again()
            self.desk.failed.emit(f"{self.desk.state.why} {otherwise}")
            return False
        return True

    def _settled(self) -> None:
        going, self._going = self._going, None
        if not self.desk.state.unsaved:
            self._warned = False
        if going is not None:
            going()

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
        if self._cover.isVisible():
            self._cover.hide()
            self._stack.show()
            if self.page is not None:
                self.page.refresh()  # what came while nobody could see it
            if self._under_cover is not None and isValid(self._under_cover):
                self._under_cover.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._under_cover = self.focusWidget()
        self._cover.setGeometry(self.rect())
        self._cover.show()
        self._cover.raise_()
        self._cover.setFocus(Qt.FocusReason.OtherFocusReason)
        self._stack.hide()

    def look_for(self, words: str) -> None:
        """Look for words in everything that this laptop holds; during a visit in that case alone."""
        from ui.dialogs.find import FindSheet  # noqa: PLC0415 (made when it is asked for)

        if self.page is not None and not self._cover.isVisible() and self.desk.closed is None:
            self.page.leave()
            FindSheet(self.desk, self, self._places(self.page), words).open()

    def _places(self, page: Page) -> list[tuple[str, Place]]:
        """Return the pages that can be gone to by name: of this page's record, and of the program."""
        if self.desk.visiting:
            return list(page.pages_here())
        return [*page.pages_here(), *((one.words, Place(one.place)) for one in ACTIONS if one.place)]

    def _show_menu(self, page: Page) -> None:
        from ui.dialogs.palette import Palette  # noqa: PLC0415 (made when it is asked for)

        menu = Palette(self.desk, self, [one for one in ACTIONS if self._can(page, one)])
        menu.taken.connect(self.act)
        menu.open()

    def _can(self, page: Page, one: Action) -> bool:
        """Say whether an action does something now: nothing leads away from a visit."""
        if one.key in OF_THE_WINDOW:
            return one.key != "palette"
        if self.desk.visiting and (one.place or one.key == "call"):
            return False
        return bool(one.place) or page.can(one.key)

    def _show_keys(self) -> None:
        from ui.dialogs.keys import Keys  # noqa: PLC0415 (opened seldom)

        Keys(self).open()

    def _show_look(self) -> None:
        from ui.dialogs.look import LookSheet  # noqa: PLC0415 (opened seldom)

        LookSheet(self._appearance, self).open()

    def _nobody_is_here(self) -> None:
        if self._may_go(self._lock, "Lock again to leave without saving."):
            self.lock_asked.emit()
        elif not self._cover.isVisible():
            self._toggle_cover()  # nobody is here, and something is on the screen alone

    def _lock(self) -> None:
        if self._may_go(self._lock, "Lock again to leave without saving."):
            self.lock_asked.emit()


def _nothing_of_its_own(watched: QObject, event: QKeyEvent) -> bool:
    """Say whether this is the key of undo or redo, in a field that has nothing to undo or redo."""
    undo, redo = event.matches(QKeySequence.StandardKey.Undo), event.matches(QKeySequence.StandardKey.Redo)
    if not (undo or redo):
        return False
    if isinstance(watched, QLineEdit):
        return not (watched.isUndoAvailable() if undo else watched.isRedoAvailable())
    if isinstance(watched, QPlainTextEdit):
        document = watched.document()
        return not (document.isUndoAvailable() if undo else document.isRedoAvailable())
    return False
