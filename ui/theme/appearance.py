"""Put a theme on the running application, and change it live: light or dark, zoom, density. No restart.

The one Appearance is made by the composition root and passed to whoever changes the look. Widgets that paint
themselves ask ``theme_of()`` while painting; the application carries the theme as it carries Qt's palette.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette, QWindow
from PySide6.QtWidgets import QApplication, QLayout, QWidget
from shiboken6 import isValid

from ui.theme.choice import SYSTEM, Choice
from ui.theme.focus import FocusRing
from ui.theme.fonts import font, load_fonts
from ui.theme.loader import load, plain_contrast
from ui.theme.pressing import FINGER
from ui.theme.stylesheet import palette, text_palette
from ui.theme.theme import ZOOMS, Role, TextKind, Theme

HIGH: Final = "high-contrast"
_PROPERTY: Final = "asc_desk_theme"
_TOUCHES: Final = frozenset((QEvent.Type.TouchBegin, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel))
UNITS: Final = "asc_desk_units"
"""Property of a layout: its spacing and four margins in pixels at 100 per cent."""

# Fonts and inks by class name, as Qt keeps them for its own classes (see widgets/text.py).
_FONTS: Final[tuple[tuple[str, TextKind], ...]] = (
    ("Small", "small"),
    ("ErrorText", "strong"),
    ("Strong", "strong"),
    ("Heading", "heading"),
    ("PageHeading", "page"),
    ("BandName", "heading"),
    ("StateText", "chip"),
    ("KeyCap", "key"),
    ("Chip", "chip"),
    ("Pill", "chip"),
    ("Button", "strong"),
    ("HintButton", "chip"),
    ("KeyHint", "small"),
    ("SmallLink", "small"),
    ("QToolTip", "small"),
)
_INKS: Final[tuple[tuple[str, Role], ...]] = (
    ("Small", "quiet"),
    ("Quiet", "quiet"),
    ("ErrorText", "stop"),
)


class Appearance(QObject):
    """The look of the running application. ``changed`` is emitted after every change, with the theme."""

    changed = Signal(object)

    def __init__(
        self,
        app: QApplication,
        name: str = "light",
        zoom: int = 100,
        *,
        touch: bool = False,
        system: Callable[[QApplication], str] | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._asks = system or system_choice
        self._system = QPalette(app.palette())
        self.missing_fonts = load_fonts()
        app.setStyle("Fusion")
        self._name = name
        self._theme = self._load(name).at(zoom=zoom, touch=touch)
        self._ring = FocusRing(self._theme)
        app.focusChanged.connect(self._focus_moved)
        app.focusWindowChanged.connect(self._watch)
        app.styleHints().colorSchemeChanged.connect(self.system_changed)
        access = getattr(app.styleHints(), "accessibility", None)  # Qt 6.10 and later
        if callable(access):
            access().contrastPreferenceChanged.connect(self.system_changed)
        self._apply()

    @property
    def theme(self) -> Theme:
        """Return the theme in use."""
        return self._theme

    @property
    def name(self) -> str:
        """Return what was chosen: light, dark, high-contrast, or system for what the laptop is."""
        return self._name

    @property
    def choice(self) -> Choice:
        """Return what somebody chose, to be kept."""
        return Choice(self._name, self._theme.zoom, self._theme.touch)

    def take(self, choice: Choice) -> None:
        """Look as somebody chose before."""
        self.use(choice.colours, choice.zoom, touch=choice.touch)

    def system_changed(self) -> None:
        """Follow the operating system: another contrast theme, dark instead of light, other colours."""
        self._system = self._palette_of_system()
        self.use(self._name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear in any window that the system's colours changed, and whether a finger is on the glass."""
        kind = event.type()
        if kind == QEvent.Type.ThemeChange:
            self.system_changed()
        elif kind in _TOUCHES:
            self._app.setProperty(FINGER, kind == QEvent.Type.TouchBegin)
        return False

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # one that is there already is only moved to the front

    def _palette_of_system(self) -> QPalette:
        """Ask Qt for the palette that it would have had from the system, under ours."""
        ours = QPalette(self._app.palette())
        self._app.setPalette(QPalette())
        found = QPalette(self._app.palette())
        self._app.setPalette(ours)
        return found

    def _load(self, name: str) -> Theme:
        """Load a theme; the system's choice is asked for anew each time."""
        wanted = self._asks(self._app) if name == SYSTEM else name
        return load(wanted, plain_contrast(self._system) if wanted == HIGH else self._system)

    def use(self, name: str | None = None, zoom: int | None = None, *, touch: bool | None = None) -> None:
        """Change what is given and keep the rest. Raises Unreadable when the theme file is bad."""
        old = self._theme
        chosen = self._load(name) if name is not None else old
        new = chosen.at(zoom=old.zoom if zoom is None else zoom, touch=old.touch if touch is None else touch)
        self._name = name or self._name
        if new != old:
            self._theme = new
            self._apply()

    def zoom_in(self) -> None:
        """Go to the next larger step of zoom."""
        self.use(zoom=next((z for z in ZOOMS if z > self._theme.zoom), ZOOMS[-1]))

    def zoom_out(self) -> None:
        """Go to the next smaller step of zoom."""
        self.use(zoom=next((z for z in reversed(ZOOMS) if z < self._theme.zoom), ZOOMS[0]))

    def zoom_reset(self) -> None:
        """Go back to 100 per cent."""
        self.use(zoom=100)

    def _apply(self) -> None:
        app, theme = self._app, self._theme
        app.setProperty(_PROPERTY, theme)
        app.setPalette(palette(theme))
        for name, role in _INKS:
            app.setPalette(text_palette(theme, role), name)  # type: ignore[arg-type]  # the stub says bytes; Qt takes only text
        # A field draws its own ground; Qt must not draw another over it.
        clear = palette(theme)
        clear.setColor(QPalette.ColorRole.Base, QColor(Qt.GlobalColor.transparent))
        app.setPalette(clear, "Field")  # type: ignore[arg-type]  # as above
        app.setFont(font(theme))
        for name, kind in _FONTS:
            app.setFont(font(theme, kind), name)  # type: ignore[arg-type]  # the stub says bytes; Qt takes only text
        for window in app.topLevelWidgets():
            rescale(window, theme)
        self._the_ring().set_theme(theme)
        self.changed.emit(theme)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        self._the_ring().follow(old, new)

    def _the_ring(self) -> FocusRing:
        # The ring lives on the page it surrounds something of, and dies with that page.
        if not isValid(self._ring):
            self._ring = FocusRing(self._theme)
        return self._ring


