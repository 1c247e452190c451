"""Every field of a plan's typed rows: what it is called, how it is asked for, when. No Qt.

The fields are those of `ascdesk.care.plans`; the lists are those of the Client Level Data return.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ascdesk.care.cld import DELIVERY_MECHANISMS, SERVICE_COMPONENTS, SERVICE_TYPES
from ascdesk.care.costs import CostUnit
from ascdesk.care.determination import LegalBasis
from ascdesk.care.outcomes import ADULT_OUTCOMES, outcome
from ascdesk.care.plans import MetBy, Payer
from ascdesk.work.fields import Row
from ascdesk.work.plans import PlanSheet
from ui.plan.words import BASES, MET_BY, UNITS

Kind = Literal[
    "line",
    "long",
    "money",
    "amount",
    "mm",
    "count",
    "whole",
    "date",
    "choice",
    "fold",
    "codes",
    "yesno",
    "week",
]
Pairs = Sequence[tuple[str, str]]


def _always(_: Row) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Spec:
    """A field: its label, the kind of editor, the choices offered, and when it is asked for."""

    field: str
    label: str
    kind: Kind
    hint: str = ""
    options: Pairs = ()
    other: str = ""
    when: Callable[[Row], bool] = _always


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong together, under a heading."""

    heading: str
    specs: tuple[Spec, ...]


def _is(field: str, *values: str) -> Callable[[Row], bool]:
    def asked(held: Row) -> bool:
        return held.value(field) in values

    return asked


def _paid(held: Row) -> bool:
    return held.value("met_by") not in {None, MetBy.INFORMAL.value, MetBy.UNIVERSAL.value}


def _no_week(held: Row) -> bool:
    unit = held.value("unit")
    return not held.value("timetable") and unit in {
        CostUnit.HOURLY.value, CostUnit.PER_SESSION.value, CostUnit.DAILY.value,
    }  # fmt: skip


def _has_price(held: Row) -> bool:
    return held.value("unit") not in {None, CostUnit.NO_CHARGE.value}


def need_pairs(sheet: PlanSheet, held: Row) -> Pairs:
    """Return the needs that a line or an option may be for: the plan's, or all ten where it has none."""
    codes = [str(need.value("code")) for need in sheet.needs] or [one.code for one in ADULT_OUTCOMES]
    codes += [code for code in held.value("needs") or () if code not in codes]
    return [(code, outcome(code).name) for code in codes]


def line_parts(sheet: PlanSheet, held: Row, name: str) -> tuple[Part, ...]:
    """Return every field of a line (domain §2.4, §2.9a), grouped."""
    return (
        Part(
            "What it is for",
            (
                Spec("needs", "Which needs does it meet?", "codes", options=need_pairs(sheet, held)),
                Spec("outcome_words", f"What does {name} want from it?", "long", f"In {name}’s own words."),
                Spec("how", "How will this be done?", "long", "Who does what, in a sentence or two."),
                Spec("met_by", "Who or what helps?", "choice", options=MET_BY),
                Spec(
                    "carer_willing",
                    "Is the carer willing and able to do this?",
                    "yesno",
                    "Ask the carer. Nobody has to.",
                    when=_is("met_by", MetBy.INFORMAL.value),
                ),
            ),
        ),
        Part(
            "By which duty or power",
            (
                Spec("basis", "Why may the council help with this?", "choice", options=BASES),
                Spec(
                    "urgent_because",
                    "Why can it not wait for the assessment?",
                    "long",
                    "Say below when this help ends or is looked at again.",
                    when=_is("basis", LegalBasis.URGENT.value),
                ),
            ),
        ),
        _provider(),
        _amount(name),
    )


def _provider() -> Part:
    return Part(
        "Who provides it",
        (
            Spec("provider", "Who provides it?", "line"),
            Spec("cqc_location", "Their CQC location number", "line", "Starts with 1-.", when=_paid),
            Spec("service_type", "Service type", "fold", options=same(SERVICE_TYPES), when=_paid),
            Spec(
                "service_component", "Service component", "fold", options=same(SERVICE_COMPONENTS), when=_paid
            ),
            Spec(
                "delivery_mechanism",
                "Delivery mechanism",
                "fold",
                options=same(DELIVERY_MECHANISMS),
                when=_paid,
            ),
        ),
    )


