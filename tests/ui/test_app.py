"""What the worker process opens: the record that enrolment makes once, and who is signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication

from ascdesk.errors import Refusal
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import Opened, create_profile
from ascdesk.work.library import FormLibrary
from ui.app import Running, _record_of, local_now, user_of
from ui.desk import User
from ui.theme.appearance import Appearance
from ui.worker import Link, WorkerSession


@pytest.fixture
def profile(tmp_path: Path) -> Opened:
    return create_profile(
        tmp_path / "p",
        "demonstration",
        demonstration=True,
        council="http://127.0.0.1:1",
        device="d-1",
        cost=Cost(8, 1, 1),
    )


def session(profile: Opened, extras: dict[str, Any]) -> WorkerSession:
    return WorkerSession(profile, "demonstration", extras, None, cast("Link", None))


@pytest.mark.fault(1)
@pytest.mark.parametrize("begun", [False, True], ids=["at first", "cut short after the empty file"])
def test_enrolment_makes_the_record_and_can_be_gone_on_with(profile: Opened, begun: bool) -> None:
    if begun:
        profile.record.touch()
    record = _record_of(session(profile, {"server": "x"}))
    record.put("kept", "yes")
    record.close()
    again = _record_of(session(profile, {"server": "x"}))  # killed before the handover was put away
    assert again.get("kept") == "yes"
    again.close()
    later = _record_of(session(profile, {}))
    assert later.get("kept") == "yes"
    later.close()


@pytest.mark.fault(18)
def test_without_enrolment_no_record_is_ever_made(profile: Opened) -> None:
    with pytest.raises(Refusal, match="missing"):
        _record_of(session(profile, {}))
    assert not profile.record.exists()


def test_who_is_signed_in_is_as_enrolment_kept_it() -> None:
    assert user_of(None) == User("", "")
    kept = {"id": "r.okafor", "name": "Ruth Okafor", "role": None, "more": "x"}
    assert user_of(kept) == User("r.okafor", "Ruth Okafor")


def test_the_clock_has_its_zone() -> None:
    assert local_now().tzinfo is not None


class Told:
    """Stands where the launcher's pipe is: what the window says there is of no concern here."""

    def opened(self) -> None:
        """Hear that the window is open."""

    def place(self, place: object) -> None:
        """Hear where somebody is."""

    def when_launcher_goes(self, callback: object) -> None:
        """Never go."""


def test_the_window_comes_back_where_it_was_after_a_lock(
    qapp: QApplication, appearance: Appearance, profile: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []
    monkeypatch.setattr(qapp, "exit", left.append, raising=False)
    qapp.setProperty("appearance", appearance)
    qapp.setProperty("library", FormLibrary())
    extras: dict[str, Any] = {"server": "x"}
    stood = []
    for size in ((10, 20, 700, 500), (30, 40, 640, 480)):
        given = WorkerSession(profile, "demonstration", extras, None, cast("Link", Told()))
        running = Running(qapp, _record_of(given), given)
        running.open(sync_first=False)
        stood.append(running.shell.geometry().getRect())
        running.shell.setGeometry(*size)
        running._lock()
        running.end()
        running.shell.deleteLater()
        running.deleteLater()
        extras = {}
    assert stood[1] == (10, 20, 700, 500) and len(left) == 2
