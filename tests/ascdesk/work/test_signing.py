"""Signing: exactly the heads, by hash; whatever came besides is counted and shown."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascdesk.errors import Refusal
from ascdesk.record.change import Change, new_id
from ascdesk.record.models import Signature
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import responses, signing
from ascdesk.work.responses import Key
from tests.support.answering import OWN, SEEN, Pair
from tests.support.pairs import Between

Laptops = tuple[tuple[Record, Record], Between]
KEYS = (OWN, SEEN, Key((), "A02.words", "person"))
NAMES = ("Ruth Okafor", "Mo Adeyemi")


def sign(pair: Pair, laptop: int) -> signing.Signed:
    """Sign the response as it stands on a laptop."""
    record = pair.records[laptop]
    heads = responses.listed(record, pair.case, pair.response)
    return signing.sign(
        record, pair.case, pair.response, what="needs assessment", heads=heads, name=NAMES[laptop],
        role="Social worker", statement="This is a true record.",
    )  # fmt: skip


def standing(pair: Pair, laptop: int) -> signing.Standing:
    """Return how the response stands on a laptop."""
    return pair.draft(laptop).standing


def signed(pair: Pair, laptop: int) -> signing.Signed:
    """Return the signature that a laptop shows first."""
    found = standing(pair, laptop).signed
    assert found is not None
    return found


answers = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(KEYS), st.sampled_from(["", "a", "b"])), max_size=5
)


@settings(max_examples=20)
@given(before=answers, after=answers)
def test_a_signature_lists_exactly_the_heads_and_the_rest_is_counted(
    laptops: Laptops,
    before: list[tuple[int, Key, str]],
    after: list[tuple[int, Key, str]],
) -> None:
    """What the other laptop writes after the signature, before it hears of it, is not in what was signed."""
    pair = Pair(*laptops)
    for laptop, key, text in before:
        pair.say(laptop, key, text)
    pair.exchange()
    record = pair.records[0]
    draft = pair.draft(0)
    signed_keys = set(draft.accounts)
    stands = {version.change for account in draft.accounts.values() for version in account.versions}
    made = sign(pair, 0)
    with record.reading() as session:
        row = session.get(Signature, made.row)
        assert row is not None
        listed = set(row.heads or ())
    heads = record.heads(pair.case)
    by_hash = {change.hash: change.id for changes in heads.values() for change in changes}
    assert {by_hash[one] for one in listed} == stands
    assert signed(pair, 0).not_listed == 0
    for _, key, text in after:
        pair.say(1, key, text)
    pair.exchange()
    expected = 0
    for key in KEYS:
        heads_now = heads_of(pair, key)
        was_signed = key in signed_keys
        if was_signed or any(change.content is not None for change in heads_now):
            expected += sum(change.hash not in listed for change in heads_now)
    assert [signed(pair, laptop).not_listed for laptop in (0, 1)] == [expected, expected]


def heads_of(pair: Pair, key: Key) -> list[Change]:
    """Return what stands in an account now, clearings among it."""
    past = pair.records[0].history(pair.case, responses.account_row(pair.response, key), "value")
    return [held.change for held in past if held.head]


def test_a_clearing_after_the_signature_is_counted(pair: Pair) -> None:
    pair.say(0, OWN, "before")
    pair.exchange()
    sign(pair, 0)
    pair.say(1, OWN, "")
    pair.exchange()
    assert [signed(pair, laptop).not_listed for laptop in (0, 1)] == [1, 1]


def test_a_removal_after_the_signature_is_counted(pair: Pair) -> None:
    key = Key(("01900000-0000-7000-8000-00000000aaaa",), "s02.people.name", "observed")
    pair.say(0, key, "Peter", groups=("s02.people",))
    pair.exchange()
    sign(pair, 0)
    responses.remove_row(pair.records[1], pair.draft(1), key.path[0], name="remove")
    pair.exchange()
    assert [signed(pair, laptop).not_listed for laptop in (0, 1)] == [1, 1]


def test_two_signatures_from_two_laptops_are_both_visible(pair: Pair) -> None:
    pair.say(0, OWN, "what both signed")
    pair.exchange()
    sign(pair, 0)
    pair.say(1, SEEN, "only the second")
    sign(pair, 1)
    pair.exchange()
    for laptop in (0, 1):
        found = standing(pair, laptop)
        assert found.signed is not None
        both = (found.signed, *found.others)
        assert {one.name for one in both} == set(NAMES)
        assert [one.number for one in both] == [1, 1]
        assert {one.name: one.not_listed for one in both} == {"Ruth Okafor": 1, "Mo Adeyemi": 0}
    assert standing(pair, 0) == standing(pair, 1)


@pytest.mark.parametrize("amends", [0, 1])
def test_an_amendment_of_either_of_two_signatures_opens_it_and_the_next_settles_them(
    pair: Pair, amends: int
) -> None:
    for laptop in (0, 1):
        sign(pair, laptop)
    signing.amend(pair.records[amends], pair.case, pair.response, "Both of us signed.")
    pair.exchange()
    for laptop in (0, 1):
        assert standing(pair, laptop).amending == "Both of us signed."
    made = sign(pair, 0)
    assert made.number == 2
    pair.exchange()
    for laptop in (0, 1):
        assert standing(pair, laptop).others == ()
        assert standing(pair, laptop).frozen


def test_a_plans_signature_freezes_its_narrative_too(pair: Pair) -> None:
    record = pair.records[0]
    narrative = responses.start(record, pair.case, "support-plan", "1", of=pair.response)
    sign(pair, 0)
    with pytest.raises(Refusal, match="Amend"):
        signing.refuse_frozen(record, narrative)


@pytest.mark.parametrize("signs", [0, 1, 2])
@pytest.mark.parametrize("amends", [False, True])
def test_the_guard_of_a_write_agrees_with_the_standing(pair: Pair, signs: int, amends: bool) -> None:
    record = pair.records[0]
    narrative = responses.start(record, pair.case, "support-plan", "1", of=pair.response)
    for number in range(signs):
        if number:
            signing.amend(record, pair.case, pair.response, "Corrected.")
        sign(pair, 0)
    if amends and signs:
        signing.amend(record, pair.case, pair.response, "Corrected again.")
    refused = standing(pair, 0).frozen
    assert refused == (signs > 0 and not amends)
    for of in (pair.response, narrative):
        with pytest.raises(Refusal, match="Amend") if refused else contextlib.nullcontext():
            record.write(
                pair.case, [Edit("jot", new_id(), "text", "x")], name="x", guard=signing.unsigned(of)
            )


def test_amending_needs_a_reason_and_a_signature(pair: Pair) -> None:
    record = pair.records[0]
    with pytest.raises(Refusal, match="has not been signed yet"):
        signing.amend(record, pair.case, pair.response, "why")
    sign(pair, 0)
    with pytest.raises(Refusal, match="Say why"):
        signing.amend(record, pair.case, pair.response, "  ")
    with pytest.raises(Refusal, match="signed"):
        sign(pair, 0)


def test_signing_cannot_be_undone(pair: Pair) -> None:
    record = pair.records[0]
    pair.say(0, OWN, "before")
    sign(pair, 0)
    assert record.undoable(pair.case).undo is None
    with pytest.raises(Refusal, match="nothing to undo"):
        record.undo(pair.case)
