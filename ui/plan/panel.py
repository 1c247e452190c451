"""The panel beside the plan: the personal budget in figures that add up, and what stops it being final."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.costs import personal_budget
from ascdesk.care.missing import Missing, joined
from ascdesk.care.plan_completeness import extra_cost
from ascdesk.care.plans import MetBy, Plan, PlanLine
from ascdesk.errors import Refusal
from ascdesk.work.fields import Row
from ascdesk.work.plans import PlanSheet
from ui.plan import words
from ui.plan.parts import Sum, ToDo
from ui.plan.session import PlanSession
from ui.signatures import SignedTwice
from ui.widgets.buttons import PrimaryButton, SecondaryButton, SmallLink
from ui.widgets.layouts import Flow, column
from ui.widgets.surfaces import Hairline, Marked
from ui.widgets.text import Body, Heading, Quiet, Small
from ui.widgets.written import LongTextEditor
from ui.words import when_words

_PAGES: Mapping[str, str] = {
    "matters": "p01#p01.matters", "short_term": "p04#p04.considered", "budget": "money", "top_up": "money",
    "reduce_advice": "p07#p07.reduce", "prevention_advice": "p07#p07.prevention",
    "contingency": "p05.people#p05.carer", "involved": "p02#p02.involvement",
    "agreement": "p10.agreement#p10.agreed", "consent_to_share": "p09#p09.share",
    "review_date": "p10.review-page#p10.review-date", "needs": "needs", "options": "needs",
}  # fmt: skip
_FIELDS: Mapping[str, str] = {
    "line_needs": "needs", "line_how": "how", "line_met_by": "met_by", "line_basis": "basis",
    "line_carer": "carer_willing", "urgent_because": "urgent_because", "urgent_ends": "ends",
    "line_ends": "ends", "line_starts": "starts", "line_unit": "unit", "line_unit_cost": "unit_cost",
    "line_amount": "timetable", "option_weekly": "weekly", "option_meets": "meets_needs",
    "need_words": "words", "need_eligible": "eligible", "need_extent": "extent",
    "need_without_line": "not_met_because", "budget_total": "budget_total", "budget_adult": "budget_adult",
    "budget_council": "budget_council", "budget_sum": "budget_adult", "budget_lines": "budget_total",
    "budget_charge": "budget_adult", "top_up": "top_up_payer", "top_up_none": "top_up_payer",
    "top_up_amount": "top_up_weekly", "top_up_agreement": "top_up_who", "dp_needs": "payment_needs",
    "dp_amount": "payment_amount", "dp_frequency": "payment_frequency", "dp_line": "payment_needs",
    "contingency": "p05.call", "contingency_provider": "p05.provider",
}  # fmt: skip
_CONDITIONS: Mapping[str, str] = {
    "dp": "p08.choice#p08.wanted", "dp_requested": "p08.choice#p08.wanted",
    "dp_manager": "p08.choice#p08.person", "dp_manager_name": "p08.choice#p08.person-name",
    "dp_capacity": "p08.conditions#p08.capacity", "dp_authorised": "p08.choice#p08.person",
    "dp_not_barred": "p08.conditions#p08.barred", "dp_can_manage": "p08.conditions#p08.manage",
    "dp_appropriate": "p08.conditions#p08.appropriate",
}  # fmt: skip


def place_of(gap: Missing, sheet: PlanSheet) -> str:
    """Return where in the plan a missing thing is put right, as *page#field*."""
    if gap.code in _CONDITIONS:
        return _CONDITIONS[gap.code]
    field = _FIELDS.get(gap.code, "")
    for kind, rows in (("line", sheet.lines), ("option", sheet.options)):
        if any(held.row == gap.where for held in rows):
            return f"{kind}/{gap.where}#{field}"
    if any(held.value("code") == gap.where for held in sheet.needs):
        return f"need/{gap.where}#{field}"
    page = "money" if gap.where == "direct_payment" else _PAGES.get(gap.where, "needs")
    return f"{page.partition('#')[0]}#{field}" if field else page


def sentence_of(gap: Missing, plan: Plan) -> str:
    """Return what is missing, naming the line or option that lacks it."""
    for line in plan.lines:
        if line.row == gap.where:
            return f"{words.clipped(words.title(line), 40)}: {gap.sentence[0].lower()}{gap.sentence[1:]}"
    for option in plan.options:
        if option.row == gap.where:
            name = words.clipped(option.name or "An option", 40)
            return f"{name}: {gap.sentence[0].lower()}{gap.sentence[1:]}"
    return gap.sentence


MAKE_FINAL: Final = "Make final"


