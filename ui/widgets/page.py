"""The page: the person at the top, the rail, the column of work, a side panel, the state line. It reflows.

When the window is narrow for its zoom the panel goes under the work, then the rail becomes a button.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.theme.appearance import theme_of
from ui.widgets.buttons import HintButton, SecondaryButton, plain_words
from ui.widgets.editor import Field
from ui.widgets.layouts import Flow, column, row
from ui.widgets.rail import Rail
from ui.widgets.stateline import StateLine
from ui.widgets.surfaces import Cells, PageScroll, Surface, empty
from ui.widgets.text import BandName, BarText, Chip, PageHeading, Quiet, Small, Tone, rounded

RAIL: Final = 272
PANEL: Final = 276
_PANEL_BESIDE: Final = 1000
_RAIL_BESIDE: Final = 760
_BAR_IN_ONE: Final = 960
_BAND_IN_ONE: Final = 700
_SHORT: Final = 480
"""Height in units under which the edges of the page give way to the work between them."""


class PersonBand(Surface):
    """Who this is about, and what a good visitor must know. Staff-safety notes are only ever a count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, edges=("bottom",))
        self._short = False
        cells = Cells(self, (5, 6), least=_BAND_IN_ONE, gap=24, margins=(24, 11, 24, 11))
        who = QWidget(self)
        left = column(who, 0)
        self.name = BandName("")
        left.addWidget(self.name)
        self._facts = Flow(gap=18, line_gap=0)
        left.addLayout(self._facts)
        cells.addWidget(who)
        self._right = QWidget(self)
        self._chips = Flow(self._right, gap=8, line_gap=4, margins=(0, 10, 0, 0), right=True)
        cells.addWidget(self._right)

    def set_short(self, short: bool) -> None:
        """Leave only the name and what to know in a low window; the facts are then in the tool tip."""
        self._short = short
        for fact in self.findChildren(Small):
            fact.setVisible(not short)
        self.setToolTip(self.accessibleName() if short else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set what to know on the right, or under the name when there is no room beside it."""
        super().resizeEvent(event)
        self._chips.set_right(self.width() >= theme_of().px(_BAND_IN_ONE + 48))

    def set_person(self, name: str, facts: Sequence[str]) -> None:
        """Show the name, and short facts in one line: age and birth, NHS number, address."""
        self.name.setText(name)
        self.setAccessibleName(", ".join((name, *facts)))
        empty(self._facts)
        for fact in facts:
            self._facts.addWidget(Small(fact, self, wrap=False))
        if self._short:
            self.set_short(True)

    def set_chips(self, chips: Sequence[tuple[str, Tone]], buttons: Sequence[HintButton] = ()) -> None:
        """Show what to know as chips, then buttons such as *Staff notes (2)*."""
        empty(self._chips)
        for words, tone in chips:
            self._chips.addWidget(Chip(words, tone, self._right))
        for button in buttons:
            button.setParent(self._right)
            self._chips.addWidget(button)


class PlaceButton(QPushButton):
    """A place in the bar at the top; the current one lies on the soft accent."""

    def __init__(self, key: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(plain_words(words), parent)
        self.key = key
        self.current = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)

    def sizeHint(self) -> QSize:
        """Return the size of the words with room around them."""
        theme = theme_of()
        wide = self.fontMetrics().horizontalAdvance(self.text().replace("&&", "&"))
        return QSize(wide + theme.px(26), theme.px(44 if theme.touch else 34))

    def set_current(self, current: bool) -> None:
        """Mark the place as the one on the screen."""
        self.current = current
        self.setAccessibleDescription("this page" if current else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the place."""
        theme = theme_of()
        c = theme.colours
        painter = QPainter(self)
        if self.current or self.underMouse():
            edge = c.ink if theme.outlined else None
            rounded(painter, self.rect().toRectF(), theme.px(6), c.accent_soft, edge)
        face = self.font()
        face.setWeight(face.Weight.DemiBold if self.current else face.Weight.Normal)
        painter.setFont(face)
        painter.setPen(QColor(c.accent if self.current else c.quiet))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text().replace("&&", "&"))


