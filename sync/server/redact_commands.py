"""``ascdesk-server redact`` and ``redactions``: words leave the record everywhere, by a manager's order."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ascdesk.errors import Refusal
from ascdesk.work.redactions import REASONS


def add_redact_commands(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401 (argparse's own)
    """Add them to the command line."""
    sub = commands.add_parser(
        "redact",
        parents=[common],
        help="remove words from a case everywhere: here, and on laptops as they connect",
        epilog="Without --yes it says what it would remove, and removes nothing.",
    )
    sub.add_argument("--case", required=True, help="the case's id")
    sub.add_argument("--by", required=True, metavar="USER", help="user name of the manager who decided it")
    sub.add_argument("--reason", required=True, choices=sorted(REASONS))
    sub.add_argument("--reference", required=True, help="of the court's order, or of the decision")
    sub.add_argument("--change", action="append", default=[], metavar="ID", help="a change; may be repeated")
    sub.add_argument("--file", action="append", default=[], metavar="SHA256", help="a file; may be repeated")
    sub.add_argument(
        "--containing-stdin",
        action="store_true",
        help="read words from standard input, and take every change that holds them",
    )
    sub.add_argument("--yes", action="store_true", help="remove them")
    sub.add_argument(
        "--rewrite", action="store_true", help="on PostgreSQL: write the tables anew, while nobody works"
    )
    sub.set_defaults(command=_redact)
    sub = commands.add_parser(
        "redactions", parents=[common], help="write the orders to a file that is kept beside the backups"
    )
    sub.add_argument("file", type=Path, help="where they go; they hold no content")
    sub.set_defaults(command=_redactions)


def _at() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _tell(given: argparse.Namespace, parts: dict[str, Any], words: str) -> None:
    print(json.dumps(parts, ensure_ascii=False, sort_keys=True) if given.json else words)


def _redact(given: argparse.Namespace) -> None:
    from sync.server.accounts import user_id  # noqa: PLC0415 (imported when needed: quick --help)
    from sync.server.database import open_council  # noqa: PLC0415
    from sync.server.redacting import Wanted, clean, find, remove  # noqa: PLC0415

    engine = open_council(given.database).engine
    try:
        changes = list(given.change)
        if given.containing_stdin:
            changes += [change.id for change in find(engine, given.case, sys.stdin.read())]
            if not changes:
                raise Refusal("No change of this case holds these words. Nothing was removed.")
        by = user_id(engine, given.by)
        wanted = Wanted(
            given.case, by, given.reason, given.reference, tuple(dict.fromkeys(changes)), tuple(given.file)
        )
        if not given.yes:
            _tell(given, {"would_remove": list(wanted.changes)}, _would(wanted.changes, wanted.files))
            return
        done = remove(engine, wanted, _at())
        if given.rewrite:
            clean(engine, rewrite=True)
    finally:
        engine.dispose()
    parts = {"order": done.order, "changes": done.changes, "files": done.files, "later": list(done.later)}
    _tell(given, parts, _done(done.changes, done.files, done.later))


def _would(changes: tuple[str, ...], files: tuple[str, ...]) -> str:
    lines = ["This would be removed for ever, here and on every laptop:"]
    lines += [f"  change {one}" for one in changes] + [f"  file {one}" for one in files]
    return "\n".join([*lines, "Nothing was removed yet. Say --yes to remove it."])


def _done(changes: int, files: int, later: tuple[str, ...]) -> str:
    what = f"{changes:,} changes lost their words" + (f", {files:,} files were thrown away" if files else "")
    lines = [f"{what}. Laptops follow when they connect."]
    if later:
        lines.append("These were written over them and stand: look whether they repeat the words.")
        lines += [f"  change {one}" for one in later]
    lines.append(
        "Backups that were made before still hold them. Delete those, or keep the file that “redactions” "
        "writes beside them, and give it to “restore”."
    )
    return "\n".join(lines)


def _redactions(given: argparse.Namespace) -> None:
    from sync.server.database import open_council  # noqa: PLC0415
    from sync.server.redacting import write_orders  # noqa: PLC0415

    engine = open_council(given.database).engine
    try:
        count = write_orders(engine, given.file)
    finally:
        engine.dispose()
    _tell(given, {"orders": count}, f"{count:,} orders are in {given.file}. It holds no content.")
