"""The bundled fonts: all there, licensed, and able to show the names of the people we serve."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parents[2] / "resources" / "fonts"
LISTED: list[dict[str, Any]] = tomllib.loads((FOLDER / "fonts.toml").read_text())["font"]
NAMES = {
    "Latn": "Siân Ó Súilleabháin, Łukasz Żółć, Ağaoğlu, £12.50 – “yes”",
    "Grek": "Ελένη Παπαδοπούλου, Ἀθηνᾶ",
    "Cyrl": "Дмитро Ґудзь, Їжакевич, Ёлкина",
    "Hebr": "יִצְחָק לֵוִי",
    "Arab": "فاطمة الزهراء، پروین گُل، محمد ۱۲",
    "Deva": "प्रिया शर्मा, ज्ञानेश्वर ।",
    "Guru": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ ੴ",
    "Gujr": "હર્ષાબેન પટેલ, જ્ઞાનેશ",
    "Beng": "রহিমা বেগম, সৎ",
    "Taml": "தமிழ்ச்செல்வி, ஸ்ரீ",
}


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    assert {each["file"] for each in LISTED} == {path.name for path in FOLDER.glob("*.ttf")}
    assert {each["licence"] for each in LISTED} == {path.name for path in FOLDER.glob("*-OFL.txt")}


@pytest.mark.parametrize("licence", sorted({each["licence"] for each in LISTED}))
def test_each_family_brings_its_licence(licence: str) -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / licence).read_text()


@pytest.mark.parametrize("script", NAMES)
@pytest.mark.parametrize("weight", [400, 700])
def test_the_first_font_of_a_script_has_every_letter_of_its_names(script: str, weight: int) -> None:
    font = next(each for each in LISTED if script in each["scripts"] and each["weight"] == weight)
    glyphs = TTFont(f"{script}{weight}", str(FOLDER / font["file"])).face.charToGlyph
    missing = [
        unicodedata.name(letter)
        for letter in NAMES[script]
        # commas and spaces come from the text's own font
        if ord(letter) not in glyphs and not letter.isspace() and letter != ","
    ]
    assert missing == []


def test_the_words_of_the_interface_have_their_three_weights_and_an_italic() -> None:
    ours = [each for each in LISTED if each["family"] == "Atkinson Hyperlegible Next"]
    assert {(each["weight"], each["style"]) for each in ours} == {
        (400, "normal"),
        (400, "italic"),
        (600, "normal"),
        (700, "normal"),
    }
