"""The other records of a case: begun for a piece of work, read back, signed without a determination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ascdesk.care.missing import Missing
from ascdesk.care.refusal import RefusalOutcome
from ascdesk.errors import Refusal
from ascdesk.forms.problems import Problem
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import (
    calls,
    cases,
    drafting,
    fields,
    population,
    privacy,
    readers,
    referrals,
    responses,
    signing,
    understanding,
    visits,
)
from ascdesk.work.arrivals import ASSURE
from ascdesk.work.cases import Case, ReferralFacts, ResponseFacts
from ascdesk.work.deciding import problems_of, unlisted_in
from ascdesk.work.findings import RuleFinding, finding_of
from ascdesk.work.library import NEEDS_ASSESSMENT, FormLibrary
from ascdesk.work.responses import Account, Draft
from ascdesk.work.telling import Asked, Part, Teller
from ascdesk.work.versions import drawer_part

OF_A_CASE = (
    "case-note",
    "initial-contact",
    "carers-assessment",
    "safeguarding-concern",
    "mental-capacity",
    "best-interests",
    "risk",
    "body-map",
    "ot-assessment",
    "moving-handling",
    "bed-rails",
    "ot-follow-up",
    "telecare",
    "short-term-support",
    "review",
    "financial-referral",
    "closing",
)
"""Forms that a worker may begin for any case, in the order in which they are offered."""


FROM_PUBLIC = frozenset({"self-assessment", "referral", "online-review", "provider-review"})
"""Forms that the public fills in: what was sent is not changed, and a practitioner's signature assures it."""


REVIEW = "review"
"""The form of a review, which says how it was done: face to face, by phone, online or led by the provider."""

_ASSURES = "I read what was sent, and stand for it from here on. It stays as it came."


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A record as it is read back: what was said, what is open, and how it stands.

    ``missing`` and ``refusal`` belong to what is determined and stay empty here. ``names`` are what
    its texts call whom it is about; ``private`` says that the person of the case may not see it.
    """

    case: Case
    draft: Draft
    title: str
    sections: tuple[Part, ...]
    problems: tuple[Problem, ...]
    conflicts: tuple[Account, ...]
    unlisted: frozenset[str] = frozenset()
    finding: RuleFinding | None = None
    missing: tuple[Missing, ...] = ()
    refusal: RefusalOutcome | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    private: bool = False

    @property
    def standing(self) -> signing.Standing:
        """Return whether it is signed, and whether an amendment is open."""
        return self.draft.standing

    @property
    def sent(self) -> bool:
        """Say whether the public sent it: it stays as it came."""
        return self.draft.questionnaire in FROM_PUBLIC

    @property
    def referral(self) -> ReferralFacts | None:
        """Return the referral that this is the record of, if it is one's."""
        return next((one for one in self.case.referrals if one.response == self.draft.response), None)

    @property
    def piece(self) -> str:
        """Return the piece of work that this was begun for, if it was."""
        found = (one for one in self.case.responses if one.row == self.draft.response)
        return next((one.piece or "" for one in found), "")

    @property
    def heading(self) -> str:
        """Return what the record is called, and whether it is kept from the person of the case."""
        return f"{self.title} (private)" if self.private else self.title

    def asked(self, link_id: str) -> Asked | None:
        """Return a question that is asked now, by its linkId."""
        found = (one for part in self.sections for one in part.all_asked() if one.link_id == link_id)
        return next(found, None)


def start(
    record: Record,
    case: str,
    form: str,
    library: FormLibrary,
    by: calls.Taker,
    *,
    piece: str = "",
    kind: str = "",
) -> str:
    """Begin a record of a case, for a piece of work where one is given, and return it.

    A first needs assessment begins with what the person sent, where a self-assessment is in the case.
    """
    facts: dict[str, Json] = {
        "assessor_name": by.name,
        "assessor_role": by.role,
        "registration": by.registration,
    }
    more = {"piece": piece, "kind": kind}
    facts |= {name: value for name, value in more.items() if value}
    sent = self_assessment(cases.look(record, case)) if form == NEEDS_ASSESSMENT else None
    if sent is not None:
        today = date.fromisoformat(record.now()[:10])
        return population.begin(record, library, case, sent.row, today=today, **facts)
    return responses.start(record, case, form, library.form(form).version, **facts)


