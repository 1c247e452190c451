"""The outlines of a body on a copy: a tagged figure, its marks told in words, nothing of what is withheld."""

from __future__ import annotations

import dataclasses
import io

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.documents.api import FontSet, make_copy
from ascdesk.documents.body import FACES, HEIGHT, WIDTH, Face, inner_lines, mark_line, outlines, place_words
from ascdesk.documents.model import Answer, BodyMark, Question, RecordCopy, Section
from tests.ascdesk.documents.conftest import DOOR, PERSON, RIGHTS
from tests.ascdesk.documents.test_pdf import elements, instructions
from tests.ascdesk.documents.test_secrets import SAMPLES, everything_in

SHOULDER = "Mark 1, back, left shoulder: a bruise, 40 mm"


def mark(number: int, face: Face, *, withheld: bool = False, place: str = "") -> BodyMark:
    """A mark that a worker saw; with ``withheld`` everything in its row is held back."""
    held = "a reason" if withheld else None

    def said(text: str) -> tuple[Answer, ...]:
        return (Answer("observed", text, held_back=held),) if text else ()

    return BodyMark(number, face, 27, 21, said(face.capitalize()), said(place), said("A bruise"), said("40"))


def copy(*marks: BodyMark, form: str = "standard") -> RecordCopy:
    """A copy of a body map with these marks, each a row with its questions."""
    rows = tuple(
        Section(f"Mark {one.number}", (Question("Front or back?", one.side),), mark=one) for one in marks
    )
    issue = dataclasses.replace(SAMPLES.an_assessment().issue, format=form, draft=False)
    return RecordCopy(issue, PERSON, DOOR, RIGHTS, "Body map", sections=(Section("Marks", (), rows),))


def test_the_drawing_is_a_figure_with_its_marks_as_alternative_text(fonts: FontSet) -> None:
    data = make_copy(copy(mark(1, "back", place="left shoulder"), mark(2, "front")), fonts)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        figures = [one for one in elements(pdf.Root.StructTreeRoot) if one.S == "/Figure"]
        assert len(figures) == 1
        told = str(figures[0].Alt)
        assert told.startswith("Outlines of a body, front and back, with marks. ")
        assert f"{SHOULDER}." in told and "Mark 2, front, right shoulder: a bruise, 40 mm." in told
        assert figures[0].A.O == "/Layout" and len(figures[0].A.BBox) == 4
        kids = [kid for kid in figures[0].K if kid.get("/Type") == "/MCR"]
        assert len(kids) >= len(FACES)
        # What is drawn and the numbers in it belong to the figure, and the parent tree says so.
        drawn = next(page for page in pdf.pages if page.obj == kids[0].Pg)
        tags = [ops for ops, operator in instructions(drawn) if str(operator) == "BDC"]
        assert sum(1 for ops in tags if str(ops[0]) == "/Figure") == len(kids)


@pytest.mark.parametrize("form", ["standard", "large-print"])
def test_the_numbers_stand_on_the_page_of_the_heading(form: str, fonts: FontSet) -> None:
    with pypdfium2.PdfDocument(make_copy(copy(mark(1, "back"), mark(2, "front"), form=form), fonts)) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    (drawn,) = [page for page in pages if "Marks" in page]
    assert "Front" in drawn and "Back" in drawn


def test_as_plain_text_every_mark_is_said(fonts: FontSet) -> None:
    told = make_copy(copy(mark(1, "back", place="left shoulder"), form="plain-text"), fonts).decode()
    assert f"- {SHOULDER}" in told


@pytest.mark.parametrize("form", ["standard", "large-print", "plain-text"])
def test_a_mark_that_is_held_back_is_neither_drawn_nor_told(form: str, fonts: FontSet) -> None:
    open_, held = mark(1, "back"), mark(2, "front", withheld=True, place="Quillfeather")
    row = Section("Mark 2", (Question("Seen", (Answer("observed", "Shown"),)),), mark=held)
    made = copy(open_, form=form)
    marks = dataclasses.replace(made.sections[0], parts=(*made.sections[0].parts, row))
    data = make_copy(dataclasses.replace(made, sections=(marks,)), fonts)
    said = data.decode() if form == "plain-text" else everything_in(data)
    assert "Shown" in said and "Mark 1, back" in said
    assert "Quillfeather" not in said and "Mark 2, front" not in said


def test_a_place_that_is_held_back_is_told_by_nothing_but_the_drawing(fonts: FontSet) -> None:
    one = dataclasses.replace(mark(1, "back"), place=(Answer("observed", "Ravenmoor", held_back="asked"),))
    said = everything_in(make_copy(copy(one), fonts))
    assert "Ravenmoor" not in said and "Mark 1, back, left shoulder: a bruise" in said


# -- places ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("face", "x", "y", "words"),
    [
        ("front", 50, 8, "face"),
        ("back", 50, 8, "back of the head"),
        ("front", 27, 21, "right shoulder"),
        ("back", 27, 21, "left shoulder"),
        ("front", 73, 46, "left forearm"),
        ("front", 86, 58, "left hand"),
        ("back", 14, 58, "left back of the hand"),
        ("back", 45, 25, "left upper back"),
        ("front", 60, 73, "left knee"),
        ("back", 40, 82, "left calf"),
        ("front", 2, 2, "beside the outline"),
    ],
)
def test_a_place_is_said_from_the_persons_own_left_and_right(
    face: Face, x: float, y: float, words: str
) -> None:
    assert place_words(face, x, y) == words


@given(st.sampled_from(FACES), st.floats(0, 100), st.floats(0, 100))
def test_every_place_has_words_and_mirrors_itself(face: Face, x: float, y: float) -> None:
    words, other = place_words(face, x, y), place_words(face, 100 - x, y)
    assert words
    swapped = words.replace("left ", "# ").replace("right ", "left ").replace("# ", "right ")
    if abs(x - 50) > 1e-6:
        assert other == swapped


def test_a_mark_says_only_what_there_is() -> None:
    assert mark_line(3, "back", "left shoulder", "A bruise", ["40", "15"]) == (
        "Mark 3, back, left shoulder: a bruise, 40 × 15 mm"
    )
    assert mark_line(1, "front", "", "", []) == "Mark 1, front"
    assert mark_line(1, "front", "chin", "", ["4"]) == "Mark 1, front, chin: 4 mm"


def test_the_outlines_are_closed_symmetrical_and_inside_their_box() -> None:
    for closed in outlines():
        assert closed[0][0] == pytest.approx(closed[-1][3])
        points = {(round(one[0][0], 3), round(one[0][1], 3)) for one in closed}
        assert {(round(WIDTH - x, 3), y) for x, y in points} == points
    for curve in (*(c for closed in outlines() for c in closed), *inner_lines("front"), *inner_lines("back")):
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in curve)
