"""Every value of a file is found on its own line, however the file is written."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from ascdesk.councils.lines import Path, line_of
from ascdesk.councils.pack import files_of

TEXT = '''# a comment with [brackets] and "quotes"
title = "one # not a comment"
long = """
two = "still text"
[not.a.table]
"""
raw = \'\'\'
[[neither]]
\'\'\'

[table]
key = 1
"quoted key" = [
    "first",  # a comment, with a comma
    "second]",
    { inner = "x", deep = [1, 2] },
]
dotted.name = 5

[[row]]
id = "a"

[[row]]
id = "b" # last
[row.below]
day = 2026-12-29
[[row.below.list]]
x = 1
[[row.below.list]]
x = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("long",), 3),
        (("raw",), 7),
        (("table",), 11),
        (("table", "key"), 12),
        (("table", "quoted key"), 13),
        (("table", "quoted key", 0), 14),
        (("table", "quoted key", 1), 15),
        (("table", "quoted key", 2), 16),
        (("table", "quoted key", 2, "deep", 1), 16),
        (("table", "dotted", "name"), 18),
        (("row",), 20),
        (("row", 0, "id"), 21),
        (("row", 1), 23),
        (("row", 1, "id"), 24),
        (("row", 1, "below", "day"), 26),
        (("row", 1, "below", "list", 1, "x"), 30),
        (("row", 1, "missing"), 23),
        (("nothing", "here"), 1),
    ],
    ids=str,
)
def test_a_value_is_found_on_its_line(path: Path, line: int) -> None:
    tomllib.loads(TEXT)
    assert line_of(TEXT, path) == line


def _leaves(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        return [leaf for name, one in value.items() for leaf in _leaves(one, (*path, name))]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [leaf for place, one in enumerate(value) for leaf in _leaves(one, (*path, place))]
    return [(path, value)]


def test_every_value_of_the_carried_packs_is_found_where_it_is_written() -> None:
    checked = 0
    for folder in (files("resources") / "councils").iterdir():
        if not folder.is_dir():
            continue
        for name, text in files_of(folder).items():
            for path, _ in _leaves(tomllib.loads(text)):
                written = text.splitlines()[line_of(text, path) - 1]
                assert str(path[-1]) in written, (name, path, written)
                checked += 1
    assert checked > 100
