"""What both copies share: the parts of a form as the copy's values, who is who, and what must be on no copy.

Everything is given with its marks; `ascdesk.documents.release` alone decides what is printed.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from ascdesk.care.people import show_nhs_number
from ascdesk.documents import model
from ascdesk.documents.model import CopyFormat, CopyPolicy
from ascdesk.errors import PlainError
from ascdesk.record.record import Record
from ascdesk.work import bodies, cases, fields, privacy, responses
from ascdesk.work.cases import AllocationFacts, Case
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Draft
from ascdesk.work.telling import Asked, Part, Voice

_KEY_SAFE = ("s05.key-safe-code", "s05.key-safe-where")
_RELEASES = uuid.UUID("3f0a6a52-8b51-5d6b-b54c-1a8b9d3f7c21")
_LONG = 20
"""Characters from which a text that is held back is left out wherever else it stands; shorter ones, such as
*Yes*, would take half a page with them."""
THIRD_PARTY = ("carer", "professional", "record")
FORMATS: Mapping[str, CopyFormat] = {
    "standard": "standard",
    "large-print": "large-print",
    "large-print-20": "large-print-20",
    "large-print-28": "large-print-28",
    "plain-text": "plain-text",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom a copy is made and how; ``format`` ``None`` is the person's own recorded format."""

    recipients: tuple[str, ...] = ()
    format: CopyFormat | None = None
    language: str = "en-GB"


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """Somebody else's account: what it says, and whether a worker has decided that it may be printed."""

    row: str
    change: str
    label: str
    source: str
    who: str
    words: str
    released: bool


@dataclass(frozen=True, slots=True)
class Copier:
    """One case as its copies are made from: who is who, what was released, what is private."""

    case: Case
    releases: Mapping[str, tuple[str, model.ReleaseDecision]] = field(default_factory=dict)
    private: tuple[str, ...] = ()
    worker_name: str = ""
    response: str = ""

    def person(self) -> model.Person:
        """Return whom the copy is about."""
        held = self.case.person
        return model.Person(
            name=held.full_name,
            preferred_name=held.known_as,
            born=whole_day(held.date_of_birth),
            nhs_number=_shown_number(held.nhs_number),
            address="\n".join(part for part in (held.address, held.postcode) if part),
            first_language=held.first_language or "",
            communication=tuple(need.text for need in self.case.communication if need.text),
        )

    def section(self, part: Part, *, heading: str = "", skip: Iterable[str] = ()) -> model.Section:
        """Return a part of the form with what is in it, without the linkIds in ``skip``."""
        left_out = frozenset(skip)
        questions = (self.question(one) for one in part.asked if one.link_id not in left_out)
        inner = (one for one in part.parts if one.link_id not in left_out)
        return model.Section(
            heading or part.heading,
            tuple(one for one in questions if one is not None),
            tuple(self.section(one, skip=left_out) for one in inner),
            _policy(part.copy),
            self.mark(part),
        )

    def mark(self, part: Part) -> model.BodyMark | None:
        """Return where a row stands on the outline of a body, with what may be said of it; else nothing."""
        if part.spot is None:
            return None
        told = {name: self.answers(asked) for name, asked in bodies.parts_of(part).items()}
        spot, size = part.spot, (*told["length"], *told["width"])
        return model.BodyMark(
            spot.number,
            spot.face,
            spot.x,
            spot.y,
            told["side"],
            told["body"],
            told["kind-other"] or told["kind"],
            size,
        )

    def question(self, asked: Asked) -> model.Question | None:
        """Return a question with its accounts; nothing where it was not answered."""
        answers = self.answers(asked)
        absent = next((voice.absent for voice in asked.voices if voice.absent), "")
        if not answers and not absent:
            return None
        return model.Question(asked.plain, answers, _absent(absent), _policy(asked.copy))

    def answers(self, asked: Asked | None) -> tuple[model.Answer, ...]:
        """Return every account of a question; one that two people wrote differently is not settled yet."""
        voices = asked.voices if asked is not None else ()
        return tuple(self.answer(one, asked) for one in voices if one.words and not one.conflict)

    def answer(self, voice: Voice, asked: Asked | None) -> model.Answer:
        """Return one account with its marks."""
        decision = self.releases.get(responses.account_row(self.response, voice.key))
        released = decision[1] if decision is not None and decision[0] == voice.change else None
        return model.Answer(
            source=voice.source,  # type: ignore[arg-type]
            text=voice.in_a_line,
            who=self.who(voice.source),
            held_back=voice.held_back,
            released=released,
            copy=_policy(asked.copy if asked is not None else "always"),
        )

    def who(self, source: str) -> str:
        """Return the name that is printed beside an account."""
        # Several people may have spoken as "the carer": no name is put to words that may be another's.
        return {"observed": self.worker_name, "carer": "family or a carer"}.get(source, "")

    def worker(self, user: str) -> model.Worker | None:
        """Return who can be reached directly: while there is a piece of work with the person (seed 001)."""
        open_ = [one for one in self.case.allocations if not one.until]
        mine = [one for one in open_ if one.worker == user] or open_
        return _worker(mine[0]) if mine else None

    def third_parties(self, parts: Iterable[Part]) -> tuple[ThirdParty, ...]:
        """Return the accounts of others that need a decision before they are printed."""
        found: list[ThirdParty] = []
        for asked in printable(parts):
            for voice in asked.voices:
                if voice.source in THIRD_PARTY and voice.words and voice.held_back is None:
                    row = responses.account_row(self.response, voice.key)
                    made = self.releases.get(row)
                    released = made is not None and made[0] == voice.change
                    found.append(
                        ThirdParty(
                            row,
                            voice.change,
                            asked.label,
                            voice.source,
                            self.who(voice.source),
                            voice.words,
                            released,
                        )
                    )
        return tuple(found)


