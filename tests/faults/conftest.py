"""A council on a database of its own, of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sync.council import Council, open_test_council


@pytest.fixture
def fresh_council(database_url: str) -> Iterator[Council]:
    """Give a council whose database nobody else looks into."""
    council = open_test_council(database_url)
    yield council
    council.engine.dispose()
