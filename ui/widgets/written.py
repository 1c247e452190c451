"""Written answers: a line of text, and long text that grows with what is written in it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from ui.theme.appearance import theme_of
from ui.widgets.bars import QuietBar
from ui.widgets.editor import Answer, Answers, Editor, Field, draw_box, first_string
from ui.widgets.layouts import column
from ui.widgets.text import ErrorText

LIMIT: Final = 100_000
"""Characters that one answer holds: three times the longest answer expected, 5,000 words."""
_TALLEST: Final = 40


class LineEditor(Editor):
    """One line of text; ``key`` is the FHIR value it makes (valueString, valueUri)."""

    def __init__(self, parent: QWidget | None = None, *, chars: int = 0, key: str = "valueString") -> None:
        super().__init__(parent)
        self._key = key
        self.field = Field(self, chars=chars)
        column(self, 4).addWidget(self.field)
        self.field.textEdited.connect(self._typing)
        self.field.gone.connect(self._part_left)

    def value(self) -> Answers:
        """Return the text, without spaces around it."""
        text = self.field.text().strip()
        return [{self._key: text}] if text else []

    def parts(self) -> list[QWidget]:
        """Return the field."""
        return [self.field]

    def _show(self, answers: Sequence[Answer]) -> None:
        self.field.setText(first_string(answers))
        if not self.field.hasFocus():
            self.field.setCursorPosition(0)  # what is longer than the field is read from its beginning


class GrowingText(QPlainTextEdit):
    """The box: plain text only, as tall as its content, up to a screenful. Tab moves on."""

    gone = Signal()
    refused = Signal(int)

    def __init__(self, parent: QWidget | None = None, lines: int = 4) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setFrameShape(QFrame.Shape.Box)  # not drawn: it keeps the scroll bar inside the edge
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(QuietBar(Qt.Orientation.Vertical))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.document().clearUndoRedoStacks()  # the margin was a step; undo in an empty box is the window's
        self.viewport().setAutoFillBackground(False)  # the box's own ground shows through
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return the height of the text, between the fewest lines and a screenful."""
        # A QPlainTextDocumentLayout counts its size in lines, wrapped ones too.
        lines = min(max(self._lines, int(self.document().size().height())), _TALLEST)
        edges = self.viewportMargins()
        around = edges.top() + edges.bottom() + 2 * self.frameWidth() + 2
        return QSize(theme_of().px(240), lines * self._line_height() + around)

    def minimumSizeHint(self) -> QSize:
        """Shrink sideways, never below the lines asked for."""
        return QSize(theme_of().px(120), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Draw the edge around the text, which scrolls inside it."""
        if event.type() == QEvent.Type.Paint:
            painter = QPainter(self)
            draw_box(painter, self, self.isReadOnly())
            painter.end()
            return True
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        return bool(super().event(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the words need at the new width; Qt wraps them again only when shown."""
        super().resizeEvent(event)
        if event.size().width() == event.oldSize().width():
            return
        layout, block = self.document().documentLayout(), self.document().begin()
        while block.isValid():
            layout.blockBoundingRect(block)
            block = block.next()
        self.updateGeometry()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as plain text; refuse what would pass the limit, and keep what is there."""
        text = source.text()
        taken = len(self.textCursor().selectedText())
        if self.document().characterCount() - taken + len(text) > LIMIT:
            self.refused.emit(len(text))
            return
        self.insertPlainText(text)
        self.ensureCursorVisible()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the editor, unless it is only a menu that opened."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.gone.emit()

    def _line_height(self) -> int:
        """Return a line's height in pixels, as it is laid out: on Windows more than the font says."""
        first = self.document().firstBlock().layout()
        laid_out = ceil(first.lineAt(0).height()) if first.lineCount() else 0
        return max(laid_out, self.fontMetrics().lineSpacing())

    def _fit(self) -> None:
        px = theme_of().px
        self.setLineWidth(px(2))
        self.setViewportMargins(px(10), px(8), px(6), px(8))
        self.updateGeometry()


class LongTextEditor(Editor):
    """Long text: a person's words or what was seen. Says so when a paste is too long, and loses nothing."""

    def __init__(self, parent: QWidget | None = None, *, lines: int = 4, key: str = "valueString") -> None:
        super().__init__(parent)
        self._key = key
        self.box = GrowingText(self, lines)
        self.notice = ErrorText()
        self.notice.hide()
        layout = column(self, 4)
        layout.addWidget(self.notice)
        layout.addWidget(self.box)
        self.box.textChanged.connect(self._changed)
        self.box.gone.connect(self._part_left)
        self.box.refused.connect(self._refused)

    def value(self) -> Answers:
        """Return the text as it was written, without empty lines around it."""
        text = self.box.toPlainText().strip()
        return [{self._key: text}] if text else []

    def parts(self) -> list[QWidget]:
        """Return the box."""
        return [self.box]

    def set_read_only(self, fixed: bool) -> None:
        """Let the text be read and copied but not changed."""
        self.box.setReadOnly(fixed)
        self.box.update()

    def problem(self) -> str:
        """Say when the text is longer than one answer holds."""
        length = self.box.document().characterCount() - 1
        if length <= LIMIT:
            return ""
        return f"This answer has {length:,} characters. Shorten it to {LIMIT:,}, or attach the rest."

    def _show(self, answers: Sequence[Answer]) -> None:
        text = first_string(answers)
        if text != self.box.toPlainText():
            self.box.setPlainText(text)
        self.notice.hide()

    def _changed(self) -> None:
        if self._setting:
            return
        self.notice.hide()
        self._typing()

    def _refused(self, length: int) -> None:
        self.notice.setText(
            f"What you pasted has {length:,} characters and one answer holds {LIMIT:,}. Nothing was changed: "
            "paste a part of it, or attach it as a document."
        )
        self.notice.show()
