"""Two laptops of invented workers, the demonstration caseload, and the forms."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work.caseload import Caseload, caseload
from tests.support.answering import Pair
from tests.support.desks import NOW, RUTH, filled_record, now
from tests.support.pairs import Between


@pytest.fixture(scope="module")
def laptops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[tuple[Record, Record], Between]]:
    """Two records and their council, for a whole file: each history has a case of its own."""
    folder = tmp_path_factory.mktemp("pair")
    made = [
        Record(folder / f"{author}.db", secrets.token_bytes(32), clock=now, create=True)
        for author in ("rosa", "kiran")
    ]
    for record, author in zip(made, ("rosa", "kiran"), strict=True):
        record.enrol(author=author, device=new_id())
    yield (made[0], made[1]), Between()
    for record in made:
        record.close()


@pytest.fixture
def pair(laptops: tuple[tuple[Record, Record], Between]) -> Pair:
    """Two laptops with a response that both hold."""
    return Pair(*laptops)


@pytest.fixture(scope="session")
def told() -> Caseload:
    """The demonstration caseload as a council tells it."""
    return caseload(NOW, author="council", device=new_id(), worker=RUTH.id)


@pytest.fixture(scope="module")
def council_record(tmp_path_factory: pytest.TempPathFactory, told: Caseload) -> Iterator[Record]:
    """A record with the demonstration caseload, shared by the tests of a file that only read it."""
    record, _ = filled_record(tmp_path_factory.mktemp("filled"), told)
    yield record
    record.close()
