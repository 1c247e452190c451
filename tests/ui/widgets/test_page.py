"""The page: rail, panel, band and state line; reflow at every zoom; nothing left behind when it closes."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.ui.widgets.helpers import said, show
from ui.theme.appearance import Appearance
from ui.widgets.buttons import HintButton, SecondaryButton
from ui.widgets.page import AppBar, PageLayout, PersonBand, page_head
from ui.widgets.rail import Rail, RailItem
from ui.widgets.scenes import SCENES
from ui.widgets.stateline import StateLine
from ui.widgets.surfaces import EmptyState, HairlineList, Marked, PageScroll, WorkItem, WorkRow, empty
from ui.widgets.text import Body, Chip

pytestmark = pytest.mark.usefixtures("look")
ITEMS = [RailItem("a", "About this visit", "done"), RailItem("b", "Health", "begun"), RailItem("c", "Home")]


def opened(qtbot: QtBot, build: Callable[[], QWidget], width: int = 1280) -> QWidget:
    window = build()
    qtbot.addWidget(window)
    window.resize(width, 800)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def beyond(window: QWidget) -> list[str]:
    """The visible widgets whose words would be cut off at the right of the window or of their column."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty() or type(widget).__name__ == "FocusRing":
            continue
        right = widget.mapTo(window, QPoint(0, 0)).x() + widget.width()
        if right > window.width():
            found.append(f"{type(widget).__name__} {widget.accessibleName()} ends at {right}")
    for area in window.findChildren(PageScroll):
        if area.isVisible() and area.widget().width() > area.viewport().width():
            found.append(f"a page of {area.widget().width()} in a view of {area.viewport().width()}")
    return found


@pytest.mark.parametrize("zoom", [80, 100, 150, 200])
@pytest.mark.parametrize("name", sorted(SCENES))
def test_nothing_is_cut_off_at_any_zoom(qtbot: QtBot, look: Appearance, name: str, zoom: int) -> None:
    look.use(zoom=zoom)
    window = opened(qtbot, SCENES[name])
    qtbot.wait(20)
    assert window.width() == 1280
    assert beyond(window) == []
    for area in window.findChildren(PageScroll):
        # The column needs no more than it gets; else its right side would be cut off without a bar.
        needs = area.widget().minimumSizeHint().width()
        assert not area.isVisible() or needs <= area.viewport().width()


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_live_zoom_reflows_an_open_page(qtbot: QtBot, look: Appearance, name: str) -> None:
    window = opened(qtbot, SCENES[name])
    look.use("dark", 200)
    qtbot.wait(20)
    assert beyond(window) == []


@pytest.mark.parametrize("name", sorted(SCENES))
def test_closing_leaves_nothing_behind(qtbot: QtBot, look: Appearance, name: str) -> None:
    before = set(map(id, QApplication.topLevelWidgets()))
    window = SCENES[name]()
    window.resize(1280, 800)
    window.show()
    inner = [weakref.ref(child) for child in window.findChildren(QWidget)]
    window.close()
    window.deleteLater()
    qtbot.waitUntil(lambda: not isValid(window))
    assert not [ref for ref in inner if (child := ref()) is not None and isValid(child)]
    left = [
        w for w in QApplication.topLevelWidgets() if id(w) not in before and type(w).__name__ != "FocusRing"
    ]
    assert [w for w in left if w.isVisible()] == []


@pytest.mark.parametrize("name", sorted(SCENES))
def test_everything_that_takes_the_keyboard_has_a_name(qtbot: QtBot, name: str) -> None:
    window = opened(qtbot, SCENES[name])
    nameless = [
        f"{type(w).__name__} {w.objectName()}"
        for w in window.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible() and not said(w)
    ]
    assert nameless == []


def test_the_panel_goes_under_and_the_rail_becomes_a_button(qtbot: QtBot, look: Appearance) -> None:
    window = opened(qtbot, SCENES["assess"])
    assert isinstance(window, PageLayout)
    rail = window.findChild(Rail)
    assert rail is not None
    assert rail.isVisible()
    button = next(b for b in window.findChildren(SecondaryButton) if b.words() == "All sections")
    assert not button.isVisible()
    window.resize(900, 800)
    qtbot.waitUntil(lambda: window.area.isAncestorOf(window._panel))  # type: ignore[arg-type]
    assert rail.isVisible()
    window.resize(700, 800)
    qtbot.waitUntil(button.isVisible)
    assert not rail.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert rail.isVisible()
    qtbot.mouseClick(rail.buttons[0], Qt.MouseButton.LeftButton)
    assert not rail.isVisible()
    assert window.area.isVisible()
    window.resize(1280, 800)
    qtbot.waitUntil(rail.isVisible)
    assert not window.area.isAncestorOf(window._panel)  # type: ignore[arg-type]


