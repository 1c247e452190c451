"""A place survives being kept; what is none is the first page."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.place import Place, read_place


@given(st.builds(Place, st.text(), st.text(), st.text(), st.text()))
def test_what_was_kept_is_read_again(place: Place) -> None:
    assert read_place(place.as_json()) == place


@pytest.mark.parametrize("kept", [None, [], "work", 7, {"page": 7}, {"case": None}, {"page": ["work"]}])
def test_what_is_no_place_is_the_first_page(kept: Any) -> None:
    assert read_place(kept) == Place()


def test_what_a_newer_version_added_is_passed_over() -> None:
    assert read_place({"page": "case", "case": "c", "depth": 3}) == Place("case", "c")
