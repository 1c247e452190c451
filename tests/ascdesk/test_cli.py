"""The commands without a screen: what they print, and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ascdesk.cli import main

SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
CALCULATION = {
    "url": SDC + "calculatedExpression",
    "valueExpression": {
        "language": "text/fhirpath",
        "expression": "%resource.descendants().where(linkId='n').answer.value.sum() / 3",
    },
}
FORM: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "status": "draft",
    "url": "urn:f",
    "item": [
        {"linkId": "t", "type": "display", "text": "Words"},
        {"linkId": "g", "type": "group", "repeats": True, "item": [{"linkId": "n", "type": "integer"}]},
        {
            "linkId": "why",
            "type": "string",
            "enableWhen": [{"question": "n", "operator": ">", "answerInteger": 5}],
        },
        {"linkId": "third", "type": "decimal", "extension": [CALCULATION]},
    ],
}


def write(path: Path, value: object) -> str:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def row(number: int) -> dict[str, Any]:
    return {"linkId": "g", "item": [{"linkId": "n", "answer": [{"valueInteger": number}]}]}


def test_check_prints_one_object_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hidden = {"linkId": "why", "answer": [{"valueString": "hidden"}]}
    answered = {
        "resourceType": "QuestionnaireResponse",
        "status": "in-progress",
        "item": [row(4), row(2), hidden],
    }
    files = write(tmp_path / "f.json", FORM), write(tmp_path / "r.json", answered)
    assert main(["forms", "check", files[0], "--response", files[1], "--json"]) == 0
    printed, said = capsys.readouterr()
    found = json.loads(printed)
    assert said == ""
    assert set(found) == {
        "items",
        "conditions",
        "expressions",
        "problems",
        "notes",
        "enabled",
        "calculated",
        "response",
    }
    assert (found["items"], found["conditions"], found["expressions"]) == (5, 1, 1)
    assert found["enabled"] == ["t", "g", "n", "g", "n", "third"]
    assert found["calculated"] == {"third": [2]}
    assert found["response"] == {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "urn:f",
        "status": "completed",
        "item": [row(4), row(2), {"linkId": "third", "answer": [{"valueDecimal": 2}]}],
    }


def test_without_a_response_an_empty_one_is_evaluated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forms", "check", write(tmp_path / "f.json", FORM), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["enabled"] == ["t", "g", "n", "third"]


def test_a_refused_form_still_prints_and_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = {**FORM, "item": [{"linkId": "a", "type": "reference"}]}
    assert main(["forms", "check", write(tmp_path / "f.json", raw), "--json"]) == 1
    printed, said = capsys.readouterr()
    assert json.loads(printed)["problems"][0]["linkId"] == "a"
    assert said.startswith("f.json, item a: type:")
    assert said.count("\n") == 1


def test_answers_that_do_not_fit_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answered = {"resourceType": "QuestionnaireResponse", "item": [{"linkId": "nobody"}]}
    files = write(tmp_path / "f.json", FORM), write(tmp_path / "r.json", answered)
    assert main(["forms", "check", files[0], "--response", files[1], "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["linkId"] == "nobody"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"resourceType": "Patient"}', "[" * 100_000, "NaN"]
)
def test_what_cannot_be_read_ends_with_2_and_a_sentence(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forms", "check", write(tmp_path / "f.json", content), "--json"]) == 2
    printed, said = capsys.readouterr()
    assert printed == ""
    assert said.startswith("f.json is not")
    assert main(["forms", "check", str(tmp_path / "none.json"), "--json"]) == 2
    assert "could not be read" in capsys.readouterr().err


def test_a_summary_is_printed_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forms", "check", write(tmp_path / "f.json", FORM)]) == 0
    assert capsys.readouterr().out == "5 items, 1 conditions, 1 expressions, 4 shown\n"


def test_other_commands_are_left_to_others() -> None:
    assert main([]) is None
    assert main(["demo", "--headless"]) is None


def test_it_runs_as_a_module_without_qt(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ascdesk", "forms", "check", write(tmp_path / "f.json", FORM), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert json.loads(done.stdout)["items"] == 5