def test_the_rail_is_one_tab_stop_moved_by_arrows(qtbot: QtBot) -> None:
    rail = Rail()
    rail.set_items("Assessment", ITEMS, "b")
    show(qtbot, rail)
    tabbed = [b.item.key for b in rail.buttons if b.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert tabbed == ["b"]
    rail.buttons[1].setFocus()
    for key, to in (
        (Qt.Key.Key_Down, 2),
        (Qt.Key.Key_Down, 2),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 2),
        (Qt.Key.Key_Up, 1),
    ):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert rail.buttons[to].hasFocus()
    with qtbot.waitSignal(rail.chosen) as told:
        qtbot.keyClick(rail.buttons[1], Qt.Key.Key_Return)
    assert told.args == ["b"]
    assert said(rail.buttons[1]) == "Health, begun, this page"


def test_the_rail_keeps_its_buttons_when_a_state_changes(qtbot: QtBot) -> None:
    rail = Rail()
    rail.set_items("Assessment", ITEMS, "b")
    show(qtbot, rail)
    kept = rail.buttons
    rail.set_items("Assessment", [ITEMS[0], RailItem("b", "Health", "done"), ITEMS[2]])
    assert rail.buttons == kept
    assert said(kept[1]) == "Health, done, this page"
    rail.set_items("Rooms", ITEMS[:1])
    assert len(rail.buttons) == 1


def test_the_state_line_says_what_is_true_and_undoes(qtbot: QtBot) -> None:
    line = StateLine()
    show(qtbot, line)
    line.set_saved("Saved on this laptop 14:32")
    line.set_rest("3 changes not yet with the council", "waiting")
    line.set_hints((("jot", "Jot", "Ctrl J"),))
    assert line.words() == "Saved on this laptop 14:32 · 3 changes not yet with the council"
    line.notify("Contact 2 was removed.", undo=True)
    assert line.words().endswith("Contact 2 was removed.")
    with qtbot.waitSignal(line.undone):
        qtbot.mouseClick(line._undo, Qt.MouseButton.LeftButton)
    assert "removed" not in line.words()
    with qtbot.waitSignal(line.hinted) as told:
        qtbot.mouseClick(line._keys["jot"], Qt.MouseButton.LeftButton)
    assert told.args == ["jot"]
    line.notify("Saved")
    line.hide()
    assert not line._timer.isActive()


def test_the_band_shows_the_person_and_staff_notes_as_a_count(qtbot: QtBot) -> None:
    band = PersonBand()
    show(qtbot, band)
    notes = HintButton("Staff notes (2)", "F8")
    band.set_person("Jean Hollis", ("79", "NHS 999 123 4004"))
    band.set_chips((("Large print", "accent"),), (notes,))
    assert said(band) == "Jean Hollis, 79, NHS 999 123 4004"
    with qtbot.waitSignal(notes.clicked):
        qtbot.mouseClick(notes, Qt.MouseButton.LeftButton)
    band.set_person("Peter Hollis", ())
    band.set_chips(())
    qtbot.waitUntil(lambda: not isValid(notes))
    assert said(band) == "Peter Hollis"


def test_the_bar_tells_places_and_searches(qtbot: QtBot) -> None:
    bar = AppBar((("work", "My work"), ("cases", "Cases & people")))
    show(qtbot, bar, width=1100)
    bar.set_current("work")
    bar.set_who("Signed in as R. Okafor")
    with qtbot.waitSignal(bar.chosen) as told:
        qtbot.mouseClick(bar.places[1], Qt.MouseButton.LeftButton)
    assert told.args == ["cases"]
    qtbot.keyClicks(bar.search, " Hollis ")
    with qtbot.waitSignal(bar.searched) as asked:
        qtbot.keyClick(bar.search, Qt.Key.Key_Return)
    assert asked.args == ["Hollis"]


def test_lists_and_small_things(qtbot: QtBot) -> None:
    listed = HairlineList()
    action = SecondaryButton("Open visit")
    row = WorkRow(WorkItem("Jean Hollis, 79", "Needs assessment", "Visit", due="Monday"), action)
    listed.add(row)
    listed.add(WorkRow(WorkItem("Stanley Wray, 90", "Support plan", "Finish the plan")))
    mark = Marked("done", "Health", "since 2009")
    nothing = EmptyState("Nothing is late", "New work appears here.")
    chip = Chip("partly: she would not cook", "accent")
    show(qtbot, listed, mark, nothing, chip, page_head("Ten outcomes", "Nutrition", "Getting food"))
    assert said(row) == "Jean Hollis, 79, Visit, Monday"
    assert said(mark) == "Done: Health. since 2009"
    assert said(chip) == "partly: she would not cook"
    chip.set_tone("good")
    assert chip.tone == "good"
    listed.clear()
    qtbot.waitUntil(lambda: not isValid(row))


def test_emptying_a_layout_lets_nested_things_go(qtbot: QtBot) -> None:
    page = PageLayout()
    qtbot.addWidget(page)
    inner = Body("inside")
    held = QWidget()
    page.centre.addWidget(held)
    page.centre.addLayout(type(page.centre)())
    page.centre.addWidget(inner)
    empty(page.centre)
    assert page.centre.count() == 0
    qtbot.waitUntil(lambda: not isValid(inner))
