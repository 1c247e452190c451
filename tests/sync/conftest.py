"""Fixtures of the tests of sync: a council on each database, served and not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sync.council import Council, Laptop, open_test_council, serving


@pytest.fixture
def council(database_url: str) -> Iterator[Council]:
    """Give a council with nobody in it, on SQLite and on PostgreSQL."""
    council = open_test_council(database_url)
    yield council
    council.engine.dispose()


@pytest.fixture
def small_council(tmp_path: Path) -> Iterator[Council]:
    """Give a council on SQLite only, for what no database has a part in."""
    council = open_test_council(f"sqlite:///{tmp_path / 'council.db'}")
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
