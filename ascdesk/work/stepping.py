"""Undo and redo by the names of their steps: in a case, or wherever this worker did something last."""

from __future__ import annotations

from ascdesk.record.record import Record
from ascdesk.record.undo import Undoable
from ascdesk.work.cases import look


def offered(record: Record, case: str) -> Undoable:
    """Return what may be undone and redone now, by name, in ``case`` or where the last step was."""
    found = case or record.last_stepped()
    steps = record.undoable(found) if found else Undoable(None, None)
    names = (steps.undo, steps.redo)
    return steps if case else Undoable(*(name and _of_whom(record, found, name) for name in names))


def back(record: Record, case: str) -> str:
    """Undo the last step in ``case``, or of all without one, and return its name.

    Raises :class:`Refusal` when there is nothing to undo, or another's change stands on it.
    """
    found = case or record.last_stepped()
    name = record.undoable(found).undo or ""
    record.undo(found)
    return name if case else _of_whom(record, found, name)


def again(record: Record, case: str) -> str:
    """Do the last undone step again, as :func:`back` undoes one. Raises :class:`Refusal` likewise."""
    found = case or record.last_stepped()
    name = record.undoable(found).redo or ""
    record.redo(found)
    return name if case else _of_whom(record, found, name)


def _of_whom(record: Record, case: str, name: str) -> str:
    """Say whose case a step was in, where that case is not the one on the screen."""
    return f"{name} ({look(record, case).person.full_name})"
