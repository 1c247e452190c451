"""Marks on the outlines of a body: rows of a repeating group, each with its place in per cent.

A group asks for the drawing (``widget`` = ``body-map``); its row's questions are known by how their linkIds
end: ``.side`` (*front* or *back*), ``.x`` and ``.y`` (per cent, out of sight), and for the words ``.body``,
``.kind``, ``.kind-other``, ``.length`` and ``.width`` (millimetres).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from ascdesk.documents.body import FACES, Spot, mark_line, place_words
from ascdesk.forms.state import FormState
from ascdesk.record.change import Json
from ascdesk.work import readers

if TYPE_CHECKING:
    from ascdesk.work.telling import Asked, Part, Voice

BODY_MAP: Final = "body-map"
SIDE, ACROSS, DOWN = ".side", ".x", ".y"
_TOLD: Final = ("side", "body", "kind", "kind-other", "length", "width")


def spot(state: FormState, path: tuple[str, ...], group: str, row: str, number: int) -> Spot | None:
    """Return where a row stands on the outlines; nothing where its side or its place is not known."""
    inside = (*path, row)
    side = readers.code(state.answers(inside, group + SIDE))
    face = next((one for one in FACES if one == side), None)
    across = _per_cent(state.answers(inside, group + ACROSS))
    down = _per_cent(state.answers(inside, group + DOWN))
    if face is None or across is None or down is None:
        return None
    return Spot(number, face, across, down)


def parts_of(part: Part) -> Mapping[str, Asked | None]:
    """Return the questions of a mark that are told in words, by how their linkIds end."""
    by_end = {asked.link_id.removeprefix(f"{part.link_id}."): asked for asked in part.asked}
    return {name: by_end.get(name) for name in _TOLD}


def said_of_mark(part: Part, may: Callable[[Voice, Asked], bool]) -> str:
    """Return a mark in one line, of the accounts that ``may`` be told."""
    if part.spot is None:
        return ""
    told = {name: _words(asked, may) for name, asked in parts_of(part).items()}
    place = told["body"] or place_words(part.spot.face, part.spot.x, part.spot.y)
    seen = told["kind-other"] or told["kind"]
    size = [one for one in (told["length"], told["width"]) if one]
    return mark_line(part.spot.number, part.spot.face, place, seen, size)


def _words(asked: Asked | None, may: Callable[[Voice, Asked], bool]) -> str:
    if asked is None:
        return ""
    return next(
        (one.in_a_line for one in asked.voices if one.words and not one.conflict and may(one, asked)), ""
    )


def _per_cent(answers: Sequence[Mapping[str, Json]]) -> float | None:
    for answer in answers:
        try:
            return min(100.0, max(0.0, float(Decimal(str(answer["valueDecimal"])))))
        except (KeyError, InvalidOperation):
            continue
    return None
