"""Two people, one field, offline: every text stands until a person chooses, and then in its history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ascdesk.errors import Refusal
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import cases, clashes, fields, responses, settling, signing
from ascdesk.work.clashes import Clash, Table
from ascdesk.work.library import FormLibrary
from ascdesk.work.people import COUNCIL, authors
from ascdesk.work.responses import Draft, FrozenAnswer, Key, Said
from tests.support.desks import JEAN, RUTH
from tests.support.pairs import COLLEAGUE, Between, two_laptops

WORDS = Key((), "A01.words", "observed")
LIBRARY = FormLibrary()


@dataclass
class Pair:
    """Two laptops that hold Jean's case."""

    ruth: Record
    other: Record
    between: Between
    response: str

    def exchange(self) -> None:
        self.between.exchange(self.ruth, self.other)
        self.between.exchange(self.ruth, self.other)

    def draft(self, record: Record) -> Draft:
        return responses.load(record, JEAN, self.response)

    def say(self, record: Record, text: str, key: Key = WORDS, held_back: str | None = None) -> None:
        draft = self.draft(record)
        answer = Said((FrozenAnswer({"valueString": text}),), None, held_back)
        groups = ["s03.medicines"] * len(key.path)
        responses.answer(
            record, draft, key, answer, seen=draft.account(key).seen, name="words", groups=groups
        )

    def table(self, record: Record) -> Table:
        return clashes.table(record, JEAN, self.response, LIBRARY)

    def clash(self, record: Record) -> Clash:
        (found,) = self.table(record).clashes
        return found

    def both(self) -> tuple[Record, Record]:
        return self.ruth, self.other


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    first, second, between = two_laptops(tmp_path)
    response = cases.look(first, JEAN).response("needs-assessment")
    assert response is not None
    yield Pair(first, second, between, response.row)
    first.close()
    second.close()


def differ(pair: Pair) -> None:
    pair.say(pair.ruth, "She made toast.")
    pair.exchange()
    pair.say(pair.ruth, "She made toast and tea.")
    pair.say(pair.other, "She made toast at the hob.")
    pair.exchange()


@pytest.mark.fault(12)
def test_both_texts_stand_on_both_laptops_with_what_stood_before(pair: Pair) -> None:
    differ(pair)
    for record in pair.both():
        clash = pair.clash(record)
        assert {told.words for told in clash.tellings} == {
            "She made toast and tea.",
            "She made toast at the hob.",
        }
        assert clash.before is not None and clash.before.words == "She made toast."
        assert (clash.about, clash.where) == ("Meals and drinks", "What the worker saw or knows")
        assert [told.mine for told in clash.tellings].count(True) == 1
        assert [told.here for told in clash.tellings].count(True) == 1
        assert clash.written and clash.place == "|A01.words|observed"


def test_what_each_says_anew_is_marked(pair: Pair) -> None:
    differ(pair)
    marked = {
        told.words: "".join(run.text for run in told.runs if run.new)
        for told in pair.clash(pair.ruth).tellings
    }
    assert marked == {
        "She made toast and tea.": " and tea",
        "She made toast at the hob.": " at the hob",
    }


@pytest.mark.parametrize("chosen", [0, 1])
def test_taking_one_settles_it_everywhere_and_the_other_stays_in_the_history(pair: Pair, chosen: int) -> None:
    differ(pair)
    clash = pair.clash(pair.ruth)
    settling.take(pair.ruth, JEAN, clash, clash.tellings[chosen].change)
    pair.exchange()
    for record in pair.both():
        assert pair.table(record).clashes == ()
        said = pair.draft(record).account(WORDS).said
        assert said.answer == ({"valueString": clash.tellings[chosen].words},)
        past = settling.history(record, JEAN, pair.response, WORDS, LIBRARY)
        assert {told.words for told in past.tellings} >= {told.words for told in clash.tellings}
        assert [told.words for told in past.tellings if told.stands] == [clash.tellings[chosen].words]
    assert pair.ruth.digest(JEAN) == pair.other.digest(JEAN)


