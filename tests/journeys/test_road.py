"""The road of a person through the council, row by row, through the real windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from ascdesk.record.record import Record
from ascdesk.work.caseload import caseload
from ascdesk.work.library import FormLibrary
from tests.support.desks import NOW, RUTH, filled_record
from tests.support.walking import Walker
from ui.theme.appearance import Appearance

DEVICE = "01a20000-0000-7000-8000-00000000c0de"
NEEDS = "What kind of need does it seem to be? Choose all that apply"
OT = "Bathing, stairs or changes to the home (occupational therapy)"


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """A record with the demonstration caseload."""
    made, _ = filled_record(tmp_path, caseload(NOW, author="council", device=DEVICE, worker=RUTH.id))
    yield made
    made.close()


@pytest.fixture
def walker(qtbot: Any, record: Record, library: FormLibrary, appearance: Appearance) -> Iterator[Walker]:
    """Ruth at her window."""
    made = Walker(qtbot, record, library, appearance)
    made.go("work")
    yield made
    made.close()


def take_call(walker: Walker) -> None:
    """Take a call from Dan about his mother, whom nobody here knows, as far as its last page."""
    walker.strike(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    walker.comes_to("call")
    walker.write("Full name", "Elsie Marsh")
    walker.write("Date of birth", "3", "2", "1944")
    walker.says("Nobody on this laptop is like this.")
    walker.press("Somebody new: take the call")
    walker.comes_to("assess")
    walker.tick("Who is asking for help?", "Another relative or friend")
    walker.write("What is the caller’s name?", "Dan Marsh")
    walker.turn("call.aware")
    walker.tick("Does Elsie know about this call?", "Yes")
    walker.turn("call.reason-page")
    walker.write("What you saw or know", "She cannot get into the bath.")
    walker.tick("Is Elsie getting support through the council now?", "No")
    walker.turn("call.urgency")
    walker.tick("Is Elsie safe at this moment?", "Yes")
    walker.tick("Is any of this happening? Choose all that apply", "None of these")
    walker.tick("Is this urgent?", "No")
    walker.turn("call.decision")


def test_a_call_becomes_a_referral_and_goes_along_the_road(walker: Walker) -> None:
    take_call(walker)
    walker.tick(NEEDS, OT)
    walker.tick("Where does it go now?", "A call from the Initial Contact Team")
    walker.press("Check answers")
    walker.press("Sign")
    walker.comes_to("next")
    walker.says("Family or a friend: Dan Marsh", "She cannot get into the bath.")
    assert walker.ticked("What is it about?") == [OT]
    assert walker.ticked("Who goes on with it?") == ["Initial contact: Initial Contact Team"]
    walker.press("Decide")
    walker.press("Elsie was told now")
    walker.press("Dan Marsh was told now")
    referral = walker.case.referrals[0]
    assert (referral.outcome, referral.channel) == ("gone_on", "phone")
    assert referral.told_person_at and referral.told_source_at
    walker.press("Initial contact: Initial Contact Team")
    walker.comes_to("piece")
    walker.press("Take this on")
    walker.says("Ruth Okafor, Social worker")
    assert walker.ticked("What follows, if anything?") == ["Occupational therapy"]
    walker.tick("How did this work end?", "Done")
    walker.press("Finish")
    walker.says("Finished today")
    assert [(one.kind, one.open) for one in walker.case.pieces] == [("initial_contact", False), ("ot", True)]
    assert all(one.until for one in walker.case.allocations)
