"""Single and multiple choice: words beside a round or square mark, in columns that reflow, by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QCheckBox, QRadioButton, QSizePolicy, QWidget

from ui.theme.appearance import theme_of
from ui.widgets.buttons import ARROWS, plain_words
from ui.widgets.editor import Answer, Answers, Editor, Field, first_string
from ui.widgets.layouts import Columns, Flow, column
from ui.widgets.text import draw_words, wrapped_height

_SHORT: Final = 22
_FORGET: Final = frozenset((Qt.Key.Key_Backspace, Qt.Key.Key_Delete))


@dataclass(frozen=True, slots=True)
class Option:
    """One offered answer: FHIR answer, words, quiet hint; ``alone`` excludes all others (*none of these*)."""

    answer: Answer
    label: str
    hint: str = ""
    alone: bool = False


def coded(code: str, label: str, system: str = "", *, hint: str = "", alone: bool = False) -> Option:
    """Return an option whose answer is a coding."""
    coding = {"code": code, "display": label} | ({"system": system} if system else {})
    return Option({"valueCoding": coding}, label, hint, alone)


class _Mark:
    """How a choice is measured and drawn; mixed into Qt's own buttons, which keep their roles for readers."""

    hint: str = ""
    is_round: bool

    def words(self) -> str:
        """Return the label as people read it."""
        assert isinstance(self, QAbstractButton)
        return self.text().replace("&&", "&")

    def sizeHint(self) -> QSize:
        """Return the size in one line."""
        return self._size()

    def minimumSizeHint(self) -> QSize:
        """Allow wrapping."""
        return QSize(min(theme_of().px(96), self._size().width()), self._tall(0))

    def hasHeightForWidth(self) -> bool:
        """Say that long words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words."""
        return self._tall(width)

    def hitButton(self, pos: QPoint) -> bool:
        """Take a tap anywhere on mark or words."""
        assert isinstance(self, QAbstractButton)
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw mark and words."""
        self._draw()

    def _size(self) -> QSize:
        assert isinstance(self, QAbstractButton)
        theme = theme_of()
        metrics = self.fontMetrics()
        wide = max(metrics.horizontalAdvance(self.words()), metrics.horizontalAdvance(self.hint))
        return QSize(wide + theme.px(34) + 1, self._tall(0))

    def _tall(self, width: int) -> int:
        assert isinstance(self, QAbstractButton)
        theme = theme_of()
        room = width - theme.px(32) if width else 1_000_000
        tall = wrapped_height(self, self.words(), room)
        if self.hint:
            tall += wrapped_height(self, self.hint, room)
        return max(theme.px(44 if theme.touch else 36), tall + theme.px(10))

    def _draw(self) -> None:
        assert isinstance(self, QAbstractButton)
        theme = theme_of()
        c, px = theme.colours, theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = min(self.height(), px(44 if theme.touch else 36))
        mark = QRectF(1, (line - px(22)) / 2, px(22), px(22))
        edge = c.accent if self.isChecked() or self.underMouse() else c.edge
        if bool(self.property("wrong")):
            edge = c.stop
        if not self.isEnabled():
            edge = c.quiet
        (draw_round if self.is_round else draw_square)(painter, mark, edge, self.isChecked())
        words = self.rect().adjusted(px(32), 0, 0, 0)
        painter.setPen(QColor(c.ink if self.isEnabled() else c.quiet))
        if not self.hint:
            draw_words(painter, words, self.words())
            return
        tall = wrapped_height(self, self.words(), words.width())
        words.adjust(0, px(7), 0, 0)
        top = int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(words, top, self.words())
        painter.setPen(QColor(c.quiet))
        painter.drawText(words.adjusted(0, tall, 0, 0), top, self.hint)


def draw_round(painter: QPainter, mark: QRectF, edge: str, chosen: bool) -> None:
    """Draw a radio mark as in the pictures: a ring, and a disc when chosen."""
    theme = theme_of()
    width = max(1.6, theme.px(100) / 62)
    painter.setPen(QPen(QColor(edge), width))
    painter.setBrush(QColor(theme.colours.surface))
    painter.drawEllipse(mark.adjusted(width / 2, width / 2, -width / 2, -width / 2))
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(edge))
        inset = mark.width() * 0.22
        painter.drawEllipse(mark.adjusted(inset, inset, -inset, -inset))


def draw_square(painter: QPainter, mark: QRectF, edge: str, chosen: bool) -> None:
    """Draw a tick box as in the pictures: a square, filled with a tick when chosen."""
    theme = theme_of()
    width = max(1.6, theme.px(100) / 62)
    painter.setPen(QPen(QColor(edge), width))
    painter.setBrush(QColor(edge if chosen else theme.colours.surface))
    painter.drawRoundedRect(
        mark.adjusted(width / 2, width / 2, -width / 2, -width / 2), theme.px(3), theme.px(3)
    )
    if chosen:
        pen = QPen(QColor(theme.colours.on_accent), width * 1.5)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        x, y, side = mark.x(), mark.y(), mark.width()
        painter.drawPolyline(
            [
                QPointF(x + side * at, y + side * down)
                for at, down in ((0.28, 0.53), (0.44, 0.69), (0.73, 0.33))
            ]
        )


class Radio(_Mark, QRadioButton):
    """A round mark with its words, which wrap. ``forgotten``: Backspace or Delete was pressed on it."""

    is_round = True
    gone = Signal()
    forgotten = Signal()

    def __init__(self, text: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(plain_words(text), parent)
        self.hint = hint
        _set_up(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the choice back on Backspace or Delete."""
        if event.key() in _FORGET:
            self.forgotten.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the editor."""
        super().focusOutEvent(event)
        self.gone.emit()


class Tick(_Mark, QCheckBox):
    """A square mark with its words, which wrap."""

    is_round = False
    gone = Signal()

    def __init__(self, text: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(plain_words(text), parent)
        self.hint = hint
        _set_up(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the group; Qt would walk along the tab chain and out of it."""
        if event.key() in ARROWS:
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the editor."""
        super().focusOutEvent(event)
        self.gone.emit()


def _set_up(button: QAbstractButton) -> None:
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    policy.setHeightForWidth(True)
    button.setSizePolicy(policy)


class _Choice(Editor):
    """What single and multiple choice share: options in place, an own answer, answers no longer offered."""

    exclusive = True

    def __init__(self, options: Sequence[Option], parent: QWidget | None = None, *, other: str = "") -> None:
        super().__init__(parent)
        self.options = list(options)
        self._buttons: list[Radio | Tick] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(self.exclusive)
        self._outer = column(self, 0)
        self._room = self._layout_for(self.options)
        self._outer.addLayout(self._room)
        for option in self.options:
            self._add(option)
        self._other: Field | None = None
        if other:
            self._other = Field(self, chars=32)
            self._other.setPlaceholderText(other)
            self._other.setAccessibleName(other)
            self._outer.addWidget(self._other)
            self._other.textEdited.connect(self._other_typed)
            self._other.gone.connect(self._part_left)
        self._group.idClicked.connect(self._clicked)

    @property
    def buttons(self) -> list[Radio | Tick]:
        """Return the marks in the order of the options."""
        return list(self._buttons)

    def value(self) -> Answers:
        """Return the chosen answers in the order offered, then the answer in own words."""
        chosen = [o.answer for o, b in zip(self.options, self._buttons, strict=True) if b.isChecked()]
        own = self._other.text().strip() if self._other is not None else ""
        return chosen + ([{"valueString": own}] if own else [])

    def parts(self) -> list[QWidget]:
        """Return the marks, then the own answer's field."""
        found: list[QWidget] = list(self._buttons)
        return found + ([self._other] if self._other is not None else [])

    def _layout_for(self, options: Sequence[Option]) -> Flow | Columns:
        short = all(len(o.label) <= _SHORT and not o.hint for o in options)
        if short and len(options) <= 6:
            return Flow(gap=28, line_gap=0)
        return Columns(
            least=250, line_gap=0, most=2 if all(len(o.label) <= 60 and not o.hint for o in options) else 1
        )

    def _add(self, option: Option) -> None:
        button = (
            Radio(option.label, option.hint, self)
            if self.exclusive
            else Tick(option.label, option.hint, self)
        )
        button.gone.connect(self._part_left)
        if isinstance(button, Radio):
            button.forgotten.connect(self.forget)
        self._group.addButton(button, len(self._buttons))
        self._buttons.append(button)
        self._room.addWidget(button)

    def forget(self) -> None:
        """Take every choice back and tell."""
        self._uncheck()
        self._tapped()

    def _uncheck(self) -> None:
        self._group.setExclusive(False)
        for button in self._buttons:
            button.setChecked(False)
        self._group.setExclusive(self.exclusive)

    def _show(self, answers: Sequence[Answer]) -> None:
        self._uncheck()
        own = ""
        for answer in answers:
            at = self._find(answer)
            if at is None and self._other is not None and "valueString" in answer:
                own = str(answer["valueString"])
                continue
            if at is None:
                # An answer from an older form is kept and shown; it is the worker who may take it back.
                words = first_string([answer]) or "An earlier answer"
                self.options.append(Option(answer, f"{words} (no longer offered)"))
                self._add(self.options[-1])
                at = len(self.options) - 1
            self._buttons[at].setChecked(True)
        if self._other is not None:
            self._other.setText(own)

    def _find(self, answer: Answer) -> int | None:
        for at, option in enumerate(self.options):
            if _same(option.answer, answer):
                return at
        return None

    def _other_typed(self) -> None:
        self._typing()

    def _clicked(self, at: int) -> None:
        raise NotImplementedError


