"""The bundled fonts: what they cover, what they do not, and a folder that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from ascdesk.documents.fonts import FontSet, clusters, load, tidy
from ascdesk.errors import MachineTrouble

FONTS = Path(__file__).parents[3] / "resources" / "fonts"
PLAIN = "ąćęłńóśżź ğışç đặng ñ ß Ωμέγα ЇжЩ אבגֿ ابتپچ कखि ਕਖਿ કખિ কখি கநி £€–—“”‘’… ₹"


def test_every_script_of_the_design_has_a_font(fonts: FontSet) -> None:
    assert fonts.missing(PLAIN) == ()


@pytest.mark.parametrize("character", ["😀", "漢", "ก", "Ⴀ", "\ue000"])
def test_a_character_without_a_font_is_named_with_the_word_it_stands_in(
    character: str, fonts: FontSet
) -> None:
    (missing,) = fonts.missing(f"before a{character}b and {character} after")
    assert missing.character == character
    assert missing.example == f"a{character}b"
    assert str(missing).startswith(f"U+{ord(character):04X} ")


def test_missing_characters_come_once_each_in_order(fonts: FontSet) -> None:
    assert [m.character for m in fonts.missing("漢 😀 漢 😀")] == ["漢", "😀"]


def test_a_letter_and_its_accent_are_shown_by_one_font(fonts: FontSet) -> None:
    for word in ("e\u0323", "ẹ́", "क्षि", "بّ"):
        runs = fonts.shape(tidy(word), 400, 0)
        assert len({run.font for run in runs}) == 1
        assert all(glyph.gid != 0 for run in runs for glyph in run.glyphs)


def test_a_letter_and_a_mark_of_different_scripts_are_shown_by_their_own_fonts(fonts: FontSet) -> None:
    assert fonts.missing("بि") == ()
    assert all(glyph.gid != 0 for run in fonts.shape("بि", 400, 1) for glyph in run.glyphs)


def test_an_unknown_weight_takes_the_nearest(fonts: FontSet) -> None:
    weights = [fonts.faces[i].weight for i in fonts.order(600)]
    assert weights[0] == 600 and all(w in {400, 600, 700} for w in weights)
    assert len(weights) == len({face.family for face in fonts.faces})


def test_marks_and_joiners_stay_with_their_letter() -> None:
    assert clusters("क्षि") == ["क्", "षि"]
    assert clusters("a\u200db") == ["a\u200db"]
    assert clusters("ab") == ["a", "b"]


def test_a_folder_without_fonts_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MachineTrouble, match="could not be read"):
        load(tmp_path)
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "x.ttf").write_bytes((FONTS / "NotoSans-Regular.ttf").read_bytes())
    (inner / "fonts.toml").write_text('[[font]]\nfamily = "X"\nfile = "../x.ttf"\nweight = 400\n')
    with pytest.raises(MachineTrouble):  # a name in a list is never a path
        load(inner)
