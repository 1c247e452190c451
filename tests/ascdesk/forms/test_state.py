"""Filling a form: hidden answers, rows, calculations, beginnings, and what is wrong at the end."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ascdesk.forms.model import BLANK_ROW
from ascdesk.forms.problems import WrongAnswer
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.response import load_response, response
from ascdesk.forms.state import FormState

TODAY = dt.date(2026, 11, 21)
CORE = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


def item(link_id: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": kind, **more}


def expression(url: str, text: str, **more: Any) -> dict[str, Any]:
    return {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": text, **more}}


def calculated(text: str) -> dict[str, Any]:
    return expression(SDC + "calculatedExpression", text)


def yes(question: str) -> list[dict[str, Any]]:
    return [{"question": question, "operator": "=", "answerBoolean": True}]


def draft(*items: dict[str, Any], **more: Any) -> FormState:
    raw = {"resourceType": "Questionnaire", "status": "draft", "item": list(items), **more}
    return FormState(compile_form(raw), TODAY)


def text(value: str) -> list[dict[str, Any]]:
    return [{"valueString": value}]


def number(value: int) -> list[dict[str, Any]]:
    return [{"valueInteger": value}]


def boolean(value: bool) -> list[dict[str, Any]]:
    return [{"valueBoolean": value}]


def test_a_chain_of_questions_hides_and_comes_back_with_its_answers() -> None:
    state = draft(
        item("a", "boolean"),
        item("b", "boolean", enableWhen=yes("a")),
        item("c", enableWhen=yes("b")),
        item("n", "integer", extension=[calculated("%resource.item.where(linkId='c').answer.count()")]),
    )
    state.set((), "a", boolean(True))
    changed = state.set((), "b", boolean(True))
    assert changed.enabled == (((), "c"),)
    changed = state.set((), "c", text("words"))
    assert changed.calculated == (((), "n"),)
    changed = state.set((), "a", boolean(False))
    assert changed.enabled == (((), "b"), ((), "c"))
    assert state.answers((), "c") == ({"valueString": "words"},)
    assert state.answers((), "n") == ({"valueInteger": 0},)
    assert [each["linkId"] for each in response(state)["item"]] == ["a", "n"]
    assert [each["linkId"] for each in response(state, finished=False)["item"]] == ["a", "b", "c", "n"]
    state.set((), "a", boolean(True))
    assert state.enabled((), "c")
    assert state.calculated() == {((), "n"): ({"valueInteger": 1},)}


def test_a_question_that_was_not_answered_is_not_equal_to_anything() -> None:
    test = [{"question": "a", "operator": "!=", "answerString": "x"}]
    state = draft(item("a"), item("b", enableWhen=test))
    assert state.enabled((), "b")
    state.set((), "a", text("x"))
    assert not state.enabled((), "b")


@pytest.mark.parametrize(
    ("kind", "answer", "test", "wanted"),
    [
        ("integer", {"valueInteger": 5}, {"operator": ">", "answerInteger": 4}, True),
        ("integer", {"valueInteger": 5}, {"operator": "<=", "answerInteger": 4}, False),
        ("decimal", {"valueDecimal": "2.50"}, {"operator": "=", "answerDecimal": 2.5}, True),
        ("date", {"valueDate": "2026-01-02"}, {"operator": ">=", "answerDate": "2026-01-02"}, True),
        ("date", {"valueDate": "2026-01"}, {"operator": ">", "answerDate": "2026-01-02"}, False),
        ("time", {"valueTime": "10:00:00"}, {"operator": "<", "answerTime": "10:30:00"}, True),
        (
            "quantity",
            {"valueQuantity": {"value": 5, "unit": "mm"}},
            {"operator": ">", "answerQuantity": {"value": 4, "unit": "mm"}},
            True,
        ),
        (
            "quantity",
            {"valueQuantity": {"value": 5, "unit": "mm"}},
            {"operator": ">", "answerQuantity": {"value": 4, "unit": "cm"}},
            False,
        ),
        (
            "open-choice",
            {"valueCoding": {"code": "a", "system": "s"}},
            {"operator": "=", "answerCoding": {"code": "a"}},
            True,
        ),
        (
            "open-choice",
            {"valueCoding": {"code": "a", "system": "s"}},
            {"operator": "=", "answerCoding": {"code": "a", "system": "t"}},
            False,
        ),
        ("open-choice", {"valueString": "own words"}, {"operator": "=", "answerString": "own words"}, True),
        ("boolean", {"valueBoolean": False}, {"operator": "exists", "answerBoolean": True}, True),
    ],
)
def test_every_operator_on_every_kind(
    kind: str, answer: dict[str, Any], test: dict[str, Any], wanted: bool
) -> None:
    state = draft(item("a", kind), item("b", enableWhen=[{"question": "a", **test}]))
    state.set((), "a", [answer])
    assert state.enabled((), "b") is wanted


def rows() -> FormState:
    return draft(
        item(
            "g",
            "group",
            repeats=True,
            item=[
                item("x", "integer"),
                item("y", enableWhen=[{"question": "x", "operator": ">", "answerInteger": 1}]),
                item("h", "group", repeats=True, item=[item("z", "integer")]),
                item("sum", "integer", extension=[calculated("%here")]),
            ],
            extension=[
                expression(CORE + "variable", "item.where(linkId='h').item.answer.value.sum()", name="here")
            ],
        ),
        item(
            "total",
            "integer",
            extension=[calculated("%resource.descendants().where(linkId='x').answer.value.sum()")],
        ),
    )


def test_rows_are_apart_and_ordered_by_their_ids() -> None:
    state = rows()
    state.set(("b",), "x", number(2))
    changed = state.set(("a",), "x", number(1))
    assert state.rows((), "g") == ("a", "b")
    assert state.enabled(("b",), "y")
    assert not state.enabled(("a",), "y")
    assert changed.calculated == ((("a",), "sum"), ((), "total"))
    assert state.answers((), "total") == ({"valueInteger": 3},)
    state.set(("a", "k"), "z", number(4))
    changed = state.set(("a", "j"), "z", number(5))
    assert changed.calculated == ((("a",), "sum"),)
    assert state.answers(("a",), "sum") == ({"valueInteger": 9},)
    assert state.answers(("b",), "sum") == ({"valueInteger": 0},)
    assert [each["linkId"] for each in response(state)["item"]] == ["g", "g", "total"]


def test_a_group_without_rows_shows_one_blank_row_that_never_counts() -> None:
    state = rows()
    blank = [address for address in state.addresses() if BLANK_ROW in address[0]]
    assert blank == [(("",), "g"), (("",), "x"), (("", ""), "h"), (("", ""), "z"), (("",), "sum")]
    assert state.rows((), "g") == ()
    assert [each["linkId"] for each in response(state)["item"]] == ["total"]
    changed = state.add_row((), "g", "a")
    assert (("a",), "x") in changed.enabled
    assert not any("" in path[:1] for path, _ in state.addresses())
    state.set(("a",), "x", number(3))
    changed = state.remove_row((), "g", "a")
    assert state.answers((), "total") == ({"valueInteger": 0},)
    assert state.enabled(("",), "x")
    assert not state.remove_row((), "g", "a")


def test_a_condition_outside_a_group_looks_at_its_nearest_row() -> None:
    state = draft(
        item("before", enableWhen=yes("x")),
        item("g", "group", repeats=True, item=[item("x", "boolean")]),
        item("after", enableWhen=yes("x")),
    )
    state.set(("a",), "x", boolean(True))
    assert state.add_row((), "g", "b").enabled == ((("b",), "g"), (("b",), "x"))
    assert state.enabled((), "after"), "an empty row answers nothing"
    changed = state.set(("b",), "x", boolean(False))
    assert changed.enabled == (((), "after"),)
    assert state.enabled((), "before")
    assert not state.enabled((), "after")


def test_items_under_a_question_stand_in_its_answer() -> None:
    state = draft(item("a", item=[item("b")]))
    state.set((), "b", text("below"))
    assert response(state)["item"] == [
        {"linkId": "a", "answer": [{"item": [{"linkId": "b", "answer": text("below")}]}]}
    ]
    state.set((), "a", text("above"))
    assert response(state)["item"][0]["answer"][0]["valueString"] == "above"
    assert load_response(state.form, response(state), TODAY)[0].answers((), "b") == (
        {"valueString": "below"},
    )


@pytest.mark.parametrize(
    ("path", "link_id", "answers"),
    [
        ((), "n", text("x")),
        ((), "n", [{"valueInteger": 1}, {"valueInteger": 2}]),
        ((), "n", [{"valueInteger": True}]),
        ((), "n", [{"valueInteger": 2**40}]),
        ((), "n", [{}]),
        ((), "n", ["x"]),
        ((), "d", [{"valueDate": "2026-02-31"}]),
        ((), "c", number(1)),
        ((), "g", text("x")),
        ((), "nobody", text("x")),
        (("a",), "n", number(1)),
        ((BLANK_ROW,), "x", text("x")),
    ],
)
def test_an_answer_that_cannot_be_is_refused_and_changes_nothing(
    path: Any, link_id: str, answers: Any
) -> None:
    group = item("g", "group", repeats=True, item=[item("x")])
    state = draft(
        item("n", "integer"), item("d", "date"), item("c", "integer", extension=[calculated("1")]), group
    )
    before = response(state)
    with pytest.raises(WrongAnswer):
        state.set(path, link_id, answers)
    assert response(state) == before


@pytest.mark.parametrize(
    "criterion",
    [
        "linkId.startsWith('q')",
        "linkId in ('q1' | 'q2')",
        "linkId != 'total' and linkId != 'g'",
        "linkId = 'q1' or linkId = 'q2'",
    ],
)
def test_a_score_stands_beside_what_it_adds_up(criterion: str) -> None:
    scored = [
        {
            "valueCoding": {"code": str(score)},
            "extension": [{"url": CORE + "ordinalValue", "valueDecimal": score}],
        }
        for score in range(4)
    ]
    total = calculated(f"%resource.item.item.where({criterion}).answer.value.ordinal().sum()")
    questions = [item(link_id, "choice", answerOption=scored) for link_id in ("q1", "q2")]
    state = draft(item("g", "group", item=[*questions, item("total", "integer", extension=[total])]))
    state.set((), "q1", [{"valueCoding": {"code": "2"}}])
    changed = state.set((), "q2", [{"valueCoding": {"code": "3"}}])
    assert changed.calculated == (((), "total"),)
    assert state.answers((), "total") == ({"valueInteger": 5},)


@pytest.mark.parametrize(
    ("kind", "text_of_it", "wanted"),
    [
        ("string", "1.50", {"valueString": "1.50"}),
        ("string", "today()", {"valueString": "2026-11-21"}),
        ("integer", "6 / 2", {"valueInteger": 3}),
        ("integer", "7 / 2", None),
        ("decimal", "7 / 2", {"valueDecimal": "3.5"}),
        ("boolean", "1 = 1", {"valueBoolean": True}),
        ("boolean", "'true'", None),
        ("date", "'2026-01-02'", {"valueDate": "2026-01-02"}),
        ("date", "now()", None),
        ("dateTime", "today()", {"valueDateTime": "2026-11-21"}),
        ("time", "@T09:30:00", {"valueTime": "09:30:00"}),
        ("quantity", "2 * 3 'mm'", {"valueQuantity": {"value": "6", "unit": "mm"}}),
        ("choice", "'b'", {"valueCoding": {"code": "b", "display": "Bee"}}),
        ("open-choice", "'own words'", {"valueString": "own words"}),
        ("string", "('a' | 'b')", None),
    ],
)
def test_what_is_worked_out_becomes_an_answer_or_a_problem(kind: str, text_of_it: str, wanted: Any) -> None:
    options = {"answerOption": [{"valueCoding": {"code": "b", "display": "Bee"}}]} if "choice" in kind else {}
    state = draft(item("a", kind, extension=[calculated(text_of_it)], **options))
    assert state.answers((), "a") == (() if wanted is None else (wanted,))
    assert bool(state.problems()) is (wanted is None)


def test_beginnings_are_offered_once_and_never_set() -> None:
    first = expression(SDC + "initialExpression", "today()")
    state = draft(
        item("when", "date", extension=[first]),
        item("who", initial=text("me")),
        item(
            "c", "choice", answerOption=[{"valueString": "x", "initialSelected": True}, {"valueString": "y"}]
        ),
        item("g", "group", repeats=True, item=[item("x", initial=text("row"))]),
    )
    assert state.initials() == (
        ((), "when", ({"valueDate": "2026-11-21"},)),
        ((), "who", ({"valueString": "me"},)),
        ((), "c", ({"valueString": "x"},)),
    )
    assert "item" not in response(state)
    state.fill(state.initials())
    state.add_row((), "g", "a")
    assert state.initials(("a",)) == ((("a",), "x", ({"valueString": "row"},)),)
    assert state.initials()[0][1] == "x"


def test_what_cannot_be_worked_out_is_shown_and_said() -> None:
    state = draft(
        item("a", repeats=True),
        item(
            "b",
            extension=[
                expression(
                    SDC + "enableWhenExpression",
                    "%resource.item.where(linkId='a').answer.value.length() > 0",
                )
            ],
        ),
        item(
            "c", "integer", extension=[calculated("%resource.item.where(linkId='a').answer.value.length()")]
        ),
    )
    assert not state.enabled((), "b")
    changed = state.set((), "a", [*text("x"), *text("y")])
    assert state.enabled((), "b"), "nothing is hidden because a form is wrong"
    assert state.answers((), "c") == ()
    assert ((), "c") in changed.problems
    assert "could not work this out" in state.problems_at((), "c")[0].message


def test_a_rule_of_the_form_is_kept_up_to_date() -> None:
    rule = {
        "url": CORE + "targetConstraint",
        "extension": [
            {"url": "key", "valueId": "later"},
            {"url": "severity", "valueCode": "error"},
            {"url": "human", "valueString": "The end must come after the beginning."},
            {
                "url": "expression",
                "valueExpression": {
                    "language": "text/fhirpath",
                    "expression": "item.where(linkId='b').answer.value > item.where(linkId='a').answer.value",
                },
            },
        ],
    }
    state = draft(item("g", "group", extension=[rule], item=[item("a", "date"), item("b", "date")]))
    state.set((), "a", [{"valueDate": "2026-01-02"}])
    assert state.problems() == ()
    changed = state.set((), "b", [{"valueDate": "2026-01-01"}])
    assert changed.problems == (((), "g"),)
    assert [each.message for each in state.problems()] == ["The end must come after the beginning."]


LIMITS: list[tuple[dict[str, Any], list[dict[str, Any]], str]] = [
    (item("a", required=True), [], "required"),
    (item("a", maxLength=3), text("four"), "maxLength"),
    (item("a", extension=[{"url": CORE + "minLength", "valueInteger": 3}]), text("tw"), "minLength"),
    (item("a", extension=[{"url": CORE + "regex", "valueString": "[0-9]{4}"}]), text("12345"), "regex"),
    (item("a", "integer", extension=[{"url": CORE + "minValue", "valueInteger": 3}]), number(2), "minValue"),
    (
        item("a", "date", extension=[{"url": CORE + "maxValue", "valueDate": "2026-01-01"}]),
        [{"valueDate": "2026-01-02"}],
        "maxValue",
    ),
    (
        item("a", "decimal", extension=[{"url": CORE + "maxDecimalPlaces", "valueInteger": 1}]),
        [{"valueDecimal": "1.25"}],
        "maxDecimalPlaces",
    ),
    (
        item("a", repeats=True, extension=[{"url": CORE + "questionnaire-minOccurs", "valueInteger": 2}]),
        text("x"),
        "minOccurs",
    ),
    (
        item("a", repeats=True, extension=[{"url": CORE + "questionnaire-maxOccurs", "valueInteger": 1}]),
        [*text("x"), *text("y")],
        "maxOccurs",
    ),
    (
        item("a", "choice", answerOption=[{"valueCoding": {"code": "x"}}]),
        [{"valueCoding": {"code": "y"}}],
        "answerOption",
    ),
    (item("a", "choice", answerOption=[{"valueString": "x"}]), text("y"), "answerOption"),
    (
        item("a", "attachment", extension=[{"url": CORE + "maxSize", "valueDecimal": 5}]),
        [{"valueAttachment": {"size": 5_000_001}}],
        "maxSize",
    ),
    (
        item("a", "attachment", extension=[{"url": CORE + "mimeType", "valueCode": "image/png"}]),
        [{"valueAttachment": {"contentType": "text/html"}}],
        "mimeType",
    ),
    (
        item(
            "a",
            "choice",
            repeats=True,
            answerOption=[
                {
                    "valueString": "none",
                    "extension": [{"url": CORE + "questionnaire-optionExclusive", "valueBoolean": True}],
                },
                {"valueString": "x"},
            ],
        ),
        [*text("none"), *text("x")],
        "answerOption",
    ),
]


@pytest.mark.parametrize(("raw", "answers", "element"), LIMITS, ids=[each[2] for each in LIMITS])
def test_what_a_finished_answer_may_not_be(
    raw: dict[str, Any], answers: list[dict[str, Any]], element: str
) -> None:
    state = draft(raw)
    changed = state.set((), "a", answers)
    assert [each.element for each in state.problems()] == [element]
    assert state.problems()[0].message.endswith(".")
    assert changed.problems == ((((), "a"),) if answers else ())
    assert response(state).get("item", []) == (
        [{"linkId": "a", "answer": response(state)["item"][0]["answer"]}] if answers else []
    )


def test_nothing_is_wrong_with_what_is_hidden_or_blank() -> None:
    state = draft(
        item("a", "boolean"),
        item("b", required=True, enableWhen=yes("a")),
        item("g", "group", repeats=True, item=[item("x", required=True)]),
    )
    assert state.problems() == ()
    state.add_row((), "g", "r")
    assert [(each.path, each.link_id) for each in state.problems()] == [(("r",), "x")]


def test_a_group_says_how_many_rows_it_needs() -> None:
    state = draft(item("g", "group", text="People", repeats=True, required=True, item=[item("x")]))
    assert [each.message for each in state.problems()] == ["Add at least 1 to “People”."]


def test_a_draft_left_open_learns_what_day_it_is() -> None:
    state = draft(item("d", "date", extension=[calculated("today()")]))
    assert state.turn_to(dt.date(2026, 11, 22)).calculated == (((), "d"),)
    assert state.answers((), "d") == ({"valueDate": "2026-11-22"},)


def test_what_does_not_fit_a_form_is_reported_and_left_out() -> None:
    state = draft(item("g", "group", item=[item("a"), item("n", "integer")]), item("d", "display"))
    raw = {
        "resourceType": "QuestionnaireResponse",
        "item": [
            {"linkId": "nobody"},
            {"linkId": "a", "answer": text("x")},
            {"text": "x"},
            {
                "linkId": "g",
                "item": [
                    {"linkId": "n", "answer": text("x")},
                    {"linkId": "a", "answer": [*text("x"), *text("y")]},
                    {"linkId": "a", "answer": text("x")},
                ],
            },
            {"linkId": "d", "answer": text("x")},
            7,
        ],
    }
    loaded, problems = load_response(state.form, raw, TODAY)
    assert [(each.link_id, each.element) for each in problems] == [
        ("nobody", "linkId"),
        ("a", "linkId"),
        ("", "linkId"),
        ("n", "answer[0]"),
        ("a", "answer"),
        ("a", "linkId"),
        ("d", "answer"),
        ("", "linkId"),
    ]
    assert "item" not in response(loaded)
