"""The person's copy of a care and support plan as blocks: every item of Care Act 2014 s.25, and what goes
with it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ascdesk.documents.blocks import Block, Bullets, Document, Facts, Heading, Notice, Paragraph, Table
from ascdesk.documents.common import (
    accounts,
    answered,
    called,
    copies,
    document,
    kept_private,
    people,
    reach_us,
    section,
    your_rights,
)
from ascdesk.documents.model import (
    Agreement,
    Budget,
    DirectPayment,
    ExtraCost,
    Option,
    OptionSet,
    Person,
    PlanCopy,
    PlanLine,
    PlanNeed,
    Timetable,
)
from ascdesk.documents.words import SHORT_DAYS, apart, day, listed, minutes, money, money_or, weekday

NAME = "Care and support plan"
AWAITED = "not known yet: awaiting your financial assessment"
BASIS = {
    "s.18": "",
    "s.19": "We have chosen to help with this, though the law does not say that we must.",
    "s.19(3)": "This is urgent help, begun before everything else is decided.",
    "s.20": "This is support for a carer.",
    "s.117": "This is after-care under section 117 of the Mental Health Act 1983. You are never "
    "charged for it.",
}


def plan_story(copy: PlanCopy) -> Document:
    """Tell a released plan copy as a document."""
    person = copy.person
    blocks: list[Block] = [*_summary(copy), *_needs(copy.needs, person), *_lines(copy.lines)]
    blocks += [*_costs(copy.lines), *_budget(copy.budget, copy.lines), *_direct_payment(copy.direct_payment)]
    if copy.short_term_first:
        blocks += [Heading("Short-term help first"), Paragraph(copy.short_term_first)]
    blocks += [*_options(copy.options), *_extra(copy.extra_costs)]
    if copy.contingency:
        blocks.append(Heading("If something goes wrong"))
        blocks += answered(copy.contingency, person)
    for part in copy.narrative:
        blocks += section(part, person)
    blocks += [*_advice(copy), *_review(copy), *_agreement(copy.agreement, person)]
    blocks += [*reach_us(copy.worker, copy.front_door), *your_rights(copy.rights)]
    blocks += [*copies(copy.copies_to), kept_private()]
    return document(NAME, copy.issue, person, copy.front_door, blocks)


def _summary(copy: PlanCopy) -> list[Block]:
    parts = [f"Personal budget: {money(copy.budget.total)} a week."] if copy.budget else []
    if copy.review_on:
        parts.append(f"First review: by {weekday(copy.review_on)}.")
    blocks: list[Block] = [Notice("In short", " ".join(parts))] if parts else []
    if copy.involved:
        blocks.append(Facts((("Made with", people([(p.name, p.role) for p in copy.involved])),)))
    return blocks


def _needs(needs: tuple[PlanNeed, ...], person: Person) -> list[Block]:
    if not needs:
        return []
    blocks: list[Block] = [Heading("What you need, and how it will be met")]
    for need in needs:
        blocks += [Heading(need.title, 3)]
        blocks += [replace(a, keep_with_next=True) for a in accounts(need.words, person)]
        rows = (
            ("What matters to you", need.outcome_wanted),
            ("Meets the national criteria", _eligible(need)),
            ("Will the council meet it?", _yes_no(need.council_will_meet)),
            ("How it will be met", need.how_met),
        )
        blocks.append(Facts(tuple(row for row in rows if row[1])))
    return blocks


def _eligible(need: PlanNeed) -> str:
    said = {True: "Yes", False: "No", None: "Not decided yet"}[need.eligible]
    return f"{said}. {need.extent}" if need.extent else said


def _yes_no(value: bool | None) -> str:
    return {True: "Yes", False: "No", None: ""}[value]


def _lines(lines: tuple[PlanLine, ...]) -> list[Block]:
    if not lines:
        return []
    blocks: list[Block] = [Heading("Your support")]
    for line in lines:
        blocks += _line(line)
    return blocks


def _line(line: PlanLine) -> list[Block]:
    dates = " ".join(
        t
        for t in (
            f"From {day(line.starts)}" if line.starts else "",
            f"until {day(line.ends)}" if line.ends else "",
        )
        if t
    )
    rows = (
        ("For", listed(line.needs)),
        ("What happens", line.how),
        ("Who does it", " · ".join(t for t in (line.met_by, apart(line.provider)) if t)),
        ("How often", line.frequency),
        ("When", dates[:1].upper() + dates[1:]),
        ("Cost", cost_text(line)),
        ("Paid as", "A direct payment to you" if line.direct_payment else ""),
        ("Kind of help", "Short-term, to help you do it yourself" if line.short_term else ""),
        ("Under the law", BASIS[line.basis]),
        ("Why it is urgent", line.urgent_reason),
    )
    blocks: list[Block] = [Heading(line.title, 3), Facts(tuple(row for row in rows if row[1]))]
    return [*blocks, *_timetable(line.timetable)] if line.timetable else blocks


def cost_text(line: PlanLine) -> str:
    """Say what a line costs; section 117 after-care never costs the person anything, whatever is recorded."""
    if line.basis == "s.117" or line.no_charge:
        return "No charge to you"
    parts = [f"{money(line.once)} once"] if line.once is not None else []
    parts += [f"{money(line.weekly)} a week"] if line.weekly is not None else []
    span = "in all" if _ends_soon(line) else "a year"
    parts += [f"{money(line.yearly)} {span}"] if line.yearly is not None else []
    return ", ".join(parts)


def _ends_soon(line: PlanLine) -> bool:
    """Say whether a line ends within a year: what it costs in a year is then what it costs in all."""
    return line.starts is not None and line.ends is not None and (line.ends - line.starts).days < 364


def _timetable(week: Timetable) -> list[Block]:
    rows = tuple((row.part, *(str(m) if m else "–" for m in row.minutes)) for row in week.rows)
    total = minutes(week.weekly_minutes)
    who = "one worker" if week.workers == 1 else f"{week.workers} workers together"
    return [
        Paragraph(f"{total} a week in all, {who} each time. Minutes each day:", "label", keep_with_next=True),
        Table(
            ("", *SHORT_DAYS),
            rows,
            (2.1, 1, 1, 1, 1, 1, 1, 1),
            frozenset(range(1, 8)),
            summary="Minutes of support for each part of each day of the week",
        ),
    ]


def _costs(lines: tuple[PlanLine, ...]) -> list[Block]:
    priced = [
        n for n in lines if n.weekly is not None or n.yearly is not None or n.once is not None or cost_text(n)
    ]
    if not priced:
        return []
    rows = [_cost_row(line) for line in priced]
    counted = [line for line in priced if not (line.basis == "s.117" or line.no_charge)]
    rows.append(("All together", _total(counted, "weekly"), _total(counted, "yearly")))
    blocks: list[Block] = [
        Heading("What it costs"),
        Table(
            ("Support", "Each week", "Each year"),
            tuple(rows),
            (5, 2.2, 2.4),
            frozenset({1, 2}),
            strong_last=True,
            summary="What each line of support costs each week and each year",
        ),
    ]
    if any(line.basis == "s.117" for line in lines):
        blocks.append(Paragraph("Section 117 after-care is not counted in anything that you pay.", "quiet"))
    return blocks


def _cost_row(line: PlanLine) -> tuple[str, str, str]:
    if line.basis == "s.117":
        return (f"{line.title} (section 117)", "no charge", "no charge")
    if line.no_charge:
        return (line.title, "no charge", "no charge")
    if line.once is not None and line.weekly is None:
        return (f"{line.title} (once)", "–", money(line.once))
    title = f"{line.title} (in all, not each year)" if _ends_soon(line) and line.yearly else line.title
    return (title, money_or(line.weekly, "not known yet"), money_or(line.yearly, "not known yet"))


def _total(lines: list[PlanLine], field: str) -> str:
    figures = [getattr(line, field) for line in lines if line.once is None or line.weekly is not None]
    if any(f is None for f in figures):
        return "not known yet"
    once = sum((n.once for n in lines if n.once is not None and n.weekly is None), Decimal(0))
    return money(sum(figures, Decimal(0)) + (once if field == "yearly" else Decimal(0)))


def _budget(budget: Budget | None, lines: tuple[PlanLine, ...]) -> list[Block]:
    if budget is None:
        return []
    rows = (
        ("You pay", money_or(budget.adult, AWAITED)),
        ("The council pays", money_or(budget.council, "the rest, once your part is known")),
        ("Your personal budget", money(budget.total)),
    )
    blocks: list[Block] = [
        Heading("Your personal budget"),
        Paragraph(
            "This is what it costs the council to meet your needs, each week, and who pays which part of it.",
            keep_with_next=True,
        ),
        Table(
            ("", "Each week"),
            rows,
            (5, 4),
            frozenset({1}),
            strong_last=True,
            summary="The personal budget’s parts",
        ),
    ]
    if budget.adult is None:
        blocks.append(
            Paragraph(
                "Your support need not wait for the financial assessment. We will write to you with "
                "the result."
            )
        )
    return blocks


def _direct_payment(payment: DirectPayment | None) -> list[Block]:
    if payment is None:
        return []
    rows = (
        ("Pays for", listed(payment.needs)),
        ("Amount", f"{money(payment.amount)} {payment.frequency}"),
        ("From", day(payment.starts) if payment.starts else ""),
        ("Managed by", apart(payment.managed_by)),
    )
    return [Heading("Your direct payment"), Facts(tuple(row for row in rows if row[1]))]


def _options(sets: tuple[OptionSet, ...]) -> list[Block]:
    if not sets:
        return []
    blocks: list[Block] = [Heading("The options we looked at together")]
    for options in sets:
        rows = tuple(_option_row(option) for option in options.options)
        header = ("Option", "Meets the need?", "Each week", "Each year")
        blocks += [
            Heading(options.need, 3),
            Table(header, rows, (4.2, 3, 2, 2.3), frozenset({2, 3}), summary=f"Options for {options.need}"),
        ]
    return blocks


def _option_row(option: Option) -> tuple[str, str, str, str]:
    marks = [
        m for m, on in (("your choice", option.chosen), ("offered within the budget", option.offered)) if on
    ]
    title = f"{option.title} ({'; '.join(marks)})" if marks else option.title
    return (title, option.meets, money_or(option.weekly, "–"), money_or(option.yearly, "–"))


def _extra(costs: tuple[ExtraCost, ...]) -> list[Block]:
    if not costs:
        return []
    return [Heading("The extra cost of a dearer choice"), *(Paragraph(extra_text(cost)) for cost in costs)]


def extra_text(cost: ExtraCost) -> str:
    """Say what a dearer choice costs more, and who agreed in writing to pay it; without that, that nobody
    must.

    A representative is never liable unless they agreed as third party (domain §4); no demand is printed.
    """
    more = f"{cost.for_what} costs {money(cost.weekly)} a week more than the option within the budget."
    if cost.agreed_on is None or cost.payer is None or not cost.payer_name:
        return f"{more} Nobody has agreed to pay this, and nobody has to unless they choose to, in writing."
    return f"{more} {apart(cost.payer_name)} agreed in writing on {day(cost.agreed_on)} to pay it."


def _advice(copy: PlanCopy) -> list[Block]:
    blocks: list[Block] = []
    if copy.prevention or copy.reduce_delay:
        blocks.append(Heading("Staying well: advice for you"))
    if copy.prevention:
        blocks += [Heading("To prevent new needs", 3), Paragraph(copy.prevention)]
    if copy.reduce_delay:
        blocks += [Heading("To reduce or delay the needs you have", 3), Paragraph(copy.reduce_delay)]
    return blocks


def _review(copy: PlanCopy) -> list[Block]:
    when = (
        f"We will look at this plan with you by {weekday(copy.review_on)}."
        if copy.review_on
        else "No date is set yet."
    )
    return [
        Heading("Review"),
        Paragraph(f"{when} You, or somebody for you, can ask for a review sooner, whenever things change."),
    ]


def _agreement(agreement: Agreement, person: Person) -> list[Block]:
    on = f" on {day(agreement.on)}" if agreement.on else ""
    how = f" ({agreement.how})" if agreement.how else ""
    if agreement.agreed is None:
        text = f"{called(person)} has not yet said whether this plan is right."
    elif agreement.agreed:
        text = f"{called(person)} agreed with this plan{on}{how}."
    else:
        text = f"{called(person)} does not agree with this plan{on}{how}."
    blocks: list[Block] = [Heading("Agreement"), Paragraph(text)]
    if agreement.reason:
        blocks.append(Bullets((agreement.reason,)))
    blocks.append(Paragraph("Your support does not depend on a signature.", "quiet"))
    return blocks
