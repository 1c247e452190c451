"""The messages: written and read back the same; anything else is unreadable, never a stumble."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Unreadable
from sync.orders import Order
from sync.protocol import (
    About,
    Answer,
    Council,
    Enrolled,
    Page,
    Pulled,
    Pushed,
    Same,
    User,
    as_json,
    digest_of,
    pulled_json,
    pushed_json,
    read_about,
    read_cursors,
    read_enrolled,
    read_pulled,
    read_pushed,
    read_same,
)

words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=8)
moments = st.just("") | st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
councils = st.builds(Council, words, words, words)
users = st.builds(User, *[words] * 7)
answers = st.builds(Answer, words, st.just("stored"), st.integers(1, 99), words) | st.builds(
    Answer, words, st.just("needs attention"), reason=words
)
pulls = st.builds(
    Pulled,
    council=words,
    epoch=words,
    allocated=st.lists(words).map(tuple),
    pages=st.lists(st.builds(Page, words, st.integers(0, 9), st.just(({"id": "x"},)))).map(tuple),
    removed=st.lists(words).map(tuple),
    unknown=st.lists(words).map(tuple),
    more=st.booleans(),
    orders=st.lists(st.builds(Order, words, st.integers(0, 9), moments, words)).map(tuple),
)


def over_the_wire(parts: Any) -> Any:
    return json.loads(json.dumps(parts))


@given(councils, words, words)
def test_about(council: Council, issuer: str, client: str) -> None:
    about = About(council, issuer, client)
    assert read_about(over_the_wire(as_json(about))) == about


@given(words, users, councils)
def test_enrolled(device: str, user: User, council: Council) -> None:
    enrolled = Enrolled(device, user, council)
    assert read_enrolled(over_the_wire(as_json(enrolled))) == enrolled


@given(words, words, st.lists(answers))
def test_pushed(council: str, epoch: str, given_answers: list[Answer]) -> None:
    pushed = Pushed(council, epoch, tuple(given_answers))
    asked = [answer.id for answer in given_answers]
    assert read_pushed(over_the_wire(pushed_json(pushed)), asked) == pushed
    with pytest.raises(Unreadable):
        read_pushed(over_the_wire(pushed_json(pushed)), [*asked, "one more"])


@given(pulls)
def test_pulled(pulled: Pulled) -> None:
    assert read_pulled(over_the_wire(pulled_json(pulled))) == pulled


def test_same_and_cursors() -> None:
    assert read_same({"same": True}) == Same(True)
    assert read_cursors({"a": [1, "x"]}) == {"a": (1, "x")}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["same", "answers", "pages", "council", "epoch", "id", "more"]), inner
        )
    ),
    max_leaves=8,
)


@given(json_values)
def test_anything_else_is_unreadable(parts: Any) -> None:
    readers: list[Callable[[Any], Any]] = [
        read_about,
        read_enrolled,
        lambda told: read_pushed(told, []),
        read_pulled,
        read_same,
        read_cursors,
    ]
    for read in readers:
        try:
            read(parts)
        except Unreadable as trouble:
            assert trouble.sentence.endswith(".")


@given(st.lists(st.tuples(words, st.integers(0, 9), words), max_size=5), st.randoms())
def test_a_digest_knows_no_order_and_no_empty_case(cursors: list[tuple[str, int, str]], random: Any) -> None:
    shuffled = list(cursors)
    random.shuffle(shuffled)

    assert digest_of("c", "e", shuffled) == digest_of("c", "e", [one for one in cursors if one[1]])
    assert digest_of("c", "e", cursors) != digest_of("c", "another", cursors)
