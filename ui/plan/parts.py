"""Small parts of the plan's screen: figures, option rows, a line as it stands, things to do."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.care.costs import CostUnit
from ascdesk.care.determination import LegalBasis
from ascdesk.care.plans import Option, PlanLine
from ui.plan import words
from ui.plan.week import WeekAtAGlance
from ui.theme.appearance import theme_of
from ui.widgets.buttons import SmallLink
from ui.widgets.choices import Radio
from ui.widgets.layouts import Flow, column, row
from ui.widgets.surfaces import draw_mark
from ui.widgets.text import Body, Chip, Quiet, Small, Strong, Text, Tone

WEEK_WIDE = 84
YEAR_WIDE = 96
_ROOMY = 440


def figure(text: Text) -> Text:
    """Set a text as a figure: of one width each, at the right."""
    face = text.font()
    face.setFeature(QFont.Tag("tnum"), 1)
    text.setFont(face)
    text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    return text


class _Priced(QWidget):
    """Words, and a week's and a year's figure in columns at the right; told in words when it is narrow."""

    def __init__(self, left: QWidget, week: Text, year: Text) -> None:
        super().__init__()
        line = row(self, 8, (0, 2, 0, 2))
        line.addWidget(left, 1)
        self._figures = [figure(week), figure(year)]
        for text in self._figures:
            line.addWidget(text, 0, Qt.AlignmentFlag.AlignTop)
        self.narrow: QWidget | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the columns as wide as each other's; tell the figures in words where there is no room."""
        super().resizeEvent(event)
        px = theme_of().px
        roomy = self.width() >= px(_ROOMY)
        for text, wide in zip(self._figures, (WEEK_WIDE, YEAR_WIDE), strict=True):
            text.setFixedWidth(px(wide))
            text.setVisible(roomy)
        if self.narrow is not None:
            self.narrow.setVisible(not roomy)


class OptionsHead(_Priced):
    """The heads of the columns over options side by side."""

    def __init__(self) -> None:
        super().__init__(
            Small("Ways to meet it"), Small("each week", wrap=False), Small("each year", wrap=False)
        )


class OptionRow(_Priced):
    """One option: choose it, how far it goes, what it costs. ``chosen`` and ``opened`` carry its row."""

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, option: Option, *, fixed: bool) -> None:
        self.option = option
        name = option.name or "An option without a name yet"
        self.radio = Radio(name)
        self.radio.setAutoExclusive(False)
        self.radio.setChecked(option.preferred)
        self.radio.setEnabled(not fixed)
        self.link = SmallLink("Look" if fixed else "Change")
        self.link.setAccessibleName(f"{self.link.words()}: {name}")
        narrow = Small(self._cost())
        super().__init__(self._left(narrow), *self._cells())
        self.narrow = narrow
        said = [name, option.how_far, self._meets()[0], self._cost(), "chosen" if option.preferred else ""]
        self.radio.setAccessibleName(", ".join(part for part in said if part))
        self.radio.clicked.connect(self._chosen)
        self.link.clicked.connect(self._opened)

    def _left(self, narrow: QWidget) -> QWidget:
        held = QWidget()
        left = column(held, 0)
        left.addWidget(self.radio)
        under = column(None, 4, (32, 0, 0, 6))
        if self.option.how_far:
            under.addWidget(Quiet(self.option.how_far))
        under.addWidget(narrow)
        chips = Flow(gap=10, line_gap=4)
        chips.addWidget(Chip(*self._meets()))
        if not self.option.available:
            chips.addWidget(Chip("not available now", "plain"))
        if self.option.section_117:
            chips.addWidget(Chip("after-care, s.117", "plain"))
        chips.addWidget(self.link)
        under.addLayout(chips)
        left.addLayout(under)
        return held

    def _cells(self) -> tuple[Text, Text]:
        option, year = self.option, words.year_of(self.option)
        none = "not known" if option.weekly is None else "no charge"
        week = words.pounds(option.weekly) if option.weekly else none
        cells = Body(week, wrap=False), Body(words.pounds(year) if year else "", wrap=False)
        for cell in cells:
            cell.setContentsMargins(0, theme_of().px(8), 0, 0)
        return cells

    def _cost(self) -> str:
        option, year = self.option, words.year_of(self.option)
        if option.weekly is None or year is None:
            return "Cost not known yet"
        if not option.weekly:
            return "No charge"
        return f"{words.pounds(option.weekly)} each week, {words.pounds(year)} each year"

    def _meets(self) -> tuple[str, Tone]:
        if self.option.meets_needs is None:
            return "not said yet whether it meets it", "warning"
        return ("meets it", "good") if self.option.meets_needs else ("does not meet all of it", "accent")

    def _chosen(self) -> None:
        self.chosen.emit(self.option.row)

    def _opened(self) -> None:
        self.opened.emit(self.option.row)