def test_keeping_both_joins_them_each_under_its_writer_and_stays_held_back(pair: Pair) -> None:
    pair.say(pair.ruth, "Her son was there.", held_back="about her son")
    pair.say(pair.other, "She was alone.")
    pair.exchange()
    clash = pair.clash(pair.ruth)
    labels = {told.change: f"{told.author}, 21 November 2026" for told in clash.tellings}
    settling.keep_all(pair.ruth, JEAN, clash, labels)
    said = pair.draft(pair.ruth).account(WORDS).said
    text = said.answer[0]["valueString"]
    assert "Ruth Okafor, 21 November 2026:\nHer son was there." in text
    assert "She was alone." in text
    assert said.held_back == "about her son"


def test_writing_anew_settles_only_what_was_shown(pair: Pair) -> None:
    differ(pair)
    clash = pair.clash(pair.ruth)
    pair.say(pair.other, "unused", Key((), "A02.words", "observed"))
    # The colleague takes up her own text again before she sees anything of the settling.
    later = pair.clash(pair.other)
    settling.rewrite(
        pair.ruth, JEAN, clash, Said((FrozenAnswer({"valueString": "Toast and tea, at the hob."}),))
    )
    settling.take(pair.other, JEAN, later, later.tellings[0].change)
    pair.exchange()
    for record in pair.both():
        assert len(pair.clash(record).tellings) == 2


def test_three_accounts_are_all_shown_and_a_coded_question_cannot_be_joined(pair: Pair) -> None:
    key = Key((), "A01.achieves", "observed")
    options = LIBRARY.form("needs-assessment").node("A01.achieves").options
    for record, option in zip(pair.both(), (options[0], options[2]), strict=True):
        draft = pair.draft(record)
        said = Said((FrozenAnswer(option.value),))
        responses.answer(record, draft, key, said, seen=frozenset(), name="achieves")
    pair.exchange()
    clash = pair.clash(pair.ruth)
    assert [told.words for told in clash.tellings].count("Yes") == 1
    assert len(clash.tellings) == 3  # what the council sent stands beside them: nobody saw it
    assert not clash.written
    with pytest.raises(Refusal, match="Choose one"):
        settling.keep_all(pair.ruth, JEAN, clash, {})


def test_an_earlier_text_can_be_written_again_as_a_new_change(pair: Pair) -> None:
    differ(pair)
    past = settling.history(pair.other, JEAN, pair.response, WORDS, LIBRARY)
    assert [told.author for told in past.tellings][:2] == ["The council", "Ruth Okafor"]
    settling.put_back(pair.other, JEAN, past, past.tellings[1].change)
    pair.exchange()
    for record in pair.both():
        assert pair.draft(record).account(WORDS).said.answer == ({"valueString": "She made toast."},)
        assert len(settling.history(record, JEAN, pair.response, WORDS, LIBRARY).tellings) == 5


@pytest.mark.fault(12)
def test_what_was_signed_is_not_settled_behind_the_signature(pair: Pair) -> None:
    differ(pair)
    clash = pair.clash(pair.ruth)
    signing.sign(
        pair.ruth,
        JEAN,
        pair.response,
        what="needs assessment",
        heads=responses.listed(pair.ruth, JEAN, pair.response),
        name="Ruth Okafor",
        role="Social worker",
        statement="This is my assessment.",
    )
    with pytest.raises(Refusal, match="signed"):
        settling.take(pair.ruth, JEAN, clash, clash.tellings[0].change)


# -- typed rows -----------------------------------------------------------------------------------------


def test_a_typed_field_is_listed_and_settled(pair: Pair) -> None:
    for record, number in zip(pair.both(), ("01632 960999", "01632 960222"), strict=True):
        (person,) = fields.rows(record, JEAN, "person")
        fields.put(record, JEAN, person, {"telephone": number}, name="telephone")
    pair.exchange()
    clash = pair.clash(pair.other)
    assert (clash.about, clash.where) == ("Telephone", "About the person")
    assert clash.before is not None and clash.before.words == "01632 960147"
    mine = next(told for told in clash.tellings if told.mine)
    settling.take(pair.other, JEAN, clash, mine.change)
    pair.exchange()
    for record in pair.both():
        assert cases.look(record, JEAN).person.telephone == "01632 960222"
        past = settling.field_history(record, clash, JEAN)
        assert [told.words for told in past.tellings].count("01632 960999") == 1


