"""What each kind of question becomes on a page."""

from __future__ import annotations

from typing import Any

import pytest

from sync.server.web.components import Component, Filled, id_of, name_of
from tests.sync.server.web.small import shown, small_state

Json = Any


def component(state: Json, page: str, link_id: str, filled: Filled | None = None) -> Component:
    return next(one for one in shown(state, page, filled) if one.params.get("name") == link_id)


@pytest.mark.parametrize(
    ("page", "link_id", "kind"),
    [
        ("you", "danger", "radios"),
        ("you", "who", "radios"),
        ("you", "name", "input"),
        ("born", "dob", "date"),
        ("kinds", "about-when", "date"),
        ("kinds", "count", "input"),
        ("kinds", "money", "input"),
        ("kinds", "time", "input"),
        ("kinds", "moment", "date"),
        ("kinds", "open", "radios"),
        ("kinds", "many", "checkboxes"),
        ("kinds", "list", "select"),
        ("kinds", "words", "character_count"),
        ("papers", "file", "file"),
    ],
)
def test_each_kind_of_question_has_its_component(page: str, link_id: str, kind: str) -> None:
    assert component(small_state(), page, link_id).kind == kind


def test_what_may_be_left_empty_says_so_and_hints_belong_to_their_question() -> None:
    state = small_state()

    assert component(state, "you", "name").params["label"]["text"] == "What is your name?"
    assert component(state, "you", "name").params["hint"] == {"text": "First and last."}
    assert component(state, "kinds", "count").params["label"]["text"] == "How many? (optional)"


def test_a_single_question_is_the_heading_of_its_page() -> None:
    (only,) = shown(small_state(), "born")

    assert only.params["fieldset"]["legend"]["isPageHeading"] is True


def test_words_that_come_by_an_answer_are_news_and_others_are_not() -> None:
    state = small_state(("danger", {"valueBoolean": True}))

    assert [one.kind for one in shown(state, "you")][:2] == ["radios", "news"]
    assert shown(state, "papers")[-1].kind == "words"


def test_answers_stand_in_their_fields() -> None:
    state = small_state(
        ("dob", {"valueDate": "1948-03-07"}),
        ("moment", {"valueDateTime": "2026-11-20T09:05:00+00:00"}),
        ("money", {"valueDecimal": "12.50"}),
        ("open", {"valueString": "Green"}),
        ("many", {"valueCoding": {"code": "b"}}),
        ("list", {"valueCoding": {"code": "c"}}),
        ("time", {"valueTime": "14:30:00"}),
    )

    parts = {item["name"]: item["value"] for item in component(state, "born", "dob").params["items"]}
    assert parts == {"day": "7", "month": "3", "year": "1948"}
    assert component(state, "kinds", "moment").params["time"]["value"] == "09:05"
    assert component(state, "kinds", "money").params["value"] == "12.50"
    assert component(state, "kinds", "time").params["value"] == "14:30"
    other = component(state, "kinds", "open").params
    assert (other["items"][-1]["checked"], other["other"]["value"]) == (True, "Green")
    ticked = [
        one.get("value") for one in component(state, "kinds", "many").params["items"] if one.get("checked")
    ]
    assert ticked == ["b"]
    chosen = [one["value"] for one in component(state, "kinds", "list").params["items"] if one["selected"]]
    assert chosen == ["c"]


def test_an_answer_that_excludes_the_others_stands_apart() -> None:
    items = component(small_state(), "kinds", "many").params["items"]

    assert items[-2] == {"divider": "or"}
    assert items[-1]["behaviour"] == "exclusive"


def test_what_was_typed_wrongly_stays_with_what_is_wrong() -> None:
    filled = Filled({((), "dob"): {"day": ["31"], "month": ["2"], "year": ["1948"]}}, {((), "dob"): "Wrong."})

    params = component(small_state(), "born", "dob", filled).params

    assert [item["value"] for item in params["items"]] == ["31", "2", "1948"]
    assert params["errorMessage"] == {"text": "Wrong."}


def test_rows_are_numbered_and_removable_once_there_are_two() -> None:
    state = small_state()
    (rows,) = shown(state, "helpers")
    assert [(row.params["heading"], row.params["remove"]) for row in rows.inside] == [("A helper", "")]

    state.add_row((), "helper", "r1")
    state.add_row((), "helper", "r2")
    (rows,) = shown(state, "helpers")

    told = [(row.params["heading"], row.params["remove"]) for row in rows.inside]
    assert told == [("A helper 1", "r1|helper"), ("A helper 2", "r2|helper")]
    assert rows.params["add"] == "helper"
    inner = rows.inside[0].inside[1]
    assert (inner.kind, inner.params["add"]) == ("rows", "r1|helper.day")


def test_the_persons_own_details_may_be_offered_by_the_browser_only_where_they_are_theirs() -> None:
    params = component(small_state(), "kinds", "phone").params

    assert params["type"] == "tel"
    assert "autocomplete" not in params


@pytest.mark.parametrize(
    ("path", "link_id", "name", "safe"),
    [((), "rf.name", "rf.name", "f-rf_2ename"), (("r1",), "a/b", "r1|a/b", "f-r1_7ca_2fb")],
)
def test_ids_are_safe_in_addresses_whatever_a_form_calls_its_questions(
    path: tuple[str, ...], link_id: str, name: str, safe: str
) -> None:
    assert (name_of(path, link_id), id_of(path, link_id)) == (name, safe)
