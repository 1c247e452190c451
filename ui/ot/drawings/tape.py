"""The drawing beside the measures: where the tape goes for the one at hand, and the same in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.care.measures import MeasureKind
from ui.ot.drawings.pad import TALL, WIDE, Pad
from ui.ot.drawings.table import alternative_text, draw
from ui.theme.appearance import theme_of
from ui.widgets.layouts import column
from ui.widgets.text import Small


class Picture(QWidget):
    """The drawing alone, as wide as there is room, up to a hand's width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind: MeasureKind | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_kind(self, kind: MeasureKind) -> None:
        """Draw another measure."""
        if kind == self.kind:
            return
        self.kind = kind
        self.setAccessibleName(f"Drawing: {alternative_text(kind)}")
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Say that the drawing keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height at a width."""
        return round(min(width, theme_of().px(260)) * TALL / WIDE)

    def sizeHint(self) -> QSize:
        """Return the usual size."""
        wide = theme_of().px(200)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        """Return the least size that can be made out."""
        wide = theme_of().px(140)
        return QSize(wide, self.heightForWidth(wide))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw."""
        if self.kind is not None:
            wide = min(self.width(), theme_of().px(260))
            painter = QPainter(self)
            draw(Pad(painter, theme_of(), QRectF(0, 0, wide, self.height())), self.kind)


class TapeDrawing(QWidget):
    """The drawing and, under it, where the tape goes in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 4, (0, 4, 0, 0))
        self.picture = Picture(self)
        self.where = Small("", self)
        outer.addWidget(self.picture)
        outer.addWidget(self.where)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_kind(self, kind: MeasureKind) -> None:
        """Show another measure."""
        self.picture.show_kind(kind)
        self.where.setText(kind.where)
