"""What others said to a question, beside the account that somebody writes: who may see it, what may be used.

The accounts stay as they are: each is another voice, and using one writes an answer of the worker's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from ascdesk.errors import PlainError
from ascdesk.forms.answers import read_answer
from ascdesk.forms.model import ROOT, Form, Node
from ascdesk.record.change import Json
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, Said
from ascdesk.work.telling import ORDER

OWN = frozenset(("person", "observed"))
"""Whose accounts the person may read who sits beside: their own, and the worker's."""


def beside(draft: Draft, key: Key, shown: Collection[str], *, visiting: bool = False) -> Iterator[Account]:
    """Yield the accounts of a question that say something and stand in no editor, the person's words first.

    ``shown`` are the sources that have an editor. During a visit the person reads along: what a third party
    said and what is held back in any of its versions is left out.
    """
    for source in ORDER:
        account = draft.account(Key(key.path, key.link_id, source))
        said = account.said
        if source in shown or not (said.answer or said.absent):
            continue
        if not visiting or (source in OWN and held_back(account) is None):
            yield account


def held_back(account: Account) -> str | None:
    """Return why an account is held back from the copy, if any of its versions is."""
    return next((one.said.held_back for one in account.versions if one.said.held_back), None)


def may_be_seen(form: Form, node: Node) -> bool:
    """Say whether the person beside may read along: not in the working view, nor what is on no copy."""
    while True:
        if node.ours.get("working") or node.ours.get("copy") == "never":
            return False
        if node.parent == ROOT:
            return True
        node = form.nodes[node.parent]


def used(node: Node, mine: Said, theirs: Said) -> Said | None:
    """Return what the worker's account says once it uses another's; ``None`` where there is nothing to use.

    A long text goes under what stands there already; anything else takes its place. What is held back stays
    held back, for the same reason. The value must be one that the question takes.
    """
    answers = tuple(_as_asked(node, answer) for answer in theirs.answer)
    if not answers or not _takes(node, answers):
        return None
    if node.type == "text" and mine.answer:
        answers = _under(mine, answers)
    if answers == tuple(FrozenAnswer(answer) for answer in mine.answer):
        return None
    absent = mine.absent if mine.absent == "varies" else None
    return replace(mine, answer=answers, absent=absent, held_back=mine.held_back or theirs.held_back)


def _takes(node: Node, answers: tuple[FrozenAnswer, ...]) -> bool:
    if not node.is_question or node.calculated or node.read_only or (len(answers) > 1 and not node.repeats):
        return False
    try:
        for answer in answers:
            read_answer(node, answer)
    except PlainError:
        return False
    known = {option.code for option in node.options}
    codings = (answer["valueCoding"] for answer in answers if "valueCoding" in answer)
    return not known or all(coding.get("code") in known for coding in codings)


def _as_asked(node: Node, answer: Mapping[str, Json]) -> FrozenAnswer:
    """Return a chosen answer as the question words it: the code says which it is."""
    chosen = answer.get("valueCoding")
    code = chosen.get("code") if isinstance(chosen, dict) else None
    same = (option.value for option in node.options if code is not None and option.code == code)
    return FrozenAnswer(next(same, answer))


def _under(mine: Said, answers: tuple[FrozenAnswer, ...]) -> tuple[FrozenAnswer, ...]:
    """Return a text under the one that stands there, unless it is in it already."""
    here, there = (str(held[0].get("valueString", "")) for held in (mine.answer, answers))
    if there in here:
        return tuple(FrozenAnswer(answer) for answer in mine.answer)
    return (FrozenAnswer({"valueString": f"{here}\n\n{there}"}),)
