"""Open editors: what is seen is fixed when it is loaded or last saved; a pull in the middle never hides."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascdesk.record.record import Record
from ascdesk.work import fields, responses
from ascdesk.work.editing import Editing, RowEditing, with_account
from ascdesk.work.responses import Key
from tests.support.answering import OWN, SEEN, Pair, text_of, words
from tests.support.pairs import Between

Laptops = tuple[tuple[Record, Record], Between]


@settings(max_examples=20)
@given(steps=st.lists(st.sampled_from(["type", "leave", "pull", "theirs"]), min_size=2, max_size=9))
def test_a_pull_in_the_middle_never_hides_what_came(laptops: Laptops, steps: list[str]) -> None:
    """Rosa types in one open editor that never reloads; Kiran writes what he will: all of his stands."""
    pair = Pair(*laptops)
    pair.say(0, OWN, "at first")
    pair.exchange()
    editing = Editing(pair.records[0], pair.draft(0))
    mine = theirs = ""
    for number, step in enumerate(steps):
        if step == "type":
            mine = f"mine {number}"
            account = editing.save(OWN, words(mine), name="x")
            assert text_of(account.said) == mine, "what was typed stays in the editor"
        elif step == "leave":
            editing.leave(OWN)
        elif step == "pull":
            pair.exchange()
        else:
            before = pair.draft(1).account(OWN)
            fresh = {version.change for version in before.versions if version.author == "kiran"}
            theirs = f"theirs {number}"
            draft = pair.draft(1)
            seen = frozenset(fresh) or (before.seen if before.said == words("at first") else frozenset())
            responses.answer(pair.records[1], draft, OWN, words(theirs), seen=seen, name="x")
    pair.exchange()
    for laptop in (0, 1):
        said = pair.said(laptop, OWN)
        assert not theirs or theirs in said
        assert not mine or mine in said


def test_each_pause_folds_until_the_editor_is_left(pair: Pair) -> None:
    record = pair.records[0]
    editing = Editing(record, pair.draft(0))
    for text in ("I", "I cook", "I cook on Sundays"):
        editing.save(OWN, words(text), name="x")
    row = responses.account_row(pair.response, OWN)
    assert len(record.history(pair.case, row, "value")) == 1
    editing.leave(OWN)
    editing.save(OWN, words("I cook daily"), name="x")
    assert len(record.history(pair.case, row, "value")) == 2
    record.undo(pair.case)
    assert pair.said(0, OWN) == ["I cook on Sundays"]


def test_one_editor_never_folds_into_another(pair: Pair) -> None:
    editing = Editing(pair.records[0], pair.draft(0))
    editing.save(OWN, words("own"), name="x")
    editing.save(SEEN, words("seen"), name="x")
    editing.save(OWN, words("own words"), name="x")
    assert (pair.said(0, OWN), pair.said(0, SEEN)) == (["own words"], ["seen"])


def test_saving_tells_what_a_colleague_wrote_meanwhile(pair: Pair) -> None:
    editing = Editing(pair.records[0], pair.draft(0))
    pair.say(1, OWN, "theirs")
    pair.exchange()
    account = editing.save(OWN, words("mine"), name="x", seen=frozenset())
    assert account.conflict
    assert {text_of(version.said): version.author for version in account.versions} == {
        "theirs": "kiran",
        "mine": "rosa",
    }


def test_a_row_that_is_removed_takes_what_was_just_typed_in_it(pair: Pair) -> None:
    """The screen's draft does not hold yet what its editors wrote: nothing of it may stay behind."""
    record, draft = pair.records[0], pair.draft(0)
    editing = Editing(record, draft)
    row, nested = "01900000-0000-7000-8000-0000000000b1", "01900000-0000-7000-8000-0000000000b2"
    groups = ("s02.people", "s02.people.calls")
    row, nested = row[:-2] + pair.case[-2:], nested[:-2] + pair.case[-2:] + "x"
    name, when = Key((row,), "s02.people.name", "observed"), Key((row, nested), "s02.when", "observed")
    editing.save(name, words("Peter"), name="x", groups=groups[:1])
    editing.save(when, words("Tuesdays"), name="x", groups=groups)
    unsaved = with_account(draft, responses.Account(name, (responses.Version("", words("Pe"), "", ""),)))
    editing.remove_row(unsaved, row, name="remove Person")
    assert not pair.draft(0).rows
    assert not pair.draft(0).accounts
    record.undo(pair.case)
    assert (pair.said(0, name), pair.said(0, when)) == (["Peter"], ["Tuesdays"])


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_typed_field_keeps_what_it_has_seen(pair: Pair, reloaded: bool) -> None:
    records, case = pair.records, pair.case
    row = fields.add(records[0], case, "plan_line", {"provider": "Lark"}, name="Add")
    pair.exchange()
    held = fields.row(records[0], case, "plan_line", row)
    editing = RowEditing(records[0], case, pair.response)
    editing.save(held, "provider", "Mine", name="x")
    theirs = fields.row(records[1], case, "plan_line", row)
    fields.put(records[1], case, theirs, {"provider": "Theirs"}, name="x")
    pair.exchange()
    if reloaded:
        editing.keep_open(frozenset({(row, "provider")}))
    editing.save(held, "provider", "Mine and more", name="x")
    found = fields.row(records[0], case, "plan_line", row)
    assert {head.value for head in found.fields["provider"]} == {"Mine and more", "Theirs"}