def printable(parts: Iterable[Part]) -> Iterable[Asked]:
    """Yield the questions that the form allows on a copy."""
    for part in parts:
        if part.copy != "never":
            yield from (one for one in part.asked if one.copy != "never")
            yield from printable(part.parts)


def copier(record: Record, case: str, draft: Draft, library: FormLibrary) -> Copier:
    """Return the maker of copies of one case. Raises :class:`Refusal` when the case is not on this laptop."""
    held = cases.look(record, case)
    notes = cases.staff_notes(record, case)
    private = [text for note in notes for text in pieces(note.text, note.evidence)]
    private += _private_answers(record, held, draft)
    heard = privacy.private_texts(record, held, library, draft.response)
    private += [part for text in heard if len(text) >= _LONG for part in pieces(text)]
    private += _of_orders(record, case)
    return Copier(
        held, _releases(record, case), tuple(dict.fromkeys(private)), _name(held, draft), draft.response
    )


def _name(case: Case, draft: Draft) -> str:
    """Return the name of who assessed: as the form says it, else as the piece of work does."""
    said = draft.answers((), "s00.assessor")
    if said:
        return str(said[0].get("valueString", ""))
    named = {one.worker: one.worker_name for one in case.allocations}
    return named.get(draft.assessor) or draft.assessor


def _of_orders(record: Record, case: str) -> list[str]:
    """Return how to get in, and what is meant for who delivers, of every prescription of the case."""
    found: list[str] = []
    for row in fields.rows(record, case, "prescription"):
        for head in row.fields.get("access", ()):  # of two that differ both are secret
            text = str(head.value or "")
            found += [*pieces(text), *_phrases(text)]
    return [*found, *pieces(*deliverers(record, case))]


def deliverers(record: Record, case: str) -> tuple[str, ...]:
    """Return what prescriptions say for who delivers alone: alerts, and hazards of some length."""
    found: list[str] = []
    for row in fields.rows(record, case, "prescription"):
        found += [str(head.value) for head in row.fields.get("safety_alert", ()) if head.value]
        hazards = [str(head.value or "") for head in row.fields.get("hazards", ())]
        found += [text for text in hazards if len(text) >= _LONG]
    return tuple(found)


def pieces(*texts: str | None) -> list[str]:
    """Return texts whole and by their sentences: a sentence may have been taken over alone."""
    found: list[str] = []
    for text in texts:
        if text:
            found.append(text)
            found += [part for part in re.split(r"(?<=[.!?])\s+", text) if len(part) >= _LONG]
    return found


def _phrases(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;.]", text) if len(part.strip()) >= _LONG // 2]


def _private_answers(record: Record, case: Case, draft: Draft) -> list[str]:
    """Return key-safe answers and what is held back, of every set of answers of the case."""
    drafts = [draft]
    drafts += [
        responses.load(record, case.id, held.row) for held in case.responses if held.row != draft.response
    ]
    found: list[str] = []
    for one in drafts:
        for key, account in one.accounts.items():
            for version in account.versions:
                texts = [str(a["valueString"]) for a in version.said.answer if a.get("valueString")]
                if key.link_id in _KEY_SAFE:
                    # "Left of the porch, behind the meter box": half of it would lead there as well.
                    found += [*texts, *(part for text in texts for part in _phrases(text))]
                elif version.said.held_back is not None:
                    found += [text for text in texts if len(text) >= _LONG]
    return found


def _releases(record: Record, case: str) -> dict[str, tuple[str, model.ReleaseDecision]]:
    found: dict[str, tuple[str, model.ReleaseDecision]] = {}
    for row in fields.rows(record, case, "release"):
        on = whole_day(row.value("on"))
        if row.value("change") and on is not None:
            made = model.ReleaseDecision(str(row.value("by") or ""), on)
            found[str(row.value("answer_row"))] = (str(row.value("change")), made)
    return found


def release_row(answer_row: str) -> str:
    """Return the row of the decision about one account: the same on every laptop."""
    return str(uuid.uuid5(_RELEASES, answer_row))


def whole_day(text: object) -> date | None:
    """Return a whole date of an ISO 8601 date or time; nothing for less."""
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def own_format(case: Case | None, codes: Iterable[str]) -> tuple[CopyFormat, str]:
    """Return the format to make, and the code that the person asked for where it is none of ours."""
    usual = case.person.copy_format if case is not None else None
    wanted = [code for code in codes if code] or [usual or "standard"]
    made = next((FORMATS[code] for code in wanted if code in FORMATS and code != "standard"), None)
    other = [code for code in wanted if code not in FORMATS]
    return made or "standard", "" if made or not other else other[0]


def _shown_number(text: str | None) -> str:
    try:
        return show_nhs_number(text) if text else ""
    except PlainError:
        return ""


def _worker(held: AllocationFacts) -> model.Worker:
    return model.Worker(
        held.worker_name or "", held.role or "", held.team or "", held.telephone or "", held.email or ""
    )


def _policy(code: str) -> CopyPolicy:
    return "never" if code == "never" else "always"


def _absent(code: str) -> model.Absent:
    known: tuple[model.Absent, ...] = ("not-known", "declined", "varies", "not-discussed")
    return next((one for one in known if one == code), "")
