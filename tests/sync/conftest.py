"""Fixtures of the tests of sync: a council on each database, served and not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine

from sync.server.database import RESTORED, write_setting, writing
from tests.conftest import DATABASES
from tests.sync.council import Council, Laptop, open_test_council, serving

if TYPE_CHECKING:
    from tests.postgres import PostgresServer  # not on the desktop's Windows


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give one initialised SQLite database for the session: tests keep to cases and workers of their own."""
    engine = open_test_council(f"sqlite:///{tmp_path_factory.mktemp('council') / 'council.db'}").engine
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: PostgresServer) -> Iterator[Engine]:
    """Give one initialised PostgreSQL database for the session."""
    with postgres_server.fresh_database() as url:
        engine = open_test_council(url).engine
        yield engine
        engine.dispose()


@pytest.fixture(params=DATABASES)
def council(request: pytest.FixtureRequest) -> Council:
    """Give a council on each database; its workers are this test's own."""
    return _shared(request.getfixturevalue(f"{request.param}_engine"))


@pytest.fixture
def small_council(sqlite_engine: Engine) -> Council:
    """Give a council on SQLite only, for what no database has a part in."""
    return _shared(sqlite_engine)


def _shared(engine: Engine) -> Council:
    """Give the one council of a database as if no test had ever restored it: then more is taken in."""
    with writing(engine) as connection:
        write_setting(connection, RESTORED, "")
    return Council(engine)


@pytest.fixture
def fresh_council(database_url: str) -> Iterator[Council]:
    """Give a council on a database of its own, for tests that look at everything in it."""
    council = open_test_council(database_url)
    yield council
    council.engine.dispose()


@pytest.fixture
def server(council: Council) -> Iterator[str]:
    """Serve the council by a real uvicorn on loopback."""
    with serving(council.app()) as address:
        yield address


@pytest.fixture
def laptop(council: Council, server: str, tmp_path: Path) -> Iterator[Callable[[str], Laptop]]:
    """Give a function that enrols one more laptop of a worker."""
    made: list[Laptop] = []

    def enrolled(worker: str) -> Laptop:
        made.append(Laptop(tmp_path, council, worker, server))
        return made[-1]

    yield enrolled
    for one in made:
        one.close()
