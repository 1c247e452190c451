"""Stalls of the screen's thread in the whole headless demonstration, as its own summary tells them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def stalls() -> dict[str, Any]:
    """Run the demonstration and return what it says about stalls, by laptop."""
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as name:
        command = [sys.executable, "-m", "ui.main", "demo", "--headless", "--out", name]
        subprocess.run(command, check=True, capture_output=True)
        told: dict[str, Any] = json.loads((Path(name) / "summary.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = told["stalls"]
    return found
