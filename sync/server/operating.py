"""The commands that an operator of the council's server needs beside ``run``."""

from __future__ import annotations

import argparse
import json
from typing import Any

from sync.server.bounds import Bounds


def add_operating_commands(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401 (argparse's own)
    """Add them to the command line."""
    sub = commands.add_parser(
        "migrate",
        parents=[common],
        help="bring a database to this version's layout, while servers work on it",
    )
    sub.set_defaults(command=_migrate)


def add_serving_options(parser: argparse.ArgumentParser) -> None:
    """Add how ``run`` is operated: processes, connections, metrics, the log, stopping."""
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes at this address")
    parser.add_argument(
        "--connections",
        type=int,
        default=Bounds().connections,
        metavar="N",
        help="database connections of each process, at most",
    )
    parser.add_argument(
        "--metrics", metavar="HOST:PORT", help="serve figures for Prometheus here, not at the public address"
    )
    parser.add_argument(
        "--log", metavar="FILE", help="write a line of JSON for each request; - is standard error"
    )
    parser.add_argument(
        "--drain",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="told to stop, turn requests away for so long at least, until a load balancer has noticed",
    )
    # the socket that a process of several is handed by the one that started it
    parser.add_argument("--socket", type=int, help=argparse.SUPPRESS)


def _migrate(given: argparse.Namespace) -> None:
    from sync.server.migrating import migrate  # noqa: PLC0415 (imported when needed: quick --help)

    done = migrate(given.database)
    parts = {"before": done.before, "after": done.after, "projected_again": done.projected_again}
    words = f"The database has layout {done.after}"
    words += f"; it had {done.before}." if done.before != done.after else " already."
    if done.projected_again:
        words += " Its lists are made anew, case by case, while the servers run."
    print(json.dumps(parts, sort_keys=True) if given.json else words)
