"""Roles, contrast, sizes, and what happens to a bad theme file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QPalette

from ascdesk.errors import Unreadable
from ui.theme.appearance import Appearance
from ui.theme.contrast import ratio, too_faint
from ui.theme.fonts import load_fonts
from ui.theme.loader import FOLDER, load, parse
from ui.theme.theme import Theme


def contrast_palette(window: str, text: str, highlight: str, on_highlight: str) -> QPalette:
    """The palette of a system in high contrast."""
    made = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, window),
        (roles.WindowText, text),
        (roles.Highlight, highlight),
        (roles.HighlightedText, on_highlight),
    ):
        made.setColor(role, QColor(colour))
    return made


def test_black_on_white_is_21_to_1() -> None:
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert ratio("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_pair_in_use_can_be_read(qapp: object, name: str) -> None:
    assert too_faint(load(name).colours) == []


@pytest.mark.parametrize(
    "colours",
    [
        ("#000000", "#FFFFFF", "#1AEBFF", "#000000"),  # Windows: High contrast black
        ("#FFFFFF", "#000000", "#37006E", "#FFFFFF"),  # High contrast white
        ("#202020", "#FFFFFF", "#8EE3F0", "#263B50"),  # Aquatic
        ("#FFFAEF", "#3D3D3D", "#903909", "#FFF5E3"),  # Desert
    ],
)
def test_high_contrast_follows_the_system(qapp: object, colours: tuple[str, str, str, str]) -> None:
    theme = load("high-contrast", contrast_palette(*colours))
    assert theme.colours.paper == colours[0]
    assert theme.colours.ink == colours[1]
    assert theme.outlined
    assert theme.dark == (colours[0] in ("#000000", "#202020"))
    assert too_faint(theme.colours) == []


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_faint_colour_is_found(qapp: object, name: str) -> None:
    colours = load(name).colours
    faint = replace(colours, quiet=colours.paper)
    assert {found.front for found in too_faint(faint)} == {"quiet"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "is not TOML"),
        ("[roles]\npaper = 'x'", "has no role surface"),
        ("[roles]\npaper = 'x'\nwallpaper = 'x'", "has no role"),
    ],
)
def test_a_bad_theme_is_refused_in_a_sentence(qapp: object, text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        parse(text, "mine.toml")


def test_a_role_without_a_colour_names_the_role(qapp: object) -> None:
    text = (FOLDER / "light.toml").read_text(encoding="utf-8").replace('stop = "brick"', 'stop = "brik"')
    with pytest.raises(Unreadable, match="gives the role stop no colour"):
        parse(text, "light.toml")


def test_a_role_that_does_not_exist_is_named(qapp: object) -> None:
    text = (FOLDER / "light.toml").read_text(encoding="utf-8") + '\nwallpaper = "white"\n'
    with pytest.raises(Unreadable, match="a role that does not exist, wallpaper"):
        parse(text, "light.toml")


def test_a_missing_theme_is_refused(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"none\.toml could not be read"):
        load("none", folder=tmp_path)


def test_sizes_follow_the_zoom(qapp: object) -> None:
    theme: Theme = load("light")
    assert theme.type_size("page") == (26, 700)
    assert theme.at(zoom=200).type_size("body") == (30, 400)
    assert theme.at(zoom=200).px(8) == 16
    assert theme.px(0) == 0
    assert theme.at(zoom=80).px(1) == 1
    assert theme.target == 38
    assert theme.at(touch=True).target == 44
    assert theme.at(zoom=500).zoom == 200
    assert theme.at(zoom=10).zoom == 80


def test_the_bundled_fonts_are_there(look: Appearance) -> None:
    assert look.missing_fonts == ()
    assert "Atkinson Hyperlegible Next" in QFontDatabase.families()


@pytest.mark.qt_log_ignore("^Failed to create DirectWrite face", extend=True)  # Windows says it as well
def test_a_missing_font_is_reported_and_not_fatal(qapp: object, tmp_path: Path) -> None:
    assert load_fonts(tmp_path) == ("fonts.toml",)
    (tmp_path / "fonts.toml").write_text('[[font]]\nfile = "../gone.ttf"\n', encoding="utf-8")
    (tmp_path / "gone.ttf").write_bytes(b"not a font")
    assert load_fonts(tmp_path) == ("../gone.ttf",)
