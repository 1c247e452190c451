"""Buttons: one filled a page, the others outlined or written as links; pills for quiet choices."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QRadioButton, QSizePolicy, QWidget

from ui.theme.appearance import theme_of
from ui.widgets.text import draw_words, rounded, wrapped_height

_CENTRED = Qt.AlignmentFlag.AlignCenter


ARROWS: Final = frozenset((Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down))


def plain_words(text: str) -> str:
    """Return ``text`` so that Qt reads no shortcut into an ampersand."""
    return text.replace("&", "&&")


class _Painted(QPushButton):
    """A push button that draws itself from the theme and wraps when it has to."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(plain_words(text), parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer Enter as well as the space bar; Qt leaves Enter to a dialogue's default button."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Insist on the height of all lines: Qt’s columns give what does not grow that of one at most."""
        super().resizeEvent(event)
        needed = self.heightForWidth(self.width())
        self.setMinimumHeight(needed if needed > self.sizeHint().height() else 0)

    def words(self) -> str:
        """Return the words on the button as people read them."""
        return self.text().replace("&&", "&")

    def hasHeightForWidth(self) -> bool:
        """Say that narrow buttons wrap."""
        return True

    def minimumSizeHint(self) -> QSize:
        """Allow wrapping: words that do not fit beside each other go under each other."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme_of().px(120)), hint.height())


