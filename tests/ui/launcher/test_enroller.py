"""The council's address as people type it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Refusal
from ui.launcher.enroller import Enrolment, council_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("asc.council.example", "https://asc.council.example"),
        (" https://asc.council.example/ ", "https://asc.council.example"),
        ("asc.council.example:8443/desk", "https://asc.council.example:8443/desk"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_an_address_is_completed(typed: str, address: str) -> None:
    assert council_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://asc.council.example",
        "ftp://asc.council.example",
        "javascript://x/%0aalert(1)",
        "https://me:secret@asc.council.example",
        "https://asc.council.example?x=1",
        "https://asc.council.example#x",
        "not an address",
        "https://[::1",
        "https://x:99999",
        "http://127.0.0.1.evil.example",
    ],
)
def test_what_is_no_safe_address_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        council_address(typed)
    assert caught.value.sentence.endswith(".")


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    try:
        address = council_address(typed)
    except Refusal:
        return
    assert address.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]"))
    assert council_address(address) == address


def test_what_sync_needs_later_is_not_shown() -> None:
    assert "hidden" not in repr(
        Enrolment("d", "https://c.example", "R. Okafor", "Example", {"token": "hidden"})
    )
