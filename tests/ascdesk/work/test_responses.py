"""Answering, by two workers on two laptops: nothing that was said is lost, and nothing is hidden."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ascdesk.errors import Refusal
from ascdesk.record.change import new_id
from ascdesk.record.models import Answer
from ascdesk.record.record import Record
from ascdesk.work import drafting, responses, signing
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Key, Said
from tests.support.answering import OWN, SEEN, Pair, text_of, words
from tests.support.desks import NOW
from tests.support.pairs import Between

Laptops = tuple[tuple[Record, Record], Between]

GROUP, INNER = "s02.people", "s02.people.calls"
"""A repeating group and one inside it: operations take the form's word for what repeats."""

KEYS = (OWN, SEEN, Key((), "A02.words", "person"))


# -- any sequence of answers, exchanged in any order ----------------------------------------------------

typing = st.tuples(st.just("type"), st.integers(0, 1), st.sampled_from(KEYS), st.booleans(), st.booleans())
loading = st.tuples(st.just("load"), st.integers(0, 1))
exchanging = st.tuples(st.just("exchange"), st.sampled_from([(0, 1), (1, 0), (0,), (1,)]))


@settings(max_examples=25)
@given(history=st.lists(st.one_of(typing, typing, loading, exchanging), min_size=2, max_size=12))
def test_every_text_stands_on_both_or_was_in_sight_of_who_replaced_it(
    laptops: Laptops, history: list[tuple[object, ...]]
) -> None:
    """What stands in the end is exactly what nobody had in sight who wrote after it."""
    pair = Pair(*laptops)
    loaded = [pair.draft(0), pair.draft(1)]
    typed: dict[Key, set[str]] = {key: set() for key in KEYS}
    replaced: dict[Key, set[str]] = {key: set() for key in KEYS}
    for number, step in enumerate(history):
        match step:
            case ("load", int(laptop)):
                loaded[laptop] = pair.draft(laptop)
            case ("exchange", tuple(order)):
                pair.exchange(*order)
            case ("type", int(laptop), Key() as key, bool(clears), bool(open_)):
                draft = loaded[laptop]
                replaced[key] |= {text_of(version.said) for version in draft.account(key).versions}
                text = "" if clears else f"text {number}"
                pair.say(laptop, key, text, draft=draft, editor=f"{laptop}{key}" if open_ else None)
                typed[key].add(text)
    pair.exchange()
    assert pair.draft(0) == pair.draft(1)
    assert pair.records[0].digest(pair.case) == pair.records[1].digest(pair.case)
    for key in KEYS:
        assert set(pair.said(0, key)) - {""} == typed[key] - replaced[key] - {""}


@settings(max_examples=15)
@given(
    said=st.lists(
        st.tuples(st.text("ab", max_size=2), st.none() | st.sampled_from(["asked", "unsafe"])),
        min_size=2,
        max_size=2,
    )
)
def test_held_back_is_one_with_the_value(laptops: Laptops, said: list[tuple[str, str | None]]) -> None:
    """A version is held back as its author meant it; in lists the account is, if any version is."""
    pair = Pair(*laptops)
    for laptop, (text, reason) in enumerate(said):
        pair.say(laptop, OWN, words(text, reason))
    pair.exchange()
    meant = {words(text, reason) for text, reason in said} - {Said()}
    assert {version.said for version in pair.draft(1).account(OWN).versions} - {Said()} == meant
    with pair.records[1].reading() as session:
        shown = session.get(Answer, responses.account_row(pair.response, OWN))
        assert (shown is not None) == bool(meant)
        assert shown is None or shown.held_back == any(reason for _, reason in said)


def test_both_write_the_same_account_and_meet_in_one_field(pair: Pair) -> None:
    pair.say(0, OWN, "Rosa heard this")
    pair.say(1, OWN, "Kiran heard that")
    pair.exchange()
    account = pair.draft(0).account(OWN)
    assert [version.author for version in sorted(account.versions, key=lambda v: v.author)] == [
        "kiran",
        "rosa",
    ]
    assert account.conflict
    assert pair.draft(0).conflicts() == (account,)
    assert pair.draft(0).answers((), "A01.words") == ()


