"""What the demonstration leaves for the visit, written by the same operations as the screens use."""

from __future__ import annotations

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import cases, responses
from ascdesk.work.caseload import Caseload
from ascdesk.work.library import NEEDS_ASSESSMENT, FormLibrary
from ascdesk.work.responses import Key, said_of


def complete_visit(
    record: Record, case: str, told: Caseload, library: FormLibrary, *, leave_out: tuple[str, ...] = ()
) -> str:
    """Answer what ``at_the_visit`` left out, so that the assessment can be decided; return the response.

    ``leave_out`` names linkIds, or the parts before their first full stop, that stay unanswered.
    """
    response = cases.look(record, case).response(NEEDS_ASSESSMENT)
    assert response is not None
    form = library.form(NEEDS_ASSESSMENT)
    draft = responses.load(record, case, response.row)
    rows: dict[tuple[str, str], str] = {}
    for answer in told.visit[case]:
        link_id = answer["linkId"]
        if link_id in leave_out or link_id.split(".")[0] in leave_out:
            continue
        groups = [form.nodes[index].link_id for index in form.node(link_id).groups]
        path = tuple(rows.setdefault((group, answer.get("row", "")), new_id()) for group in groups)
        responses.answer(
            record,
            draft,
            Key(path, link_id, answer["source"]),
            said_of(answer),
            seen=frozenset(),
            name="visit",
            groups=groups,
        )
    return response.row
