"""Records of invented workers, on real encrypted files."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ascdesk.record.change import new_id
from ascdesk.record.record import Record


class Ticking:
    """A clock that moves one second each time it is asked."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def make_record(tmp_path: Path) -> Iterator[Callable[..., Record]]:
    """Return a maker of enrolled records; every one is closed in the end."""
    made: list[Record] = []

    def make(author: str = "rosa") -> Record:
        path = tmp_path / new_id() / "record.db"
        record = Record(path, secrets.token_bytes(32), clock=Ticking(), create=True)
        record.enrol(author=author, device=new_id())
        made.append(record)
        return record

    yield make
    for record in made:
        record.close()


@pytest.fixture
def record(make_record: Callable[..., Record]) -> Record:
    """Return one enrolled record."""
    return make_record()
