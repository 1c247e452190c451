"""Words on the screen: headings, body, quiet and small text, chips, key caps. Fonts go by class name."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme.appearance import theme_of
from ui.theme.theme import Role

Tone = Literal["accent", "warning", "stop", "good", "plain"]
_TONES: Final[dict[str, tuple[Role, Role]]] = {
    "accent": ("accent", "accent_soft"),
    "warning": ("warning", "warning_ground"),
    "stop": ("stop", "stop_ground"),
    "good": ("good", "good_ground"),
    "plain": ("ink", "surface"),
}


class Text(QLabel):
    """Running text that wraps. Never interprets what it shows as markup."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, wrap: bool = True) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        # Otherwise text on a surface would take the ink of fields, whatever its own class says.
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self.setWordWrap(wrap)
        self.setText(text)
        if wrap:
            self.setMinimumWidth(1)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Body(Text):
    """Body text in ink."""


class Quiet(Text):
    """Body text in quiet ink."""


class Small(Text):
    """Small text in quiet ink: hints, states, figures beside a heading."""


class Strong(Text):
    """Body text, semi-bold: labels of fields, names in lists."""


class Label(Strong):
    """The label of a field. As high as the quiet links that come and go beside it, so that nothing jumps."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        self._heights: dict[int, int] = {}
        super().__init__(text, parent)

    def setText(self, text: str) -> None:
        """Change the words, and forget their heights."""
        self._heights.clear()
        super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Forget the heights in another font."""
        self._heights.clear()
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        """Return the label's size, at least a small link high."""
        return super().sizeHint().expandedTo(QSize(0, theme_of().px(24)))

    def heightForWidth(self, width: int) -> int:
        """Return the wrapped height, at least a small link high; Qt asks dozens of times for each change."""
        if width not in self._heights:
            self._heights[width] = max(super().heightForWidth(width), theme_of().px(24))
        return self._heights[width]

    def minimumSizeHint(self) -> QSize:
        """Return the least size, at least a small link high."""
        return super().minimumSizeHint().expandedTo(QSize(0, theme_of().px(24)))


class ErrorText(Text):
    """What went wrong with a field and what to do, in words."""


class Heading(Text):
    """A section's heading."""


class BandName(Text):
    """The name of the person in the band at the top, or of the program."""


class BarText(Quiet):
    """Quiet text level with the fields and buttons beside it."""

    def heightForWidth(self, width: int) -> int:
        """Return the wrapped height, at least a target's."""
        return max(super().heightForWidth(width), theme_of().target)


class StateText(Text):
    """What the state line says first: small, semi-bold, in ink."""


class PageHeading(Text):
    """The one large heading of a page."""


class Chip(QLabel):
    """A short state in words on a tinted ground; the colour only repeats the words."""

    def __init__(self, text: str, tone: Tone = "accent", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._tone: Tone = tone
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def tone(self) -> Tone:
        """Return the tone in use."""
        return self._tone

    def set_tone(self, tone: Tone) -> None:
        """Change the tone."""
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the words in one line and their ground."""
        metrics, px = self.fontMetrics(), theme_of().px
        return QSize(metrics.horizontalAdvance(self.text()) + px(18) + 1, metrics.height() + px(6))

    def minimumSizeHint(self) -> QSize:
        """Allow wrapping down to a word or so."""
        return QSize(min(self.sizeHint().width(), theme_of().px(80)), self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """Say that narrow chips wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words."""
        return wrapped_height(self, self.text(), width - theme_of().px(18)) + theme_of().px(6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the words."""
        theme = theme_of()
        front, ground = _TONES[self._tone]
        painter = QPainter(self)
        outlined = theme.outlined or self._tone == "plain"
        rounded(
            painter,
            QRectF(self.rect()),
            theme.px(4),
            theme.colours.of(ground),
            theme.colours.hairline if outlined else None,
        )
        painter.setPen(QColor(theme.colours.of(front)))
        box = self.rect().adjusted(theme.px(9), theme.px(2), -theme.px(9), -theme.px(2))
        draw_words(painter, box, self.text())


class KeyCap(QLabel):
    """The name of a key in a small box."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the cap."""
        metrics, px = self.fontMetrics(), theme_of().px
        return QSize(metrics.horizontalAdvance(self.text()) + px(12), metrics.height() + px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cap."""
        theme = theme_of()
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), theme.px(4), theme.colours.surface, theme.colours.hairline)
        painter.setPen(QColor(theme.colours.quiet))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


WRAPPED: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(
    Qt.TextFlag.TextWordWrap
)


def draw_words(
    painter: QPainter,
    box: QRect,
    text: str,
    where: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
) -> None:
    """Draw ``text`` in ``box``, wrapped only where it does not fit in one line."""
    fits = painter.fontMetrics().horizontalAdvance(text) <= box.width() + 1
    painter.drawText(
        box, int(where) | int(Qt.TextFlag.TextSingleLine if fits else Qt.TextFlag.TextWordWrap), text
    )


def wrapped_height(widget: QWidget, text: str, width: int) -> int:
    """Return the height in pixels of ``text`` wrapped to ``width`` in the widget's font."""
    metrics = widget.fontMetrics()
    if metrics.horizontalAdvance(text) <= width:
        return metrics.height()
    return metrics.boundingRect(0, 0, max(1, width), 100_000, WRAPPED, text).height()


def rounded(
    painter: QPainter, box: QRectF, radius: int, fill: str | None, line: str | None = None, *, width: int = 1
) -> None:
    """Draw a rounded box: filled, outlined or both, sharp on the pixel grid."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    if line is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        painter.setPen(QPen(QColor(line), width))
        half = width / 2
        box = box.adjusted(half, half, -half, -half)
    painter.drawRoundedRect(box, radius, radius)
