"""Copies in a real window: looked through page by page, given, opened again exactly, saved on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ascdesk.work import cases, issuing, referrals
from ascdesk.work.referrals import Decided
from tests.support.desks import JEAN
from tests.support.ordering import begun, put
from tests.support.windows import Window, jeans_window
from ui.dialogs.given import GivenCopy
from ui.form.sure import SureSheet
from ui.pages.copies import CopiesPage, GivenRow, ReleaseTick, SubjectLink
from ui.theme.appearance import Appearance
from ui.widgets.buttons import Link, PrimaryButton
from ui.widgets.paper import PageImage
from ui.widgets.surfaces import PageScroll


@pytest.fixture
def window(tmp_path: Path, look: Appearance, qtbot: QtBot) -> Iterator[Window]:
    """Jean's whole assessment, unsigned."""
    with jeans_window(tmp_path, look, qtbot) as held:
        yield held


def opened(window: Window) -> CopiesPage:
    page = window.go("copies")
    assert isinstance(page, CopiesPage)
    window.until(lambda: page.loaded is not None and bool(page.pictures))
    return page


def words(page: CopiesPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def give(page: CopiesPage) -> None:
    next(one for one in page.findChildren(PrimaryButton) if one.words().startswith("Give this")).click()


def test_every_page_is_there_and_only_those_in_sight_are_drawn(window: Window) -> None:
    page = opened(window)
    assert page.loaded is not None
    assert len(page.pictures) == page.loaded.pages > 8
    window.until(lambda: page.pictures[0].drawn)
    assert sum(one.drawn for one in page.pictures) < 8
    assert "Needs assessment" in page.pictures[0].accessibleDescription()
    assert page.pictures[1].accessibleName() == f"Page 2 of {page.loaded.pages}"


def test_what_is_left_out_is_listed_without_its_text(window: Window) -> None:
    said = words(opened(window))
    assert "held back: Peter asked that Jean is not told" in said
    assert "frightened in the night" not in said


def test_during_a_visit_the_person_does_not_see_what_others_said(window: Window) -> None:
    window.desk.start_visit(JEAN)
    said = words(opened(window))
    assert "see the cupboards" not in said
    assert "Peter asked" not in said
    window.desk.end_visit()


def test_a_third_partys_words_are_printed_after_a_tick(window: Window) -> None:
    page = opened(window)
    tick = next(one for one in page.findChildren(ReleaseTick) if "cupboards" in one.about.words)
    tick.tick.buttons[0].click()
    window.until(
        lambda: (
            page.loaded is not None
            and page.loaded.prepared is not None
            and any(one.released for one in page.loaded.prepared.third_parties)
        )
    )


def test_giving_asks_how_then_keeps_exactly_what_was_given(window: Window) -> None:
    page = opened(window)
    give(page)
    window.settled()
    assert page.method.error() == "Say how it is given."
    assert not cases.look(window.record, JEAN).copies
    page.method.editor.buttons[0].click()  # type: ignore[attr-defined]
    give(page)
    window.until(lambda: bool(cases.look(window.record, JEAN).copies))
    given = cases.look(window.record, JEAN).copies[-1]
    data = issuing.open_issued(window.record, given.sha256 or "")
    assert data.startswith(b"%PDF")
    window.until(lambda: bool(page.findChildren(GivenRow)))
    row = page.findChildren(GivenRow)[-1]
    row.findChildren(Link)[0].click()
    window.until(lambda: bool(page.findChildren(GivenCopy)))
    sheet = page.findChildren(GivenCopy)[0]
    window.until(lambda: sheet.pictures[0].drawn)
    window.settled()
    pages = sheet.findChild(PageScroll)
    pages.setFocus()
    QTest.keyClick(pages, Qt.Key.Key_PageDown)
    assert pages.verticalScrollBar().value() > 0, "the keyboard alone reads on"
    sheet.accept()


def test_saving_outside_is_deliberate_and_says_that_it_is_not_protected(
    window: Window, tmp_path: Path
) -> None:
    page = opened(window)
    next(one for one in page.findChildren(Link) if one.words() == "Save a copy to…").click()
    sheet = page.findChild(SureSheet)
    assert sheet is not None
    assert any("not be protected" in label.text() for label in sheet.findChildren(QLabel))
    sheet.not_now.click()
    page.save_to(tmp_path / "outside.pdf")
    window.until((tmp_path / "outside.pdf").exists)
    window.settled()
    assert page.loaded is not None and page.loaded.prepared is not None
    assert (tmp_path / "outside.pdf").read_bytes() == page.loaded.prepared.data


def test_a_letter_is_offered_looked_at_and_given(window: Window) -> None:
    record = window.desk.record
    referral = referrals.take_in(record, JEAN, {"channel": "phone", "source": "self"})
    referrals.decide(record, JEAN, referral, [], Decided("advised", "Advice was enough."))
    page = opened(window)
    [offer] = [one for one in page.findChildren(SubjectLink) if "expect" in one.words()]
    offer.click()
    window.until(lambda: page.loaded is not None and page.place.of.startswith("letter:first"))
    window.until(
        lambda: (
            page.loaded is not None
            and page.loaded.prepared is not None
            and page.loaded.prepared.what == "letter"
        )
    )
    window.until(lambda: "Left out" in words(page))
    assert "Draft" not in words(page)
    page.method.set_stored({"answer": [{"valueCoding": {"code": "by post", "display": "By post"}}]})
    give(page)
    window.until(lambda: any(copy.what == "letter" for copy in cases.look(record, JEAN).copies))
    assert cases.look(record, JEAN).referrals[-1].told_person_at


def prescribed(window: Window) -> str:
    """Prescribe a bath board with an alert for who delivers; return the prescription."""
    row = begun(window.record, "BA-101")
    put(window.record, "prescription", row, safety_alert="The dog bites.")
    return row


def therapy_page(window: Window, of: str) -> CopiesPage:
    page = window.go("copies", of)
    assert isinstance(page, CopiesPage)
    window.until(lambda: page.loaded is not None and page.loaded.prepared is not None)
    return page


def test_a_prescription_for_the_supplier_is_looked_at_and_given(window: Window) -> None:
    row = prescribed(window)
    page = therapy_page(window, f"order:{row}")
    assert page.loaded is not None and page.loaded.prepared is not None
    assert page.loaded.prepared.recipients == ("The equipment supplier",)
    assert "This is what the equipment supplier will get." in words(page)
    page.method.set_stored({"answer": [{"valueCoding": {"code": "by email", "display": "By email"}}]})
    give(page)
    window.settled()
    assert cases.look(window.record, JEAN).copies[-1].title == "Equipment prescription (draft)"


def test_a_visit_that_begins_closes_the_suppliers_copy_that_is_on_the_screen(window: Window) -> None:
    page = therapy_page(window, f"order:{prescribed(window)}")
    assert page.loaded is not None and page.pictures
    window.desk.start_visit(JEAN)
    window.until(lambda: "Closed during the visit" in words(page))
    assert (page.loaded, page.pictures) == (None, [])
    assert not page.findChildren(PageImage)
    assert "supplier" not in words(page)
    window.desk.end_visit()


def test_beside_the_person_the_suppliers_copy_is_closed_and_not_offered(window: Window) -> None:
    row = prescribed(window)
    window.desk.start_visit(JEAN)
    page = window.go("copies", f"order:{row}")
    window.until(lambda: "Closed during the visit" in words(page))
    assert page.loaded is None
    page = therapy_page(window, f"order-own:{row}")
    assert page.loaded is not None
    assert {one.of for one in page.loaded.subjects if one.what == "order"} == {f"order-own:{row}"}
    window.desk.end_visit()
