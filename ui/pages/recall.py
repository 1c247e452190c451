"""A product is recalled: who has it, across every case on this laptop; mark them, and see what is still open.

Other people's names are on it: the desk goes to no such page during a visit.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from ascdesk.errors import PlainError
from ascdesk.work import recalls
from ascdesk.work.recalls import Hit, Notice
from ui.actions import hint
from ui.desk import Desk
from ui.ot.loan_words import title_of
from ui.pages.base import AppPage
from ui.place import Place
from ui.road.parts import PlaceLink, codes_of, in_line, text_of
from ui.widgets.buttons import PrimaryButton, SecondaryButton
from ui.widgets.choices import MultipleChoice, Option
from ui.widgets.dates import DateEditor
from ui.widgets.layouts import Columns, column
from ui.widgets.page import page_head
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import EmptyState, HairlineList, empty
from ui.widgets.text import Heading, Quiet, Strong
from ui.widgets.written import LineEditor, LongTextEditor
from ui.words import when_words


class RecallPage(AppPage):
    """Finds who has a recalled product, and marks it. What was typed stays while the list is read."""

    key = "recall"
    title = "A product is recalled"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.hits: tuple[Hit, ...] = ()
        self.open: tuple[Hit, ...] | None = None
        self.chosen: FormRow | None = None
        self.rows: dict[str, FormRow] = {}
        self.mark: PrimaryButton | None = None
        lead = "Every case on this laptop is looked through, with no connection."
        self.centre.addWidget(page_head("", self.title, lead))
        self._ask()
        self._found = column(None, 12)
        self.centre.addLayout(self._found)
        self._open = column(None, 12)
        self.centre.addLayout(self._open)

    # -- coming and going -------------------------------------------------------------------------------

    def show_place(self, place: Place) -> None:
        """Show what is still open."""
        super().show_place(place)
        self.state.set_hints([hint("sync"), hint("find"), hint("lock")])
        self.refresh()

    def refresh(self) -> None:
        """Read again what is marked and not dealt with."""
        self.desk.read(partial(recalls.open_recalls, self.desk.record), self._show_open)

    # -- which product ----------------------------------------------------------------------------------

    def _ask(self) -> None:
        self.centre.addWidget(Heading("Which product is it?"))
        asked = (
            ("code", "Catalogue code", ""),
            ("words", "Or words of its name", ""),
            ("serial_from", "First serial number", ""),
            ("serial_to", "Last serial number", ""),
        )
        held = QWidget()
        cells = Columns(held, least=300, most=2, gap=20, line_gap=12)
        for key, label, more in asked:
            self.rows[key] = FormRow(label, LineEditor(), more, absent=())
            cells.addWidget(self.rows[key])
        self.centre.addWidget(held)
        self.find_button = SecondaryButton("Find who has it")
        self.find_button.clicked.connect(self._find)
        self.centre.addWidget(in_line(self.find_button))

    def notice(self) -> Notice:
        """Return the notice as it is typed."""
        told = {key: text_of(row) for key, row in self.rows.items()}
        return Notice(**told)

    def _find(self) -> None:
        for row in self.rows.values():
            row.set_error("")
        work = partial(recalls.find, self.desk.record, self.notice())
        self.desk.read(work, self._show_hits, self._not_found)

    def _not_found(self, error: Exception) -> None:
        if not isinstance(error, PlainError):
            self.desk.tell(error)
            return
        row = self.rows["serial_to" if "serial" in error.sentence else "code"]
        row.set_error(error.sentence)
        row.go()

    # -- who has it -------------------------------------------------------------------------------------

    def _show_hits(self, hits: Sequence[Hit]) -> None:
        self.hits = tuple(hits)
        empty(self._found)
        self.chosen, self.mark = None, None
        for key in ("because", "reference", "until_then", "by"):
            self.rows.pop(key, None)
        if not self.hits:
            words = "Nobody whose case is on this laptop has it. Colleagues look on theirs."
            self._found.addWidget(EmptyState("Nobody has it", words))
            return
        people = len({hit.case for hit in self.hits})
        things = "1 item" if len(self.hits) == 1 else f"{len(self.hits)} items"
        self._found.addWidget(Heading(f"{things}, with {people} {'person' if people == 1 else 'people'}"))
        to_mark = [hit for hit in self.hits if not hit.marked]
        if len(to_mark) < len(self.hits):
            many = len(self.hits) - len(to_mark)
            self._found.addWidget(Quiet(f"{many} of them marked already: see below."))
        if to_mark:
            self._offer(to_mark)

    def _offer(self, hits: Sequence[Hit]) -> None:
        today = self.desk.clock().date()
        options = [
            Option({"valueCoding": {"code": hit.item.row, "display": hit.who}}, _line(hit), hit.why)
            for hit in hits
        ]
        self.chosen = FormRow("Which of these are recalled?", MultipleChoice(options), absent=())
        self.chosen.set_stored(
            {"answer": [one.answer for one, hit in zip(options, hits, strict=True) if hit.sure]}
        )
        self._found.addWidget(self.chosen)
        because = "What is wrong with it, and who says so?"
        until = "What is to be done until then?"
        self.rows["because"] = FormRow(because, LongTextEditor(lines=2), absent=())
        self.rows["until_then"] = FormRow(until, LongTextEditor(lines=2), "What people are told.", absent=())
        self.rows["reference"] = FormRow("Number of the notice", LineEditor(), absent=())
        self.rows["by"] = FormRow("By when is it dealt with?", DateEditor(), absent=())
        for key in ("because", "until_then", "reference", "by"):
            self._found.addWidget(self.rows[key])
        self.mark = PrimaryButton("Mark as recalled")
        self.mark.clicked.connect(self._mark)
        self._found.addWidget(in_line(self.mark))
        self._found.addWidget(
            Quiet(f"Each of them is on the worklist from today, {when_words(today.isoformat(), today)}.")
        )

    def _mark(self) -> None:
        assert self.chosen is not None
        wanted = set(codes_of(self.chosen))
        wrong = self.rows["by"].editor.problem()
        self.rows["by"].set_error(wrong)
        if wrong:
            self.rows["by"].go()
            return
        hits = [hit for hit in self.hits if hit.item.row in wanted]
        work = partial(recalls.mark, self.desk.record, self.notice(), hits)
        self.desk.write("", work, self._marked, self._not_marked)

    def _marked(self, many: int) -> None:
        self.desk.noticed.emit("1 item marked" if many == 1 else f"{many} items marked", False)
        empty(self._found)
        self.hits, self.chosen, self.mark = (), None, None
        for key in [key for key in self.rows if key not in {"code", "words", "serial_from", "serial_to"}]:
            self.rows.pop(key)
        self.find_button.setFocus()
        self.refresh()

    def _not_marked(self, error: Exception) -> None:
        if not isinstance(error, PlainError):
            self.desk.tell(error)
            return
        about = self.rows["because"]
        if "Choose at least" in error.sentence and self.chosen is not None:
            about = self.chosen
        elif "day" in error.sentence:
            about = self.rows["by"]
        about.set_error(error.sentence)
        about.go()

    # -- what is open -----------------------------------------------------------------------------------

    def _show_open(self, hits: tuple[Hit, ...]) -> None:
        if hits == self.open and self._open.count():
            return
        self.open = hits
        empty(self._open)
        self._open.addWidget(Heading("Recalled, and not dealt with yet"))
        if not hits:
            self._open.addWidget(Quiet("Nothing that was recalled is open."))
            return
        rows = HairlineList()
        for hit in hits:
            rows.add(self._row(hit))
        self._open.addWidget(rows)

    def _row(self, hit: Hit) -> QWidget:
        today = self.desk.clock().date()
        held = QWidget()
        outer = column(held, 2, (14, 10, 14, 10))
        outer.addWidget(Strong(_line(hit)))
        by = f"by {when_words(hit.item.recall_by, today)}" if hit.item.recall_by else ""
        facts = [f"Marked {when_words(hit.item.recalled_at, today)}", by, hit.item.recalled_because or ""]
        outer.addWidget(Quiet(" · ".join(fact for fact in facts if fact)))
        link = PlaceLink("Open", Place("loans", hit.case, hit.item.row), f"Open: {_line(hit)}")
        link.clicked.connect(self._follow)
        outer.addWidget(in_line(link))
        return held

    def _follow(self) -> None:
        link = self.sender()
        if isinstance(link, PlaceLink):
            self.desk.go(link.place)


def _line(hit: Hit) -> str:
    """Return *Jean Hollis · Sling, clip · serial AB-100*."""
    serial = f"serial {hit.item.serial}" if hit.item.serial else ""
    return " · ".join(part for part in (hit.who, title_of(hit.item), serial) if part)
