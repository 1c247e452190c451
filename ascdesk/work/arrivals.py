"""What came by a web form becomes changes: somebody new with a referral, or a review of somebody known.

Pure: the council's server seals and stores what this returns, in the log that everything else is in. Nobody
is matched with a person whom the council knows already; that is a worker's judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ascdesk.care.clocks import Kind, local_day
from ascdesk.forms.model import Form
from ascdesk.forms.state import FormState
from ascdesk.record.change import EXISTENCE, Change, Json, new_id, seal
from ascdesk.record.writing import Edit
from ascdesk.work.responses import Draft, Key, Said, account_row, stored_value

AUTHOR = "web-form"
"""Who wrote a change that came by a web form: nobody who works for the council."""
ASSURE = "assure"
"""The kind of the task that asks a practitioner to look at what the public sent."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A finished web form: which case it is for, whose account it is, and what it says.

    ``person`` and ``referral`` hold fields of those entities; both are empty for somebody the council knows.
    ``at`` is the first receipt by the council. ``title`` and ``reference`` name it for workers.
    """

    case: str
    questionnaire: str
    kind: str
    source: str
    at: datetime
    reference: str
    title: str
    person: Mapping[str, Json] = field(default_factory=dict)
    referral: Mapping[str, Json] = field(default_factory=dict)
    due: date | None = None


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
        yield _row("person", arrival.person)
    response = new_id()
    yield _row("response", _response_facts(arrival, form, at), response)
    yield from _answers(arrival, form, state, response)
    if arrival.referral:
        yield from _referral(arrival, response, at)
    yield _row("task", _task(arrival))


def _response_facts(arrival: Arrival, form: Form, at: str) -> dict[str, Json]:
    facts: dict[str, Json] = {"questionnaire": arrival.questionnaire, "questionnaire_version": form.version}
    return facts | {"kind": arrival.kind, "started_at": at, "assessor": AUTHOR}


def _referral(arrival: Arrival, response: str, at: str) -> Iterator[list[Edit]]:
    facts = {"received_at": at, "priority": "standard"} | dict(arrival.referral) | {"response": response}
    yield _row("referral", facts)
    yield _row("clock_event", {"kind": "initial_contact", "at": at})
    if facts["priority"] == "urgent":
        because = facts.get("urgent_because") or ""
        yield _row("clock_event", {"kind": Kind.URGENT_CLASSED.value, "at": at, "reason": because})


def _task(arrival: Arrival) -> dict[str, Json]:
    due = arrival.due or local_day(arrival.at) + timedelta(days=7)
    return {
        "kind": ASSURE,
        "title": arrival.title,
        "detail": f"Reference {arrival.reference}",
        "due": due.isoformat(),
        "why": "It came by a web form and waits for a practitioner to look at it.",
    }


def _row(entity: str, facts: Mapping[str, Json], row: str | None = None) -> list[Edit]:
    """Return the edits that make a row with what is known of it."""
    row = row or new_id()
    made = [Edit(entity, row, EXISTENCE, None, kind="create")]
    return made + [Edit(entity, row, name, value) for name, value in facts.items() if value not in (None, "")]


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
