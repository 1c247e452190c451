"""One field written on two laptops without a connection, and settled, through the real council server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from ascdesk.work import clashes, settling
from ascdesk.work.library import FormLibrary
from sync.client.exchange import synchronise
from sync.server.database import reading
from sync.server.projecting import catch_up
from tests.sync.council import Council, Laptop

Enrol = Callable[[str], Laptop]


def sync(*laptops: Laptop) -> None:
    for laptop in laptops:
        with laptop.connection() as connection:
            assert synchronise(laptop.record, connection).finished


@pytest.mark.fault(12)
def test_both_texts_are_on_both_laptops_until_one_settles_and_then_all_agree(
    council: Council, laptop: Enrol
) -> None:
    first, second = laptop("amina"), laptop("amina")
    case, library = new_id(), FormLibrary()
    first.write(case, "given_name", "Noor")
    first.write(case, "family_name", "Haddad")
    sync(first, second)
    first.write(case, "family_name", "Haddad-Marsh")
    second.write(case, "family_name", "Marsh")
    sync(first, second, first)
    for one in (first, second):
        (clash,) = clashes.table(one.record, case, "", library).clashes
        assert {told.words for told in clash.tellings} == {"Haddad-Marsh", "Marsh"}
        assert clash.before is not None and clash.before.words == "Haddad"
        assert sorted(told.here for told in clash.tellings) == [False, True]
    (clash,) = clashes.table(second.record, case, "", library).clashes
    chosen = next(told for told in clash.tellings if told.words == "Haddad-Marsh")
    settling.take(second.record, case, clash, chosen.change)
    sync(second, first)
    for one in (first, second):
        assert clashes.table(one.record, case, "", library).clashes == ()
        told = settling.field_history(one.record, clash, case).tellings
        assert [one.words for one in told if one.stands] == ["Haddad-Marsh"]
        assert "Marsh" in {one.words for one in told}
    catch_up(council.engine)
    with reading(council.engine) as connection:
        assert first.record.digest(case) == digest(connection, case) == second.record.digest(case)
