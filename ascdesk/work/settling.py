"""Settling: one change supersedes exactly what was shown (design §3).

What was not chosen stays in the history, from where it can be written again; what arrived meanwhile stays a
conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ascdesk.errors import Refusal
from ascdesk.record.change import EXISTENCE, Change, Json
from ascdesk.record.record import Record
from ascdesk.record.writing import Edit, Written
from ascdesk.work import cases, privacy, responses, signing
from ascdesk.work.clashes import Clash, Past, Reader, Telling, changes_by_id, telling_of
from ascdesk.work.labels import value_words
from ascdesk.work.library import FormLibrary
from ascdesk.work.people import authors
from ascdesk.work.responses import Draft, Key, Said, said_of
from ascdesk.work.wording import ABSENT


def take(record: Record, case: str, clash: Clash, change: str) -> Written:
    """Settle by one of the tellings. Raises :class:`Refusal` when what it belongs to is signed."""
    chosen = next((telling for telling in clash.tellings if telling.change == change), None)
    if chosen is None:
        raise Refusal("This was settled meanwhile. Look at how it stands now, and at its history.")
    return _put(record, case, clash, chosen.value)


def keep_all(record: Record, case: str, clash: Clash, labels: Mapping[str, str]) -> Written:
    """Settle by keeping every text, each under its writer and day; ``labels`` gives that line by change.

    Raises :class:`Refusal` when these are not texts, or what they belong to is signed.
    """
    if not clash.written or clash.key is None:
        raise Refusal("Only written answers can be kept one under another. Choose one, or answer anew.")
    said = [(said_of(telling.value), labels[telling.change]) for telling in clash.tellings]
    parts = [f"{label}:\n{_text(one)}" for one, label in said if _text(one)]
    back = "; ".join(dict.fromkeys(one.held_back for one, _ in said if one.held_back)) or None
    note = "\n".join(dict.fromkeys(one.note for one, _ in said if one.note)) or None
    kind = next((key for one, _ in said for part in one.answer for key in part), "valueString")
    return rewrite(record, case, clash, Said(({kind: "\n\n".join(parts)},), None, back, note))


def _text(said: Said) -> str:
    words = [str(value) for part in said.answer for key, value in part.items() if key.startswith("value")]
    return "\n".join(words) or ABSENT.get(said.absent or "", "")


def rewrite(record: Record, case: str, clash: Clash, said: Said) -> Written:
    """Settle an answer by words of one's own. Raises :class:`Refusal` when the response is signed."""
    if clash.key is None:
        raise Refusal("Write this where it belongs: on its own page.")
    return _put(record, case, clash, _stored(clash, said))


def _stored(clash: Clash, said: Said) -> Json:
    assert clash.key is not None
    draft = Draft("", clash.of, "", "", "", "")
    return responses.stored_value(draft, clash.key, said)


def _put(record: Record, case: str, clash: Clash, value: Json) -> Written:
    if clash.of:
        signing.refuse_frozen(record, clash.of)
    edit = Edit(clash.entity, clash.row, clash.field, value, clash.seen)
    return record.write(case, [edit], name=f"settle {clash.about}")


def remove(record: Record, case: str, clash: Clash) -> Written:
    """Settle a row that was removed and written in: it goes, with what is shown in it."""
    if clash.of:
        signing.refuse_frozen(record, clash.of)
    edit = Edit(clash.entity, clash.row, EXISTENCE, None, clash.seen, "delete")
    return record.write(case, [edit], name=f"remove {clash.where}")


def keep(record: Record, case: str, clash: Clash) -> Written:
    """Settle a row that was removed and written in: it stays, with everything that its removal took away."""
    if clash.of:
        signing.refuse_frozen(record, clash.of)
    heads = record.heads(case)
    own = [change for change in heads.get((clash.row, EXISTENCE), ()) if change.id in clash.seen]
    taken = changes_by_id(record, {old for change in own for old in change.supersedes})
    made = [h.change for h in record.history(case, clash.row, EXISTENCE) if h.change.kind == "create"]
    place = made[-1].content if made else None
    edits = [Edit(clash.entity, clash.row, EXISTENCE, place, frozenset(c.id for c in own), "create")]
    for old in sorted(taken, key=_by_id):
        itself = (old.row, old.field) == (clash.row, EXISTENCE)
        says = old.kind in {"create", "set"} and old.value is not None
        if (old.row, old.field) not in heads and not itself and says:
            edits.append(Edit(old.entity, old.row, old.field, old.content, frozenset({old.id}), old.kind))
    return record.write(case, edits, name=f"keep {clash.where}")


def _by_id(change: Change) -> str:
    return change.id


# -- history --------------------------------------------------------------------------------------------


def history(record: Record, case: str, response: str, key: Key, library: FormLibrary) -> Past:
    """Return every change of an account, oldest first. Raises :class:`Refusal` when it is not here."""
    draft = responses.load(record, case, response)
    found = cases.look(record, case)
    form = library.form(draft.questionnaire, draft.version)
    reader = Reader(record, authors(record), draft, form, privacy.names_in(found, form, draft))
    clash = reader.clash(key)
    told: list[Telling] = []
    for held in record.history(case, clash.row, clash.field):
        one = replace(reader.telling(held.change, key), stands=held.head and held.change.value is not None)
        told.append(one)
    return Past(clash, tuple(told))


def field_history(record: Record, clash: Clash, case: str) -> Past:
    """Return every change of a typed field, oldest first."""
    known = authors(record)
    told = [
        replace(
            telling_of(held.change, known, record, value_words(clash.field, held.change.content)),
            stands=held.head and held.change.value is not None,
        )
        for held in record.history(case, clash.row, clash.field)
    ]
    return Past(clash, tuple(told))


def put_back(record: Record, case: str, past: Past, change: str) -> Written:
    """Write again what an earlier change said, over all that stands now: a new change, like any other.

    Raises :class:`Refusal` when what it belongs to is signed, or its text was taken out of the record.
    """
    chosen = next((told for told in past.tellings if told.change == change), None)
    if chosen is None:
        raise Refusal("This is not in the history any more. Open the history again.")
    if chosen.removed is not None:
        raise Refusal("These words were removed, so nothing can be put back. Write what is to stand here.")
    return _put(record, case, past.clash, chosen.value)
