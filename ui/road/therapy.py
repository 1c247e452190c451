"""The way from a piece of work to what an occupational therapist works with: rooms, photos, orders, loans."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from ui.pages.registry import PAGES
from ui.place import Place
from ui.road.parts import PlaceLink, in_line
from ui.widgets.layouts import column
from ui.widgets.surfaces import Cells, HairlineList
from ui.widgets.text import Heading, Quiet

FORMS = frozenset({"ot-assessment", "moving-handling", "bed-rails", "ot-follow-up"})
"""A piece of work whose pack names one of these is a therapist's."""

ENTRIES = (
    ("rooms", "Rooms and measures", "Room by room, each measure twice. What fits stands beside it."),
    ("photos", "Photos", "Of rooms and things. Arrows and words on a copy; black out before it leaves."),
    ("catalogue", "Catalogue", "What can be ordered, and whether it fits."),
    ("prescribe", "Prescriptions", "What is ordered, for whom, set how, and how fast."),
    ("adapt", "Adaptations", "Rails, steps and ramps drawn to scale; larger works and the grant."),
    ("loans", "On loan", "What came, who fitted it, when it is examined, what came back."),
)


def is_therapy(forms: Sequence[str]) -> bool:
    """Say whether a piece of work with these forms is a therapist's."""
    return bool(FORMS & set(forms))


def place_of(page: str, case: str, piece: str) -> Place:
    """Return where an entry leads."""
    if page == "loans":
        return Place(page, case)
    return Place(page, case, "", piece) if page == "prescribe" else Place(page, case, piece)


class TherapyEntries(QWidget):
    """The entries, one under another, each with what it is for."""

    def __init__(self, case: str, piece: str, follow: Callable[[], None]) -> None:
        super().__init__()
        outer = column(self, 12)
        outer.addWidget(Heading("The person and the home"))
        known = {spec.key for spec in PAGES}
        rows = HairlineList()
        for page, words, what in ENTRIES:
            if page not in known:
                continue
            held = QWidget()
            cells = Cells(held, (4, 9), least=520, gap=20, margins=(14, 9, 14, 9))
            link = PlaceLink(words, place_of(page, case, piece))
            link.clicked.connect(follow)
            cells.addWidget(in_line(link))
            cells.addWidget(Quiet(what))
            rows.add(held)
        outer.addWidget(rows)
