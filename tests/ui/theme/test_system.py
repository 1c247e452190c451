"""The operating system's own contrast: asked for at first, followed while running, readable in any case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.theme.appearance import Appearance, theme_of
from ui.theme.contrast import ratio, too_faint
from ui.theme.loader import load, plain_contrast
from ui.widgets.text import Body

ROLES = QPalette.ColorRole


class System:
    """A system whose settings somebody changes while the program runs."""

    def __init__(self) -> None:
        self.says = "light"

    def __call__(self, _app: QApplication) -> str:
        return self.says


@pytest.fixture
def system() -> System:
    return System()


@pytest.fixture
def following(qapp: QApplication, look: Appearance, system: System) -> Iterator[Appearance]:
    """An Appearance that follows the system; the session's own is put back after it."""
    made = Appearance(qapp, "system", system=system)
    yield made
    made.deleteLater()
    look.use("dark")
    look.use("light")


def test_a_change_of_the_system_is_followed_while_running(
    qtbot: QtBot, following: Appearance, system: System
) -> None:
    window = Body("words")
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window.windowHandle())
    assert theme_of().name == "Light"
    for says, name in (("high-contrast", "High contrast"), ("dark", "Dark"), ("light", "Light")):
        system.says = says
        QCoreApplication.sendEvent(window.windowHandle(), QEvent(QEvent.Type.ThemeChange))
        assert theme_of().name == name
        paper = QColor(theme_of().colours.paper)
        qtbot.waitUntil(lambda paper=paper: window.palette().color(ROLES.Window) == paper)
        assert following.name == "system"


def test_who_chose_by_hand_is_not_changed_by_the_system(following: Appearance, system: System) -> None:
    following.use("dark")
    system.says = "high-contrast"
    following.system_changed()
    assert theme_of().name == "Dark"
    following.use("system")
    assert theme_of().name == "High contrast"


def test_the_systems_own_palette_is_found_under_ours(qapp: QApplication, following: Appearance) -> None:
    before = following._palette_of_system()
    following.use("dark")
    assert following._palette_of_system().color(ROLES.Window) == before.color(ROLES.Window)
    assert qapp.palette().color(ROLES.Window) == QColor("#14191C"), "ours is put back"


@pytest.mark.parametrize(
    ("window", "text", "chosen", "on_chosen", "kept"),
    [
        ("#202020", "#FFFFFF", "#8EE3F0", "#263B50", True),
        ("#FFFAEF", "#3D3D3D", "#903909", "#FFF5E3", True),
        ("#EFEFEF", "#000000", "#308CC6", "#FFFFFF", False),
        ("#2D2D2D", "#C0C0C0", "#308CC6", "#FFFFFF", False),
    ],
    ids=["aquatic", "desert", "a light desktop without colours for it", "a dark one"],
)
def test_high_contrast_can_be_read_whatever_the_desktop_gives(
    qapp: QApplication, window: str, text: str, chosen: str, on_chosen: str, kept: bool
) -> None:
    palette = QPalette()
    for role, colour in zip(
        (ROLES.Window, ROLES.WindowText, ROLES.Highlight, ROLES.HighlightedText),
        (window, text, chosen, on_chosen),
        strict=True,
    ):
        palette.setColor(role, QColor(colour))
    theme = load("high-contrast", plain_contrast(palette))
    assert too_faint(theme.colours) == []
    assert ratio(theme.colours.ink, theme.colours.paper) >= 7
    assert (theme.colours.paper == window) is kept
    assert theme.dark is (QColor(window).lightness() < 128)
