"""Collects what is wrong with a form, and what in it has no effect, while it is being compiled."""

from __future__ import annotations

from ascdesk.forms.problems import Note, Problem

MOST = 500


class Report:
    """Problems and notes in the order in which they were met."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}
        self._notes: dict[Note, None] = {}

    def problem(self, link_id: str, element: str, message: str) -> None:
        """Record what makes the form one that cannot be used."""
        if len(self._problems) < MOST:
            self._problems[Problem(link_id, element, message)] = None

    def note(self, link_id: str, element: str, message: str) -> None:
        """Record what was seen and has no effect."""
        self._notes[Note(link_id, element, message)] = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return the problems."""
        return tuple(self._problems)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Return the notes."""
        return tuple(self._notes)
