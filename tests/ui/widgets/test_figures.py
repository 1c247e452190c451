"""Figures and codes: what is read, what is kept as typed, and the sentence that says why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.widgets.helpers import show
from ui.widgets.editor import Answer
from ui.widgets.figures import (
    MoneyEditor,
    NhsNumberEditor,
    NumberEditor,
    PhoneEditor,
    PostcodeEditor,
)
from ui.widgets.written import LineEditor

pytestmark = pytest.mark.usefixtures("look")


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("integer", "1,420", {"valueInteger": 1420}),
        ("integer", "-3", {"valueInteger": -3}),
        ("decimal", "12.50", {"valueDecimal": "12.50"}),
        ("decimal", ".5", {"valueDecimal": "0.5"}),
        ("quantity", "480", {"valueQuantity": {"value": "480", "unit": "mm"}}),
        ("quantity", "480 mm", {"valueQuantity": {"value": "480", "unit": "mm"}}),
        ("quantity", '18"', {"valueQuantity": {"value": "457", "unit": "mm"}}),
        ("integer", "a dozen", {"valueString": "a dozen"}),
        ("integer", "1.5", {"valueString": "1.5"}),
        ("decimal", "1e9", {"valueString": "1e9"}),
        ("decimal", "NaN", {"valueString": "NaN"}),
    ],
)
def test_numbers(qtbot: QtBot, kind: str, typed: str, answer: Answer) -> None:
    unit = "mm" if kind == "quantity" else ""
    editor, again = NumberEditor(kind=kind, unit=unit), NumberEditor(kind=kind, unit=unit)  # type: ignore[arg-type]
    show(qtbot, editor, again)
    qtbot.keyClicks(editor.field, typed)
    assert editor.value() == [answer]
    assert bool(editor.problem()) == ("valueString" in answer)
    again.set_value([answer])
    assert again.value() == [answer]


def test_bounds_are_said_in_words(qtbot: QtBot) -> None:
    editor = NumberEditor(unit="mm", least=Decimal(100), most=Decimal(3000))
    show(qtbot, editor)
    editor.set_value([{"valueInteger": 45}])
    assert editor.problem() == "Enter 100 mm or more."
    editor.set_value([{"valueInteger": 4500}])
    assert editor.problem() == "Enter 3,000 mm or less."
    assert editor.value() == [{"valueInteger": 4500}]


@pytest.mark.parametrize(
    ("typed", "answer", "shown"),
    [
        ("£1,234.5", {"valueDecimal": "1234.50"}, "1,234.50"),
        ("151.88", {"valueDecimal": "151.88"}, "151.88"),
        ("free", {"valueString": "free"}, "free"),
        ("1.234", {"valueString": "1.234"}, "1.234"),
    ],
)
def test_money(qtbot: QtBot, typed: str, answer: Answer, shown: str) -> None:
    editor, other = MoneyEditor(), LineEditor()
    show(qtbot, editor, other)
    editor.field.setFocus()
    qtbot.keyClicks(editor.field, typed)
    qtbot.keyClick(editor.field, Qt.Key.Key_Tab)
    assert editor.value() == [answer]
    assert editor.field.text() == shown


def test_money_below_nothing_is_a_problem(qtbot: QtBot) -> None:
    editor = MoneyEditor()
    show(qtbot, editor)
    editor.set_value([{"valueDecimal": "-1.00"}])
    assert editor.problem() == "Enter 0 or more."


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "shown"),
    [
        (NhsNumberEditor, "9991234004", "9991234004", "999 123 4004"),
        (NhsNumberEditor, "999-123-4004", "9991234004", "999 123 4004"),
        (NhsNumberEditor, "9991234005", "9991234005", "9991234005"),
        (PhoneEditor, "01632960123", "01632 960123", "01632 960123"),
        (PostcodeEditor, "cv12ab", "CV1 2AB", "CV1 2AB"),
        (PostcodeEditor, "nowhere", "nowhere", "nowhere"),
    ],
)
def test_codes(qtbot: QtBot, kind: type[NhsNumberEditor], typed: str, kept: str, shown: str) -> None:
    editor, other = kind(), LineEditor()
    show(qtbot, editor, other)
    editor.field.setFocus()
    qtbot.keyClicks(editor.field, typed)
    assert editor.value() == [{"valueString": kept}]
    qtbot.keyClick(editor.field, Qt.Key.Key_Tab)
    assert editor.field.text() == shown
    assert editor.value() == [{"valueString": kept}]


def test_a_wrong_nhs_number_says_what_to_do_only_when_asked(qtbot: QtBot) -> None:
    editor, other = NhsNumberEditor(), LineEditor()
    show(qtbot, editor, other)
    editor.field.setFocus()
    qtbot.keyClicks(editor.field, "999 123 4005")
    qtbot.keyClick(editor.field, Qt.Key.Key_Tab)
    assert editor.problem() == "That NHS number fails its check, so a digit is wrong: look at it again."
    assert not editor.field.property("wrong")


def test_nothing_typed_is_no_answer(qtbot: QtBot) -> None:
    for kind in (NumberEditor, MoneyEditor, NhsNumberEditor, PhoneEditor, PostcodeEditor):
        editor = kind()
        qtbot.addWidget(editor)
        assert editor.value() == []
        assert editor.problem() == ""
