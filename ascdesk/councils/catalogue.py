"""Reading a council's catalogue from CSV: each line that cannot be used is named with its column and reason.

The rest is taken. A file that is no catalogue at all is refused as a whole, and the one in use stays.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ascdesk.care.equipment import Basis, Catalogue, CatalogueItem, Supply, catalogue_of
from ascdesk.councils.catalogue_cells import BY_NAME, COLUMNS, Column
from ascdesk.errors import Refusal, Unreadable

STARTER = "Starter catalogue (examples)"
"""What the catalogue is called that stands until the council gives its own."""

MOST_BYTES = 10_000_000
MOST_LINES = 20_000
_MOST_IN_A_RECORD = 20


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """Something in a catalogue's file that was not taken: the line from 1, the column, and why, in words.

    ``line_lost`` is False for what was left out without losing the line: a column that nobody knows.
    """

    line: int
    column: str
    reason: str
    code: str = ""
    line_lost: bool = True

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        where = f"Line {self.line}" + (f", {self.column}" if self.column else "")
        return f"{where}: {self.reason}."


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """What a file held: the items that were taken, what was refused, and how many lines it had."""

    items: tuple[CatalogueItem, ...]
    refused: tuple[Refused, ...]
    lines: int

    @property
    def lost(self) -> int:
        """Count the lines that were not taken."""
        return len({one.line for one in self.refused if one.line_lost})

    @property
    def sentence(self) -> str:
        """Say how it went, in one sentence."""
        taken = f"{len(self.items):,} item{'' if len(self.items) == 1 else 's'} taken"
        if not self.lost:
            return f"{taken}."
        return (
            f"{taken}, {self.lost:,} line{'' if self.lost == 1 else 's'} not: each is named with its reason."
        )


def read_file(path: Path) -> CatalogueFile:
    """Read a catalogue from a file. Raises :class:`Unreadable` or :class:`Refusal` for no catalogue."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            f"{path.name} could not be read. Check the name and that you may read it."
        ) from error
    return parse(decoded(raw, path.name))


def decoded(raw: bytes, name: str) -> str:
    """Return the text of a file as spreadsheets save them. Raises :class:`Unreadable`."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"{name} is larger than a catalogue can be (ten million bytes).")
    if b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(f"{name} is not a text. Save the sheet as CSV (comma separated) and try again.")
    for encoding in ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"{name} is not a text in UTF-8. Save the sheet as CSV UTF-8 and try again.")


def parse(told: str) -> CatalogueFile:
    """Return what a catalogue's text holds. Raises :class:`Refusal` when none of it can be used."""
    records = _records(told)
    first = next(records, None)
    if first is None or isinstance(first, Refused):
        raise Refusal(
            "The file is empty, or its first line is not a list of columns. Give a catalogue as CSV."
        )
    line, heads = first
    columns, refused = _columns(line, heads)
    items: dict[str, CatalogueItem] = {}
    count = 0
    for record in records:
        count += 1
        if isinstance(record, Refused):
            refused.append(record)
            continue
        item, wrong = _item(record[0], record[1], columns, items)
        refused += wrong
        if item is not None:
            items[item.code] = item
    if not items:
        why = f" {min(refused).sentence}" if refused else ""
        raise Refusal(f"No line of this file could be used, so the catalogue in use stays.{why}")
    return CatalogueFile(tuple(items.values()), tuple(sorted(refused)), count)


def _columns(line: int, heads: Sequence[str]) -> tuple[list[Column | None], list[Refused]]:
    """Return which column stands where. Raises :class:`Refusal` when one that is needed is missing."""
    names = [head.strip().lower().replace(" ", "_") for head in heads]
    for column in COLUMNS:
        if column.needed and column.name not in names:
            raise Refusal(
                f"The file has no column “{column.name}” ({column.says}), so it cannot be a catalogue. "
                "Its first line names the columns."
            )
    found: list[Column | None] = []
    refused = []
    for name in names:
        column_ = BY_NAME.get(name)
        twice = column_ is not None and column_ in found
        if name and (column_ is None or twice):
            near = get_close_matches(name, BY_NAME, 1)
            hint = f"; did you mean “{near[0]}”?" if near and not twice else ""
            why = "this column stands twice; the first counts" if twice else "no such column is known" + hint
            refused.append(Refused(line, name[:60], why, line_lost=False))
        found.append(None if twice else column_)
    return found, refused


