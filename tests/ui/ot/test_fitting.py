"""The panel of what fits, beside the measures of a room: real widgets on a real record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest

from ascdesk.record.record import Record
from ascdesk.work import fields
from tests.support.desks import JEAN, desk_on, filled_record
from tests.support.equipment import measured_bathroom
from ui.desk import Desk
from ui.ot.fitting import EXAMPLES, FitPanel
from ui.road.parts import PlaceLink
from ui.theme.appearance import Appearance
from ui.widgets.text import Chip, Quiet


@pytest.fixture
def desk(tmp_path: Path, appearance: Appearance) -> Iterator[Desk]:
    record, _ = filled_record(tmp_path)
    made = desk_on(record)
    yield made
    made.database.stop()
    record.close()


@pytest.fixture
def panel(desk: Desk, qtbot: Any) -> Iterator[FitPanel]:
    made = FitPanel(desk)
    made.resize(300, 900)
    made.show()
    yield made
    qtbot.waitUntil(lambda: not desk.database.busy)
    made.close()
    made.deleteLater()


def shown(panel: FitPanel, qtbot: Any) -> dict[str, tuple[str, str]]:
    """Return each item with its chip and its words."""
    qtbot.waitUntil(lambda: not panel.desk.database.busy)
    QTest.qWait(1)  # one turn of the event loop: new widgets are shown in it
    cards = [link.parentWidget() for link in panel.findChildren(PlaceLink) if link.isVisible()]
    return {
        card.findChild(PlaceLink).words(): (card.findChild(Chip).text(), card.findChild(Quiet).text())
        for card in cards
    }


def follow(panel: FitPanel, record: Record, room: str, qtbot: Any) -> dict[str, tuple[str, str]]:
    panel.follow(JEAN, room)
    return shown(panel, qtbot)


def test_what_fits_is_said_with_the_figures(panel: FitPanel, desk: Desk, qtbot: Any) -> None:
    found = follow(panel, desk.record, measured_bathroom(desk.record), qtbot)
    assert found["Bath step, 100 mm"][0] == "fits"
    assert found["Bath board, 690 mm"] == (
        "check first",
        "Check first: sitting balance. Inside width 530–580 mm: both readings fit, 560 and 538, "
        "which are 22 apart. Measure again.",
    )
    lift = found["Bath lift, reclining, full length"]
    assert lift[0] != "does not fit"  # one reading is never enough
    assert "One reading is not enough to rule it out" in lift[1]
    assert found["Toilet frame, free-standing"][0] == "does not fit"


def test_it_follows_the_next_measure(panel: FitPanel, desk: Desk, qtbot: Any) -> None:
    room = measured_bathroom(desk.record)
    follow(panel, desk.record, room, qtbot)
    length = next(
        held
        for held in fields.rows(desk.record, JEAN, "measure")
        if held.value("kind") == "bath.inside_length"
    )
    fields.put(desk.record, JEAN, length, {"second": "1422"}, name="measure again")
    found = follow(panel, desk.record, room, qtbot)
    assert "Bath lift, reclining, full length" not in found  # ruled out; the one that may fit stands instead
    assert "Bath lift, compact" in found


def test_an_item_leads_to_the_catalogue(panel: FitPanel, desk: Desk, qtbot: Any) -> None:
    follow(panel, desk.record, measured_bathroom(desk.record), qtbot)
    went: list[Any] = []
    desk.went.connect(went.append)
    panel.findChildren(PlaceLink)[0].click()
    panel.prescribe.click()
    panel.catalogue.click()
    assert [place.page for place in went] == ["catalogue", "prescribe", "catalogue"]
    assert went[0].at == "BA-121"


def test_a_room_that_decides_nothing_says_so(panel: FitPanel, desk: Desk, qtbot: Any) -> None:
    room = fields.add(desk.record, JEAN, "room", {"kind": "other", "name": "Shed", "place": 1}, name="room")
    assert follow(panel, desk.record, room, qtbot) == {}
    assert "Nothing in the catalogue depends on" in panel.findChildren(Quiet)[0].text()


def test_examples_are_said_to_be_examples(panel: FitPanel, desk: Desk, qtbot: Any) -> None:
    follow(panel, desk.record, measured_bathroom(desk.record), qtbot)
    assert panel.example.isVisible()
    assert panel.example.text() == EXAMPLES
