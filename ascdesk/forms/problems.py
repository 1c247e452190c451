"""What can be wrong with a form, or with answers given to it, said of one item and one element."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.errors import Refusal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong; `link_id` is empty where it concerns the whole form; `path` are its rows."""

    link_id: str
    element: str
    message: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One thing in a form that was seen and has no effect here."""

    link_id: str
    element: str
    message: str


class FormRefused(Refusal):
    """A form that cannot be used, with every reason; ask whoever wrote it to mend them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        where = f"Item {first.link_id}, {first.element}" if first.link_id else f"The form, {first.element}"
        more = f" There are {len(problems) - 1} more." if len(problems) > 1 else ""
        super().__init__(f"This form cannot be used. {where}: {first.message}.{more}")
        self.problems = problems


class WrongAnswer(Refusal):
    """An answer of a kind that its question does not take."""
