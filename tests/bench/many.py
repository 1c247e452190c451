"""Many cases for measurements: copies of the demonstration's, with other names, and more that was written."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence

from ascdesk.record.change import Change, new_id, seal
from ascdesk.record.record import Record
from tests.support.desks import JEAN, NOW, numbered

FIRST = (
    "Ada Bram Cora Dev Elsie Femi Greta Hugo Iris Jonah Kezia Lorna Musa Nell Omar Pia Quinn Rosa Sol Tess"
)
LAST = "Archer Bello Crane Dunmore Eccles Farrow Gill Hobday Imrie Jessop Kaur Lovell Mbeki Nowak Osei Price"
WORDS = """
    she says the stairs are hard since the fall and her daughter comes on Mondays with shopping he
    would like to go out to the garden again when the rail is there cooking is tiring but soup and
    toast are fine nobody helps at night she sleeps badly and worries about the bath the neighbour
    has a key the doctor changed the tablets in spring walking with the frame in the kitchen slowly
    a warm room a quiet street church on Sunday
"""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def fill_up(record: Record, cases: int, changes: int) -> None:
    """Fill a record up to so many cases and changes, all of them from the council."""
    rolled = random.Random(6)
    held = record.cases()
    sources = [record.heads(case) for case in held]
    left = changes - sum(len(some) for some in sources)
    for number in range(cases - len(held)):
        copy = list(_copied(sources[number % len(sources)], rolled))
        more = max(0, left // (cases - len(held) - number) - len(copy))
        whole = [*copy, *_written(copy[0].case, more, rolled)]
        left -= len(whole)
        record.apply_page(copy[0].case, numbered(whole))


def _copied(heads: dict[tuple[str, str], tuple[Change, ...]], rolled: random.Random) -> Iterator[Change]:
    """Yield what stands in a case as another case's, somebody else's."""
    ids: dict[str, str] = {}
    changes = [some[0] for some in heads.values()]
    own = {change.row for change in changes} | {change.case for change in changes}

    def other(found: re.Match[str]) -> str:
        return ids.setdefault(found[0], new_id()) if found[0] in own else found[0]

    for change in changes:
        value = json.loads(_ID.sub(other, change.value or "null"))
        if change.entity == "person" and isinstance(value, dict):
            value = value | {
                "given_name": rolled.choice(FIRST.split()),
                "family_name": rolled.choice(LAST.split()),
            }
        yield _sealed(_ID.sub(other, change.case), change.entity, _ID.sub(other, change.row), value, change)


def _sealed(case: str, entity: str, row: str, value: object, like: Change) -> Change:
    return seal(
        case=case, entity=entity, row=row, field=like.field, kind=like.kind, value=value, supersedes=(),
        group=new_id(), author=like.author, device=like.device, wall=like.wall,
    )  # fmt: skip


def _written(case: str, count: int, rolled: random.Random) -> Iterator[Change]:
    response = new_id()
    for number in range(count):
        said = " ".join(rolled.choices(WORDS.split(), k=rolled.randrange(3, 24)))
        value = {"at": [response, "", f"q.{number}", "observed"], "answer": [{"valueString": said}]}
        yield seal(
            case=case, entity="answer", row=new_id(), field="value", kind="set", value=value, supersedes=(),
            group=new_id(), author="council", device=JEAN, wall=NOW.isoformat(),
        )  # fmt: skip


def letters(words: Sequence[str]) -> Iterator[str]:
    """Yield what stands in the field after each letter of each word."""
    for word in words:
        yield from (word[: end + 1] for end in range(len(word)))