class BudgetView(QWidget):
    """The week's money: each line, what is free, the total, and who pays which part. It adds up."""

    opened = Signal(str)

    def __init__(self, session: PlanSession) -> None:
        super().__init__()
        self.session = session
        plan = session.sheet.plan
        outer = column(self, 8)
        outer.addWidget(Heading("Personal budget"))
        paid = [line for line in plan.lines if not words.free(line)]
        for line in paid:
            cost = words.week_and_year(line)
            outer.addWidget(Sum(_short(line), words.pounds(cost[0]) if cost else "no price yet"))
        for what, told in _outside(plan):
            outer.addWidget(Sum(what, told, quiet=True))
        outer.addWidget(Hairline())
        self.total = self._whole(plan)
        shown = words.pounds(self.total) if self.total is not None else "not known yet"
        outer.addWidget(Sum("A week", shown, strong=True))
        self._parts(plan, outer)
        self._entered(plan, outer)
        flow = Flow(gap=14, line_gap=4)
        link = SmallLink("Look at who pays" if session.frozen else "Change who pays")
        link.clicked.connect(self._open)
        flow.addWidget(link)
        outer.addLayout(flow)

    def _whole(self, plan: Plan) -> Decimal | None:
        try:
            costings = [line.costing() for line in plan.lines]
            return personal_budget(costings, None).weekly
        except Refusal:
            return None

    def _parts(self, plan: Plan, outer: object) -> None:
        assert hasattr(outer, "addWidget")
        name, budget = self.session.names["name"], plan.budget
        if budget.adult_awaiting:
            outer.addWidget(
                Sum(f"{name}’s part, after the financial assessment", "not known yet", quiet=True)
            )
            return
        adult = words.pounds(budget.adult) if budget.adult is not None else "not said yet"
        council = words.pounds(budget.council) if budget.council is not None else "not said yet"
        outer.addWidget(Sum(f"{name}’s part", adult))
        outer.addWidget(Sum("The council’s part", council))
        if None not in {budget.adult, budget.council, budget.total}:
            assert budget.adult is not None and budget.council is not None and budget.total is not None
            short = budget.total - budget.adult - budget.council
            if short:
                less = "less" if short > 0 else "more"
                outer.addWidget(Body(f"The two parts are {words.pounds(abs(short))} {less} than the budget."))

    def _entered(self, plan: Plan, outer: object) -> None:
        """Offer the lines' total as the budget where another, or none, was entered; say the extra cost."""
        assert hasattr(outer, "addWidget")
        assert hasattr(outer, "addLayout")
        extra = extra_cost(plan)
        if extra:
            outer.addWidget(Sum("Extra cost of the option chosen", words.pounds(extra)))
            if plan.top_up is None or plan.top_up.payer is None:
                outer.addWidget(Small("Nobody has to meet it who has not agreed to."))
        if not self.total or plan.budget.total == self.total or self.session.frozen:
            return
        if plan.budget.total is not None:
            outer.addWidget(Small(f"Entered: {words.pounds(plan.budget.total)}"))
        self.use = SmallLink(f"Use {words.pounds(self.total)} as the personal budget")
        self.use.clicked.connect(self._use)
        flow = Flow()
        flow.addWidget(self.use)
        outer.addLayout(flow)

    def _use(self) -> None:
        header: Row = self.session.sheet.header
        facts: dict[str, object] = {"budget_total": str(self.total)}
        budget = self.session.sheet.plan.budget
        if budget.adult is not None and self.total is not None and self.total >= budget.adult:
            facts["budget_council"] = str(self.total - budget.adult)
        self.session.put(header, facts, name="enter the personal budget")

    def _open(self) -> None:
        self.opened.emit("money")


def _short(line: PlanLine) -> str:
    return words.clipped(line.service_component or line.provider or words.title(line), 60)


def _outside(plan: Plan) -> list[tuple[str, str]]:
    """Return what costs nothing: loans, short-term support, family; after-care is named where it is."""
    found: list[tuple[str, str]] = []
    free = [line for line in plan.lines if words.free(line) and line.met_by is not MetBy.INFORMAL]
    if free:
        found.append((f"Outside the budget: {joined(dict.fromkeys(_short(line) for line in free))}", "free"))
    for line in plan.lines:
        if line.met_by is MetBy.INFORMAL:
            who = line.provider or "Family or friends"
            found.append((f"{who}: {'willing and able' if line.carer_willing else 'not asked yet'}", ""))
    if any(line.section_117 for line in plan.lines):
        found.append(("After-care (s.117) is never charged for", ""))
    return found


