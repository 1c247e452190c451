"""Beside an adaptation: its stage with its clock in words, its cost, the tests, and what is missing."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care import grants
from ascdesk.care.grants import Scale, Stage
from ascdesk.work import adapting
from ascdesk.work.fields import Row
from ui.plan.parts import ToDo
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.layouts import column
from ui.widgets.surfaces import Hairline, Marked
from ui.widgets.surfaces import Mark as Sign
from ui.widgets.text import Body, Heading, Quiet, Small

_SIGNS: dict[str, Sign] = {"met": "done", "not_met": "stop", "open": "open"}


class AdaptPanel(QWidget):
    """The panel of one adaptation. ``opened`` carries the field to go to; the rest ask for what they say."""

    opened = Signal(str)
    recommend_asked = Signal()
    preview_asked = Signal()
    withdraw_asked = Signal()
    remove_asked = Signal()

    def __init__(self, held: Row, today: date, *, visiting: bool) -> None:
        super().__init__()
        self.work = adapting.work_of(held)
        self.stage = grants.stage(self.work)
        self.recommend: PrimaryButton | None = None
        outer = column(self, 12)
        outer.addWidget(Heading("Where it stands"))
        outer.addWidget(Body(grants.stage_words(self.work, today)))
        cost = grants.cost_words(self.work.scale, self.work.cost)
        if cost:
            outer.addWidget(Marked(self._sign_of_cost(), cost))
        if not visiting:
            self._tests(outer)
            self._missing(outer, held)
        self._buttons(outer)

    def _sign_of_cost(self) -> Sign:
        """Flag what is above what is free, or above the grant."""
        if self.work.cost is None:
            return "open"
        over = grants.is_free(self.work.scale, self.work.cost) is False and self.work.scale is Scale.MINOR
        over = over or (self.work.scale is Scale.MAJOR and self.work.cost > grants.GRANT_LIMIT)
        return "look" if over else "done"

    def _tests(self, outer: object) -> None:
        if self.work.scale is not Scale.MAJOR:
            return
        add = outer.addWidget  # type: ignore[attr-defined]
        add(Hairline())
        add(Heading("The tests of a grant"))
        add(Small("Housing Grants, Construction and Regeneration Act 1996. The authority decides."))
        for one in grants.grant_tests(self.work):
            add(Marked(_SIGNS[one.state], f"{one.name} · {one.source}", one.words))

    def _missing(self, outer: object, held: Row) -> None:
        if self.stage not in {Stage.PREPARING, Stage.RECOMMENDED}:
            return
        found = adapting.lacking(held)
        add = outer.addWidget  # type: ignore[attr-defined]
        add(Hairline())
        if not found:
            add(Marked("done", "Nothing is missing from the recommendation"))
            return
        many = "1 thing is missing" if len(found) == 1 else f"{len(found)} things are missing"
        add(Heading(many))
        for one in found:
            todo = ToDo(one.sentence, one.where)
            todo.followed.connect(self.opened)
            add(todo)

    def _buttons(self, outer: object) -> None:
        add = outer.addWidget  # type: ignore[attr-defined]
        add(Hairline())
        if self.stage is Stage.PREPARING:
            self.recommend = PrimaryButton("Recommend it")
            self.recommend.clicked.connect(self.recommend_asked)
            add(self.recommend)
        preview = SecondaryButton("Look at the document")
        preview.clicked.connect(self.preview_asked)
        add(preview)
        if self.stage is Stage.PREPARING:
            remove = Link("Remove this adaptation")
            remove.clicked.connect(self.remove_asked)
            add(remove)
        elif self.stage not in {Stage.COMPLETED, Stage.WITHDRAWN}:
            withdraw = Link("Withdraw it…")
            withdraw.clicked.connect(self.withdraw_asked)
            add(withdraw)
        if self.stage is Stage.WITHDRAWN:
            add(Quiet("It was withdrawn. Undo brings it back."))
