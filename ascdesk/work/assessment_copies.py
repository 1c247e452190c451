"""The person's copy of a needs assessment, built from the record (Care Act 2014 s.12(3), s.13(2), s.24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from ascdesk.care.eligibility import Achieves
from ascdesk.care.outcomes import ADULT_MEANINGS, outcome, wellbeing_area
from ascdesk.documents import model
from ascdesk.work import adults
from ascdesk.work.adults import Link
from ascdesk.work.copying import Copier, whole_day
from ascdesk.work.deciding import Reckoning
from ascdesk.work.telling import Asked, Part

_IN_THE_HEAD = ("s00.person", "s00.numbers", "s00.work")
_ELSEWHERE = ("s10", "s11", "s17", "s18", "s19")
_IN_OUTCOMES = (".achieves", ".over-time", ".reasons", ".words", ".wish", ".now")


@dataclass(frozen=True, slots=True)
class AssessmentTeller:
    """Builds the parts of one assessment's copy."""

    copier: Copier
    found: Reckoning

    def part(self, link_id: str) -> Part | None:
        """Return a part of the form that is asked now."""
        return next((held for part in self.found.sections if (held := part.part(link_id))), None)

    def sections(self) -> tuple[model.Section, ...]:
        """Return what was talked about, in the form's order, without what has a place of its own."""
        made = [
            self.copier.section(part, skip=(*_IN_THE_HEAD, "s01.conversation"))
            for part in self.found.sections
            if part.link_id not in _ELSEWHERE
        ]
        for link_id, heading, skip in (
            ("s11.test", "Where the needs come from", _TEST),
            ("s17.wants", "", ()),
            ("s17.reasoning", "Seeing it differently, and help that cannot wait", ("s17.reasons",)),
            ("s18.analysis-page", "", ()),
        ):
            part = self.part(link_id)
            if part is not None:
                made.append(self.copier.section(part, heading=heading, skip=skip))
        return tuple(made)

    def meetings(self) -> tuple[model.Meeting, ...]:
        """Return the conversations, each with when, where, how and who was there."""
        visits = self.part("s01.visits")
        rows = [part for part in visits.parts if part.link_id == "s01.conversation"] if visits else []
        made = [self._meeting(row) for row in rows]
        return tuple(sorted((one for one in made if one is not None), key=_when))

    def _meeting(self, row: Part) -> model.Meeting | None:
        draft = self.found.draft
        on = next((a.get("valueDate") for a in draft.answers(row.path, "s01.conversation.date")), None)
        at = next((a.get("valueTime") for a in draft.answers(row.path, "s01.conversation.time")), None)
        day = whole_day(on)
        if day is None:
            return None
        present = self._printed(row, "s01.conversation.present").rstrip(".")
        return model.Meeting(
            on=day,
            at=_time(at),
            where=self._printed(row, "s01.conversation.place"),
            how=self._printed(row, "s01.conversation.mode"),
            present=(model.Present(present, ""),) if present else (),
        )

    def _printed(self, part: Part, link_id: str) -> str:
        """Return an answer that is put into a line of facts; what is held back is in no line either."""
        asked = next((one for one in part.asked if one.link_id == link_id), None)
        return self.printed(asked)

    def printed(self, asked: Asked | None) -> str:
        """Return the worker's or the person's own words where nothing holds them back."""
        voices = asked.voices if asked is not None and asked.copy != "never" else ()
        own = [one for one in voices if one.source in {"observed", "person"} and not one.conflict]
        return next((one.words for one in own if one.held_back is None), "")

    def outcomes(self) -> tuple[model.OutcomeFinding, ...]:
        """Return the ten outcomes of SI 2015/313 reg 2(2), the person's words first."""
        return tuple(self._outcome(link) for link in self.found.chain.links)

    def _outcome(self, link: Link) -> model.OutcomeFinding:
        code = link.outcome.code
        part = self.part(code)
        meanings = {one.code: f"{one.name}." for one in ADULT_MEANINGS}
        achieves = adults.said_of_outcome(self.found.draft, code)
        asked = {one.link_id: one for one in part.all_asked()} if part is not None else {}
        known = frozenset(f"{code}{end}" for end in _IN_OUTCOMES)
        more = (self.copier.question(one) for key, one in asked.items() if key not in known)
        finding = ""
        if (code, achieves) == ("A08", "not-applicable"):
            finding = _NOT_WANTED
        elif achieves == "varies":
            finding = _OVER_TIME.get(link.finding.achieves, "")
        return model.OutcomeFinding(
            code=code,
            title=link.outcome.name,
            achieves=achieves,
            words=self.copier.answers(asked.get(f"{code}.words")),
            wish=self.copier.answers(asked.get(f"{code}.wish")),
            finding=finding.format(name=self.found.case.person.known_as),
            reasons=tuple(meanings[r] for r in sorted(link.finding.reasons) if r in meanings),
            now=self.copier.answers(asked.get(f"{code}.now")),
            more=tuple(one for one in more if one is not None),
        )

    def wellbeing(self) -> model.WellbeingImpact:
        """Return the impact on the areas of s.1(2), and how it is felt."""
        chain = self.found.chain
        told = ("s11.words", "s11.matters", "s11.areas-words", "s11.impact")
        impact = [one for link_id in told for one in self.copier.answers(self.found.asked(link_id))]
        areas = tuple(wellbeing_area(code).name for code in sorted(chain.areas))
        return model.WellbeingImpact(chain.significant, areas, tuple(impact))

    def next_steps(self) -> tuple[str, ...]:
        """Return what happens next: the steps with who and by when, then what was chosen from the list."""
        page = self.part("s18.next")
        steps: list[str] = []
        for row in (part for part in page.parts if part.link_id == "s18.step") if page else ():
            what, who = self._printed(row, "s18.step.what"), self._printed(row, "s18.step.who")
            when = self._printed(row, "s18.step.when")
            more = ", ".join(part for part in (who, f"by {when}" if when else "") if part)
            steps += [f"{what} ({more})" if more else what] if what else []
        chosen = self.printed(self.found.asked("s18.steps"))
        return (*steps, *(line for line in chosen.split("\n") if line))

    def prevention(self) -> str:
        """Return the advice on preventing, reducing and delaying needs (s.2, s.13(5), s.24(2))."""
        told = ("s17.prevention", "s17.reduce", "s17.information")
        texts = [self.printed(self.found.asked(link_id)) for link_id in told]
        own = str(self.found.held.value("prevention_advice") or "")
        return "\n\n".join(text for text in (own, *texts) if text)

    def persons_view(self) -> tuple[model.Answer, ...]:
        """Return what the person thinks of the record (s.12(3)); asked, never a condition of anything."""
        agrees = self.printed(self.found.asked("s19.agrees"))
        fair = (model.Answer("observed", f"A fair picture? {agrees}", self.copier.worker_name),)
        comments = self.copier.answers(self.found.asked("s19.comments"))
        return (*(fair if agrees else ()), *comments)

    def copies_to(self) -> tuple[str, ...]:
        """Return who else gets a copy of the assessment, as the person asked."""
        page = self.part("s19.copies")
        found: list[str] = []
        for row in (part for part in page.parts if part.link_id == "s19.recipient") if page else ():
            name = self._printed(row, "s19.recipient.name")
            may = self.found.draft.answers(row.path, "s19.recipient.what")
            codes = {a["valueCoding"]["code"] for a in may if "valueCoding" in a}
            if name and (not codes or "assessment" in codes):
                found.append(name)
        return tuple(found)


_TEST = ("s10.unable-count", "s10.unexplored-count", "s11.two-or-more", "s11.significant", "s11.impact")
_OVER_TIME = {
    Achieves.YES: "It varies. Over good and bad times together, {name} can do this.",
    Achieves.NO: "It varies. Over good and bad times together, {name} is not able to do this without help.",
}
_NOT_WANTED = "{name} was asked, and does not want this."


def _time(text: object) -> time | None:
    try:
        return time.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _when(meeting: model.Meeting) -> tuple[date, time]:
    return meeting.on, meeting.at or time()


def determination_of(found: Reckoning) -> model.Determination | None:
    """Return the decision as it was signed, with its reasons; nothing before a signature."""
    signed, held = found.standing.signed, found.held
    eligible = held.value("eligible")
    if signed is None or not isinstance(eligible, bool):
        return None
    reasons = str(held.value("reasons") or "")
    if held.value("differs_because") and eligible != found.chain.result.eligible:
        reasons += f"\n\n{held.value('differs_because')}"
    unable = tuple(outcome(code).name for code in found.chain.result.unable)
    by = ", ".join(part for part in (signed.name, signed.role) if part)
    return model.Determination(eligible, reasons, unable if eligible else (), by, whole_day(signed.at))
