"""Leases through a real exchange with a real server: renewed by contact, ended by the council's word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from ascdesk.errors import Refusal
from ascdesk.record.change import new_id
from ascdesk.vault.escrow import ESCROW_NAME
from ascdesk.work import leases
from ascdesk.work.leases import moment_of, read_held
from sync.client.exchange import Outcome, synchronise
from sync.client.leasing import OUT_OF_USE
from sync.server import leasing
from sync.server.database import reading
from sync.server.escrows import bring_in, make_recovery_key
from sync.server.main import main
from sync.server.tables import audit
from tests.support.pages import found
from tests.sync.council import KEY, NOON, Council, Laptop, enrolling

Enrol = Callable[[str], Laptop]


def sync(laptop: Laptop, client: httpx.Client | None = None) -> Outcome:
    with laptop.connection(client) as connection:
        return synchronise(laptop.record, connection)


@pytest.fixture
def laptop(fresh_council: Council, tmp_path: Path) -> Iterator[Enrol]:
    """Give a function that enrols one more laptop with a council of this test's own."""
    with enrolling(fresh_council, tmp_path) as enrolled:
        yield enrolled


def begun(laptop: Laptop) -> str:
    """Begin a case and send it; the first contact brings the council's keys, the second a lease."""
    case = new_id()
    laptop.write(case, "given_name", "Quetzalcoatl")
    for _ in range(2):
        assert sync(laptop).finished
    return case


@pytest.mark.fault(16)
def test_contact_renews_the_lease_for_as_long_as_the_council_says(
    fresh_council: Council, laptop: Enrol
) -> None:
    council, one = fresh_council, laptop("amina")
    begun(one)
    held = read_held(one.record.get(leases.LEASE))
    assert held is not None
    assert abs(held.issued_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert held.until - held.issued_at == timedelta(days=14)
    assert moment_of(one.record.get(leases.MARK)) == held.issued_at
    sync(one)
    assert read_held(one.record.get(leases.LEASE)) == held, "not asked for again within the hour"

    leasing.set_lease_days(council.engine, 3)
    old = one.record.get(leases.LEASE) | {"issued_at": "2020-01-01T00:00:00+00:00", "until": NOON}
    one.record.put(leases.LEASE, old)
    sync(one)
    held = read_held(one.record.get(leases.LEASE))
    assert held is not None
    assert held.until - held.issued_at == timedelta(days=3)
    for days in (0, 91):
        with pytest.raises(Refusal, match="1 to 90"):
            leasing.set_lease_days(council.engine, days)


@pytest.mark.fault(16)
def test_a_revoked_laptop_reads_nothing_more_and_its_work_comes_from_the_escrow(
    fresh_council: Council, laptop: Enrol, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    council, one = fresh_council, laptop("amina")
    make_recovery_key(council.engine, tmp_path / "key")
    case = begun(one)
    one.write(case, "family_name", "Huitzilopochtli")
    url = council.engine.url.render_as_string(hide_password=False)
    assert main(["laptop", "revoke", "--database", url, one.record.device]) == 0
    assert main(["laptop", "list", "--database", url]) == 0
    assert "out of use since" in capsys.readouterr().out
    assert main(["laptop", "revoke", "--database", url, new_id()]) == 1

    outcome = sync(one)

    assert (outcome.finished, outcome.trouble, outcome.sent) == (False, OUT_OF_USE, 0)
    standing = leases.look(one.record, datetime.now(UTC), None, timedelta())
    assert not standing.readable
    assert leases.to_shred(one.record, standing)
    assert leases.shred(one.record) == ()
    words = [b"Quetzalcoatl", b"Huitzilopochtli"]
    assert found(one.record.folder / one._path.name, KEY, words) == set()
    brought = bring_in(council.engine, one.record.folder / ESCROW_NAME, tmp_path / "key", NOON)
    assert (brought.new, brought.refused, brought.unopened) == (1, (), 0)
    with reading(council.engine) as connection:
        did = list(connection.scalars(select(audit.c.did).where(audit.c.device == one.record.device)))
    assert did.count("revoke") == 1


@pytest.mark.fault(16)
def test_nobody_but_the_council_ends_or_lengthens_a_lease(fresh_council: Council, laptop: Enrol) -> None:
    one, other = laptop("amina"), laptop("bashir")
    begun(one)
    begun(other)
    kept = one.record.get(leases.LEASE)

    class Forging(httpx.HTTPTransport):
        """A line that answers for the council."""

        told = kept

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            """Say that the laptop is out of use."""
            if request.url.path != "/v1/lease":
                return httpx.Response(403, json={"error": "unknown-device", "sentence": "No."})
            return httpx.Response(200, json=self.told)

    theirs = other.record.get(leases.LEASE)
    for told in (kept | {"ends": True}, kept | {"until": "2099-01-01T00:00:00+00:00"}, theirs, kept):
        line = Forging()
        line.told = told
        with httpx.Client(transport=line) as client:
            outcome = sync(one, client)
        assert (outcome.finished, outcome.trouble) == (False, "No.")
        assert one.record.get(leases.LEASE) == kept


def test_a_server_of_before_there_were_leases_gives_none_and_nothing_is_locked(
    fresh_council: Council, laptop: Enrol
) -> None:
    one = laptop("amina")

    class Older(httpx.HTTPTransport):
        """A line to a server that knows no leases."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            """Answer as an older server does."""
            if request.url.path == "/v1/lease":
                return httpx.Response(404, json={"detail": "Not Found"})
            return super().handle_request(request)

    for _ in range(2):
        one.write(new_id(), "given_name", "Noor")
        with httpx.Client(transport=Older()) as client:
            assert sync(one, client).finished
    assert leases.look(one.record, datetime.now(UTC), None, timedelta()).state == "none"
