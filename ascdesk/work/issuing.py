"""Giving a copy: built from the record, looked at, issued, kept encrypted, and opened again exactly.

Only issuing what is signed stops the two weeks' clock (T5); a draft may be given, and says that it is one.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import func, select

from ascdesk.atomic import disk_trouble, write_atomically
from ascdesk.documents import api, model
from ascdesk.documents.api import FontSet, Missing, Withheld
from ascdesk.documents.model import AnyCopy, AssessmentCopy, CopyFormat, LetterCopy, PlanCopy, RecordCopy
from ascdesk.errors import MachineTrouble, Refusal
from ascdesk.record.attachments import MISSING, Damaged
from ascdesk.record.change import EXISTENCE, new_id
from ascdesk.record.models import Document
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import cases, deciding, fields, letters, plans, privacy, responses, therapy_copies
from ascdesk.work.assessment_copies import AssessmentTeller, determination_of
from ascdesk.work.copying import Asking, Copier, ThirdParty, copier, own_format, release_row
from ascdesk.work.council import CouncilLines, lines_of
from ascdesk.work.criteria import DETERMINED
from ascdesk.work.drafting import form_state
from ascdesk.work.library import FormLibrary
from ascdesk.work.packs import pack_in_use
from ascdesk.work.plan_copies import PlanTeller
from ascdesk.work.rows import event
from ascdesk.work.signing import Standing
from ascdesk.work.telling import Part, Teller
from ascdesk.work.therapy_issue import Making
from ascdesk.work.versions import drawer_part
from ascdesk.work.visits import finished_tasks
from ascdesk.work.wording import names_for

What = Literal["assessment", "plan", "record", "letter", "report", "order", "works", "help"]
METHODS = ("by hand", "by post", "by email")
TITLES = {"assessment": "Needs assessment", "plan": "Care and support plan"}
EVENTS = {"assessment": "assessment_copy_issued", "plan": "plan_issued"}
_FOLDER = "issued"
_GONE = "The file of this copy is missing from this laptop. Ask for help."
_DAMAGED = "The file of this copy is not what was given any more. Nothing was changed; ask for help."


@dataclass(frozen=True, slots=True)
class Prepared:
    """A copy as it would be given now: its bytes, and all that a worker looks at before giving it.

    ``asked_format`` is what the person asked for where it cannot be made here; ``standing`` says who signed,
    and why a signed document is still only a draft.
    """

    what: What
    of: str
    case: str
    copy: AnyCopy
    data: bytes
    withheld: tuple[Withheld, ...]
    missing: tuple[Missing, ...]
    third_parties: tuple[ThirdParty, ...]
    asked_format: str
    recipients: tuple[str, ...]
    standing: Standing
    refused: str = ""

    @property
    def draft(self) -> bool:
        """Say whether it is not signed yet."""
        return self.copy.issue.draft

    @property
    def title(self) -> str:
        """Return what the document is called."""
        if isinstance(self.copy, AssessmentCopy | PlanCopy):
            return TITLES[self.what]
        return self.copy.title

    @property
    def sha256(self) -> str:
        """Return the name of exactly these bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Issued:
    """A copy that was given: its row, its number, and the SHA-256 by which it is kept."""

    row: str
    number: int
    sha256: str


# -- building -----------------------------------------------------------------------------------------------


def assessment_copy(
    record: Record,
    case: str,
    response: str,
    library: FormLibrary,
    asking: Asking | None = None,
    *,
    council: CouncilLines | None = None,
) -> AssessmentCopy:
    """Return the person's copy of a needs assessment as the record stands, each part with its marks.

    Raises :class:`Refusal` when the assessment is not on this laptop, :class:`Unreadable` for bad data files.
    """
    return Builder(record, case, library, asking or Asking(), council).assessment(response)[0]


def plan_copy(
    record: Record,
    case: str,
    plan: str,
    library: FormLibrary,
    asking: Asking | None = None,
    *,
    council: CouncilLines | None = None,
) -> PlanCopy:
    """Return the person's copy of a care and support plan as the record stands, each part with its marks.

    Raises :class:`Refusal` when the plan is not on this laptop, :class:`Unreadable` for bad data files.
    """
    builder = Builder(record, case, library, asking or Asking(), council)
    return builder.plan(plan)[0]


