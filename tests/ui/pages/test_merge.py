"""Two records of one person laid side by side, made one with a reason, and taken apart again."""

from __future__ import annotations

from typing import Any

import pytest

from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.writing import Edit
from ascdesk.work import cases, merging
from tests.support.desks import JEAN

Window = Any


def second(window: Window, number: str = "") -> str:
    """Begin another record that says the same of Jean but for her name; return its case."""
    jean = cases.look(window.record, JEAN).person
    case = new_id()
    facts = {"given_name": "Jeanne", "family_name": jean.family_name, "date_of_birth": jean.date_of_birth}
    facts |= {"nhs_number": number or jean.nhs_number, "postcode": jean.postcode}
    edits = [Edit("person", row := new_id(), EXISTENCE, None, kind="create")]
    edits += [Edit("person", row, name, value) for name, value in facts.items()]
    window.record.write(case, edits, name="Begin")
    return case


def test_another_record_is_found_looked_at_and_made_one_with_a_reason(window: Window) -> None:
    other = second(window)
    window.go("case", JEAN)
    window.press("Another record of this person?")
    window.says("Another record of Jean")
    window.press(f"Lay side by side: {name_of(window, other)}")
    window.says("Is this one person?", "Same NHS number", "differs", "What will happen", "Jeanne")
    read = {line.case for line in window.record.unsent_readings()}
    assert {JEAN, other} <= read, "looking at both is in the read log"

    window.press("Make them one record")
    window.says("Write how you know that they are the same person.")
    window.page.why.editor.parts()[0].setFocus()
    window.page.why.editor.parts()[0].insertPlainText("Her sister says so, and the number is the same.")
    window.press("Make them one record")
    window.says("Another record of this person stands in this one")
    (one,) = merging.merged(window.record, JEAN)
    assert (one.other, one.here) == (other, True)
    assert window.record.undoable(JEAN).undo is None, "undo would reverse half of it"
    window.go("merge", other)
    window.says("This record stands in another")

    window.go("merge", JEAN)
    window.press("Take the two records apart")
    window.says("Write why they are not the same person")
    window.page.why.editor.parts()[0].insertPlainText("They are twins.")
    window.press("Take the two records apart")
    assert window.page.key == "case"
    assert merging.merged(window.record, JEAN) == ()


def name_of(window: Window, case: str) -> str:
    return str(cases.look(window.record, case).person.full_name)


def test_other_numbers_are_for_a_manager(window: Window) -> None:
    other = second(window, "999 999 9999")
    window.go("merge", JEAN, other)
    window.says("This cannot be done here", "a manager decides")
    assert not window._has("Make them one record")


def test_nobody_else_is_named_during_a_visit_and_where_none_is_alike_it_says_so(window: Window) -> None:
    window.go("merge", JEAN)
    window.says("No other record here is alike")
    second(window)
    window.go("case", JEAN)
    window.desk.start_visit(JEAN)
    window.go("merge", JEAN)
    window.says("Closed during the visit")
    assert "Jeanne" not in window.words()


@pytest.mark.parametrize("side", ["first", "second"])
def test_either_may_go_on(window: Window, side: str) -> None:
    other = second(window)
    window.go("merge", JEAN, other)
    if side == "second":
        window.press("Let the other record go on instead")
    assert (window.desk.place.case, window.desk.place.of) == (
        (JEAN, other) if side == "first" else (other, JEAN)
    )
