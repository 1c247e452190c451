"""Pieces of work: opened for a team, allocated to workers, finished with what follows, agreed where asked.

A worker is allocated only for a determined piece of work, and only while there is one (service standards).
What follows a piece of work is opened when it is finished; where the council asks for approval, once the last
approval is given. A copy for the person never waits for either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ascdesk.errors import Refusal
from ascdesk.record.change import Json, new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import cases, fields
from ascdesk.work.cases import ApprovalFacts, Case, PieceFacts
from ascdesk.work.rows import changed, event, new_row
from ascdesk.work.times import moment


@dataclass(frozen=True, slots=True)
class Opening:
    """A piece of work to open: its kind in the council's pathway, the team, and why.

    ``event`` is the kind of the clock event that opening it brings; most bring none.
    """

    kind: str
    team: str
    because: str = ""
    of: str = ""
    priority: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """Who is allocated, and how the person reaches them: a direct number and an e-mail address."""

    id: str
    name: str
    role: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """How a piece of work ended. ``events`` are clock events as (kind, reason) that finishing brings.

    ``next`` is what follows: its kind, its team, and perhaps the clock event that opening it brings.
    """

    outcome: str
    because: str = ""
    next: tuple[tuple[str, ...], ...] = ()
    events: tuple[tuple[str, str], ...] = ()
    approvals: int = 0


def opening_edits(
    at: str, opening: Opening, *, referral: str = "", after: str = ""
) -> tuple[str, list[Edit]]:
    """Return the id of a new piece of work and the edits that open it at ``at``, an ISO time with offset."""
    row = new_id()
    facts: dict[str, Json] = {
        "kind": opening.kind, "team": opening.team, "because": opening.because, "of": opening.of,
        "priority": opening.priority, "referral": referral, "after": after, "opened_at": at,
    }  # fmt: skip
    edits = new_row("piece_of_work", facts, row)
    if opening.event:
        edits += event(opening.event, at, opening.because)
    return row, edits


def open_piece(record: Record, case: str, opening: Opening, *, referral: str = "", after: str = "") -> str:
    """Open a piece of work for a team and return its id."""
    row, edits = opening_edits(record.now(), opening, referral=referral, after=after)
    record.write(case, edits, name="Open a piece of work")
    return row


def allocate(record: Record, case: str, piece: str, worker: Worker, *, purpose: str) -> str:
    """Allocate a worker to a piece of work, beside those who are on it, and return the allocation.

    Raises :class:`Refusal` when the work is finished, or the worker is on it already.
    """
    found = cases.look(record, case)
    held = _open(found, piece)
    if any(one.piece == piece and one.worker == worker.id and not one.until for one in found.allocations):
        raise Refusal(f"{worker.name} is already allocated to this work.")
    facts: dict[str, Json] = {
        "worker": worker.id, "worker_name": worker.name, "role": worker.role, "team": held.team,
        "purpose": purpose, "piece": piece, "telephone": worker.telephone, "email": worker.email,
        "since": record.now()[:10],
    }  # fmt: skip
    return fields.add(record, case, "allocation", facts, name=f"Allocate {worker.name}")


def release(record: Record, case: str, allocation: str) -> None:
    """End an allocation from today."""
    held = fields.row(record, case, "allocation", allocation)
    fields.put(record, case, held, {"until": record.now()[:10]}, name="End an allocation")


def hand_over(record: Record, case: str, piece: str, team: str, because: str) -> None:
    """Hand a piece of work over to another team; whoever was allocated to it no longer is.

    Raises :class:`Refusal` without a reason, when it is finished, or when that team has it already.
    """
    if not because.strip():
        raise Refusal("Say why this goes to another team: they read it first.")
    found = cases.look(record, case)
    held = _open(found, piece)
    if held.team == team:
        raise Refusal("This team has the work already.")
    edits = _set(record, case, piece, {"team": team, "because": because.strip()})
    record.write(case, edits + _released(record, found, piece), name="Hand over")


def begin_short_term(record: Record, case: str, piece: str, *, starts: str, ends: str) -> None:
    """Give short-term support its first and last day (ISO dates). Raises :class:`Refusal` when they cross."""
    if ends and starts and ends < starts:
        raise Refusal("The last day is before the first. Change one of them.")
    held = fields.row(record, case, "piece_of_work", piece)
    fields.put(record, case, held, {"starts": starts, "ends": ends}, name="Set the days of support")


def finish(record: Record, case: str, piece: str, how: Finish) -> None:
    """Finish a piece of work, or propose its outcome where approvals are asked for.

    Raises :class:`Refusal` when it is finished already, waits for approval, or no outcome is given.
    """
    if not how.outcome:
        raise Refusal("Choose how this piece of work ended.")
    found = cases.look(record, case)
    held = _open(found, piece)
    if waiting(found, piece):
        raise Refusal("This waits for approval already. It can be changed once it is sent back.")
    at = record.now()
    brought = [one for kind, reason in _new_events(found, held, how) for one in event(kind, at, reason)]
    if how.approvals:
        record.write(case, _proposal(record, case, piece, how) + brought, name="Ask for approval")
    else:
        edits = _set(record, case, piece, {"outcome": how.outcome, "outcome_because": how.because})
        edits += brought
        ended = replace(held, outcome_because=how.because)
        record.write(case, edits + _ending(record, found, ended, how.next, at), name="Finish a piece of work")


def cancel(record: Record, case: str, piece: str, because: str) -> None:
    """Halt a piece of work, or take back one that was opened in error: it is no event for the return.

    Raises :class:`Refusal` without a reason, or when it is finished.
    """
    if not because.strip():
        raise Refusal("Say why this work is being stopped: the reason stays in the record.")
    found = cases.look(record, case)
    _open(found, piece)
    edits = _set(record, case, piece, {"cancelled_because": because.strip()})
    record.write(case, edits + _released(record, found, piece), name="Stop a piece of work")


def waiting(case: Case, piece: str) -> ApprovalFacts | None:
    """Return the approval that a piece of work waits for, the lowest level first."""
    asked = [one for one in case.approvals if one.of == piece and not one.decision]
    return min(asked, key=lambda one: one.level or 0) if asked else None


def sent_back(case: Case, piece: str) -> ApprovalFacts | None:
    """Return the words with which a piece of work was last sent back, if that is how it stands."""
    if waiting(case, piece):
        return None
    said = [one for one in case.approvals if one.of == piece and one.words and one.decision == "sent_back"]
    return max(said, key=lambda one: (one.at or "", one.row), default=None)


def approve(record: Record, case: str, approval: str, *, by_name: str, words: str = "") -> None:
    """Agree to what was proposed; with the last approval the work is finished and what follows is opened.

    Raises :class:`Refusal` when the approval was given meanwhile, or the worker would approve their own work.
    """
    found = cases.look(record, case)
    asked = _asked(record, found, approval)
    held = _open(found, asked.of or "")
    at = record.now()
    edits = changed(record, case, "approval", approval, _word(record, "approved", by_name, words, at))
    left = [one for one in found.approvals if one.of == asked.of and not one.decision and one.row != approval]
    if not left:
        edits += _set(record, case, held.row, {"outcome": held.proposed})
        edits += _ending(record, found, held, held.next or (), at)
    record.write(case, edits, name="Approve")


def send_back(record: Record, case: str, approval: str, *, by_name: str, words: str) -> None:
    """Send a proposed outcome back with words. Raises :class:`Refusal` without any."""
    if not words.strip():
        raise Refusal("Say what is to be changed: the worker sees these words.")
    found = cases.look(record, case)
    asked = _asked(record, found, approval)
    at = record.now()
    edits = _set(record, case, asked.of or "", {"proposed": None})
    for one in found.approvals:
        if one.of == asked.of and not one.decision:
            said = words.strip() if one.row == approval else ""
            edits += changed(record, case, "approval", one.row, _word(record, "sent_back", by_name, said, at))
    record.write(case, edits, name="Send back")


def _open(case: Case, piece: str) -> PieceFacts:
    held = case.piece(piece)
    if not held.open:
        raise Refusal("This piece of work is finished. Open a new one if there is more to do.")
    return held


def _asked(record: Record, case: Case, approval: str) -> ApprovalFacts:
    asked = next((one for one in case.approvals if one.row == approval and not one.decision), None)
    if asked is None:
        raise Refusal("This was decided meanwhile. Look at the case again.")
    if asked.asked_by == record.author:
        raise Refusal("You asked for this approval, so somebody else gives it.")
    return asked


def _word(record: Record, decision: str, by_name: str, words: str, at: str) -> dict[str, Json]:
    return {"decision": decision, "words": words, "by": record.author, "by_name": by_name, "at": at}


def _set(record: Record, case: str, piece: str, facts: Mapping[str, Json]) -> list[Edit]:
    return changed(record, case, "piece_of_work", piece, facts)


def _new_events(case: Case, held: PieceFacts, how: Finish) -> Sequence[tuple[str, str]]:
    """Return the events that finishing brings; what was sent back has brought its own, and does so once.

    They come with the asking, not with the approval: a clock never waits for a manager (domain §5.2, T5).
    """
    if sent_back(case, held.row) is None:
        return how.events
    since = moment(held.opened_at)
    there = {
        one.kind
        for one in case.events
        if (at := moment(one.at)) is not None and (since is None or at >= since)
    }
    return [one for one in how.events if one[0] not in there]


def _proposal(record: Record, case: str, piece: str, how: Finish) -> list[Edit]:
    at = record.now()
    following: list[Json] = [list(one) for one in how.next]
    facts: dict[str, Json] = {"proposed": how.outcome, "outcome_because": how.because, "next": following}
    edits = _set(record, case, piece, facts)
    for level in range(1, how.approvals + 1):
        asked: dict[str, Json] = {"of": piece, "level": level, "asked_at": at, "asked_by": record.author}
        edits += new_row("approval", asked)
    return edits


def _ending(
    record: Record, case: Case, held: PieceFacts, following: Sequence[Sequence[str]], at: str
) -> list[Edit]:
    """Return the edits that finish a piece of work: what follows is opened, its allocations end."""
    edits = _set(record, case.id, held.row, {"finished_at": at})
    for kind, team, *more in following:
        because = held.outcome_because or ""
        opening = Opening(kind, team, because, priority=held.priority or "", event="".join(more))
        edits += opening_edits(at, opening, referral=held.referral or "", after=held.row)[1]
    return edits + _released(record, case, held.row)


def _released(record: Record, case: Case, piece: str) -> list[Edit]:
    ending = [one.row for one in case.allocations if one.piece == piece and not one.until]
    until = {"until": record.now()[:10]}
    return [edit for row in ending for edit in changed(record, case.id, "allocation", row, until)]
