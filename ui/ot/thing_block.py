"""One thing of a room on the page: its measures one under another, and beside them where the tape goes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ascdesk.care.measures import THINGS
from ascdesk.work.measuring import ThingSlots
from ui.ot.drawings.tape import TapeDrawing
from ui.ot.measure_row import MeasureRow
from ui.ot.naming import NameLine
from ui.theme.appearance import theme_of
from ui.theme.fonts import font
from ui.widgets.buttons import SmallLink
from ui.widgets.layouts import Flow, column, row
from ui.widgets.surfaces import Cells, Hairline, PageScroll
from ui.widgets.text import Heading, Quiet

_BESIDE = 600


class ThingBlock(QWidget):
    """A bath, a chair, the person. Signals carry the thing, and for some the name it is to have."""

    renamed = Signal(object, str)
    another = Signal(object, str)
    removed = Signal(object)
    none = Signal(object)
    after_all = Signal(object)

    def __init__(self, thing: ThingSlots, *, last: bool, alone: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thing = thing
        self._last, self._alone = last, alone
        self.rows: list[MeasureRow] = []
        self.drawing: TapeDrawing | None = None
        self._at: MeasureRow | None = None
        self._name_line: NameLine | None = None
        self._none_link: SmallLink | None = None
        self._remove_link: SmallLink | None = None
        self.setAccessibleName(thing.name)
        self._outer = column(self, 4)
        head = row(None, 16)
        self.heading = Heading(thing.name)
        head.addWidget(self.heading, 1)
        self._outer.addLayout(head)
        self._links = Flow(gap=18, line_gap=2)
        if thing.none_here:
            self._say_none()
        else:
            self._build()
        self._outer.addLayout(self._links)

    # -- making -----------------------------------------------------------------------------------------

    def _say_none(self) -> None:
        self._outer.addWidget(Quiet(self.thing.none_here))
        self._link("There is one after all", self._after_all)

    def _build(self) -> None:
        held = QWidget(self)
        cells = Cells(held, (4, 11), least=_BESIDE, gap=16)
        side = QWidget(held)
        self._side = column(side, 0)
        self.drawing = TapeDrawing(side)
        self._side.addWidget(self.drawing)
        cells.addWidget(side)
        self._list = QWidget(held)
        self._lines = lines = column(self._list, 0)
        head = _Head(self._list)
        head.setVisible(self.thing.slots[0].kind.is_figure)
        lines.addWidget(head)
        for slot in self.thing.slots:
            if self.rows or not head.isHidden():
                lines.addWidget(Hairline(self._list))
            made = MeasureRow(slot, self._list)
            self.rows.append(made)
            lines.addWidget(made)
        head.over = self.rows[0]
        cells.addWidget(self._list)
        self._outer.addWidget(held)
        self.drawing.show_kind(self.thing.slots[0].kind)
        self._offer()

    def _offer(self) -> None:
        names = THINGS[self.thing.group]
        if not names.another:
            return
        if self._last:
            self._link(names.another, self._ask_another)
        self._link("Give it a name", self._ask_name)
        self._none_link = self._link(names.none, self._none)
        self._remove_link = self._link("Remove", self._remove)
        self._offer_what_goes()

    def _offer_what_goes(self) -> None:
        """Offer *there is none* while nothing was measured, and *remove* once there is something."""
        if self._none_link is None or self._remove_link is None:
            return
        begun = any(slot.begun for slot in self.thing.slots)
        self._none_link.setVisible(not begun and not self.thing.thing)
        self._remove_link.setVisible(begun or bool(self.thing.thing) or not self._alone)

    def _link(self, words: str, slot: Callable[[], None]) -> SmallLink:
        link = SmallLink(words, self)
        link.setAccessibleName(f"{words}: {self.thing.name}")
        link.clicked.connect(slot)
        self._links.addWidget(link)
        return link

    # -- what the record holds --------------------------------------------------------------------------

    def set_thing(self, thing: ThingSlots) -> None:
        """Show what the record holds, in the same rows."""
        self.thing = thing
        if thing.none_here:
            return  # no rows were made
        for made, slot in zip(self.rows, thing.slots, strict=True):
            made.set_slot(slot)
        self._offer_what_goes()

    # -- what a person does -----------------------------------------------------------------------------

    def show_row(self, wanted: object) -> None:
        """Draw where the tape goes for this measure, beside its row; for another thing's, none stands out."""
        for made in self.rows:
            made.set_focused(made is wanted)
            if made is wanted and self.drawing is not None:
                self.drawing.show_kind(made.slot.kind)
                self._at = made
        QTimer.singleShot(0, self, self._move)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the drawing beside its row."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._move)

    def _move(self) -> None:
        """Put the drawing beside the row at hand, as far as there is room under it; or over the row."""
        if self.drawing is None or self._at is None:
            return
        if self.width() < theme_of().px(_BESIDE):
            self._put_over(self.drawing, self._at)
            return
        if self.drawing.parentWidget() is not self._side.parentWidget():
            self._lines.removeWidget(self.drawing)
            self._side.addWidget(self.drawing)
        wide = self.drawing.width()
        room = self._list.height() - self.drawing.heightForWidth(wide)
        top = self._at.geometry().center().y() - self.drawing.picture.heightForWidth(wide) // 2
        self._side.setContentsMargins(0, max(0, min(top, room)), 0, 0)

    def _put_over(self, drawing: TapeDrawing, at: MeasureRow) -> None:
        """Where there is no room beside the rows the drawing goes along with the row at hand."""
        if (
            drawing.parentWidget() is self._list
            and self._lines.indexOf(drawing) == self._lines.indexOf(at) - 1
        ):
            return
        self._side.setContentsMargins(0, 0, 0, 0)
        self._side.removeWidget(drawing)
        self._lines.removeWidget(drawing)
        self._lines.insertWidget(self._lines.indexOf(at), drawing)
        drawing.show()
        QTimer.singleShot(0, self, self._seek)

    def _seek(self) -> None:
        """Keep both in sight, the row before its drawing."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, PageScroll):
            area = area.parentWidget()
        if area is not None and self.drawing is not None and self._at is not None:
            area.show_widget(self.drawing)
            area.show_widget(self._at)

    def _ask(self, line: NameLine) -> None:
        self._end_name()
        self._name_line = line
        line.ended.connect(self._end_name)
        self._outer.addWidget(line)
        line.go()

    def _end_name(self) -> None:
        if self._name_line is not None:
            self._name_line.hide()
            self._name_line.deleteLater()
            self._name_line = None

    def _ask_another(self) -> None:
        line = NameLine("Which one is it? By the window, Peter’s, the left one", "Add it", parent=self)
        line.named.connect(self._another)
        self._ask(line)

    def _ask_name(self) -> None:
        line = NameLine("What is it called?", "Call it so", self.thing.thing, self)
        line.named.connect(self._renamed)
        self._ask(line)

    def _another(self, name: str) -> None:
        self.another.emit(self.thing, name)

    def _renamed(self, name: str) -> None:
        self.renamed.emit(self.thing, name)

    def _remove(self) -> None:
        self.removed.emit(self.thing)

    def _none(self) -> None:
        self.none.emit(self.thing)

    def _after_all(self) -> None:
        self.after_all.emit(self.thing)


class _Head(QWidget):
    """The heads of the two columns of readings, drawn above the fields wherever these stand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.over: MeasureRow | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the height of a line of small text."""
        return QSize(theme_of().px(80), QFontMetrics(font(theme_of(), "small")).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the heads; screen readers hear them with each field."""
        if self.over is None:
            return
        theme = theme_of()
        painter = QPainter(self)
        painter.setFont(font(theme, "small"))
        painter.setPen(QColor(theme.colours.quiet))
        for name, field in self.over.fields.items():
            at = field.mapTo(self.over, QPoint(0, 0)).x() + self.over.x() - self.x()
            box = self.rect().adjusted(at + theme.px(2), 0, 0, 0)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)
