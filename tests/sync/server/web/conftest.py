"""Fixtures of the web forms' tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.sync.council import Council, open_test_council
from tests.sync.server.web.visiting import Site, Visitor, site_of


@pytest.fixture
def site(fresh_sqlite: Council, tmp_path: Path) -> Site:
    """Give a council's forms with the small form."""
    return site_of(fresh_sqlite.engine, tmp_path / "mail")


@pytest.fixture
def fresh_sqlite(tmp_path: Path) -> Iterator[Council]:
    """Give a council on a SQLite database of its own."""
    council = open_test_council(f"sqlite:///{tmp_path / 'council.db'}")
    council.engine.dispose()
    event.listen(council.engine, "connect", _hurry)
    yield council
    council.engine.dispose()


def _hurry(connection: Any, _: object) -> None:
    # a disk that is waited for at each request proves nothing here, and takes a minute
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def visitor(site: Site) -> Visitor:
    """Give somebody at a browser."""
    return Visitor(site)
