"""A place to sign with pen, finger or mouse, or by a typed name. Never required; kept as a picture."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from ui.theme.appearance import theme_of
from ui.widgets.buttons import SmallLink
from ui.widgets.editor import Answer, Answers, Editor, Field, draw_box
from ui.widgets.layouts import column
from ui.widgets.surfaces import takes_drags

PICTURE = QSize(600, 180)
"""Pixels of the picture that is kept: enough to know a hand by, some kilobytes."""


_TYPED: Final = "Signed by typing the name: "


class Pad(QWidget):
    """The sheet that is written on; strokes are in the picture's own measure, so that zoom keeps them."""

    written = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        takes_drags(self)
        self.strokes: list[QPainterPath] = []
        self.kept = QImage()
        self.typed = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleDescription("Sign with a pen, a finger or the mouse. Nothing waits for it.")

    def sizeHint(self) -> QSize:
        """Return the size of the sheet."""
        return QSize(theme_of().px(PICTURE.width()), theme_of().px(PICTURE.height()))

    def clear(self) -> None:
        """Take everything off the sheet."""
        self.strokes, self.kept, self.typed = [], QImage(), ""
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

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Write with a pen: as with the mouse, at the pen's own resolution."""
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            self._begin(event.position())
        elif kind == QEvent.Type.TabletMove and event.buttons() != Qt.MouseButton.NoButton:
            self._carry_on(event.position())
        elif kind == QEvent.Type.TabletRelease:
            self._end(event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry a stroke on."""
        self._carry_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a stroke: the sheet was written on."""
        self._end(event.position())

    def _begin(self, at: QPointF) -> None:
        self.strokes.append(QPainterPath(self._place(at)))

    def _carry_on(self, at: QPointF) -> None:
        if self.strokes:
            self.strokes[-1].lineTo(self._place(at))
            self.update()

    def _end(self, at: QPointF) -> None:
        if self.strokes:
            self.strokes[-1].lineTo(self._place(at) + QPointF(0.5, 0.5))
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
        if self.typed:
            face = QFont(self.font())
            face.setItalic(True)
            face.setPixelSize(44)
            wide = QFontMetrics(face).horizontalAdvance(self.typed)
            face.setPixelSize(max(14, min(44, 44 * (PICTURE.width() - 40) // max(1, wide))))
            painter.setFont(face)
            middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            painter.drawText(QRect(20, 0, PICTURE.width() - 40, PICTURE.height()), middle, self.typed)

    def _place(self, at: QPointF) -> QPointF:
        return QPointF(at.x() * PICTURE.width() / self.width(), at.y() * PICTURE.height() / self.height())


class SignatureEditor(Editor):
    """A signature as a FHIR attachment; *Clear* takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 4)
        self.pad = Pad(self)
        self.pad.written.connect(self._written)
        outer.addWidget(self.pad, 0, Qt.AlignmentFlag.AlignLeft)
        self.name = Field(self, chars=32)
        self.name.setPlaceholderText("Or type the name")
        self.name.textEdited.connect(self._name_typed)
        self.name.gone.connect(self._part_left)
        outer.addWidget(self.name)
        self.clear = SmallLink("Clear the signature")
        self.clear.clicked.connect(self._clear)
        outer.addWidget(self.clear)
        self._answers: Answers = []
        self.clear.hide()

    def value(self) -> Answers:
        """Return the picture as an attachment; nothing for an empty sheet."""
        return [dict(answer) for answer in self._answers]

    def parts(self) -> list[QWidget]:
        """Return the sheet, and the field for a name."""
        return [self.pad, self.name]

    def part_names(self) -> list[str]:
        """Name the field beside the sheet."""
        return ["", "type the name"]

    def _name_typed(self) -> None:
        """Sign by a name that is typed: it stands on the sheet in place of strokes."""
        name = self.name.text().strip()
        if not name:
            self._clear()
            return
        self.pad.clear()
        self.pad.typed = name
        self._keep()
        self._typing()

    def _written(self) -> None:
        self.pad.typed = ""
        self.name.clear()
        self._keep()
        self._tapped()

    def _keep(self) -> None:
        """Keep what is on the sheet; the title says when it was typed."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self.pad.picture().save(buffer, "PNG")  # type: ignore[call-overload]
        content = base64.b64encode(buffer.data().data()).decode("ascii")
        buffer.close()
        title = f"{_TYPED}{self.pad.typed}" if self.pad.typed else "Signature"
        self._answers = [{"valueAttachment": {"contentType": "image/png", "data": content, "title": title}}]
        self.clear.show()

    def _clear(self) -> None:
        self.pad.clear()
        self.name.clear()
        self._answers = []
        self.clear.hide()
        self._tapped()

    def _show(self, answers: Sequence[Answer]) -> None:
        if list(answers) == self._answers:
            return
        self.pad.clear()
        self.name.clear()
        self._answers = [dict(answer) for answer in answers]
        held = next((one["valueAttachment"] for one in answers if "valueAttachment" in one), None)
        if held is not None:
            title = str(held.get("title", ""))
            self.name.setText(title.removeprefix(_TYPED) if title.startswith(_TYPED) else "")
            self.pad.kept = QImage.fromData(base64.b64decode(str(held.get("data", ""))))
        self.clear.setVisible(bool(answers))
