"""Writing an item of a catalogue as the line of a file, so that reading it again gives the same item."""

from __future__ import annotations

from decimal import Decimal

from ascdesk.care.equipment import Band, CatalogueItem, SystemPart
from ascdesk.councils.catalogue_cells import COLUMNS, Column

_DEFAULT = CatalogueItem("", "", "")
_OVER = {"door.threshold": "threshold", "outside.rise": "steps"}


def row_of(item: CatalogueItem) -> list[str]:
    """Return the cells of an item, in the order of the columns; what is as usual stays empty."""
    return [_cell(item, column) for column in COLUMNS]


def _cell(item: CatalogueItem, column: Column) -> str:
    value = getattr(item, column.field)
    if value == getattr(_DEFAULT, column.field):
        return ""
    if column.field == "ramp_over":
        return _OVER[value]
    return _told(value)


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(_told(one) for one in value)
    if isinstance(value, Band):
        return f"{value.least:f}" if value.fixed else f"{value.least:f}-{value.most:f}"
    if isinstance(value, SystemPart):
        return f"{value.name} {value.load:f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
