"""Adaptations of a person's home: begun, filled in, recommended, followed to their end; and drawn to scale.

What a rule says of them is in :mod:`ascdesk.care.grants` and :mod:`ascdesk.care.ramps`. A draft may lack
anything; only recommending asks that it is whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from ascdesk.care import grants, ramps
from ascdesk.care.grants import Choice, Scale, Stage, Work
from ascdesk.care.missing import Missing
from ascdesk.documents.elevations import FIXTURES, Built, Fixture, Rail, Wall
from ascdesk.errors import Refusal
from ascdesk.record.change import Json, new_id
from ascdesk.record.record import Record
from ascdesk.work import fields, sketching
from ascdesk.work.fields import Row
from ascdesk.work.sketching import Mark

ENTITY: Final = "adaptation"
Shape = Literal["", "rail", "ramp", "steps"]


@dataclass(frozen=True, slots=True)
class AdaptationKind:
    """A kind of adaptation: its code, words, how big it usually is, its picture, and what is worked out."""

    code: str
    words: str
    scale: Scale
    picture: str
    shape: Shape = ""


KINDS: Final = (
    AdaptationKind("grab_rail", "Grab rail", Scale.MINOR, "grab_rail", "rail"),
    AdaptationKind("second_banister", "Second banister", Scale.MINOR, "banister", "rail"),
    AdaptationKind("half_step", "Half-step", Scale.MINOR, "half_step", "steps"),
    AdaptationKind("outside_rail", "Rail outside", Scale.MINOR, "banister", "rail"),
    AdaptationKind("drop_down_rail", "Drop-down rail", Scale.MINOR, "grab_rail", "rail"),
    AdaptationKind("lever_taps", "Lever taps", Scale.MINOR, "tap"),
    AdaptationKind("door_entry", "Door entry", Scale.MINOR, "key_safe"),
    AdaptationKind("threshold_ramp", "Threshold ramp", Scale.MINOR, "ramp", "ramp"),
    AdaptationKind("lighting", "Lighting", Scale.MINOR, "light"),
    AdaptationKind("ramp", "Ramp", Scale.MAJOR, "ramp", "ramp"),
    AdaptationKind("steps", "New steps", Scale.MAJOR, "half_step", "steps"),
    AdaptationKind("level_access_shower", "Level access shower", Scale.MAJOR, "shower"),
    AdaptationKind("stairlift", "Stairlift", Scale.MAJOR, "stairlift"),
    AdaptationKind("through_floor_lift", "Through-floor lift", Scale.MAJOR, "door"),
    AdaptationKind("wider_doors", "Wider doors", Scale.MAJOR, "door"),
    AdaptationKind("ceiling_hoist", "Ceiling track hoist", Scale.MAJOR, "hoist"),
    AdaptationKind("closomat", "Wash and dry toilet", Scale.MAJOR, "toilet_seat"),
    AdaptationKind("bathroom_downstairs", "Bathroom downstairs", Scale.MAJOR, "shower"),
    AdaptationKind("bedroom_downstairs", "Bedroom downstairs", Scale.MAJOR, "bed"),
    AdaptationKind("extension", "Extension", Scale.MAJOR, "door"),
    AdaptationKind("kitchen", "Kitchen at the right height", Scale.MAJOR, "kettle"),
    AdaptationKind("heating", "Heating", Scale.MAJOR, "light"),
)
"""What is usually built (domain §2.8). Another kind is in the person's own words."""

WALLS: Final = (
    ("brick", "Brick or block"), ("plaster_on_brick", "Brick, plastered"), ("stud", "Stud and plasterboard"),
    ("lath", "Lath and plaster"), ("concrete", "Concrete"), ("tiled_brick", "Tiles on brick"),
    ("tiled_stud", "Tiles on plasterboard"), ("timber", "Timber"), ("not_known", "Not known"),
)  # fmt: skip
TENURES: Final = (
    ("owner", "Their own"), ("council", "The council’s"), ("housing_association", "A housing association’s"),
    ("private", "A private landlord’s"), ("other", "Somebody else’s"),
)  # fmt: skip
CONSENTS: Final = (("asked", "Asked for"), ("given", "Given"), ("refused", "Refused"))
MEANS: Final = (
    ("not_told", "Not told yet"),
    ("told", "Told that income is looked at"),
    ("passported", "On a benefit that spares them the test"),
    ("passed_on", "Passed on to the housing authority"),
)
OPTION_KINDS: Final = (
    ("equipment", "Equipment"), ("minor", "A minor adaptation"), ("adaptation", "An adaptation"),
    ("rehousing", "Moving house"), ("care", "Help from people"), ("nothing", "Leaving it as it is"),
    ("other", "Something else"),
)  # fmt: skip
YES_NO: Final = (("yes", "Yes"), ("no", "No"), ("unclear", "Not clear yet"))


