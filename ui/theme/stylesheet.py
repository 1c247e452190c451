"""The palette and the one stylesheet, generated from a theme's roles.

The stylesheet is set on tables alone. On the whole application it was measured to cost a third of the time to
build a page, and 75 ms at each change of theme; our own widgets paint themselves from the theme instead.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor, QPalette

from ui.theme.theme import Role, Theme

_ROLES: Final[tuple[tuple[QPalette.ColorRole, Role], ...]] = (
    (QPalette.ColorRole.Window, "paper"),
    (QPalette.ColorRole.WindowText, "ink"),
    (QPalette.ColorRole.Base, "surface"),
    (QPalette.ColorRole.AlternateBase, "paper"),
    (QPalette.ColorRole.Text, "ink"),
    (QPalette.ColorRole.Button, "surface"),
    (QPalette.ColorRole.ButtonText, "ink"),
    (QPalette.ColorRole.BrightText, "stop"),
    (QPalette.ColorRole.Light, "surface"),
    (QPalette.ColorRole.Midlight, "hairline"),
    (QPalette.ColorRole.Mid, "hairline"),
    (QPalette.ColorRole.Dark, "edge"),
    (QPalette.ColorRole.Shadow, "edge"),
    (QPalette.ColorRole.Highlight, "selection"),
    (QPalette.ColorRole.HighlightedText, "on_selection"),
    (QPalette.ColorRole.Accent, "accent"),
    (QPalette.ColorRole.Link, "accent"),
    (QPalette.ColorRole.LinkVisited, "accent"),
    (QPalette.ColorRole.PlaceholderText, "quiet"),
    (QPalette.ColorRole.ToolTipBase, "surface"),
    (QPalette.ColorRole.ToolTipText, "ink"),
)


def palette(theme: Theme) -> QPalette:
    """Return the Qt palette of a theme; what is disabled is written in the quiet ink, still readable."""
    made = QPalette()
    for qt_role, role in _ROLES:
        made.setColor(qt_role, QColor(theme.colours.of(role)))
    quiet = QColor(theme.colours.quiet)
    for qt_role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, qt_role, quiet)
    return made


def text_palette(theme: Theme, role: Role) -> QPalette:
    """Return the theme's palette with running text in ``role``."""
    made = palette(theme)
    made.setColor(QPalette.ColorRole.WindowText, QColor(theme.colours.of(role)))
    return made


def stylesheet(theme: Theme) -> str:
    """Return the stylesheet of tables, the one thing that neither palette nor our own painting reaches."""
    c, px = theme.colours, theme.px
    return f"""
QTableView {{ background: {c.surface}; color: {c.ink}; gridline-color: {c.hairline};
  border: none; border-left: 1px solid {c.hairline}; border-top: 1px solid {c.hairline};
  selection-background-color: {c.accent_soft}; selection-color: {c.ink}; }}
QHeaderView, QTableCornerButton::section {{ background: {c.surface}; border: none; }}
QHeaderView::section {{ background: {c.surface}; color: {c.quiet}; border: none;
  border-right: 1px solid {c.hairline}; border-bottom: 1px solid {c.hairline}; }}
QHeaderView::section:vertical {{ padding: 0 {px(8)}px; }}
"""
