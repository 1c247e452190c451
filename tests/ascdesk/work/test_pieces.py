"""Pieces of work: opened, shared, finished with what follows, approved or sent back."""

from __future__ import annotations

import pytest

from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import cases, pieces
from ascdesk.work.pieces import Finish, Opening, Worker
from tests.support.casework import person

OMAR = Worker("omar", "Omar Reid", "Occupational therapist", "01632 960123", "omar@council.example")
LENA = Worker("lena", "Lena Hart", "Nurse")
NEXT = (("short_term", "pi"), ("telecare", "telecare"))


@pytest.fixture
def work(record: Record) -> tuple[str, str]:
    """A case and its one piece of work."""
    case = person(record)
    return case, pieces.open_piece(record, case, Opening("ot", "ot", "Bathing"))


def be(record: Record, author: str) -> None:
    """Sit somebody else down at the laptop."""
    record.enrol(author=author, device=record.device)


def test_several_workers_share_one_piece_of_work(record: Record, work: tuple[str, str]) -> None:
    case, piece = work
    for worker in (OMAR, LENA):
        pieces.allocate(record, case, piece, worker, purpose="Bathing")
    held = cases.look(record, case).allocations
    assert [(one.worker_name, one.team, one.piece) for one in held] == [
        ("Omar Reid", "ot", piece),
        ("Lena Hart", "ot", piece),
    ]
    with pytest.raises(Refusal, match="already allocated"):
        pieces.allocate(record, case, piece, OMAR, purpose="Bathing")


def test_finishing_opens_what_follows_and_ends_the_allocations(record: Record, work: tuple[str, str]) -> None:
    case, piece = work
    pieces.allocate(record, case, piece, OMAR, purpose="Bathing")
    how = Finish("met", "A bath board was enough.", NEXT, (("assessment_completed", ""),))
    pieces.finish(record, case, piece, how)
    held = cases.look(record, case)
    assert held.piece(piece).outcome == "met" and not held.piece(piece).open
    assert [(one.kind, one.team, one.after) for one in held.pieces[1:]] == [
        ("short_term", "pi", piece),
        ("telecare", "telecare", piece),
    ]
    assert held.allocations[0].until
    assert [event.kind for event in held.events] == ["assessment_completed"]
    with pytest.raises(Refusal, match="is finished"):
        pieces.finish(record, case, piece, how)


def test_what_follows_waits_for_the_last_approval(record: Record, work: tuple[str, str]) -> None:
    case, piece = work
    worker = record.author
    pieces.finish(record, case, piece, Finish("met", "Done.", NEXT, approvals=2))
    held = cases.look(record, case)
    assert held.piece(piece).open and len(held.pieces) == 1
    with pytest.raises(Refusal, match="waits for approval"):
        pieces.finish(record, case, piece, Finish("met"))
    for level in (1, 2):
        asked = pieces.waiting(cases.look(record, case), piece)
        assert asked is not None and asked.level == level
        be(record, worker)
        with pytest.raises(Refusal, match="somebody else"):
            pieces.approve(record, case, asked.row, by_name="Ruth")
        be(record, f"manager {level}")
        pieces.approve(record, case, asked.row, by_name="Ines Holt")
    held = cases.look(record, case)
    assert held.piece(piece).outcome == "met" and not held.piece(piece).open
    assert [one.kind for one in held.pieces[1:]] == ["short_term", "telecare"]


def test_sent_back_with_words_it_can_be_proposed_again(record: Record, work: tuple[str, str]) -> None:
    case, piece = work
    worker = record.author
    pieces.finish(record, case, piece, Finish("met", "Done.", NEXT, approvals=2))
    asked = pieces.waiting(cases.look(record, case), piece)
    assert asked is not None
    be(record, "manager")
    with pytest.raises(Refusal, match="these words"):
        pieces.send_back(record, case, asked.row, by_name="Ines Holt", words="")
    pieces.send_back(record, case, asked.row, by_name="Ines Holt", words="What of the stairs?")
    held = cases.look(record, case)
    assert pieces.waiting(held, piece) is None
    back = pieces.sent_back(held, piece)
    assert back is not None and held.piece(piece).proposed is None
    assert "What of the stairs?" in [one.words for one in held.approvals]
    be(record, worker)
    pieces.finish(record, case, piece, Finish("met", "Done, stairs too.", approvals=1))
    assert pieces.sent_back(cases.look(record, case), piece) is None


def test_stopped_work_needs_a_reason_and_opens_nothing(record: Record, work: tuple[str, str]) -> None:
    case, piece = work
    with pytest.raises(Refusal, match="Say why"):
        pieces.cancel(record, case, piece, " ")
    pieces.cancel(record, case, piece, "Opened in error.")
    held = cases.look(record, case)
    assert not held.piece(piece).open and len(held.pieces) == 1


def test_days_of_short_term_support_do_not_cross(record: Record, work: tuple[str, str]) -> None:
    case, piece = work
    with pytest.raises(Refusal, match="before the first"):
        pieces.begin_short_term(record, case, piece, starts="2026-12-10", ends="2026-12-01")
    pieces.begin_short_term(record, case, piece, starts="2026-12-01", ends="2027-01-12")
    assert cases.look(record, case).piece(piece).ends == "2027-01-12"


def test_what_was_sent_back_brings_its_event_only_once(record: Record, work: tuple[str, str]) -> None:
    case, piece = work
    worker = record.author
    how = Finish("met", "Looked at again.", (), (("review_completed", ""),), approvals=1)
    for _ in range(2):
        pieces.finish(record, case, piece, how)
        asked = pieces.waiting(cases.look(record, case), piece)
        assert asked is not None
        be(record, "manager")
        pieces.send_back(record, case, asked.row, by_name="Ines Holt", words="Say more.")
        be(record, worker)
    assert [event.kind for event in cases.look(record, case).events] == ["review_completed"]
