"""The palette and the one stylesheet, generated from a theme's roles.

Only what a palette cannot say is in the stylesheet (scroll bars, tool tips, menus): every rule costs each
widget a little when it is first shown. Our own widgets paint themselves from the theme.
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
    """Return the application's stylesheet."""
    c, px = theme.colours, theme.px
    return f"""
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: {px(12)}px; }}
QScrollBar:horizontal {{ height: {px(12)}px; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: {px(3)}px; margin: {px(3)}px; }}
QScrollBar::handle:vertical {{ min-height: {px(36)}px; }}
QScrollBar::handle:horizontal {{ min-width: {px(36)}px; }}
QScrollBar::handle:hover {{ background: {c.quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
Field {{ background: transparent; border: none; }}
QToolTip {{ background: {c.surface}; color: {c.ink}; border: 1px solid {c.edge}; padding: {px(6)}px; }}
QTableView {{ background: {c.surface}; color: {c.ink}; gridline-color: {c.hairline};
  border: 1px solid {c.hairline}; selection-background-color: {c.accent_soft}; selection-color: {c.ink}; }}
QHeaderView, QTableCornerButton::section {{ background: {c.surface}; border: none; }}
QHeaderView::section {{ background: {c.surface}; color: {c.quiet}; border: none; padding: 0 {px(8)}px;
  border-right: 1px solid {c.hairline}; border-bottom: 1px solid {c.hairline}; }}
QMenu {{ background: {c.surface}; color: {c.ink}; border: 1px solid {c.edge}; padding: {px(4)}px; }}
QMenu::item {{ padding: {px(8)}px {px(16)}px; border-radius: {px(4)}px; }}
QMenu::item:selected {{ background: {c.selection}; color: {c.on_selection}; }}
QMenu::separator {{ height: 1px; background: {c.hairline}; margin: {px(4)}px {px(8)}px; }}
"""