@pytest.mark.fault(12)
@pytest.mark.parametrize("kept", [True, False])
def test_a_row_that_one_removed_and_another_wrote_in_waits_and_comes_back_whole(
    pair: Pair, kept: bool
) -> None:
    contact = fields.rows(pair.ruth, JEAN, "contact")[-1]
    fields.remove(pair.ruth, JEAN, contact, name="remove contact")
    fields.put(pair.other, JEAN, contact, {"note": "Comes on Thursdays now."}, name="note")
    pair.exchange()
    clash = pair.clash(pair.ruth)
    assert clash.kind == "removed" and str(contact.value("name")) in clash.about
    assert [told.removal for told in clash.tellings] == [True, False]
    (settling.keep if kept else settling.remove)(pair.ruth, JEAN, clash)
    pair.exchange()
    for record in pair.both():
        assert pair.table(record).clashes == ()
        now = [held for held in fields.rows(record, JEAN, "contact") if held.row == contact.row]
        assert bool(now) is kept
        if kept:
            assert now[0].value("name") == contact.value("name")
            assert now[0].value("note") == "Comes on Thursdays now."


@pytest.mark.fault(12)
@pytest.mark.parametrize("kept", [True, False])
def test_an_answer_in_a_removed_entry_is_shown_and_kept_or_removed_with_it(pair: Pair, kept: bool) -> None:
    draft = pair.draft(pair.ruth)
    (_, group), rows = next((where, rows) for where, rows in draft.rows.items() if not where[0])
    row = rows[0]
    inside = [key for key in draft.accounts if key.path == (row,)]
    before = {key: draft.account(key).said for key in inside}
    said = Said((FrozenAnswer({"valueString": "Changed by her GP on Monday."}),))
    responses.remove_row(pair.ruth, draft, row, name=f"remove {group}")
    theirs = pair.draft(pair.other)
    responses.answer(
        pair.other, theirs, inside[0], said, seen=theirs.account(inside[0]).seen, name="x", groups=[group]
    )
    pair.exchange()
    for record in pair.both():
        clash = pair.clash(record)
        assert clash.kind == "removed"
        assert any("Changed by her GP" in told.words for told in clash.tellings)
    assert [held.count for held in clashes.waiting(pair.ruth) if held.case == JEAN] == [1]
    (settling.keep if kept else settling.remove)(pair.ruth, JEAN, pair.clash(pair.ruth))
    pair.exchange()
    for record in pair.both():
        assert pair.table(record).clashes == ()
        now = pair.draft(record)
        assert (row in now.rows.get(((), group), ())) is kept
        for key in inside if kept else ():
            assert now.account(key).said == (said if key == inside[0] else before[key])
        if not kept:
            assert all(now.account(key).said.empty for key in inside)
    assert pair.ruth.digest(JEAN) == pair.other.digest(JEAN)


# -- who, and how much ----------------------------------------------------------------------------------


def test_authors_are_named_by_allocations_and_the_council_by_itself(pair: Pair) -> None:
    facts = {"worker": COLLEAGUE, "worker_name": "Morenike Adeyemi"}
    assert authors(pair.ruth).name(COLLEAGUE) == "A colleague"
    fields.add(pair.ruth, JEAN, "allocation", facts, name="allocate")
    known = authors(pair.ruth)
    assert known.name(COLLEAGUE) == "Morenike Adeyemi"
    assert known.name(RUTH.id) == RUTH.name and known.mine(RUTH.id)
    assert known.name(COUNCIL) == "The council"
    assert known.name(new_id()) == "A colleague"


def test_nothing_waits_where_everybody_agrees(pair: Pair) -> None:
    assert clashes.waiting(pair.ruth) == () and clashes.count(pair.ruth) == 0
    differ(pair)
    assert [(held.case, held.count) for held in clashes.waiting(pair.ruth)] == [(JEAN, 1)]
    assert clashes.count(pair.ruth) == 1


def test_reading_what_differs_writes_nothing(pair: Pair) -> None:
    differ(pair)
    before = pair.ruth.outgoing_count()
    pair.table(pair.ruth)
    settling.history(pair.ruth, JEAN, pair.response, WORDS, LIBRARY)
    assert pair.ruth.outgoing_count() == before
