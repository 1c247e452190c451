"""The file itself: tagged throughout, bookmarked, its fonts embedded, the same bytes every time."""

from __future__ import annotations

import dataclasses
import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2
import pytest

from ascdesk.documents.api import FontSet, make_assessment_copy, make_plan_copy
from ascdesk.documents.model import Answer, AssessmentCopy, PlanCopy, Question, Section

BODY_OPERATORS = {"Tj", "TJ", "f", "re", "S", "Do"}


@pytest.fixture(params=["assessment", "plan", "large plan", "draft"])
def issued(
    request: pytest.FixtureRequest, fonts: FontSet, assessment: AssessmentCopy, plan: PlanCopy
) -> bytes:
    def changed(copy: Any, **changes: Any) -> Any:
        return dataclasses.replace(copy, issue=dataclasses.replace(copy.issue, **changes))

    return {
        "assessment": lambda: make_assessment_copy(assessment, fonts),
        "plan": lambda: make_plan_copy(plan, fonts),
        "large plan": lambda: make_plan_copy(changed(plan, format="large-print"), fonts),
        "draft": lambda: make_assessment_copy(changed(assessment, draft=True), fonts),
    }[request.param]()


@pytest.fixture
def pdf(issued: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(issued)) as opened:
        yield opened


def instructions(page: pikepdf.Page) -> list[Any]:
    """The operands and operator of everything that a page draws."""
    return list(pikepdf.parse_content_stream(page))


def elements(item: Any) -> Iterator[Any]:
    """Every structure element, in reading order."""
    for kid in item.get("/K", []):
        if kid.get("/S") is not None:
            yield kid
            yield from elements(kid)


def marked(item: Any) -> Iterator[Any]:
    """Every piece of marked content that the structure tree holds, in reading order."""
    for kid in item.get("/K", []):
        if kid.get("/Type") == "/MCR":
            yield kid
        else:
            yield from marked(kid)


def test_the_catalogue_says_that_the_file_is_tagged_titled_and_in_english(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    assert bool(root.MarkInfo.Marked)
    assert str(root.Lang) == "en-GB"
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo.Title).split(",")[0] in {"Needs assessment", "Care and support plan"}
    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == str(pdf.docinfo.Title)


