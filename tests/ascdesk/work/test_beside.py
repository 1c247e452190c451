"""What others said beside an account: who may see it, and what becomes of it when it is used."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.forms.model import Form, Node
from ascdesk.work.beside import beside, may_be_seen, used
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, Said, Version

FORM = FormLibrary().form("needs-assessment")
LINK = "s05.lives"
MINE = Key((), LINK, "observed")
SOURCES = st.sampled_from(("observed", "person", "carer", "professional", "record"))


@pytest.fixture(scope="module")
def form() -> Form:
    """The needs assessment, compiled once."""
    return FORM


def said(*values: Any, kind: str = "String", **more: Any) -> Said:
    """Return what an account says."""
    return Said(
        tuple(FrozenAnswer({f"value{kind}": {"code": one} if kind == "Coding" else one}) for one in values),
        **more,
    )


def draft(accounts: dict[str, list[Said]]) -> Draft:
    """Return a response in which these sources answered one question."""
    made = {}
    for source, versions in accounts.items():
        key = Key((), LINK, source)
        made[key] = Account(key, tuple(Version(f"c{n}", one, "ruth", "") for n, one in enumerate(versions)))
    return Draft("c", "r", "needs-assessment", "1", "", "", made, {})


def codes(node: Node, *wanted: str) -> tuple[FrozenAnswer, ...]:
    """Return the answers as the question words them."""
    return tuple(FrozenAnswer(one.value) for code in wanted for one in node.options if one.code == code)


@pytest.mark.parametrize(
    ("link", "kind", "values", "fits"),
    [
        ("s05.pets", "String", ["A cat"], True),
        ("s07.onset", "String", ["Since spring"], True),
        ("s07.pain", "Boolean", [True], True),
        ("s07.falls", "Integer", [3], True),
        ("s00.dob", "Date", ["1947-05-03"], True),
        ("s00.nhs-number", "String", ["9991234004"], True),
        ("s05.lives", "Coding", ["alone"], True),
        ("s02.support", "Coding", ["loop", "glasses"], True),
        ("s05.pets", "Boolean", [True], False),
        ("s07.pain", "String", ["often"], False),
        ("s07.falls", "String", ["a few"], False),
        ("s00.dob", "String", ["in spring"], False),
        ("s05.lives", "String", ["alone"], False),
        ("s05.lives", "Coding", ["no-such-code"], False),
        ("s05.lives", "Coding", ["alone", "others"], False),
        ("s10.unable-count", "Integer", [3], False),
        ("s05.pets", "String", [], False),
    ],
)
def test_a_value_is_used_where_the_question_takes_it(
    form: Form, link: str, kind: str, values: list[Any], fits: bool
) -> None:
    found = used(form.node(link), Said(), said(*values, kind=kind))
    assert (found is not None) == fits
    if found is not None and kind != "Coding":
        assert found == said(*values, kind=kind)
    if found is not None and kind == "Coding":
        assert found.answer == codes(form.node(link), *values)


@pytest.mark.parametrize(
    ("mine", "theirs", "becomes"),
    [
        (said("Seen"), said("Told"), said("Seen\n\nTold")),
        (said("Seen\n\nTold"), said("Told"), None),
        (
            said("Seen", held_back="mine"),
            said("Told", held_back="hers"),
            said("Seen\n\nTold", held_back="mine"),
        ),
        (Said(), said("Told", held_back="hers"), said("Told", held_back="hers")),
        (Said(absent="declined"), said("Told"), said("Told")),
        (said("Seen", absent="varies"), said("Told"), said("Seen\n\nTold", absent="varies")),
        (said("Seen", note="by phone"), said("Told", note="by Al"), said("Seen\n\nTold", note="by phone")),
        (Said(), Said(absent="declined"), None),
    ],
    ids=["under", "there-already", "held-back", "stays-held-back", "absent", "varies", "note", "no-value"],
)
def test_a_long_text_goes_under_what_stands_there(
    form: Form, mine: Said, theirs: Said, becomes: Said | None
) -> None:
    assert used(form.node("s07.onset"), mine, theirs) == becomes


def test_anything_but_a_long_text_takes_the_place_of_what_stood_there(form: Form) -> None:
    pets, lives = form.node("s05.pets"), form.node(LINK)
    assert used(pets, said("A dog"), said("A cat")) == said("A cat")
    others = used(lives, said("alone", kind="Coding"), said("others", kind="Coding"))
    assert others is not None
    assert others.answer == codes(lives, "others")


@given(st.text(string.printable), st.text(string.printable, min_size=1))
def test_what_was_used_once_is_not_used_again(mine: str, theirs: str) -> None:
    node = FORM.node("s07.onset")
    once = used(node, said(mine) if mine else Said(), said(theirs))
    if once is not None:
        assert mine in str(once.answer[0]["valueString"])
        assert theirs in str(once.answer[0]["valueString"])
        assert used(node, once, said(theirs)) is None


@given(
    st.dictionaries(SOURCES, st.lists(st.sampled_from([said("a"), said("b", held_back="no")]), min_size=1)),
    st.sets(SOURCES),
    st.booleans(),
)
def test_nothing_held_back_and_no_third_party_is_seen_in_a_visit(
    accounts: dict[str, list[Said]], shown: set[str], visiting: bool
) -> None:
    held = draft(accounts)
    found = [account.key.source for account in beside(held, MINE, shown, visiting=visiting)]
    expected = set(accounts) - shown
    if visiting:
        expected &= {"person", "observed"}
        expected = {one for one in expected if not any(said.held_back for said in accounts[one])}
    assert set(found) == expected
    assert len(found) == len(set(found))


def test_the_persons_words_lead_and_an_empty_account_is_no_line() -> None:
    held = draft({"record": [said("c")], "carer": [said("b")], "person": [said("a")], "observed": [Said()]})
    assert [one.key.source for one in beside(held, MINE, ())] == ["person", "carer", "record"]
    noted = draft({"person": [Said(note="n")], "carer": [Said(absent="declined")]})
    assert [one.key.source for one in beside(noted, MINE, ())] == ["carer"]


@pytest.mark.parametrize(("link", "seen"), [("s05.lives", True), ("s13.safe", False)])
def test_what_is_on_no_copy_is_not_read_along(form: Form, link: str, seen: bool) -> None:
    assert may_be_seen(form, form.node(link)) == seen


def test_nothing_of_the_working_view_is_read_along(form: Form) -> None:
    working = [node for node in form.nodes if node.ours.get("working")]
    assert working
    inside = [child for node in working for child in node.children] + [node.index for node in working]
    assert not any(may_be_seen(form, form.nodes[index]) for index in inside)
