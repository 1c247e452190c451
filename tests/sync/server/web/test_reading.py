"""What is typed becomes answers, or a sentence that says what to do."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Refusal
from sync.server.web.paging import places
from sync.server.web.reading import Posted, Read, answers_of, raw_of, read_page
from tests.sync.server.web.small import page_called, small_state

Json = Any
FORM = small_state().form


def typed(link_id: str, **parts: str) -> dict[str, list[str]]:
    return {("" if part == "value" else part): [text] for part, text in parts.items()}


@pytest.mark.parametrize(
    ("link_id", "parts", "answer"),
    [
        ("danger", {"value": "yes"}, {"valueBoolean": True}),
        ("danger", {"value": "no"}, {"valueBoolean": False}),
        ("danger", {"value": "perhaps"}, None),
        ("name", {"value": "  Joan  "}, {"valueString": "Joan"}),
        ("name", {"value": "   "}, None),
        ("dob", {"day": "7", "month": "3", "year": "1948"}, {"valueDate": "1948-03-07"}),
        ("dob", {"day": "7", "month": "March", "year": "1948"}, {"valueDate": "1948-03-07"}),
        ("dob", {"day": "", "month": "", "year": ""}, None),
        ("about-when", {"day": "", "month": "", "year": "1948"}, {"valueDate": "1948"}),
        ("count", {"value": "1,200"}, {"valueInteger": 1200}),
        ("money", {"value": "£45.5"}, {"valueDecimal": "45.5"}),
        ("time", {"value": "2.30pm"}, {"valueTime": "14:30:00"}),
        ("time", {"value": "12am"}, {"valueTime": "00:00:00"}),
        ("time", {"value": "14:30"}, {"valueTime": "14:30:00"}),
        (
            "moment",
            {"day": "1", "month": "7", "year": "2026", "time": "9:00"},
            {"valueDateTime": "2026-07-01T09:00:00+01:00"},
        ),
        ("moment", {"day": "1", "month": "7", "year": "2026"}, {"valueDateTime": "2026-07-01"}),
        ("phone", {"value": "01632960123"}, {"valueString": "01632 960123"}),
        ("postcode", {"value": "cv12ab"}, {"valueString": "CV1 2AB"}),
        ("nhs", {"value": "999 000 0018"}, {"valueString": "9990000018"}),
        ("open", {"value": "other", "other": "Green"}, {"valueString": "Green"}),
        ("open", {"value": "red"}, {"valueCoding": {"code": "red", "display": "Red"}}),
        ("who", {"value": "somebody not offered"}, None),
    ],
)
def test_what_is_typed_rightly_is_kept(link_id: str, parts: dict[str, str], answer: Json) -> None:
    found = answers_of(FORM.node(link_id), typed(link_id, **parts))

    assert found == (() if answer is None else (answer,))


@pytest.mark.parametrize(
    ("link_id", "parts", "sentence"),
    [
        ("dob", {"day": "31", "month": "2", "year": "1948"}, "February 1948 has 29 days: check the day, 31."),
        ("dob", {"day": "", "month": "2", "year": ""}, "The date must have a day and a year."),
        ("dob", {"day": "x", "month": "2", "year": "1948"}, "Enter the day in digits."),
        ("count", {"value": "2.5"}, "Enter a whole number, like 3."),
        ("count", {"value": "99999999999"}, "Enter a whole number, like 3."),
        ("count", {"value": "NaN"}, "Enter a whole number, like 3."),
        ("money", {"value": "lots"}, "Enter an amount of money, like 120 or 45.50."),
        ("time", {"value": "25:00"}, "Enter a time, like 14:30 or 2:30pm."),
        ("time", {"value": "9"}, "Enter a time, like 14:30 or 2:30pm."),
        ("time", {"value": "13pm"}, "Enter a time, like 14:30 or 2:30pm."),
        ("moment", {"time": "9:00"}, "Enter the day, month and year as well as the time."),
        (
            "open",
            {"value": "other", "other": " "},
            "Say in your own words what it is, or choose another answer.",
        ),
        ("name", {"value": "x" * 20_001}, "Shorten this to 20,000 characters; it has 20,001."),
    ],
)
def test_what_is_typed_wrongly_is_told_in_a_sentence(
    link_id: str, parts: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        answers_of(FORM.node(link_id), typed(link_id, **parts))

    assert refused.value.sentence == sentence


def read(state: Json, page: str, fields: dict[str, list[str]]) -> Read:
    numbers = itertools.count(1)
    return read_page(FORM, state, page_called(FORM, page), Posted(fields), lambda: f"new{next(numbers)}")


def test_only_what_the_page_showed_is_read_and_nothing_from_outside_names_a_question() -> None:
    fields = {"shown": ["name", "hours"], "name": ["Joan"], "who": ["carer"], "hours": ["3"], "nhs": ["1"]}

    found = read(small_state(), "you", fields)

    assert found.entries == [((), "name", ({"valueString": "Joan"},))]


def test_a_question_that_was_shown_and_left_empty_is_cleared() -> None:
    state = small_state(("many", {"valueCoding": {"code": "a"}}))

    assert read(state, "kinds", {"shown": ["many"]}).entries == [((), "many", ())]


def test_a_blank_row_becomes_one_row_when_something_was_typed_in_it() -> None:
    names = ["|helper.name", "||helper.day.date"]
    fields = {"shown": names, "|helper.name": ["Ann"], "||helper.day.date-year": ["2026"]}
    assert read(small_state(), "helpers", {"shown": names}).entries == []

    found = read(small_state(), "helpers", fields)

    assert found.entries == [(("new1",), "helper.name", ({"valueString": "Ann"},))]
    assert list(found.errors) == [(("new1", "new2"), "helper.day.date")]


def test_files_are_looked_for_under_their_own_question() -> None:
    assert read(small_state(), "papers", {"shown": ["file"], "file": ["not a file"]}).files == {}


@given(
    st.sampled_from([node.link_id for node in FORM.nodes if node.is_question and not node.groups]),
    st.dictionaries(
        st.sampled_from(["", "-day", "-month", "-year", ":time", ":other"]), st.lists(st.text(), max_size=2)
    ),
)
def test_whatever_is_sent_becomes_answers_that_the_form_takes_or_a_sentence(
    link_id: str, sent: dict[str, list[str]]
) -> None:
    state = small_state(("who", {"valueCoding": {"code": "carer"}}))
    for page in ("you", "born", "kinds", "carer", "papers"):
        for place in places(FORM, state, page_called(FORM, page)):
            if place.node.link_id == link_id:
                raw = raw_of(place, Posted({f"{link_id}{part}": texts for part, texts in sent.items()}))
                try:
                    answers = answers_of(place.node, raw)
                except Refusal as refusal:
                    assert refusal.sentence.endswith(".")
                else:
                    state.set((), link_id, answers)
