"""The draft ledger: whatever the two versions are, every answer is somewhere, and *Undo* brings all back."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ascdesk.errors import Refusal
from ascdesk.forms.model import Form
from ascdesk.forms.moving import How, plain_words
from ascdesk.forms.questionnaire import compile_form
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import moving, responses, signing
from ascdesk.work.drafting import form_state
from ascdesk.work.library import FormLibrary
from ascdesk.work.moving import ledgers, move, plan, without_place
from ascdesk.work.responses import Draft, FrozenAnswer, Key, Said
from tests.support.answering import Pair, words
from tests.support.desks import RUTH, now
from tests.support.versions import answered, version

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """One record for the file: each draft has a case of its own."""
    path = tmp_path_factory.mktemp("moving") / "r.db"
    made = Record(path, b"k" * 32, clock=now, create=True)
    made.enrol(author=RUTH.id, device=new_id())
    yield made
    made.close()


def questionnaire(number: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Questionnaire", "status": "active", "version": number, "item": list(items)}


def item(link: str, kind: str = "string", text: str = "", **more: Any) -> dict[str, Any]:
    return {"linkId": link, "text": text or f"Question {link}", "type": kind, **more}


def ours(name: str, value: str) -> dict[str, Any]:
    return {"url": f"https://ascdesk.example/fhir/StructureDefinition/{name}", "valueString": value}


def library(*forms: dict[str, Any], name: str = "falls") -> FormLibrary:
    return FormLibrary({f"forms/{name}@{one['version']}.json": json.dumps(one) for one in forms})


def begun(record: Record, *said: tuple[Key, Said, list[str]], number: str = "1") -> Draft:
    case = new_id()
    response = responses.start(record, case, "falls", number)
    draft = responses.load(record, case, response)
    for key, account, groups in said:
        responses.answer(record, draft, key, account, seen=frozenset(), name="answer", groups=groups)
    return responses.load(record, case, response)


def again(record: Record, draft: Draft) -> Draft:
    return responses.load(record, draft.case, draft.response)


def spoken(draft: Draft) -> dict[Key, Said]:
    return {key: account.said for key, account in draft.accounts.items() if not account.said.empty}


def forms_of(*forms: Form | None) -> FormLibrary:
    return FormLibrary(
        {f"forms/falls@{form.version}.json": json.dumps(form.source) for form in forms if form is not None}
    )


def same_words(before: tuple[FrozenAnswer, ...], after: tuple[FrozenAnswer, ...]) -> bool:
    """Say whether two lists of answers say the same to a reader: the same words or the same figures."""
    told = ["\n".join(plain_words(one) for one in each).casefold() for each in (before, after)]
    try:
        return told[0] == told[1] or Decimal(told[0]) == Decimal(told[1])
    except InvalidOperation:
        return False


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_no_answer_is_ever_lost_between_any_two_versions(record: Record, seed: int) -> None:
    chance = random.Random(seed)
    old = version("1", chance)
    new = version("2", chance, old)
    assume(old is not None and new is not None)
    assert old is not None and new is not None
    draft = begun(record, *answered(old, chance))
    before = spoken(draft)
    forms = forms_of(old, new)

    ledger = move(record, draft.case, draft.response, forms, "2")

    moved = again(record, draft)
    after = spoken(moved)
    assert moved.version == "2"
    assert ledger.same + len(ledger.entries) == len(before)
    entries = {entry.key: entry for entry in ledger.entries}
    for key, said in before.items():
        entry = entries.get(key)
        if entry is None or (entry.to is None and entry.aside is None):
            assert after[key] == said
            continue
        if entry.aside is not None:
            assert after[entry.aside] == said
        if entry.to is not None:
            there = after[entry.to]
            assert (there.absent, there.note) == (said.absent, said.note)
            assert there.held_back == said.held_back or not said.held_back
            if entry.how is How.MOVED:
                assert there.answer == said.answer
            elif entry.how is How.CONVERTED:
                assert same_words(said.answer, there.answer)
    drawer = {account.key for account in without_place(new, moved)}
    asked = set(form_state(new, moved, TODAY).form.by_link)
    for key, said in after.items():
        assert key in drawer or key.link_id in asked
        if key not in drawer and said.answer:
            state = form_state(new, moved, TODAY)
            assert state.answers(key.path, key.link_id) or moved.account(key).conflict

    record.undo(draft.case)
    back = again(record, draft)
    assert (back.version, spoken(back), back.rows) == ("1", before, draft.rows)
    assert ledgers(record, back) == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_moved_undone_moved_again_and_on_to_a_third_version(record: Record, seed: int) -> None:
    chance = random.Random(seed)
    old = version("1", chance)
    assume(old is not None)
    assert old is not None
    new = version("2", chance, old)
    assume(new is not None)
    assert new is not None
    third = version("3", chance, new)
    assume(third is not None)
    draft = begun(record, *answered(old, chance))
    forms = forms_of(old, new, third)
    move(record, draft.case, draft.response, forms, "2")
    once = again(record, draft)
    record.undo(draft.case)
    move(record, draft.case, draft.response, forms, "2")
    twice = again(record, draft)
    assert spoken(twice) == spoken(once)
    assert not twice.conflicts()
    move(record, draft.case, draft.response, forms, "3")
    moved = again(record, draft)
    assert [(one.before, one.after) for one in ledgers(record, moved)] == [("1", "2"), ("2", "3")]
    assert len(spoken(moved)) >= len(spoken(draft))
    assert not moved.conflicts()


def test_every_ending_in_words(record: Record) -> None:
    old = questionnaire(
        "1",
        item("a"),
        item("b"),
        item("c", "integer"),
        item("d", "dateTime"),
        item("e"),
        item("f", "quantity"),
    )
    new = questionnaire(
        "2",
        item("a"),
        item("b2", extension=[ours("replaces", "b")]),
        item("c", "decimal"),
        item("d", "date"),
        item("f", "attachment"),
    )
    said = {
        "a": {"valueString": "stays"},
        "b": {"valueString": "goes"},
        "c": {"valueInteger": 3},
        "d": {"valueDateTime": "2026-11-21T10:30:00Z"},
        "e": {"valueString": "asked no more"},
        "f": {"valueQuantity": {"value": "5", "unit": "kg"}},
    }
    told = [(Key((), link, "observed"), Said((FrozenAnswer(one),)), []) for link, one in said.items()]
    draft = begun(record, *told)
    ledger = move(record, draft.case, draft.response, library(old, new), "2")
    assert [(entry.key.link_id, entry.how.value, entry.why) for entry in ledger.entries] == [
        ("b", "moved", "it is asked in another place now"),
        ("c", "converted", "decimals are taken now"),
        ("d", "confirm", "the time of day was left out"),
        ("e", "kept", "this is no longer asked"),
        ("f", "kept", "the question takes another kind of answer now"),
    ]
    assert ledger.same == 1
    moved = again(record, draft)
    form = compile_form(new)
    assert [account.key.link_id for account in without_place(form, moved)] == ["d@1", "e", "f@1"]
    assert moved.answers((), "b2") == ({"valueString": "goes"},)
    assert moved.answers((), "d") == ({"valueDate": "2026-11-21"},)
    (kept,) = ledgers(record, moved)
    assert (kept.before, kept.after, kept.same, len(kept.entries)) == ("1", "2", 1, 5)


def test_what_never_reached_the_copy_is_held_back_where_copies_would_show_it(record: Record) -> None:
    old = questionnaire("1", item("a", extension=[ours("copy", "never")]))
    new = questionnaire("2", item("b", extension=[ours("replaces", "a")]))
    draft = begun(record, (Key((), "a", "observed"), words("the dog bites"), []))
    ledger = move(record, draft.case, draft.response, library(old, new), "2")
    assert [entry.how for entry in ledger.entries] == [How.CONFIRM]
    said = again(record, draft).account(Key((), "b", "observed")).said
    assert said.held_back == "Not for the person’s copy in version 1"


def test_rows_of_a_list_that_took_over_another_keep_their_order_and_their_inner_rows(record: Record) -> None:
    inner = item("in", "group", repeats=True, item=[item("q")])
    old = questionnaire("1", item("out", "group", repeats=True, item=[item("n"), inner]))
    new = questionnaire(
        "2",
        item("other", "group", repeats=True, item=[item("n"), inner], extension=[ours("replaces", "out")]),
    )
    rows = [new_id() for _ in range(12)]
    told = [(Key((row,), "n", "observed"), words(f"name {at}"), ["out"]) for at, row in enumerate(rows)]
    deep = (rows[0], new_id())
    told.append((Key(deep, "q", "observed"), words("inside"), ["out", "in"]))
    draft = begun(record, *told)
    move(record, draft.case, draft.response, library(old, new), "2")
    moved = again(record, draft)
    state = form_state(compile_form(new), moved, TODAY)
    found = state.rows((), "other")
    names = [state.answers((row,), "n")[0]["valueString"] for row in found]
    assert names == [f"name {at}" for at in range(12)]
    (within,) = state.rows((found[0],), "in")
    assert state.answers((found[0], within), "q") == ({"valueString": "inside"},)
    assert without_place(compile_form(new), moved) == ()


def test_what_is_signed_or_there_already_or_unknown_is_refused(record: Record) -> None:
    forms = library(questionnaire("1", item("a")), questionnaire("2", item("a")))
    draft = begun(record, (Key((), "a", "observed"), words("said"), []))
    with pytest.raises(Refusal, match="in that version"):
        move(record, draft.case, draft.response, forms, "1")
    with pytest.raises(Refusal, match="not on this laptop"):
        move(record, draft.case, draft.response, forms, "9")
    heads = responses.listed(record, draft.case, draft.response)
    signing.sign(
        record, draft.case, draft.response, what="x", heads=heads, name="R", role="SW", statement="True."
    )
    with pytest.raises(Refusal, match="signed"):
        move(record, draft.case, draft.response, forms, "2")


# -- two laptops ------------------------------------------------------------------------------------------

OLD = questionnaire("1", item("a"), item("b"), item("c", "integer"))
NEW = questionnaire("2", item("a2", extension=[ours("replaces", "a")]), item("b"), item("c", "decimal"))
A, B, C, A2 = (Key((), link, "observed") for link in ("a", "b", "c", "a2"))


@pytest.fixture
def shared(pair: Pair) -> Pair:
    """A draft of the first version that both laptops hold, with three answers."""
    pair.response = responses.start(pair.records[0], pair.case, "falls", "1")
    pair.say(0, A, "from a")
    pair.say(0, B, "from b")
    pair.say(0, C, Said((FrozenAnswer({"valueInteger": 7}),)))
    pair.exchange()
    pair.exchange()
    return pair


def moved_on(pair: Pair, *laptops: int) -> None:
    forms = library(OLD, NEW)
    for laptop in laptops:
        move(pair.records[laptop], pair.case, pair.response, forms, "2")


def settled(pair: Pair) -> list[Draft]:
    pair.exchange()
    pair.exchange()
    drafts = [pair.draft(laptop) for laptop in (0, 1)]
    assert spoken(drafts[0]) == spoken(drafts[1])
    return drafts


def test_two_laptops_that_move_the_same_draft_come_to_one(shared: Pair) -> None:
    moved_on(shared, 0, 1)
    for laptop, draft in enumerate(settled(shared)):
        assert draft.version == "2"
        assert draft.conflicts() == ()
        assert draft.answers((), "a2") == ({"valueString": "from a"},)
        assert draft.answers((), "c") == ({"valueDecimal": "7"},)
        assert without_place(compile_form(NEW), draft) == ()
        (ledger,) = ledgers(shared.records[laptop], draft)
        assert (ledger.same, len(ledger.entries)) == (1, 2)


def test_who_wrote_on_in_the_old_version_is_found_in_the_drawer_and_beside_what_was_converted(
    shared: Pair,
) -> None:
    moved_on(shared, 0)
    shared.say(1, A, "written since")
    shared.say(1, C, Said((FrozenAnswer({"valueInteger": 8}),)))
    for draft in settled(shared):
        assert draft.version == "2"
        (kept,) = without_place(compile_form(NEW), draft)
        assert [one.said.answer for one in kept.versions if not one.said.empty] == [
            (FrozenAnswer({"valueString": "written since"}),)
        ]
        assert draft.answers((), "a2") == ({"valueString": "from a"},)
        both = {json.dumps(list(one.said.answer)) for one in draft.account(C).versions}
        assert both == {'[{"valueDecimal": "7"}]', '[{"valueInteger": 8}]'}


def test_two_who_wrote_differently_and_both_moved_are_both_shown_in_the_new_place(shared: Pair) -> None:
    shared.say(1, A, "hers")
    moved_on(shared, 0, 1)
    for draft in settled(shared):
        assert {one.said for one in draft.account(A2).versions} == {words("from a"), words("hers")}
        assert A not in spoken(draft)


def test_what_two_people_wrote_differently_before_stays_where_it_is_with_both(shared: Pair) -> None:
    shared.say(0, A, "his")
    shared.say(1, A, "hers")
    settled(shared)
    forms = library(OLD, NEW)
    ledger = move(shared.records[0], shared.case, shared.response, forms, "2")
    assert [(e.key, e.how, e.why) for e in ledger.entries if e.how is How.KEPT] == [
        (A, How.KEPT, "two people wrote this differently: choose what stands")
    ]
    (kept,) = without_place(compile_form(NEW), shared.draft(0))
    assert {one.said for one in kept.versions} == {words("his"), words("hers")}


def test_a_ledger_holds_no_words(shared: Pair) -> None:
    ledger = plan(shared.draft(0), compile_form(NEW), compile_form(OLD))
    assert "from a" not in json.dumps(moving._told(ledger))


def test_a_place_that_one_answer_leaves_another_may_take(record: Record) -> None:
    first = questionnaire("1", item("i"), item("j", "boolean"))
    second = questionnaire("2", item("j", "boolean"))
    third = questionnaire("3", item("i", "boolean", extension=[ours("replaces", "j")]))
    yes = Said((FrozenAnswer({"valueBoolean": True}),))
    told = [(Key((), "i", "observed"), words("perhaps"), []), (Key((), "j", "observed"), yes, [])]
    draft = begun(record, *told)
    for number in ("2", "3"):
        move(record, draft.case, draft.response, library(first, second, third), number)
    moved = again(record, draft)
    assert spoken(moved) == {Key((), "i", "observed"): yes, Key((), "i@2", "observed"): words("perhaps")}
    assert not moved.conflicts()