def self_assessment(case: Case) -> ResponseFacts | None:
    """Return what the person sent of their own, while no needs assessment was begun with it."""
    return None if case.response(NEEDS_ASSESSMENT) else case.response("self-assessment")


def of_piece(case: Case, piece: str) -> tuple[ResponseFacts, ...]:
    """Return the records that were begun for a piece of work."""
    return tuple(one for one in case.responses if one.piece == piece)


def read_back(record: Record, case: str, response: str, library: FormLibrary, today: date) -> ReadBack:
    """Return a record to be read through. Raises :class:`Refusal` when it is not on this laptop."""
    found = cases.look(record, case)
    draft = responses.load(record, case, response)
    form = library.form(draft.questionnaire, draft.version)
    state = drafting.form_state(form, draft, today)
    names = privacy.names_in(found, form, draft)
    return ReadBack(
        case=found,
        draft=draft,
        title=form.title,
        sections=Teller(form, state, draft, names).sections() + drawer_part(library, form, draft, names),
        names=names,
        private=privacy.is_private(found, form, draft),
        problems=problems_of(form, state, draft, names),
        conflicts=draft.conflicts(),
        unlisted=unlisted_in(record, draft),
        finding=finding_of(draft.questionnaire, drafting.standing_answers(state)),
    )


def sign(
    record: Record, case: str, response: str, library: FormLibrary, today: date, *, name: str, role: str
) -> signing.Signed:
    """Sign a record as it stands now. A call says, once it is signed, what its referral is.

    Signing what the public sent assures it: the referral says so, and the task that asked for it is done.

    Raises :class:`Refusal` naming the first thing that is open: a required question (*not known* answers
    it), or what two people wrote differently.
    """
    held = read_back(record, case, response, library, today)
    if held.conflicts:
        raise Refusal("This cannot be signed yet. Two people wrote differently: choose what stands.")
    if held.problems and not held.sent:
        raise Refusal(f"This cannot be signed yet. {held.problems[0].message}")
    signed = signing.sign(
        record,
        case,
        response,
        what=held.title.lower(),
        heads=responses.listed(record, case, response),
        name=name,
        role=role,
        statement=_ASSURES if held.sent else "This is a true record of what was said and found.",
    )
    if held.sent:
        _assured(record, held)
    else:
        _take_up(record, held, library, today)
    return signed


def _assured(record: Record, held: ReadBack) -> None:
    """Note the assurance where it is waited for; of several such tasks a worker says which is done."""
    case, referral = held.case.id, held.referral
    if referral is not None and not referral.assured_at:
        referrals.assure(record, case, referral.row)
    waiting = [one for one in held.case.tasks if one.kind == ASSURE and not one.done_at]
    if len(waiting) == 1:
        visits.finish_task(record, case, waiting[0].row)


def _take_up(record: Record, held: ReadBack, library: FormLibrary, today: date) -> None:
    """Let a signed call or contact say what its referral is, and a review how it was done."""
    name = held.draft.questionnaire
    if name not in {calls.CALL, understanding.CONTACT, REVIEW}:
        return
    form = library.form(name, held.draft.version)
    answers = drafting.standing_answers(drafting.form_state(form, held.draft, today))
    case, referral = held.case.id, held.referral
    if name == calls.CALL and referral is not None and referral.open:
        understanding.take_up_call(record, case, referral.row, answers)
    served = next((one.referral for one in held.case.pieces if one.row == held.piece), None)
    if name == understanding.CONTACT and served:
        understanding.take_up_contact(record, case, served, answers)
    mode = readers.code(answers("rv.mode")) if name == REVIEW and held.piece else None
    if mode:
        piece = fields.row(record, case, "piece_of_work", held.piece)
        facts: dict[str, Json] = {"mode": mode.replace("-", "_")}
        fields.put(record, case, piece, facts, name="Say how the review was done")