def theme_of(app: QApplication | None = None) -> Theme:
    """Return the theme of the running application (light at 100 per cent before any Appearance is made)."""
    here = app or QApplication.instance()
    theme = here.property(_PROPERTY) if here is not None else None
    return theme if isinstance(theme, Theme) else load("light")


def system_choice(app: QApplication) -> str:
    """Return the theme that the operating system asks for: light, dark or high-contrast."""
    hints = app.styleHints()
    access = getattr(hints, "accessibility", None)  # Qt 6.10 and later
    if callable(access) and access().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return HIGH
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def set_units(layout: QLayout, spacing: int, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
    """Give a layout its spacing and margins in pixels at 100 per cent; they follow the zoom from now on."""
    layout.setProperty(UNITS, [spacing, *margins])
    _scale(layout, theme_of())


def rescale(root: QWidget, theme: Theme) -> None:
    """Bring every layout under ``root`` to the theme's zoom."""
    for layout in root.findChildren(QLayout):
        _scale(layout, theme)


def _scale(layout: QLayout, theme: Theme) -> None:
    units = layout.property(UNITS)
    if not isinstance(units, list):
        return
    spacing, left, top, right, bottom = (theme.px(int(n)) for n in units)
    layout.setSpacing(spacing)
    layout.setContentsMargins(left, top, right, bottom)
