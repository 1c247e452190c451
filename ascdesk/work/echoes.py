"""What earlier forms of a case said, for the questions that show it again, to be read and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from ascdesk.forms.model import Form
from ascdesk.forms.state import FormState
from ascdesk.record.record import Record
from ascdesk.work import drafting, population, responses
from ascdesk.work.cases import Case
from ascdesk.work.library import FormLibrary
from ascdesk.work.population import Kind, Population
from ascdesk.work.responses import SOURCES, Draft, Key, Said
from ascdesk.work.wording import answers_words


@dataclass(frozen=True, slots=True)
class View:
    """What the person thinks of what a worker must find, in the words of the form they sent.

    ``link_id`` is the question of the assessment; ``source`` whose view it is: the person's, or that of
    somebody (``carer``) who filled the form in for a person who could not say yes. It is never the finding
    (SI 2015/313).
    """

    link_id: str
    words: str
    source: str
    note: str | None = None
    at: str = ""
    held_back: str | None = None


def echoes(form: Form, drafts: Iterable[Draft]) -> dict[str, Said]:
    """Return what each question that the form shows again was answered with, by its linkId.

    ``drafts`` come in the order in which they are asked: the first that answered a question is shown, the
    person's words before the worker's. What is held back from the copy is not shown.
    """
    found: dict[str, Said] = {}
    wanted = shown_again(form)
    for draft in drafts:
        for link in wanted - set(found):
            told = _told(draft, link)
            if told is not None:
                found[link] = told
    return found


def shown_again(form: Form) -> frozenset[str]:
    """Return the questions of other forms that this one shows again."""
    return frozenset(str(node.ours["echo"]) for node in form.nodes if node.ours.get("echo"))


def earlier_echoes(record: Record, case: Case, response: str, form: Form) -> dict[str, Said]:
    """Return the echoes of a form from the newest of each other form that its case holds."""
    if not shown_again(form):
        return {}
    newest = {
        held.questionnaire: held.row
        for held in sorted(case.responses, key=lambda one: one.started_at or "")
        if held.row != response
    }
    return echoes(form, [responses.load(record, case.id, row) for row in newest.values()])


def _told(draft: Draft, link: str) -> Said | None:
    for source in ("person", "observed"):
        said = draft.account(Key((), link, source)).said
        if said.answer and not said.held_back:
            return said
    return None


def views(table: Population, given: FormState, draft: Draft) -> Iterator[View]:
    """Yield what a self-assessment says of the questions that a worker must answer, in the form's order.

    What was asked because of another answer is told with that one: its own question may not be asked here.
    """
    source, note = population.voice(given)
    last: View | None = None
    for path, link_id in given.addresses():
        place = table.places.get(link_id)
        node = given.form.node(link_id)
        words = answers_words(node, given.answers(path, link_id), {}).replace("\n", "; ")
        if place is None or place.kind is not Kind.VIEW or path or not words:
            continue
        held = _held_back(draft, link_id)
        if last is not None and node.conditional and _siblings(given.form, last, table, link_id):
            last = replace(last, words=f"{last.words}: {words}", held_back=last.held_back or held)
            continue
        if last is not None:
            yield last
        last = View(place.link_id, words, source, note, draft.started_at, held)
    if last is not None:
        yield last


def self_assessment_views(
    record: Record, case: Case, questionnaire: str, library: FormLibrary, today: date
) -> dict[str, View]:
    """Return the views of the case's newest self-assessment, by the questions of the form they belong to."""
    table = population.self_assessment_map()
    sent = case.response(table.source)
    if sent is None or questionnaire != table.target:
        return {}
    draft = responses.load(record, case.id, sent.row)
    given = drafting.form_state(library.form(table.source, draft.version), draft, today)
    return {one.link_id: one for one in views(table, given, draft)}


def _siblings(form: Form, last: View, table: Population, link_id: str) -> bool:
    before = next(asked for asked, place in table.places.items() if place.link_id == last.link_id)
    return form.node(before).parent == form.node(link_id).parent


def _held_back(draft: Draft, link_id: str) -> str | None:
    accounts = (draft.account(Key((), link_id, source)) for source in SOURCES)
    versions = (one.said for account in accounts for one in account.versions)
    return next((said.held_back for said in versions if said.held_back), None)
