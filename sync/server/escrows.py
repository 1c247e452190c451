"""Bringing in what laptops left in escrow: opened with the council's recovery key, stored as late work."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from ascdesk.errors import Refusal, Unreadable
from ascdesk.record.projection import chunks
from ascdesk.record.tables import ChangeRow
from ascdesk.vault.escrow import make_keys, open_escrow, read_key, write_key
from sync.protocol import listed, text
from sync.server.attachments import Part, Who, bring_piece
from sync.server.body import Problem
from sync.server.database import (
    RECOVERY,
    council_of,
    plain_trouble,
    read_setting,
    reading,
    write_setting,
    writing,
)
from sync.server.intake import Sender, take_in
from sync.server.projecting import catch_up

Json = Any


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of an escrow. ``refused`` are changes that cannot be stored, each with its reason.

    ``files`` are photos and files that the council holds now, ``incomplete`` those that lack a part.
    """

    new: int
    known: int
    refused: tuple[dict[str, Json], ...]
    unopened: int
    files: int = 0
    incomplete: int = 0


def make_recovery_key(engine: Engine, path: Path) -> None:
    """Make the council's recovery key: the private half goes to ``path``, the public one to laptops.

    A council that has one keeps it: an escrow sealed to another key would open with neither. Raises
    :class:`Refusal` then, and when there is a file at ``path``.
    """
    with plain_trouble(), reading(engine) as connection:
        council, held = council_of(connection), read_setting(connection, RECOVERY)
    if held:
        raise Refusal("This council has a recovery key already, and laptops seal to it. Keep that one.")
    private, public = make_keys()
    write_key(path, private, council.name)
    with plain_trouble(), writing(engine) as connection:
        write_setting(connection, RECOVERY, public)


def bring_in(engine: Engine, escrow: Path, key: Path, at: str) -> Brought:
    """Open an escrow and store what the council does not hold; the same escrow again brings nothing new.

    Raises :class:`Unreadable` when either file is not what it should be, :class:`Refusal` when the escrow is
    another council's.
    """
    try:
        opened = open_escrow(escrow.read_bytes(), read_key(key))
    except OSError as error:
        raise Unreadable(f"The escrow {escrow} could not be read.") from error
    if not opened.entries:
        raise Unreadable("This recovery key opens nothing in this escrow. Give the key of the same council.")
    with plain_trouble(), reading(engine) as connection:
        council = council_of(connection)
    if any(text(entry, "council") != council.id for entry in opened.entries):
        raise Refusal(f"This escrow is not {council.name}’s. Nothing was stored.")
    new = known = 0
    refused: list[dict[str, Json]] = []
    for entry in gathered([entry for entry in opened.entries if "file" not in entry]):
        some = _bring_entry(engine, entry, at)
        new, known = new + some.new, known + some.known
        refused += some.refused
    # after the changes, which say what was removed or blacked out since
    files = _bring_files(engine, [entry for entry in opened.entries if "file" in entry], at)
    return Brought(new, known, tuple(refused), opened.unopened, *files)


def _bring_files(engine: Engine, entries: Sequence[Mapping[str, Json]], at: str) -> tuple[int, int]:
    """Store the files; return how many are here whole, and of how many a part is missing."""
    whole: dict[tuple[str, str], bool] = {}
    for entry in entries:
        part, case = _part(entry["file"]), text(entry, "case")
        who = Who(text(entry, "author"), text(entry, "device"), at)
        try:
            with plain_trouble():
                whole[case, part.sha256] = bring_piece(engine, who, case, part)
        except Problem as trouble:
            if trouble.error not in {"blacked-out", "removed"}:  # those nobody is to have back
                raise Unreadable(str(trouble)) from trouble
    return sum(whole.values()), len(whole) - sum(whole.values())


def _part(told: Json) -> Part:
    try:
        size, offset = int(told["size"]), int(told["offset"])
        return Part(text(told, "sha256"), size, offset, base64.b64decode(told["data"], validate=True))
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("A file in this escrow is not as ASC Desk leaves it.") from error


def gathered(entries: Sequence[Mapping[str, Json]]) -> list[Mapping[str, Json]]:
    """Return the entries, those that follow a laptop's unsent work made into one: as it last stood.

    A change that was folded into is there as often as it was written; one that was taken back is not brought.
    """
    made: list[Mapping[str, Json]] = []
    last: dict[tuple[str, str], dict[str, Json]] = {}
    for entry in entries:
        if "withdrawn" not in entry:
            made.append(entry)
            continue
        whose = (text(entry, "author"), text(entry, "device"))
        if whose not in last:
            last[whose] = {}
        last[whose] |= {text(change, "id"): change for change in listed(entry, "changes")}
        for gone in listed(entry, "withdrawn"):
            last[whose].pop(gone, None)
    for (author, device), held in last.items():
        changes = [held[change_id] for change_id in sorted(held)]
        made.append({"author": author, "device": device, "changes": changes})
    return made


def _bring_entry(engine: Engine, entry: Mapping[str, Json], at: str) -> Brought:
    changes = listed(entry, "changes")
    before = _held(engine, [text(change, "id") for change in changes])
    sender = Sender(text(entry, "author"), text(entry, "device"))
    with plain_trouble():
        taken = take_in(engine, sender, changes, at, escrow=True)
        catch_up(engine, taken.cases)
    refused = [
        {"reason": answer.reason or "", "change": change}
        for answer, change in zip(taken.answers, changes, strict=True)
        if answer.outcome == "needs attention"
    ]
    stored = {answer.id for answer in taken.answers if answer.outcome != "needs attention"}
    return Brought(len(stored - before), len(stored & before), tuple(refused), 0)


def _held(engine: Engine, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    with plain_trouble(), reading(engine) as connection:
        for some in chunks(ids):
            found |= set(connection.scalars(select(ChangeRow.id).where(ChangeRow.id.in_(some))))
    return found
