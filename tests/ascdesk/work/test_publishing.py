"""`ascdesk forms publish`: versions that never change, differences in words, and the way to a laptop."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ascdesk.cli import main
from ascdesk.councils.pack import canonical, from_canonical, read_pack
from ascdesk.forms.differences import differences
from ascdesk.forms.questionnaire import compile_form
from ascdesk.work.library import FormLibrary

RESOURCES = Path(__file__).parents[3] / "resources"
OURS = "https://ascdesk.example/fhir/StructureDefinition/"


def falls(number: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = items or ({"linkId": "a", "type": "string", "text": "How did it happen?"},)
    raw = {"resourceType": "Questionnaire", "status": "active", "id": "falls", "title": "Falls"}
    return raw | {"version": number, "item": list(made)} | more


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of a council's pack."""
    return Path(shutil.copytree(RESOURCES / "councils" / "larkmoor", tmp_path / "pack"))


def publish(pack: Path, raw: dict[str, Any], *more: str) -> int | None:
    file = pack.parent / "draft.json"
    file.write_text(json.dumps(raw), encoding="utf-8")
    return main(["forms", "publish", str(file), "--pack", str(pack), *more])


def test_a_form_goes_with_the_pack_to_a_laptop(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish(pack, falls("1"), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["version"], told["published"], told["previous"]) == ("falls", "1", True, None)
    assert told["file"] == "forms/falls@1.json"
    arrived = from_canonical(canonical(read_pack(pack)))
    assert FormLibrary(arrived.files).form("falls").title == "Falls"


def test_every_version_stays_and_the_differences_are_told(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(pack, falls("1")) == 0
    second = falls("2", {"linkId": "a", "type": "text", "text": "How did it happen?", "required": True})
    assert publish(pack, second) == 0
    said = capsys.readouterr().out
    assert "Different from version 1: 2." in said
    assert "a: “How did it happen?”: takes words now, before a line of words" in said
    assert "a: “How did it happen?”: must be answered now" in said
    forms = FormLibrary(read_pack(pack).files)
    assert (forms.form("falls").version, forms.form("falls", "1").version) == ("2", "1")


def test_the_same_again_is_no_news(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(pack, falls("1"))
    assert publish(pack, falls("1")) == 0
    assert "published already, and says the same" in capsys.readouterr().out


def test_a_changed_form_under_an_old_version_is_refused(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(pack, falls("1"))
    before = (pack / "forms" / "falls@1.json").read_bytes()
    capsys.readouterr()
    assert publish(pack, falls("1", title="Other"), "--json") == 1
    printed, said = capsys.readouterr()
    assert json.loads(printed)["problems"] == [
        {"linkId": "", "element": "version", "message": "1 is published already"}
    ]
    assert "raise “version” and publish again" in said
    assert (pack / "forms" / "falls@1.json").read_bytes() == before


def test_a_lower_version_is_refused(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(pack, falls("1.10"))
    assert publish(pack, falls("1.9")) == 1
    assert "higher" in capsys.readouterr().err


def test_a_carried_form_changed_under_its_own_version_is_refused(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    carried = json.loads((RESOURCES / "forms" / "risk.json").read_text(encoding="utf-8"))
    assert publish(pack, carried) == 0
    shutil.rmtree(pack / "forms")
    assert publish(pack, carried | {"title": "Other"}) == 1
    assert publish(pack, carried | {"title": "Other", "version": "9.0"}) == 0
    assert "the form: is called “Other” now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "element", "words"),
    [
        ({"item": [{"linkId": "a", "type": "reference"}]}, "type", "item a"),
        ({"version": ""}, "version", "no version"),
        ({"version": "1/2"}, "version", "no version"),
    ],
)
def test_what_cannot_be_published_names_item_and_element(
    pack: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], element: str, words: str
) -> None:
    assert publish(pack, falls("1") | change, "--json") == 1
    printed, said = capsys.readouterr()
    assert json.loads(printed)["problems"][0]["element"] == element
    assert words in said
    assert not (pack / "forms").exists()


def test_a_circle_is_refused_with_every_item_on_it(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def asks(link: str, other: str) -> dict[str, Any]:
        when = [{"question": other, "operator": "exists", "answerBoolean": True}]
        return {"linkId": link, "type": "string", "text": link, "enableWhen": when}

    assert publish(pack, falls("1", asks("a", "b"), asks("b", "a"))) == 1
    assert "item a" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["../falls", "a b", ".hidden", "a/b"])
def test_a_name_is_never_a_path(pack: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert publish(pack, falls("1"), "--name", name) == 1
    assert "cannot be a form’s name" in capsys.readouterr().err


def test_a_folder_that_is_no_pack_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").mkdir()
    assert publish(tmp_path / "x", falls("1")) == 2
    assert "no council’s pack" in capsys.readouterr().err


def test_every_kind_of_difference_in_words() -> None:
    copy = [{"url": OURS + "copy", "valueCode": "never"}]
    options = [{"valueCoding": {"code": code, "display": code}} for code in ("x", "y")]
    other = [{"valueCoding": {"code": "y", "display": "Y!"}}, {"valueCoding": {"code": "z", "display": "z"}}]
    when = [{"question": "a", "operator": "exists", "answerBoolean": True}]
    before = falls(
        "1",
        {"linkId": "a", "type": "string", "text": "A"},
        {"linkId": "b", "type": "choice", "text": "B", "answerOption": options},
        {"linkId": "c", "type": "string", "text": "C", "extension": copy},
        {"linkId": "d", "type": "string", "text": "D"},
        {"linkId": "e", "type": "string", "text": "E", "repeats": True},
        {"linkId": "h", "type": "string", "text": "H"},
    )
    replaces = [{"url": OURS + "replaces", "valueString": "d"}]
    group = {"linkId": "g", "type": "group", "text": "G"}
    after = falls(
        "2",
        {"linkId": "a", "type": "string", "text": "A, please", "maxLength": 5},
        {"linkId": "b", "type": "choice", "text": "B", "answerOption": other, "enableWhen": when},
        {"linkId": "c", "type": "string", "text": "C"},
        {"linkId": "n", "type": "string", "text": "N", "extension": replaces},
        {**group, "item": [{"linkId": "e", "type": "string", "text": "E"}]},
    )
    found = [
        f"{one.link_id} {one.element}: {one.message}"
        for one in differences(compile_form(before), compile_form(after))
    ]
    assert found == [
        "a text: “A, please”: worded differently, before “A”",
        "a maxLength: “A, please”: its greatest length is different",
        "b answerOption: “B”: offers “z” as well",
        "b answerOption: “B”: offers “x” no more",
        "b answerOption: “B”: “y” is worded “Y!” now",
        "b enableWhen: “B”: when it is asked is different",
        "c copy: “C”: may be on the person’s copy now",
        "n item: “N”: new, and takes over the answers to “D”",
        "g item: “G”: new",
        "e repeats: “E”: takes one only now",
        "e item: “E”: stands in “g” now",
        "h item: “H”: no longer there. Answers to it stay in the drawer.",
    ]
