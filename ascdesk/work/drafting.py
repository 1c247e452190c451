"""From a stored draft to a form that lives: what is asked now, what follows, what the rules may read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from ascdesk.forms.model import Form, Node
from ascdesk.forms.problems import WrongAnswer
from ascdesk.forms.state import FormState
from ascdesk.record.change import Json
from ascdesk.work.responses import Draft, Key


def form_state(form: Form, draft: Draft, today: date) -> FormState:
    """Return the form filled with the draft; what a newer form no longer asks stays in the draft."""
    state, groups = FormState(form, today), row_groups(draft)
    for (path, group), rows in sorted(draft.rows.items()):
        for row in rows:
            if group in form.by_link and stands(form, form.node(group), (*path, row), groups):
                state.add_row(path, group, row)
    for path, link_id in sorted({(key.path, key.link_id) for key in draft.accounts}):
        if link_id in form.by_link and stands(form, form.node(link_id), path, groups):
            take_in(state, draft, path, link_id)
    return state


def row_groups(draft: Draft) -> dict[str, str]:
    """Return the group of each row of a draft."""
    return {row: group for (_, group), rows in draft.rows.items() for row in rows}


def stands(form: Form, node: Node, path: Sequence[str], groups: Mapping[str, str]) -> bool:
    """Say whether rows are of the groups around an item; one whose group is not known is taken to be."""
    around = [form.nodes[index].link_id for index in node.groups]
    if len(around) != len(path):
        return False
    return all(groups.get(row) in (None, group) for row, group in zip(path, around, strict=True))


def take_in(state: FormState, draft: Draft, path: tuple[str, ...], link_id: str) -> None:
    """Give the form what the draft says to one question. What cannot be read as an answer counts as none."""
    with contextlib.suppress(WrongAnswer):
        try:
            state.set(path, link_id, draft.answers(path, link_id))
        except WrongAnswer:
            state.clear(path, link_id)


def standing_answers(state: FormState) -> Callable[[str], Sequence[Mapping[str, Json]]]:
    """Return a reader of answers outside repeating groups, in which hidden answers are no answers."""

    def answers(link_id: str) -> Sequence[Mapping[str, Json]]:
        try:
            return state.answers((), link_id) if state.enabled((), link_id) else ()
        except WrongAnswer:
            return ()

    return answers


def answered(draft: Draft, path: tuple[str, ...], link_id: str, sources: Sequence[str]) -> bool:
    """Say whether anything was said to a question, *not known* and *declined* among it."""
    return any(not draft.account(Key(path, link_id, source)).said.empty for source in sources)
