"""One measure on the page: its name, two readings or its words, how they stand to each other, and *More*."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ascdesk.care.measures import Reading
from ascdesk.work.measuring import READINGS, Slot
from ui.ot.more import MorePart
from ui.ot.reading import Problem, ReadingField, in_tab_order, reading_width
from ui.theme.appearance import theme_of
from ui.widgets.accounts import Pills
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import Flow, column, row
from ui.widgets.rows import announce
from ui.widgets.surfaces import empty
from ui.widgets.text import Body, Chip, Small, Tone
from ui.widgets.written import LineEditor
from ui.words import long_day

OTHER = "other"
_BESIDE = 430
"""The width, in pixels at 100 per cent, from which a measure's name stands beside its readings."""


class _Narrow(QWidget):
    """A part of a row that keeps its width, so that the rows stand in columns."""

    def __init__(self, wide: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide = wide

    def sizeHint(self) -> QSize:
        """Return the width asked for."""
        return QSize(theme_of().px(self._wide), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Keep the width."""
        return QSize(theme_of().px(self._wide), super().minimumSizeHint().height())


class Verdict(_Narrow):
    """How two readings stand to each other, in words; the colour only repeats them."""

    WIDE = 108

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.WIDE, parent)
        self.chip = Chip("", "good", self)
        Flow(self).addWidget(self.chip)
        self.chip.hide()

    def say(self, words: str, tone: Tone) -> None:
        """Say it; nothing hides the chip."""
        if words != self.chip.text():
            self.chip.setText(words)
            self.chip.updateGeometry()
        self.chip.set_tone(tone)
        self.chip.setVisible(bool(words))


class _AsWide(_Narrow):
    """A part as wide as two readings and their verdict."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Verdict.WIDE + 12, parent)

    def sizeHint(self) -> QSize:
        """Return the width of what stands there in the other rows."""
        return super().sizeHint() + QSize(2 * reading_width(self), 0)

    def minimumSizeHint(self) -> QSize:
        """Keep the width."""
        return super().minimumSizeHint() + QSize(2 * reading_width(self), 0)


_TONES: dict[str, Tone] = {"agree": "good", "apart": "warning", "one": "accent", "none": "plain"}


def verdict_of(slot: Slot) -> tuple[str, Tone]:
    """Return how a measure stands, in words, with the tone that repeats them."""
    if slot.conflicts:
        return "two answers: choose", "warning"
    said = slot.taken.agreement
    if said.state != "none":
        return said.words, _TONES[said.state]
    if slot.taken.not_taken and not slot.taken.words:
        return "not taken", "plain"
    return "", "plain"


class MeasureRow(QWidget):
    """One measure. Signals carry the row itself, so that the page needs no closures.

    ``typed``: a reading was typed (name, text, figure or None); ``said``: its words were chosen; ``left``: a
    reading was left; ``onward``: Enter wants the reading after this one.
    """

    typed = Signal(object, str, str, object)
    said = Signal(object, str)
    left = Signal(object, str)
    onward = Signal(object, str)
    chose = Signal(object, str, str)
    more_said = Signal(object, str, object)

    def __init__(self, slot: Slot, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slot = slot
        self.fields: dict[str, ReadingField] = {}
        self.problems: dict[str, Problem] = {}
        self.pills: Pills | None = None
        self.other: LineEditor | None = None
        self.more: MorePart | None = None
        self._above = False
        self.setAccessibleName(slot.kind.name)
        self._outer = column(self, 4, (0, 8, 0, 8))
        self._line = row(None, 6)
        self._outer.addLayout(self._line)
        self.label = Body(slot.kind.name)
        self._line.addWidget(self.label, 1)
        self.verdict = Verdict(self)
        (self._figures if slot.kind.is_figure else self._words)()
        self.more_link = SmallLink("More", self)
        self.more_link.setAccessibleName(f"More about {slot.kind.name}: who, when, how")
        self.more_link.clicked.connect(self._toggle_more)
        end = _Narrow(44, self)
        column(end, 0).addWidget(self.more_link)
        self._line.addWidget(end)
        self._note = Small("", self)
        self._note.hide()
        self._outer.addWidget(self._note)
        for problem in self.problems.values():
            self._outer.addWidget(problem)
        self._conflict = column(None, 4)
        self._outer.addLayout(self._conflict)
        self.choices: list[ChoiceLink] = []
        self._last: Slot | None = None
        self.set_slot(slot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the name over the readings where there is no room beside them."""
        super().resizeEvent(event)
        above = self.width() < theme_of().px(_BESIDE)
        if above != self._above:
            self._above = above
            self._line.removeWidget(self.label)
            self._outer.removeWidget(self.label)
            if above:
                self._outer.insertWidget(0, self.label)
            else:
                self._line.insertWidget(0, self.label, 1)

    # -- making -----------------------------------------------------------------------------------------

    def _figures(self) -> None:
        for name in READINGS:
            field = ReadingField(self.slot.kind, name, self)
            field.paused.connect(self._paused)
            field.gone.connect(self._gone)
            field.onward.connect(self._onward)
            self.fields[name] = field
            self._line.addWidget(field)
            problem = Problem(field, self)
            problem.taken.connect(self._take)
            self.problems[name] = problem
        self._line.addWidget(self.verdict)

    def _words(self) -> None:
        kind = self.slot.kind
        held = _AsWide(self)
        inner = column(held, 4)
        offered = [(option, option) for option in kind.options]
        if kind.unit == "words":
            offered.append((OTHER, "other words"))
        self.pills = Pills(offered, kind.name, held, right=False)
        self.pills.chosen.connect(self._chosen)
        inner.addWidget(self.pills)
        self.verdict.setParent(held)
        self.verdict.hide()
        if kind.unit == "words":
            self.other = LineEditor(held)
            self.other.parts()[0].setAccessibleName(f"{kind.name}, in other words")
            self.other.edited.connect(self._other_written)
            self.other.hide()
            inner.addWidget(self.other)
        self._line.addWidget(held)

    # -- what the record holds --------------------------------------------------------------------------

    def set_slot(self, slot: Slot) -> None:
        """Show what the record holds; what is being typed stays."""
        if slot == self._last:
            return
        self._last = self.slot = slot
        for name, field in self.fields.items():
            field.set_reading(slot.readings.get(name, Reading(None, "")))
            field.setProperty("wrong", field.unread or name in slot.conflicts)
            field.update()
            self.problems[name].show_reading(field.reading, slot.kind)
        self._show_words()
        self._show_verdict()
        self._show_conflict()
        if self.more is not None:
            self.more.set_slot(slot)

    def _show_words(self) -> None:
        if self.pills is None:
            return
        words = self.slot.taken.words
        known = words in self.slot.kind.options
        writing = self.other is not None and not self.other.isHidden() and self.pills.code() == OTHER
        self.pills.set_code(words if known else OTHER if words or writing else "")
        if self.other is not None:
            self.other.setVisible(self.pills.code() == OTHER)
            self.other.follow([{"valueString": words}] if words and not known else [])

    def _show_verdict(self) -> None:
        self.verdict.say(*verdict_of(self.slot))
        typed = [
            f"{name} typed {reading.typed}"
            for name, reading in self.slot.readings.items()
            if reading.value is not None and reading.typed
        ]
        taken = self.slot.taken
        day = f"Weighed {long_day(taken.on)}" if self._dated and taken.on is not None else ""
        said = [*typed, day, taken.how, f"Not taken: {taken.not_taken}" if taken.not_taken else ""]
        words = " · ".join(part for part in said if part)
        self._note.setText(words)
        self._note.setVisible(bool(words) and self.more is None)
        for name, field in self.fields.items():
            about = (self.slot.kind.where, self.verdict.chip.text(), self.problems[name].words())
            field.setAccessibleDescription(" ".join(part for part in about if part))

    @property
    def _dated(self) -> bool:
        """Say whether the day belongs to the figure: a load is checked against a dated weight."""
        return self.slot.kind.id == "person.weight" and self.slot.taken.agreement.state != "none"

    def _show_conflict(self) -> None:
        empty(self._conflict)
        self.choices = []
        for name in self.slot.conflicts:
            assert self.slot.held is not None
            which = f"{name.capitalize()} reading: " if name in READINGS else ""
            self._conflict.addWidget(
                Small(
                    f"{which}two people wrote different things. It counts as not measured until you choose."
                )
            )
            line = Flow(gap=16, line_gap=2)
            for head in self.slot.held.fields.get(name, ()):
                words = str(head.value) if head.value is not None else "nothing"
                link = ChoiceLink(f"Take {words}", name, head.change)
                link.clicked.connect(self._choose)
                self.choices.append(link)
                line.addWidget(link)
            self._conflict.addLayout(line)

    # -- what a person does -----------------------------------------------------------------------------

    def flush(self) -> None:
        """Tell at once everything that waits for a pause."""
        for field in self.fields.values():
            field.flush()
        if self.other is not None:
            self.other.flush()
        if self.more is not None:
            self.more.flush()

    def typing(self) -> list[str]:
        """Return the readings that somebody is typing."""
        return [name for name, field in self.fields.items() if field.waiting or field.hasFocus()]

    def first(self) -> QWidget:
        """Return what takes the keyboard first."""
        if self.fields:
            return self.fields["first"]
        assert self.pills is not None
        return next((pill for pill in self.pills.pills if pill.isChecked()), self.pills.pills[0])

    def next_empty(self) -> QWidget | None:
        """Return the first reading that is still to be taken, if one is."""
        if self.slot.done:
            return None
        if not self.fields:
            return self.first()
        return next((field for field in self.fields.values() if not field.text().strip()), None)

    def set_focused(self, focused: bool) -> None:
        """Write the name of the measure at hand stronger."""
        font = self.label.font()
        font.setWeight(font.Weight.DemiBold if focused else font.Weight.Normal)
        self.label.setFont(font)

    def _field(self) -> ReadingField:
        field = self.sender()
        assert isinstance(field, ReadingField)
        return field

    def _paused(self) -> None:
        field = self._field()
        self.problems[field.name].show_reading(field.reading, self.slot.kind)
        field.setProperty("wrong", field.unread)
        field.update()
        self.typed.emit(self, field.name, field.text(), None)

    def _gone(self) -> None:
        self.left.emit(self, self._field().name)

    def _onward(self) -> None:
        field = self._field()
        problem = self.problems[field.name]
        if field.reading.meant:
            announce(self, problem.words())
            problem.offers[0].setFocus(Qt.FocusReason.TabFocusReason)
            return
        self.onward.emit(self, field.name)

    def _take(self, name: str, value: object) -> None:
        """Let a figure stand that was asked about, then go on."""
        assert isinstance(value, Decimal)
        field = self.fields[name]
        typed = field.text()
        field.set_reading(Reading(value, typed))
        field.setProperty("wrong", False)
        self.typed.emit(self, name, typed, value)
        self.onward.emit(self, name)
        self.problems[name].show_reading(field.reading, self.slot.kind)

    def _chosen(self, code: str) -> None:
        if code == OTHER and self.other is not None:
            self.other.show()
            self.other.parts()[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.other is not None:
            self.other.set_value([])
            self.other.hide()
        self.said.emit(self, code)

    def _other_written(self) -> None:
        assert self.other is not None
        answers = self.other.value()
        self.said.emit(self, str(answers[0]["valueString"]) if answers else "")

    def _choose(self) -> None:
        link = self.sender()
        if isinstance(link, ChoiceLink):
            self.chose.emit(self, link.name, link.change)

    def _toggle_more(self) -> None:
        if self.more is not None:
            self.more.flush()
            self.more.hide()
            self.more.deleteLater()
            self.more = None
            self.more_link.setText("More")
        else:
            self.more = MorePart(self.slot, self)
            self.more.said.connect(self._more_said)
            self._outer.addWidget(self.more)
            self.more_link.setText("Less")
            in_tab_order(self.more_link, self.more.parts())
            self.more.go()
        self._show_verdict()

    def _more_said(self, name: str, value: object) -> None:
        self.more_said.emit(self, name, value)


class ChoiceLink(SmallLink):
    """One of two answers that differ."""

    def __init__(self, words: str, name: str, change: str) -> None:
        super().__init__(words)
        self.name, self.change = name, change
