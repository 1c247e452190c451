"""The one table of actions: every key once, every cap as people write it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from importlib import import_module

import pytest
from PySide6.QtGui import QKeySequence

from ui.actions import ACTIONS, GROUPS, OF_THE_WINDOW, Action, hint
from ui.pages.base import CasePage
from ui.pages.registry import PAGES, PageSpec


def test_no_key_and_no_action_is_there_twice() -> None:
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)
    sequences = [QKeySequence(action.shortcut).toString() for action in ACTIONS if action.shortcut]
    assert len(set(sequences)) == len(sequences)
    assert all(sequences), "Qt knows every one"


@pytest.mark.parametrize("action", ACTIONS, ids=[action.key for action in ACTIONS])
def test_the_cap_says_the_same_as_the_shortcut(action: Action) -> None:
    written = action.cap.replace("←", "Left").replace("PgDn", "PgDown").replace("PgUp", "PgUp")
    assert written.replace(" ", "+") == action.shortcut


@pytest.mark.parametrize("action", ACTIONS, ids=[action.key for action in ACTIONS])
def test_every_action_has_words_a_group_and_somebody_who_does_it(action: Action) -> None:
    assert action.words and action.group in dict(GROUPS)
    kinds = [getattr(import_module(spec.module), spec.name) for spec in PAGES]
    offered = any(action.key in one.__dict__.get("offers", ()) for kind in kinds for one in kind.__mro__)
    assert offered or action.place in {spec.key for spec in PAGES} or action.key in OF_THE_WINDOW


@pytest.mark.parametrize("spec", PAGES, ids=[spec.key for spec in PAGES])
def test_a_page_offers_what_it_does_and_does_what_it_offers(spec: PageSpec) -> None:
    """What the menu shows is what ``act`` answers to: the words in its source and its parents'."""
    kind = getattr(import_module(spec.module), spec.name)
    known = {action.key for action in ACTIONS} - OF_THE_WINDOW
    done: set[str] = set()
    offered: set[str] = set()
    for one in kind.__mro__:
        offered |= set(one.__dict__.get("offers", ()))
        if "act" in one.__dict__:
            tree = ast.parse(textwrap.dedent(inspect.getsource(one.__dict__["act"])))
            done |= {held.value for held in ast.walk(tree) if isinstance(held, ast.Constant)} & known
    quiet = {"visit"} if issubclass(kind, CasePage) else set()  # on a page that is closed during a visit
    assert offered <= done <= offered | quiet


def test_a_hint_is_the_action_or_says_so() -> None:
    assert hint("undo") == ("undo", "Undo", "Ctrl Z")
    assert hint("visit", "End visit")[1] == "End visit"
    with pytest.raises(StopIteration):
        hint("dance")
