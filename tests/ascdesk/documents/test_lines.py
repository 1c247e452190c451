"""Line breaking and bidirectional order: nothing lost, nothing too wide, everything in the right order."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ascdesk.documents.fonts import FontSet
from ascdesk.documents.lines import Line, Style, break_lines, levels, text_width

STYLE = Style(12, 17)
ALPHABET = "abc deé-fg/hi .,()1234 Ωж שלמ ابت कि"


def said(lines: tuple[Line, ...]) -> str:
    return "".join(line.text for line in lines)


@example(text="11بि", width=30)
@example(text="कaि1", width=30)
@given(text=st.text(ALPHABET, max_size=200), width=st.integers(30, 400))
def test_every_character_is_on_some_line_and_no_line_is_too_wide(
    text: str, width: int, fonts: FontSet
) -> None:
    lines = break_lines(text, STYLE, width, fonts)
    assert said(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.width <= width + 0.01 for line in lines)


def test_a_word_without_spaces_is_broken_where_it_must_be(fonts: FontSet) -> None:
    for length in (300, 1000, 1_000_000):  # HarfBuzz alone gives up on the last
        lines = break_lines("x" * length, STYLE, 100, fonts)
        assert said(lines) == "x" * length
        assert len(lines) > length / 20 and all(line.width <= 100 for line in lines)


def test_line_breaks_are_kept_and_blank_lines_are_not(fonts: FontSet) -> None:
    lines = break_lines("one\r\n\r\ntwo\rthree", STYLE, 400, fonts)
    assert [line.text for line in lines] == ["one ", "two ", "three"]
    assert lines[0].width == text_width("one", STYLE, fonts)
    assert break_lines(" \n ", STYLE, 400, fonts) == ()


def test_control_characters_and_overrides_leave_no_trace(fonts: FontSet) -> None:
    assert said(break_lines("a\x00b\u202ec\u2066d\te", STYLE, 400, fonts)) == "abcd e"


def test_a_line_from_the_right_is_drawn_in_the_order_of_the_eye(fonts: FontSet) -> None:
    (line,) = break_lines("אבג 12 דהו", STYLE, 400, fonts)
    assert line.rtl and line.reordered
    assert [r.text for r in line.runs if r.text.strip()] == ["דהו", "12", "אבג"]
    (line,) = break_lines("call אבג 12 now", STYLE, 400, fonts)
    assert not line.rtl
    assert [r.text for r in line.runs if r.text.strip()] == ["call", "12", "אבג", "now"]


def test_a_mark_has_the_level_of_the_letter_that_it_stands_on() -> None:
    assert levels("11بि", None) == (True, [2, 2, 1, 1])


def test_a_fenced_name_does_not_reorder_what_follows_it() -> None:
    _, plain = levels("אבג 12", rtl=False)
    _, fenced = levels("\u200eאבג\u200e 12", rtl=False)
    assert plain[-1] == 2 and fenced[-1] == 0


@pytest.mark.parametrize("text", ["plain", "Ελένη", "हिन्दी"])
def test_text_from_the_left_has_one_level_and_needs_no_reordering(text: str) -> None:
    assert levels(text, None) == (False, [0] * len(text))


def test_words_are_kept_together_where_they_fit_and_hyphens_may_end_a_line(fonts: FontSet) -> None:
    width = text_width("Featherstonehaugh-", STYLE, fonts) + 1
    lines = break_lines("Featherstonehaugh-Cholmondeley", STYLE, width, fonts)
    assert [line.text for line in lines] == ["Featherstonehaugh-", "Cholmondeley"]
