"""A case that moves to another worker, or ends as the person moved away: it leaves whole and comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.digest import digest
from ascdesk.record.writing import Edit
from ascdesk.work import cases, closing, teamwork
from ascdesk.work.pieces import Worker
from ascdesk.work.rows import changed, new_row
from sync.client.exchange import Outcome, synchronise
from sync.server import seed
from sync.server.database import reading
from sync.server.escrows import make_recovery_key
from sync.server.projecting import catch_up
from tests.sync.council import Council, Laptop, enrolling

Enrol = Callable[[str], Laptop]
TEAM = "older_people"


def sync(laptop: Laptop) -> Outcome:
    with laptop.connection() as connection:
        outcome = synchronise(laptop.record, connection)
    assert (outcome.finished, outcome.trouble) == (True, "")
    engine = laptop.council.engine
    catch_up(engine, seed.cases(engine))  # it does so by itself, a moment after its answer
    return outcome


@pytest.fixture
def laptop(fresh_council: Council, tmp_path: Path) -> Iterator[Enrol]:
    """Give a function that enrols one more laptop with a council of this test's own."""
    make_recovery_key(fresh_council.engine, tmp_path / "key")
    with enrolling(fresh_council, tmp_path) as enrolled:
        yield enrolled


def begin(laptop: Laptop) -> tuple[str, str]:
    """Begin a case with a piece of work that is this laptop's worker's; return it and the piece."""
    case, piece = new_id(), new_id()
    at = laptop.record.now()
    edits = [Edit("person", case, EXISTENCE, None, kind="create"), Edit("person", case, "given_name", "Noor")]
    edits += new_row("piece_of_work", {"kind": "assessment", "team": TEAM, "opened_at": at}, piece)
    edits += new_row(
        "allocation", {"worker": laptop.record.author, "team": TEAM, "piece": piece, "since": at[:10]}
    )
    laptop.record.write(case, edits, name="Begin")
    return case, piece


def give(laptop: Laptop, case: str, council: Council, to: str) -> None:
    """Move the worker's piece of work to somebody else."""
    (held,) = [one for one in cases.look(laptop.record, case).allocations if not one.until]
    user = council.worker(to)
    teamwork.reassign(laptop.record, case, held.row, Worker(user.id, user.name))


def alike(council: Council, case: str, laptop: Laptop) -> bool:
    with reading(council.engine) as connection:
        return digest(connection, case) == laptop.record.digest(case)


@pytest.mark.fault(17)
def test_a_case_goes_with_its_work_and_comes_back_whole(fresh_council: Council, laptop: Enrol) -> None:
    council, one, other = fresh_council, laptop("amina"), laptop("bashir")
    case, _ = begin(one)
    sync(one)
    assert other.record.cases() == ()

    give(one, case, council, "bashir")
    one.write(case, "pronouns", "she/her")
    gone = sync(one)
    sync(one)

    assert gone.only_here == 0
    assert one.record.cases() == (), "nothing was left to send, so it left"
    sync(other)
    assert other.record.cases() == (case,)
    assert alike(council, case, other)

    give(other, case, council, "amina")
    sync(other)
    other.write(case, "gp", "Hillfields surgery")  # typed in a window that was still open
    late = sync(other)
    sync(other)
    assert late.late in {0, 1}
    assert other.record.cases() == ()
    sync(one)
    assert one.record.cases() == (case,)
    assert alike(council, case, one)
    assert [head.content for head in one.record.heads(case, [case])[case, "gp"]] == ["Hillfields surgery"]


@pytest.mark.fault(17)
def test_a_case_that_ends_because_the_person_moved_away_leaves_and_comes_back_whole(
    fresh_council: Council, laptop: Enrol
) -> None:
    council, one = fresh_council, laptop("amina")
    case, piece = begin(one)
    sync(one)
    done = changed(
        one.record, case, "piece_of_work", piece, {"finished_at": one.record.now(), "outcome": "x"}
    )
    one.record.write(case, done, name="Finish")
    today = datetime.now(UTC).date()
    answered = {check.code: "Seen to." for check in closing.checks(cases.look(one.record, case), today)}
    closing.close(one.record, case, reason="moved", words="To Leeds.", answered=answered, today=today)
    told = one.record.digest(case)

    sync(one)
    sync(one)

    assert one.record.cases() == ()
    with reading(council.engine) as connection:
        assert digest(connection, case) == told, "the council has it as it was closed"
    council.allocate("amina", case)
    sync(one)
    assert one.record.digest(case) == told
