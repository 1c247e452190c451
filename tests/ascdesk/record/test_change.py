"""The change row: sealed, canonical, and still whole after a redaction."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Unreadable
from ascdesk.record.change import Change, canonical, hash_of, hash_of_value, redacted, seal
from ascdesk.record.wire import from_wire, to_wire

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.text(min_size=1, max_size=12)


@st.composite
def sealed(draw: st.DrawFn) -> Change:
    return seal(
        case=draw(names),
        entity=draw(names),
        row=draw(names),
        field=draw(st.text(max_size=9)),
        kind=draw(st.sampled_from(["set", "create", "delete", "sign", "issue", "attach"])),
        value=draw(values),
        supersedes=draw(st.lists(names, max_size=3)),
        group=draw(names),
        author=draw(names),
        device=draw(names),
        wall=draw(names),
    )


@given(sealed())
def test_the_seal_is_the_canonical_json_of_the_whole_row(change: Change) -> None:
    assert change.salt is not None and change.value is not None
    expected = [
        "ascdesk-change-1", change.id, change.case, change.entity, change.row, change.field, change.kind,
        hash_of_value(change.salt, change.value), list(change.supersedes), change.group, change.author,
        change.device, change.wall, change.schema,
    ]  # fmt: skip
    assert change.hash == hashlib.sha256(rfc8785.dumps(expected)).hexdigest()


SEALED_PARTS = [
    "id", "case", "entity", "row", "field", "kind", "value", "salt", "supersedes", "group", "author",
    "device", "wall", "schema",
]  # fmt: skip


@given(sealed(), st.sampled_from(SEALED_PARTS))
def test_no_part_can_be_altered_under_its_seal(change: Change, part: str) -> None:
    old = getattr(change, part)
    new = {
        "schema": change.schema + 1,
        "supersedes": (*change.supersedes, "another"),
        "value": '"another value"' if old != '"another value"' else "null",
        "salt": "00" * 16,
    }.get(part, f"{old}x")
    altered = dataclasses.replace(change, **{part: new})
    assert hash_of(altered) != change.hash
    if part != "kind":
        with pytest.raises(Unreadable):
            from_wire(to_wire(altered))


@given(sealed())
def test_a_redacted_change_keeps_its_seal_and_loses_its_words(change: Change) -> None:
    gone = redacted(change)
    assert gone.value is None and gone.salt is None
    assert hash_of(gone) == change.hash
    assert from_wire(to_wire(gone)) == gone


@given(sealed())
def test_a_change_travels_whole(change: Change) -> None:
    assert from_wire(to_wire(change)) == change


@given(values)
def test_equal_values_have_one_spelling(value: object) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1.5, [0.0], {"a": {"b": 1e9}}])
def test_a_float_is_refused(value: object) -> None:
    with pytest.raises(Unreadable, match="string"):
        canonical(value)
