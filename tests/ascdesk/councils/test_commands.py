"""`ascdesk rules pack` as an administrator would call it."""

from __future__ import annotations

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from ascdesk.cli import main
from ascdesk.councils.carried import carried, carried_pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a pack to be edited."""
    with as_file(files("resources") / "councils" / "coventry") as held:
        shutil.copytree(held, tmp_path / "pack")
    return tmp_path / "pack"


def test_a_sound_pack_prints_its_parts_and_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    for name in carried():
        with as_file(files("resources") / "councils" / name) as held:
            assert main(["rules", "pack", str(held), "--json"]) == 0
        printed, said = capsys.readouterr()
        found = json.loads(printed)
        assert said == ""
        assert (found["id"], found["problems"]) == (name, [])
        assert found["warnings"]
        assert set(found["parts"]) >= {"teams", "routing", "clocks", "letters"}
        assert all(count or part == "closures" for part, count in found["parts"].items())


def test_a_bad_pack_prints_every_problem_and_ends_with_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "letters" / "top_up.toml").unlink()
    teams = folder / "teams.toml"
    teams.write_text(teams.read_text(encoding="utf-8").replace('name = "Duty Team"', ""), encoding="utf-8")
    assert main(["rules", "pack", str(folder), "--json"]) == 1
    printed, said = capsys.readouterr()
    problems = json.loads(printed)["problems"]
    assert [(one["file"], one["reason"]) for one in problems] == [
        ("letters/top_up.toml", "this file is missing from the pack."),
        ("teams.toml", "“name” is missing: write a text."),
    ]
    assert problems[1]["line"] > 10
    assert said.startswith("letters/top_up.toml, line 1: ")
    assert main(["rules", "pack", str(folder)]) == 1
    assert f"teams.toml, line {problems[1]['line']}: " in capsys.readouterr().out


def test_a_folder_that_cannot_be_read_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "pack", str(tmp_path / "nowhere"), "--json"]) == 2
    printed, said = capsys.readouterr()
    assert (printed, said.count("\n")) == ("", 1)
    assert main(["rules", "pack"]) == 2
    capsys.readouterr()


def test_a_sound_pack_says_so_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "pack", str(folder)]) == 0
    assert capsys.readouterr().out.startswith(
        f"Coventry City Council, version {carried_pack().version}: the pack can be used.\n"
    )
    pathway = folder / "pathway.toml"
    text = pathway.read_text(encoding="utf-8").replace('"case-note"', '"case-nota"')
    pathway.write_text(text, encoding="utf-8")
    assert main(["rules", "pack", str(folder)]) == 0
    assert "warning: pathway.toml: the form “case-nota” is not carried" in capsys.readouterr().out
