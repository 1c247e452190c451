"""The launcher's one window: pages in a stack, the name above, one true line below. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QPalette
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.launcher.pages import (
    AgainPage,
    ChoosePage,
    CouncilPage,
    Page,
    SignInPage,
    TroublePage,
    UnlockPage,
    caps_lock_after,
)
from ui.theme.appearance import theme_of
from ui.widgets.layouts import column, row
from ui.widgets.text import Small, Strong


class LauncherWindow(QWidget):
    """The unlock window. Pages are built when they are first shown, so that the first paint is soon."""

    painted = Signal()
    """Once, after the first paint."""
    closed = Signal()
    passphrase_given = Signal(str)
    try_again_asked = Signal()
    leave_asked = Signal()
    again_asked = Signal()
    again_agreed = Signal()
    again_left = Signal()
    council_given = Signal(str)
    sign_in_stopped = Signal()
    passphrase_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("ASC Desk")
        self._painted = False
        self._caps: bool | None = None
        self._pages: dict[Callable[[], Page], Page] = {}
        self.stack = QStackedWidget(self)
        self.line = Small(wrap=True)
        whole = column(self, 0)
        top = row(None, 8, (24, 16, 24, 0))
        self.name = Strong("ASC Desk", wrap=False)
        self.name.setForegroundRole(QPalette.ColorRole.Accent)
        top.addWidget(self.name)
        bottom = row(None, 8, (24, 8, 24, 16))
        bottom.addWidget(self.line)
        whole.addLayout(top)
        whole.addWidget(self.stack, 1)
        whole.addLayout(bottom)
        room = self.screen().availableSize()
        self.resize(QSize(theme_of().px(880), theme_of().px(620)).boundedTo(room))

    @property
    def unlock(self) -> UnlockPage:
        """Give the page that asks for the passphrase."""
        page = self._page(UnlockPage)
        assert isinstance(page, UnlockPage)
        return page

    @property
    def trouble(self) -> TroublePage:
        """Give the page for what a passphrase does not help with."""
        page = self._page(TroublePage)
        assert isinstance(page, TroublePage)
        return page

    @property
    def again(self) -> AgainPage:
        """Give the page that asks before a profile is set aside."""
        page = self._page(AgainPage)
        assert isinstance(page, AgainPage)
        return page

    @property
    def council(self) -> CouncilPage:
        """Give enrolment's first page."""
        page = self._page(CouncilPage)
        assert isinstance(page, CouncilPage)
        return page

    @property
    def sign_in(self) -> SignInPage:
        """Give enrolment's second page."""
        page = self._page(SignInPage)
        assert isinstance(page, SignInPage)
        return page

    @property
    def choose(self) -> ChoosePage:
        """Give enrolment's third page."""
        page = self._page(ChoosePage)
        assert isinstance(page, ChoosePage)
        return page

    def take_typed(self, typed: str) -> None:
        """Put what was typed before this window was there into the passphrase's field, if it is asked for."""
        if self.stack.currentWidget() is self._pages.get(UnlockPage):
            field = self.unlock.passphrase.field
            field.setText(typed + field.text())

    def show_page(self, page: Page) -> None:
        """Show a page and give the keyboard to its first field."""
        self.stack.setCurrentWidget(page)
        first = page.first_field()
        if first is not None:
            first.setFocus()

    def _page(self, kind: Callable[[], Page]) -> Page:
        if kind not in self._pages:
            made = kind()
            self._pages[kind] = made
            self.stack.addWidget(made)
            self._connect(made)
        return self._pages[kind]

    def _connect(self, page: Page) -> None:
        match page:
            case UnlockPage():
                page.passphrase.field.installEventFilter(self)
                page.submitted.connect(self.passphrase_given)
                page.cannot.connect(self.again_asked)
            case TroublePage():
                page.again.connect(self.try_again_asked)
                page.leave.connect(self.leave_asked)
                page.enrol.connect(self.again_asked)
            case AgainPage():
                page.agreed.connect(self.again_agreed)
                page.back.connect(self.again_left)
            case CouncilPage():
                page.submitted.connect(self.council_given)
            case SignInPage():
                page.cancelled.connect(self.sign_in_stopped)
            case ChoosePage():
                page.submitted.connect(self.passphrase_chosen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Watch the passphrase's keys for Caps Lock."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_CapsLock and self._caps is not None:
                self._caps = not self._caps
            else:
                known = caps_lock_after(event)
                self._caps = self._caps if known is None else known
            self.unlock.set_caps_lock(self._caps is True)
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that there is something on the screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that the person closed it."""
        super().closeEvent(event)
        self.closed.emit()
