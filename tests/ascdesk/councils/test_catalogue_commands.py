"""`ascdesk catalogue check FILE`, as an administrator runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ascdesk.cli import main

GOOD = "code,name,group,load_kg\nA1,Stool,Seats,190\n"


def file(folder: Path, text: str) -> str:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_sound_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "check", file(tmp_path, GOOD)]) == 0
    assert capsys.readouterr().out == "1 item taken.\n"


def test_each_refused_line_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = file(tmp_path, GOOD + "A2,Bench,Seats,heavy\n")
    assert main(["catalogue", "check", path]) == 1
    said = capsys.readouterr()
    assert "Line 3, load_kg: “heavy” is not a figure in kg." in said.out
    assert "1 item taken, 1 line not" in said.err
    assert main(["catalogue", "check", path, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["items"], told["groups"]) == (1, {"Seats": 1})
    assert told["refused"] == [
        {
            "line": 3,
            "column": "load_kg",
            "reason": "“heavy” is not a figure in kg",
            "code": "A2",
            "line_lost": True,
        }
    ]


def test_what_cannot_be_used_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "check", file(tmp_path, "hello\n")]) == 1
    assert main(["catalogue", "check", str(tmp_path / "nothing.csv")]) == 2
    assert main(["catalogue"]) == 2
    assert "could not be read" in capsys.readouterr().err
