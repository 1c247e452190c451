"""What came by a web form becomes changes: somebody new with a referral, or a review of somebody known.

Pure: the council's server seals and stores what this returns, in the log that everything else is in. Nobody
is matched with a person whom the council knows already; that is a worker's judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ascdesk.forms.model import Form
from ascdesk.forms.state import FormState
from ascdesk.record.change import EXISTENCE, Change, Json, new_id, seal
from ascdesk.record.writing import Edit
from ascdesk.work.pieces import Opening, opening_edits
from ascdesk.work.referrals import arrival_edits
from ascdesk.work.responses import Draft, Key, Said, account_row, stored_value
from ascdesk.work.rows import new_row

AUTHOR = "web-form"
"""Who wrote a change that came by a web form: nobody who works for the council."""
ASSURE = "assure"
"""The kind of the task that asks a practitioner to look at what the public sent."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A finished web form: which case it is for, whose account it is, and what it says.

    ``person`` and ``referral`` hold fields of those entities, for somebody new. For somebody whom the council
    knows ``opening`` is the piece of work that a review begins, in ``mode``, or ``of`` the one that stands.
    ``at`` is the first receipt by the council. ``title`` and ``reference`` name it for workers.
    """

    case: str
    questionnaire: str
    kind: str
    source: str
    at: datetime
    reference: str
    title: str
    due: date
    person: Mapping[str, Json] = field(default_factory=dict)
    referral: Mapping[str, Json] = field(default_factory=dict)
    opening: Opening | None = None
    mode: str = ""
    of: str = ""


def changes(arrival: Arrival, form: Form, state: FormState, *, device: str) -> tuple[Change, ...]:
    """Return the sealed changes of an arrival, as the council's own device makes them.

    Only what is asked and answered now is taken: hidden answers stay with the draft and go with it.
    """
    wall = arrival.at.isoformat(timespec="milliseconds")
    sealed: list[Change] = []
    for edits in _steps(arrival, form, state):
        group = new_id()
        sealed += [
            seal(
                case=arrival.case,
                entity=edit.entity,
                row=edit.row,
                field=EXISTENCE if edit.kind != "set" else edit.field,
                kind=edit.kind,
                value=edit.value,
                supersedes=edit.seen,
                group=group,
                author=AUTHOR,
                device=device,
                wall=wall,
            )
            for edit in edits
        ]
    return tuple(sealed)


def _steps(arrival: Arrival, form: Form, state: FormState) -> Iterator[list[Edit]]:
    """Yield the edits, those together that are one step."""
    at = arrival.at.isoformat(timespec="seconds")
    if arrival.person:
        yield new_row("person", arrival.person)
    of, response = arrival.of, new_id()
    if arrival.opening is not None and not of:
        of, opened = opening_edits(at, arrival.opening)
        yield [*opened, Edit("piece_of_work", of, "mode", arrival.mode)]
    facts: dict[str, Json] = {"questionnaire": arrival.questionnaire, "questionnaire_version": form.version}
    facts |= {"kind": arrival.kind, "started_at": at, "assessor": AUTHOR, "of": of}
    yield new_row("response", facts, response)
    yield from _answers(arrival, form, state, response)
    if arrival.referral:
        yield arrival_edits(dict(arrival.referral) | {"response": response}, at=at)[1]
    yield new_row("task", _task(arrival))


def _task(arrival: Arrival) -> dict[str, Json]:
    return {
        "kind": ASSURE,
        "title": arrival.title,
        "detail": f"Reference {arrival.reference}",
        "due": arrival.due.isoformat(),
        "why": "It came by a web form and waits for a practitioner to look at it.",
    }


def _answers(arrival: Arrival, form: Form, state: FormState, response: str) -> Iterator[list[Edit]]:
    """Yield one step for each answered question, with the repeating rows that it is the first in."""
    draft = Draft(arrival.case, response, arrival.questionnaire, form.version, "", AUTHOR)
    made: dict[tuple[str, ...], str] = {}
    for path, link_id in state.addresses():
        node = form.node(link_id)
        answers = state.answers(path, link_id)
        if not node.is_question or node.calculated or not answers:
            continue
        edits = list(_new_rows(form, response, path, node.groups, made))
        key = Key(tuple(made[path[:depth]] for depth in range(1, len(path) + 1)), link_id, arrival.source)
        said = Said(tuple(dict(answer) for answer in answers))
        edits.append(Edit("answer", account_row(response, key), "value", stored_value(draft, key, said)))
        yield edits


def _new_rows(
    form: Form, response: str, path: Sequence[str], groups: Iterable[int], made: dict[tuple[str, ...], str]
) -> Iterator[Edit]:
    """Yield the rows that are not made yet. Their ids are new: a draft's own never leave the draft."""
    for depth, group in enumerate(groups, 1):
        where = tuple(path[:depth])
        if where not in made:
            made[where] = new_id()
            parent = made.get(where[:-1], "")
            place = {"response": response, "link_id": form.nodes[group].link_id, "parent": parent}
            yield Edit("repeat", made[where], EXISTENCE, place, kind="create")
