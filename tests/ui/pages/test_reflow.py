"""Every page at every size: nothing cut, nothing over the side, nothing too small for a finger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from ascdesk.record.record import Record
from ascdesk.work.caseload import Caseload
from tests.support.everything import everything, place_of
from ui.pages.registry import PAGES, PageSpec
from ui.theme.appearance import Appearance
from ui.turns import being_built
from ui.widgets.buttons import Pill
from ui.widgets.surfaces import PageScroll

Window = Any
SIZES = ((1280, 800), (1024, 640))
ZOOMS = (80, 100, 200)
FINGER = 44
USED = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
SCROLLED = (QPlainTextEdit, QAbstractItemView, QLineEdit)

every_page = pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, told: Caseload) -> Iterator[Record]:
    """A record with something on every page."""
    made = everything(tmp_path_factory.mktemp("reflow"), told)
    yield made
    made.close()


@pytest.fixture
def opened(full: Record, windows: Callable[[Record], Window]) -> Callable[[PageSpec], Window]:
    """Return what opens a page and waits until it stands."""

    def open_(spec: PageSpec) -> Window:
        window = windows(full)
        place = place_of(full, spec)
        window.go(place.page, place.case, place.of, place.at)
        assert window.page.key == spec.key
        laid_out(window)
        return window

    return open_


def laid_out(window: Window) -> None:
    """Wait until the page stands in its present size, and let the event loop lay it out."""
    places: list[list[tuple[int, int]]] = []
    window.qtbot.waitUntil(lambda: not being_built(window.page), timeout=90_000)

    def stands() -> bool:
        window.rest()
        sizes = [(one.x(), one.height()) for one in window.page.findChildren(QWidget) if one.isVisible()]
        places.append([*sizes, (window.shell.width(), window.shell.height())])
        return len(places) > 3 and places[-1] == places[-2] == places[-3]

    window.qtbot.waitUntil(stands, timeout=90_000)


def seen(page: QWidget) -> Iterator[QWidget]:
    """Yield what is on the page, without what scrolls inside something else."""
    for widget in page.findChildren(QWidget):
        part = isinstance(widget.parentWidget(), QAbstractScrollArea)  # Qt's own: a view, room for a bar
        if widget.isVisible() and not part and not isinstance(widget, QScrollBar) and not _inside(widget):
            yield widget


def _inside(widget: QWidget) -> bool:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, SCROLLED):
            return True
        around = around.parentWidget()
    return False


def called(widget: QWidget) -> str:
    words = widget.text() if isinstance(widget, QAbstractButton | QLineEdit | QLabel) else ""
    around = widget.parentWidget()
    return f"{type(widget).__name__} {(words or widget.accessibleName())[:50]!r} in {type(around).__name__}"


def over_the_side(page: QWidget) -> list[str]:
    """Name what stands out of the page, or out of the page that scrolls around it."""
    found: list[str] = []
    for widget in seen(page):
        area = _area(widget)
        room = area.viewport().width() if area is not None else page.width()
        right = widget.mapTo(area.widget() if area is not None else page, QPoint(widget.width(), 0)).x()
        if right > room + 1:
            found.append(f"{called(widget)}: {right} of {room}")
    return found


def _area(widget: QWidget) -> PageScroll | None:
    around = widget.parentWidget()
    while around is not None and not isinstance(around, PageScroll):
        around = around.parentWidget()
    return around if isinstance(around, PageScroll) and around.widget().isAncestorOf(widget) else None


def cut(page: QWidget) -> list[str]:
    """Name the words that have not the room that they need, and are not to be read in a tool tip either."""
    found: list[str] = []
    for widget in seen(page):
        if isinstance(widget, QLabel) and not widget.text():
            continue
        if not isinstance(widget, QLabel | QAbstractButton) or widget.toolTip():
            continue
        wide, tall = widget.width(), widget.height()
        if widget.hasHeightForWidth():
            if tall + 1 < widget.heightForWidth(wide):
                found.append(f"{called(widget)}: {tall} of {widget.heightForWidth(wide)} high")
        elif wide + 1 < widget.sizeHint().width() or tall + 1 < widget.sizeHint().height():
            found.append(f"{called(widget)}: {wide}×{tall} of {widget.sizeHint().toTuple()}")
    return found


@every_page
def test_it_reflows_at_every_size_and_nothing_is_cut(
    spec: PageSpec, opened: Callable[..., Window], look: Appearance
) -> None:
    window = opened(spec)
    found: list[str] = []
    for wide, tall in SIZES:
        for zoom in ZOOMS:
            look.use(zoom=zoom)
            laid_out(window)  # a window is as wide as what stood in it until that is laid out anew
            window.shell.resize(wide, tall)
            laid_out(window)
            assert window.shell.width() == wide, f"the window cannot be {wide} wide at {zoom} %"
            assert window.shell.height() == tall, f"the window cannot be {tall} high at {zoom} %"
            wrong = over_the_side(window.page) + cut(window.page)
            found += [f"{wide}×{tall} at {zoom} %: {one}" for one in wrong]
    assert not found, "\n".join(found)


def too_small(page: QWidget) -> list[str]:
    """Name what is to be hit and is smaller than a finger needs."""
    return [
        f"{called(widget)}: {widget.width()}×{widget.height()}"
        for widget in seen(page)
        if isinstance(widget, USED) and widget.isEnabled() and min(widget.width(), widget.height()) < FINGER
    ]


@every_page
def test_everything_is_as_large_as_a_finger_in_touch_density(
    spec: PageSpec, opened: Callable[..., Window], look: Appearance
) -> None:
    look.use(touch=True)
    window = opened(spec)
    found = too_small(window.page)
    assert not found, "\n".join(found)


def test_what_is_cut_is_found(qtbot: Any, look: Appearance) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(200, 100)
    words, pill = QLabel("Words that are longer than this", page), Pill("Some words", "code", page)
    words.setGeometry(0, 0, 60, 20)
    pill.setGeometry(0, 30, 240, 24)
    page.show()
    assert len(cut(page)) == 1 and "Words that are longer" in cut(page)[0]
    assert len(over_the_side(page)) == 1 and "Some words" in over_the_side(page)[0]
    assert len(too_small(page)) == 1
    words.setToolTip(words.text())
    assert cut(page) == []


def test_the_field_with_the_keyboard_is_never_covered(
    opened: Callable[..., Window], look: Appearance
) -> None:
    look.use(zoom=200, touch=True)
    window = opened(next(spec for spec in PAGES if spec.key == "assess"))
    window.shell.resize(1024, 640)
    laid_out(window)
    fields = [one for one in window.page.area.widget().findChildren(QPlainTextEdit) if one.isVisible()]
    assert fields
    window.shell.activateWindow()
    window.qtbot.waitUntil(window.shell.isActiveWindow)
    start = next(one for one in window.page.area.widget().findChildren(QAbstractButton) if one.isVisible())
    start.setFocus(Qt.FocusReason.TabFocusReason)
    reached = 0
    for _ in range(80):
        QTest.keyClick(window.shell.focusWidget() or window.shell, Qt.Key.Key_Tab)
        focus = window.shell.focusWidget()
        if focus is not None and window.page.area.isAncestorOf(focus):
            assert in_sight(window.page.area, focus), called(focus)
            reached += 1
    assert reached > 20


def in_sight(area: PageScroll, widget: QWidget) -> bool:
    """Say whether a widget can be seen in a page, or as much of it as there is room for."""
    top, room = widget.mapTo(area.viewport(), QPoint(0, 0)).y(), area.viewport().height()
    return top < room and top + widget.height() > 0 and (top >= 0 or widget.height() > room - 100)


def test_the_systems_keyboard_covers_no_field(opened: Callable[..., Window], look: Appearance) -> None:
    window = opened(next(spec for spec in PAGES if spec.key == "assess"))
    area = window.page.area
    field = [one for one in area.widget().findChildren(QPlainTextEdit) if one.isVisible()][-1]
    window.shell.activateWindow()
    window.qtbot.waitUntil(window.shell.isActiveWindow)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    window.qtbot.waitUntil(field.hasFocus)
    keyboard = QRectF(0, 400, 1280, 400)
    area.clear_of(keyboard)
    bottom = field.mapTo(window.shell, QPoint(0, field.height())).y()
    assert bottom <= 400
    assert in_sight(area, field)
    tall = area.viewport().height()
    area.clear_of(QRectF())
    assert area.viewport().height() > tall
