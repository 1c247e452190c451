"""Whatever the council's real server refuses has a way forward that ends with nothing left in the list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from ascdesk.errors import Refusal
from ascdesk.record.change import new_id
from ascdesk.record.digest import digest
from ascdesk.record.tables import ChangeRow
from ascdesk.work import attention
from ascdesk.work.attention import Refused
from ascdesk.work.library import FormLibrary
from sync.client.exchange import Outcome, synchronise
from sync.protocol import MAX_VALUE
from sync.server.database import reading
from sync.server.escrows import bring_in, make_recovery_key
from sync.server.intake import NEVER
from sync.server.projecting import catch_up
from tests.sync.council import NOON, Council, Laptop, serving

Enrol = Callable[[str], Laptop]


@pytest.fixture
def library() -> FormLibrary:
    return FormLibrary()


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        outcome = synchronise(laptop.record, connection)
    assert outcome.trouble == ""
    return outcome


def listed(laptop: Laptop, library: FormLibrary) -> list[Refused]:
    return list(attention.attention(laptop.record, library).refused)


def somebody_elses(laptop: Enrol) -> tuple[Laptop, str]:
    """Give a laptop that wrote in a case which its worker never had."""
    owner, one, case = laptop("bashir"), laptop("amina"), new_id()
    owner.write(case, "given_name", "Noor")
    sync(owner)
    one.write(case, "address", "Typed on the wrong laptop")
    assert sync(one).attention == 1
    return one, case


@pytest.mark.fault(20)
def test_what_is_too_long_is_written_anew_and_the_old_taken_off(
    council: Council, laptop: Enrol, library: FormLibrary
) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    one.write(case, "address", "x" * (MAX_VALUE + 1))
    assert (sync(one).attention, one.record.outgoing_count()) == (1, 1)
    (refused,) = listed(one, library)
    assert "Divide it" in refused.reason and not refused.may_go

    one.write(case, "address", "Short enough")
    assert [told.anew for told in listed(one, library)] == [False], "the council does not hold it yet"
    sync(one)
    (refused,) = listed(one, library)
    assert refused.anew and refused.may_go
    attention.let_go(one.record, refused.change)
    sync(one)

    assert (listed(one, library), one.record.outgoing_count()) == ([], 0)
    catch_up(council.engine, [case])
    with reading(council.engine) as connection:
        assert digest(connection, case) == one.record.digest(case)


@pytest.mark.fault(20)
def test_a_case_that_was_never_ours_is_allocated_and_then_taken(
    council: Council, laptop: Enrol, library: FormLibrary
) -> None:
    one, case = somebody_elses(laptop)
    (refused,) = listed(one, library)
    assert refused.reason == NEVER
    attention.send_again(one.record, refused.change)
    assert sync(one).attention == 1, "nothing has changed"
    council.allocate("amina", case)
    attention.send_again(one.record, refused.change)
    assert (sync(one).sent, listed(one, library), one.record.outgoing_count()) == (1, [], 0)


@pytest.mark.fault(16)
@pytest.mark.fault(20)
def test_what_is_handed_to_the_manager_is_brought_in_sealed_and_ends_the_waiting(
    fresh_council: Council, tmp_path: Path, library: FormLibrary
) -> None:
    council, path = fresh_council, tmp_path / "for-my-manager.sealed"
    make_recovery_key(council.engine, tmp_path / "key")
    with serving(council.app()) as address:
        made: list[Laptop] = []

        def enrol(worker: str) -> Laptop:
            made.append(Laptop(tmp_path, council, worker, address))
            return made[-1]

        one, _ = somebody_elses(enrol)
        (refused,) = listed(one, library)

        attention.hand_over(one.record, refused.change, path)

        assert b"Typed on" not in path.read_bytes(), "sealed to the council"
        (refused,) = listed(one, library)
        assert refused.handed, "and still here until the council holds it"
        brought = bring_in(council.engine, path, tmp_path / "key", NOON)
        assert (brought.new, brought.refused) == (1, ())
        with reading(council.engine) as connection:
            late = select(ChangeRow.late).where(ChangeRow.id == refused.change)
            assert connection.scalar(late) is True, "for the manager to look at"
        attention.send_again(one.record, refused.change)
        assert (sync(one).attention, listed(one, library), one.record.outgoing_count()) == (0, [], 0)
        with pytest.raises(Refusal, match="does not wait"):
            attention.hand_over(one.record, refused.change, path)
        for each in made:
            each.close()


def test_a_council_without_a_key_says_so(laptop: Enrol, library: FormLibrary, tmp_path: Path) -> None:
    one, _ = somebody_elses(laptop)
    (refused,) = listed(one, library)
    with pytest.raises(Refusal, match="Copy the text instead"):
        attention.hand_over(one.record, refused.change, tmp_path / "file")
    assert not (tmp_path / "file").exists()
