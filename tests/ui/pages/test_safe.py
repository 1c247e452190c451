"""Safe to close the lid, safe to hand back: only receipts turn it, and what stands against it can be done."""

from __future__ import annotations

from typing import Any

from ascdesk.record.outbox import Answered
from ascdesk.work import fields
from ascdesk.work.safety import Lamp, Pieces, Safety
from tests.support.desks import JEAN
from ui.desk import Saved
from ui.pages.safe import back_answer, lid_answer

Window = Any


def receive(window: Window, outcome: Any = "stored") -> None:
    """Answer as the council would for all that is unsent, the read log and the bytes too."""
    record, version = window.record, 10_000
    while batch := record.next_batch():
        answers = []
        for change in batch.changes:
            version += 1
            number = version if outcome == "stored" else None
            answers.append(Answered(change.id, outcome, number, "2026-11-21T12:00:00Z", "No."))
        record.answered(batch.id, answers)
    record.readings_received([line.number for line in record.unsent_readings()])
    for one in record.attachments.everything():
        record.attachments.say(one.case, one.sha256, "held", receipt="2026-11-21T12:00:00Z")


def edit(window: Window) -> None:
    (person,) = fields.rows(window.record, JEAN, "person")
    fields.put(window.record, JEAN, person, {"gp": "Hillfields surgery"}, name="gp")


def test_what_was_written_may_be_closed_on_and_not_handed_back(window: Window) -> None:
    receive(window)
    edit(window)
    window.go("safe")
    assert window.shell.page.words() == ("Yes", "Not yet")
    window.says(
        "Safe to close the lid?", "Safe to hand this laptop back?", "Only on this laptop: 1 change", "Jean"
    )
    batch = window.record.next_batch()
    window.shell.page.refresh()
    window.rest()
    window.says("Sent; the council has not answered yet: 1 change")
    assert window.shell.page.words() == ("Yes", "Not yet")
    window.record.answered(
        batch.id, [Answered(one.id, "stored", 20_000, "2026-11-21T12:00:00Z") for one in batch.changes]
    )
    window.shell.page.refresh()
    window.rest()
    assert window.shell.page.words() == ("Yes", "Yes")
    window.says("The council has confirmed everything")


def test_what_could_not_be_taken_leads_to_where_it_is_settled(window: Window) -> None:
    receive(window)
    edit(window)
    receive(window, "needs attention")
    window.go("safe")
    window.says("the council could not take part of it", "needs your attention")
    window.press("See what needs attention")
    assert window.desk.place.page == "attention"


def test_the_case_is_one_step_away_and_so_is_connecting(window: Window) -> None:
    receive(window)
    edit(window)
    asked: list[int] = []
    window.desk.sync_asked.connect(lambda: asked.append(1))
    window.go("work")
    window.shell.act("safe")
    window.rest()
    assert window.desk.place.page == "safe"
    window.press("Connect to the council now")
    assert asked == [1]
    window.press("Open the case")
    assert (window.desk.place.page, window.desk.place.case) == ("case", JEAN)


def test_in_a_visit_only_the_lid_is_spoken_of(window: Window) -> None:
    window.go("case", JEAN)
    window.desk.start_visit(JEAN)
    said: list[str] = []
    window.desk.noticed.connect(lambda words, _undo: said.append(words))
    window.shell.act("safe")
    window.rest()
    assert window.desk.place.page == "case"
    assert said == ["It is safe to close the lid: everything is saved on this laptop."]
    window.desk.end_visit()


def test_what_is_on_the_screen_alone_is_never_safe() -> None:
    full = Saved(unsaved=2, why="This laptop’s disk is full.")
    assert lid_answer(full, writing=False)[0] == "Not yet"
    assert "disk is full" in lid_answer(full, writing=False)[1]
    assert lid_answer(Saved(), writing=True)[0] == "In a moment"
    assert back_answer(Safety(()), full)[0] == "Not yet"
    held = Safety((Lamp("c", "Jean Hollis", Pieces(here=1)),))
    assert "no connection" in back_answer(held, Saved(trouble="no connection"))[1]
