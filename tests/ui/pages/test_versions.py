"""A draft that a newer version of its form is out for: seen first, moved, undone, and the drawer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ascdesk.work import moving, responses
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import FrozenAnswer, Key, Said
from tests.support.desks import JEAN
from ui.pages.assess import AssessPage
from ui.pages.versions import VersionsPage
from ui.place import Place

RISK = Path(__file__).parents[3] / "resources" / "forms" / "risk.json"
NEWER = "1.1.0"
DRAWER = "Answers with no place in this form"


def newer() -> str:
    """Return the risk form as a council might publish it next: one taken over, one retyped, one gone."""
    raw: dict[str, Any] = json.loads(RISK.read_text(encoding="utf-8")) | {"version": NEWER}
    start = raw["item"][0]["item"]
    items = {item["linkId"]: item for item in start}
    items["rk.matters"] |= {"linkId": "rk.matters-most", "text": "What matters most about it to {name}?"}
    replaces = {
        "url": "https://ascdesk.example/fhir/StructureDefinition/replaces",
        "valueString": "rk.matters",
    }
    items["rk.matters"]["extension"].append(replaces)
    items["rk.date"]["type"] = "string"
    raw["item"][0]["item"] = [item for item in start if item["linkId"] != "rk.present"]
    return json.dumps(raw)


def said(link: str, source: str, **answer: Any) -> tuple[Key, Said]:
    return Key((), link, source), Said((FrozenAnswer(answer),))


ANSWERS = (
    said("rk.life", "person", valueString="To walk to the shop alone"),
    said("rk.matters", "person", valueString="It is the best hour of my day"),
    said("rk.date", "observed", valueDate="2026-11-20"),
    said("rk.present", "observed", valueString="Peter, her nephew"),
)


@pytest.fixture
def begun(window: Any) -> str:
    """A risk form begun in Jean's case with four answers, and a newer version that the council published."""
    response = responses.start(window.record, JEAN, "risk", "1.0.0", assessor_name="Ruth Okafor")
    draft = responses.load(window.record, JEAN, response)
    for key, what in ANSWERS:
        responses.answer(window.record, draft, key, what, seen=frozenset(), name="answer")
    window.desk.library = FormLibrary({f"forms/risk@{NEWER}.json": newer()})
    return response


def draft(window: Any, response: str) -> responses.Draft:
    return responses.load(window.record, JEAN, response)


def test_the_form_says_so_and_nothing_changes_until_it_is_moved(window: Any, begun: str) -> None:
    window.go("assess", JEAN, begun)
    window.says(f"Version {NEWER} of this form is out.")
    assert "Why does it matter to Jean?" in window.words()
    window.press("See what would change")
    assert isinstance(window.page, VersionsPage)
    window.says(
        f"Move to version {NEWER}",
        "1 answer stays as it is.",
        "Asked in another place (1)",
        "Written in another way (1)",
        "No longer asked (1)",
        "It is the best hour of my day",
        "Now: 2026-11-20",
        "Peter, her nephew",
        "This is no longer asked.",
    )
    assert draft(window, begun).version == "1.0.0"
    window.press("Not now")
    assert isinstance(window.page, AssessPage)


def test_moved_shown_undone(window: Any, begun: str) -> None:
    window.go("versions", JEAN, begun)
    window.press(f"Move the answers to version {NEWER}")
    window.says(
        "All 4 answers are accounted for.", "Moved from version 1.0.0 to 1.1.0", f"{DRAWER} (1)",
        "1 answer stayed as it was.",
    )  # fmt: skip
    moved = draft(window, begun)
    assert moved.version == NEWER
    assert moved.answers((), "rk.matters-most") == ({"valueString": "It is the best hour of my day"},)
    window.press("Back to the form")
    window.says("1 answer has no place in this form.", "What matters most about it to Jean?")
    window.page.act("undo")
    window.rest()
    window.says(f"Version {NEWER} of this form is out.", "Why does it matter to Jean?")
    assert draft(window, begun).version == "1.0.0"
    page = window.page
    assert isinstance(page, AssessPage)
    assert page.view is not None
    (question,) = page.view.questions[(), "rk.matters"]
    assert question.row.stored()["answer"] == [{"valueString": "It is the best hour of my day"}]


def test_the_drawer_is_read_back_and_leads_here(window: Any, begun: str) -> None:
    moving.move(window.record, JEAN, begun, window.desk.library, NEWER)
    window.go("check", JEAN, begun)
    window.says(DRAWER, "Peter, her nephew")
    window.desk.go(Place("assess", JEAN, begun, "answers-with-no-place"))
    window.rest()
    assert isinstance(window.page, VersionsPage)


def test_what_was_written_in_the_old_version_since_can_be_put_in_its_place(window: Any, begun: str) -> None:
    moving.move(window.record, JEAN, begun, window.desk.library, NEWER)
    key = Key((), "rk.matters", "person")
    late = Said((FrozenAnswer({"valueString": "And I see people"}),))
    responses.answer(
        window.record, draft(window, begun), key, late, seen=frozenset(), name="answer on the other laptop"
    )
    window.go("versions", JEAN, begun)
    window.says("And I see people", "Written in the older version after the answers were moved.")
    window.press("Use it in its new place")
    window.says("Put in its new place.")
    after = draft(window, begun)
    assert after.answers((), "rk.matters-most") == ({"valueString": "And I see people"},)
    assert after.account(key).said.empty
    assert after.has_past(Key((), "rk.matters-most", "person"))


def test_a_draft_moved_elsewhere_opens_anew_and_keeps_what_is_being_typed(window: Any, begun: str) -> None:
    page = window.go("assess", JEAN, begun)
    assert isinstance(page, AssessPage)
    assert page.view is not None
    (question,) = page.view.questions[(), "rk.matters"]
    moving.move(window.record, JEAN, begun, window.desk.library, NEWER)  # as another laptop's pull would
    box = question.row.editor.parts()[0]
    box.setFocus()
    box.setPlainText("Typed at this very moment")
    window.desk.changed.emit(JEAN)
    window.rest()
    window.says("What matters most about it to Jean?")
    words = {
        version.said.answer[0]["valueString"]
        for account in draft(window, begun).accounts.values()
        for version in account.versions
        if version.said.answer and "valueString" in version.said.answer[0]
    }
    assert {"Typed at this very moment", "It is the best hour of my day"} <= words


def test_closed_during_a_visit(window: Any, begun: str) -> None:
    window.desk.start_visit(JEAN)
    window.go("assess", JEAN, begun)
    assert "is out" not in window.words()
    window.go("versions", JEAN, begun)
    window.says("Closed during the visit")
    assert "Peter" not in window.words()


def test_nothing_to_move_says_so(window: Any) -> None:
    response = responses.start(window.record, JEAN, "risk", "1.0.0")
    window.go("versions", JEAN, response)
    window.says("this is the newest version of the form that this laptop has")
