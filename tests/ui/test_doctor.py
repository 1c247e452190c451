"""The doctor: one object, one sentence a check, a status that says whether all that is needed is there."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import time_machine

from ascdesk.vault.device import KeyringStore
from ascdesk.vault.errors import KeyringTrouble
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import create_profile
from tests.sync.council import open_test_council, serving
from ui.doctor import examine
from ui.main import main

CHECKS = {"keyring", "encryption", "fonts", "clock", "disk", "profile", "server"}


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def made(folder: Path, council: str) -> Path:
    create_profile(
        folder, "demonstration", demonstration=True, council=council, device="d-1", cost=Cost(8, 1, 1)
    )
    return folder


def test_it_prints_one_object_and_nothing_else(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status = main(["--profile", str(tmp_path / "none"), "doctor", "--json"])
    printed, said = capfd.readouterr()
    found = json.loads(printed)
    assert said == ""
    assert printed.count("\n") == 1
    assert found["checks"].keys() == CHECKS
    assert status == (0 if found["ok"] else 1)
    assert {"python", "system", "asc-desk", "sqlcipher3"} <= found["versions"].keys()
    assert not (tmp_path / "none").exists(), "looking makes nothing"


def test_without_json_it_says_a_line_for_each_check(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    main(["--profile", str(tmp_path / "none"), "doctor"])
    lines = capfd.readouterr().out.splitlines()
    assert {line.split(":", maxsplit=1)[0].split()[-1] for line in lines} == CHECKS


def test_encryption_is_tried_and_not_taken_on_trust(tmp_path: Path) -> None:
    assert examine(tmp_path)["checks"]["encryption"] == {"ok": True, "says": "Records are encrypted."}


def test_no_keyring_is_a_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: object) -> None:
        raise KeyringTrouble("This laptop has no safe keyring.")

    monkeypatch.setattr(KeyringStore, "usable", none)
    found = examine(tmp_path)
    assert found["checks"]["keyring"] == {"ok": False, "says": "This laptop has no safe keyring."}
    assert found["ok"] is False


@pytest.mark.fault(3)
def test_a_nearly_full_disk_is_a_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 12_000_000))
    disk = examine(tmp_path)["checks"]["disk"]
    assert disk == {
        "ok": False,
        "says": "12 MB are free. Free some space: 500 MB are needed.",
        "free": 12_000_000,
    }


@pytest.mark.fault(8)
def test_a_clock_in_1970_is_a_lack(tmp_path: Path) -> None:
    with time_machine.travel(datetime(1970, 1, 1, tzinfo=UTC)):
        clock = examine(tmp_path)["checks"]["clock"]
    assert clock["ok"] is False
    assert "set the clock" in clock["says"]


def test_a_laptop_that_is_not_enrolled_lacks_nothing_for_it(tmp_path: Path) -> None:
    checks = examine(tmp_path)["checks"]
    assert (checks["profile"]["ok"], checks["server"]["ok"]) == (None, None)


def test_a_damaged_profile_is_a_lack(tmp_path: Path) -> None:
    folder = made(tmp_path / "p", "http://127.0.0.1:1")
    (folder / "profile.json").write_text("{")
    found = examine(folder)
    assert found["checks"]["profile"]["ok"] is False
    assert found["ok"] is False


def test_it_asks_the_council_that_the_laptop_belongs_to(tmp_path: Path) -> None:
    council = open_test_council(f"sqlite:///{tmp_path / 'council.db'}")
    with serving(council.app()) as address:
        folder = made(tmp_path / "p", address)
        checks = examine(folder)["checks"]
    council.engine.dispose()
    assert checks["server"] == {"ok": True, "says": "The server of Coventry answers."}
    gone = examine(folder)["checks"]["server"]
    assert gone["ok"] is False
    assert "no connection" in gone["says"]
