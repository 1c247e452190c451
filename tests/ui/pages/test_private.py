"""A record that was heard in private: for the worker alone, and shut while the person can read the screen."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from ascdesk.record.change import new_id
from ascdesk.record.local import Reading
from ascdesk.work import cases, records, responses
from ascdesk.work.calls import Taker
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN
from ui.pages.copies import CopiesPage
from ui.place import Place

FORM = "carers-assessment"
SECRET = "I am ashamed of Quillfeather"
TITLE = "Carer’s assessment (private)"
SHUT = "Closed during the visit"


def begun(window: Any, *, name: str = "") -> str:
    """Begin a carer's assessment in Jean's case, with something said in it."""
    by = Taker("Ruth Okafor", "Social worker", "")
    response = records.start(window.record, JEAN, FORM, window.desk.library, by)
    for link, words in (("ca.goals", SECRET), ("ca.name", name)):
        if words:
            draft = responses.load(window.record, JEAN, response)
            said = Said((FrozenAnswer({"valueString": words}),))
            source = "person" if link == "ca.goals" else "observed"
            key = Key((), link, source)
            responses.answer(window.record, draft, key, said, seen=frozenset(), name=new_id())
    return response


def readings(window: Any) -> int:
    """Count how often Jean's case was opened."""
    with window.record.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Reading).where(Reading.case == JEAN)) or 0)


def test_the_case_lists_it_as_private_and_only_to_the_worker(window: Any) -> None:
    begun(window)
    window.go("case", JEAN)
    window.says(TITLE)
    window.page.act("visit")
    window.qtbot.waitUntil(lambda: TITLE not in window.words())
    window.rest()
    assert "Carer’s assessment" not in window.words()


@pytest.mark.parametrize("page", ["assess", "check", "decide", "copies", "settle"])
def test_during_the_visit_it_opens_nowhere_and_after_it_where_it_was_asked_for(
    window: Any, page: str
) -> None:
    response = begun(window)
    window.desk.start_visit(JEAN)
    before = readings(window)
    window.go(page, JEAN, response)
    window.says(SHUT)
    assert SECRET not in window.words() and "Carer" not in window.page.state.words()
    assert readings(window) == before
    window.page.act("visit")
    window.qtbot.waitUntil(lambda: SHUT not in window.words())
    window.rest()
    assert not window.desk.visiting


def test_opening_it_is_noted_as_every_opening_is(window: Any) -> None:
    response = begun(window)
    for page in ("assess", "check"):
        before = readings(window)
        window.go(page, JEAN, response)
        window.qtbot.waitUntil(partial(more_readings, window, before))


def more_readings(window: Any, before: int) -> bool:
    """Say whether another opening was noted."""
    return readings(window) > before


@pytest.mark.parametrize("page", ["assess", "check"])
def test_a_visit_that_begins_shuts_what_is_open(window: Any, page: str) -> None:
    response = begun(window)
    window.go(page, JEAN, response, "ca.life")
    window.says("Peter")
    window.page.act("visit")
    window.says(SHUT)
    window.rest()
    assert SECRET not in window.words()
    # The page still stands there as it was left; coming back to it opens nothing.
    window.go("case", JEAN)
    window.go(page, JEAN, response)
    window.says(SHUT)
    assert SECRET not in window.words()


def test_the_form_speaks_of_the_carer_not_of_the_person(window: Any) -> None:
    response = begun(window, name="Ada Winterbourne")
    window.go("assess", JEAN, response, "ca.alone")
    window.says("Did you talk with Ada alone, away from the person Ada cares for?")


def test_in_a_carers_own_case_it_opens_during_the_visit(window: Any) -> None:
    response = begun(window, name=cases.look(window.record, JEAN).person.full_name)
    window.desk.start_visit(JEAN)
    window.go("assess", JEAN, response, "ca.life")
    window.says("What does Jean want from life, day to day?")


def test_the_copy_page_names_it_private_and_addresses_the_carer(window: Any) -> None:
    response = begun(window, name="Ada Winterbourne")
    window.desk.go(Place("copies", JEAN, response))
    window.rest()
    window.says("This is what Ada Winterbourne will get. Read it through before you give it.")
    assert isinstance(window.page, CopiesPage)
    assert window.page.recipients.stored()["answer"] == [{"valueString": "Ada Winterbourne"}]


def test_undo_beside_the_person_does_not_say_what_it_took_back(window: Any) -> None:
    response = begun(window)
    page = window.go("assess", JEAN, response)
    assert page.session.step_name(Key((), "ca.goals", "person")) == "change"
