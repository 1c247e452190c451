"""The log and the figures: what is counted is right, and nothing that anybody sent is ever in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry, generate_latest
from starlette.routing import BaseRoute

from ascdesk.record.change import new_id
from sync.server import app as server_app
from sync.server.app import Watch, create_app
from sync.server.bounds import Bounds
from sync.server.gate import Door, Gate
from sync.server.lag import Lag
from sync.server.logs import NAME, ContentFree, RequestLog, log_to, say
from sync.server.measures import LagCollector, Measures
from sync.server.web.setup import WebOptions
from tests.sync.asking import ask
from tests.sync.council import Council
from tests.sync.server.test_app import Caller

MARKER = "Wilhelmina-Crowther-9990000018"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Give what the log of this process is, from the lowest level up."""
    stream, loggers = io.StringIO(), (logging.getLogger(), logging.getLogger(NAME))
    before = [one.level for one in loggers]
    handler = log_to("-", stream)
    loggers[0].setLevel(logging.DEBUG)
    yield stream
    loggers[0].removeHandler(handler)
    for one, level in zip(loggers, before, strict=True):
        one.setLevel(level)


class Watched:
    """A council's server with everything that writes or counts."""

    def __init__(self, council: Council) -> None:
        self.registry = CollectorRegistry()
        measures, lag = Measures(self.registry), Lag(council.engine)
        measures.watch(council.engine)
        self.registry.register(LagCollector(lag))
        watch = Watch(lag, measures)
        self.app: FastAPI = create_app(
            council.engine, council.issuer, watch=watch, web=WebOptions("http://council.test")
        )
        self.gate: Any = Gate(self.app, Bounds(), Door(), (RequestLog(), measures))

    def figures(self) -> str:
        return generate_latest(self.registry).decode()


def routes_of(routes: list[BaseRoute], found: list[APIRoute] | None = None) -> list[APIRoute]:
    """Return every address that the server answers, those of its parts too."""
    found = [] if found is None else found
    for one in routes:
        if isinstance(one, APIRoute):
            found.append(one)
        else:
            inner = getattr(one, "original_router", None) or getattr(one, "router", None) or one
            routes_of(list(getattr(inner, "routes", None) or []), found)
    return found