def test_the_same_words_from_both_are_no_conflict(pair: Pair) -> None:
    pair.say(0, OWN, "the same")
    pair.say(1, OWN, "the same")
    pair.exchange()
    account = pair.draft(1).account(OWN)
    assert len(account.versions) == 2
    assert not account.conflict
    assert pair.draft(1).answers((), "A01.words") == (words("the same").answer)


def test_two_sources_stand_side_by_side(pair: Pair) -> None:
    pair.say(0, OWN, "in her words")
    pair.say(1, SEEN, "what was seen")
    pair.exchange()
    draft = pair.draft(0)
    assert not draft.conflicts()
    assert (text_of(draft.account(OWN).said), text_of(draft.account(SEEN).said)) == (
        "in her words",
        "what was seen",
    )
    # Rules read the worker's own finding before the person's.
    assert draft.answers((), "A01.words") == words("what was seen").answer


def test_settling_replaces_every_version_on_both(pair: Pair) -> None:
    pair.say(0, OWN, "this")
    pair.say(1, OWN, "that")
    pair.exchange()
    responses.settle(pair.records[0], pair.draft(0), OWN, words("both are true"), name="settle")
    pair.exchange()
    for laptop in (0, 1):
        assert pair.said(laptop, OWN) == ["both are true"]
        assert not pair.draft(laptop).conflicts()


# -- repeating rows -------------------------------------------------------------------------------------


def name_in(*path: str) -> Key:
    """Return the key of a question in a row, or in a row inside a row."""
    return Key(path, "s02.people.name" if len(path) == 1 else "s02.people.calls.when", "observed")


def add_row(pair: Pair, laptop: int, text: str, *around: str) -> str:
    """Answer in a new row, and return its id."""
    row = new_id()
    pair.say(laptop, name_in(*around, row), text, groups=(GROUP, INNER)[: len(around) + 1])
    return row


def test_a_row_is_made_by_its_first_answer_and_those_around_it_too(pair: Pair) -> None:
    outer, inner = new_id(), new_id()
    made = pair.say(0, name_in(outer, inner), "Tuesdays", groups=(GROUP, INNER))
    assert [change.kind for change in made.changes] == ["create", "create", "set"]
    assert len({change.group for change in made.changes}) == 1
    again = pair.say(0, name_in(outer, inner), "Wednesdays", groups=(GROUP, INNER))
    assert [change.kind for change in again.changes] == ["set"]
    assert pair.draft(0).rows == {((), GROUP): (outer,), ((outer,), INNER): (inner,)}
    pair.exchange()
    assert pair.draft(1).rows == pair.draft(0).rows


def test_rows_of_both_stand_in_the_order_of_their_making(pair: Pair) -> None:
    rows = [add_row(pair, laptop, f"row {laptop}") for laptop in (0, 1, 0)]
    pair.exchange()
    for laptop in (0, 1):
        assert pair.draft(laptop).rows[(), GROUP] == tuple(rows)


def test_removing_a_row_and_undoing_brings_all_of_it_back(pair: Pair) -> None:
    record = pair.records[0]
    outer = add_row(pair, 0, "Peter")
    inner = add_row(pair, 0, "Tuesdays", outer)
    stays = add_row(pair, 0, "Mary")
    note = Key((outer,), "s02.people.note", "person")
    pair.say(0, note, words("He shouts.", "would upset him"), groups=(GROUP,))
    before = pair.draft(0)
    responses.remove_row(record, before, outer, name="remove Person")
    gone = pair.draft(0)
    assert gone.rows == {((), GROUP): (stays,)}
    assert not [key for key in gone.accounts if outer in key.path]
    record.undo(pair.case)
    back = pair.draft(0)
    assert back.rows == before.rows == {((), GROUP): (outer, stays), ((outer,), INNER): (inner,)}
    assert {key: account.said for key, account in back.accounts.items()} == {
        key: account.said for key, account in before.accounts.items()
    }
    record.redo(pair.case)
    assert pair.draft(0).rows == gone.rows


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_edit_in_a_row_that_was_removed_is_seen_and_loses_nothing(
    pair: Pair, order: tuple[int, int], library: FormLibrary
) -> None:
    row = new_id()
    key = Key((row,), "s04.contact.first-name", "observed")
    pair.say(0, key, "Peter", groups=("s04.contact",))
    pair.exchange()
    responses.remove_row(pair.records[0], pair.draft(0), row, name="remove Contact")
    pair.say(1, key, "Peter Hollis", groups=("s04.contact",))
    pair.exchange(*order)
    assert pair.draft(0) == pair.draft(1)
    for laptop in (0, 1):
        draft = pair.draft(laptop)
        assert text_of(draft.account(key).said) == "Peter Hollis"
        shown = drafting.form_state(library.form("needs-assessment"), draft, NOW.date())
        assert shown.rows((), "s04.contact") == (row,)