@dataclass(frozen=True, slots=True)
class Source:
    """What a copy was built from, for those who look at it before it is given."""

    copier: Copier
    sections: tuple[Part, ...]
    asked_format: str
    standing: Standing
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds one case's copies for somebody, in a format, with a council's lines: its pack's unless given."""

    record: Record
    case: str
    library: FormLibrary
    asking: Asking
    council: CouncilLines | None = None

    def assessment(self, response: str) -> tuple[AssessmentCopy, Source]:
        """Return the copy of an assessment and what it was built from."""
        found = deciding.reckon(self.record, self.case, response, self.library, _today(self.record))
        maker = copier(self.record, self.case, found.draft, self.library)
        teller = AssessmentTeller(maker, found)
        lines = self._lines()
        codes = _codes(found.draft.answers((), "s19.format")) or _codes(found.draft.answers((), "s02.format"))
        form, other = own_format(found.case, codes)
        made = AssessmentCopy(
            issue=self._issue(response, found.standing, form, maker),
            person=maker.person(),
            front_door=lines.front_door,
            rights=lines.rights,
            worker=maker.worker(self.record.author),
            assessor=model.Worker(maker.worker_name, found.words("s00.role"), found.words("s00.team")),
            meetings=teller.meetings(),
            sections=teller.sections(),
            outcomes=teller.outcomes(),
            wellbeing=teller.wellbeing(),
            determination=determination_of(found),
            next_steps=teller.next_steps(),
            prevention=teller.prevention(),
            persons_view=teller.persons_view(),
            copies_to=teller.copies_to(),
            private=maker.private,
        )
        return made, Source(maker, found.sections, other, found.standing)

    def plan(self, plan: str) -> tuple[PlanCopy, Source]:
        """Return the copy of a plan and what it was built from."""
        sheet = plans.load(self.record, self.case, plan)
        draft = sheet.narrative
        maker = copier(self.record, self.case, draft, self.library)
        form = self.library.form(draft.questionnaire, draft.version)
        state = form_state(form, draft, _today(self.record))
        sections = Teller(form, state, draft, names_for(maker.case)).sections()
        teller = PlanTeller(maker, sheet, sections)
        lines = self._lines()
        own, other = own_format(maker.case, _codes(draft.answers((), "p09.format")))
        made = PlanCopy(
            issue=self._issue(plan, sheet.standing, own, maker),
            person=maker.person(),
            front_door=lines.front_door,
            rights=lines.rights,
            worker=maker.worker(self.record.author),
            involved=teller.involved(),
            needs=teller.needs(),
            lines=teller.lines(),
            short_term_first=teller.short_term(),
            options=teller.options(),
            extra_costs=teller.extra_costs(),
            budget=teller.budget(),
            direct_payment=teller.direct_payment(),
            contingency=teller.contingency(),
            prevention=sheet.plan.prevention_advice,
            reduce_delay=sheet.plan.reduce_advice,
            narrative=teller.narrative(),
            review_on=sheet.plan.review_date,
            agreement=teller.agreement(),
            private=maker.private,
        )
        return made, Source(maker, sections, other, sheet.standing)

    def other(self, response: str) -> tuple[RecordCopy, Source]:
        """Return the copy of any other record, for whom it is about, and what it was built from."""
        draft = responses.load(self.record, self.case, response)
        maker = copier(self.record, self.case, draft, self.library)
        form = self.library.form(draft.questionnaire, draft.version)
        state = form_state(form, draft, _today(self.record))
        subject = privacy.subject_of(maker.case, form, draft)
        names = privacy.names_in(maker.case, form, draft)
        sections = Teller(form, state, draft, names).sections()
        sections += drawer_part(self.library, form, draft, names)
        lines = self._lines()
        # Whom it is not about has no say in its format, and nothing of theirs opens it.
        own, wanted = own_format(maker.case if subject.own else None, privacy.formats(form, draft))
        made = RecordCopy(
            issue=self._issue(response, draft.standing, own, maker, to=subject.name),
            person=maker.person() if subject.own else privacy.person_of(maker.case, subject),
            front_door=lines.front_door,
            rights=lines.rights,
            title=form.title,
            worker=maker.worker(self.record.author),
            sections=tuple(maker.section(part) for part in sections),
            private=maker.private,
            decided_about=draft.questionnaire in DETERMINED,
            determination=self._determination(draft),
        )
        refused = "" if subject.own else _not_for(maker.case, self.asking.recipients)
        return made, Source(maker, sections, wanted, draft.standing, refused)

    def _determination(self, draft: responses.Draft) -> model.Determination | None:
        if draft.questionnaire not in DETERMINED:
            return None
        today = _today(self.record)
        return determination_of(deciding.reckon(self.record, self.case, draft.response, self.library, today))

    def letter(self, of: str) -> tuple[LetterCopy, Source]:
        """Return a letter of the council, by its address (:func:`letters.parse`)."""
        named = letters.parse(of)
        if named is None:
            raise Refusal("There is no such letter. Go back to the case and choose again.")
        maker = copier(self.record, self.case, responses.Draft(self.case, "", "", "", "", ""), self.library)
        written = letters.write(self.record, maker.case, *named)
        own, wanted = own_format(maker.case, ())
        recipients = "; ".join(self.asking.recipients) or written.recipient
        to_person = written.letter != letters.TO_SOURCE
        issue = model.Issue(
            version=self._version(of), issued=_today(self.record), recipient=recipients,
            format=self.asking.format or (own if to_person else "standard"), draft=False,
            language=self.asking.language,
        )  # fmt: skip
        parts = tuple(model.LetterPart(one.heading, one.text, one.items) for one in written.parts)
        made = LetterCopy(
            issue, maker.person(), self._lines().front_door, written.title, parts, to_person, maker.private
        )
        return made, Source(maker, (), wanted if to_person else "", Standing())

    def make(self, what: What, of: str) -> tuple[AnyCopy, Source]:
        """Return a copy of any kind and what it was built from."""
        if what == "assessment":
            return self.assessment(of)
        if what == "plan":
            return self.plan(of)
        if what in ("report", "order", "works", "help"):
            return self.therapy(of)
        return self.other(of) if what == "record" else self.letter(of)

    def therapy(self, of: str) -> tuple[AnyCopy, Source]:
        """Return an occupational therapist's document, by its address (:func:`therapy_copies.parse`)."""
        address = therapy_copies.parse(of)
        if address is None:
            raise Refusal("There is no such document. Go back to the case and choose again.")
        making = Making(
            self.record, self.case, self.library, self.asking, self._lines(), self._version, is_draft
        )
        made = making.make(of, address)
        return made.copy, Source(made.copier, made.sections, made.wanted, made.standing)

    def _lines(self) -> CouncilLines:
        return self.council or lines_of(pack_in_use(self.record))

    def _version(self, of: str) -> int:
        with self.record.reading() as session:
            return (session.scalar(select(func.max(Document.number)).where(Document.of == of)) or 0) + 1

    def _issue(
        self, of: str, standing: Standing, own: CopyFormat, maker: Copier, *, to: str | None = None
    ) -> model.Issue:
        return model.Issue(
            version=self._version(of),
            issued=_today(self.record),
            recipient="; ".join(self.asking.recipients)
            or (maker.case.person.full_name if to is None else to),
            format=self.asking.format or own,
            draft=is_draft(standing),
            language=self.asking.language,
        )