class AppBar(Surface):
    """The bar over pages that are about no one person: places, search, who is signed in."""

    chosen = Signal(str)
    searched = Signal(str)

    def __init__(self, places: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent, edges=("bottom",))
        outer = Cells(self, (7, 4, 4), least=_BAR_IN_ONE, gap=16, margins=(24, 8, 24, 8))
        held = QWidget(self)
        left = Flow(held, gap=8, line_gap=2)
        title = BandName("ASC Desk", wrap=False)
        title.setForegroundRole(title.palette().ColorRole.Link)
        left.addWidget(title)
        self.places = [PlaceButton(key, words, self) for key, words in places]
        for place in self.places:
            place.clicked.connect(self._chosen)
            left.addWidget(place)
        outer.addWidget(held)
        self.search = Field(self, chars=28, after="Ctrl F")
        self.search.setPlaceholderText("Find a person, a task or an answer")
        self.search.setAccessibleName("Find a person, a task or an answer")
        self.search.returnPressed.connect(self._searched)
        outer.addWidget(self.search)
        self.who = BarText("")
        outer.addWidget(self.who)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set who is signed in on the right, or under the rest when there is no room beside it."""
        super().resizeEvent(event)
        beside = self.width() >= theme_of().px(_BAR_IN_ONE + 48)  # the margins are inside the bar
        side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignLeft
        self.who.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def set_short(self, short: bool) -> None:
        """Leave out who is signed in where the window is low; the tool tip says it then."""
        self.who.setVisible(not short)
        self.setToolTip(self.who.text() if short else "")

    def set_current(self, key: str) -> None:
        """Mark the place on the screen."""
        for place in self.places:
            place.set_current(place.key == key)

    def set_who(self, words: str) -> None:
        """Say who is signed in."""
        self.who.setText(words)

    def _chosen(self) -> None:
        place = self.sender()
        if isinstance(place, PlaceButton):
            self.chosen.emit(place.key)

    def _searched(self) -> None:
        self.searched.emit(self.search.text().strip())


class PageLayout(QWidget):
    """Band, rail, centre, panel and state line. ``centre`` is the column that a page fills."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 0)
        self._band_place = column(None, 0)
        outer.addLayout(self._band_place)
        self._middle = row(None, 0)
        outer.addLayout(self._middle, 1)
        self._rail: Rail | None = None
        self._rail_side: Surface | None = None
        self.area = PageScroll(self, margins=(34, 20, 34, 24), gap=16)
        self._rail_button = SecondaryButton("", self)
        self._rail_button.clicked.connect(self._toggle_rail)
        self._rail_button.hide()
        self.area.body.addWidget(self._rail_button)
        self.centre: QVBoxLayout = column(None, 16)
        self.area.body.addLayout(self.centre)
        self._below = column(None, 16)
        self.area.body.addLayout(self._below)
        self.area.body.addStretch(1)
        self._middle.addWidget(self.area, 1)
        self._panel: QWidget | None = None
        self._panel_side: Surface | None = None
        self._panel_scroll: PageScroll | None = None
        self._rail_open = False
        self._short = False
        self._band: PersonBand | AppBar | None = None
        self.state = StateLine(self)
        outer.addWidget(self.state)

    def set_band(self, band: PersonBand | AppBar) -> None:
        """Put a band or a bar at the top."""
        empty(self._band_place)
        self._band_place.addWidget(band)
        self._band = band
        if self._short:
            band.set_short(True)

    def set_rail(self, rail: Rail) -> None:
        """Put a rail on the left."""
        side = Surface(self, ground="paper", edges=("right",))
        layout = column(side, 0, (0, 0, 1, 0))
        area = PageScroll(side, gap=0)
        area.body.addWidget(rail)
        layout.addWidget(area)
        self._middle.insertWidget(0, side)
        self._rail, self._rail_side = rail, side
        self._rail_button.setText(rail.all_words)
        rail.chosen.connect(self._rail_chosen)
        self._reflow()

    def set_panel(self, panel: QWidget | None, *, plain: bool = False) -> None:
        """Put a panel on the right, or take it away; the one before goes. ``plain``: on paper."""
        if self._panel is not None:
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = panel
        if panel is not None and self._panel_side is None:
            side = Surface(self, ground="paper", edges=()) if plain else Surface(self, edges=("left",))
            layout = column(side, 0, (1, 0, 0, 0))
            self._panel_scroll = PageScroll(side, margins=(20, 20, 20, 20), surface=not plain)
            layout.addWidget(self._panel_scroll)
            self._panel_scroll.body.addStretch(1)
            self._middle.addWidget(side)
            self._panel_side = side
        self._reflow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reflow to the new width."""
        super().resizeEvent(event)
        self._reflow()

    def changeEvent(self, event: QEvent) -> None:
        """Reflow to a new zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "state"):
            self._reflow()

    def _reflow(self) -> None:
        theme = theme_of()
        units = self.width() * 100 / theme.zoom
        rail_beside = units >= _RAIL_BESIDE
        if self._rail_side is not None:
            self._rail_button.setVisible(not rail_beside)
            self._rail_side.setVisible(rail_beside or self._rail_open)
            self.area.setVisible(rail_beside or not self._rail_open)
            if rail_beside:
                self._rail_side.setFixedWidth(theme.px(RAIL))
            else:
                self._rail_side.setMinimumWidth(0)
                self._rail_side.setMaximumWidth(16777215)
        self._place_panel(beside=units >= _PANEL_BESIDE)
        self._set_short(self.height() * 100 / theme.zoom < _SHORT)

    def _set_short(self, short: bool) -> None:
        """Give the work the room of the edges in a low window, as at 200 per cent; or give it back."""
        if short == self._short:
            return
        self._short = short
        self.state.set_short(short)
        if self._band is not None:
            self._band.set_short(short)

    def _place_panel(self, *, beside: bool) -> None:
        side, area = self._panel_side, self._panel_scroll
        if side is None or area is None:
            return
        side.setFixedWidth(theme_of().px(PANEL))
        side.setVisible(beside and self._panel is not None)
        if self._panel is None:
            return
        place = area.body if beside else self._below
        if place.indexOf(self._panel) < 0:
            (self._below if beside else area.body).removeWidget(self._panel)
            place.insertWidget(0, self._panel)
            self._panel.show()

    def _toggle_rail(self) -> None:
        self._rail_open = not self._rail_open
        self._reflow()
        if self._rail_open and self._rail is not None:
            current = next((b for b in self._rail.buttons if b.current), None)
            if current is not None:
                current.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rail_chosen(self, _key: str) -> None:
        if self._rail_open:
            self._rail_open = False
            self._reflow()


def page_head(crumb: str, title: str, lead: str = "") -> QWidget:
    """Return the head of a page: where we are, the one large heading, what it is about."""
    held = QWidget()
    layout = column(held, 2)
    if crumb:
        layout.addWidget(Quiet(crumb))
    layout.addWidget(PageHeading(title))
    if lead:
        layout.addWidget(Quiet(lead))
    return held
