"""The panel beside a form: what was talked about, or the working view for the professional alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ascdesk.care.eligibility import Achieves
from ascdesk.care.missing import apart
from ascdesk.care.outcomes import wellbeing_area
from ascdesk.work.determinations import Chain, Link, chain
from ascdesk.work.drafting import standing_answers
from ui.form.outline import FormSection, Progress
from ui.form.session import FormSession
from ui.widgets.buttons import HintButton, PrimaryButton, SmallLink
from ui.widgets.layouts import column
from ui.widgets.surfaces import Hairline, Marked
from ui.widgets.text import Heading, Quiet, Small


class TalkedAbout(QWidget):
    """What was talked about and what not yet, in words that the person may read. No reckoning."""

    working_asked = Signal()

    def __init__(
        self, session: FormSession, sections: Sequence[FormSection], progress: Mapping[str, Progress]
    ) -> None:
        super().__init__()
        outer = column(self, 10)
        outer.addWidget(Heading("Talked about so far"))
        done: list[str] = []
        open_: list[str] = []
        for section in sections:
            total = sum((progress[page.key] for page in section.pages if not page.working), Progress())
            words = session.words(section.heading)
            if len(section.pages) > 1 and section.key == "s10":
                talked = [session.words(p.heading) for p in section.pages if progress[p.key].answered]
                not_yet = [session.words(p.heading) for p in section.pages if not progress[p.key].answered]
                if talked:
                    outer.addWidget(Marked("done", words, " · ".join(talked)))
                open_ += not_yet
            elif total.answered:
                done.append(words)
            else:
                open_.append(words)
        if done:
            outer.addWidget(Marked("done", "Talked about", " · ".join(done)))
        if open_:
            outer.addWidget(Marked("open", "Not yet", " · ".join(open_)))
        outer.addWidget(Hairline())
        outer.addWidget(Quiet(f"Only what {session.names['name']} may see is on this screen."))
        link = HintButton("Open the working view", "Ctrl E")
        link.clicked.connect(self.working_asked)
        outer.addWidget(link)


class WorkingView(QWidget):
    """The three conditions of the regulation as they stand: who said so, what is missing. You decide."""

    hide_asked = Signal()
    decide_asked = Signal()

    def __init__(self, session: FormSession) -> None:
        super().__init__()
        found = chain(standing_answers(session.state), session.draft)
        outer = column(self, 10)
        outer.addWidget(Heading("Working view"))
        for mark in _conditions(found):
            outer.addWidget(mark)
        outer.addWidget(Hairline())
        outer.addWidget(Quiet(found.result.reason))
        outer.addWidget(Small("Regulation 2, SI 2015/313. You decide, give reasons, and sign."))
        decide = PrimaryButton("Determination") if found.result.can_sign else SmallLink("Determination")
        decide.clicked.connect(self.decide_asked)
        outer.addWidget(decide)
        hide = HintButton("Hide", "Ctrl E")
        hide.clicked.connect(self.hide_asked)
        outer.addWidget(hide)


def _conditions(found: Chain) -> list[Marked]:
    unable = [link for link in found.links if link.outcome.code in found.result.unable]
    open_ = [link.outcome.name for link in found.links if link.outcome.code in found.result.unexplored]
    marks = [
        _condition(found.impairment, "Arises from an impairment or illness", "Not recorded yet"),
        Marked(
            "done" if len(unable) >= 2 else "open",
            f"Unable to achieve two or more: {len(unable)} recorded",
            "\n".join(_because(link) for link in unable) or "None recorded",
        ),
        _impact(found),
    ]
    if open_:
        marks.append(Marked("open", f"Not explored: {len(open_)} of {len(found.links)}", " · ".join(open_)))
    no_meaning = [
        link.outcome.name
        for link in found.links
        if link.finding.achieves is Achieves.NO and not link.finding.reasons
    ]
    if no_meaning:
        marks.append(Marked("look", "Say in which way", " · ".join(no_meaning)))
    return marks


_BRIEFLY = {"U1": "needs help", "U2": "pain or distress", "U3": "not safe", "U4": "much longer"}
"""The four meanings of *unable to achieve* (SI 2015/313 reg 2(3)), as a margin note says them."""


def _condition(met: bool | None, title: str, unknown: str) -> Marked:
    if met is None:
        return Marked("open", title, unknown)
    return Marked("done" if met else "stop", title, "Recorded" if met else "Recorded: no")


def _because(link: Link) -> str:
    why = apart(_BRIEFLY[code] for code in sorted(link.finding.reasons) if code in _BRIEFLY)
    voices = {"person": "own words", "carer": "carer", "observed": "seen", "professional": "professional"}
    said = ", ".join(voices[voice] for voice in link.voices if voice in voices)
    return f"{link.outcome.name}: {why}" + (f" ({said})" if said else "")


def _impact(found: Chain) -> Marked:
    title = "Significant impact on wellbeing"
    areas = " · ".join(wellbeing_area(code).name.lower() for code in sorted(found.areas))
    if found.significant is None:
        words = f"Not decided. Recorded so far: {areas}" if areas else "Not recorded yet"
        return Marked("open", title, words)
    if not found.significant:
        return Marked("stop", title, "Recorded: no")
    return Marked("done" if areas else "look", title, areas or "Name one area at least")
