"""Parts of the prescription's page: a line with its fit beside it, what comes first, and what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.equipment import precaution
from ascdesk.care.missing import Missing
from ascdesk.care.prescriptions import PrescriptionLine
from ascdesk.work.prescribing import OrderSheet
from ui.ot.fitting import EXAMPLES, fit_chip
from ui.ot.item_words import LEVEL_WORDS
from ui.plan.editors import RowEditor
from ui.plan.parts import Sum, ToDo
from ui.road.parts import RowButton, code_of
from ui.widgets.buttons import PrimaryButton
from ui.widgets.choices import SingleChoice, coded
from ui.widgets.layouts import Flow, column
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Card, Cells, Hairline, Marked, empty, stack
from ui.widgets.text import Body, Chip, Heading, Quiet, Small, Strong


class LineCard(Card):
    """One item of an order beside its fit; its fields open below. The signals carry its row."""

    opened = Signal(str)
    removed = Signal(str)

    def __init__(self, line: PrescriptionLine, *, fixed: bool, rooms: int) -> None:
        super().__init__(gap=10)
        self.line = line.row
        self.editor: RowEditor | None = None
        self._line_above: Hairline | None = None
        self._fixed, self._rooms = fixed, rooms
        top = QWidget()
        self._top = column(top, 8)
        self.body.addWidget(top)
        self.show_line(line, ())

    def show_line(self, line: PrescriptionLine, missing: Sequence[Missing]) -> None:
        """Show the line as it stands; the fields below stay as they are."""
        name = line.name or "An item without a name yet"
        self.setAccessibleName(name)
        empty(self._top)
        cells = Cells(None, (5, 6), least=620, gap=24)
        cells.addWidget(self._left(line, name, len(missing)))
        cells.addWidget(_fit_words(line))
        self._top.addLayout(cells)

    def _left(self, line: PrescriptionLine, name: str, lacks: int) -> QWidget:
        many = f"{line.quantity} × " if line.quantity and line.quantity > 1 else ""
        price = f"£{line.cost:,.2f}" if line.cost is not None else "no price yet"
        facts = (line.code, line.size, line.room, line.settings, price)
        held = stack(Strong(f"{many}{name}"), Quiet(" · ".join(part for part in facts if part)), gap=2)
        foot = QWidget()
        flow = Flow(foot, gap=16, line_gap=4)
        open_ = RowButton(self._word(), line.row, f"{self._word()}: {name}")
        open_.clicked.connect(self._open)
        flow.addWidget(open_)
        if not self._fixed:
            remove = RowButton("Remove", line.row, f"Remove: {name}")
            remove.clicked.connect(self._remove)
            flow.addWidget(remove)
        if lacks and not self._fixed:
            flow.addWidget(Chip("1 thing missing" if lacks == 1 else f"{lacks} things missing", "warning"))
        layout = held.layout()
        assert layout is not None
        layout.addWidget(foot)
        return held

    def _word(self) -> str:
        if self.editor is not None:
            return "Close"
        return "Look" if self._fixed else "Fill in"

    def open_fields(self, editor: RowEditor) -> None:
        """Show the fields of the line below it."""
        self.editor = editor
        self._line_above = Hairline()
        self.body.addWidget(self._line_above)
        self.body.addWidget(editor)

    def close_fields(self) -> None:
        """Take the fields away; what was typed in them is saved before."""
        for held in (self._line_above, self.editor):
            if held is not None:
                held.hide()
                held.deleteLater()
        self.editor, self._line_above = None, None

    def go(self) -> None:
        """Put the keyboard on what opens and closes the fields."""
        link = next((one for one in self.findChildren(RowButton) if not one.isHidden()), None)
        if link is not None:
            link.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self) -> None:
        self.opened.emit(self.line)

    def _remove(self) -> None:
        self.removed.emit(self.line)


def _fit_words(line: PrescriptionLine) -> QWidget:
    held = QWidget()
    outer = column(held, 4)
    chips = Flow(gap=8, line_gap=4)
    if line.fit is not None:
        chips.addWidget(fit_chip(line.fit))
        outer.addLayout(chips)
        outer.addWidget(Quiet(line.fit.brief))
    else:
        chips.addWidget(Chip("not known", "accent"))
        outer.addLayout(chips)
        outer.addWidget(Quiet("It is in no catalogue, so nothing is known of its limits."))
    if line.override_because and line.doubtful:
        outer.addWidget(Body(f"Prescribed all the same: {line.override_because}"))
    if line.level is not None and line.level != "trusted_assessor":
        outer.addWidget(Small(f"{LEVEL_WORDS[line.level].capitalize()}."))
    return held


class FirstQuestions(QWidget):
    """What is asked before any measure. ``answered`` carries the code, and yes, no or nothing."""

    answered = Signal(str, str)

    def __init__(self, codes: Sequence[str], *, fixed: bool) -> None:
        super().__init__()
        outer = column(self, 16)
        self.rows: dict[str, FormRow] = {}
        for code in codes:
            about = precaution(code)
            options = [coded("no", "No"), coded("yes", "Yes")]
            row = FormRow(about.question, SingleChoice(options), about.words, absent=())
            row.set_read_only(fixed)
            row.edited.connect(self._edited)
            self.rows[code] = row
            outer.addWidget(row)

    def show_answers(self, sheet: OrderSheet) -> None:
        """Show what was answered."""
        for code, row in self.rows.items():
            said = sheet.precautions.get(code)
            word = {True: "yes", False: "no"}.get(said, "") if said is not None else ""
            if code_of(row) != word:
                row.set_stored({"answer": [{"valueCoding": {"code": word}}] if word else []})

    def _edited(self) -> None:
        for code, row in self.rows.items():
            if row is self.sender():
                self.answered.emit(code, code_of(row))


class OrderPanel(QWidget):
    """What the order comes to, what is missing before it can go, and the one filled button."""

    followed = Signal(str)
    order_asked = Signal()

    def __init__(self, sheet: OrderSheet) -> None:
        super().__init__()
        outer = column(self, 10)
        outer.addWidget(Heading("The order"))
        for line in sheet.order.lines:
            price = f"£{line.cost:,.2f}" if line.cost is not None else "no price"
            outer.addWidget(Sum((line.name or "An item")[:60], price))
        outer.addWidget(Hairline())
        outer.addWidget(Sum("All together", f"£{sheet.order.total:,.2f}", strong=True))
        if sheet.mine is not None and sheet.mine.limit is not None:
            outer.addWidget(Small(f"{sheet.mine.name}: up to £{sheet.mine.limit:,.2f} without anybody else."))
        if sheet.order.authorised:
            outer.addWidget(Marked("done", f"Authorised by {sheet.order.authoriser_name}"))
        if any(line.example for line in sheet.order.lines):
            outer.addWidget(Small(EXAMPLES))
        self.links: list[ToDo] = []
        self.send: PrimaryButton | None = None
        if not sheet.frozen:
            self._open(sheet)

    def _open(self, sheet: OrderSheet) -> None:
        outer = self.layout()
        assert outer is not None
        outer.addWidget(Heading("Before it can be ordered"))
        if not sheet.missing:
            outer.addWidget(Marked("done", "Nothing is missing"))
        for gap in sheet.missing:
            todo = ToDo(gap.sentence, gap.where)
            todo.followed.connect(self.followed)
            self.links.append(todo)
            outer.addWidget(todo)
        again = sheet.standing.amending is not None
        self.send = PrimaryButton("Order again, as amended" if again else "Order")
        self.send.clicked.connect(self.order_asked)
        held = QWidget()
        flow = Flow(held)
        flow.addWidget(self.send)
        outer.addWidget(held)