def test_removing_takes_only_what_was_in_sight(pair: Pair) -> None:
    row = add_row(pair, 0, "Peter")
    pair.exchange()
    before = pair.draft(0)
    note = Key((row,), "s02.people.note", "person")
    pair.say(1, note, "He is deaf.", groups=(GROUP,))
    pair.exchange()
    responses.remove_row(pair.records[0], before, row, name="remove Person")
    pair.exchange()
    for laptop in (0, 1):
        assert pair.said(laptop, note) == ["He is deaf."]
        assert pair.said(laptop, name_in(row)) == []


# -- signing --------------------------------------------------------------------------------------------


def test_signed_is_frozen_until_an_amendment_and_signing_again_takes_it_up(pair: Pair) -> None:
    record = pair.records[0]
    row = add_row(pair, 0, "Peter")
    pair.say(0, OWN, "before")
    sign(pair, 0)
    draft = pair.draft(0)
    assert draft.standing.frozen
    attempts: tuple[Callable[[], object], ...] = (
        partial(pair.say, 0, OWN, "after"),
        partial(responses.remove_row, record, draft, row, name="x"),
        partial(responses.settle, record, draft, OWN, words("after"), name="x"),
    )
    for attempt in attempts:
        with pytest.raises(Refusal, match=r"signed.*Amend"):
            attempt()
    assert pair.said(0, OWN) == ["before"]
    signing.amend(record, pair.case, pair.response, "She remembered more.")
    assert pair.draft(0).standing.amending == "She remembered more."
    pair.say(0, OWN, "after")
    assert not_listed(pair, 0) == 1
    sign(pair, 0)
    again = pair.draft(0).standing
    assert again.frozen
    assert again.signed is not None
    assert (again.signed.number, again.signed.not_listed) == (2, 0)


def sign(pair: Pair, laptop: int) -> signing.Signed:
    """Sign the response as it stands on a laptop."""
    record = pair.records[laptop]
    heads = responses.listed(record, pair.case, pair.response)
    return signing.sign(
        record, pair.case, pair.response, what="needs assessment", heads=heads, name="Ruth Okafor",
        role="Social worker", statement="This is a true record.",
    )  # fmt: skip


def not_listed(pair: Pair, laptop: int) -> int:
    """Return how many changes are not in what was signed."""
    signed = pair.draft(laptop).standing.signed
    assert signed is not None
    return signed.not_listed


def test_a_response_that_is_not_here_is_refused_in_a_sentence(pair: Pair) -> None:
    with pytest.raises(Refusal, match=r"not on this laptop\. Connect to the council"):
        responses.load(pair.records[0], pair.case, new_id())


def test_looking_writes_nothing(pair: Pair) -> None:
    before = pair.records[0].digest(pair.case)
    pair.draft(0)
    responses.listed(pair.records[0], pair.case, pair.response)
    assert pair.records[0].digest(pair.case) == before
    assert pair.records[0].outgoing_count(pair.case) == 0


accounts = st.builds(
    Key,
    st.lists(st.text("ab/", max_size=2), max_size=2).map(tuple),
    st.text("ab/", max_size=2),
    st.sampled_from(responses.SOURCES),
)


@given(accounts, accounts)
@example(Key(("a",), "b", "person"), Key((), "a/b", "person"))
@example(Key((), "b", "person"), Key((), "b", "carer"))
def test_accounts_have_rows_of_their_own(one: Key, two: Key) -> None:
    """Two accounts share a row only when they are the same account: of one question, by one source."""
    assert (responses.account_row("r", one) == responses.account_row("r", two)) == (one == two)