_GROUPS: Sequence[tuple[str, frozenset[str]]] = (
    ("Every need has a way to be met", frozenset({"needs", "options"})),
    ("The budget adds up", frozenset({"budget", "top_up", "direct_payment"})),
    ("Short-term support first", frozenset({"short_term"})),
    ("Advice on reducing and preventing needs", frozenset({"reduce_advice", "prevention_advice"})),
    ("If something goes wrong", frozenset({"contingency"})),
    ("Who took part, and what it is for", frozenset({"involved", "matters", "consent_to_share"})),
    ("{name} agrees, or why not", frozenset({"agreement"})),
    ("Date of the first review", frozenset({"review_date"})),
)


class BeforeFinal(QWidget):
    """What is done, and what still stops the plan being final: each a link to its place."""

    followed = Signal(str)

    def __init__(self, session: PlanSession) -> None:
        super().__init__()
        outer = column(self, 4)
        outer.addWidget(Heading("Before this plan can be final"))
        sheet = session.sheet
        self.links: list[ToDo] = []
        lacking = {_group(gap, sheet) for gap in sheet.missing}
        for title, _ in _GROUPS:
            if title not in lacking:
                outer.addWidget(Marked("done", title.replace("{name}", session.names["name"])))
        for gap in sheet.missing:
            todo = ToDo(sentence_of(gap, sheet.plan), place_of(gap, sheet))
            todo.followed.connect(self.followed)
            self.links.append(todo)
            outer.addWidget(todo)


def _group(gap: Missing, sheet: PlanSheet) -> str:
    return next((title for title, wheres in _GROUPS if gap.where in wheres), _GROUPS[0][0])


class PlanPanel(QWidget):
    """Budget, what is missing, and the ways out: make final, preview; once signed: who signed, and amend."""

    opened = Signal(str)
    final_asked = Signal()
    preview_asked = Signal()
    amend_asked = Signal(str)

    def __init__(self, session: PlanSession, *, leading: bool) -> None:
        super().__init__()
        self.session = session
        outer = column(self, 16)
        budget = BudgetView(session)
        budget.opened.connect(self.opened)
        outer.addWidget(budget)
        self.before: BeforeFinal | None = None
        self.final: PrimaryButton | SecondaryButton | None = None
        self.why: LongTextEditor | None = None
        self.preview = SecondaryButton("Preview copy")
        self.preview.clicked.connect(self.preview_asked)
        self._outer = outer
        standing = session.sheet.standing
        if standing.frozen:
            self._signed()
            return
        if standing.amending is not None:
            outer.addWidget(Quiet(f"Being amended: {standing.amending}"))
        self.before = BeforeFinal(session)
        self.before.followed.connect(self.opened)
        outer.addWidget(self.before)
        self.final = PrimaryButton(MAKE_FINAL) if leading else SecondaryButton(MAKE_FINAL)
        self.final.clicked.connect(self.final_asked)
        self._buttons = Flow(gap=10)
        self._buttons.addWidget(self.final)
        self._buttons.addWidget(self.preview)
        outer.addLayout(self._buttons)

    @property
    def declared(self) -> bool:
        """Say whether what signing means stands over the button: only then does it sign."""
        return self.final is not None and self.final.words() != MAKE_FINAL

    def declare(self) -> None:
        """Say what signing means before it is done."""
        if self.final is None or self.declared:
            return
        said = "This plan is complete (Care Act 2014 s.25) and is mine to sign. It can then only be amended."
        self._outer.insertWidget(self._outer.count() - 1, Body(said))
        self.final.setText(f"Sign as {self.session.desk.user.name}")
        self.final.updateGeometry()

    def _signed(self) -> None:
        signed = self.session.sheet.standing.signed
        assert signed is not None
        today = self.session.desk.clock().date()
        version = f"Version {signed.number}, final"
        detail = f"Signed by {signed.name}, {signed.role}, {when_words(signed.at, today)}"
        self._outer.addWidget(Marked("done", version, detail))
        self._outer.addWidget(SignedTwice(self.session.sheet.standing))
        buttons = Flow(gap=10)
        buttons.addWidget(self.preview)
        self.amend = SecondaryButton("Amend")
        self.amend.clicked.connect(self._amend)
        buttons.addWidget(self.amend)
        self._outer.addLayout(buttons)

    def _amend(self) -> None:
        if self.why is None:
            self.why = LongTextEditor(lines=2)
            label = Body("Why is it being corrected?")
            self.why.box.setAccessibleName(label.text())
            self._outer.addWidget(label)
            self._outer.addWidget(self.why)
            self.amend.setText("Start the amendment")
            self.amend.updateGeometry()
            self.why.box.setFocus()
            return
        said = self.why.value()
        self.amend_asked.emit(str(said[0]["valueString"]) if said else "")
