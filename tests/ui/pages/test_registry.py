"""Every page of the registry, opened on the demonstration caseload and walked as a screen reader walks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from ascdesk.record.record import Record
from ascdesk.work import cases
from ascdesk.work.caseload import Caseload
from tests.support.everything import everything, place_of
from ui.ot.photo_tiles import Tiles
from ui.pages.registry import PAGES, PageSpec
from ui.place import Place
from ui.theme.appearance import Appearance
from ui.widgets.accounts import Pills
from ui.widgets.choices import MultipleChoice, SingleChoice
from ui.widgets.rail import Rail
from ui.widgets.stateline import KeyHint
from ui.widgets.surfaces import PageScroll

Window = Any
USED = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)
GROUPS = (Rail, Tiles, MultipleChoice, SingleChoice, Pills)
MOST_TABS = 900

every_page = pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)
case_pages = pytest.mark.parametrize("spec", [s for s in PAGES if s.of_case], ids=lambda spec: spec.key)


@pytest.fixture(scope="module")
def caseload_record(tmp_path_factory: pytest.TempPathFactory, told: Caseload) -> Iterator[Record]:
    """A record with something on every page; the tests of this file write nothing in it."""
    first = everything(tmp_path_factory.mktemp("registry"), told)
    yield first
    first.close()


@pytest.fixture
def opened(caseload_record: Record, windows: Callable[[Record], Window]) -> Callable[[PageSpec], Window]:
    """Return what opens a page and waits until it stands."""

    def open_(spec: PageSpec, *, visit: bool = False) -> Window:
        window = windows(caseload_record)
        place = place_of(caseload_record, spec)
        if visit:
            window.desk.start_visit(place.case)
        window.go(place.page, place.case, place.of, place.at)
        assert window.page.key == spec.key
        QTest.qWait(1)  # one turn of the event loop: new widgets are shown in it
        window.rest()
        return window

    return open_


def walk(interface: QAccessibleInterface | None) -> Iterator[QAccessibleInterface]:
    """Yield everything under an interface that can be seen."""
    if interface is None or not interface.isValid() or interface.state().invisible:
        return
    yield interface
    for number in range(interface.childCount()):
        yield from walk(interface.child(number))


def name(interface: QAccessibleInterface) -> str:
    return interface.text(QAccessible.Text.Name).strip()


def described(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton | QLineEdit) else ""
    around = widget.parentWidget()
    return f"{type(widget).__name__} {widget.accessibleName() or words!r} in {type(around).__name__}"


@every_page
def test_everything_that_takes_the_keyboard_has_a_name(spec: PageSpec, opened: Callable[..., Window]) -> None:
    page = opened(spec).page
    found = list(walk(QAccessible.queryAccessibleInterface(page)))
    focusable = [one for one in found if one.state().focusable and isinstance(one.object(), QWidget)]
    assert len(focusable) > 2
    nameless = [described(one.object()) for one in focusable if not name(one)]
    assert nameless == []
    assert name(QAccessible.queryAccessibleInterface(page))


@every_page
def test_tab_reaches_everything_that_can_be_used(spec: PageSpec, opened: Callable[..., Window]) -> None:
    window = opened(spec)
    wanted = [widget for widget in window.page.findChildren(QWidget) if usable(widget)]
    assert wanted
    reached = tabbed(window, wanted[0])
    groups = {group_of(widget) for widget in reached} - {None}
    missed = [
        described(widget)
        for widget in wanted
        # of a group Tab reaches one, and the arrows the others
        if widget not in reached and widget.isVisible() and group_of(widget) not in groups
    ]
    assert missed == []


def group_of(widget: QWidget) -> QWidget | None:
    """Return the group that the arrows move about in: a rail, choices, pills."""
    around = widget.parentWidget()
    while around is not None and not isinstance(around, GROUPS):
        around = around.parentWidget()
    return around


def usable(widget: QWidget) -> bool:
    if isinstance(widget, KeyHint):
        return False  # it names the key that does the same
    return isinstance(widget, USED) and widget.isVisible() and widget.isEnabled()


def tabbed(window: Window, start: QWidget) -> set[QWidget]:
    window.shell.activateWindow()
    window.qtbot.waitUntil(window.shell.isActiveWindow)
    start.setFocus(Qt.FocusReason.TabFocusReason)
    window.qtbot.waitUntil(start.hasFocus)
    reached: set[QWidget] = set()
    again = 0
    for _ in range(MOST_TABS):
        focus = QApplication.focusWidget()
        if focus is None:
            break
        again = again + 1 if focus in reached else 0
        if again > 3:
            return reached
        reached.add(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    pytest.fail(f"Tab does not come round: {[described(one) for one in list(reached)[-4:]]}")


@case_pages
def test_no_other_person_is_named_during_a_visit(spec: PageSpec, opened: Callable[..., Window]) -> None:
    window = opened(spec, visit=True)
    said = "\n".join(
        part
        for one in walk(QAccessible.queryAccessibleInterface(window.page))
        for part in (name(one), one.text(QAccessible.Text.Description), one.text(QAccessible.Text.Value))
    )
    said += window.words()
    case = window.desk.visiting
    for other in cases.read_cases(window.record):
        if other.id != case:
            assert other.person.full_name not in said
            assert (other.person.nhs_number or "–") not in said.replace(" ", "")
    assert "not yet with the council" not in said and "needs attention" not in said


@pytest.mark.parametrize("spec", [s for s in PAGES if not s.of_case], ids=lambda spec: spec.key)
def test_pages_about_everybody_stay_closed_during_a_visit(
    spec: PageSpec, opened: Callable[..., Window]
) -> None:
    window = opened(next(one for one in PAGES if one.key == "case"), visit=True)
    window.desk.go(Place(spec.key))
    window.rest()
    assert window.page.key == "case"


@every_page
@pytest.mark.parametrize("zoom", [100, 200])
def test_nothing_runs_over_the_side(
    spec: PageSpec, zoom: int, opened: Callable[..., Window], look: Appearance
) -> None:
    look.use(zoom=zoom)
    window = opened(spec)
    assert window.shell.width() == 1280
    over: list[str] = []
    for area in window.page.findChildren(PageScroll):
        if not area.isVisible():
            continue
        wide = area.viewport().width()
        for widget in area.widget().findChildren(QWidget):
            if not widget.isVisible() or scrolls_inside(widget, area):
                continue
            right = widget.mapTo(area.widget(), QPoint(widget.width(), 0)).x()
            if right > wide + 1:
                over.append(f"{described(widget)}: {right} of {wide}")
    assert over == []


def scrolls_inside(widget: QWidget, area: PageScroll) -> bool:
    """Say whether something between the widget and the page scrolls sideways by itself, as text boxes do."""
    around = widget.parentWidget()
    while around is not None and around is not area.widget():
        if isinstance(around, QPlainTextEdit | QAbstractItemView | QLineEdit):
            return True
        around = around.parentWidget()
    return False


class _Windows(QObject):
    """Hears of every window that is shown beside the one that is there."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a window that is shown."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()}".strip())
        return False


@every_page
def test_a_page_shows_no_window_of_its_own(
    spec: PageSpec, opened: Callable[[PageSpec], Window], qapp: QApplication
) -> None:
    """A widget shown before it has a parent is a window: it flashes up and takes the keyboard away."""
    heard = _Windows()
    qapp.installEventFilter(heard)
    try:
        window = opened(spec)
    finally:
        qapp.removeEventFilter(heard)
    shells = {type(top).__name__ for top in (window.page.window(),)}
    assert [name for name in heard.seen if name.split(" ")[0] not in shells] == []
