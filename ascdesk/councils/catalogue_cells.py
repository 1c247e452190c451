"""What may stand in each column of a catalogue's CSV file, and how it is read.

Each reader takes the text of a cell and returns the value, or raises ``ValueError`` with a reason in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import TypeVar

from ascdesk.care.equipment import Band, Basis, Footwear, Level, Raises, Supply, SystemPart
from ascdesk.care.measures import KINDS

_Enum = TypeVar("_Enum", bound=StrEnum)
_FIGURE = r"\d{1,6}(?:\.\d{1,3})?"
_NUMBER = re.compile(rf"£?\s*({_FIGURE})\s*(?:mm|kg)?")
_RANGE = re.compile(rf"({_FIGURE})\s*(?:mm)?\s*(?:-|–|—|to)\s*({_FIGURE})\s*(?:mm)?")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")
_MOST_TEXT = 1_000
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the file, the field of the item, how a cell is read, and what belongs there."""

    name: str
    field: str
    read: Callable[[str], object]
    says: str
    needed: bool = False


def text(cell: str) -> str:
    """Read a text. Raises ValueError when it is too long or cannot be printed."""
    if len(cell) > _MOST_TEXT:
        raise ValueError(f"this is longer than {_MOST_TEXT} letters")
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in cell):
        raise ValueError("this holds signs that cannot be printed")
    return " ".join(cell.split())


def code(cell: str) -> str:
    """Read a code: what the council's store calls the item."""
    if not _CODE.fullmatch(cell):
        raise ValueError("a code has letters, digits, spaces and . / _ - only, 40 at most")
    return cell


def several(cell: str) -> tuple[str, ...]:
    """Read several texts with semicolons between."""
    return tuple(dict.fromkeys(one for part in cell.split(";") if (one := text(part.strip()))))


def flag(cell: str) -> bool:
    """Read yes or no."""
    try:
        return _YES[cell.lower()]
    except KeyError:
        raise ValueError(f"“{cell}” is neither yes nor no") from None


def number(least: int, most: int, unit: str, cell: str) -> Decimal:
    """Read a figure between two bounds. Raises ValueError, which asks for the unit when it may be another."""
    found = _NUMBER.fullmatch(cell.replace(",", ""))
    if not found:
        raise ValueError(f"“{cell}” is not a figure{f' in {unit}' if unit else ''}")
    return _within(Decimal(found[1]), least, most, unit)


def _within(value: Decimal, least: int, most: int, unit: str) -> Decimal:
    if least <= value <= most:
        return value
    ask = ""
    if unit == "mm" and least <= value * 10 <= most:
        ask = f" Is it {value:f} cm? Write {value * 10:f}."
    raise ValueError(f"{value:f} does not lie between {least} and {most}{f' {unit}' if unit else ''}.{ask}")


def whole(least: int, most: int, cell: str) -> int:
    """Read a whole number between two bounds."""
    value = number(least, most, "", cell)
    if value != value.to_integral_value():
        raise ValueError(f"“{cell}” is not a whole number")
    return int(value)


def money(cell: str) -> Decimal:
    """Read an amount in pounds."""
    value = number(0, 100_000, "", cell)
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        raise ValueError(f"“{cell}” has parts of a penny")
    return value


def band(least: int, most: int, cell: str) -> Band:
    """Read one figure, or two with a dash between."""
    told = cell.replace(",", "")
    found = _RANGE.fullmatch(told)
    low, high = (found[1], found[2]) if found else (told, told)
    lower, upper = number(least, most, "mm", low), number(least, most, "mm", high)
    if lower > upper:
        raise ValueError(f"“{cell}” runs from more to less")
    return Band(lower, upper)


def choice(kind: type[_Enum], cell: str) -> _Enum:
    """Read one of a list's values."""
    try:
        return kind(cell.lower().replace(" ", "_"))
    except ValueError:
        raise ValueError(f"“{cell}” is none of: {', '.join(one.value for one in kind)}") from None


def options(kind: str, cell: str) -> tuple[str, ...]:
    """Read several of the words that a measure knows: walls, ceilings, shapes of stairs."""
    known = KINDS[kind].options
    found = several(cell)
    for one in found:
        if one not in known:
            raise ValueError(f"“{one}” is none of: {'; '.join(known)}")
    return found


def parts(cell: str) -> tuple[SystemPart, ...]:
    """Read the parts of a system with their safe working loads: *sling 190; hoist 200*."""
    found = []
    for part in several(cell):
        name, _, load = part.replace(":", " ").rpartition(" ")
        if not name.strip():
            raise ValueError(f"“{part}” is not a part with its load, such as “sling 190”")
        found.append(SystemPart(name.strip(), number(1, 1000, "kg", load)))
    return tuple(found)


def over(cell: str) -> str:
    """Read what a ramp goes over: a door's threshold or the steps outside."""
    known: Mapping[str, str] = {"threshold": "door.threshold", "steps": "outside.rise"}
    try:
        return known[cell.lower()]
    except KeyError:
        raise ValueError(f"“{cell}” is none of: {', '.join(known)}") from None


