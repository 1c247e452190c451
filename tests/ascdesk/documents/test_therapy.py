"""The occupational therapist's documents: what each holds, what none may hold, and that they are tagged."""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pikepdf
import pypdfium2
import pytest

from ascdesk.documents.api import FontSet, make_copy, missing_characters, withheld
from ascdesk.documents.model import Answer, AnyCopy, Question, Section, Shown
from tests.support import therapy_copies as samples

MADE: dict[str, Callable[..., AnyCopy]] = {
    "report": samples.a_report,
    "order": samples.an_order,
    "works": samples.a_recommendation,
    "help": samples.a_help_copy,
}
FORMS = ("standard", "large-print", "plain-text")
CODE, OTHER, ALERT = "Yarrowby 4471", "999 000 0018", "The dog bites"


def secrets_test() -> ModuleType:
    path = Path(__file__).with_name("test_secrets.py")
    spec = importlib.util.spec_from_file_location("secrets_of_documents", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said_in(copy: Any, fonts: FontSet, form: str = "standard") -> str:
    data = make_copy(replace(copy, issue=replace(copy.issue, format=form)), fonts)
    said = data.decode() if form == "plain-text" else secrets_test().everything_in(data)
    return re.sub(r"\s+", " ", said)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", MADE)
def test_every_document_can_be_made_in_every_format(kind: str, form: str, fonts: FontSet) -> None:
    copy = MADE[kind]()
    assert missing_characters(copy, fonts) == ()
    said = said_in(copy, fonts, form)
    assert "Shower stool" in said or kind == "works"
    assert "Jean Hollis" in said


@pytest.mark.parametrize("kind", MADE)
def test_the_same_document_has_the_same_bytes(kind: str, fonts: FontSet) -> None:
    assert make_copy(MADE[kind](), fonts) == make_copy(MADE[kind](), fonts)


def planted(copy: Any) -> Any:
    """Plant what must not leave into every text of a copy that a worker may have typed."""
    bad = f"Key safe {CODE}, {OTHER}"
    line = replace(
        samples.STOOL, why=f"She said {CODE}", settings=bad, helps=bad, fit_words=(bad,), name=f"Stool {CODE}"
    )
    rail = replace(samples.RAIL, need=bad, helps=bad, facts=(("Where", bad),), space=bad, temporary=bad,
                   photos=(Shown(samples.a_photo(), bad, bad),))  # fmt: skip
    changes: dict[str, Any] = {"private": (CODE, "Violetmere is violent")}
    if hasattr(copy, "lines"):
        changes["lines"] = (line,)
    if hasattr(copy, "works"):
        changes["works"] = (rail,)
    if hasattr(copy, "sections"):
        held = Answer("person", "Quillfeather", held_back="not yet")
        other = Answer("carer", "Ravenmoor", who="Ravenmoor")
        told = Answer("person", "Violetmere is violent")
        changes["sections"] = (Section("Planted", (Question("About", (held, other, told)),)),)
        changes["rooms"] = (replace(samples.a_report().rooms[1], note=bad),)
    if hasattr(copy, "facts"):
        changes["facts"] = (("Deliver to", bad),)
    return replace(copy, **changes)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", MADE)
def test_no_canary_is_anywhere_in_what_is_issued(kind: str, form: str, fonts: FontSet) -> None:
    copy = planted(MADE[kind]())
    assert withheld(copy)
    said = said_in(copy, fonts, form).lower()
    for word in (
        "yarrowby",
        "4471",
        OTHER,
        OTHER.replace(" ", ""),
        "quillfeather",
        "ravenmoor",
        "violetmere",
    ):
        assert word not in said, word
    assert "left out" in said


@pytest.mark.parametrize("form", FORMS)
def test_the_alert_the_pin_and_the_budget_are_on_the_suppliers_copy_alone(form: str, fonts: FontSet) -> None:
    supplier = said_in(samples.an_order(), fonts, form)
    own = said_in(samples.an_order(own=True), fonts, form)
    for word in (ALERT, "PIN 4417", "OT-220"):
        assert word in supplier
        assert word not in own
    for said in (supplier, own):
        assert "Shower stool" in said and "Seat at 480 mm" in said
    assert "How to get in is not written here: ring Owen Pryce on 01632 960145" in supplier


def test_a_report_says_what_fits_and_what_does_not_with_the_figures(fonts: FontSet) -> None:
    said = said_in(samples.a_report(), fonts, "plain-text")
    assert "Fits when it is set - Seat 420–570 mm." in said
    assert "Does not fit - It needs 1,450 mm inside; the bath is 1,420 mm, measured twice." in said
    assert "Prescribed all the same" in said
    assert "560 and 538 mm: 22 mm apart, measure again" in said


def test_a_recommendation_tells_its_drawings_its_tests_and_its_clock(fonts: FontSet) -> None:
    said = said_in(samples.a_recommendation(), fonts, "plain-text")
    assert "Rail 1: 600 mm long, level, 700 mm above the floor, 1,300 mm from the left." in said
    assert "300 mm up at 1 in 12 is 3,600 mm along the ground." in said
    assert "s.24(3)(b)" in said and "The housing authority decides this." in said
    assert "Moving house. Why, or why not: She wants to stay." in said
    assert "Decision due 12 May 2027, six months after the valid application." in said


@pytest.mark.parametrize("kind", ["report", "works", "help"])
def test_every_figure_has_words_instead_of_it_and_a_place(kind: str, fonts: FontSet) -> None:
    with pikepdf.open(io.BytesIO(make_copy(MADE[kind](), fonts))) as pdf:
        figures = [
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
        assert len(figures) >= 3
        for figure in figures:
            assert len(str(figure.Alt)) > 10
            left, low, right, high = (float(part) for part in figure.A.BBox)
            assert 0 <= left < right <= 595.3 and 0 <= low < high <= 842


def test_a_photo_is_in_the_file_once_and_holds_nothing_but_the_picture(fonts: FontSet) -> None:
    photo = Shown(samples.a_photo(comment=b"Canary Lane"), "A wall", "A wall")
    rooms = tuple(replace(room, photos=(photo,)) for room in samples.a_report().rooms)
    data = make_copy(samples.a_report(rooms=rooms), fonts)
    assert b"Canary" not in data
    with pikepdf.open(io.BytesIO(data)) as pdf:
        images = [
            one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]
        assert len(images) == 1
        assert (int(images[0].Width), int(images[0].Height)) == (640, 480)
        assert b"Canary" not in images[0].read_raw_bytes()


@pytest.mark.parametrize("form", ["standard", "large-print", "large-print-20", "large-print-28"])
@pytest.mark.parametrize("kind", MADE)
def test_nothing_is_outside_a_page_and_large_print_stays_large(kind: str, form: str, fonts: FontSet) -> None:
    copy: Any = MADE[kind]()
    data = make_copy(replace(copy, issue=replace(copy.issue, format=form)), fonts)
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            text = page.get_textpage()
            for number in range(text.count_rects()):
                left, low, right, high = text.get_rect(number)
                assert left >= 0 and right <= 595.3 and low >= 0 and high <= 842
    if form != "standard":
        sizes = {float(size) for stream in streams(data) for size in re.findall(r"/G\d+ ([\d.]+) Tf", stream)}
        assert min(sizes) == {"large-print-20": 20, "large-print-28": 28}.get(form, 18)


def streams(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [page.Contents.read_bytes().decode("latin-1") for page in pdf.pages]


@pytest.mark.parametrize("form", FORMS)
def test_a_draft_says_what_it_waits_for(form: str, fonts: FontSet) -> None:
    copy = samples.an_order()
    copy = replace(copy, issue=replace(copy.issue, draft=True, draft_because="not yet ordered"))
    said = said_in(copy, fonts, form).lower()
    assert "draft: not yet ordered" in said and "not yet signed" not in said


def test_a_long_name_and_long_words_break_over_lines_and_pages(fonts: FontSet) -> None:
    long = replace(samples.STOOL, name="Height-adjustable " * 12 + "stool", helps="It helps. " * 400)
    data = make_copy(samples.a_help_copy(lines=(long,)), fonts)
    with pypdfium2.PdfDocument(data) as document:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert text.count("helps.") == 400


@pytest.mark.parametrize("kind", MADE)
def test_an_empty_document_still_says_whom_it_is_for_and_who_to_ask(kind: str, fonts: FontSet) -> None:
    copy: Any = MADE[kind]()
    bare = {name: () for name in ("lines", "works", "sections", "rooms", "facts", "internal", "next_steps")
            if hasattr(copy, name)}  # fmt: skip
    said = said_in(replace(copy, **bare), fonts)
    assert "Jean Hollis" in said and "01632 960145" in said
