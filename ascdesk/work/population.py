"""From a self-assessment to the needs assessment that begins with it: what goes where, in whose name.

The person's words and facts are written as theirs. Their view of what the law gives a worker to find is never
written as an answer: it stays with the self-assessment, to be shown beside the question.
"""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any

from ascdesk.errors import Unreadable
from ascdesk.forms.model import Form, Node
from ascdesk.forms.state import FormState
from ascdesk.record.change import EXISTENCE, Json
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit
from ascdesk.work import drafting, readers, responses
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Draft, Key, Said, account_row, stored_value

_ROWS = uuid.UUID("0a7d3c58-2f0e-5c0d-8c67-6b1e7c1f5a20")
"""Namespace of the rows of the assessment: a row belongs to one response, so each gets an id of its own."""


class Kind(StrEnum):
    """Say what an answer of the person is in the assessment."""

    WORDS = "words"
    """The person's own words, beside the worker's."""
    FACT = "facts"
    """A name, a number, a wish: it stands until a worker writes something else."""
    VIEW = "views"
    """The person's view of what a worker must find: to be shown, and never counted as the finding."""


@dataclass(frozen=True, slots=True)
class Place:
    """Say where the answers to one question go, and what they are there."""

    link_id: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Population:
    """Hold the table: questions to places, rows to rows, and what stays on the form, with the reason."""

    source: str
    target: str
    places: Mapping[str, Place]
    rows: Mapping[str, str]
    kept: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One account to begin the assessment with. `groups` names the repeating group of each row of `path`."""

    path: tuple[str, ...]
    groups: tuple[str, ...]
    link_id: str
    source: str
    kind: Kind
    answers: tuple[Mapping[str, Json], ...]
    note: str | None = None


def self_assessment_map() -> Population:
    """Return the table in ``resources/forms``. Raises :class:`Unreadable` when it is not one."""
    text = (files("resources") / "forms" / "self-assessment-map.toml").read_text(encoding="utf-8")
    return read_population(text, "self-assessment-map.toml")


def read_population(text: str, name: str) -> Population:
    """Return the table of a TOML text. Raises :class:`Unreadable` naming the file and what is wrong in it."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{name} cannot be read: {error}. Correct it and start again.") from error
    tables = {part: _texts(raw, part, name) for part in (*Kind, "rows", "kept")}
    places: dict[str, Place] = {}
    for kind in Kind:
        for asked, to in tables[kind].items():
            if asked in places or asked in tables["kept"]:
                raise Unreadable(f"{name} has {asked} in two places. Keep one of them.")
            places[asked] = Place(to, kind)
    return Population(
        str(raw.get("from", "")), str(raw.get("to", "")), places, tables["rows"], tables["kept"]
    )


def _texts(raw: Mapping[str, Any], part: str, name: str) -> dict[str, str]:
    table = raw.get(part, {})
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise Unreadable(f'In {name}, [{part}] must hold lines like "question" = "text". Correct it.')
    return table


def populate(table: Population, given: FormState, target: Form, begun: str) -> Iterator[Entry]:
    """Yield what the answers begin an assessment with, in the order of the form.

    Hidden answers are left out (they were not asked). Everything is the person's (SI 2014/2827 reg 2), unless
    somebody filled the form in for a person who could not say yes: then it is another's account, `carer`.
    `begun` is the id of the assessment that begins.
    """
    source, note = voice(given)
    for path, link_id in given.addresses():
        place = table.places.get(link_id)
        answers = given.answers(path, link_id) if place else ()
        if place is None or not answers:
            continue
        node = target.node(place.link_id)
        groups = tuple(target.nodes[index].link_id for index in node.groups)
        rows = _path(path, groups, link_id, begun)
        said = tuple(_in_words_of(node, answer) for answer in answers)
        yield Entry(rows, groups, place.link_id, source, place.kind, said, note)


def _path(path: tuple[str, ...], groups: tuple[str, ...], link_id: str, begun: str) -> tuple[str, ...]:
    """Give each row an id in the assessment; where it has a row and the form a single question, make one."""
    made = tuple(_row(begun, begun, f"{link_id} {group}") for group in groups[len(path) :])
    return (*(_row(begun, row, row) for row in path), *made)


def _row(begun: str, like: str, name: str) -> str:
    """Return an id that sorts where `like` does (rows stand in the order of their ids), and is ours alone."""
    return f"{like[:24]}{uuid.uuid5(_ROWS, f'{begun} {name}').hex[:12]}"


def _in_words_of(node: Node, answer: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a chosen answer as the assessment words it: the codes are the same, the words need not be."""
    chosen = answer.get("valueCoding")
    if not isinstance(chosen, dict):
        return answer
    same = (option for option in node.options if option.code == chosen.get("code"))
    return next((option.value for option in same), answer)


def voice(given: FormState) -> tuple[str, str | None]:
    """Return whose account the answers of a self-assessment are, and who wrote them down if another did."""
    able = readers.code(given.answers((), "sa.who")) != "not-able"
    return "person" if able else "carer", _note(given)


def _note(given: FormState) -> str | None:
    """Say who wrote the answers down, where it was not the person alone."""
    who = readers.code(given.answers((), "sa.who"))
    if who in (None, "me"):
        return None
    name = readers.text(given.answers((), "sa.helper-name")) or "somebody else"
    relation = readers.text(given.answers((), "sa.helper-relation"))
    by = f"{name} ({relation})" if relation else name
    return f"Written with the help of {by}" if who == "with-help" else f"Written down by {by}"


def begin(
    record: Record, library: FormLibrary, case: str, self_assessment: str, *, today: date, **facts: Json
) -> str:
    """Start the needs assessment that a self-assessment begins, with the person's words and facts; return it.

    Everything is written in one step, so that one *Undo* takes it back. ``facts`` are fields of the response.
    Raises :class:`Refusal` when the self-assessment is not on this laptop.
    """
    table = self_assessment_map()
    said = responses.load(record, case, self_assessment)
    given = drafting.form_state(library.form(table.source, said.version), said, today)
    target = library.form(table.target)
    begun = responses.start(record, case, table.target, target.version, **facts)
    draft = responses.load(record, case, begun)
    entries = [one for one in populate(table, given, target, begun) if one.kind is not Kind.VIEW]
    edits = [*_rows_of(entries, begun), *(_answer(draft, one) for one in entries)]
    if edits:
        record.write(case, edits, name="Begin with the self-assessment")
    return begun


def _rows_of(entries: list[Entry], begun: str) -> Iterator[Edit]:
    made: set[str] = set()
    for entry in entries:
        for depth, (row, group) in enumerate(zip(entry.path, entry.groups, strict=True)):
            if row not in made:
                made.add(row)
                parent = entry.path[depth - 1] if depth else ""
                place: Json = {"response": begun, "link_id": group, "parent": parent}
                yield Edit("repeat", row, EXISTENCE, place, kind="create")


def _answer(draft: Draft, entry: Entry) -> Edit:
    key = Key(entry.path, entry.link_id, entry.source)
    said = Said(tuple(dict(answer) for answer in entry.answers), note=entry.note)
    return Edit("answer", account_row(draft.response, key), "value", stored_value(draft, key, said))
