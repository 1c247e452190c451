"""The person's copy of a care and support plan, built from the record: every item of Care Act 2014 s.25."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ascdesk.care import plans as care
from ascdesk.care.costs import (
    CostUnit,
    Day,
    PartOfDay,
    annual_cost,
    extra_weekly,
    is_free,
    to_pence,
    weekly_cost,
)
from ascdesk.care.determination import LegalBasis
from ascdesk.care.outcomes import ADULT_OUTCOMES
from ascdesk.documents import model
from ascdesk.errors import Refusal
from ascdesk.work.copying import Copier
from ascdesk.work.narrative import Narrative
from ascdesk.work.plans import PlanSheet
from ascdesk.work.telling import Part

_MET_BY = {
    care.MetBy.INFORMAL: "Family, friends or neighbours",
    care.MetBy.UNIVERSAL: "Something open to everybody",
    care.MetBy.COMMISSIONED: "A service that the council arranges",
    care.MetBy.DIRECT_PAYMENT: "Bought with a direct payment",
    care.MetBy.REABLEMENT: "Short-term help to get going again",
    care.MetBy.EQUIPMENT: "Equipment",
    care.MetBy.MINOR_ADAPTATION: "A small change to the home",
    care.MetBy.MAJOR_ADAPTATION: "A larger change to the home",
}
_BASIS: dict[LegalBasis, model.LegalBasis] = {
    LegalBasis.DUTY: "s.18",
    LegalBasis.POWER: "s.19",
    LegalBasis.URGENT: "s.19(3)",
    LegalBasis.CARER: "s.20",
    LegalBasis.AFTERCARE: "s.117",
}
_UNITS = {
    CostUnit.WEEKLY: "every week",
    CostUnit.FORTNIGHTLY: "every two weeks",
    CostUnit.FOUR_WEEKLY: "every four weeks",
    CostUnit.MONTHLY: "every month",
    CostUnit.QUARTERLY: "every three months",
    CostUnit.ANNUALLY: "every year",
    CostUnit.ONE_OFF: "once",
}
_WEEK = tuple(day for day in Day if day is not Day.ANY)
_NAMES = {one.code: one.name for one in ADULT_OUTCOMES}
_MEETS = {True: "Meets it.", False: "Meets it only in part.", None: ""}


@dataclass(frozen=True, slots=True)
class PlanTeller:
    """Builds the parts of one plan's copy."""

    copier: Copier
    sheet: PlanSheet
    sections: tuple[Part, ...]

    @property
    def plan(self) -> care.Plan:
        """Return the plan as the rules judge it."""
        return self.sheet.plan

    def needs(self) -> tuple[model.PlanNeed, ...]:
        """Return each need, whether it is eligible, and how it will be met (s.25(1)(a) to (d))."""
        return tuple(self._need(need) for need in self.plan.needs)

    def _need(self, need: care.Need) -> model.PlanNeed:
        lines = [line for line in self.plan.lines if need.code in line.needs]
        council = any(line.met_by not in {care.MetBy.INFORMAL, care.MetBy.UNIVERSAL} for line in lines)
        how = [line.how or line.outcome_words for line in lines]
        return model.PlanNeed(
            code=need.code,
            title=_NAMES.get(need.code, need.code),
            eligible=need.eligible,
            words=(model.Answer("person", need.words),) if need.words else (),
            extent=need.extent,
            council_will_meet=council if lines else None,
            how_met="; ".join(part for part in how if part) or need.not_met_because,
            outcome_wanted="; ".join(dict.fromkeys(one.outcome_words for one in lines if one.outcome_words)),
        )

    def lines(self) -> tuple[model.PlanLine, ...]:
        """Return every line of support with its cost, exactly."""
        return tuple(_line(line) for line in self.plan.lines)

    def options(self) -> tuple[model.OptionSet, ...]:
        """Return the options side by side, those for the same needs together."""
        return tuple(
            model.OptionSet(
                _titles(needs),
                tuple(
                    model.Option(
                        title=" · ".join(part for part in (one.name, one.provider) if part),
                        meets=" ".join(part for part in (_MEETS[one.meets_needs], one.how_far) if part),
                        weekly=one.weekly,
                        yearly=one.weekly * 52 if one.weekly is not None else None,
                        offered=one.offered,
                        chosen=one.preferred,
                    )
                    for one in options
                ),
            )
            for needs, options in self._grouped()
        )

    def _grouped(self) -> list[tuple[tuple[str, ...], list[care.Option]]]:
        found: dict[tuple[str, ...], list[care.Option]] = defaultdict(list)
        for option in self.plan.options:
            found[tuple(sorted(option.needs))].append(option)
        return list(found.items())

    def extra_costs(self) -> tuple[model.ExtraCost, ...]:
        """Return what a dearer choice costs above the cheapest that meets the need (s.30)."""
        made: list[model.ExtraCost] = []
        for needs, options in self._grouped():
            priced = [one for option in options if (one := option.pricing()) is not None]
            extra = extra_weekly(priced)
            if extra > 0:
                made.append(self._extra(_titles(needs), extra))
        return tuple(made)

    def _extra(self, for_what: str, weekly: Decimal) -> model.ExtraCost:
        payers: dict[care.Payer, model.Payer] = {
            care.Payer.FIRST_PARTY: "first-party",
            care.Payer.THIRD_PARTY: "third-party",
        }
        top_up = self.plan.top_up
        if top_up is None or top_up.payer is None:
            return model.ExtraCost(for_what, weekly)
        return model.ExtraCost(for_what, weekly, payers.get(top_up.payer), top_up.who or "", top_up.agreed_on)

    def budget(self) -> model.Budget | None:
        """Return the personal budget with its parts (s.26); nothing while there is none."""
        held = self.plan.budget
        if held.total is None:
            return None
        adult = None if held.adult_awaiting else held.adult
        return model.Budget(held.total, adult, held.council)

    def direct_payment(self) -> model.DirectPayment | None:
        """Return the needs met by direct payment, with amount and frequency (s.25(1)(f))."""
        held = self.plan.direct_payment
        if held is None or held.amount is None:
            return None
        return model.DirectPayment(
            needs=tuple(_NAMES.get(code, code) for code in held.needs),
            amount=held.amount,
            frequency=_UNITS.get(held.frequency, "") if held.frequency is not None else "",
            starts=held.starts,
            managed_by=held.manager_name or "",
        )

    def contingency(self) -> tuple[model.Question, ...]:
        """Return who to call and what happens when something goes wrong."""
        part = self._part("p05")
        asked = part.all_asked() if part is not None else ()
        return tuple(one for question in asked if (one := self.copier.question(question)) is not None)

    def narrative(self) -> tuple[model.Section, ...]:
        """Return what the plan is for and how the person likes things done."""
        made: list[model.Section] = []
        for link_id, skip in _NARRATIVE:
            part = self._part(link_id)
            if part is not None:
                made.append(self.copier.section(part, skip=skip))
        return tuple(made)

    def short_term(self) -> str:
        """Say how short-term support was considered first."""
        narrative = Narrative(self.sheet.narrative)
        looked = {True: "We looked at short-term help first.", False: "", None: ""}
        words = looked[self.plan.short_term.considered]
        told = narrative.text("p04.result-why") or narrative.text("p04.why-not")
        return " ".join(part for part in (words, told) if part)

    def involved(self) -> tuple[model.Present, ...]:
        """Return who took part in making the plan (s.25(3))."""
        draft = self.sheet.narrative
        narrative = Narrative(draft)
        made: list[model.Present] = []
        for row in draft.rows.get(((), "p02.person"), ()):
            name = narrative.text("p02.person.name", (row,))
            if name:
                made.append(model.Present(name, narrative.text("p02.person.relation", (row,))))
        return tuple(made)

    def agreement(self) -> model.Agreement:
        """Return whether the person agrees, or what is not agreed and why (s.25(5))."""
        known = {care.Agreement.AGREED: True, care.Agreement.NOT_AGREED: False}
        agreed = known.get(self.plan.agreement) if self.plan.agreement is not None else None
        signed = self.sheet.narrative.answers((), "p10.signature-kind")
        coding = signed[0].get("valueCoding", {}) if signed else {}
        return model.Agreement(agreed, self.plan.not_agreed_because or "", how=str(coding.get("display", "")))

    def _part(self, link_id: str) -> Part | None:
        return next((held for part in self.sections if (held := part.part(link_id))), None)


