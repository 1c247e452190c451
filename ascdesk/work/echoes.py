"""What earlier forms of a case said, for the questions that show it again, to be read and never changed."""

from __future__ import annotations

from collections.abc import Iterable

from ascdesk.forms.model import Form
from ascdesk.record.record import Record
from ascdesk.work import responses
from ascdesk.work.cases import Case
from ascdesk.work.responses import Draft, Key, Said


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
