"""Which pages a form has, and which of them are asked now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.state import FormState
from sync.server.web.paging import before, following, open_pages, page_named, page_of, pages_of, places
from tests.sync.server.web.small import NOON, page_called, small_state

CARER = {"valueCoding": {"code": "carer"}}
FORMS = Path("resources/forms")


def test_every_group_marked_as_a_page_is_one_with_its_section() -> None:
    pages = pages_of(small_state().form)

    assert [page.link_id for page in pages] == ["you", "born", "kinds", "helpers", "carer", "papers"]
    assert [page.section for page in pages[:3]] == ["About you", "About you", ""]


def test_a_page_comes_and_goes_with_its_condition() -> None:
    without, with_it = small_state(), small_state(("who", CARER))

    assert "carer" not in [page.link_id for page in open_pages(without.form, without)]
    assert "carer" in [page.link_id for page in open_pages(with_it.form, with_it)]


def test_the_way_on_and_back_leaves_out_what_is_not_asked() -> None:
    state = small_state()
    helpers, papers = page_called(state.form, "helpers"), page_called(state.form, "papers")

    assert following(state.form, state, helpers) == papers
    assert before(state.form, state, papers) == helpers
    assert following(state.form, state, papers) is None
    assert before(state.form, state, page_called(state.form, "you")) is None
    assert page_named(state.form, state, "carer") is None


def test_the_questions_of_a_page_are_those_asked_now_once_for_each_row() -> None:
    state = small_state()
    you, helpers = page_called(state.form, "you"), page_called(state.form, "helpers")
    assert [one.node.link_id for one in places(state.form, state, you)] == ["danger", "who", "name"]
    assert [one.path for one in places(state.form, state, helpers)] == [("",), ("", "")]

    state.add_row((), "helper", "r1")
    state.add_row((), "helper", "r2")

    assert [one.path for one in places(state.form, state, helpers)] == [
        ("r1",),
        ("r1", ""),
        ("r2",),
        ("r2", ""),
    ]


@pytest.mark.parametrize(("link_id", "found"), [("name", "you"), ("helper.day.date", "helpers"), ("x", None)])
def test_a_question_knows_its_page(link_id: str, found: str | None) -> None:
    page = page_of(small_state().form, link_id)

    assert (page.link_id if page else None) == found


@pytest.mark.parametrize("name", ["referral", "self-assessment", "online-review", "provider-review"])
def test_every_question_of_the_forms_that_we_carry_is_on_exactly_one_page(name: str) -> None:
    form = compile_form(json.loads((FORMS / f"{name}.json").read_text(encoding="utf-8")))
    on_pages = [node.link_id for page in pages_of(form) for node in _below(form, page.link_id)]

    wanted = sorted(node.link_id for node in form.nodes if node.is_question and not node.hidden)
    assert sorted(on_pages) == wanted
    state = FormState(form, NOON)
    assert len(open_pages(form, state)) > 5


def _below(form, link_id):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    todo = [form.by_link[link_id]]
    while todo:
        node = form.nodes[todo.pop()]
        todo += node.children
        if node.is_question:
            yield node
