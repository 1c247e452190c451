"""What somebody chose of the look: kept beside the profile, whatever stands in the file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ui.theme.choice import FILE, Choice, keep_choice, read_choice


def test_a_choice_is_read_as_it_was_kept_and_is_its_owners_alone(tmp_path: Path) -> None:
    chosen = Choice("high-contrast", 150, touch=True)
    keep_choice(tmp_path, chosen)
    assert read_choice(tmp_path) == chosen
    if os.name == "posix":  # Windows has access lists, and the folder's own
        assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "held",
    [
        "", "{", "[]", "7", '{"colours": 3, "zoom": "200", "touch": 1}',
        '{"colours": "pink", "zoom": 201, "touch": "yes"}', '{"zoom": true}',
    ],
    ids=["empty", "cut off", "a list", "a number", "other types", "not offered", "true for a number"],
)  # fmt: skip
def test_what_cannot_be_read_is_the_usual_look(tmp_path: Path, held: str) -> None:
    (tmp_path / FILE).write_text(held, encoding="utf-8")
    assert read_choice(tmp_path) == Choice()


def test_without_a_file_it_is_as_the_laptop_is_set(tmp_path: Path) -> None:
    assert read_choice(tmp_path / "nowhere") == Choice("system", 100, touch=False)