_NARRATIVE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("p01", ()),
    ("p02", ("p02.person",)),
    ("p03", ()),
    ("p06", ()),
    ("p07", ("p07.reduce", "p07.prevention")),
    ("p09", ("p09.format",)),
    ("p10.review-page", ("p10.review-date",)),
)


def _titles(codes: Sequence[str]) -> str:
    return ", ".join(_NAMES.get(code, code) for code in codes) or "All needs"


def _line(line: care.PlanLine) -> model.PlanLine:
    costing = line.costing()
    free = line.section_117 or is_free(costing)
    weekly = yearly = once = None
    if not free and line.unit_cost is not None:
        try:
            if line.unit is CostUnit.ONE_OFF:
                once = to_pence(annual_cost(costing))
            else:
                weekly, yearly = to_pence(weekly_cost(costing)), to_pence(annual_cost(costing))
                weeks = line.planned_weeks
                if weeks is not None and weeks < line.weeks_per_year:
                    yearly = weekly * weeks  # nobody is told a year's price of two weeks' help
        except Refusal:
            weekly = yearly = once = None  # half a price: the plan's own list says what is missing
    return model.PlanLine(
        title=line.outcome_words or line.how or "Support",
        needs=tuple(_NAMES.get(code, code) for code in line.needs),
        how=line.how,
        met_by=_MET_BY.get(line.met_by, "") if line.met_by is not None else "",
        provider=line.provider,
        frequency=line.frequency or _any_day(line),
        timetable=_timetable(line),
        starts=line.starts,
        ends=line.ends,
        weekly=weekly,
        yearly=yearly,
        once=once,
        no_charge=free or line.unit is CostUnit.NO_CHARGE,
        basis=_BASIS[line.basis] if line.basis is not None else "s.18",
        urgent_reason=line.urgent_because,
        short_term=line.met_by is care.MetBy.REABLEMENT,
        direct_payment=line.met_by is care.MetBy.DIRECT_PAYMENT,
    )


def _any_day(line: care.PlanLine) -> str:
    """Say what is in no day's column of the timetable."""
    visits = [one for one in (line.timetable.visits if line.timetable else ()) if one.day is Day.ANY]
    return "; ".join(f"{one.minutes} minutes on any day" for one in visits)


def _timetable(line: care.PlanLine) -> model.Timetable | None:
    visits = [one for one in (line.timetable.visits if line.timetable else ()) if one.day is not Day.ANY]
    if not visits:
        return None
    carers = {one.carers for one in visits}
    workers = carers.pop() if len(carers) == 1 else 1
    rows: list[model.TimetableRow] = []
    for part in PartOfDay:
        minutes = [
            sum(
                _minutes(one.minutes, one.carers, workers)
                for one in visits
                if (one.day, one.part) == (day, part)
            )
            for day in _WEEK
        ]
        if any(minutes):
            a, b, c, d, e, f, g = minutes
            rows.append(model.TimetableRow(part.value.capitalize(), (a, b, c, d, e, f, g)))
    return model.Timetable(tuple(rows), workers)


def _minutes(minutes: int, carers: int, workers: int) -> int:
    """Return the minutes of a visit; where visits differ in how many come, the minutes of all together."""
    return minutes if carers == workers else minutes * carers
