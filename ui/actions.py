"""The one table of actions: behind shortcuts, the hints in the state line, and the list of keys."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done: its key for pages, its words, its shortcut as Qt and as people write it."""

    key: str
    words: str
    shortcut: str
    cap: str


ACTIONS = (
    Action("undo", "Undo", "Ctrl+Z", "Ctrl Z"),
    Action("redo", "Redo", "Ctrl+Shift+Z", "Ctrl Shift Z"),
    Action("find", "Find", "Ctrl+K", "Ctrl K"),
    Action("jot", "Jot", "Ctrl+J", "Ctrl J"),
    Action("history", "History of the answer", "Ctrl+H", "Ctrl H"),
    Action("call", "Take a call", "Ctrl+N", "Ctrl N"),
    Action("working", "Working view", "Ctrl+E", "Ctrl E"),
    Action("visit", "Start or end the visit", "F7", "F7"),
    Action("staff-notes", "Staff notes", "F8", "F8"),
    Action("cover", "Cover the screen", "F9", "F9"),
    Action("sync", "Connect", "F5", "F5"),
    Action("next", "Next page of the form", "Ctrl+PgDown", "Ctrl PgDn"),
    Action("previous", "Page before", "Ctrl+PgUp", "Ctrl PgUp"),
    Action("back", "Back to the case", "Alt+Left", "Alt ←"),
    Action("lock", "Lock", "Ctrl+L", "Ctrl L"),
    Action("zoom-in", "Larger", "Ctrl++", "Ctrl +"),
    Action("zoom-out", "Smaller", "Ctrl+-", "Ctrl -"),
    Action("zoom-reset", "Usual size", "Ctrl+0", "Ctrl 0"),
    Action("keys", "All keys", "F1", "F1"),
)


def hint(key: str, words: str = "") -> tuple[str, str, str]:
    """Return an action as a hint of the state line: its key, words and cap."""
    action = next(one for one in ACTIONS if one.key == key)
    return action.key, words or action.words, action.cap
