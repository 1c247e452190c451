"""What was recorded of each condition of the regulations, and on whose account: the chain in full."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.eligibility import Achieves
from ascdesk.care.missing import apart
from ascdesk.care.outcomes import wellbeing_area
from ascdesk.work.adults import Limb, Link
from ascdesk.work.deciding import Reckoning
from ui.deciding.fields import PlaceLink
from ui.place import Place
from ui.widgets.layouts import column
from ui.widgets.surfaces import Cells, HairlineList
from ui.widgets.text import Body, Heading, Small, Strong

_VOICES = {
    "person": "own words",
    "carer": "the carer",
    "observed": "seen or known",
    "professional": "another professional",
    "record": "the record",
}


class Recorded(QWidget):
    """The conditions, one after another. ``followed`` carries the place of one that somebody looks at."""

    followed = Signal(object)

    def __init__(self, found: Reckoning) -> None:
        super().__init__()
        self._found = found
        self._outer = column(self, 16)

    def steps(self) -> Iterator[None]:
        """Build it a condition at a step, before it is put on a page: so it is laid out once."""
        found = self._found
        self._outer.addWidget(Heading("What was recorded"))
        rows = HairlineList()
        for limb in found.chain.limbs:
            rows.add(self._limb(limb))
            yield
        for link in found.chain.links:
            rows.add(self._outcome(link))
            yield
        rows.add(self._impact())
        self._outer.addWidget(rows)
        self._outer.addWidget(Small(f"{found.criteria.law} {found.criteria.help_from_others}"))

    def _limb(self, limb: Limb) -> QWidget:
        words = {True: "Yes", False: "No", None: "Not recorded yet"}[limb.met]
        which = self._found.words(limb.words) if limb.words else ""
        return self._condition(limb.title, f"{words}: {which}" if which else words, limb.asked)

    def _outcome(self, link: Link) -> QWidget:
        meanings = {one.code: one.name for one in self._found.criteria.meanings}
        words = {
            Achieves.YES: "Manages this, or does not want it",
            Achieves.NO: "Cannot achieve it",
            Achieves.NOT_APPLICABLE: "Does not apply",
            Achieves.NOT_EXPLORED: "Not talked about yet",
        }[link.finding.achieves]
        if link.finding.achieves is Achieves.YES:
            words = "Manages this" if link.outcome.code != "A08" else words
        if link.finding.achieves is Achieves.NO:
            why = [meanings[code] for code in sorted(link.finding.reasons) if code in meanings]
            words += ": " + "; ".join(part[:1].lower() + part[1:] for part in why) if why else ""
        voices = apart(_VOICES[voice] for voice in link.voices if voice in _VOICES)
        silent = "" if link.finding.achieves is Achieves.NOT_EXPLORED else "Nobody’s account is written down"
        said = f"On whose account: {voices}" if voices else silent
        return self._condition(link.outcome.name, words, f"{link.outcome.code}.achieves", said)

    def _impact(self) -> QWidget:
        chain = self._found.chain
        areas = apart(wellbeing_area(code).name.lower() for code in sorted(chain.areas))
        impact = {True: "Yes", False: "No", None: "Not decided yet"}[chain.significant]
        words = f"{impact}. On: {areas}." if areas else f"{impact}."
        return self._condition("Significant impact on wellbeing", words, self._found.criteria.significant)

    def _condition(self, title: str, words: str, at: str, more: str = "") -> QWidget:
        held = QWidget()
        cells = Cells(held, (5, 8, 1), least=520, gap=20, margins=(14, 9, 14, 9))
        cells.addWidget(Strong(title))
        told = QWidget()
        outer = column(told, 0)
        outer.addWidget(Body(words))
        if more:
            outer.addWidget(Small(more))
        cells.addWidget(told)
        place = Place("assess", self._found.case.id, self._found.draft.response, at)
        look = PlaceLink("Look", place, f"Look at: {title}")
        look.followed.connect(self.followed)
        cells.addWidget(look)
        held.setAccessibleName(f"{title}: {words}. {more}")
        return held
