"""The one table of actions: behind menu and palette, the shortcuts, the state line, and the list of keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["here", "go", "screen"]

GROUPS: tuple[tuple[Group, str], ...] = (
    ("here", "Here"),
    ("go", "Go to"),
    ("screen", "This laptop and its screen"),
)


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done: its key for pages, its words, its shortcut as Qt and as people write it.

    ``place`` is the page that it goes to, for an action that only goes somewhere.
    """

    key: str
    words: str
    shortcut: str = ""
    cap: str = ""
    group: Group = "here"
    place: str = ""


ACTIONS = (
    Action("undo", "Undo", "Ctrl+Z", "Ctrl Z"),
    Action("redo", "Redo", "Ctrl+Shift+Z", "Ctrl Shift Z"),
    Action("find", "Find", "Ctrl+F", "Ctrl F", "go"),
    Action("palette", "Menu", "Ctrl+K", "Ctrl K", "screen"),
    Action("jot", "Jot", "Ctrl+J", "Ctrl J"),
    Action("history", "History of the answer", "Ctrl+H", "Ctrl H"),
    Action("call", "Take a call", "Ctrl+N", "Ctrl N", "go"),
    Action("working", "Working view", "Ctrl+E", "Ctrl E"),
    Action("visit", "Start or end the visit", "F7", "F7"),
    Action("staff-notes", "Staff notes", "F8", "F8"),
    Action("cover", "Cover the screen", "F9", "F9", "screen"),
    Action("sync", "Connect", "F5", "F5", "screen"),
    Action("safe", "Is everything safe?", "F6", "F6", "go"),
    Action("next", "Next page of the form", "Ctrl+PgDown", "Ctrl PgDn"),
    Action("previous", "Page before", "Ctrl+PgUp", "Ctrl PgUp"),
    Action("back", "Back to the case", "Alt+Left", "Alt ←", "go"),
    Action("go-work", "My work", group="go", place="work"),
    Action("go-cases", "Cases", group="go", place="cases"),
    Action("go-attention", "Needs attention", group="go", place="attention"),
    Action("go-recall", "A product is recalled", group="go", place="recall"),
    Action("lock", "Lock", "Ctrl+L", "Ctrl L", "screen"),
    Action("zoom-in", "Larger", "Ctrl++", "Ctrl +", "screen"),
    Action("zoom-out", "Smaller", "Ctrl+-", "Ctrl -", "screen"),
    Action("zoom-reset", "Usual size", "Ctrl+0", "Ctrl 0", "screen"),
    Action("look", "Colours, size and touch", "Ctrl+,", "Ctrl ,", "screen"),
    Action("keys", "All keys", "F1", "F1", "screen"),
)

OF_THE_WINDOW = frozenset({"find", "palette", "cover", "zoom-in", "zoom-out", "zoom-reset", "look", "keys"})
"""What the window does itself, on whatever page; any other action must be one that the page offers."""


def action(key: str) -> Action:
    """Return the action of this key."""
    return next(one for one in ACTIONS if one.key == key)


def hint(key: str, words: str = "") -> tuple[str, str, str]:
    """Return an action as a hint of the state line: its key, words and cap."""
    found = action(key)
    return found.key, words or found.words, found.cap
