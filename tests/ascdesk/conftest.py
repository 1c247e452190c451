"""The forms of the program, and the empty record of one worker."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work.library import FormLibrary
from tests.support.desks import RUTH, now


@pytest.fixture(scope="session")
def library() -> FormLibrary:
    """The forms of the program, compiled once."""
    return FormLibrary()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """An empty record of one worker; its clock stands at ``NOW``."""
    made = Record(tmp_path / "record.db", secrets.token_bytes(32), clock=now, create=True)
    made.enrol(author=RUTH.id, device=new_id())
    yield made
    made.close()
