"""The demonstration by fingers alone: what cannot be tapped or swiped to cannot be done on a tablet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import demonstrated

pytestmark = [pytest.mark.xdist_group("demonstration by touch"), pytest.mark.timeout(1_300)]


def test_all_of_it_can_be_done_by_fingers_alone(tmp_path: Path) -> None:
    summary = json.loads((demonstrated(tmp_path / "out", "touch") / "summary.json").read_text())
    assert summary["hands"] == "touch"
    assert summary["answers"] > 100
    assert summary["changes_local"] == summary["changes_server"] > summary["answers"]
    assert summary["second_laptop_equal"] is True
    assert len(summary["documents"]) == 2
    look = json.loads((tmp_path / "out" / "profiles" / "first" / "look.json").read_text())
    assert look["touch"] is True, "the larger targets were chosen, and kept over a kill"
