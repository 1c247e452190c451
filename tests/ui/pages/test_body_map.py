"""A body map read back in the real window, and on the person's copy: drawn to be looked at, told in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from ascdesk.record.change import new_id
from ascdesk.work import issuing, responses
from ascdesk.work.copying import Asking
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN
from ui.widgets.bodymap import BodyMap

FONTS = Path(__file__).parents[3] / "resources" / "fonts"


def begun(window: Any, held_back: str | None = None) -> str:
    """Begin a body map with one mark, whose place in words may be held back."""
    form = window.desk.library.form("body-map")
    response = responses.start(window.record, JEAN, "body-map", form.version)
    row = new_id()
    side = next(dict(one.value) for one in form.node("bm.mark.side").options if one.code == "back")
    told = (
        (".side", side, None), (".x", {"valueDecimal": "27"}, None), (".y", {"valueDecimal": "21"}, None),
        (".body", {"valueString": "under the collar, Quillfeather"}, held_back),
        (".length", {"valueDecimal": "40"}, None),
    )  # fmt: skip
    for ending, answer, held in told:
        draft = responses.load(window.record, JEAN, response)
        said = Said((FrozenAnswer(answer),), held_back=held)
        key = Key((row,), f"bm.mark{ending}", "observed")
        responses.answer(window.record, draft, key, said, seen=frozenset(), name="test", groups=("bm.mark",))
    return response


def drawn(window: Any) -> BodyMap:
    """Return the drawing on the page."""
    window.qtbot.waitUntil(lambda: window.page.findChild(BodyMap) is not None)
    found = window.page.findChild(BodyMap)
    assert isinstance(found, BodyMap)
    return found


def test_the_answers_are_read_back_with_the_drawing_to_be_looked_at_only(window: Any) -> None:
    response = begun(window)
    window.go("check", JEAN, response)
    body = drawn(window)
    assert body.said() == ["Mark 1, back, under the collar, Quillfeather: 40 mm"]
    assert body.drawing.focusPolicy() == Qt.FocusPolicy.NoFocus
    window.says("Mark 1")


def test_during_the_visit_the_mark_says_nothing_that_is_held_back(window: Any) -> None:
    response = begun(window, held_back="asked us to")
    window.desk.start_visit(JEAN)
    window.go("check", JEAN, response)
    assert drawn(window).said() == ["Mark 1, back, left shoulder: 40 mm"]


def test_the_copy_draws_the_mark_and_tells_only_what_may_be_told(window: Any) -> None:
    response = begun(window, held_back="asked us to")
    builder = issuing.Builder(window.record, JEAN, window.desk.library, Asking())
    made, _ = builder.other(response)
    (row,) = [part for section in made.sections for part in section.parts if part.mark]
    assert row.heading == "Mark 1" and row.mark is not None
    assert (row.mark.face, row.mark.x, row.mark.y) == ("back", 27.0, 21.0)
    plain = issuing.Builder(window.record, JEAN, window.desk.library, Asking(format="plain-text"))
    text = issuing.prepare(plain, "record", response, FONTS).data.decode()
    assert "Mark 1, back, left shoulder: 40 mm" in text and "Quillfeather" not in text
