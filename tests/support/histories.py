"""Histories of one case as Hypothesis draws them: several hands, any order, edits, deletions, clashes."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

from ascdesk.record.change import EXISTENCE, Change, seal

CASE = "01900000-0000-7000-8000-0000000000c1"
ROWS = {"person": ["p1"], "contact": ["c1", "c2"], "task": ["t1"], "answer": ["a1", "a2"]}
FIELDS = {
    "person": ["given_name", "interpreter", "made_up_later"],
    "contact": ["name", "roles"],
    "task": ["title", "due"],
    "answer": ["value"],
}

texts = st.text(max_size=8)
plain = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), texts, st.lists(texts, max_size=2))


@st.composite
def said(draw: st.DrawFn, row: str) -> object:
    """Return an answer's value with its address, held back or not, or a cleared one."""
    if draw(st.integers(0, 5)) == 0:
        return None
    value: dict[str, object] = {
        "at": ["r1", "", f"q.{row}", "person"],
        "answer": [{"valueString": draw(texts)}],
    }
    if draw(st.booleans()):
        value["heldBack"] = "asked for"
    return value


@st.composite
def histories(draw: st.DrawFn, max_size: int = 14, entities: tuple[str, ...] = tuple(ROWS)) -> list[Change]:
    """Return changes of one case; each has in sight some of what was made before.

    With few ``entities`` more of the changes meet in one field.
    """
    made: list[Change] = []
    for number in range(draw(st.integers(1, max_size))):
        entity = draw(st.sampled_from(sorted(entities)))
        row = draw(st.sampled_from(ROWS[entity]))
        kind = draw(st.sampled_from(["set", "set", "set", "create", "delete"]))
        field = EXISTENCE if kind != "set" else draw(st.sampled_from(FIELDS[entity]))
        value = (
            draw(said(row))
            if entity == "answer" and kind == "set"
            else None
            if kind != "set"
            else draw(plain)
        )
        # The removal of a repeating row has everything in it in sight, in whatever row that lies.
        before = [c.id for c in made if kind == "delete" or (c.row, c.field) == (row, field)]
        seen = draw(st.sets(st.sampled_from(before))) if before else set()
        made.append(
            seal(
                case=CASE,
                entity=entity,
                row=row,
                field=field,
                kind=kind,
                value=value,
                supersedes=seen,
                group=f"g{number}",
                author=draw(st.sampled_from(["rosa", "kiran"])),
                device="d1",
                wall="2026-11-21T10:00:00.000+00:00",
            )
        )
    return made


def split(changes: list[Change], cuts: list[int]) -> list[list[Change]]:
    """Return the changes in pages cut at these places."""
    places = sorted({cut % (len(changes) + 1) for cut in cuts} | {0, len(changes)})
    return [changes[a:b] for a, b in itertools.pairwise(places)]
