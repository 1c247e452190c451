"""The tests' own footing: the private PostgreSQL and the walls around a test."""

from __future__ import annotations

import logging
import os
import socket
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.pool import NullPool

from ascdesk.errors import MachineTrouble
from tests import postgres
from tests.conftest import is_loopback


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_an_empty_database_of_each_kind(database_url: str, turn: int) -> None:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        connection.execute(text("CREATE TABLE kept (turn INTEGER)"))
        connection.execute(text("INSERT INTO kept VALUES (:turn)"), {"turn": turn})
        assert connection.execute(text("SELECT turn FROM kept")).scalar_one() == turn
    engine.dispose()


def test_a_database_is_dropped_while_somebody_is_connected(
    postgres_server: postgres.PostgresServer,
) -> None:
    with postgres_server.fresh_database() as url:
        engine = create_engine(url)
        connection = engine.connect()
    with postgres.connect(postgres_server.socket_folder) as administrator:
        names = administrator.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'test_%'"
        ).fetchall()
    connection.invalidate()
    connection.close()
    engine.dispose()
    assert [name for (name,) in names if name in url] == []


def test_postgres_does_not_run_as_root(postgres_server: postgres.PostgresServer) -> None:
    status = Path(f"/proc/{postgres_server.pid}/status").read_text()
    uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    assert "0" not in uids


def test_a_machine_without_postgres_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: iter(()))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MachineTrouble, match="apt-get install postgresql"):
        postgres.find_binaries()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "", None, b"localhost"])
def test_this_machine_is_reachable(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "council.example", "10.0.0.1", "::2"])
def test_no_other_machine_is_reachable(host: object) -> None:
    assert not is_loopback(host)


def test_a_look_up_elsewhere_is_refused() -> None:
    with pytest.raises(RuntimeError, match="loopback only"):
        socket.create_connection(("council.example", 443), timeout=1)


def test_no_test_sees_the_real_home() -> None:
    assert "ascdesk-home-" in os.environ["XDG_DATA_HOME"]


def test_an_expected_warning_is_looked_at_through_caplog(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("ascdesk.test").warning("expected")
    assert "expected" in caplog.text