def _item(
    line: int, cells: Sequence[str], columns: Sequence[Column | None], before: Mapping[str, CatalogueItem]
) -> tuple[CatalogueItem | None, list[Refused]]:
    """Return the item of a line, or nothing and everything that is wrong with it."""
    values: dict[str, Any] = {}
    refused: list[tuple[str, str]] = []
    for column, cell in zip(columns, cells, strict=False):
        told = cell.strip()
        if column is None or not told:
            continue
        try:
            values[column.field] = column.read(told)
        except ValueError as error:
            refused.append((column.name, str(error).rstrip(".")))
    if any(cell.strip() for cell in cells[len(columns) :]):
        refused.append(
            ("", "there are more cells than columns; is a comma in a text without quotation marks?")
        )
    code = str(values.get("code", ""))
    wrong = {name for name, _ in refused}
    refused += [
        (column.name, f"write {column.says}")
        for column in COLUMNS
        if column.needed and column.field not in values and column.name not in wrong
    ]
    if code in before:
        refused.append(("code", f"“{code}” stands already; the first line with it counts"))
    refused += _at_odds(values)
    if refused:
        return None, [Refused(line, name, reason, code) for name, reason in refused]
    return CatalogueItem(**values), []


def _at_odds(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what one cell says against another."""
    found = []
    if ("raises" in values) != ("raises_by" in values):
        found.append(("raises", "“raises” and “raises_by_mm” belong together: write both, or neither"))
    if ("ramp_length" in values) != ("gradient" in values):
        found.append(("gradient", "“ramp_length_mm” and “gradient” belong together: write both, or neither"))
    if values.get("no_limits") and "load" in values:
        found.append(("no_limits", "it has a safe working load, so something does have to be measured"))
    if (
        values.get("supply") is Supply.SPECIAL
        and values.get("basis") is Basis.ISSUE
        and values.get("lifting")
    ):
        found.append(("basis", "what lifts a person is lent and examined, never given away"))
    return found


def _records(told: str) -> Iterator[tuple[int, list[str]] | Refused]:
    """Yield each record with its line; one whose quotation mark is never closed loses only its own line."""
    lines = told.splitlines(keepends=True)
    if len(lines) > MOST_LINES:
        raise Refusal(f"The file has more than {MOST_LINES:,} lines. Give a catalogue in parts.")
    mark = _delimiter(next((line for line in lines if line.strip()), ""))
    at = 0
    while at < len(lines):
        record, used = _record(lines, at, mark)
        if record is None:
            yield Refused(at + 1, "", "a quotation mark is opened and never closed, or stands where none may")
        elif any(cell.strip() for cell in record):
            yield at + 1, record
        at += used


def _record(lines: Sequence[str], at: int, mark: str) -> tuple[list[str] | None, int]:
    for used in range(1, min(_MOST_IN_A_RECORD, len(lines) - at) + 1):
        told = "".join(lines[at : at + used])
        try:
            return next(csv.reader(io.StringIO(told, newline=""), delimiter=mark, strict=True), []), used
        except csv.Error:
            if told.count('"') % 2 == 0:
                break
    return None, 1


def _delimiter(head: str) -> str:
    """Return what stands between the cells: as the first line of the file has it."""
    return max(",;\t", key=head.count)


def as_csv(items: Sequence[CatalogueItem]) -> str:
    """Return a catalogue as its file again: the council's own list is never locked in."""
    from ascdesk.councils.catalogue_writing import row_of  # noqa: PLC0415 (written seldom)

    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows(row_of(item) for item in items)
    return out.getvalue()


@lru_cache(maxsize=4)
def read_kept(name: str, version: int, told: str) -> Catalogue:
    """Return a catalogue that was checked before and kept as its text. Raises :class:`Refusal`."""
    return catalogue_of(name, version, parse(told).items)


@cache
def carried_catalogue() -> Catalogue:
    """Return the catalogue that this program carries: examples, until the council gives its own."""
    told = (files("resources") / "catalogue" / "starter.csv").read_text(encoding="utf-8")
    return read_kept(STARTER, 1, told)
