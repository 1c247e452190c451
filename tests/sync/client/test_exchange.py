"""A laptop's record and the council's server, brought together by a real exchange over loopback."""

from __future__ import annotations

from collections.abc import Callable

from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from sync.client.exchange import Outcome, synchronise
from sync.server.database import reading
from sync.server.projecting import catch_up
from tests.sync.council import Council, Laptop

Enrol = Callable[[str], Laptop]


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        return synchronise(laptop.record, connection)


def test_what_one_laptop_sends_another_holds_the_same(council: Council, laptop: Enrol) -> None:
    first, second = laptop("amina"), laptop("amina")
    case = new_id()
    first.write(case, "given_name", "Noor")
    first.write(case, "family_name", "Haddad")

    sent = sync(first)
    fetched = sync(second)

    assert (sent.finished, sent.sent, sent.only_here, sent.trouble) == (True, 2, 0, "")
    assert (fetched.finished, fetched.received, fetched.new_cases) == (True, 2, (case,))
    catch_up(council.engine)
    with reading(council.engine) as connection:
        held = digest(connection, case)
    assert first.record.digest(case) == held == second.record.digest(case)
