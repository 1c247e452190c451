"""The eligibility chain as it builds up from the answers, and the determination that a professional signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ascdesk.care.determination import Determination, missing_to_sign
from ascdesk.care.eligibility import Achieves, AdultFacts, Eligibility, Finding, adult_eligibility
from ascdesk.care.missing import Missing
from ascdesk.care.outcomes import Outcome, Role, outcomes_for
from ascdesk.care.refusal import RefusalFacts, RefusalOutcome, refusal_outcome
from ascdesk.care.safeguarding import Answer
from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields, readers, responses, signing
from ascdesk.work.fields import Row
from ascdesk.work.readers import Answers
from ascdesk.work.responses import Draft

Said = Literal["yes", "no", "varies", "not-applicable", "not-explored"]


@dataclass(frozen=True, slots=True)
class Link:
    """One outcome of the chain: what was found, by which meanings, on whose words."""

    outcome: Outcome
    finding: Finding
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Impairment → outcomes → wellbeing → result, as far as it was talked about."""

    impairment: bool | None
    links: tuple[Link, ...]
    significant: bool | None
    areas: frozenset[str]
    result: Eligibility


def chain(answers: Answers, draft: Draft | None = None) -> Chain:
    """Return the chain of Care and Support (Eligibility Criteria) Regulations 2015, SI 2015/313 reg 2."""
    findings = {one.code: finding(answers, one.code) for one in outcomes_for(Role.ADULT)}
    areas = frozenset(readers.codes(answers("s11.areas")))
    significant = {"yes": True, "no": False}.get(readers.code(answers("s11.significant")) or "")
    facts = AdultFacts(readers.boolean(answers("s11.impairment")), findings, significant, areas or None)
    links = tuple(Link(one, findings[one.code], voices(draft, one.code)) for one in outcomes_for(Role.ADULT))
    return Chain(facts.impairment, links, significant, areas, adult_eligibility(facts))


def finding(answers: Answers, code: str) -> Finding:
    """Read one outcome. *It varies* counts by what holds over time (SI 2014/2827 reg 3(3))."""
    said = readers.code(answers(f"{code}.achieves"))
    if said == "varies":
        over_time = readers.boolean(answers(f"{code}.over-time"))
        said = {True: "yes", False: "no", None: "not-explored"}[over_time]
    if code == "A08" and said == "not-applicable":
        # The form's words are "does not want this, having been asked": it was explored, and nothing that the
        # person wants is out of reach. The rule itself knows no outcome but A10 that may not apply, because
        # retirement or age never make one inapplicable (Care Act 2014 s.1(3)).
        said = "yes"
    achieves = Achieves((said or "not-explored").replace("-", "_"))
    return Finding(achieves, frozenset(readers.codes(answers(f"{code}.reasons"))))


def said_of_outcome(draft: Draft, code: str) -> Said:
    """Return what the form says of an outcome in its own words: *it varies* stays *it varies*."""
    known: tuple[Said, ...] = ("yes", "no", "varies", "not-applicable", "not-explored")
    said = readers.code(draft.answers((), f"{code}.achieves"))
    return next((one for one in known if one == said), "not-explored")


def voices(draft: Draft | None, code: str) -> tuple[str, ...]:
    """Return whose accounts stand behind an outcome."""
    if draft is None:
        return ()
    return tuple(
        source
        for source in ("person", "carer", "observed", "professional", "record")
        if draft.account(responses.Key((), f"{code}.words", source)).said.answer
    )


def load(record: Record, draft: Draft) -> Row:
    """Return the determination of an assessment, field by field; empty where none was begun."""
    found = fields.rows(record, draft.case, "determination", response=draft.response)
    return found[0] if found else Row("determination", _row_of(draft))


def put(
    record: Record,
    draft: Draft,
    field: str,
    value: Json,
    *,
    seen: frozenset[str] | None = None,
    editor: str | None = None,
) -> frozenset[str]:
    """Set a field of the determination; return what its editor has now seen.

    Raises :class:`Refusal` when the assessment is signed and no amendment is open.
    """
    signing.refuse_frozen(record, draft.response)
    held = load(record, draft)
    edits = [] if held.fields else [Edit("determination", held.row, "response", draft.response)]
    edits.append(Edit("determination", held.row, field, value, held.seen(field) if seen is None else seen))
    written = record.write(draft.case, edits, name="Determination", editor=editor)
    return written.heads[held.row, field]


def _row_of(draft: Draft) -> str:
    """One determination an assessment, wherever it is begun first."""
    return responses.account_row(draft.response, responses.Key((), "determination", "observed"))


def standing(record: Record, draft: Draft, answers: Answers) -> tuple[Missing, ...]:
    """Return what still stops the signature (Care Act 2014 s.13; `ascdesk.care.determination`)."""
    missing = list(missing_to_sign(_determination(load(record, draft), answers)))
    conflicts = draft.conflicts()
    if conflicts:
        sentence = f"{len(conflicts)} answers were written differently by two people: choose what stands."
        missing.append(Missing("conflicts", sentence, conflicts[0].key.link_id))
    return tuple(missing)


def _determination(held: Row, answers: Answers) -> Determination:
    decided = held.value("eligible")
    return Determination(
        computed=chain(answers).result,
        decided=decided if isinstance(decided, bool) else None,
        reasons=held.value("reasons") or "",
        differs_because=held.value("differs_because") or "",
        deafblind=readers.boolean(answers("s07.dual-sensory")),
        specialist_assessor=readers.text(answers("s07.deafblind-assessor"))
        or held.value("specialist_assessor")
        or "",
        prevention_advice=held.value("prevention_advice") or readers.text(answers("s17.prevention")),
    )


def sign(record: Record, draft: Draft, answers: Answers, *, name: str, role: str) -> signing.Signed:
    """Sign the assessment and its determination. Nobody else's signature is needed.

    Raises :class:`Refusal` naming the first thing that is missing.
    """
    missing = standing(record, draft, answers)
    if missing:
        raise Refusal(f"This cannot be signed yet. {missing[0].sentence}")
    heads = responses.listed(record, draft.case, draft.response)
    signed = signing.sign(
        record,
        draft.case,
        draft.response,
        what="needs assessment",
        heads=heads,
        name=name,
        role=role,
        statement="This is a true record of the assessment, and the determination is mine.",
    )
    # The two weeks for the copy run from the visit, not from the signature (domain §5.2, T5).
    events = {"assessment_completed": _visited(record, draft) or signed.at, "determination_signed": signed.at}
    for kind, at in events.items():
        fields.add(record, draft.case, "clock_event", {"kind": kind, "at": at}, name="Sign assessment")
    return signed


def _visited(record: Record, draft: Draft) -> str | None:
    """Return when the last visit of this assessment began, if there was one."""
    began = [
        str(event.value("at"))
        for event in fields.rows(record, draft.case, "clock_event", kind="visit_started")
        if str(event.value("at")) >= draft.started_at
    ]
    return max(began, default=None)


def may_close_as_declined(answers: Answers) -> RefusalOutcome | None:
    """Return what Care Act 2014 s.11 says of a declined assessment; ``None`` where it was not declined."""
    if not readers.boolean(answers("s01.declines-assessment")):
        return None
    words = {"yes": True, "no": False}
    facts = RefusalFacts(
        has_capacity=words.get(readers.code(answers("s01.refusal-capacity")) or ""),
        best_interests=readers.boolean(answers("s01.refusal-best-interests")),
        abuse_or_neglect=Answer(readers.code(answers("s01.refusal-abuse")) or "unclear"),
    )
    return refusal_outcome(facts)
