"""Sync from the desk with a real server: once at a time, said in words, tried again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ascdesk.record.change import new_id
from ascdesk.work.library import FormLibrary
from sync.server.escrows import make_recovery_key
from tests.support.desks import RUTH
from tests.sync.council import Laptop, open_test_council, serving
from ui.app import local_now
from ui.desk import Desk
from ui.exchange import Exchange
from ui.pacing import SECONDS_AT_FIRST, SECONDS_BETWEEN
from ui.place import Place


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    council = open_test_council(f"sqlite:///{tmp_path / 'council.db'}")
    with serving(council.app()) as address:
        made = Laptop(tmp_path, council, "ruth", address)
        yield made
        made.close()
    council.engine.dispose()


@pytest.fixture
def desk(qtbot: QtBot, laptop: Laptop) -> Iterator[Desk]:
    made = Desk(laptop.record, RUTH, FormLibrary(), local_now)
    yield made
    made.database.stop()


@pytest.fixture
def exchange(desk: Desk) -> Iterator[Exchange]:
    made = Exchange(desk, draw=lambda: 0.5)
    yield made
    made.stop()


def ended(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.state.syncing and not desk.database.busy, timeout=20_000)


def test_what_is_typed_meanwhile_is_sent_next_time(
    qtbot: QtBot, laptop: Laptop, desk: Desk, exchange: Exchange
) -> None:
    case = new_id()
    laptop.write(case, "name", "Jean")
    exchange.start()
    exchange.start()  # already going on: nothing more
    ended(qtbot, desk)
    assert (desk.state.only_here, desk.state.trouble) == (0, "")
    assert exchange._timer.interval() == SECONDS_BETWEEN * 1000
    laptop.write(case, "name", "Jean Hollis")
    desk.refresh_state()
    ended(qtbot, desk)
    assert desk.state.only_here == 1
    exchange.start()
    ended(qtbot, desk)
    assert desk.state.only_here == 0


def test_trouble_is_tried_again_sooner(qtbot: QtBot, laptop: Laptop, desk: Desk, exchange: Exchange) -> None:
    laptop.record.put("server", "http://127.0.0.1:1")
    exchange.start()
    ended(qtbot, desk)
    assert desk.state.trouble == "no connection"
    assert exchange._timer.interval() == SECONDS_AT_FIRST * 1000


def test_each_failure_waits_longer_and_one_that_works_begins_anew(
    qtbot: QtBot, laptop: Laptop, desk: Desk, exchange: Exchange
) -> None:
    server, waited = laptop.record.get("server"), []
    laptop.record.put("server", "http://127.0.0.1:1")
    for _ in range(3):
        exchange.start()
        ended(qtbot, desk)
        waited.append(exchange._timer.interval() // 1000)
    laptop.record.put("server", server)
    exchange.start()
    ended(qtbot, desk)
    waited.append(exchange._timer.interval() // 1000)
    assert waited == [30, 60, 120, 300]


def test_a_busy_server_is_not_asked_before_the_time_that_it_said(
    qtbot: QtBot, laptop: Laptop, desk: Desk, exchange: Exchange
) -> None:
    async def busy(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"application/json"), (b"retry-after", b"200")]
        told = b'{"error": "busy", "sentence": "The council\'s server is busy."}'
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": told})

    with serving(busy) as address:  # type: ignore[arg-type]
        laptop.record.put("server", address)
        exchange.start()
        ended(qtbot, desk)
    assert exchange._timer.interval() == 240_000, "200 seconds, and its own part of 80 more"


def test_a_case_that_is_taken_away_leaves_the_screen_and_the_laptop_in_one_sentence(
    qtbot: QtBot, laptop: Laptop, desk: Desk, exchange: Exchange, tmp_path: Path
) -> None:
    case, told, went = new_id(), list[str](), list[Place]()
    make_recovery_key(laptop.council.engine, tmp_path / "key")
    laptop.write(case, "name", "Jean")
    exchange.start()
    ended(qtbot, desk)
    desk.go(Place("case", case))
    laptop.council.deallocate("ruth", case)
    laptop.write(case, "name", "Jean Hollis")
    desk.noticed.connect(lambda sentence, _: told.append(sentence))
    desk.went.connect(went.append)

    exchange.start()
    ended(qtbot, desk)

    assert (laptop.record.cases(), desk.place, went) == ((), Place(), [Place()])
    assert told[-1].startswith("One case is no longer allocated to you: everything you wrote is safe")
    assert desk.state.only_here == 0


def test_a_visit_is_not_interrupted_by_what_came(
    qtbot: QtBot, laptop: Laptop, desk: Desk, exchange: Exchange
) -> None:
    desk.start_visit("a case")
    told: list[str] = []
    desk.noticed.connect(lambda sentence, _: told.append(sentence))
    exchange.start()
    ended(qtbot, desk)
    assert told == []
