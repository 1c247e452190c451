"""Adaptations of Jean's home, whole: a rail on a wall, and a ramp with a grant that was applied for."""

from __future__ import annotations

from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import adapting, sketching
from ascdesk.work.adapting import Option, Plan

WALL = sketching.Wall(2000, 2100)


def a_rail(record: Record, case: str) -> str:
    """Add a grab rail beside the toilet, whole and drawn; return its row."""
    row = adapting.add(record, case, "grab_rail")
    facts: dict[str, Json] = {
        "name": "Grab rail beside the toilet", "where": "Right of the toilet, downstairs",
        "wall": "tiled_brick", "cost": "85.00", "tenure": "owner",
        "plain_words": "Something firm to hold when you sit down and get up.",
    }  # fmt: skip
    adapting.put(record, case, adapting.adaptation(record, case, row), facts, name="fill in the rail")
    rail = sketching.new_mark("rail", (0.65, 0.6667), (0.95, 0.6667), WALL)
    upright = sketching.new_mark("rail", (0.75, 0.3571), (0.75, 0.5714), WALL)
    plan = Plan(wall=WALL, fixture="toilet", marks=(rail, upright))
    adapting.draw(record, case, adapting.adaptation(record, case, row), plan, name="draw the rails")
    return row


def a_ramp(record: Record, case: str, **more: Json) -> str:
    """Add a ramp to the front door with everything that a grant asks for; return its row."""
    row = adapting.add(record, case, "ramp")
    facts: dict[str, Json] = {
        "name": "Ramp to the front door", "where": "From the path to the front door", "rise": "300",
        "going": "8000", "gradient": "12", "tenure": "housing_association", "consent": "given",
        "consent_words": "Larch Homes, by letter of 3 November", "cost": "31500.00", "means": "told",
        "need": "She cannot get down the two steps; two people carry her chair.",
        "purposes": ["access", "garden"], "necessary": "yes",
        "necessary_words": "Nothing else lets her out of the house without two people.",
        "practicable": "unclear", "intends_to_stay": "yes", "space": "1,500 mm turning space at the door.",
        "temporary": "A portable ramp with somebody to hold it.", "recommended_on": "2026-11-10",
        "applied_on": "2026-11-12", "plain_words": "You can go out by yourself.",
    }  # fmt: skip
    options = (
        Option("1", "adaptation", "Ramp to the front door", "She can go out alone.", chosen=True),
        Option("2", "equipment", "Portable ramp", "Nobody at home can lift it."),
        Option("3", "rehousing", "Moving to a flat", "She wants to stay near her sister."),
    )
    kept: list[Json] = [one.as_json() for one in options]
    held = adapting.adaptation(record, case, row)
    adapting.put(record, case, held, facts | {"options": kept} | more, name="fill in the ramp")
    return row
