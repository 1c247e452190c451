"""The command `ascdesk catalogue check FILE`: what a file holds, and each line that is refused."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from ascdesk.councils.catalogue import CatalogueFile, read_file


def run_catalogue(argv: Sequence[str]) -> int:
    """Run `ascdesk catalogue check FILE [--json]` and return the exit status.

    0 every line can be used; 1 some or all cannot, each named; 2 could not be read. Raises the plain errors
    of reading for the caller to say.
    """
    parser = argparse.ArgumentParser(prog="ascdesk catalogue", description="Check a council's catalogue.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="read a catalogue from CSV and name each line that is refused")
    check.add_argument("file", type=Path, help="the catalogue, as CSV")
    check.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 2
    found = read_file(options.file)
    if options.json:
        sys.stdout.write(json.dumps(_told(found), ensure_ascii=False) + "\n")
    else:
        said = [found.sentence, *(one.sentence for one in found.refused)]
        sys.stdout.write("".join(f"{line}\n" for line in said))
    if found.lost:
        sys.stderr.write(f"{options.file.name}: {found.sentence} Correct them and check again.\n")
    return 1 if found.lost else 0


def _told(found: CatalogueFile) -> dict[str, object]:
    groups: dict[str, int] = {}
    for item in found.items:
        groups[item.group] = groups.get(item.group, 0) + 1
    return {
        "items": len(found.items),
        "lines": found.lines,
        "groups": groups,
        "examples": sum(item.example for item in found.items),
        "refused": [asdict(one) for one in found.refused],
    }