class Button(_Painted):
    """The outlined button."""

    filled = False

    def sizeHint(self) -> QSize:
        """Return the size of the words with room around them, at least the target's height."""
        theme = theme_of()
        return QSize(self.fontMetrics().horizontalAdvance(self.words()) + theme.px(32) + 1, theme.target)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words, at least the target's height."""
        theme = theme_of()
        return max(theme.target, wrapped_height(self, self.words(), width - theme.px(32)) + theme.px(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button in its present state."""
        theme = theme_of()
        c = theme.colours
        painter = QPainter(self)
        over = (self.underMouse() or self.isDown()) and self.isEnabled()
        if not self.isEnabled():
            fill, line, ink = c.paper, c.hairline, c.quiet
        elif self.filled:
            fill = c.accent_hover if over else c.accent
            line, ink = fill, c.on_accent
        else:
            fill, line, ink = (c.accent_soft if over else c.surface), c.accent, c.accent
        rounded(painter, QRectF(self.rect()), theme.px(6), fill, line, width=theme.line)
        painter.setPen(QColor(ink))
        draw_words(painter, self.rect().adjusted(theme.px(8), 0, -theme.px(8), 0), self.words(), _CENTRED)


class PrimaryButton(Button):
    """The one filled button of a page: what a worker most likely does next."""

    filled = True


class SecondaryButton(Button):
    """Any other button."""


class Link(_Painted):
    """An action or a place written as an underlined link."""

    def sizeHint(self) -> QSize:
        """Return the size of the words, in touch density at least a finger's."""
        theme = theme_of()
        least = theme.px(44) if theme.touch else 0
        return QSize(max(least, self.fontMetrics().horizontalAdvance(self.words()) + 1), self._least())

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words."""
        return max(self._least(), wrapped_height(self, self.words(), width))

    def _least(self) -> int:
        theme = theme_of()
        return max(self.fontMetrics().height() + theme.px(4), theme.px(44 if theme.touch else 24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, underlined; a thicker line under the pointer."""
        theme = theme_of()
        painter = QPainter(self)
        font = self.font()
        font.setUnderline(True)
        painter.setFont(font)
        ink = theme.colours.accent_hover if self.underMouse() else theme.colours.accent
        painter.setPen(QColor(ink if self.isEnabled() else theme.colours.quiet))
        draw_words(painter, self.rect(), self.words())


class SmallLink(Link):
    """A link in small text."""


class HintButton(_Painted):
    """A small outlined button that names its key, as *Staff notes (2) F8*."""

    def __init__(self, text: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._key = key

    def sizeHint(self) -> QSize:
        """Return the size of the words and the cap."""
        theme = theme_of()
        wide = self.fontMetrics().horizontalAdvance(self.words()) + theme.px(20)
        if self._key:
            wide += self._cap().width() + theme.px(4)
        return QSize(wide, max(theme.px(44) if theme.touch else 0, self.fontMetrics().height() + theme.px(8)))

    def minimumSizeHint(self) -> QSize:
        """Never wrap, and never cut the cap off."""
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        """Return the height; these never wrap."""
        return self.sizeHint().height()

    def _cap(self) -> QRect:
        px = theme_of().px
        font = self.font()
        font.setPixelSize(max(1, round(font.pixelSize() * 0.87)))
        wide = QFontMetrics(font).horizontalAdvance(self._key) + px(12)
        tall = QFontMetrics(font).height() + px(3)
        return QRect(self.width() - wide - px(8), (self.height() - tall) // 2, wide, tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button and the cap."""
        theme = theme_of()
        c, px = theme.colours, theme.px
        painter = QPainter(self)
        rounded(
            painter, QRectF(self.rect()), px(4), c.accent_soft if self.underMouse() else c.surface, c.edge
        )
        painter.setPen(QColor(c.ink))
        words = self.rect().adjusted(px(10), 0, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.words())
        self.draw_cap(painter, px(8))

    def draw_cap(self, painter: QPainter, edge: int) -> None:
        """Draw the name of the key, ``edge`` pixels from the right."""
        if not self._key:
            return
        c = theme_of().colours
        cap = self._cap().translated(theme_of().px(8) - edge, 0)
        rounded(painter, QRectF(cap), theme_of().px(4), c.surface, c.hairline)
        font = self.font()
        font.setPixelSize(max(1, round(font.pixelSize() * 0.87)))
        font.setWeight(font.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(c.quiet))
        painter.drawText(cap, int(Qt.AlignmentFlag.AlignCenter), self._key)


class Pill(QRadioButton):
    """One of a few quiet choices in a line: who says so, or why there is no answer. Read as a radio."""

    def __init__(self, text: str, code: str, parent: QWidget | None = None) -> None:
        super().__init__(plain_words(text), parent)
        self.code = code
        self.setAutoExclusive(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the words with room around them."""
        theme = theme_of()
        wide = self.fontMetrics().horizontalAdvance(self.text().replace("&&", "&"))
        return QSize(wide + theme.px(16), theme.px(44 if theme.touch else 24))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column: words that do not fit end in three dots, and stand whole in the tool tip."""
        return QSize(theme_of().px(48), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole words at hand where they do not fit."""
        super().resizeEvent(event)
        cut = self.width() < self.sizeHint().width()
        self.setToolTip(self.text().replace("&&", "&") if cut else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the group; Qt would walk along the tab chain and out of it."""
        if event.key() in ARROWS:
            event.ignore()
            return
        super().keyPressEvent(event)

    def hitButton(self, pos: QPoint) -> bool:
        """Take a tap anywhere on the pill."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pill: tinted and edged when chosen."""
        theme = theme_of()
        c = theme.colours
        painter = QPainter(self)
        chosen = self.isChecked()
        fill: str | None
        if theme.outlined and chosen:
            fill, line, ink = c.ink, c.ink, c.paper
        elif chosen:
            fill, line, ink = c.accent_soft, c.accent, c.accent
        else:
            fill = c.accent_soft if self.underMouse() else None
            line, ink = c.hairline, c.quiet
        font = self.font()
        if not chosen:
            font.setWeight(font.Weight.Normal)
        painter.setFont(font)
        box = QRectF(self.rect())
        rounded(painter, box, round(min(box.height(), theme.px(36)) / 2), fill, line)
        painter.setPen(QColor(ink))
        words = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - theme.px(10)
        )
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextHideMnemonic), words)
