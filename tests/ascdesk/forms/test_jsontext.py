"""Reading and writing FHIR JSON without losing a digit."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from ascdesk.errors import Unreadable
from ascdesk.forms.jsontext import dump_json, load_json, parse_json


def test_a_decimal_keeps_every_digit() -> None:
    text = '{"resourceType": "X", "a": [1.10, 12345678901234567890.123456789, 0.1], "b": 3}'
    assert dump_json(parse_json(text, "x", "X")) == text


def test_text_in_every_script_survives() -> None:
    value = {"a": "Zażółć ਪੰਜਾਬੀ مرحبا \ud800 “quoted”", "n": Decimal("1.0"), "t": (True, None)}
    assert json.loads(dump_json(value)) == {**value, "n": 1.0, "t": [True, None]}
    assert dump_json(value).isascii()


def test_what_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="could not be read"):
        load_json(tmp_path, "Questionnaire")
    bad = tmp_path / "latin.json"
    bad.write_bytes(b'{"a": "\xe9"}')
    with pytest.raises(Unreadable, match="not text in UTF-8"):
        load_json(bad, "Questionnaire")
    with pytest.raises(Unreadable, match="not JSON at line 2"):
        parse_json('{\n"a" 1}', "f.json", "Questionnaire")


def test_a_mark_at_the_front_of_the_file_is_no_trouble(tmp_path: Path) -> None:
    file = tmp_path / "bom.json"
    file.write_text('\ufeff{"resourceType": "X"}', encoding="utf-8")
    assert load_json(file, "X") == {"resourceType": "X"}