def is_draft(standing: Standing) -> bool:
    """Say whether a copy is only a draft: unsigned, being amended, or changed since it was signed.

    Of two signatures each must list all that stands: else they are a conflict, and what is in conflict counts
    as missing when a copy is issued (design §3).
    """
    if standing.signed is None or standing.amending is not None:
        return True
    return any(one.not_listed for one in (standing.signed, *standing.others))


def _not_for(case: cases.Case, recipients: Sequence[str]) -> str:
    """Say why a record that is kept from the person of the case cannot be given to them."""
    named = {" ".join(name.casefold().split()) for one in recipients for name in one.split(";")}
    person = case.person
    if named & {person.full_name.casefold(), person.known_as.casefold()}:
        return f"This was heard in private. It cannot be given to {person.known_as}."
    return ""


def _codes(answers: Sequence[object]) -> list[str]:
    return [a["valueCoding"]["code"] for a in answers if isinstance(a, dict) and "valueCoding" in a]


def _today(record: Record) -> date:
    return date.fromisoformat(record.now()[:10])


# -- looking, then giving -----------------------------------------------------------------------------------


def prepare(builder: Builder, what: What, of: str, fonts: FontSet | Path) -> Prepared:
    """Return the copy as it would be given now, with what is withheld and what cannot be printed.

    Raises :class:`Refusal` and :class:`Unreadable` as the builders do, :class:`MachineTrouble` for the fonts.
    """
    copy, source = builder.make(what, of)
    opened = api.load_fonts(fonts) if isinstance(fonts, Path) else fonts
    missing = api.missing_characters(copy, opened)
    data, refused = b"", source.refused
    if not missing and not refused:
        try:
            data = api.make_copy(copy, opened)
        except Refusal as refusal:
            refused = refusal.sentence
    return Prepared(
        what=what,
        of=of,
        case=builder.case,
        copy=copy,
        data=data,
        withheld=api.withheld(copy),
        missing=missing,
        third_parties=source.copier.third_parties(source.sections),
        asked_format=source.asked_format,
        recipients=builder.asking.recipients or (copy.issue.recipient,),
        standing=source.standing,
        refused=refused,
    )


