"""Every field of an adaptation: what it is called, how it is asked for, when. No Qt (domain §2.8)."""

from __future__ import annotations

from collections.abc import Callable

from ascdesk.care.grants import PURPOSES, RENTED, Scale
from ascdesk.care.ramps import GRADIENTS
from ascdesk.work import adapting
from ascdesk.work.adapting import CONSENTS, MEANS, TENURES, WALLS, YES_NO
from ascdesk.work.fields import Row
from ui.plan.specs import Pairs, Part, Spec


def where_parts(rooms: Pairs) -> tuple[Part, ...]:
    """Return what it is, where exactly, and its measures."""
    rail, slope = _shaped("rail"), _shaped("ramp", "steps")
    return (
        Part(
            "What and where",
            (
                Spec("name", "What is to be done?", "line", "In a few words, as the builder would call it."),
                Spec("scale", "How big is it?", "choice", options=(
                    (Scale.MINOR.value, "Minor"), (Scale.MAJOR.value, "Major, with a grant"))),
                Spec("room", "In which room?", "fold", options=rooms, when=_always if rooms else _never),
                Spec("where", "Where exactly?", "long", "For somebody who has never been there."),
                Spec("wall", "What is the wall made of?", "fold", "The fixings depend on it.",
                     options=WALLS, when=rail),
                Spec("length", "Length", "mm", "460, 46 cm or 18\"", when=rail),
                Spec("height", "Height above the floor", "mm", "To the middle of the rail.", when=rail),
                Spec("rise", "How far up is it?", "mm", "From the ground to the sill.", when=slope),
                Spec("going", "How much room is there?", "mm", "Along the ground, landings and all.",
                     when=_shaped("ramp")),
                Spec("gradient", "How steep?", "choice", when=_shaped("ramp"),
                     options=tuple((str(one), f"1 in {one}") for one in GRADIENTS)),
            ),
        ),
    )  # fmt: skip


def home_parts() -> tuple[Part, ...]:
    """Return whose home it is, and what it costs."""
    return (
        Part(
            "Whose home, and the cost",
            (
                Spec("tenure", "Whose home is it?", "choice", options=TENURES),
                Spec("consent", "The landlord’s consent", "choice", options=CONSENTS, when=_rented),
                Spec("consent_words", "Who was asked, and when?", "line", when=_rented),
                Spec("cost", "About what does it cost?", "money"),
                Spec("means", "The means test", "choice", "The housing authority looks at income.",
                     options=MEANS, when=_major),
            ),
        ),
    )  # fmt: skip


def grant_parts(name: str) -> tuple[Part, ...]:
    """Return what a grant asks: the need, and the tests of the 1996 Act."""
    purposes = tuple((one.code, f"{one.words} · {one.section}") for one in PURPOSES)
    return (
        Part(
            "Why it is needed",
            (
                Spec("need", f"What is hard for {name}, and what is to become possible?", "long"),
                Spec("purposes", "What is it for?", "codes", "Purposes of the 1996 Act, s.23(1).",
                     options=purposes),
                Spec("necessary", "Is it necessary and appropriate?", "choice", "s.24(3)(a): ours to say.",
                     options=YES_NO),
                Spec("necessary_words", "Why?", "long", when=_said("necessary")),
                Spec("practicable", "Does it look reasonable and practicable?", "choice",
                     "s.24(3)(b): the housing authority decides it, by the age and state of the home.",
                     options=YES_NO),
                Spec("practicable_words", "Why?", "long", when=_said("practicable")),
                Spec("intends_to_stay", f"Does {name} mean to live there for five years?", "choice",
                     "s.22A: or for as long as health and circumstances permit.", options=YES_NO),
                Spec("stay_words", "For how long, and why?", "long", when=_is("intends_to_stay", "no")),
            ),
        ),
    )  # fmt: skip


def space_parts() -> tuple[Part, ...]:
    """Return the space that is needed, and what helps meanwhile."""
    return (
        Part(
            "Space, and until it is done",
            (
                Spec("space", "What space and storage is needed?", "long",
                     "Turning a wheelchair, keeping a hoist; or that none is."),
                Spec("temporary", "What helps until it is done?", "long"),
            ),
        ),
    )  # fmt: skip


def person_parts(name: str) -> tuple[Part, ...]:
    """Return what the person's own copy says."""
    return (
        Part(
            f"In plain words, for {name}’s own copy",
            (Spec("plain_words", "How will it help?", "long", "You can … by yourself."),),
        ),
    )


def stage_parts() -> tuple[Part, ...]:
    """Return the days of its stages and what was decided."""
    return (
        Part(
            "How far it has come",
            (
                Spec("recommended_on", "Recommended on", "date", when=_has("recommended_on")),
                Spec("applied_on", "Valid application on", "date", "The six months begin on this day.",
                     when=_major),
                Spec("decided_on", "Decided on", "date", when=_applied),
                Spec("decision", "What was decided?", "choice", when=_applied,
                     options=(("approved", "Approved"), ("refused", "Refused"))),
                Spec("decision_words", "In their words", "long", when=_has("decision")),
                Spec("grant", "The grant", "money", when=_is("decision", "approved")),
                Spec("completed_on", "Completed on", "date", when=_has("recommended_on", "decided_on")),
            ),
        ),
    )  # fmt: skip


def _always(_: Row) -> bool:
    return True


def _never(_: Row) -> bool:
    return False


def _shaped(*shapes: str) -> Callable[[Row], bool]:
    def asked(held: Row) -> bool:
        return adapting.shape_of(held) in shapes

    return asked


def _is(field: str, *values: str) -> Callable[[Row], bool]:
    def asked(held: Row) -> bool:
        return held.value(field) in values

    return asked


def _has(*fields: str) -> Callable[[Row], bool]:
    def asked(held: Row) -> bool:
        return any(held.value(field) or held.conflict(field) for field in fields)

    return asked


def _said(field: str) -> Callable[[Row], bool]:
    return _has(field)


def _rented(held: Row) -> bool:
    return held.value("tenure") in RENTED


def _major(held: Row) -> bool:
    return adapting.scale_of(held) is Scale.MAJOR


def _applied(held: Row) -> bool:
    return _major(held) and bool(held.value("applied_on") or held.value("decided_on"))
