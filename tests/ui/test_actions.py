"""The one table of actions: every key once, every cap as people write it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence

from ui.actions import ACTIONS, Action, hint


def test_no_key_and_no_action_is_there_twice() -> None:
    assert len({action.key for action in ACTIONS}) == len(ACTIONS)
    sequences = [QKeySequence(action.shortcut).toString() for action in ACTIONS]
    assert len(set(sequences)) == len(sequences)
    assert all(sequences), "Qt knows every one"


@pytest.mark.parametrize("action", ACTIONS, ids=[action.key for action in ACTIONS])
def test_the_cap_says_the_same_as_the_shortcut(action: Action) -> None:
    written = action.cap.replace("←", "Left").replace("PgDn", "PgDown").replace("PgUp", "PgUp")
    assert written.replace(" ", "+") == action.shortcut


def test_a_hint_is_the_action_or_says_so() -> None:
    assert hint("undo") == ("undo", "Undo", "Ctrl Z")
    assert hint("visit", "End visit")[1] == "End visit"
    with pytest.raises(StopIteration):
        hint("dance")