def _amount(name: str) -> Part:
    return Part(
        "When, how much and what it costs",
        (
            Spec("timetable", "The week, in minutes", "week", "Type minutes into a cell: 45, or 1:30."),
            Spec("frequency", "Anything else about how often", "line", "For example: in term time only."),
            Spec("unit", "What is the price for?", "fold", options=UNITS),
            Spec("unit_cost", "The price", "money", when=_has_price),
            Spec("units_per_week", "How many in a week?", "amount", when=_no_week),
            Spec(
                "weeks_per_year", "How many weeks in a year?", "count", "52 unless it is in term time only.",
                when=_has_price,
            ),
            Spec(
                "funding_source",
                "Who pays for it?",
                "choice",
                options=(
                    ("council", "The council"), ("nhs", "The NHS"), ("joint", "The council and the NHS"),
                    ("person", name),
                ),
                other="Somebody else",
                when=_paid,
            ),
            Spec("starts", "When does it start?", "date"),
            Spec("ends", "When does it end, or is looked at again?", "date", "Leave empty if it goes on."),
        ),
    )  # fmt: skip


def option_parts(sheet: PlanSheet, held: Row, name: str) -> tuple[Part, ...]:
    """Return every field of an option."""
    return (
        Part(
            "",
            (
                Spec("name", "What is it?", "line"),
                Spec("provider", "Who would provide it?", "line"),
                Spec("needs", "Which needs is it for?", "codes", options=need_pairs(sheet, held)),
                Spec("meets_needs", "Does it meet the need?", "yesno"),
                Spec("how_far", f"How far does it go, and what does {name} think?", "long"),
                Spec("weekly", "What does it cost a week?", "money", "0 if it costs nothing."),
                Spec("available", "Can it be had now?", "yesno", "A home with no vacancy cannot."),
                Spec("offered", "Has the council offered it?", "yesno"),
                Spec(
                    "section_117", "Is it after-care under s.117?", "yesno", "Then nobody pays extra for it."
                ),
            ),
        ),
    )


def need_parts(name: str) -> tuple[Part, ...]:
    """Return every field of a need."""
    return (
        Part(
            "",
            (
                Spec("words", "The need, and what is wanted", "long", f"In {name}’s own words."),
                Spec("eligible", "Does it meet the criteria?", "yesno"),
                Spec("extent", "How far does it meet them?", "long"),
                Spec(
                    "not_met_because",
                    "If nothing in the plan is for it: why not?",
                    "long",
                    f"{name} does not want it met, or has another way.",
                ),
            ),
        ),
    )


def budget_parts(name: str) -> tuple[Part, ...]:
    """Return the personal budget (Care Act 2014 s.26)."""
    return (
        Part(
            "Personal budget",
            (
                Spec("budget_total", "Personal budget a week", "money"),
                Spec(
                    "budget_adult_awaiting",
                    f"Is {name}’s part waiting for the financial assessment?",
                    "yesno",
                ),
                Spec("budget_adult", f"{name}’s part, a week", "money", when=_known),
                Spec("budget_council", "The council’s part, a week", "money", when=_known),
            ),
        ),
    )


def _known(held: Row) -> bool:
    return not held.value("budget_adult_awaiting")


def payment_part(sheet: PlanSheet) -> Part:
    """Return what a direct payment is (Care Act 2014 s.25(2)); its conditions are asked in the form."""
    return Part(
        "Direct payment",
        (
            Spec(
                "payment_needs", "Which needs does it meet?", "codes", options=need_pairs(sheet, sheet.header)
            ),
            Spec("payment_amount", "How much is paid?", "money"),
            Spec("payment_frequency", "How often is it paid?", "fold", options=UNITS[3:10]),
            Spec("payment_starts", "From when?", "date"),
        ),
    )


def top_up_part(name: str) -> Part:
    """Return who agreed to the extra cost of a dearer option (Care Act 2014 s.30): never a demand."""
    return Part(
        "The extra cost of the option chosen",
        (
            Spec(
                "top_up_payer",
                "Who has agreed to meet it?",
                "choice",
                options=(
                    (Payer.THIRD_PARTY.value, "A family member, friend or charity"),
                    (Payer.FIRST_PARTY.value, f"{name}, where the law allows it"),
                    (Payer.COUNCIL.value, "The council"),
                ),
            ),
            Spec(
                "top_up_who",
                "Who is that?",
                "line",
                when=_is("top_up_payer", Payer.THIRD_PARTY.value, Payer.FIRST_PARTY.value),
            ),
            Spec("top_up_weekly", "How much a week was agreed?", "money"),
            Spec(
                "top_up_agreed_on",
                "When was it agreed in writing?",
                "date",
                when=_is("top_up_payer", Payer.THIRD_PARTY.value, Payer.FIRST_PARTY.value),
            ),
        ),
    )


def same(words: Sequence[str]) -> Pairs:
    """Return a list whose codes are its words."""
    return [(word, word) for word in words]
