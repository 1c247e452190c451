"""The commands that keep a council's record safe: backup, restore, the recovery key, escrows, redaction."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ascdesk.errors import Refusal
from sync.server.redact_commands import add_redact_commands


def add_safe_commands(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401 (argparse's own)
    """Add them to the command line."""
    sub = commands.add_parser(
        "backup", parents=[common], help="write one file with everything, while the server runs"
    )
    sub.add_argument("file", type=Path, help="where it goes; it must not be there yet")
    sub.set_defaults(command=_backup)
    sub = commands.add_parser("restore", parents=[common], help="put a backup into an empty database")
    sub.add_argument("file", type=Path, help="the backup")
    sub.add_argument(
        "--redactions", type=Path, metavar="FILE", help="the orders to redact that were kept beside it"
    )
    sub.set_defaults(command=_restore)
    add_redact_commands(commands, common)
    _lease_parsers(commands, common)
    escrow = commands.add_parser("escrow", help="what laptops left, sealed to the council")
    kinds = escrow.add_subparsers(required=True, metavar="COMMAND")
    sub = kinds.add_parser("key", parents=[common], help="make the recovery key of a council without one")
    sub.add_argument("file", type=Path, help="where the private half goes; then keep it off the server")
    sub.set_defaults(command=_escrow_key)
    sub = kinds.add_parser("open", parents=[common], help="bring in what is in a laptop's escrow")
    sub.add_argument("file", type=Path, help="escrow.sealed of the laptop's profile")
    sub.add_argument("--key", type=Path, required=True, metavar="FILE", help="the recovery key")
    sub.add_argument(
        "--refused", type=Path, metavar="FILE", help="where changes go that cannot be stored, to be read"
    )
    sub.set_defaults(command=_escrow_open)


def _lease_parsers(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401
    sub = commands.add_parser(
        "lease", parents=[common], help="say or set how many days a laptop may be used without contact"
    )
    sub.add_argument("--days", type=int, help="from 1 to 90")
    sub.set_defaults(command=_lease)
    kinds = commands.add_parser("laptop", help="the laptops").add_subparsers(required=True, metavar="COMMAND")
    sub = kinds.add_parser("list", parents=[common], help="name every laptop and its worker")
    sub.set_defaults(command=_laptops)
    sub = kinds.add_parser(
        "revoke", parents=[common], help="take a laptop out of use: stolen, lost, or its worker has gone"
    )
    sub.add_argument("device", help="the laptop's id")
    sub.set_defaults(command=_revoke)


def _lease(given: argparse.Namespace) -> None:
    from sync.server.database import open_council, reading  # noqa: PLC0415
    from sync.server.leasing import lease_days, set_lease_days  # noqa: PLC0415

    engine = open_council(given.database).engine
    try:
        if given.days is not None:
            set_lease_days(engine, given.days)
        with reading(engine) as connection:
            days = lease_days(connection)
    finally:
        engine.dispose()
    _tell(given, {"days": days}, f"A laptop may be used for {days} days without contact.")


def _laptops(given: argparse.Namespace) -> None:
    from sync.server.database import open_council  # noqa: PLC0415
    from sync.server.leasing import laptops  # noqa: PLC0415

    engine = open_council(given.database).engine
    try:
        found = laptops(engine)
    finally:
        engine.dispose()
    lines = [
        f"{one.id}  {one.user}  {one.name}"
        + (f"  out of use since {one.revoked_at}" if one.revoked_at else "")
        for one in found
    ]
    _tell(
        given, {"laptops": [asdict(one) for one in found]}, "\n".join(lines) or "No laptop is enrolled yet."
    )


def _revoke(given: argparse.Namespace) -> None:
    from sync.server.database import open_council  # noqa: PLC0415
    from sync.server.leasing import revoke  # noqa: PLC0415

    engine = open_council(given.database).engine
    try:
        revoke(engine, given.device, _at())
    finally:
        engine.dispose()
    words = (
        "The laptop is out of use: it gets nothing more, and shreds its cases when it next connects. What "
        "its worker had not sent is in its escrow; “escrow open” brings that in."
    )
    _tell(given, {"device": given.device}, words)


def _tell(given: argparse.Namespace, parts: dict[str, Any], words: str) -> None:
    print(json.dumps(parts, ensure_ascii=False, sort_keys=True) if given.json else words)


def _at() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _backup(given: argparse.Namespace) -> None:
    from sync.server.backing import back_up  # noqa: PLC0415 (imported when needed: quick --help)
    from sync.server.database import open_council  # noqa: PLC0415

    engine = open_council(given.database).engine
    try:
        held = back_up(engine, given.file, _at())
    finally:
        engine.dispose()
    words = f"The backup holds {held.cases:,} cases with {held.changes:,} changes, and was read back."
    _tell(given, {"cases": held.cases, "changes": held.changes}, words)


def _restore(given: argparse.Namespace) -> None:
    from sync.server.backing import restore  # noqa: PLC0415

    held = restore(given.file, given.database)
    if given.redactions is not None:
        _carry_out(given)
    words = (
        f"{held.cases:,} cases with {held.changes:,} changes are back. "
        "Laptops will offer again what came after this backup."
    )
    _tell(given, {"cases": held.cases, "changes": held.changes}, words)


def _carry_out(given: argparse.Namespace) -> None:
    from sync.server.database import open_council  # noqa: PLC0415
    from sync.server.redacting import bring_orders  # noqa: PLC0415

    engine = open_council(given.database).engine
    try:
        bring_orders(engine, given.redactions, _at())
    finally:
        engine.dispose()


def _escrow_key(given: argparse.Namespace) -> None:
    from sync.server.database import open_council  # noqa: PLC0415
    from sync.server.escrows import make_recovery_key  # noqa: PLC0415

    engine = open_council(given.database).engine
    try:
        make_recovery_key(engine, given.file)
    finally:
        engine.dispose()
    words = f"Move {given.file} off this server now: it opens what laptops leave in escrow."
    _tell(given, {"file": str(given.file)}, words)


def _escrow_open(given: argparse.Namespace) -> None:
    from ascdesk.atomic import write_atomically  # noqa: PLC0415
    from sync.server.database import open_council  # noqa: PLC0415
    from sync.server.escrows import bring_in  # noqa: PLC0415

    if given.refused is not None and not given.refused.parent.is_dir():
        raise Refusal(f"There is no folder {given.refused.parent}. Choose another place for what is refused.")
    engine = open_council(given.database).engine
    try:
        brought = bring_in(engine, given.file, given.key, _at())
    finally:
        engine.dispose()
    if given.refused is not None and brought.refused:
        text = json.dumps(brought.refused, ensure_ascii=False, indent=2, sort_keys=True)
        write_atomically(given.refused, text.encode())
    parts = {"new": brought.new, "known": brought.known, "refused": len(brought.refused)}
    parts |= {"files": brought.files, "incomplete": brought.incomplete}
    lines = [f"{brought.new:,} changes came in as late work; the council held {brought.known:,} already."]
    if brought.refused:
        where = f"They are in {given.refused}." if given.refused else "See them with --refused FILE."
        lines.append(f"{len(brought.refused):,} could not be stored. {where}")
    if brought.files:
        lines.append(f"Photos and files of these cases that the council holds now: {brought.files:,}.")
    if brought.incomplete:
        lines.append(f"Files of which this escrow lacks a part: {brought.incomplete:,}.")
    if brought.unopened:
        lines.append(f"{brought.unopened:,} parts of the file could not be opened with this key.")
    _tell(given, parts | {"unopened": brought.unopened}, "\n".join(lines))
