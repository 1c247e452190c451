"""The forms that the program carries: looked up by name, never by path."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.errors import Unreadable
from ascdesk.work.library import FormLibrary

CARRIED = {path.stem for path in (Path(__file__).parents[3] / "resources" / "forms").glob("*.json")}


@pytest.mark.parametrize("name", sorted(CARRIED))
def test_a_form_is_compiled_once(library: FormLibrary, name: str) -> None:
    assert library.form(name) is library.form(name)


@given(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "../demo/caseload", "/etc/passwd", "../forms/needs-assessment", "./needs-assessment", "",
                "needs-assessment.json", "NEEDS-ASSESSMENT", "needs-assessment\0", "..\\demo\\caseload",
            ]
        ),
    )
)  # fmt: skip
def test_any_other_name_is_refused_in_a_sentence(library: FormLibrary, name: str) -> None:
    if name in CARRIED:
        return
    with pytest.raises(Unreadable) as refused:
        library.form(name)
    assert refused.value.sentence == (
        "This form is not in this version of ASC Desk. Update ASC Desk to open it."
    )