class LineBlock(QWidget):
    """One line as it stands: how, by whom, the week, the cost. ``opened`` and ``removed`` carry its row."""

    opened = Signal(str)
    removed = Signal(str)

    def __init__(self, line: PlanLine, today: date, *, lacks: int, fixed: bool) -> None:
        super().__init__()
        self.line = line
        outer = column(self, 6)
        name = words.clipped(words.title(line), 200)
        outer.addWidget(Strong(name))
        facts = words.facts(line, today)
        if facts:
            outer.addWidget(Quiet(facts))
        self._chips(outer, lacks)
        if line.timetable is not None and line.timetable.visits:
            outer.addWidget(WeekAtAGlance(line.timetable))
        outer.addWidget(self._foot(fixed, name))

    def _chips(self, outer: object, lacks: int) -> None:
        assert hasattr(outer, "addLayout")
        chips: list[Chip] = []
        if line_urgent(self.line):
            chips.append(Chip("urgent: before the assessment, s.19(3)", "warning"))
        if self.line.section_117:
            chips.append(Chip("after-care, s.117: never charged for", "accent"))
        if lacks:
            chips.append(Chip("1 thing missing" if lacks == 1 else f"{lacks} things missing", "warning"))
        if chips:
            flow = Flow(gap=8, line_gap=4)
            for chip in chips:
                flow.addWidget(chip)
            outer.addLayout(flow)

    def _foot(self, fixed: bool, name: str) -> QWidget:
        held = QWidget()
        flow = Flow(held, gap=22, line_gap=4)
        for label, told in self.figures():
            flow.addWidget(_pair(label, told))
        change = SmallLink("Look" if fixed else "Change")
        change.setAccessibleName(f"{change.words()}: {name}")
        change.clicked.connect(self._opened)
        flow.addWidget(change)
        if not fixed:
            remove = SmallLink("Remove")
            remove.setAccessibleName(f"Remove: {name}")
            remove.clicked.connect(self._removed)
            flow.addWidget(remove)
        return held

    def figures(self) -> list[tuple[str, str]]:
        """Return minutes, rate, weekly and yearly cost and carers, each with its label."""
        line = self.line
        found: list[tuple[str, str]] = []
        if line.timetable is not None and line.timetable.visits:
            found.append(("Minutes a week", f"{line.timetable.minutes:,}"))
        elif line.units_per_week is not None and line.unit is not None:
            found.append(("In a week", f"{line.units_per_week.normalize():f}"))
        if line.unit is CostUnit.NO_CHARGE:
            found.append(("", "No charge"))
        elif words.rate(line):
            found.append(("Rate", words.rate(line)))
        cost = words.week_and_year(line)
        if cost is not None and any(cost):
            week, year = cost
            if week:
                found.append(("Weekly", words.pounds(week)))
            weeks = line.planned_weeks
            if weeks is not None and week and weeks < line.weeks_per_year:
                found.append((f"In all, {weeks} week{'s' * (weeks != 1)}", words.pounds(week * weeks)))
            else:
                found.append(("Yearly", words.pounds(year)))
        if words.carers(line):
            found.append(("", words.carers(line).capitalize()))
        return found

    def _opened(self) -> None:
        self.opened.emit(self.line.row)

    def _removed(self) -> None:
        self.removed.emit(self.line.row)


def line_urgent(line: PlanLine) -> bool:
    """Tell whether a line is urgent help before any assessment."""
    return line.basis is LegalBasis.URGENT


def _pair(label: str, told: str) -> QWidget:
    held = QWidget()
    inner = row(held, 5)
    if label:
        inner.addWidget(Small(label, wrap=False))
        inner.addWidget(figure(Strong(told, wrap=False)))
    else:
        inner.addWidget(Small(told, wrap=False))
    held.setAccessibleName(f"{label} {told}".strip())
    held.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return held


class ToDo(QWidget):
    """One thing that is missing: a link to its place, under the mark of things to look at."""

    followed = Signal(str)

    def __init__(self, sentence: str, at: str) -> None:
        super().__init__()
        self.at = at
        self.link = SmallLink(sentence)
        self.link.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy = self.link.sizePolicy()
        policy.setHeightForWidth(True)
        self.link.setSizePolicy(policy)
        self.link.clicked.connect(self._followed)
        flow = Flow(self, margins=(24, 2, 0, 2))
        flow.addWidget(self.link)
        self.setAccessibleName(f"Missing: {sentence}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mark level with the first line."""
        theme = theme_of()
        box = QRectF(theme.px(1), self.link.y() + theme.px(4), theme.px(14), theme.px(14))
        draw_mark(QPainter(self), box, "look", theme.colours.warning)

    def _followed(self) -> None:
        self.followed.emit(self.at)


class Sum(QWidget):
    """A line of the budget: what, and how much at the right."""

    def __init__(self, what: str, amount: str, *, strong: bool = False, quiet: bool = False) -> None:
        super().__init__()
        line = row(self, 12)
        kind = Strong if strong else (Small if quiet else Body)
        label = kind(what)
        label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        line.addWidget(label, 1)
        self._what, self._told = what, figure(kind(amount, wrap=False))
        line.addWidget(self._told)
        self.say(amount)

    def say(self, amount: str) -> None:
        """Say how much it is now."""
        self._told.setText(amount)
        self.setAccessibleName(f"{self._what}: {amount}")
