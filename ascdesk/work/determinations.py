"""The determination that a professional signs, of an adult's needs or of a carer's."""

from __future__ import annotations

from datetime import date, datetime, time

from ascdesk.care.clocks import LONDON
from ascdesk.care.determination import Determination, missing_to_sign
from ascdesk.care.missing import Missing
from ascdesk.care.refusal import RefusalFacts, RefusalOutcome, refusal_outcome
from ascdesk.care.safeguarding import Answer
from ascdesk.errors import Refusal
from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import fields, readers, responses, signing
from ascdesk.work.criteria import criteria_of
from ascdesk.work.fields import Row
from ascdesk.work.readers import Answers
from ascdesk.work.responses import Draft


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
    edits: list[Edit] = []
    if not held.fields:
        # Perhaps it was begun and undone: what that left behind is in sight, or it would be a conflict.
        left = _left(record, draft, held.row)
        edits.append(
            Edit("determination", held.row, "response", draft.response, left.get("response", frozenset()))
        )
        seen = (seen or frozenset()) | left.get(field, frozenset())
    edits.append(Edit("determination", held.row, field, value, held.seen(field) if seen is None else seen))
    written = record.write(draft.case, edits, name="Determination", editor=editor)
    return written.heads[held.row, field]


def _left(record: Record, draft: Draft, row: str) -> dict[str, frozenset[str]]:
    """Return what still stands in a determination that shows nothing, by field: it was undone."""
    heads = record.heads(draft.case, [row])
    nothing = {place: found for place, found in heads.items() if all(one.content is None for one in found)}
    return {field: frozenset(one.id for one in found) for (_, field), found in nothing.items()}


def _row_of(draft: Draft) -> str:
    """One determination an assessment, wherever it is begun first."""
    return responses.account_row(draft.response, responses.Key((), "determination", "observed"))


def standing(record: Record, draft: Draft, answers: Answers) -> tuple[Missing, ...]:
    """Return what still stops the signature (Care Act 2014 s.13; `ascdesk.care.determination`)."""
    missing = list(missing_to_sign(_determination(load(record, draft), draft, answers)))
    conflicts = draft.conflicts()
    if conflicts:
        sentence = f"{len(conflicts)} answers were written differently by two people: choose what stands."
        missing.append(Missing("conflicts", sentence, conflicts[0].key.link_id))
    return tuple(missing)


def _determination(held: Row, draft: Draft, answers: Answers) -> Determination:
    criteria, decided = criteria_of(draft.questionnaire), held.value("eligible")
    return Determination(
        computed=criteria.chain(answers, draft).result,
        decided=decided if isinstance(decided, bool) else None,
        reasons=held.value("reasons") or "",
        differs_because=held.value("differs_because") or "",
        deafblind=readers.boolean(answers(criteria.deafblind)) if criteria.deafblind else None,
        specialist_assessor=readers.text(answers(criteria.specialist))
        or held.value("specialist_assessor")
        or "",
        prevention_advice=held.value("prevention_advice") or readers.text(answers(criteria.prevention)),
    )


def sign(record: Record, draft: Draft, answers: Answers, *, name: str, role: str) -> signing.Signed:
    """Sign the assessment and its determination. Nobody else's signature is needed.

    Raises :class:`Refusal` naming the first thing that is missing.
    """
    missing = standing(record, draft, answers)
    if missing:
        raise Refusal(f"This cannot be signed yet. {missing[0].sentence}")
    criteria = criteria_of(draft.questionnaire)
    signed = signing.sign(
        record,
        draft.case,
        draft.response,
        what=criteria.what,
        heads=responses.listed(record, draft.case, draft.response),
        name=name,
        role=role,
        statement="This is a true record of the assessment, and the determination is mine.",
    )
    # The two weeks for the copy run from the visit, not from the signature (domain §5.2, T5).
    events = {"assessment_completed": _completed(record, draft, criteria.conversation) or signed.at}
    if criteria.starts_sourcing:
        events["determination_signed"] = signed.at
    for kind, at in events.items():
        fields.add(record, draft.case, "clock_event", {"kind": kind, "at": at}, name="Sign assessment")
    return signed


def _completed(record: Record, draft: Draft, conversation: str) -> str | None:
    """Return when the talking ended that the assessment rests on: a visit, or the last day that it names."""
    if not conversation:
        return _visited(record, draft)
    days = [
        str(answer["valueDate"])
        for key in draft.accounts
        if key.link_id == conversation
        for answer in draft.answers(key.path, key.link_id)
        if "valueDate" in answer
    ]
    today = record.now()[:10]
    last = max((day for day in days if day <= today), default=today)
    return None if last == today else datetime.combine(date.fromisoformat(last), time(12), LONDON).isoformat()


def _visited(record: Record, draft: Draft) -> str | None:
    """Return when the last visit of this assessment began, if there was one."""
    began = [
        str(event.value("at"))
        for event in fields.rows(record, draft.case, "clock_event", kind="visit_started")
        if str(event.value("at")) >= draft.started_at
    ]
    return max(began, default=None)


def may_close_as_declined(answers: Answers) -> RefusalOutcome | None:
    """Return what Care Act 2014 s.11 says of an adult's declined assessment; ``None`` where none was."""
    if not readers.boolean(answers("s01.declines-assessment")):
        return None
    words = {"yes": True, "no": False}
    facts = RefusalFacts(
        has_capacity=words.get(readers.code(answers("s01.refusal-capacity")) or ""),
        best_interests=readers.boolean(answers("s01.refusal-best-interests")),
        abuse_or_neglect=Answer(readers.code(answers("s01.refusal-abuse")) or "unclear"),
    )
    return refusal_outcome(facts)
