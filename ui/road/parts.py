"""Small parts of the road's pages: lines of facts, groups with a heading, answers read out of rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.place import Place
from ui.widgets.buttons import Link, PrimaryButton, SecondaryButton
from ui.widgets.editor import Answer
from ui.widgets.layouts import Flow
from ui.widgets.page import page_head
from ui.widgets.rows import FormRow
from ui.widgets.surfaces import Cells, EmptyState, HairlineList, stack
from ui.widgets.text import Body, Quiet

Button = PrimaryButton | SecondaryButton | Link


class PlaceLink(Link):
    """A link to a place; ``name`` is what it says when it is heard alone."""

    def __init__(self, words: str, place: Place, name: str = "") -> None:
        super().__init__(words)
        self.place = place
        if name:
            self.setAccessibleName(name)


class RowButton(Link):
    """A link about one row of a list; ``row`` names it."""

    def __init__(self, words: str, row: str, name: str = "") -> None:
        super().__init__(words)
        self.row = row
        if name:
            self.setAccessibleName(name)


def fact_lines(facts: Sequence[tuple[str, str]]) -> HairlineList:
    """Return facts one under another, each beside what it is; an empty one is left out."""
    rows = HairlineList()
    for label, words in facts:
        if words:
            rows.add(fact_line(label, words))
    return rows


def fact_line(label: str, words: str, more: QWidget | None = None) -> QWidget:
    """Return one fact beside what it is."""
    held = QWidget()
    cells = Cells(held, (4, 9, 2) if more else (4, 11), least=520, gap=20, margins=(14, 9, 14, 9))
    cells.addWidget(Quiet(label))
    cells.addWidget(Body(words))
    if more is not None:
        cells.addWidget(more)
    held.setAccessibleName(f"{label}: {words}")
    return held


def for_you_alone(title: str) -> QWidget:
    """Return what stands on a worker's own page while the person can read the screen."""
    words = "Who asked, what was decided and why are for you alone. End the visit to go on here."
    return stack(page_head("", title), EmptyState("Closed during the visit", words))


def in_line(*buttons: QWidget) -> QWidget:
    """Return buttons side by side, wrapping."""
    held = QWidget()
    line = Flow(held, gap=12)
    for button in buttons:
        line.addWidget(button)
    return held


def text_of(row: FormRow) -> str:
    """Return what was written in a row, without what stands around it."""
    return next((str(value).strip() for one in row.editor.value() for value in _values(one)), "")


def codes_of(row: FormRow) -> tuple[str, ...]:
    """Return the codes that were chosen in a row."""
    return tuple(
        str(value["code"]) for one in row.editor.value() for value in _values(one) if "code" in value
    )


def code_of(row: FormRow) -> str:
    """Return the code that was chosen in a row, if one was."""
    return next(iter(codes_of(row)), "")


def _values(answer: Answer) -> list[Answer]:
    return [value for key, value in answer.items() if key.startswith("value") and value is not None]


def coding(code: str) -> Answer:
    """Return the answer that chooses a code."""
    return {"valueCoding": {"code": code}}


def choose(row: FormRow, codes: Sequence[str]) -> None:
    """Choose codes in a row, silently."""
    row.set_stored({"answer": [coding(code) for code in codes]})


def write_in(row: FormRow, words: str) -> None:
    """Write words into a row, silently."""
    row.set_stored({"answer": [{"valueString": words}] if words else []})
