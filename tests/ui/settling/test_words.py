"""How a change is told: by whom, when, from which laptop."""

from __future__ import annotations

from datetime import date

import pytest

from ascdesk.work.clashes import Telling
from ascdesk.work.people import COUNCIL_NAME
from ui.settling.words import teller, told_when

TODAY = date(2026, 11, 21)


def telling(author: str, *, mine: bool = False, here: bool = False) -> Telling:
    """Return a change of one author."""
    return Telling("c", author, mine, "2026-11-21T09:41:00+00:00", "0190aaaa-5850", here, "words")


@pytest.mark.parametrize(
    ("told", "visiting", "who"),
    [
        (telling("Ruth Okafor", mine=True), False, "You"),
        (telling("Ruth Okafor", mine=True), True, "You"),
        (telling("Morenike Adeyemi"), False, "Morenike Adeyemi"),
        (telling("Morenike Adeyemi"), True, "A colleague"),
        (telling(COUNCIL_NAME), True, COUNCIL_NAME),
    ],
    ids=["me", "me in a visit", "a colleague", "a colleague in a visit", "the council in a visit"],
)
def test_colleagues_are_named_except_in_a_visit(told: Telling, visiting: bool, who: str) -> None:
    assert teller(told, visiting=visiting) == who


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (telling("Ruth Okafor", mine=True, here=True), "on this laptop"),
        (telling("Morenike Adeyemi"), "on another laptop (…5850)"),
        (telling(COUNCIL_NAME), "from the council’s own records"),
    ],
    ids=["here", "another laptop", "the council"],
)
def test_the_laptop_is_told_and_the_council_has_none(told: Telling, place: str) -> None:
    assert told_when(told, TODAY) == f"today, 09:41 · {place}"
