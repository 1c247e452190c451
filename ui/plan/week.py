"""The week of a line: the timetable to write in with a second carer, and the week at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.care.costs import Day, Timetable
from ui.theme.appearance import theme_of
from ui.theme.fonts import font
from ui.widgets.buttons import SmallLink
from ui.widgets.choices import MultipleChoice, coded
from ui.widgets.editor import Answer, Answers, Editor
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Small
from ui.widgets.timetable import DAYS, PARTS, WeekTimetable

_DAY_NAMES = dict(DAYS)
_PART_NAMES = dict(PARTS)


class WeekEditor(Editor):
    """The week in minutes, and at which visits a second carer comes.

    One answer for each visit: ``{"valueString": "mon morning 45 2"}``, the carers last.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._carers: dict[tuple[str, str], int] = {}
        outer = column(self, 8)
        self.grid = WeekTimetable()
        outer.addWidget(self.grid)
        self._fixed = False
        self.more = SmallLink("Add a second carer")
        line = Flow()
        line.addWidget(self.more)
        outer.addLayout(line)
        self._place = column(None, 4)
        outer.addLayout(self._place)
        self.double: MultipleChoice | None = None
        self.more.clicked.connect(self._open)
        self.grid.edited.connect(self._grid_edited)
        self.grid.left.connect(self.left)

    def value(self) -> Answers:
        """Return one answer for each visit."""
        found: Answers = []
        for answer in self.grid.value():
            day, part, minutes = str(answer["valueString"]).split(" ")
            found.append({"valueString": f"{day} {part} {minutes} {self._carers.get((day, part), 1)}"})
        return found

    def parts(self) -> list[QWidget]:
        """Return the grid, then the link to a second carer."""
        return [*self.grid.parts(), self.more]

    def part_names(self) -> list[str]:
        """Name the grid and the link."""
        return ["minutes, by part of the day and day", self.more.words()]

    def set_read_only(self, fixed: bool) -> None:
        """Let the week be read but not changed."""
        self._fixed = fixed
        self.grid.set_read_only(fixed)
        self.more.setVisible(not fixed)
        if self.double is not None:
            self.double.set_read_only(fixed)

    def flush(self) -> None:
        """Emit what waits."""
        self.grid.flush()
        super().flush()

    def _show(self, answers: Sequence[Answer]) -> None:
        visits = [str(answer.get("valueString", "")).split(" ") for answer in answers]
        whole = [visit for visit in visits if len(visit) == 4 and visit[3].isdigit()]
        self._carers = {(day, part): int(carers) for day, part, _, carers in whole}
        self.grid.set_value([{"valueString": " ".join(visit[:3])} for visit in whole])
        if any(carers > 1 for carers in self._carers.values()) or self.double is not None:
            self._build()

    def _open(self) -> None:
        self._build()
        if self.double is not None and self.double.buttons:
            self.double.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        """Offer each visit that is in the week now."""
        if self.double is not None:
            self.double.hide()
            self.double.deleteLater()
            self.double = None
        visits = [answer["valueString"].split(" ")[:2] for answer in self.grid.value()]
        self.more.setText("Add a second carer" if visits else "Fill in the week to add a second carer")
        if not visits:
            return
        options = [
            coded(f"{day} {part}", f"{_DAY_NAMES[day]} {_PART_NAMES[part].lower()}") for day, part in visits
        ]
        self.double = MultipleChoice(options, self)
        self.double.setAccessibleName("Visits with two carers")
        for button in self.double.buttons:
            button.setAccessibleName(f"Two carers: {button.words()}")
        self.double.set_value(
            [
                option.answer
                for option in options
                if self._carers.get(tuple(option.answer["valueCoding"]["code"].split(" ")), 1) > 1
            ]
        )
        self.double.set_read_only(self._fixed)
        self.double.edited.connect(self._double_edited)
        self.double.left.connect(self.left)
        if not self._place.count():
            self._place.addWidget(Small("Two carers at once, at these visits:"))
        self._place.addWidget(self.double)
        self.more.hide()

    def _grid_edited(self) -> None:
        if self.double is not None:
            self._build()
        self._tapped()

    def _double_edited(self) -> None:
        assert self.double is not None
        chosen = {answer["valueCoding"]["code"] for answer in self.double.value()}
        for answer in self.grid.value():
            day, part, _ = answer["valueString"].split(" ")
            more = max(2, self._carers.get((day, part), 1))
            self._carers[day, part] = more if f"{day} {part}" in chosen else 1
        self._tapped()


class WeekAtAGlance(QWidget):
    """A line's week to look at: the parts of the day that are used, Monday to Sunday, minutes in each."""

    def __init__(self, week: Timetable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: dict[tuple[str, str], str] = {}
        for visit in week.visits:
            words = f"{visit.minutes}" + (f" ×{visit.carers}" if visit.carers > 1 else "")
            self._cells[visit.day.value, visit.part.value] = words
        used = {part for _, part in self._cells}
        self._parts = [(key, words) for key, words in PARTS if key in used]
        some_day = any(visit.day is Day.ANY for visit in week.visits)
        self._days = DAYS if some_day else DAYS[:-1]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._said())

    def _said(self) -> str:
        return "The week: " + "; ".join(
            f"{words.lower()}: "
            + ", ".join(
                f"{day} {self._cells[key, part]} minutes"
                for key, day in self._days
                if (key, part) in self._cells
            )
            for part, words in self._parts
        )

    def sizeHint(self) -> QSize:
        """Return a line for the days and one for each part of the day."""
        return QSize(theme_of().px(280), (len(self._parts) + 1) * self._tall() + 1)

    def minimumSizeHint(self) -> QSize:
        """Keep the height, give up width."""
        return QSize(theme_of().px(200), self.sizeHint().height())

    def _tall(self) -> int:
        return theme_of().px(28)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the grid with hairlines; a filled cell lies on the soft accent."""
        theme = theme_of()
        c, px = theme.colours, theme.px
        painter = QPainter(self)
        first = min(px(100), self.width() // 4)
        edges = [
            first + (self.width() - 1 - first) * at // len(self._days) for at in range(len(self._days) + 1)
        ]
        tall = self._tall()
        middle = int(Qt.AlignmentFlag.AlignCenter)
        left = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.fillRect(self.rect(), QColor(c.surface))
        narrow = edges[1] - edges[0] < px(46)
        for at, (key, words) in enumerate(self._days):
            box = QRect(edges[at], 0, edges[at + 1] - edges[at], tall)
            painter.setFont(font(theme, "small"))
            painter.setPen(QColor(c.quiet))
            painter.drawText(box, middle, words[:1] if narrow else words.replace("Any day", "Any"))
            for down, (part, _) in enumerate(self._parts, 1):
                said = self._cells.get((key, part), "")
                if said:
                    cell = box.translated(0, down * tall)
                    painter.fillRect(cell, QColor(c.accent_soft))
                    painter.setFont(font(theme, "chip", tabular=True))
                    painter.setPen(QColor(c.accent))
                    painter.drawText(cell, middle, said)
        painter.setFont(font(theme, "small"))
        painter.setPen(QColor(c.ink))
        for down, (_, words) in enumerate(self._parts, 1):
            painter.drawText(QRect(px(8), down * tall, first - px(8), tall), left, words)
        painter.setPen(QColor(c.hairline))
        for down in range(len(self._parts) + 2):
            painter.drawLine(0, down * tall, self.width() - 1, down * tall)
        for x in (0, *edges):
            painter.drawLine(x, 0, x, (len(self._parts) + 1) * tall)
