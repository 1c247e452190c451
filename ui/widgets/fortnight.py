"""Fourteen days as a strip, two weeks under one another: good, mixed or bad, by tap or key, with a few words.

It knows days and what was said of them; whose account it is, and where it is kept, is its owner's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.work.fortnight import KINDS, LENGTH, DayTold, day_words, first_day, read_day, read_days
from ui.theme.appearance import theme_of
from ui.widgets.buttons import SmallLink
from ui.widgets.editor import Answer, Answers, Editor, Field
from ui.widgets.layouts import Flow, column
from ui.widgets.rows import announce
from ui.widgets.text import Small

HINT: Final = (
    "Tap a day: good, mixed, bad, nothing. With the keyboard: arrow keys move, G, M and B say how it was, "
    "Space goes through them, Delete clears."
)
_WEEK: Final = 7
_ORDER: Final = ("", *KINDS)
_KEYS: Final = {Qt.Key.Key_G: "good", Qt.Key.Key_M: "mixed", Qt.Key.Key_B: "bad"}
_STEPS: Final = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_WEEK, Qt.Key.Key_Down: _WEEK,
}  # fmt: skip


class Strip(QWidget):
    """The drawing of the days. ``said``: a day and how it was, empty for nothing; ``chosen``: a day."""

    said = Signal(object, str)
    chosen = Signal(object)
    gone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = date(2000, 1, 3)
        self.at = 0
        self._told: dict[date, DayTold] = {}
        self._fixed = False
        self._pressed: tuple[int, QPointF] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(HINT)
        self._name()

    def set_fixed(self, fixed: bool) -> None:
        """Only show, or take hands and keys again."""
        self._fixed = fixed
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.StrongFocus)
        self.update()

    def show_days(self, first: date, told: Sequence[DayTold]) -> None:
        """Show the fourteen days from ``first`` on."""
        self.first, self._told = first, {one.day: one for one in told}
        self._name()
        self.update()

    @property
    def day(self) -> date:
        """Return the day that is chosen."""
        return self.first + timedelta(days=self.at)

    def words_of(self, day: date) -> str:
        """Return what a screen reader says of a day."""
        told = self._told.get(day)
        how = f"{KINDS[told.kind].lower()}{f', {told.note}' if told.note else ''}" if told else "nothing said"
        return f"{day_words(day)}: {how}"

    def box(self, at: int) -> QRectF:
        """Return where a day stands."""
        wide, tall = self.width() / _WEEK, self.height() / (LENGTH // _WEEK)
        return QRectF(at % _WEEK * wide, at // _WEEK * tall, wide, tall)

    def sizeHint(self) -> QSize:
        """Return two rows, each high enough for a finger and three short lines."""
        return QSize(theme_of().px(7 * 56), 2 * self._tall())

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow column."""
        return QSize(self._wide() * _WEEK, 2 * self._tall())

    def _wide(self) -> int:
        metrics = QFontMetrics(self._font(bold=True))
        return max(metrics.horizontalAdvance(word) for word in KINDS.values()) + theme_of().px(8)

    def _tall(self) -> int:
        return max(theme_of().target, self.fontMetrics().height() * 3 + theme_of().px(10))

    def _font(self, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(theme_of().px(13))
        font.setBold(bold)
        return font

    def _name(self) -> None:
        counts = {kind: sum(one.kind == kind for one in self._told.values()) for kind in KINDS}
        said = [f"{count} {kind}" for kind, count in counts.items() if count]
        self.setAccessibleName(
            f"Fourteen days from {day_words(self.first)}: {', '.join(said) or 'nothing said'}"
        )

    # -- hands and keys ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note the day that is pressed; a finger that only pushes the page away from here changes nothing."""
        self._pressed = None
        if self._fixed or event.button() != Qt.MouseButton.LeftButton:
            return
        found = next((at for at in range(LENGTH) if self.box(at).contains(event.position())), None)
        if found is not None:
            self._pressed = found, event.globalPosition()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Go on to what comes next for the day that was tapped."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or self._fixed or event.button() != Qt.MouseButton.LeftButton:
            return
        at, where = pressed
        if (event.globalPosition() - where).manhattanLength() <= theme_of().target / 2:
            self._choose(at)
            self._next()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move about and say how the days were."""
        key = Qt.Key(event.key())
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if self._fixed or not plain:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self._choose(min(LENGTH - 1, max(0, self.at + _STEPS[key])))
        elif key == Qt.Key.Key_Home:
            self._choose(0)
        elif key == Qt.Key.Key_End:
            self._choose(LENGTH - 1)
        elif key in _KEYS:
            self._say(_KEYS[key])
        elif key == Qt.Key.Key_Space:
            self._next()
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._say("")
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        """Show where the keyboard is, and say it."""
        self.update()
        self.chosen.emit(self.day)

    def focusOutEvent(self, event: object) -> None:
        """Tell that the keyboard left."""
        self.update()
        self.gone.emit()

    def _choose(self, at: int) -> None:
        self.at = at
        self.update()
        announce(self, self.words_of(self.day))
        self.chosen.emit(self.day)

    def _next(self) -> None:
        told = self._told.get(self.day)
        self._say(_ORDER[(_ORDER.index(told.kind if told else "") + 1) % len(_ORDER)])

    def _say(self, kind: str) -> None:
        self.said.emit(self.day, kind)
        announce(self, self.words_of(self.day))

    # -- drawing ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the days: weekday, date, and how it was, in words and in ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at in range(LENGTH):
            self._draw_day(painter, at)

    def _draw_day(self, painter: QPainter, at: int) -> None:
        theme = theme_of()
        colours, day = theme.colours, self.first + timedelta(days=at)
        told = self._told.get(day)
        grounds = {
            "good": (colours.good_ground, colours.good),
            "mixed": (colours.warning_ground, colours.warning),
            "bad": (colours.stop_ground, colours.stop),
        }
        ground, ink = grounds[told.kind] if told else (colours.surface, colours.quiet)
        gap = theme.px(2)
        box = self.box(at).adjusted(gap, gap, -gap, -gap)
        here = self.hasFocus() and at == self.at and not self._fixed
        if here:
            painter.setPen(QPen(QColor(colours.focus), theme.px(6)))
            painter.drawRoundedRect(box.adjusted(gap, gap, -gap, -gap), theme.px(5), theme.px(5))
        painter.setPen(
            QPen(QColor(colours.focus_edge if here else ink if told else colours.edge), theme.line)
        )
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box.adjusted(gap, gap, -gap, -gap), theme.px(5), theme.px(5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        line = box.height() / 3
        texts = (
            (day_words(day)[:3], colours.quiet, False),
            (f"{day.day}{'·' if told and told.note else ''}", colours.ink, False),
            (KINDS[told.kind] if told else "–", ink, bool(told)),
        )
        for number, (words, colour, bold) in enumerate(texts):
            painter.setFont(self._font(bold=bold))
            painter.setPen(QColor(colour))
            place = QRectF(
                QPointF(box.left(), box.top() + number * line),
                box.size().scaled(box.width(), line, Qt.AspectRatioMode.IgnoreAspectRatio),
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


class FortnightEditor(Editor):
    """The strip, what is said about the chosen day, and the weeks before and after."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: dict[date, DayTold] = {}
        self._loose: list[Answer] = []
        self._today = date.today()  # noqa: DTZ011 only until the page says what day it is
        self._fixed = False
        outer = column(self, 6)
        self.strip = Strip(self)
        self.strip.said.connect(self._said)
        self.strip.chosen.connect(self._chosen)
        self.strip.gone.connect(self._part_left)
        outer.addWidget(self.strip)
        self.hint = Small(HINT, self)
        outer.addWidget(self.hint)
        self._about = Small("", self)
        self.note = Field(self)
        self.note.textEdited.connect(self._noted)
        self.note.gone.connect(self._part_left)
        self._about.setBuddy(self.note)
        outer.addWidget(self._about)
        outer.addWidget(self.note)
        line = Flow(gap=16)
        self.earlier, self.later = SmallLink("A week earlier", self), SmallLink("A week later", self)
        self.earlier.clicked.connect(self._go_earlier)
        self.later.clicked.connect(self._go_later)
        line.addWidget(self.earlier)
        line.addWidget(self.later)
        outer.addLayout(line)
        self._draw(first_day((), self._today))

    def set_today(self, today: date) -> None:
        """Take the day it is; the strip ends with it where nothing else was told."""
        self._today = today
        self._draw(first_day(tuple(self._told.values()), today))

    def value(self) -> Answers:
        """Return one answer a day, in the order of the days."""
        days = [{"valueString": self._told[day].as_text()} for day in sorted(self._told)]
        return [*days, *self._loose]

    def parts(self) -> list[QWidget]:
        """Return the strip, the words about a day, and the links to other weeks."""
        return [self.strip, self.note]

    def part_names(self) -> list[str]:
        """Name the words apart from the strip."""
        return ["", "A few words about the day"]

    def set_read_only(self, fixed: bool) -> None:
        """Only show the days."""
        self._fixed = fixed
        self.strip.set_fixed(fixed)
        self.note.setReadOnly(fixed)
        for extra in (self.hint, self.earlier, self.later):
            extra.setVisible(not fixed)
        self._chosen(self.strip.day)

    def _show(self, answers: Sequence[Answer]) -> None:
        self._told = {one.day: one for one in read_days(answers)}
        self._loose = [one for one in answers if read_day(str(one.get("valueString", ""))) is None]
        self._draw(first_day(tuple(self._told.values()), self._today))

    def _draw(self, first: date) -> None:
        self.strip.show_days(first, tuple(self._told.values()))
        self._chosen(self.strip.day)

    def _said(self, day: date, kind: str) -> None:
        if kind:
            note = self._told[day].note if day in self._told else ""
            self._told[day] = DayTold(day, kind, note)
        else:
            self._told.pop(day, None)
        self._draw(self.strip.first)
        self._tapped()

    def _chosen(self, day: date) -> None:
        told = self._told.get(day)
        self._about.setText(f"About {day_words(day)}, if anything")
        self._about.setVisible(told is not None)
        self.note.setVisible(told is not None)
        if told is not None and self.note.text().strip() != told.note:
            self.note.setText(told.note)

    def _noted(self) -> None:
        day = self.strip.day
        if day in self._told:
            self._told[day] = DayTold(day, self._told[day].kind, " ".join(self.note.text().split())[:200])
            self.strip.show_days(self.strip.first, tuple(self._told.values()))
            self._typing()

    def _go_earlier(self) -> None:
        self._draw(self.strip.first - timedelta(days=_WEEK))

    def _go_later(self) -> None:
        self._draw(self.strip.first + timedelta(days=_WEEK))
