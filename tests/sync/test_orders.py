"""Orders and keys: signed for one question of one laptop, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Unreadable
from sync.orders import (
    Asked,
    Order,
    holds,
    keys_hold,
    make_signing_key,
    orders_json,
    read_keys,
    read_orders,
    signed,
    signed_keys,
)

ASKED = Asked("council", "laptop", "random")
NAMES = ["case", "archived", "archived_at", "signing"]
WHEN = "2026-11-22T02:00:00+00:00"


@pytest.mark.parametrize(
    ("order", "asked"),
    [
        (Order("another", 7, WHEN), ASKED),
        (Order("case", 8, WHEN), ASKED),
        (Order("case", 7), ASKED),
        (Order("case", 7, "2026-11-22T02:00:01+00:00"), ASKED),
        (Order("case", 7, WHEN), replace(ASKED, council="another")),
        (Order("case", 7, WHEN), replace(ASKED, device="another")),
        (Order("case", 7, WHEN), replace(ASKED, nonce="another")),
    ],
    ids=["case", "watermark", "never", "later", "council", "laptop", "question"],
)
def test_an_order_holds_for_what_was_asked_and_nothing_else(order: Order, asked: Asked) -> None:
    private = make_signing_key()
    keys = signed_keys("council", "ab", private)
    given_order = signed(Order("case", 7, WHEN), ASKED, private)

    assert holds(given_order, ASKED, keys.signing)
    assert not holds(replace(order, signature=given_order.signature), asked, keys.signing)
    assert not holds(given_order, ASKED, signed_keys("council", "ab", make_signing_key()).signing)
    assert read_orders(orders_json([given_order])) == (given_order,)


def test_a_recovery_key_is_vouched_for_by_the_signing_key() -> None:
    keys = signed_keys("council", "ab", make_signing_key())
    assert keys_hold(keys, "council")
    assert not keys_hold(keys, "another")
    assert not keys_hold(replace(keys, recovery="cd"), "council")
    assert read_keys(keys.as_json()) == keys


@given(
    parts=st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
        max_leaves=6,
    )
)
def test_anything_else_is_unreadable(parts: Any) -> None:
    if parts != []:
        with pytest.raises(Unreadable):
            read_orders(parts)
    with pytest.raises(Unreadable):
        read_keys(parts)
