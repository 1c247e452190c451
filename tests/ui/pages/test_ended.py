"""A lease that ends closes the desk with its reason and the way forward; another one opens it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from ascdesk.vault.escrow import ESCROW_NAME, make_keys, open_escrow
from ascdesk.work import leases
from tests.support.desks import JEAN, NOW
from ui.leasing import LeaseWatch

Window = Any


def give(window: Window, ends: timedelta, *, out_of_use: bool = False) -> None:
    """Let the council have given a lease of fourteen days that ends so long from now."""
    until = NOW + ends
    given = until - timedelta(days=14)
    facts = {"issued_at": given.isoformat(), "until": until.isoformat(), "ends": out_of_use}
    leases.keep(window.record, facts | {"signature": ""})


@pytest.fixture
def watched(window: Window) -> Any:
    """Watch the lease of a window, by a clock that stands."""
    watch = LeaseWatch(window.desk, monotonic=lambda: 0.0)
    yield window, watch
    watch.stop()


def at(window: Window, now: datetime) -> None:
    """Set the laptop's clock."""
    window.desk.clock = lambda: now


@pytest.mark.fault(16)
def test_at_the_end_of_a_lease_cases_close_and_open_again_at_the_next_contact(watched: Any) -> None:
    window, watch = watched
    give(window, timedelta(days=5))
    window.go("case", JEAN)
    watch.look()
    window.rest()
    assert window.desk.place.page == "case"

    at(window, NOW + timedelta(days=6))
    watch.look()
    window.qtbot.waitUntil(lambda: window.page.key == "ended")
    window.says("Cases are closed for now", "The council lets a laptop be used for 14 days without contact")
    assert window.shell.focusWidget().text() == "Connect now"
    assert "Jean" not in window.words()
    for key in ("find", "call", "palette"):
        window.shell.act(key)
        assert QApplication.activeModalWidget() is None
    window.desk.go(window.desk.place)
    window.rest()
    assert window.page.key == "ended", "there is nowhere else to go"
    asked = []
    window.desk.sync_asked.connect(lambda: asked.append(1))
    window.press("Connect now")
    assert asked

    give(window, timedelta(days=20))
    window.desk.changed.emit("")
    window.qtbot.waitUntil(lambda: window.page.key == "work")
    window.go("case", JEAN)
    assert window.page.key == "case"


@pytest.mark.fault(16)
def test_a_visit_is_let_end_first(watched: Any) -> None:
    window, watch = watched
    give(window, timedelta(hours=-1))
    window.go("case", JEAN)
    window.desk.start_visit(JEAN)
    watch.look()
    window.rest()
    assert window.page.key == "case"
    window.desk.end_visit()
    window.qtbot.waitUntil(lambda: window.page.key == "ended")


def test_a_worker_is_told_three_days_before_and_where_the_clock_is_behind(watched: Any) -> None:
    window, watch = watched
    window.go("work")
    give(window, timedelta(days=2))
    watch.look()
    window.says("Connect to the council before 23 November 2026: after that cases stay closed")
    give(window, timedelta(days=10))
    window.record.put(leases.MARK, (NOW + timedelta(days=1)).isoformat())
    watch.look()
    watch.look()
    window.says("This laptop’s clock is behind.")


@pytest.mark.fault(16)
def test_a_laptop_out_of_use_says_so_and_seals_and_shreds_its_cases(watched: Any) -> None:
    window, watch = watched
    private, public = make_keys()
    window.record.put("keys", {"signing": "", "recovery": public, "signature": ""})
    held = set(window.record.cases())
    files = {(one.case, one.sha256) for one in window.record.attachments.everything()}
    for case, sha256 in files:
        window.record.attachments.say(case, sha256, "held", receipt="x")
    give(window, timedelta(days=5), out_of_use=True)
    watch.look()
    window.qtbot.waitUntil(lambda: window.page.key == "ended", timeout=60_000)
    window.says("This laptop is out of use", "Hand the laptop to your administrator.")
    assert window.record.cases() == ()
    entries = open_escrow((window.record.folder / ESCROW_NAME).read_bytes(), private).entries
    assert {entry["case"] for entry in entries if entry["changes"]} == held
    assert files and {(one["case"], one["file"]["sha256"]) for one in entries if "file" in one} == files
