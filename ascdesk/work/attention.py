"""What the council could not take: each change with its text, the reason, and where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import select

from ascdesk.atomic import write_atomically
from ascdesk.errors import Refusal
from ascdesk.record.change import Change, Json
from ascdesk.record.projection import chunks
from ascdesk.record.record import Record
from ascdesk.record.tables import ChangeRow, SupersededRow
from ascdesk.work import cases, clashes, safekeeping
from ascdesk.work.cases import Case
from ascdesk.work.clashes import Waiting, account_words, question_words
from ascdesk.work.joining import ENTITY as MERGE
from ascdesk.work.labels import entity_words, field_words, value_words
from ascdesk.work.library import FormLibrary
from ascdesk.work.redactions import WRITTEN_OVER
from ascdesk.work.responses import Key
from ascdesk.work.wording import names_for

HANDED: Final = "handed/"
"""Before a change's id, the local setting that says when it was handed over; it goes with its case."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that stays on this laptop: what it says and about what, why, and where it can be edited.

    ``may_go``: it stands on words that were removed by order, or says of two records what the council could
    not follow, or its author wrote it anew and the council holds that (``anew``), so the author may take it
    off the laptop. ``handed``: when it was handed over.
    """

    change: str
    case: str
    who: str
    about: str
    words: str
    reason: str
    at: str
    page: str
    of: str
    place: str
    may_go: bool = False
    anew: bool = False
    handed: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """All that waits for the worker: what the council did not take, and what two people wrote differently."""

    refused: tuple[Refused, ...]
    waiting: tuple[Waiting, ...]

    @property
    def count(self) -> int:
        """Return how many things there are."""
        return len(self.refused) + sum(one.count for one in self.waiting)


def attention(record: Record, library: FormLibrary) -> Attention:
    """Return what waits for the worker, over all cases of this laptop."""
    held = {case.id: case for case in cases.read_cases(record)}
    needs = record.attention()
    anew = _written_anew(record, [one.change.id for one in needs])
    refused = []
    for one in needs:
        told = _refused(one.change, one.reason, held.get(one.change.case), library)
        again = one.change.id in anew
        given = record.get(f"{HANDED}{one.change.id}") or {}
        refused.append(
            replace(told, may_go=told.may_go or again, anew=again, handed=str(given.get("at", "")))
        )
    return Attention(tuple(refused), clashes.waiting(record))


def _written_anew(record: Record, changes: Sequence[str]) -> set[str]:
    """Return those changes that their author wrote over since by one that the council holds."""
    found: set[str] = set()
    with record.reading() as session:
        for some in chunks(changes):
            query = select(SupersededRow.id).join(ChangeRow, ChangeRow.id == SupersededRow.by)
            mine = (ChangeRow.author == record.author, ChangeRow.version.is_not(None))
            found |= set(session.scalars(query.where(SupersededRow.id.in_(some), *mine)))
    return found


def send_again(record: Record, change: str) -> None:
    """Offer a change to the council once more, as it is: what stood in its way may have gone."""
    record.send_again([change])


def hand_over(record: Record, change: str, path: Path) -> None:
    """Write a change, and what was saved together with it, to a file that the council alone can open.

    The manager's administrator brings it in (``ascdesk-server escrow open``); it is then kept as late work,
    and sending it again here finds it there. Raises :class:`Refusal` when it does not wait any more or the
    council has no key, :class:`MachineTrouble` when the disk refuses.
    """
    waiting = {one.change.id: one.change for one in record.attention()}
    if change not in waiting:
        raise Refusal("This does not wait for you any more. Look at the list again.")
    case, group = waiting[change].case, waiting[change].group
    together = [one for one in waiting.values() if one.group == group]
    write_atomically(path, safekeeping.sealed(record, together))
    for one in together:
        record.put(f"{HANDED}{one.id}", {"case": case, "at": record.now()})


def let_go(record: Record, change: str) -> None:
    """Take the words of a change that the council could not take off this laptop for ever.

    That it was written, by whom and when, is sent. Raises :class:`Refusal` when it does not wait any more.
    """
    record.let_go(change)


def _refused(change: Change, reason: str, case: Case | None, library: FormLibrary) -> Refused:
    page, of, place = _place(change.content, case) if change.entity == "answer" else ("case", "", "")
    return Refused(
        change=change.id,
        case=change.case if case is not None else "",
        who=case.person.full_name if case is not None else "A case that is no longer on this laptop",
        about=_about(change, case, library),
        words=_words(change),
        reason=reason,
        at=change.wall,
        page=page,
        of=of,
        place=place,
        may_go=reason == WRITTEN_OVER or change.entity == MERGE,
    )


def _place(value: Json, case: Case | None) -> tuple[str, str, str]:
    """Return the page, the record and the place in it where an answer can be edited."""
    response, _, link_id, _ = _address(value)
    held = next((one for one in case.responses if one.row == response), None) if case else None
    if held is None or not link_id:
        return "case", "", ""
    if held.of:
        return "plan", held.of, ""
    return "assess", response, link_id.split(".", maxsplit=1)[0]


def _address(value: Json) -> tuple[str, str, str, str]:
    at = value.get("at") if isinstance(value, dict) else None
    if not isinstance(at, list) or len(at) != 4:
        return "", "", "", ""
    return str(at[0]), str(at[1]), str(at[2]), str(at[3])


def _about(change: Change, case: Case | None, library: FormLibrary) -> str:
    response, path, link_id, source = _address(change.content)
    held = next((one for one in case.responses if one.row == response), None) if case else None
    if held is not None and case is not None:
        form, names = library.form(held.questionnaire or "", held.questionnaire_version), names_for(case)
        key = Key(tuple(part for part in path.split("/") if part), link_id, source)
        return f"{question_words(form, key, names)} · {account_words(form, key, names)}"
    kinds = {"create": "a new one", "delete": "removed", "sign": "signed", "issue": "issued"}
    what = kinds.get(change.kind) or field_words(change.field)
    return f"{entity_words(change.entity)}: {what}" if change.entity != "answer" else "An answer"


def _words(change: Change) -> str:
    if change.kind == "delete":
        return "(removed)"
    if change.kind != "set":
        return ""
    return value_words(change.field, change.content) or "(left empty)"
