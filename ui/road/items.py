"""Small items issued in a piece of work: what, how many, when somebody asks how it goes, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.errors import PlainError
from ascdesk.work import loans
from ascdesk.work.cases import LoanFacts
from ascdesk.work.loans import Item
from ui.desk import Desk
from ui.form.reason import ReasonSheet
from ui.road.parts import RowButton, in_line, text_of
from ui.widgets.buttons import SecondaryButton
from ui.widgets.dates import DateEditor
from ui.widgets.figures import NumberEditor
from ui.widgets.layouts import Columns, column
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import HairlineList, empty
from ui.widgets.text import Heading, Quiet, Strong
from ui.widgets.written import LineEditor
from ui.words import when_words


class ItemsPanel(QWidget):
    """What was issued, and a line to issue the next thing."""

    def __init__(self, desk: Desk, case: str, piece: str) -> None:
        super().__init__()
        self._desk, self._case, self._piece = desk, case, piece
        outer = column(self, 12)
        outer.addWidget(Heading("Items issued"))
        self._list = column(None, 0)
        outer.addLayout(self._list)
        self.name = FormRow("What is issued?", LineEditor(), absent=())
        self.count = FormRow("How many?", NumberEditor(chars=3), absent=())
        self.check = FormRow("When do we ask how it goes?", DateEditor(), absent=())
        held = QWidget()
        cells = Columns(held, least=260, most=3, gap=20, line_gap=10)
        for row in (self.name, self.count, self.check):
            cells.addWidget(row)
        outer.addWidget(held)
        issue = SecondaryButton("Issue")
        issue.clicked.connect(self._issue)
        outer.addWidget(in_line(issue))

    def follow(self, items: Sequence[LoanFacts]) -> None:
        """Show what was issued."""
        empty(self._list)
        if not items:
            self._list.addWidget(Quiet("Nothing was issued yet."))
            return
        rows = HairlineList()
        for one in items:
            rows.add(self._row(one))
        self._list.addWidget(rows)

    def _row(self, one: LoanFacts) -> QWidget:
        today = self._desk.clock().date()
        held = QWidget()
        outer = column(held, 2, (14, 10, 14, 10))
        many = f"{one.quantity} × " if (one.quantity or 1) > 1 else ""
        outer.addWidget(Strong(f"{many}{one.name or 'Item'}"))
        facts = [f"Issued {when_words(one.issued_on, today)}"]
        if one.returned_on:
            facts.append(f"returned {when_words(one.returned_on, today)}")
        elif one.checked_on:
            facts.append(f"asked {when_words(one.checked_on, today)}: {one.outcome or ''}")
        elif one.check_on:
            facts.append(f"to be asked about {when_words(one.check_on, today)}")
        outer.addWidget(Quiet(" · ".join(facts)))
        buttons: list[QWidget] = []
        if not one.checked_on and not one.returned_on:
            ask = RowButton("How it goes…", one.row, f"How it goes: {one.name}")
            ask.clicked.connect(self._ask_outcome)
            buttons.append(ask)
        if not one.returned_on:
            back = RowButton("It came back…", one.row, f"It came back: {one.name}")
            back.clicked.connect(self._ask_return)
            buttons.append(back)
        if buttons:
            outer.addWidget(in_line(*buttons))
        return held

    def _issue(self) -> None:
        wrong = [(row, row.editor.problem()) for row in (self.name, self.count, self.check)]
        for row, sentence in wrong:
            row.set_error(sentence)
        first = next((row for row, sentence in wrong if sentence), None)
        if first is not None:
            first.go()
            return
        many = text_of(self.count)
        item = Item(text_of(self.name), int(many) if many.isdigit() else 1, text_of(self.check))
        work = partial(loans.issue, self._desk.record, self._case, self._piece, item)
        self._desk.write(self._case, work, self._issued, self._not_issued)

    def _issued(self, _: object) -> None:
        for row in (self.name, self.count, self.check):
            row.set_stored(None)
            row.set_error("")
        self._desk.noticed.emit("Issued", True)

    def _not_issued(self, error: Exception) -> None:
        if not isinstance(error, PlainError):
            self._desk.tell(error)
            return
        about = self.name
        if "number" in error.sentence or "how many" in error.sentence:
            about = self.count
        if "day" in error.sentence:
            about = self.check
        about.set_error(error.sentence)
        about.go()

    def _ask_outcome(self) -> None:
        self._sheet(
            "How it goes", "Say whether it is used, whether it fits, and what else is needed.", "Keep this"
        )

    def _ask_return(self) -> None:
        self._sheet("It came back", "The item is taken back today.", "Take it back")

    def _sheet(self, title: str, words: str, action: str) -> None:
        button = self.sender()
        if not isinstance(button, RowButton):
            return
        label = "How does it go?" if title == "How it goes" else "Why did it come back?"
        sheet = ItemSheet(title, words, action, self, label)
        sheet.row_id = button.row
        sheet.given.connect(self._followed if title == "How it goes" else self._returned)
        sheet.open()

    def _followed(self, words: str) -> None:
        sheet = self.sender()
        if isinstance(sheet, ItemSheet):
            work = partial(loans.follow_up, self._desk.record, self._case, sheet.row_id, words)
            self._desk.write(self._case, work)

    def _returned(self, words: str) -> None:
        sheet = self.sender()
        if isinstance(sheet, ItemSheet):
            work = partial(loans.take_back, self._desk.record, self._case, sheet.row_id, words)
            self._desk.write(self._case, work)


class ItemSheet(ReasonSheet):
    """A sheet about one item."""

    row_id = ""