def issue(record: Record, prepared: Prepared, *, method: str, pages: int) -> Issued:
    """Give the copy: keep its bytes encrypted, and note to whom, when, how and in what format.

    Signed copies stop their clock (domain §5.2, T5 and T6); drafts do not. It cannot be undone.
    Raises :class:`Refusal` when it holds characters that cannot be printed, or nobody to give it to.
    """
    if prepared.missing or prepared.refused or not prepared.data:
        raise Refusal(
            prepared.refused or "This copy holds characters that cannot be printed: change them first."
        )
    if not [name for name in prepared.recipients if name.strip()]:
        raise Refusal("Say who the copy is for.")
    record.attachments.keep(prepared.case, prepared.data)
    row, at, issued = new_id(), record.now(), prepared.copy.issue
    facts = {
        "of": prepared.of,
        "what": prepared.what,
        "title": prepared.title + (" (draft)" if issued.draft else ""),
        "format": issued.format,
        "recipient": issued.recipient,
        "method": method,
        "at": at,
        "number": issued.version,
        "sha256": prepared.sha256,
        "pages": pages,
    }
    edits = [Edit("document", row, EXISTENCE, facts, kind="issue")]
    stops = EVENTS["assessment"] if _decided_about(prepared.copy) else EVENTS.get(prepared.what, "")
    if not issued.draft and stops:
        edits += event(stops, at)
        if not _still_owed(record, prepared):
            edits += finished_tasks(record, prepared.case, {"copy", "issue"})
    named = letters.parse(prepared.of)
    if named is not None:
        edits += letters.given_edits(record, prepared.case, *named, document=row)
    record.write(prepared.case, edits, name="Give a copy")
    return Issued(row, issued.version, prepared.sha256)


def _decided_about(copy: AnyCopy) -> bool:
    return isinstance(copy, RecordCopy) and copy.decided_about


def _still_owed(record: Record, prepared: Prepared) -> bool:
    """Say whether the copy of another signed assessment or plan of the case was not given yet."""
    case = cases.look(record, prepared.case)
    given = {copy.of for copy in case.copies} | {prepared.of}
    owed = [one.row for one in case.responses if one.questionnaire in DETERMINED and one.signed_at]
    owed += [plan.row for plan in case.plans if plan.signed_at]
    return not given.issuperset(owed)


def set_release(record: Record, case: str, about: ThirdParty, *, by: str, may: bool) -> None:
    """Decide that a third party's account may be printed on the person's copy, or take that back.

    The decision covers the words as they stand; new words need a new one.
    """
    held = fields.row(record, case, "release", release_row(about.row))
    facts = {
        "answer_row": about.row,
        "change": about.change if may else None,
        "by": by,
        "on": record.now()[:10] if may else None,
    }
    words = "Allow to print" if may else "Leave out of the copy"
    fields.put(record, case, held, facts, name=f"{words}: {about.label}")


# -- keeping ------------------------------------------------------------------------------------------------


def open_issued(record: Record, sha256: str) -> bytes:
    """Return the bytes of an issued copy exactly as they were given.

    Raises :class:`Refusal` when it was given from another laptop and is not here yet, :class:`MachineTrouble`
    when its file is gone or is not what was given.
    """
    case = record.attachments.case_of(sha256)
    if case is not None:
        try:
            return record.attachments.read(case, sha256)
        except Damaged as damaged:
            raise MachineTrouble(_GONE if damaged.sentence == MISSING else _DAMAGED) from damaged
    held = record.get(f"issued/{sha256}")
    if isinstance(held, dict):
        return _issued_before(record, held, sha256)
    raise Refusal(
        "This copy was given from another laptop, which keeps it. The council holds when and to whom."
    )


def _issued_before(record: Record, held: dict[str, str], sha256: str) -> bytes:
    """Return a copy that version 0.1 kept: one sealed piece, its key among the settings."""
    try:
        sealed = (record.folder / _FOLDER / Path(held["file"]).name).read_bytes()
    except FileNotFoundError as error:
        raise MachineTrouble(_GONE) from error
    except OSError as error:
        raise disk_trouble(error) from error
    try:
        return AESGCM(base64.b64decode(held["key"])).decrypt(sealed[:12], sealed[12:], sha256.encode())
    except InvalidTag as error:
        raise MachineTrouble(_DAMAGED) from error


def export(data: bytes, path: Path) -> None:
    """Write a copy where the worker chose, to be printed or handed over. That file is not protected.

    Raises :class:`MachineTrouble` when it cannot be written there.
    """
    write_atomically(path, data)
