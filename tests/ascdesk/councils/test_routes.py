"""A routing table that is wrong is refused with what is wrong in it."""

from __future__ import annotations

import pytest

from ascdesk.councils.checking import Page
from ascdesk.councils.routes import read_routing

ROW = '[[row]]\nid = "R1"\nhow = "last"\nteams = ["manual"]\nwhy = "By hand."\n'


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("row = [", "TOML"),
        ("", "[[row]]"),
        ("row = [1]", "[[row]]"),
        (ROW + 'colour = "red"', "colour"),
        (ROW + "from_age = true", "from_age"),
        (ROW + 'from_age = "18"', "from_age"),
        (ROW + 'needs = "ot"', "needs"),
        (ROW + 'needs = ["cake"]', "information_only"),
        (ROW.replace('"last"', '"never"'), "never"),
        (ROW.replace('"last"', '"first"'), "last"),
        (ROW.replace('["manual"]', "[]"), "teams"),
        ('[[row]]\nid = "R1"\nteams = ["manual"]\nwhy = "x"', "how"),
    ],
)
def test_a_bad_table_is_refused_naming_what_is_wrong(text: str, word: str) -> None:
    page = Page("routing.toml", text)
    read_routing(page, ["manual"])
    (found,) = page.problems
    assert found.file == "routing.toml"
    assert word in found.reason


def test_a_good_table_keeps_its_rows() -> None:
    page = Page("routing.toml", ROW)
    (row,) = read_routing(page, ["manual"]).rows
    assert (page.problems, row.id, row.teams) == ([], "R1", ("manual",))
