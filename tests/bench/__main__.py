"""``python -m tests.bench [NAME …]``: prints the table and writes bench.json. Never part of the tests."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bench.arriving import arriving
from tests.bench.figures import Figure
from tests.bench.fitting import fitting
from tests.bench.forming import forming
from tests.bench.photographing import photographing
from tests.bench.processes import processes
from tests.bench.purging import escrowing, purging
from tests.bench.scaling import scaling
from tests.bench.screens import screens
from tests.bench.searching import searching
from tests.bench.soaking import soaking
from tests.bench.stalls import stalls
from tests.bench.storing import storing
from tests.bench.syncing import syncing

GROUPS: dict[str, Callable[[], Iterator[Figure]]] = {
    "processes": processes,
    "storing": storing,
    "fitting": fitting,
    "purging": purging,
    "escrowing": escrowing,
    "screens": screens,
    "photos": photographing,
    "syncing": syncing,
    "scaling": scaling,
    "arriving": arriving,
    "forms": forming,
    "searching": searching,
}

LONG: dict[str, Callable[[], Iterator[Figure]]] = {"soak": soaking}
"""What takes long, and is run only when it is asked for."""


def main(asked: list[str]) -> int:
    """Measure what was asked for, or everything; print and write it."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    names = asked or [*GROUPS, "stalls"]
    figures: list[Figure] = []
    for name in names:
        if (group := (GROUPS | LONG).get(name)) is not None:
            for found in group():
                print(_line(found), flush=True)
                figures.append(found)
    held: dict[str, Any] = {"machine": _machine(), "figures": [asdict(found) for found in figures]}
    if "stalls" in names:
        held["stalls"] = stalls()
        for laptop, told in held["stalls"].items():
            print(f"stalls of the screen's thread, {laptop} laptop: {told}")
    Path("bench.json").write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    return 0


def _line(found: Figure) -> str:
    sign = "≥" if found.least else "≤"
    bar = f"{sign} {found.bar:.0f}" if found.bar is not None else ""
    ratio = f"{found.ratio:.2f} × {found.against}" if found.ratio is not None else ""
    ratio += f" ({sign} {found.ratio_bar})" if found.ratio_bar is not None else ""
    return (
        f"{found.name:<50} {found.median:>9.2f} {found.unit}  worst {found.worst:>9.2f}  {bar:>7} "
        f"{found.held:<4} {ratio}  {found.note}"
    ).rstrip()


def _machine() -> dict[str, Any]:
    return {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": list(os.getloadavg()) if hasattr(os, "getloadavg") else [],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