def test_everything_drawn_is_either_in_the_structure_or_an_artifact(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        depth = 0
        for operands, operator in instructions(page):
            name = str(operator)
            if name in {"BMC", "BDC"}:
                if depth == 0:
                    assert str(operands[0]) == "/Artifact" or "/MCID" in operands[1]
                depth += 1
            elif name == "EMC":
                depth -= 1
            elif name in BODY_OPERATORS:
                assert depth > 0, f"{name} outside marked content"
        assert depth == 0


def test_every_marked_piece_and_its_element_know_each_other(pdf: pikepdf.Pdf) -> None:
    tree = pdf.Root.StructTreeRoot
    nums = list(tree.ParentTree.Nums)
    parents = {int(nums[i]): list(nums[i + 1]) for i in range(0, len(nums), 2)}
    owned = {
        (kid.objgen, int(k.MCID)): kid
        for e in elements(tree)
        for k in e.K
        if k.get("/Type") == "/MCR"
        for kid in [k.Pg]
    }
    count = 0
    for page in pdf.pages:
        assert str(page.obj.Tabs) == "/S"
        drawn = [
            int(operands[1]["/MCID"])
            for operands, operator in instructions(page)
            if str(operator) == "BDC" and "/MCID" in operands[1]
        ]
        assert drawn == list(range(len(drawn)))
        assert len(parents[int(page.obj.StructParents)]) == len(drawn)
        for mcid in drawn:
            assert (page.obj.objgen, mcid) in owned
            holder = parents[int(page.obj.StructParents)][mcid]
            assert any(k.get("/MCID") == mcid and k.Pg.objgen == page.obj.objgen for k in holder.K)
            count += 1
    assert count == len(owned) == len(list(marked(tree)))


def test_what_is_read_follows_what_is_seen_page_by_page(pdf: pikepdf.Pdf) -> None:
    order = [page.obj.objgen for page in pdf.pages]
    read = [(order.index(k.Pg.objgen), int(k.MCID)) for k in marked(pdf.Root.StructTreeRoot)]
    tables = {e.objgen for e in elements(pdf.Root.StructTreeRoot) if str(e.S) == "/Table"}
    assert tables
    assert [page for page, _ in read] == sorted(page for page, _ in read)


def test_headings_begin_at_one_and_never_skip(pdf: pikepdf.Pdf) -> None:
    levels = [int(str(e.S)[2:]) for e in elements(pdf.Root.StructTreeRoot) if re.fullmatch(r"/H\d", str(e.S))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert set(levels) == {1, 2, 3}


def test_tables_have_rows_with_scoped_headings_and_lists_have_bodies(pdf: pikepdf.Pdf) -> None:
    for element in elements(pdf.Root.StructTreeRoot):
        kind = str(element.S)
        kids = [str(k.get("/S")) for k in element.get("/K", [])]
        if kind == "/Table":
            assert set(kids) == {"/TR"}
        if kind == "/TR":
            assert kids[0] == "/TH" and set(kids) <= {"/TH", "/TD"}
        if kind == "/TH":
            assert str(element.A.O) == "/Table" and str(element.A.Scope) in {"/Row", "/Column"}
        if kind == "/LI":
            assert kids == ["/Lbl", "/LBody"]


def test_every_font_is_embedded_cut_down_and_mapped_to_text(pdf: pikepdf.Pdf, issued: bytes) -> None:
    fonts = [
        item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
    ]
    whole = [font for font in fonts if font.Subtype == "/Type0"]
    assert whole and len(fonts) == 2 * len(whole)
    for font in whole:
        assert re.match(r"/[A-Z]{6}\+", str(font.BaseFont))
        assert b"beginbfchar" in font.ToUnicode.read_bytes()
        program = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
        assert program[:4] in {b"\0\1\0\0", b"true"}
    assert len(issued) < 400_000


def test_bookmarks_are_the_headings(issued: bytes, pdf: pikepdf.Pdf) -> None:
    with pypdfium2.PdfDocument(issued) as document:
        marks = [(m.level, m.get_title()) for m in document.get_toc(max_depth=5)]
    headings = [e for e in elements(pdf.Root.StructTreeRoot) if re.fullmatch(r"/H\d", str(e.S))]
    assert len(marks) == len(headings)
    assert [level + 1 for level, _ in marks] == [int(str(h.S)[2:]) for h in headings]
    assert "Your rights" in [title for _, title in marks]
    items = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/SE" in o]
    assert {item.SE.objgen for item in items} == {heading.objgen for heading in headings}


def test_every_page_carries_name_version_date_and_page_n_of_m(issued: bytes, pdf: pikepdf.Pdf) -> None:
    with pypdfium2.PdfDocument(issued) as document:
        for number, page in enumerate(document):
            text = page.get_textpage().get_text_bounded()
            assert re.search(r"(Needs assessment|Care and support plan), version \d", text)
            assert re.search(r"(Issued|Printed) \d+ November 2026", text)
            assert f"Page {number + 1} of {len(document)}" in text
            assert "Jean Hollis" in text
            assert page.get_size() == pytest.approx((595.28, 841.89), abs=0.05)


def test_a_draft_says_so_on_every_page_and_a_signed_copy_nowhere(
    fonts: FontSet, assessment: AssessmentCopy
) -> None:
    for draft in (True, False):
        issue = dataclasses.replace(assessment.issue, draft=draft)
        data = make_assessment_copy(dataclasses.replace(assessment, issue=issue), fonts)
        with pypdfium2.PdfDocument(data) as document:
            texts = [page.get_textpage().get_text_range() for page in document]
        for text in texts:  # the running head and the watermark
            assert (len(re.findall("not yet signed", text)) >= 2) is draft
            assert ("not yet" in text and "signed" in text) is draft or not draft


def test_the_same_copy_has_the_same_bytes(fonts: FontSet, assessment: AssessmentCopy) -> None:
    assert make_assessment_copy(assessment, fonts) == make_assessment_copy(assessment, fonts)


def test_five_thousand_words_flow_over_pages_and_none_is_lost(
    fonts: FontSet, assessment: AssessmentCopy
) -> None:
    words = [f"word{n}" for n in range(5000)]
    section = Section("Long", (Question("Asked", (Answer("person", " ".join(words)),)),))
    data = make_assessment_copy(dataclasses.replace(assessment, sections=(section,)), fonts)
    with pypdfium2.PdfDocument(data) as document:
        said = " ".join(page.get_textpage().get_text_bounded() for page in document)
    assert re.findall(r"\bword\d+\b", said) == words


SCRIPTS = {
    "Latin": "Zoë Łukaszewicz-Đặng",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Олена Щербакова",
    "Hebrew": "שרה כהן",
    "Arabic": "محمد عبد الرحمن",
    "Devanagari": "श्रीमती लक्ष्मी क्षत्रिय",
    "Gurmukhi": "ਹਰਪ੍ਰੀਤ ਕੌਰ ਸਿੰਘ",
    "Gujarati": "જ્યોત્સ્ના પટેલ",
    "Bengali": "শ্রীমতী রহিমা খাতুন",
    "Tamil": "திருமதி மீனாட்சி சுந்தரம்",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_in_every_script_is_drawn_and_read_back(
    script: str, fonts: FontSet, assessment: AssessmentCopy
) -> None:
    name = SCRIPTS[script]
    person = dataclasses.replace(assessment.person, name=name, preferred_name="")
    data = make_assessment_copy(dataclasses.replace(assessment, person=person), fonts)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        replaced = [str(e.get("/ActualText", "")) for e in elements(pdf.Root.StructTreeRoot)]
        drawn = b"".join(page.Contents.read_bytes() for page in pdf.pages)
        glyphs = {
            h[i : i + 4]
            for h in re.findall(rb"<([0-9A-F]+)>(?=[\d\-<\]])", drawn)
            for i in range(0, len(h), 4)
        }
    with pypdfium2.PdfDocument(data) as document:
        text = document[0].get_textpage().get_text_bounded()
    assert name in text or name in replaced
    if script in {"Hebrew", "Arabic"}:
        assert name in replaced
    assert glyphs and b"0000" not in glyphs  # glyph 0 is the box of a character without a font
