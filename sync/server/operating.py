"""The commands that an operator of the council's server needs beside ``run``."""

from __future__ import annotations

import argparse
import json
from typing import Any


def add_operating_commands(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401 (argparse's own)
    """Add them to the command line."""
    sub = commands.add_parser(
        "migrate",
        parents=[common],
        help="bring a database to this version's layout, while servers work on it",
    )
    sub.set_defaults(command=_migrate)


def _migrate(given: argparse.Namespace) -> None:
    from sync.server.migrating import migrate  # noqa: PLC0415 (imported when needed: quick --help)

    done = migrate(given.database)
    parts = {"before": done.before, "after": done.after, "projected_again": done.projected_again}
    words = f"The database has layout {done.after}"
    words += f"; it had {done.before}." if done.before != done.after else " already."
    if done.projected_again:
        words += " Its lists are made anew, case by case, while the servers run."
    print(json.dumps(parts, sort_keys=True) if given.json else words)