def kind_of(row: Row) -> AdaptationKind | None:
    """Return what kind an adaptation is; nothing for one that is none of ours."""
    return next((one for one in KINDS if one.code == row.value("kind")), None)


def shape_of(row: Row) -> Shape:
    """Return what is worked out and drawn of an adaptation."""
    kind = kind_of(row)
    return kind.shape if kind is not None else ""


def name_of(row: Row) -> str:
    """Return what an adaptation is called: by its own name, else by its kind."""
    kind = kind_of(row)
    named = _text(row, "name") or (kind.words if kind else _text(row, "kind"))
    return named or "An adaptation without a name yet"


def words_of(kind: str | None, name: str | None) -> str:
    """Return what an adaptation is called, from its facts alone."""
    known = next((one.words for one in KINDS if one.code == kind), "")
    return name or known or "an adaptation"


def scale_of(row: Row) -> Scale:
    """Return whether an adaptation is minor or major."""
    return Scale.MAJOR if row.value("scale") == Scale.MAJOR.value else Scale.MINOR


# -- reading ---------------------------------------------------------------------------------------------


def adaptations(record: Record, case: str) -> tuple[Row, ...]:
    """Return the adaptations of a case in the order of their making."""
    return fields.rows(record, case, ENTITY)


def adaptation(record: Record, case: str, row: str) -> Row:
    """Return one adaptation. Raises :class:`Refusal` when it is not in the case any more."""
    found = next((one for one in adaptations(record, case) if one.row == row), None)
    if found is None:
        raise Refusal("This adaptation was removed meanwhile. Go back and choose again.")
    return found


def work_of(row: Row) -> Work:
    """Return an adaptation as the rules see it; what is in conflict or cannot be read is not known."""
    return Work(
        scale=scale_of(row), name=_text(row, "name") or _text(row, "kind"), where=_text(row, "where"),
        rail=shape_of(row) == "rail", wall=_text(row, "wall"), length=amount(row, "length"),
        height=amount(row, "height"), drawn=is_drawn(row), cost=amount(row, "cost"),
        tenure=_text(row, "tenure"), consent=_text(row, "consent"), need=_text(row, "need"),
        options=tuple(Choice(*one) for one in _options(row)), space=_text(row, "space"),
        temporary=_text(row, "temporary"), purposes=tuple(str(one) for one in row.value("purposes") or ()),
        necessary=_text(row, "necessary"), necessary_words=_text(row, "necessary_words"),
        practicable=_text(row, "practicable"), practicable_words=_text(row, "practicable_words"),
        stays=_text(row, "intends_to_stay"), stays_words=_text(row, "stay_words"),
        recommended_on=day(row, "recommended_on"), applied_on=day(row, "applied_on"),
        decided_on=day(row, "decided_on"), approved=_approved(row), completed_on=day(row, "completed_on"),
        withdrawn=bool(_text(row, "withdrawn_because")),
    )  # fmt: skip


def _approved(row: Row) -> bool | None:
    return {"approved": True, "refused": False}.get(_text(row, "decision"))


