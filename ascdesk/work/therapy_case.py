"""The therapist's case of the demonstration: its measures laid out, and what fits worked out from them.

What stands in the file is what somebody would type: two readings, an item's code, good and bad days. The fit
of a line is no text in the file: the rules say it, from these very measures, on the day itself. A photo is
the name of a scene that is drawn when it is loaded.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ascdesk.care.equipment import PRECAUTIONS
from ascdesk.care.fit import Fitting, Who
from ascdesk.care.measures import Measured, RoomMeasures, Taken
from ascdesk.councils.catalogue import carried_catalogue
from ascdesk.record.change import Json
from ascdesk.work.fortnight import DayTold
from ascdesk.work.measuring import Spot, measure_row
from ascdesk.work.scenes import scene

Told = Mapping[str, Any]


class TherapyCase:
    """One case of the file, its dates real. ``row`` gives the id that a label of the case stands for."""

    def __init__(self, case: Told, row: Callable[[str], str]) -> None:
        self._case = case
        self._row = row

    def rows(self, today: date) -> Iterator[Told]:
        """Yield every row to be made: those of the file with their fits, then the measures."""
        measured = self._measured()
        for told in self._case["rows"]:
            if told["entity"] == "photo":
                yield {**told, "facts": _photo(told["facts"])}
            else:
                yield self._with_fit(told, measured, today) if "fit" in told["facts"] else told
        for told in self._case["measures"]:
            yield {"entity": "measure", "row": self._measure_row(told), "facts": self._facts(told)}

    def files(self) -> tuple[bytes, ...]:
        """Return the bytes that the photos name: each picture and its thumbnail."""
        drawn = (scene(one["facts"]["scene"]) for one in self._case["rows"] if one["entity"] == "photo")
        return tuple(data for picture in drawn for data in (picture.data, picture.thumbnail))

    def _facts(self, told: Told) -> dict[str, Json]:
        return {**told, "room": f"@{told['room']}"} if told.get("room") else dict(told)

    def _measure_row(self, told: Told) -> str:
        room = self._row(told["room"]) if told.get("room") else ""
        return measure_row(self._case["id"], Spot(room, told["kind"], told.get("thing", "")))

    def _with_fit(self, told: Told, measured: Measured, today: date) -> Told:
        facts = dict(told["facts"])
        asked = facts["fit"]
        room = self._row(asked["room"][1:]) if asked["room"] else ""
        name = self._case["person"]["preferred_name"]
        who = Who(today, name, ruled_out=frozenset(PRECAUTIONS))
        item = carried_catalogue().by_code[asked["of"]]
        facts["fit"] = Fitting(measured, who, room).fit(item).as_json(today)
        return {**told, "facts": facts}

    def _measured(self) -> Measured:
        person: dict[str, Taken] = {}
        rooms: dict[str, dict[str, list[Taken]]] = defaultdict(lambda: defaultdict(list))
        for told in self._case["measures"]:
            taken = _taken(told, self._measure_row(told))
            if told.get("room"):
                rooms[told["room"]][taken.kind].append(taken)
            else:
                person[taken.kind] = taken
        return Measured(
            person,
            tuple(
                RoomMeasures(
                    self._row(told["as"]),
                    told["facts"]["kind"],
                    told["facts"]["name"],
                    {kind: tuple(each) for kind, each in rooms[told["as"]].items()},
                )
                for told in self._case["rows"]
                if told["entity"] == "room"
            ),
        )


def days_of(told: Told, today: date) -> list[dict[str, str]]:
    """Return the answers of a strip of two weeks, told as days before today with how each was."""
    return [
        {"valueString": DayTold(today + timedelta(days=day), kind, note).as_text()}
        for day, kind, note in told["days"]
    ]


def _photo(facts: Told) -> dict[str, Json]:
    """Return the facts of a photo with the picture that its scene is, as they are kept when one is added."""
    picture = scene(facts["scene"])
    kept: dict[str, Json] = {name: value for name, value in facts.items() if name != "scene"}
    return kept | {
        "sha256": hashlib.sha256(picture.data).hexdigest(),
        "thumbnail": hashlib.sha256(picture.thumbnail).hexdigest(),
        "media_type": "image/jpeg",
        "size": len(picture.data),
        "width": picture.width,
        "height": picture.height,
    }


def _taken(told: Told, row: str) -> Taken:
    return Taken(
        told["kind"],
        told.get("thing", ""),
        Decimal(told["first"]) if "first" in told else None,
        Decimal(told["second"]) if "second" in told else None,
        told.get("value", ""),
        date.fromisoformat(told["on"]),
        told.get("how", ""),
        told.get("by_name", ""),
        told.get("not_taken", ""),
        row,
    )
