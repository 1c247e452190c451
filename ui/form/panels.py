"""The panel beside a form: what was talked about, or the working view for the professional alone.

A panel is made once for a page and follows each answer: only the lines that say something else are made anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.eligibility import Achieves
from ascdesk.care.missing import apart
from ascdesk.care.outcomes import wellbeing_area
from ascdesk.work.adults import Chain, Link, chain
from ascdesk.work.drafting import standing_answers
from ui.form.outline import FormSection, Progress
from ui.form.session import FormSession
from ui.widgets.buttons import HintButton, PrimaryButton, SmallLink
from ui.widgets.layouts import column
from ui.widgets.surfaces import Hairline, Mark, Marked
from ui.widgets.text import Heading, Quiet, Small


class TalkedAbout(QWidget):
    """What was talked about and what not yet, in words that the person may read. No reckoning."""

    working_asked = Signal()

    def __init__(
        self,
        session: FormSession,
        sections: Sequence[FormSection],
        progress: Mapping[str, Progress],
        *,
        reckons: bool = True,
    ) -> None:
        super().__init__()
        self._session = session
        outer = column(self, 10)
        outer.addWidget(Heading("Talked about so far"))
        self._lines = _Lines()
        outer.addWidget(self._lines)
        self.follow(sections, progress)
        if not reckons:
            return
        outer.addWidget(Hairline())
        outer.addWidget(Quiet(f"Only what {session.names['name']} may see is on this screen."))
        link = HintButton("Open the working view", "Ctrl E")
        link.clicked.connect(self.working_asked)
        outer.addWidget(link)

    def follow(self, sections: Sequence[FormSection], progress: Mapping[str, Progress]) -> None:
        """Say how far the sections are now."""
        self._lines.show_lines(_talked_about(self._session, sections, progress))


class WorkingView(QWidget):
    """The three conditions of the regulation as they stand: who said so, what is missing. You decide."""

    hide_asked = Signal()
    decide_asked = Signal()

    def __init__(self, session: FormSession) -> None:
        super().__init__()
        self._session = session
        outer = column(self, 10)
        outer.addWidget(Heading("Working view"))
        self._lines = _Lines()
        outer.addWidget(self._lines)
        outer.addWidget(Hairline())
        self._reason = Quiet("")
        outer.addWidget(self._reason)
        outer.addWidget(Small("Regulation 2, SI 2015/313. You decide, give reasons, and sign."))
        self._ready, self._not_yet = PrimaryButton("Determination"), SmallLink("Determination")
        for decide in (self._ready, self._not_yet):
            decide.clicked.connect(self.decide_asked)
            outer.addWidget(decide)
        hide = HintButton("Hide", "Ctrl E")
        hide.clicked.connect(self.hide_asked)
        outer.addWidget(hide)
        self.follow()

    def follow(self) -> None:
        """Show the conditions as they stand now."""
        found = chain(standing_answers(self._session.state), self._session.draft)
        self._lines.show_lines(_conditions(found))
        # The conditions above say why; the whole sentence stands where the decision is made.
        eligible = found.result.eligible
        computed = "Computed: eligible." if eligible else "Computed: not eligible."
        self._reason.setText(found.result.reason if eligible is None else computed)
        self._ready.setVisible(found.result.can_sign)
        self._not_yet.setVisible(not found.result.can_sign)


Line = tuple[Mark, str, str]
"""The mark, the title and the detail of one line."""


class _Lines(QWidget):
    """Lines of a check list; a line that says the same as before stays."""

    def __init__(self) -> None:
        super().__init__()
        self._outer = column(self, 10)
        self._shown: list[Line] = []

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        for at in reversed(range(len(self._shown))):
            if at >= len(lines) or lines[at] != self._shown[at]:
                self._drop(at)
        for at, line in enumerate(lines):
            if at >= len(self._shown) or line != self._shown[at]:
                self._outer.insertWidget(at, Marked(*line))
                self._shown.insert(at, line)

    def _drop(self, at: int) -> None:
        del self._shown[at]
        item = self._outer.takeAt(at)
        gone = item.widget() if item is not None else None
        if gone is not None:
            gone.hide()
            gone.deleteLater()


def _talked_about(
    session: FormSession, sections: Sequence[FormSection], progress: Mapping[str, Progress]
) -> list[Line]:
    lines: list[Line] = []
    done: list[str] = []
    open_: list[str] = []
    for section in sections:
        total = sum((progress[page.key] for page in section.pages if not page.working), Progress())
        words = session.words(section.heading)
        if len(section.pages) > 1 and section.key == "s10":
            talked = [session.words(p.heading) for p in section.pages if progress[p.key].answered]
            if talked:
                lines.append(("done", words, " · ".join(talked)))
            open_ += [session.words(p.heading) for p in section.pages if not progress[p.key].answered]
        elif total.answered:
            done.append(words)
        else:
            open_.append(words)
    if done:
        lines.append(("done", "Talked about", " · ".join(done)))
    if open_:
        lines.append(("open", "Not yet", " · ".join(open_)))
    return lines


def _conditions(found: Chain) -> list[Line]:
    unable = [link for link in found.links if link.outcome.code in found.result.unable]
    open_ = [link.outcome.name for link in found.links if link.outcome.code in found.result.unexplored]
    marks: list[Line] = [
        _condition(found.impairment, "Arises from an impairment or illness", "Not recorded yet"),
        (
            "done" if len(unable) >= 2 else "open",
            f"Unable to achieve two or more: {len(unable)} recorded",
            "\n".join(_because(link) for link in unable) or "None recorded",
        ),
        _impact(found),
    ]
    if open_:
        marks.append(("open", f"Not explored: {len(open_)} of {len(found.links)}", " · ".join(open_)))
    no_meaning = [
        link.outcome.name
        for link in found.links
        if link.finding.achieves is Achieves.NO and not link.finding.reasons
    ]
    if no_meaning:
        marks.append(("look", "Say in which way", " · ".join(no_meaning)))
    return marks


_BRIEFLY = {"U1": "needs help", "U2": "pain or distress", "U3": "not safe", "U4": "much longer"}
"""The four meanings of *unable to achieve* (SI 2015/313 reg 2(3)), as a margin note says them."""


def _condition(met: bool | None, title: str, unknown: str) -> Line:
    if met is None:
        return "open", title, unknown
    return "done" if met else "stop", title, "Recorded" if met else "Recorded: no"


def _because(link: Link) -> str:
    why = apart(_BRIEFLY[code] for code in sorted(link.finding.reasons) if code in _BRIEFLY)
    voices = {"person": "own words", "carer": "carer", "observed": "seen", "professional": "professional"}
    said = ", ".join(voices[voice] for voice in link.voices if voice in voices)
    return f"{link.outcome.name}: {why}" + (f" ({said})" if said else "")


def _impact(found: Chain) -> Line:
    title = "Significant impact on wellbeing"
    areas = " · ".join(wellbeing_area(code).name.lower() for code in sorted(found.areas))
    if found.significant is None:
        words = f"Not decided. Recorded so far: {areas}" if areas else "Not recorded yet"
        return "open", title, words
    if not found.significant:
        return "stop", title, "Recorded: no"
    return "done" if areas else "look", title, areas or "Name one area at least"