class SingleChoice(_Choice):
    """One answer out of a few. Arrow keys move; Backspace or Delete take it back."""

    def _clicked(self, at: int) -> None:
        if self._other is not None:
            self._other.clear()
        self._tapped()

    def _other_typed(self) -> None:
        self._uncheck()
        self._typing()


class MultipleChoice(_Choice):
    """Any number of answers; one marked ``alone`` takes the others' marks away, and they take its."""

    exclusive = False

    def _clicked(self, at: int) -> None:
        if self._buttons[at].isChecked():
            alone = self.options[at].alone
            for other, button in enumerate(self._buttons):
                if other != at and (alone or self.options[other].alone):
                    button.setChecked(False)
        self._tapped()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between ticks with the arrow keys."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        step = steps.get(Qt.Key(event.key()))
        focus = [at for at, button in enumerate(self._buttons) if button.hasFocus()]
        if step is None or not focus:
            super().keyPressEvent(event)
            return
        at = min(max(focus[0] + step, 0), len(self._buttons) - 1)
        self._buttons[at].setFocus(Qt.FocusReason.OtherFocusReason)


def _same(offered: Answer, given: Answer) -> bool:
    mine, theirs = offered.get("valueCoding"), given.get("valueCoding")
    if isinstance(mine, dict) and isinstance(theirs, dict):
        systems = (mine.get("system"), theirs.get("system"))
        return mine.get("code") == theirs.get("code") and (systems[0] == systems[1] or None in systems)
    keys = {key for key in (*offered, *given) if key.startswith("value")}
    return all(offered.get(key) == given.get(key) for key in keys)
