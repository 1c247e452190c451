"""The look on the running application: live changes, and the focus ring around whatever has the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.theme.appearance import Appearance, system_choice, theme_of
from ui.theme.focus import ring_of
from ui.widgets.buttons import PrimaryButton
from ui.widgets.choices import Radio
from ui.widgets.editor import Field
from ui.widgets.layouts import column
from ui.widgets.page import PageLayout
from ui.widgets.surfaces import PageScroll
from ui.widgets.text import Body, PageHeading, Quiet
from ui.widgets.written import GrowingText


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    """A window with these widgets, active."""
    window = QWidget()
    layout = column(window, 16, (32, 32, 32, 32))
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def colours_around(window: QWidget, widget: QWidget, out: int) -> set[str]:
    """The colours ``out`` pixels outside (negative: inside) the middle of each side of a widget."""
    image: QImage = window.grab().toImage()
    box = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-out, -out, out - 1, out - 1)
    points = (
        QPoint(box.center().x(), box.top()),
        QPoint(box.center().x(), box.bottom()),
        QPoint(box.left(), box.center().y()),
        QPoint(box.right(), box.center().y()),
    )
    return {image.pixelColor(point).name().upper() for point in points}


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("kind", [Field, GrowingText, lambda: PrimaryButton("Next"), lambda: Radio("Yes")])
def test_the_ring_is_yellow_with_a_dark_edge(qtbot: QtBot, look: Appearance, name: str, kind: object) -> None:
    look.use(name)
    assert callable(kind)
    widget = kind()
    window = shown(qtbot, Body("Before"), widget, Field())
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    assert colours_around(window, widget, 2) == {"#FFDD00"}
    assert colours_around(window, widget, -1 + 1) == {"#0B0C0C"}


def test_the_ring_moves_on_and_goes(qtbot: QtBot, look: Appearance, qapp: object) -> None:
    first, second = Field(), Field()
    window = shown(qtbot, first, second)
    first.setFocus()
    second.setFocus()
    assert "#FFDD00" not in colours_around(window, first, 2)
    assert colours_around(window, second, 2) == {"#FFDD00"}
    second.clearFocus()
    assert "#FFDD00" not in colours_around(window, second, 2)


def test_the_ring_follows_a_field_that_moves(qtbot: QtBot, look: Appearance) -> None:
    above, field = Body("One line"), Field()
    window = shown(qtbot, above, field)
    field.setFocus()
    before = field.y()
    above.setText("Many lines\n" * 6)
    qtbot.waitUntil(lambda: field.y() != before)
    assert colours_around(window, field, 2) == {"#FFDD00"}


def test_the_ring_scrolls_with_its_page_and_survives_its_death(
    qtbot: QtBot, look: Appearance, qapp: object
) -> None:
    area = PageScroll(margins=(32, 32, 32, 32))
    field = Field()
    area.body.addWidget(field)
    window = shown(qtbot, area)
    field.setFocus()
    ring = ring_of(look.parent())  # type: ignore[arg-type]
    assert ring is not None
    assert ring.parentWidget() is area.widget()
    window.layout().removeWidget(area)  # type: ignore[union-attr]
    area.setParent(None)
    area.deleteLater()
    other = Field()
    window.layout().insertWidget(0, other)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: other.width() < window.width())
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    assert colours_around(window, other, 2) == {"#FFDD00"}


def test_a_theme_changes_live(qtbot: QtBot, look: Appearance, qapp: object) -> None:
    words, quiet = PageHeading("A heading"), Quiet("quiet")
    window = shown(qtbot, words, quiet)
    with qtbot.waitSignal(look.changed):
        look.use("dark")
    assert theme_of().dark
    qtbot.waitUntil(lambda: window.palette().color(QPalette.ColorRole.Window) == QColor("#14191C"))
    assert quiet.palette().color(QPalette.ColorRole.WindowText) == QColor("#AEB7BC")
    assert window.grab().toImage().pixelColor(2, 2) == QColor("#14191C")


def test_zoom_changes_live_and_by_steps(qtbot: QtBot, look: Appearance) -> None:
    words, field = PageHeading("A heading"), Field()
    window = shown(qtbot, words, field)
    assert words.font().pixelSize() == 26
    assert words.font().weight() == 700
    look.use(zoom=200)
    assert words.font().pixelSize() == 52
    assert field.sizeHint().height() == 76
    layout = window.layout()
    assert layout is not None
    assert layout.contentsMargins().left() == 64
    look.zoom_out()
    assert look.theme.zoom == 175
    look.zoom_in()
    look.zoom_in()
    assert look.theme.zoom == 200
    look.zoom_reset()
    assert words.font().pixelSize() == 26
    assert layout.contentsMargins().left() == 32


def test_touch_makes_targets_larger(qtbot: QtBot, look: Appearance) -> None:
    button = PrimaryButton("Next")
    qtbot.addWidget(button)
    assert button.sizeHint().height() == 38
    look.use(touch=True)
    assert button.sizeHint().height() == 44


def test_the_system_is_asked(qtbot: QtBot, qapp: QApplication) -> None:
    assert system_choice(qapp) in ("light", "dark", "high-contrast")


def test_nothing_is_applied_when_nothing_changes(qtbot: QtBot, look: Appearance) -> None:
    with qtbot.assertNotEmitted(look.changed):
        look.use("light", 100)


def test_a_page_follows_the_zoom(qtbot: QtBot, look: Appearance) -> None:
    page = PageLayout()
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    page.set_panel(Body("What was talked about"))
    side = page.findChild(PageScroll)
    assert side is not None
    look.use(zoom=200)
    assert page.area.isVisible()
