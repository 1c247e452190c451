"""Every field of an order and of its lines: what it is called, how it is asked for. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from ascdesk.care.equipment import Basis, Supply
from ascdesk.care.outcomes import ADULT_OUTCOMES
from ascdesk.care.prescriptions import PrescriptionLine
from ascdesk.work.awaited import TRIALS
from ascdesk.work.fields import Row
from ascdesk.work.prescribing import OrderSheet
from ui.plan.specs import Pairs, Part, Spec

OUTCOMES: Pairs = tuple((one.code, one.name) for one in ADULT_OUTCOMES)
SUPPLY: Pairs = ((Supply.STOCK.value, "Stock"), (Supply.SPECIAL.value, "A special, bought for this person"))
BASIS: Pairs = ((Basis.LOAN.value, "Lent: it comes back"), (Basis.ISSUE.value, "Given for good"))


def _special(held: Row) -> bool:
    return bool(held.value("supply") == Supply.SPECIAL.value)


def _joint(held: Row) -> bool:
    return bool(held.value("joint_visit"))


def _no_consent(held: Row) -> bool:
    return held.value("consent") is False


def _tried(held: Row) -> bool:
    return bool(held.value("trial_on"))


PRIVATE = frozenset({"hazards", "safety_alert"})
"""Fields that are no business of whoever sits beside the worker during a visit."""


def header_parts(sheet: OrderSheet, name: str, *, visiting: bool = False) -> tuple[Part, ...]:
    """Return every field of an order's header (domain §2.8), grouped; what is private not during a visit."""
    parts = (_delivery(sheet), _visit(), _agreement(name), _money(sheet))
    if not visiting:
        return parts
    return tuple(
        Part(part.heading, tuple(spec for spec in part.specs if spec.field not in PRIVATE)) for part in parts
    )


def _delivery(sheet: OrderSheet) -> Part:
    speeds = tuple((one.id, one.name) for one in sheet.ordering.speeds)
    hasty = {one.id for one in sheet.ordering.speeds if one.reason}

    def in_haste(held: Row) -> bool:
        return held.value("speed") in hasty

    how_fast = (
        Spec("speed", "How fast is it needed?", "choice", options=speeds),
        Spec("speed_because", "Why so fast?", "long", when=in_haste),
    )
    return Part(
        "Delivery",
        (
            Spec("address", "Where is it delivered?", "long"),
            Spec(
                "access",
                "How do they get in?",
                "long",
                "Key safe, codes, which door. Never on a printed copy or in a file: tell it by telephone.",
            ),
            Spec("contact_name", "Whom does the store ring first?", "line"),
            Spec("contact_telephone", "Their telephone number", "line"),
            *(how_fast if speeds else ()),
            Spec("need_by", "Needed by, at the latest", "date"),
            Spec("discharge", "Is it for a discharge from hospital?", "yesno"),
            Spec("hazards", "What should they watch out for at the home?", "long", "Steps, pets, parking."),
            Spec(
                "safety_alert",
                "Safety alert for who delivers",
                "long",
                "For the store alone: never on the person’s copy.",
            ),
        ),
    )


def _visit() -> Part:
    return Part(
        "Fitting and first use",
        (
            Spec("joint_visit", "Is it a joint visit?", "yesno"),
            Spec("joint_visit_with", "With whom?", "line", when=_joint),
            Spec("wait_for_visit", "Not to be used until you come?", "yesno"),
            Spec("review_on", "When is it looked at again?", "date"),
        ),
    )


def _agreement(name: str) -> Part:
    return Part(
        "Agreement and measures",
        (
            Spec("consent", f"Does {name} agree to it?", "yesno"),
            Spec(
                "consent_by",
                "Who may decide, and how was it decided?",
                "long",
                "An attorney, a deputy, or a decision in their best interests.",
                when=_no_consent,
            ),
            Spec("weight_kg", "Weight, kg", "amount"),
            Spec("height_mm", "Height", "mm"),
            Spec("weighed_on", "Weighed on", "date"),
        ),
    )


def _money(sheet: OrderSheet) -> Part:
    budgets = tuple((one.id, one.name) for one in sheet.ordering.budgets)
    which = Spec("budget_code", "Which budget pays?", "choice", options=budgets)
    return Part(
        "Who pays",
        (
            which if budgets else Spec("budget_code", "Budget code", "line"),
            Spec("health_share", "The health service’s share, per cent", "whole"),
            Spec("prescriber_pin", "Your prescriber PIN, where the store asks for one", "line"),
        ),
    )


def line_parts(sheet: OrderSheet, line: PrescriptionLine | None, rooms: Pairs, name: str) -> Sequence[Part]:
    """Return every field of a line (domain §2.8), grouped."""
    return (_what(line, rooms), _why(name), _supplied(), _around(name))


def _what(line: PrescriptionLine | None, rooms: Pairs) -> Part:
    sizes = tuple((one, one) for one in line.sizes) if line is not None else ()
    size = Spec("size", "Size or kind", "choice", options=sizes) if sizes else Spec("size", "Size", "line")
    where = (Spec("room", "For which room?", "choice", options=rooms),) if rooms else ()
    called = () if line is not None and line.code else (Spec("name", "What is it called?", "line"),)
    return Part(
        "What, and how it is set",
        (
            *called,
            Spec("quantity", "How many?", "whole"),
            size,
            *where,
            Spec(
                "settings", "How is it fitted and set?", "long", "The height to set, which side, which way."
            ),
            Spec("extras", "Parts that come with it", "line"),
        ),
    )


def _why(name: str) -> Part:
    return Part(
        "Why",
        (
            Spec("justification", "Why is it needed?", "long"),
            Spec("outcome", "For which outcome?", "fold", options=OUTCOMES),
            Spec(
                "override_because",
                "If it is not known to fit: why all the same?",
                "long",
                "Needed only where the fit says anything but that it fits. It is kept with the order.",
            ),
            Spec("plain_words", f"How will it help {name}?", "long", "For their own copy."),
        ),
    )


def _supplied() -> Part:
    return Part(
        "How it is supplied",
        (
            Spec("supply", "Stock or special?", "choice", options=SUPPLY),
            Spec("special_because", "Why will nothing in stock do?", "long", when=_special),
            Spec("basis", "Lent or given?", "choice", options=BASIS),
            Spec("unit_cost", "Price of one", "money"),
            Spec("substitute", "May another of the same kind be sent?", "yesno"),
        ),
    )


def _around(name: str) -> Part:
    return Part(
        "Trying and following up",
        (
            Spec("trial_on", "Tried on", "date", f"Where {name} tried it before it was ordered."),
            Spec("trial_outcome", "What came of it?", "choice", options=tuple(TRIALS.items()), when=_tried),
            Spec("trial_words", "In words", "long", when=_tried),
            Spec("follow_up_on", "When do we ask how it goes?", "date"),
        ),
    )