def _options(row: Row) -> list[tuple[str, str, str, bool]]:
    held = row.value("options")
    found = [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    return [
        (_said(one, "kind"), _said(one, "what"), _said(one, "why"), bool(one.get("chosen"))) for one in found
    ]


def _said(one: Mapping[str, Json], name: str) -> str:
    return str(one.get(name) or "")


def amount(row: Row, name: str) -> Decimal | None:
    """Return a field's figure; nothing where it is none."""
    value = row.value(name)
    try:
        return Decimal(str(value)) if value is not None and value != "" else None
    except InvalidOperation:
        return None


def day(row: Row, name: str) -> date | None:
    """Return a field's whole date; nothing for less."""
    value = row.value(name)
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _text(row: Row, name: str) -> str:
    value = row.value(name)
    return str(value).strip() if value is not None else ""


# -- what is drawn ---------------------------------------------------------------------------------------


BLANK: Final = sketching.Wall(2000, 2100)
"""The wall that a drawing begins with, in millimetres."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where rails go: on a photo, or on a blank wall of so many millimetres with something before it."""

    photo: str = ""
    wall: sketching.Wall = BLANK
    fixture: Fixture = ""
    marks: tuple[Mark, ...] = ()

    def as_json(self) -> Json:
        """Return it as it is kept."""
        made: dict[str, Json] = {"marks": list(sketching.as_json(self.marks))}
        if self.photo:
            return made | {"on": "photo", "photo": self.photo}
        return made | {
            "on": "wall", "width": self.wall.width, "height": self.wall.height, "fixture": self.fixture,
        }  # fmt: skip


def plan_of(row: Row) -> Plan:
    """Return where the rails of an adaptation go, as far as it was drawn."""
    held = row.value("drawing")
    if not isinstance(held, dict):
        return Plan()
    marks = sketching.read_marks(held.get("marks"))
    if held.get("on") == "photo":
        return Plan(photo=str(held.get("photo") or ""), marks=marks)
    wall = sketching.Wall(_mm(held.get("width"), 2000), _mm(held.get("height"), 2100))
    fixture: Fixture = next((one for one in FIXTURES if one == held.get("fixture")), "")
    return Plan(wall=wall, fixture=fixture, marks=marks)


def _mm(value: Json, otherwise: int) -> int:
    usual = isinstance(value, int) and not isinstance(value, bool) and 300 <= value <= sketching.MOST_MM
    return value if usual and isinstance(value, int) else otherwise


def is_drawn(row: Row) -> bool:
    """Say whether a drawing or a photo shows where it goes, or its figures make one."""
    plan = plan_of(row)
    return bool(plan.marks or plan.photo) or bool(slope_of(row))


def built_of(row: Row) -> tuple[Built, ...]:
    """Return what can be drawn to scale of an adaptation: its wall with rails, its ramp or its steps."""
    found: list[Built] = list(slope_of(row))
    plan = plan_of(row)
    if plan.marks and not plan.photo:
        found.append(wall_of(plan))
    return tuple(found)


def wall_of(plan: Plan) -> Wall:
    """Return a drawn wall in millimetres from its left and above its floor."""
    across, up = plan.wall.width, plan.wall.height
    rails = tuple(
        Rail(
            one.start[0] * across, (1 - one.start[1]) * up,
            one.end[0] * across, (1 - one.end[1]) * up, one.text,
        )
        for one in plan.marks
        if one.kind == "rail"
    )  # fmt: skip
    return Wall(across, up, rails, plan.fixture)


def slope_of(row: Row) -> tuple[Built, ...]:
    """Return the ramp or the steps that a rise makes; nothing where it is not known, or cannot be."""
    rise, shape = amount(row, "rise"), shape_of(row)
    if rise is None or shape not in {"ramp", "steps"}:
        return ()
    try:
        return (ramps.ramp(rise, gradient_of(row)),) if shape == "ramp" else (ramps.steps(rise),)
    except Refusal:
        return ()


def gradient_of(row: Row) -> int:
    """Return what a ramp is to be one in: as chosen, else one in twelve."""
    said = str(row.value("gradient") or "")
    return next((one for one in ramps.GRADIENTS if str(one) == said), ramps.USUAL)


def arithmetic(row: Row) -> tuple[str, ...]:
    """Say what a rise comes to in words with figures, and whether there is room for it.

    An impossible rise is said beside its field instead.
    """
    rise, going, shape = amount(row, "rise"), amount(row, "going"), shape_of(row)
    if rise is None or not slope_of(row):
        return ()
    if shape == "ramp":
        made = ramps.ramp(rise, gradient_of(row))
        return (*ramps.ramp_words(made), ramps.room_words(made, going), ramps.UNVERIFIED)
    said = [ramps.steps_words(ramps.steps(rise))]
    if row.value("kind") == "half_step":
        said.insert(0, ramps.half_step_words(rise))
    return (*said, ramps.UNVERIFIED)


# -- changing --------------------------------------------------------------------------------------------


def add(record: Record, case: str, kind: str, *, piece: str = "", room: str = "") -> str:
    """Begin an adaptation of a kind, or one in other words, and return its row."""
    known = next((one for one in KINDS if one.code == kind), None)
    facts: dict[str, Json] = {
        "piece": piece or None,
        "kind": known.code if known else "other",
        "scale": (known.scale if known else Scale.MINOR).value,
        "room": room or None,
        "tenure": _tenure(record, case),
    }
    return fields.add(record, case, ENTITY, facts, name=f"Begin: {known.words if known else 'an adaptation'}")


def _tenure(record: Record, case: str) -> Json:
    """Return whose home it is, as said of another adaptation of the same person."""
    said = [one.value("tenure") for one in adaptations(record, case)]
    return next((one for one in reversed(said) if one), None)


def put(record: Record, case: str, held: Row, facts: Mapping[str, Json], *, name: str) -> None:
    """Set several fields of an adaptation as one step."""
    fields.put(record, case, held, facts, name=name)


def draw(record: Record, case: str, held: Row, plan: Plan, *, name: str) -> None:
    """Keep where the rails go; the length and height of the first follow, where nobody wrote others."""
    facts: dict[str, Json] = {"drawing": plan.as_json()}
    before, after = _measures(plan_of(held)), _measures(plan)
    for field, now in after.items():
        written = amount(held, field)
        if now is not None and (written is None or written == before.get(field)):
            facts[field] = str(now)
    fields.put(record, case, held, facts, name=name)


def _measures(plan: Plan) -> dict[str, Decimal | None]:
    """Return the length and the height of the first rail that is drawn."""
    rail = next((one for one in plan.marks if one.kind == "rail"), None)
    if rail is None:
        return {}
    return {
        "length": Decimal(rail.mm) if rail.mm is not None else None,
        "height": Decimal(rail.height) if rail.height is not None else None,
    }


def remove(record: Record, case: str, held: Row) -> None:
    """Remove an adaptation; *Undo* brings it back. One that was recommended is withdrawn instead.

    Raises :class:`Refusal` for one that was recommended.
    """
    if day(held, "recommended_on") is not None:
        raise Refusal("This was recommended already. Withdraw it with a reason instead.")
    fields.remove(record, case, held, name=f"remove {name_of(held).lower()}")


def lacking(row: Row) -> tuple[Missing, ...]:
    """List what a recommendation still lacks, and days that are out of order."""
    work = work_of(row)
    return (*grants.missing(work), *grants.order_problems(work))


def recommend(record: Record, case: str, held: Row) -> None:
    """Recommend an adaptation today. Raises :class:`Refusal` naming the first thing that is missing."""
    found = lacking(held)
    if found:
        raise Refusal(f"Not recommended yet. {found[0].sentence}")
    fields.put(
        record, case, held, {"recommended_on": record.now()[:10]}, name=f"recommend {name_of(held).lower()}"
    )


def withdraw(record: Record, case: str, held: Row, because: str) -> None:
    """Withdraw an adaptation. Raises :class:`Refusal` without a reason."""
    if not because.strip():
        raise Refusal("Say why it is withdrawn.")
    facts: dict[str, Json] = {"withdrawn_because": because.strip()}
    fields.put(record, case, held, facts, name=f"withdraw {name_of(held).lower()}")


def stage_of(row: Row) -> Stage:
    """Return how far an adaptation has come."""
    return grants.stage(work_of(row))


# -- options ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """One row of the table of options, with its id."""

    id: str
    kind: str = "other"
    what: str = ""
    why: str = ""
    chosen: bool = False

    def as_json(self) -> Json:
        """Return it as it is kept."""
        return {"id": self.id, "kind": self.kind, "what": self.what, "why": self.why, "chosen": self.chosen}


def options_of(row: Row) -> tuple[Option, ...]:
    """Return the table of options, each with its id."""
    held = row.value("options")
    found = [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    return tuple(
        Option(str(one.get("id") or ""), *said) for one, said in zip(found, _options(row), strict=True)
    )


def new_option(kind: str, what: str = "") -> Option:
    """Return a new option with an id of its own."""
    return Option(new_id(), kind, what)


def first_options(row: Row) -> tuple[Option, ...]:
    """Return the options that a table begins with: the adaptation itself, equipment, and moving house."""
    own = Option(new_id(), "adaptation", name_of(row), chosen=True)
    return (own, new_option("equipment"), new_option(grants.REHOUSING, "Moving to another home"))


def set_options(record: Record, case: str, held: Row, options: tuple[Option, ...], *, name: str) -> None:
    """Keep the table of options as one step."""
    kept: list[Json] = [one.as_json() for one in options]
    fields.put(record, case, held, {"options": kept or None}, name=name)
