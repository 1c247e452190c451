"""The pages of the plan that are not its narrative: the needs, one row's editor, the money.

Each is made a step at a time: an iterator that yields the next thing to stand on the page, or ``None`` where
a step ends and nothing new is to be placed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.outcomes import outcome
from ascdesk.care.plan_completeness import extra_cost
from ascdesk.care.plans import MetBy
from ascdesk.work import plans
from ascdesk.work.fields import Row
from ui.plan import words
from ui.plan.cards import cards_of
from ui.plan.editors import RowEditor
from ui.plan.parts import Sum
from ui.plan.service import ServiceKind
from ui.plan.session import PlanSession
from ui.plan.specs import Part, budget_parts, line_parts, need_parts, option_parts, payment_part, top_up_part
from ui.widgets.buttons import Link, PrimaryButton, SmallLink
from ui.widgets.layouts import Flow
from ui.widgets.page import page_head
from ui.widgets.surfaces import EmptyState
from ui.widgets.text import Quiet

NEEDS, MONEY = "needs", "money"
TITLE = "Support plan"

Made = Iterator[QWidget | None]


class PlanPages(QObject):
    """Makes the pages of one plan; ``turned`` carries the page that somebody goes to from one of them."""

    turned = Signal(str)

    def __init__(self, session: PlanSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.editors: list[RowEditor] = []
        self.service: ServiceKind | None = None
        self.cost: Sum | None = None

    def make(self, page: str) -> Made | None:
        """Return the making of a page; ``None`` where it is not one of these, or its row is no more."""
        self.editors, self.cost, self.service = [], None, None
        kind, _, row = page.partition("/")
        if page in {NEEDS, MONEY}:
            return self.needs() if page == NEEDS else self._money()
        if kind == "need":
            need = next((one for one in self.session.sheet.needs if one.value("code") == row), None)
            return None if need is None else self._need(need)
        held = self.session.row(row) if row else None
        if held is None or kind not in {"line", "option"}:
            return None
        return self._line(held) if kind == "line" else self._option(held)

    def go(self, field: str) -> bool:
        """Put the keyboard into the field, or the first one; say whether it is there yet."""
        for editor in self.editors:
            if not field or any(one.spec.field == field for one in editor.fields):
                return editor.go(field)
        return False

    def load(self) -> None:
        """Show what the record says now in what is open."""
        for editor in self.editors:
            editor.load()
        if self.service is not None:
            self.service.follow()
        if self.cost is not None:
            held = self.session.row(self.editors[0].row)
            if held is not None:
                self.cost.say(self._cost_words(held))

    # -- needs and how they are met ---------------------------------------------------------------------

    def needs(self) -> Made:
        """Make the first page: each need beside how it will be met."""
        sheet = self.session.sheet
        done, count = words.met(sheet.plan)
        lead = f"{done} of {count} needs {'has' if count == 1 else 'have'} a way to be met" if count else ""
        yield page_head("", TITLE, lead)
        if not count and not sheet.lines:
            said = "Urgent help and after-care need no assessment: add a line for them."
            yield EmptyState("No assessed need is in this plan", said)
        for card in cards_of(self.session):
            card.opened.connect(self.turned)
            yield card

    # -- one row ----------------------------------------------------------------------------------------

    def _edit(self, held: Row, parts: Sequence[Part]) -> Made:
        editor = RowEditor(self.session, held, parts)
        self.editors.append(editor)
        yield editor
        while editor.step():
            yield None

    def _done(self, *, remove: str = "") -> QWidget:
        """Offer the way back, and removing what is edited."""
        held = QWidget()
        line = Flow(held, gap=18)
        back = PrimaryButton("Back to the plan" if self.session.frozen else "Done")
        back.clicked.connect(self._to_needs)
        line.addWidget(back)
        if remove and not self.session.frozen:
            link = Link(remove)
            link.clicked.connect(self._remove)
            line.addWidget(link)
        return held

    def _to_needs(self) -> None:
        self.turned.emit(NEEDS)

    def _remove(self) -> None:
        held = self.session.row(self.editors[0].row)
        self.turned.emit(NEEDS)
        if held is not None:
            option = any(one.row == held.row for one in self.session.sheet.options)
            self.session.remove(held, f"remove {'an option' if option else 'a line'}")

    def _line(self, held: Row) -> Made:
        line = plans.line_value(held)
        about = words.need_names(line.needs) or "Not for an assessed need"
        title = line.outcome_words or line.how or "A new line"
        yield page_head(f"{TITLE} · {about}", words.clipped(title))
        yield from self._echoes(line.needs)
        self.service = ServiceKind(self.session, held)
        yield self.service
        yield from self._edit(held, line_parts(self.session.sheet, held, self.session.names["name"]))
        now = self.session.row(held.row) or held
        self.cost = Sum("What it costs", self._cost_words(now), strong=True)
        yield self.cost
        yield self._done(remove="Remove this line")

    def _echoes(self, codes: Sequence[str]) -> Made:
        """Say the needs that a line is for again, in the person's words."""
        for need in self.session.sheet.plan.needs:
            if need.code in codes and need.words.strip():
                yield Quiet(f"{outcome(need.code).name}: {need.words}")

    def _cost_words(self, held: Row) -> str:
        line = plans.line_value(held)
        cost = words.week_and_year(line)
        if cost is None:
            return "not known until there is a price and an amount"
        if not any(cost):
            return "no charge"
        return f"{words.pounds(cost[0])} a week · {words.pounds(cost[1])} a year"

    def _option(self, held: Row) -> Made:
        title = str(held.value("name") or "") or "A new option"
        yield page_head(f"{TITLE} · One way to meet a need", words.clipped(title))
        yield from self._echoes(tuple(held.value("needs") or ()))
        yield from self._edit(held, option_parts(self.session.sheet, held, self.session.names["name"]))
        yield self._done(remove="Remove this option")

    def _need(self, held: Row) -> Made:
        name = outcome(str(held.value("code"))).name
        yield page_head(f"{TITLE} · A need that the assessment found", name)
        yield from self._edit(held, need_parts(self.session.names["name"]))
        yield self._done()

    # -- the money --------------------------------------------------------------------------------------

    def _money(self) -> Made:
        sheet, name = self.session.sheet, self.session.names["name"]
        lead = "The budget is what the lines cost together. The two parts must add up to it."
        yield page_head(TITLE, "Budget and who pays", lead)
        yield from self._edit(sheet.header, budget_parts(name))
        extra = extra_cost(sheet.plan)
        if extra or sheet.plan.top_up is not None:
            told = "What was chosen costs nothing extra: nobody has to agree to anything."
            if extra:
                told = (
                    f"What was chosen costs {words.pounds(extra)} a week more than the cheapest way that "
                    "meets the need and can be had now. Only somebody who agrees to it in writing meets it: "
                    "nobody has to."
                )
            yield Quiet(told)
            yield from self._edit(sheet.header, (top_up_part(name),))
        by_payment = any(line.met_by is MetBy.DIRECT_PAYMENT for line in sheet.plan.lines)
        if by_payment or sheet.plan.direct_payment is not None:
            yield from self._edit(sheet.header, (payment_part(sheet),))
            if not self.session.desk.visiting:
                yield self._conditions()
        yield self._done()

    def _conditions(self) -> QWidget:
        held = QWidget()
        link = SmallLink("The four conditions of a direct payment")
        link.clicked.connect(partial(self.turned.emit, "p08.conditions"))
        Flow(held).addWidget(link)
        return held
