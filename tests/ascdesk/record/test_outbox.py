"""What is sent: whole groups, an unbroken chain, the same batch again until it is answered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ascdesk.record.change import first_link, new_id, next_link
from ascdesk.record.outbox import Answered, Batch
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from tests.ascdesk.record.test_record import FILES


def write_groups(record: Record, case: str, sizes: list[int]) -> None:
    for size in sizes:
        edits = [Edit("contact", new_id(), "name", f"contact {n}") for n in range(size)]
        record.write(case, edits, name="Contacts")


def answer_all(record: Record, batch: Batch, version: int) -> None:
    answers = [Answered(change.id, "stored", version + n) for n, change in enumerate(batch.changes, 1)]
    record.answered(batch.id, answers)


@FILES
@given(st.lists(st.integers(1, 4), min_size=1, max_size=8), st.integers(1, 6))
def test_groups_stay_whole_and_the_chain_unbroken(record: Record, sizes: list[int], limit: int) -> None:
    case, sent = new_id(), []
    while (left := record.next_batch()) is not None:
        answer_all(record, left, record.outgoing_count() + 10_000_000)
    write_groups(record, case, sizes)
    while (batch := record.next_batch(limit)) is not None:
        assert record.next_batch(limit) == batch
        assert len(batch.changes) <= max(limit, *sizes)
        sent.append(batch)
        answer_all(record, batch, sum(len(b.changes) for b in sent) * 1000)
    assert sum(len(batch.changes) for batch in sent) == sum(sizes)
    homes = {change.group: batch.id for batch in sent for change in batch.changes}
    assert all(homes[change.group] == batch.id for batch in sent for change in batch.changes)
    assert record.outgoing_count() == 0


@FILES
@given(st.lists(st.integers(1, 3), min_size=1, max_size=5))
def test_every_link_vouches_for_all_before_it(record: Record, sizes: list[int]) -> None:
    case = new_id()
    write_groups(record, case, sizes)
    link, seq = first_link(record.device), 0
    chain = sorted(
        (change for changes in record.heads(case).values() for change in changes),
        key=lambda change: change.id,
    )
    assert chain
    while (batch := record.next_batch(2)) is not None:
        for change in batch.changes:
            assert change.device_seq is not None and change.link is not None
            if change.device_seq == 1:
                link, seq = first_link(record.device), 0
            if seq + 1 == change.device_seq:
                assert change.link == next_link(link, change.device_seq, change.hash)
            seq, link = change.device_seq, change.link
        answer_all(record, batch, seq * 1000)


def test_what_needs_attention_stays_with_its_reason_and_blocks_nobody(record: Record) -> None:
    case = new_id()
    write_groups(record, case, [1, 1, 1])
    batch = record.next_batch()
    assert batch is not None
    poison, *fine = batch.changes
    answers = [Answered(poison.id, "needs attention", reason="The value is too long.")]
    answers += [Answered(change.id, "stored", n) for n, change in enumerate(fine, 1)]
    record.answered(batch.id, answers)
    assert [held.change.id for held in record.attention()] == [poison.id]
    assert record.outgoing_count() == 1
    assert record.next_batch() is None
    write_groups(record, case, [1])
    assert record.next_batch() is not None


def test_a_partly_answered_batch_is_asked_about_again(record: Record) -> None:
    case = new_id()
    write_groups(record, case, [1, 1])
    batch = record.next_batch()
    assert batch is not None
    record.answered(batch.id, [Answered(batch.changes[0].id, "stored", 1)])
    again = record.next_batch()
    assert again is not None
    assert [change.id for change in again.changes] == [batch.changes[1].id]
    assert again.id == batch.id


def test_what_a_server_lost_is_offered_again_under_the_same_place_in_the_chain(record: Record) -> None:
    case = new_id()
    write_groups(record, case, [1])
    batch = record.next_batch()
    assert batch is not None
    answer_all(record, batch, 0)
    record.offer_again([batch.changes[0].id])
    again = record.next_batch()
    assert again is not None
    assert again.changes == batch.changes
