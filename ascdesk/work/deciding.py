"""Deciding: all that a determination rests on, read at once; its fields saved at each pause; signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ascdesk.care.missing import Missing
from ascdesk.care.refusal import RefusalOutcome
from ascdesk.errors import Refusal
from ascdesk.forms.model import Form
from ascdesk.forms.problems import Problem
from ascdesk.forms.state import FormState
from ascdesk.record.change import Json
from ascdesk.record.models import Signature
from ascdesk.record.record import Record
from ascdesk.work import cases, determinations, drafting, privacy, responses, signing
from ascdesk.work.cases import Case
from ascdesk.work.criteria import AnyChain, Criteria, criteria_of
from ascdesk.work.editing import Editors
from ascdesk.work.fields import Row
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import SOURCES, Account, Draft, Key
from ascdesk.work.telling import Asked, Part, Teller
from ascdesk.work.versions import drawer_part
from ascdesk.work.wording import fill

OWN = ("decided", "reasons", "differs_because", "specialist_assessor")
"""What is missing on the determination itself, not in the form."""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """An assessment as it is read back and decided: what was said, what follows, and what stops signing.

    ``names`` are what its texts call whom it is about; ``private`` says that the person of the case may not
    see it.
    """

    case: Case
    draft: Draft
    title: str
    criteria: Criteria
    names: Mapping[str, str]
    private: bool
    sections: tuple[Part, ...]
    chain: AnyChain
    held: Row
    missing: tuple[Missing, ...]
    problems: tuple[Problem, ...]
    conflicts: tuple[Account, ...]
    clashes: tuple[str, ...]
    refusal: RefusalOutcome | None
    deafblind: bool
    unlisted: frozenset[str] = frozenset()

    @property
    def standing(self) -> signing.Standing:
        """Return whether it is signed, and whether an amendment is open."""
        return self.draft.standing

    @property
    def heading(self) -> str:
        """Return what the record is called, and whether it is kept from the person of the case."""
        return f"{self.title} (private)" if self.private else self.title

    def asked(self, link_id: str) -> Asked | None:
        """Return a question that is asked now, by its linkId."""
        found = (one for part in self.sections for one in part.all_asked() if one.link_id == link_id)
        return next(found, None)

    def words(self, link_id: str) -> str:
        """Return what a question is answered with, in words; nothing where it was not."""
        asked = self.asked(link_id)
        return asked.voices[0].said if asked and asked.voices else ""


def reckon(record: Record, case: str, response: str, library: FormLibrary, today: date) -> Reckoning:
    """Return all of it. Raises :class:`Refusal` when the assessment is not on this laptop."""
    found = cases.look(record, case)
    draft = responses.load(record, case, response)
    form, criteria = library.form(draft.questionnaire, draft.version), criteria_of(draft.questionnaire)
    state = drafting.form_state(form, draft, today)
    answers = drafting.standing_answers(state)
    names = privacy.names_in(found, form, draft)
    held = determinations.load(record, draft)
    clashes = tuple(name for name in held.fields if held.conflict(name))
    return Reckoning(
        case=found,
        draft=draft,
        title=form.title,
        criteria=criteria,
        names=names,
        private=privacy.is_private(found, form, draft),
        sections=Teller(form, state, draft, names).sections() + drawer_part(library, form, draft, names),
        chain=criteria.chain(answers, draft),
        held=held,
        missing=determinations.standing(record, draft, answers),
        problems=problems_of(form, state, draft, names),
        conflicts=draft.conflicts(),
        clashes=clashes,
        refusal=determinations.may_close_as_declined(answers),
        unlisted=unlisted_in(record, draft),
        deafblind=bool(criteria.deafblind)
        and any(answer.get("valueBoolean") for answer in answers(criteria.deafblind)),
    )


def unlisted_in(record: Record, draft: Draft) -> frozenset[str]:
    """Return the changes that the last signature does not list: *not in what was signed* (design §3)."""
    signed = draft.standing.signed
    if signed is None or not signed.not_listed:
        return frozenset()
    with record.reading() as session:
        row = session.get(Signature, signed.row)
        listed = set(row.heads or ()) if row is not None else set()
    rows = {responses.account_row(draft.response, key) for key in draft.accounts}
    heads = record.heads(draft.case, rows).values()
    return frozenset(change.id for changes in heads for change in changes if change.hash not in listed)


def problems_of(form: Form, state: FormState, draft: Draft, names: dict[str, str]) -> tuple[Problem, ...]:
    """Return what is wrong with answers. *Not known* and *declined* answer a required question."""
    kept: list[Problem] = []
    for problem in state.problems():
        if problem.element == "required" and drafting.answered(draft, problem.path, problem.link_id, SOURCES):
            continue
        # What a manager answers later stops nobody now.
        if form.node(problem.link_id).ours.get("who-may-answer"):
            continue
        kept.append(Problem(problem.link_id, problem.element, fill(problem.message, names), problem.path))
    return tuple(kept)


def question_of(missing: Missing, where: Mapping[str, str]) -> str:
    """Return the linkId at which a missing thing can be answered; nothing where it is not in the form.

    ``where`` is that of the form's criteria.
    """
    if len(missing.where) == 3 and missing.where[0] in "AC" and missing.where[1:].isdigit():
        return (
            f"{missing.where}.reasons" if missing.code.startswith("reason") else f"{missing.where}.achieves"
        )
    return where.get(missing.where, "")


class Deciding(Editors[str]):
    """The open editors of one determination."""

    def __init__(self, record: Record, draft: Draft, held: Row) -> None:
        super().__init__(record)
        self._draft = draft
        self._held = held

    def save(self, field: str, value: Json) -> None:
        """Make one field durable. Raises :class:`Refusal` when it was signed meanwhile."""
        seen = self._seen.get(field, self._held.seen(field))
        token = self._token(field)
        self._seen[field] = determinations.put(
            self._record, self._draft, field, value, seen=seen, editor=token
        )

    def reload(self, draft: Draft, held: Row, keep: frozenset[str]) -> None:
        """Take in a determination that was read again; the editors in ``keep`` go on with what they saw."""
        self._draft, self._held = draft, held
        self.keep_open(keep)


def sign(
    record: Record, case: str, response: str, library: FormLibrary, today: date, *, name: str, role: str
) -> signing.Signed:
    """Sign the assessment and its determination as they stand now.

    Raises :class:`Refusal` naming the first thing that is missing, or that two people decided differently.
    """
    draft = responses.load(record, case, response)
    held = determinations.load(record, draft)
    if any(held.conflict(field) for field in held.fields):
        raise Refusal("This cannot be signed yet. Two people decided differently: choose what stands.")
    state = drafting.form_state(library.form(draft.questionnaire, draft.version), draft, today)
    return determinations.sign(record, draft, drafting.standing_answers(state), name=name, role=role)


def settle_at(account: Account) -> str:
    """Return where on the page of conflicts an account stands."""
    key: Key = account.key
    return "|".join(("/".join(key.path), key.link_id, key.source))
