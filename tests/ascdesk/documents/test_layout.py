"""Where things stand on pages: inside the margins, headings with what they lead, no line alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascdesk.documents.assessment import assessment_story
from ascdesk.documents.blocks import (
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    Notice,
    Paragraph,
    Rule,
    Table,
    Words,
)
from ascdesk.documents.fonts import FontSet
from ascdesk.documents.layout import Laid, Node, lay_out
from ascdesk.documents.model import AssessmentCopy, PlanCopy
from ascdesk.documents.plan import plan_story
from ascdesk.documents.sheet import LARGE, PAGE_HEIGHT, SHEETS, STANDARD, Sheet


def a_document(blocks: Sequence[Block]) -> Document:
    return Document(
        "A title", "Jean Hollis", "Issued today", "20261123", "A council", "en-GB", False, tuple(blocks)
    )


def all_nodes(node: Node) -> list[Node]:
    return [node, *(n for kid in node.kids for n in all_nodes(kid))]


def check_margins(laid: Laid, sheet: Sheet) -> None:
    for page in laid.pages:
        for text in page.texts:
            assert text.x >= sheet.left - 0.01
            assert text.x + text.line.width <= sheet.left + sheet.width + 0.01
            assert sheet.bottom - 1 <= text.y <= PAGE_HEIGHT - sheet.top
        for box in page.boxes:
            assert box.height > 0 and box.y >= sheet.bottom - 1.5


@pytest.mark.parametrize("sheet", [STANDARD, LARGE], ids=["standard", "large print"])
def test_everything_stands_inside_the_margins(
    sheet: Sheet, fonts: FontSet, assessment: AssessmentCopy, plan: PlanCopy
) -> None:
    for story in (assessment_story(assessment), plan_story(plan)):
        check_margins(lay_out(story, sheet, fonts), sheet)


@pytest.mark.parametrize("sheet", [STANDARD, LARGE], ids=["standard", "large print"])
def test_a_heading_is_never_the_last_thing_on_a_page(
    sheet: Sheet, fonts: FontSet, assessment: AssessmentCopy, plan: PlanCopy
) -> None:
    for story in (assessment_story(assessment), plan_story(plan)):
        for page in lay_out(story, sheet, fonts).pages:
            last = page.texts[-1].node
            assert last is not None and not last.tag.startswith("H")


def test_large_print_has_nothing_below_eighteen_points(fonts: FontSet, plan: PlanCopy) -> None:
    sizes = {
        text.line.style.size for page in lay_out(plan_story(plan), LARGE, fonts).pages for text in page.texts
    }
    assert min(sizes) >= 18 and LARGE.running.size >= 18


words = st.text("abcdefgh ", min_size=1, max_size=400)
blocks = st.one_of(
    st.builds(Heading, words, st.sampled_from([2, 3])),
    st.builds(Paragraph, words, st.sampled_from(["body", "quiet", "lead", "strong", "label"]), st.booleans()),
    st.builds(Words, words, words, st.booleans(), st.booleans()),
    st.builds(Facts, st.lists(st.tuples(words, words), max_size=4).map(tuple)),
    st.builds(Bullets, st.lists(words, max_size=4).map(tuple)),
    st.builds(Notice, words, words, st.booleans()),
    st.builds(
        Table,
        st.just(("a", "b")),
        st.lists(st.tuples(words, words), max_size=5).map(tuple),
        st.just((1.0, 2.0)),
    ),
    st.builds(Rule),
)


@given(st.lists(blocks, max_size=14), st.sampled_from([STANDARD, LARGE]))
def test_any_blocks_are_set_whole_inside_the_margins_and_in_order(
    fonts: FontSet, some: list[Block], sheet: Sheet
) -> None:
    laid = lay_out(a_document([Heading("A title", 1), *some]), sheet, fonts)
    check_margins(laid, sheet)
    on_pages = [text.node for page in laid.pages for text in page.texts if text.node]
    order = {id(node): i for i, node in enumerate(all_nodes(laid.root))}
    drawn = list(dict.fromkeys(id(node) for node in on_pages))
    rows = [n for n in all_nodes(laid.root) if n.tag == "TR"]
    in_rows = {id(cell) for row in rows for cell in row.kids}
    free = [order[i] for i in drawn if i not in in_rows]
    assert free == sorted(free)
    said = "".join("".join(node.said.split()) for node in all_nodes(laid.root))
    assert said.replace("•", "") == "".join(
        "".join(expected(block).split()) for block in [Heading("A title", 1), *some]
    )


def expected(block: Block) -> str:
    match block:
        case Heading(text) | Paragraph(text):
            return text
        case Words(label, text) | Notice(label, text):
            return label + text
        case Facts(rows):
            return "".join(name + value for name, value in rows)
        case Bullets(items):
            return "".join(items)
        case Table(header, rows):
            return "".join(header) + "".join("".join(row) for row in rows)
    return ""


def test_a_row_taller_than_a_page_goes_on_over_the_next(fonts: FontSet) -> None:
    text = "word " * 3000
    laid = lay_out(a_document([Facts((("Name", text),))]), STANDARD, fonts)
    assert len(laid.pages) > 3
    check_margins(laid, STANDARD)
    assert sum(n.said.count("word") for n in all_nodes(laid.root)) == 3000


def test_a_header_row_shown_again_on_the_next_page_is_not_read_twice(fonts: FontSet) -> None:
    table = Table(("Support", "Week"), tuple((f"Line {n}", "£1.00") for n in range(60)), (2, 1))
    laid = lay_out(a_document([table]), STANDARD, fonts)
    assert len(laid.pages) > 1
    assert laid.pages[1].texts[0].node is None and laid.pages[1].texts[0].line.text == "Support"
    assert sum(n.said == "Support" for n in all_nodes(laid.root)) == 1


@pytest.mark.parametrize("sheet", [STANDARD, LARGE], ids=["standard", "large print"])
def test_a_sum_of_money_is_never_broken(sheet: Sheet, fonts: FontSet) -> None:
    header = ("Option", "Meets the need?", "Each week", "Each year")
    row = ("A home with nursing, near her sister", "partly", "£1,960.38", "£102,345.00")
    table = Table(header, (row, row), (4.2, 3, 2, 2.3), frozenset({2, 3}))
    laid = lay_out(a_document([table]), sheet, fonts)
    drawn = [text.line.text for page in laid.pages for text in page.texts]
    assert drawn.count("£102,345.00") == 2 and drawn.count("£1,960.38") == 2
    check_margins(laid, sheet)


def test_the_last_row_never_stands_alone_on_a_page(fonts: FontSet) -> None:
    for count in range(20, 60):
        rows = tuple((f"Line {n}", "£1.00") for n in range(count))
        for block in (Table(("Support", "Week"), rows, (2, 1)), Facts(rows)):
            last = lay_out(a_document([block]), STANDARD, fonts).pages[-1]
            assert sum(text.line.text.startswith("Line") for text in last.texts) != 1


@pytest.mark.parametrize("own_words", [False, True])
def test_no_line_of_a_paragraph_stands_alone_at_a_page_break(own_words: bool, fonts: FontSet) -> None:
    text = "long words here " * 60
    long: Block = Words("Who", "\n".join([text] * 3)) if own_words else Paragraph(text)
    for lead in range(8, 30):
        laid = lay_out(a_document([*[Paragraph("x", "quiet")] * lead, long]), STANDARD, fonts)
        for node in all_nodes(laid.root):
            if len(node.said) > 400:
                parts = [sum(t.node is node for t in page.texts) for page in laid.pages]
                assert 1 not in parts, (lead, parts)


def test_colours_can_be_read_on_their_grounds() -> None:
    from ascdesk.documents.sheet import COLOURS

    def luminance(colour: tuple[float, float, float]) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    def contrast(one: str, two: tuple[float, float, float]) -> float:
        light, dark = sorted((luminance(COLOURS[one]), luminance(two)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    for ink in ("ink", "quiet", "accent", "warning"):
        assert contrast(ink, (1.0, 1.0, 1.0)) >= 4.5
        assert contrast(ink, COLOURS["watermark"]) >= 4.5
    assert contrast("accent", COLOURS["accent-soft"]) >= 4.5
    assert contrast("warning", COLOURS["warning-soft"]) >= 4.5


def test_a_name_from_the_right_stays_beside_its_label(fonts: FontSet) -> None:
    laid = lay_out(a_document([Facts((("Name", "محمد عبد"),))]), STANDARD, fonts)
    label, name = laid.pages[0].texts
    assert name.x < label.x + STANDARD.width * 0.4


def test_the_document_value_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        a_document([]).title = "another"  # type: ignore[misc]


@pytest.mark.parametrize(("form", "stacked"), [("large-print", False), ("large-print-28", True)])
def test_a_week_that_does_not_stand_side_by_side_is_told_row_by_row(
    fonts: FontSet, form: str, stacked: bool
) -> None:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    table = Table(("", *days), (("Morning", *["45"] * 7),), (0.3, *[0.1] * 7), frozenset(range(1, 8)))
    laid = lay_out(a_document([table]), SHEETS[form], fonts)
    words = [text.line.text for page in laid.pages for text in page.texts]
    assert words.count("45") == 7  # none is broken into 4 and 5
    assert (words.index("Mon") > words.index("Morning")) is stacked