def attempts(path: str, method: str, headers: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield requests to one address with the marker wherever a request can have something."""
    said = {"device": MARKER, "name": MARKER, "username": MARKER, "password": MARKER, "code": MARKER}
    said |= {"v": MARKER, "d": MARKER, "changes": [{"id": MARKER, "value": MARKER}], "cursors": {MARKER: []}}
    common = {"headers": headers | {"X-Marker": MARKER, "Cookie": f"a={MARKER}"}}
    query = {"v": MARKER, "d": MARKER, "size": MARKER, "offset": MARKER, MARKER: MARKER}
    yield common | {"params": query}
    if method not in ("GET", "HEAD"):
        yield common | {"params": {"v": MARKER, "size": "1", "offset": "0"}, "json": said}
        yield common | {"data": {key: str(value) for key, value in said.items()}}
        yield common | {"content": MARKER.encode(), "params": {"v": MARKER, "size": "1", "offset": "0"}}


def test_nothing_that_is_sent_reaches_the_log_or_the_figures(
    small_council: Council,
    lines: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Named mutations: the path for the route's pattern; a library's message; the words of an error."""
    watched = Watched(small_council)
    amina = Caller(small_council, watched.gate, "amina")
    small_council.worker(MARKER)
    routes = routes_of(list(watched.app.routes))
    assert {"/v1/push", "/v1/pull", "/issuer/authorize", "/apply/{slug}"} <= {one.path for one in routes} or (
        len(routes) > 25
    )
    asked = 0
    for route in routes:
        path = route.path
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", quote(MARKER)).replace(f"{{{name}:path}}", quote(MARKER))
        for method in route.methods:
            for parts in attempts(path, method, amina.headers):
                asked += 1
                ask(watched.gate, method, path, **parts)
    ask(watched.gate, "GET", f"/{MARKER}/{MARKER}?{MARKER}")
    case = new_id()
    assert amina.push([amina.device.change(case, "given_name", MARKER)]).status_code == 200
    unreadable = amina.push([{"id": MARKER, "value": MARKER}])
    assert unreadable.json()["answers"][0]["outcome"] == "needs attention"

    def fails(*_: object) -> None:
        raise ValueError(f"cannot store {MARKER}")

    monkeypatch.setattr(server_app, "_push", fails)
    with pytest.raises(ValueError, match=MARKER):
        amina.push([])
    try:
        fails()
    except ValueError:
        logging.getLogger("a.server").exception("Exception in ASGI application %s", MARKER)
    logging.getLogger("a.library").warning(f"of {MARKER}")

    written, figures = lines.getvalue(), watched.figures()
    assert asked > 60
    assert MARKER.lower() not in written.lower()
    assert MARKER.lower() not in figures.lower()
    assert case not in written and amina.device.id not in written
    parsed = [json.loads(line) for line in written.splitlines()]
    assert sum(one["event"] == "request" for one in parsed) >= asked
    trouble = next(one for one in parsed if one.get("logger") == "a.server")
    assert trouble["error"] == "ValueError"
    assert any("test_logs.py" in frame for frame in trouble["where"])


def test_a_line_says_what_and_how_long(small_council: Council, lines: io.StringIO) -> None:
    watched = Watched(small_council)
    ask(watched.gate, "GET", "/v1/about")
    written = [json.loads(line) for line in lines.getvalue().splitlines()]
    (line,) = [one for one in written if one["event"] == "request"]
    assert {name: line[name] for name in ("level", "event", "method", "route", "status")} == {
        "level": "info",
        "event": "request",
        "method": "GET",
        "route": "/v1/about",
        "status": 200,
    }
    assert line["at"].endswith("Z") and line["ms"] >= 0


def test_what_became_of_changes_is_counted_by_reason(small_council: Council) -> None:
    """Named mutation: the refused counted as stored."""
    watched = Watched(small_council)
    amina, olga = (Caller(small_council, watched.gate, name) for name in ("amina", "olga"))
    case = new_id()
    one = amina.device.change(case, "given_name", "Noor")
    amina.push([one])
    amina.push([one])
    olga.push([olga.device.change(case, "given_name", "Olga")])
    amina.push([{"id": "no"}])
    small_council.deallocate("amina", case)
    figures = watched.figures()
    for line in (
        'ascdesk_changes_total{outcome="stored",reason=""} 2.0',
        'ascdesk_changes_total{outcome="needs attention",reason="never had the case"} 1.0',
        'ascdesk_changes_total{outcome="needs attention",reason="unreadable"} 1.0',
        'ascdesk_requests_total{method="POST",route="/v1/push",status="200"} 4.0',
        'ascdesk_request_seconds_count{method="POST",route="/v1/push"} 4.0',
        "ascdesk_requests_in_hand 0.0",
        "ascdesk_database_connections_taken 0.0",
        "ascdesk_database_up 1.0",
    ):
        assert line in figures.splitlines()


def test_late_changes_are_counted(council: Council) -> None:
    watched = Watched(council)
    amina, case = Caller(council, watched.gate, "amina"), new_id()
    amina.push([amina.device.change(case, "given_name", "Noor")])
    from sync.server.database import writing
    from sync.server.tables import access

    with writing(council.engine) as connection:
        connection.execute(access.update().where(access.c.case == case).values(until="2026-11-21"))
    amina.push([amina.device.change(case, "family_name", "Haddad")])
    assert 'ascdesk_changes_total{outcome="late",reason=""} 1.0' in watched.figures()


def test_a_database_that_is_away_is_a_figure_too(fresh_council: Council) -> None:
    watched = Watched(fresh_council)
    fresh_council.engine.dispose()
    with fresh_council.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE unprojected")
        connection.commit()
    assert "ascdesk_database_up 0.0" in watched.figures()


def test_without_being_asked_only_trouble_is_written(caplog: pytest.LogCaptureFixture) -> None:
    stream = io.StringIO()
    handler = log_to(None, stream)
    try:
        say("request", status=200)
        logging.getLogger("a.library").warning("something")
    finally:
        logging.getLogger().removeHandler(handler)
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["library"]
    assert isinstance(handler.formatter, ContentFree)
