"""Two records of one person become one and come apart again, one of them on a laptop that was offline."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, Change, new_id
from ascdesk.record.digest import digest
from ascdesk.record.projection import rebuild
from ascdesk.record.wire import to_wire
from ascdesk.record.writing import Edit
from ascdesk.work import attention, cases, fields, merging, responses
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import FrozenAnswer, Key, Said
from sync.client.exchange import Outcome, synchronise
from sync.server import accounts, projecting, redacting, seed
from sync.server import merging as sync_merging
from sync.server.access import visible_cases
from sync.server.database import reading, writing
from sync.server.escrows import make_recovery_key
from sync.server.intake import Sender, take_in
from sync.server.mergers import NOT_BOTH, NOT_SURE
from sync.server.projecting import behind, catch_up
from sync.server.sweeping import sweep
from tests.sync.council import NOON, Council, Laptop, enrolling

Enrol = Callable[[str], Laptop]
KEY = Key((), "A01.words", "observed")
NUMBER = "999 000 0018"


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


def begin(laptop: Laptop, name: str, number: str = NUMBER) -> str:
    """Begin a case of somebody with this name and number."""
    case = new_id()
    facts = {"given_name": name, "family_name": "Haddad", "nhs_number": number}
    edits = [Edit("person", case, EXISTENCE, None, kind="create")]
    edits += [Edit("person", case, field, value) for field, value in facts.items()]
    laptop.record.write(case, edits, name="Begin")
    return case


def assess(laptop: Laptop, case: str, words: str) -> str:
    """Start an assessment in which one answer is given."""
    response = responses.start(laptop.record, case, "needs-assessment", "1")
    say(laptop, case, response, words)
    return response


def say(laptop: Laptop, case: str, response: str, words: str) -> None:
    draft = responses.load(laptop.record, case, response)
    said = Said((FrozenAnswer({"valueString": words}),))
    responses.answer(laptop.record, draft, KEY, said, seen=draft.account(KEY).seen, name="words")


def said(laptop: Laptop, case: str) -> list[str]:
    """Return what stands in every assessment of a case."""
    found = []
    for response in cases.look(laptop.record, case).responses:
        account = responses.load(laptop.record, case, response.row).account(KEY)
        found += [str(one.said.answer[0]["valueString"]) for one in account.versions]
    return sorted(found)


def names(laptop: Laptop, case: str) -> set[str]:
    heads: tuple[Change, ...] = laptop.record.heads(case, [case]).get((case, "given_name"), ())
    return {head.content for head in heads}


def same_everywhere(council: Council, case: str, *laptops: Laptop) -> None:
    with writing(council.engine) as connection:
        there = digest(connection, case)
        rebuild(connection, case)
        assert digest(connection, case) == there
    for one in laptops:
        assert one.record.digest(case) == there


def seen_by(council: Council, worker: str) -> set[str]:
    with reading(council.engine) as connection:
        return set(visible_cases(connection, council.worker(worker).id))


@pytest.mark.fault(17)
def test_two_records_become_one_with_what_comes_late_and_come_apart_with_what_was_written_since(
    fresh_council: Council, laptop: Enrol
) -> None:
    council, one, offline = fresh_council, laptop("amina"), laptop("bashir")
    first, second = begin(one, "Noor"), begin(one, "Nora")
    assess(one, first, "She cooks.")
    response = assess(one, second, "She does not cook.")
    one.record.write(second, [Edit("task", new_id(), "title", "Ring the surgery")], name="Task")
    photo = one.record.attachments.keep(second, b"a photo")
    row = new_id()
    edits = [Edit("photo", row, EXISTENCE, None, kind="create"), Edit("photo", row, "sha256", photo)]
    one.record.write(second, edits, name="Photo")
    sync(one)
    council.allocate("bashir", second)
    sync(offline)
    say(offline, second, response, "She cooks on good days.")
    offline.write(second, "given_name", "Norah")

    row = merging.merge(one.record, first, second, "Same number, and her sister says so.")
    sync(one)
    sync(one)

    assert one.record.cases() == (first,), "the second record has left"
    assert said(one, first) == ["She cooks.", "She does not cook."]
    assert names(one, first) == {"Noor", "Nora"}, "a conflict for the ordinary page"
    assert [task.title for task in cases.look(one.record, first).tasks] == ["Ring the surgery"]
    assert one.record.attachments.read(first, photo) == b"a photo"
    past = [account.change for account in one.record.history(first, first, "given_name")]
    assert {change.author for change in past} == {council.worker("amina").id}

    late = sync(offline)
    sync(offline)

    assert late.late == 2
    assert offline.record.cases() == (first,)
    sync(one)
    assert said(one, first) == said(offline, first) == ["She cooks on good days.", "She cooks."]
    assert names(one, first) == {"Noor", "Norah"}
    same_everywhere(council, first, one, offline)
    assert (seen_by(council, "amina"), seen_by(council, "bashir")) == ({first}, {first})

    held = cases.look(one.record, first).responses
    (theirs,) = [r for r in held if "good days" in str(said_in(one, first, r.row))]
    say(one, first, theirs.row, "She cooks with help.")
    new = responses.start(one.record, first, "needs-assessment", "1", of=theirs.row)
    say(one, first, new, "Of the second one.")
    merging.unmerge(one.record, first, row, "Two sisters with one number.")
    sync(one)
    for each in (one, offline, one):
        sync(each)

    assert (set(one.record.cases()), set(offline.record.cases())) == ({first, second}, {first, second})
    assert said(one, first) == ["She cooks."]
    assert said(one, second) == ["Of the second one.", "She cooks with help."]
    assert (names(one, first), names(one, second)) == ({"Noor"}, {"Norah"})
    assert cases.look(one.record, first).tasks == ()
    for case in (first, second):
        same_everywhere(council, case, one, offline)
    with pytest.raises(Refusal, match="apart already"):
        merging.unmerge(one.record, first, row, "Again.")


def said_in(laptop: Laptop, case: str, response: str) -> Any:
    return responses.load(laptop.record, case, response).account(KEY).said


@pytest.mark.parametrize("side", ["first", "second"])
def test_words_removed_from_one_of_two_merged_records_go_from_the_other_too(
    fresh_council: Council, laptop: Enrol, side: str
) -> None:
    council, one = fresh_council, laptop("amina")
    first, second = begin(one, "Noor"), begin(one, "Nora")
    assess(one, second, "Quetzalcoatl")
    sync(one)
    merging.merge(one.record, first, second, "Same number.")
    sync(one)
    sync(one)
    case = first if side == "first" else second
    (found,) = redacting.find(council.engine, case, "Quetzalcoatl")
    details = {"name": "Devi Rao", "role": "Team manager"}
    devi = accounts.add_user(council.engine, f"devi-{new_id()}", details, None).id
    wanted = redacting.Wanted(case, devi, "court-order", "4/26", (found.id,))
    redacting.remove(council.engine, wanted, NOON)
    for each in (first, second):
        assert redacting.find(council.engine, each, "Quetzalcoatl") == ()
    sync(one)
    assert said(one, first) == []
    same_everywhere(council, first, one)


def test_without_the_same_number_a_manager_decides_and_nobody_merges_what_they_never_had(
    fresh_council: Council, laptop: Enrol
) -> None:
    council, one, other = fresh_council, laptop("amina"), laptop("bashir")
    first, second = begin(one, "Noor", ""), begin(one, "Nora", "")
    theirs = begin(other, "Noor")
    for each in (one, other):
        sync(each)
    with pytest.raises(Refusal, match="a manager decides"):
        merging.merge(one.record, first, second, "They look alike.")
    with pytest.raises(Refusal, match="another record"):
        merging.merge(one.record, first, first, "x")
    for wanted, reason in ((second, NOT_SURE), (theirs, NOT_BOTH)):
        facts = {"second": wanted, "at": "", "by": one.record.author, "by_name": "", "why": "x"}
        one.record.write(first, [Edit("merge", new_id(), EXISTENCE, facts, kind="issue")], name="Force")
        assert sync(one).attention >= 1
        assert one.record.attention()[-1].reason == reason
    assert len(merging.merged(one.record, first)) == 2, "so it says here, until it is taken back"
    for told in attention.attention(one.record, FormLibrary()).refused:
        assert told.may_go
        attention.let_go(one.record, told.change)
    assert sync(one).attention == 0
    assert merging.merged(one.record, first) == ()
    assert seen_by(council, "amina") == {first, second}
    assert fields.rows(one.record, second, "person")
    same_everywhere(council, first, one)


def test_a_record_that_stands_in_another_is_merged_no_further_by_somebody_who_had_not_heard(
    fresh_council: Council, laptop: Enrol
) -> None:
    council, one, offline = fresh_council, laptop("amina"), laptop("bashir")
    first, second = begin(one, "Noor"), begin(one, "Nora")
    sync(one)
    for case in (first, second):
        council.allocate("bashir", case)
    sync(offline)
    merging.merge(one.record, first, second, "Same number.")
    merging.merge(offline.record, second, first, "Same number.")
    sync(one)
    assert sync(offline).attention == 1, "its word is not taken, and is left to the council in the escrow"
    sync(offline)
    assert seen_by(council, "amina") == seen_by(council, "bashir") == {first}
    assert offline.record.cases() == (first,)


@pytest.mark.fault(1)
@pytest.mark.fault(17)
@pytest.mark.parametrize("step", ["carry", "follow"])
def test_a_server_that_is_killed_before_it_followed_what_it_stored_does_so_afterwards(
    fresh_council: Council, laptop: Enrol, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    council, one = fresh_council, laptop("amina")
    first, second = begin(one, "Noor"), begin(one, "Nora")
    sync(one)
    merging.merge(one.record, first, second, "Same number.")
    batch = one.record.next_batch()
    assert batch is not None

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    take_in(
        council.engine, Sender(one.record.author, one.record.device), [*map(to_wire, batch.changes)], NOON
    )
    with monkeypatch.context() as patch:
        patch.setattr(sync_merging if step == "carry" else projecting, step, killed)
        with pytest.raises(Killed):
            catch_up(council.engine, [first])
    assert sweep(council.engine, threading.Event()) == 1
    assert behind(council.engine) == []

    assert seen_by(council, "amina") == {first}
    sync(one)
    assert one.record.cases() == (first,)
    assert names(one, first) == {"Noor", "Nora"}
    same_everywhere(council, first, one)
