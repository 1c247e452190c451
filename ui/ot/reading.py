"""One reading of a tape: a field that keeps what is typed and says beside itself what may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from ascdesk.care.measures import MeasureKind, Reading, figure, parse, shown
from ui.theme.appearance import theme_of
from ui.widgets.buttons import HintButton
from ui.widgets.editor import PAUSE, Field
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Chip

UNITS = {"mm": "mm", "kg": "kg", "deg": "°", "count": ""}
_SPOKEN = {"mm": "millimetres", "kg": "kilograms", "deg": "degrees", "count": ""}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def in_tab_order(first: QWidget, others: Sequence[QWidget]) -> None:
    """Let Tab come to what was made later right after ``first``, and then go on as before."""
    for other in others:
        if other.focusPolicy() & Qt.FocusPolicy.TabFocus:
            QWidget.setTabOrder(first, other)
            first = other


def reading_width(widget: QWidget) -> int:
    """Return how wide a reading is in the widget's font: five figures and a unit."""
    face, px = QFont(widget.font()), theme_of().px
    face.setFeature(QFont.Tag("tnum"), 1)  # as the field's own figures
    metrics = QFontMetrics(face)
    return metrics.horizontalAdvance("00,000") + metrics.horizontalAdvance("mm") + px(28)


class ReadingField(Field):
    """A figure with its unit. ``paused``: a pause of typing; ``onward``: Enter."""

    paused = Signal()
    onward = Signal()

    def __init__(self, kind: MeasureKind, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, chars=6, after=UNITS.get(kind.unit, ""), figures=True)
        self.kind, self.name = kind, name
        self.reading = Reading(None, "")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
        self.setMaxLength(60)
        unit = _SPOKEN.get(kind.unit, "")
        self.setAccessibleName(", ".join(part for part in (kind.name, f"{name} reading", unit) if part))
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._paused)
        self._edited = False
        self._kept = False
        self.textEdited.connect(self._typed)
        self.gone.connect(self.flush)

    def sizeHint(self) -> QSize:
        """Return one width whatever the unit, so that readings stand in columns."""
        return QSize(reading_width(self), super().sizeHint().height())

    @property
    def unread(self) -> bool:
        """Say whether what is typed cannot be read at all."""
        return bool(self.reading.problem) and self.reading.literal is None

    @property
    def waiting(self) -> bool:
        """Say whether something was typed that was not told yet."""
        return self._edited

    def set_reading(self, reading: Reading) -> None:
        """Show what the record holds, unless somebody is typing here.

        Once the record had what was typed, anything else that it holds is newer: what was undone is seen
        although the keyboard is still here.
        """
        if self._edited:
            return
        if self.hasFocus() and self.isModified():
            same = _figure(reading) == _figure(self.reading)
            if same or not self._kept:
                self._kept = same
                return
        self._kept = False
        self.reading = reading
        words = shown(reading.value) if reading.value is not None else reading.typed
        if words != self.text():
            self.setText(words)
        self.setModified(False)

    def flush(self) -> None:
        """Tell at once what waits for a pause."""
        if self._edited:
            self._timer.stop()
            self._paused()

    def tidy(self) -> None:
        """Show a figure that can be read in its unit; what cannot stays as it was typed."""
        read = self.reading.value
        if read is not None and not self.isReadOnly():
            self.setText(shown(read))
        self.setModified(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter for the next reading."""
        if event.key() in ENTER:
            self.flush()
            self.onward.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save, then show the figure in its unit."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.tidy()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep what was typed in the last moment."""
        self.flush()
        super().hideEvent(event)

    def _typed(self) -> None:
        self._edited = True
        self._timer.start()

    def _paused(self) -> None:
        self._edited = self._kept = False
        self.reading = parse(self.text(), self.kind)
        self.paused.emit()


def _figure(reading: Reading) -> Decimal | str:
    """Return what a reading says: its figure, or what was typed where that is none."""
    return reading.typed if reading.value is None else reading.value


class Problem(QWidget):
    """What may be wrong with a reading, and the likelier figures to take with one key."""

    taken = Signal(str, object)

    def __init__(self, field: ReadingField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field, self.name = field, field.name
        outer = column(self, 4, (0, 0, 0, 4))
        self._said = Chip("", "warning", self)
        first = Flow()
        first.addWidget(self._said)
        outer.addLayout(first)
        self._held = QWidget(self)
        self._line = Flow(self._held, gap=8, line_gap=4)
        outer.addWidget(self._held)
        self.offers: list[Offer] = []
        self._shown: Reading | None = None
        self.hide()

    def words(self) -> str:
        """Return what is said."""
        return self._said.text() if self._shown is not None else ""

    def show_reading(self, reading: Reading, kind: MeasureKind) -> None:
        """Say what is wrong with a reading; nothing where nothing is."""
        if not reading.problem:
            self._shown = None
            self.hide()
            return
        if reading == self._shown:
            return
        self._shown = reading
        self._said.setText(f"{self.name.capitalize()}: {reading.problem}")
        self._said.updateGeometry()
        for offer in self.offers:
            offer.hide()
            offer.deleteLater()
        offered = [(one.value, figure(one.value, kind)) for one in reading.meant]
        if reading.literal is not None:
            offered.append((reading.literal, f"{figure(reading.literal, kind)} is right"))
        self.offers = [
            Offer(value, words, first=bool(reading.meant) and not n, parent=self._held)
            for n, (value, words) in enumerate(offered)
        ]
        for offer in self.offers:
            offer.clicked.connect(self._take)
            self._line.addWidget(offer)
        self._held.setVisible(bool(self.offers))
        self.show()
        in_tab_order(self._field, self.offers)

    def _take(self) -> None:
        offer = self.sender()
        if isinstance(offer, Offer):
            self.taken.emit(self.name, offer.figure)


class Offer(HintButton):
    """A likelier figure; Enter in the field comes to the first, Enter again takes it."""

    def __init__(self, value: Decimal, words: str, *, first: bool, parent: QWidget | None = None) -> None:
        super().__init__(words, "Enter" if first else "", parent)
        self.figure = value
        self.setAccessibleName(f"Take {words}")
