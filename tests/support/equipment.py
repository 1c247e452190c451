"""A measured person and bathroom in a record, for tests of what fits and what is prescribed."""

from __future__ import annotations

from ascdesk.record.record import Record
from ascdesk.work import fields, responses, rooms
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN

ON = "2026-11-09"
PERSON = {
    "person.knee_height": ("445", "445"),
    "person.rises_from": ("500", "502"),
    "person.hip_width": ("380", "382"),
    "person.weight": ("71", "71"),
}
BATHROOM = {
    "bath.inside_width": ("560", "538"),
    "bath.inside_length": ("1420", None),
    "bath.rim_width": ("62", "61"),
    "bath.rim_height": ("545", "543"),
    "toilet.height": ("400", "402"),
    "toilet.clear_left": ("260", "262"),
    "toilet.clear_right": ("100", "102"),
}


def measure(
    record: Record, kind: str, figures: tuple[str | None, str | None], room: str = "", **more: str
) -> str:
    """Write a measure as the room walk keeps it."""
    facts = {"kind": kind, "first": figures[0], "second": figures[1], "on": ON} | more
    facts |= {"room": room} if room else {}
    return fields.add(record, JEAN, "measure", facts, name="measure")


def measured_bathroom(record: Record) -> str:
    """Give Jean a bathroom with measures, and her own; return the room."""
    room = rooms.add(record, JEAN, "bathroom", "Bathroom")
    for kind, figures in PERSON.items():
        measure(record, kind, figures, **({"how": "barefoot"} if "knee" in kind else {}))
    for kind, figures in BATHROOM.items():
        measure(record, kind, figures, room)
    measure(record, "bath.rim_flat", (None, None), room, value="yes")
    return room


def tick_precaution(record: Record, library: FormLibrary, code: str) -> None:
    """Begin Jean's therapist's assessment and tick one precaution; without a code, none is answered."""
    response = responses.start(record, JEAN, "ot-assessment", library.form("ot-assessment").version)
    if not code:
        return
    draft = responses.load(record, JEAN, response)
    said = Said((FrozenAnswer({"valueCoding": {"code": code}}),))
    where = Key((), "oa.precaution", "observed")
    responses.answer(record, draft, where, said, seen=frozenset(), name="precautions")
