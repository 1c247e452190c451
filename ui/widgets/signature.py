"""A place to sign with pen, finger or mouse. Offered, never required; kept as a small picture."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.theme.appearance import theme_of
from ui.widgets.buttons import SmallLink
from ui.widgets.editor import Answer, Answers, Editor, draw_box
from ui.widgets.layouts import column
from ui.widgets.surfaces import takes_drags

PICTURE = QSize(600, 180)
"""Pixels of the picture that is kept: enough to know a hand by, some kilobytes."""


class Pad(QWidget):
    """The sheet that is written on; strokes are in the picture's own measure, so that zoom keeps them."""

    written = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        takes_drags(self)
        self.strokes: list[QPainterPath] = []
        self.kept = QImage()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleDescription("Sign with a pen, a finger or the mouse. Nothing waits for it.")

    def sizeHint(self) -> QSize:
        """Return the size of the sheet."""
        return QSize(theme_of().px(PICTURE.width()), theme_of().px(PICTURE.height()))

    def clear(self) -> None:
        """Take everything off the sheet."""
        self.strokes, self.kept = [], QImage()
        self.update()

    def picture(self) -> QImage:
        """Return what is on the sheet, black on white."""
        image = self.kept.copy() if not self.kept.isNull() else QImage(PICTURE, QImage.Format.Format_RGB32)
        if self.kept.isNull():
            image.fill(QColor("white"))
        painter = QPainter(image)
        self._draw(painter, QColor("black"))
        painter.end()
        return image

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        path = QPainterPath(self._place(event))
        self.strokes.append(path)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry a stroke on."""
        if self.strokes:
            self.strokes[-1].lineTo(self._place(event))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a stroke: the sheet was written on."""
        if self.strokes:
            self.strokes[-1].lineTo(self._place(event) + QPointF(0.5, 0.5))
            self.update()
            self.written.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sheet, what was kept, and the strokes."""
        theme = theme_of()
        painter = QPainter(self)
        draw_box(painter, self, not self.isEnabled())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.kept.isNull():
            inside = self.rect().adjusted(2, 2, -2, -2)
            painter.drawImage(inside, self.kept)
        painter.scale(self.width() / PICTURE.width(), self.height() / PICTURE.height())
        self._draw(painter, QColor(theme.colours.ink))

    def _draw(self, painter: QPainter, colour: QColor) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(
            QPen(colour, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        for path in self.strokes:
            painter.drawPath(path)

    def _place(self, event: QMouseEvent) -> QPointF:
        at = event.position()
        return QPointF(at.x() * PICTURE.width() / self.width(), at.y() * PICTURE.height() / self.height())


class SignatureEditor(Editor):
    """A signature as a FHIR attachment; *Clear* takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 4)
        self.pad = Pad(self)
        self.pad.written.connect(self._written)
        outer.addWidget(self.pad, 0, Qt.AlignmentFlag.AlignLeft)
        self.clear = SmallLink("Clear the signature")
        self.clear.clicked.connect(self._clear)
        outer.addWidget(self.clear)
        self._answers: Answers = []
        self.clear.hide()

    def value(self) -> Answers:
        """Return the picture as an attachment; nothing for an empty sheet."""
        return [dict(answer) for answer in self._answers]

    def parts(self) -> list[QWidget]:
        """Return the sheet."""
        return [self.pad]

    def _written(self) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.pad.picture().save(buffer, "PNG")  # type: ignore[call-overload]
        content = base64.b64encode(buffer.data().data()).decode("ascii")
        buffer.close()
        self._answers = [
            {"valueAttachment": {"contentType": "image/png", "data": content, "title": "Signature"}}
        ]
        self.clear.show()
        self._tapped()

    def _clear(self) -> None:
        self.pad.clear()
        self._answers = []
        self.clear.hide()
        self._tapped()

    def _show(self, answers: Sequence[Answer]) -> None:
        if list(answers) == self._answers:
            return
        self.pad.clear()
        self._answers = [dict(answer) for answer in answers]
        held = next((one["valueAttachment"] for one in answers if "valueAttachment" in one), None)
        if held is not None:
            self.pad.kept = QImage.fromData(base64.b64decode(str(held.get("data", ""))))
        self.clear.setVisible(bool(answers))
