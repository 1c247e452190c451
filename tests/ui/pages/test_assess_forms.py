"""The forms beside the assessment, in the real window: every page opens; what was said before is shown."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from ascdesk.work import responses
from tests.support.desks import JEAN
from ui.form.outline import asks, outline
from ui.pages.assess import AssessPage

FORMS = [
    "call", "carers-assessment", "case-note", "closing", "financial-referral", "initial-contact", "review",
    "safeguarding-concern",
]  # fmt: skip


def opened(window: Any, name: str, at: str = "") -> tuple[AssessPage, str]:
    """Start a form on Jean's case and open it."""
    form = window.desk.library.form(name)
    response = responses.start(window.record, JEAN, name, form.version)
    page = window.go("assess", JEAN, response, at)
    assert isinstance(page, AssessPage)
    return page, response


def is_built(page: AssessPage) -> bool:
    """Say whether all of the page's questions stand."""
    return page.view is not None and page.view.is_built


@pytest.mark.parametrize("name", FORMS)
def test_every_page_of_a_form_opens_and_asks_something(window: Any, name: str) -> None:
    page, response = opened(window, name)
    form = window.desk.library.form(name)
    session = page.session
    assert session is not None
    asked = [one for section in outline(form) for one in section.pages if asks(form, session.state, one)]
    reachable = [one.key for one in asked]
    assert reachable
    for key in reachable:
        window.go("assess", JEAN, response, key)
        window.qtbot.waitUntil(partial(is_built, page))
        assert page.place.at == key
        assert page.view is not None
        assert page.view.rows() or "Add" in window.words(page.view)


def test_a_review_shows_what_was_said_before_and_lets_nobody_change_it(window: Any) -> None:
    page, _ = opened(window, "review", "rv.life")
    window.qtbot.waitUntil(partial(is_built, page))
    assert page.view is not None and page.session is not None
    before = page.view.questions[(), "rv.was-about"][0].row
    assert before.isVisible()
    assert before.stored() is not None and before.stored()["answer"]
    page.session.reload()
    window.rest()
    assert before.stored() is not None and before.stored()["answer"]
    nothing_said = page.view.questions[(), "rv.was-matters"][0].row
    assert not nothing_said.isVisible()
