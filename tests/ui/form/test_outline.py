"""How a form lies on the screen: sections, pages, and how far each is, in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.state import FormState
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Account, Draft, FrozenAnswer, Key, Said, Version
from tests.support.desks import NOW
from ui.form.outline import FormPage, Progress, asked_on, asks, neighbours, outline, page_at, progress, shown

REAL = Path(__file__).parents[4] / "shared" / "real-forms" / "care-act-assessment.json"
HIDDEN_AT_FIRST = {"s01.refusal", "s03.person", "s03.reg4", "s08.carers", "s08.breaks", "s13.action"}


@pytest.fixture(scope="module")
def ours() -> Form:
    """The needs assessment."""
    return FormLibrary().form("needs-assessment")


def state_of(form: Form) -> FormState:
    """Return the form with nothing answered."""
    return FormState(form, NOW.date())


def draft(**said: Said) -> Draft:
    """Return a draft; ``s01_consent`` stands for s01.consent."""
    accounts = {
        (key := Key((), name.replace("_", "."), "observed")): Account(key, (Version("c", one, "r", ""),))
        for name, one in said.items()
    }
    return Draft("c", "r", "f", "1", "", "", accounts)


def small(**more: object) -> tuple[Form, FormPage]:
    """Return a form of one page with three questions, one of them required, and one that waits for it."""
    items = [
        {"linkId": "a", "text": "A", "type": "string", "required": True},
        {"linkId": "b", "text": "B", "type": "string"},
        {"linkId": "c", "text": "C", "type": "string",
         "enableWhen": [{"question": "a", "operator": "=", "answerString": "yes"}]},
    ]  # fmt: skip
    page = {"linkId": "p", "text": "Page", "type": "group", "item": items} | more
    form = compile_form({"resourceType": "Questionnaire", "status": "active", "item": [page]})
    return form, outline(form)[0].pages[0]


def test_our_form_has_its_sections_and_every_question_is_on_one_page(ours: Form) -> None:
    sections = outline(ours)
    assert [section.key for section in sections] == [f"s{number:02}" for number in range(20)]
    assert [page.key for page in page_at(sections, "s10")[0].pages] == [f"A{n:02}" for n in range(1, 11)]
    pages = [page.node for section in sections for page in section.pages]
    assert len(pages) == len(set(pages))
    for node in ours.nodes:
        if node.is_question:
            above, at = 0, node
            while True:
                above += at.index in pages
                if at.parent < 0:
                    break
                at = ours.nodes[at.parent]
            assert above == 1, node.link_id


@pytest.mark.skipif(not REAL.exists(), reason="the real forms are not part of the program")
def test_a_real_form_that_marks_no_pages_is_laid_out_whole() -> None:
    form = compile_form(json.loads(REAL.read_text(encoding="utf-8")))
    sections = outline(form)
    assert len(sections) > 1
    reached: set[int] = set()
    waiting = [page.node for section in sections for page in section.pages]
    while waiting:
        index = waiting.pop()
        reached.add(index)
        waiting += form.nodes[index].children
    assert {node.index for node in form.nodes if node.is_question} <= reached
    assert all(page.heading for section in sections for page in section.pages)


def test_pages_that_ask_nothing_now_are_left_out(ours: Form) -> None:
    state = state_of(ours)

    def keys() -> set[str]:
        found = shown(outline(ours), working=True, asked=lambda page: asks(ours, state, page))
        return {page.key for section in found for page in section.pages}

    everything = {page.key for section in outline(ours) for page in section.pages}
    assert everything - keys() == HIDDEN_AT_FIRST
    assert "s07.people" in keys(), "a page of rows to be added asks for the first"
    state.set((), "s01.declines-assessment", ({"valueBoolean": True},))
    assert "s01.refusal" in keys()
    state.clear((), "s01.declines-assessment")
    assert "s01.refusal" not in keys()


def test_a_page_in_which_all_is_off_asks_nothing() -> None:
    only = {"linkId": "d", "text": "D", "type": "string",
            "enableWhen": [{"question": "a", "operator": "=", "answerString": "yes"}]}  # fmt: skip
    form = compile_form(
        {
            "resourceType": "Questionnaire",
            "status": "active",
            "item": [
                {"linkId": "p", "text": "P", "type": "group",
                 "item": [{"linkId": "a", "text": "A", "type": "string"}]},
                {"linkId": "q", "text": "Q", "type": "group", "item": [only]},
            ],
        }
    )  # fmt: skip
    state = state_of(form)
    (first,), (second,) = (section.pages for section in outline(form))
    assert (asks(form, state, first), asks(form, state, second)) == (True, False)
    state.set((), "a", ({"valueString": "yes"},))
    assert asks(form, state, second)


def test_working_pages_are_for_the_working_view_alone(ours: Form) -> None:
    sections = outline(ours)
    working = {page.key for section in sections for page in section.pages if page.working}
    assert working
    person = {page.key for section in shown(sections, working=False) for page in section.pages}
    assert not working & person
    assert all(section.pages for section in shown(sections, working=False))
    assert shown(sections, working=True) == sections


SAYS = Said((FrozenAnswer({"valueString": "x"}),))


@pytest.mark.parametrize(
    ("said", "expected", "words"),
    [
        ({}, Progress(2, 0, 1), ""),
        ({"b": SAYS}, Progress(2, 1, 1), "begun"),
        ({"a": SAYS}, Progress(2, 1, 0), "done"),
        ({"a": Said(absent="not-known")}, Progress(2, 1, 0), "done"),
        ({"a": Said(absent="declined")}, Progress(2, 1, 0), "done"),
        ({"a": Said(), "b": SAYS}, Progress(2, 1, 1), "begun"),
        ({"a": SAYS, "c": SAYS}, Progress(2, 1, 0), "done"),
    ],
)
def test_not_known_and_declined_are_answers_and_hidden_ones_are_not_counted(
    said: dict[str, Said], expected: Progress, words: str
) -> None:
    form, page = small()
    found = progress(form, state_of(form), draft(**said), page)
    assert (found, found.words) == (expected, words)


def test_less_than_half_is_only_begun() -> None:
    assert Progress(5, 2, 0).words == "begun"
    assert Progress(4, 2, 0).words == "done"
    assert (Progress(4, 2, 0) + Progress(1, 0, 1)).words == "begun"


def test_each_row_asks_its_own(ours: Form) -> None:
    above = ours.nodes[ours.node("s04.contact").parent].link_id
    _, page = page_at(outline(ours), above)
    state = state_of(ours)
    before = len(list(asked_on(ours, state, page)))
    for row in ("01900000-0000-7000-8000-00000000aaaa", "01900000-0000-7000-8000-00000000bbbb"):
        state.add_row((), "s04.contact", row)
    paths = {path for path, _ in asked_on(ours, state, page) if path}
    assert len(paths) == 2
    assert len(list(asked_on(ours, state, page))) > before


def test_pages_follow_one_another_and_a_section_leads_to_its_first(ours: Form) -> None:
    sections = outline(ours)
    pages = [page for section in sections for page in section.pages]
    walked = [pages[0]]
    while (after := neighbours(sections, walked[-1])[1]) is not None:
        assert neighbours(sections, after)[0] == walked[-1]
        walked.append(after)
    assert walked == pages
    assert page_at(sections, "s10")[1].key == "A01"
    assert page_at(sections, "A07")[0].key == "s10"
    assert page_at(sections, "nowhere") == (sections[0], pages[0])


def test_one_group_around_everything_is_taken_for_tabs() -> None:
    def tab(name: str) -> dict[str, object]:
        return {
            "linkId": name,
            "text": name,
            "type": "group",
            "item": [{"linkId": f"{name}1", "type": "string"}],
        }

    whole = {"linkId": "all", "text": "All", "type": "group", "item": [tab("a"), tab("b")]}
    form = compile_form({"resourceType": "Questionnaire", "status": "active", "item": [whole]})
    assert [section.key for section in outline(form)] == ["a", "b"]