def _mm(name: str, least: int, most: int, says: str) -> Column:
    return Column(f"{name}_mm", name, partial(number, least, most, "mm"), says)


def _band(name: str, least: int, most: int, says: str) -> Column:
    return Column(f"{name}_mm", name, partial(band, least, most), says)


COLUMNS: tuple[Column, ...] = (
    Column("code", "code", code, "what the store calls it; once each", needed=True),
    Column("name", "name", text, "what it is called", needed=True),
    Column("group", "group", text, "the heading that it stands under", needed=True),
    Column("words", "words", several, "other names that people look for, ; between"),
    Column("plain", "plain", text, "how it will help, for the person’s copy"),
    Column("picture", "picture", text, "the key of a picture"),
    Column("level", "level", partial(choice, Level), "who may order it: trusted_assessor, therapist, senior"),
    Column("supply", "supply", partial(choice, Supply), "stock or special"),
    Column("basis", "basis", partial(choice, Basis), "loan or issue"),
    Column("unit_cost", "unit_cost", money, "pounds, for one"),
    Column("review_months", "review_months", partial(whole, 1, 120), "months until it is looked at again"),
    Column("needs_fitting", "needs_fitting", flag, "yes when somebody has to fit it"),
    Column("lifting", "lifting", flag, "yes for hoists and slings: LOLER, every six months"),
    Column("responder", "responder", flag, "yes when somebody has to come when it calls"),
    Column("sizes", "sizes", several, "sizes or kinds, ; between"),
    Column("load_kg", "load", partial(number, 1, 1000, "kg"), "safe working load"),
    Column("parts", "parts", parts, "parts with loads of their own: sling 190; hoist 200"),
    _band("seat_height", 150, 1100, "height of the seat, 480 or 480-560"),
    _mm("seat_step", 1, 100, "how far apart the settings are"),
    _band("seat_width", 200, 1200, "clear width between the arms"),
    _band("seat_depth", 200, 900, "depth of the seat"),
    _mm("cushion_gives", 0, 200, "how far the cushion gives under a person"),
    Column("footwear", "footwear", partial(choice, Footwear), "shoes or barefoot, when it is used"),
    Column("raises", "raises", partial(choice, Raises), "what it is put on: toilet, chair, bed"),
    _band("raises_by", 10, 400, "by how much it raises that"),
    _band("stature", 800, 2300, "height of the people it is for"),
    _band("bed_height", 100, 1100, "height of the mattress’s top, compressed"),
    _band("bed_width", 500, 2300, "width of the bed it goes on"),
    _band("bath_width", 300, 1000, "inside width of the bath it goes in"),
    _mm("bath_length", 600, 2200, "inside length that it needs"),
    _mm("rim_width", 5, 300, "width of rim that it needs"),
    Column("rim_flat", "rim_flat", flag, "yes when the rim has to be flat"),
    _band("rim_height", 200, 900, "height of the rim, outside"),
    Column("not_bath", "not_bath", partial(options, "bath.material"), "what the bath must not be made of"),
    _mm("shower_width", 400, 2500, "width of shower that it needs"),
    _mm("shower_depth", 400, 2500, "depth of shower that it needs"),
    _band("toilet_height", 200, 700, "height of the toilet it goes over"),
    _mm("toilet_clear", 20, 1500, "room that it needs on each side of the toilet"),
    _mm("door_width", 300, 1600, "clear width of door that it needs"),
    _mm("turning", 500, 3000, "circle that it turns in"),
    _mm("ramp_length", 100, 12000, "length of the ramp"),
    Column("ramp_over", "ramp_over", over, "threshold or steps"),
    Column("gradient", "gradient", partial(number, 2, 30, ""), "1 in how many at the steepest"),
    _mm("ramp_width", 300, 2000, "clear width of the ramp"),
    _mm("stairs_width", 400, 2500, "clear width of stairs that it needs"),
    Column("stairs_shape", "stairs_shape", partial(options, "stairs.shape"), "shapes of stairs it goes up"),
    _mm("headroom", 1000, 3000, "headroom that it needs"),
    _mm("landing", 100, 3000, "room that it needs at the top and at the bottom"),
    Column("socket", "socket", flag, "yes when it needs a socket by the stairs"),
    _mm("ceiling_height", 1500, 4000, "height of ceiling that it needs"),
    Column("ceilings", "ceilings", partial(options, "room.ceiling"), "ceilings that carry it"),
    Column("walls", "walls", partial(options, "room.wall"), "walls that it can be fixed to"),
    Column("check_first", "check_first", several, "precautions: known codes, or words of your own"),
    Column("no_limits", "no_limits", flag, "yes when nothing has to be measured"),
    Column("example", "example", flag, "yes when the line is invented and to be replaced"),
)
"""Every column that a catalogue may have, in the order in which ours has them."""

BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
