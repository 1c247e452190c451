"""Letters: the optional is left out, the rest makes a letter wait, and nothing is half filled."""

from __future__ import annotations

from importlib.resources import files

import pytest

from ascdesk.councils.checking import Page
from ascdesk.councils.letters import COMMON, LETTERS, Letter, fill, read_letter
from ascdesk.errors import Refusal

HEAD = 'title = "To {name}"\nverified = false\n'


def letter(text: str, kind: str = "first") -> tuple[Letter, list[str]]:
    page = Page(f"letters/{kind}.toml", HEAD + text)
    return read_letter(kind, page), [one.reason for one in page.problems]


def test_an_optional_paragraph_is_left_out_and_another_makes_the_letter_wait() -> None:
    made, problems = letter(
        '[[paragraph]]\ntext = "Ring {worker}."\noptional = true\n[[paragraph]]\ntext = "On {received_on}."\n'
    )
    assert problems == []
    assert [one.text for one in fill(made, {"received_on": "Tuesday"})] == ["On Tuesday."]
    assert fill(made, {"received_on": "Tuesday", "worker": "Jo"})[0].text == "Ring Jo."
    with pytest.raises(Refusal, match="“received on” is not known"):
        fill(made, {"worker": "Jo", "received_on": " "})


def test_a_list_that_is_empty_is_like_a_value_that_is_not_known() -> None:
    made, _ = letter('[[paragraph]]\nheading = "By when"\nitems = "promises"\noptional = true\n')
    assert fill(made, {}) == ()
    assert fill(made, {}, {"promises": ["a", "b"]})[0].items == ("a", "b")


def test_a_value_is_never_taken_for_a_place() -> None:
    made, _ = letter('[[paragraph]]\ntext = "{name} and {worker}"\n')
    assert fill(made, {"name": "{worker}", "worker": "Jo"})[0].text == "{worker} and Jo"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[[paragraph]]\ntext = "{nobody}"', "“{nobody}” cannot be filled in here; known here: {name}"),
        ('[[paragraph]]\ntext = "{extra_weekly}"', "cannot be filled in"),  # another letter's place
        ('[[paragraph]]\ntext = "a } b"', "stands alone"),
        ('[[paragraph]]\nitems = "signposts"', "not a list that this letter can have"),
        ("[[paragraph]]\n", "“text” is missing"),
        ("", "there is no [[paragraph]]"),
    ],
    ids=["unknown", "of-another", "bracket", "list", "empty", "none"],
)
def test_what_could_not_be_filled_in_is_refused_when_the_pack_is_checked(text: str, reason: str) -> None:
    _, problems = letter(text)
    assert any(reason in one for one in problems), problems


def test_the_editor_is_told_every_place_and_list_of_every_letter() -> None:
    told = (files("resources") / "councils" / "README.md").read_text(encoding="utf-8")
    for place in COMMON:
        assert f"`{{{place}}}`" in told
    for name, kind in LETTERS.items():
        (line,) = [one for one in told.splitlines() if one.startswith(f"| `{name}` |")]
        assert [place for place in kind.places if f"`{{{place}}}`" not in line] == []
        assert [one for one in kind.lists if f"`{one}`" not in line] == []
