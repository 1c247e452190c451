"""Which editor a question gets; a time as people type it; a moment that FHIR can hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ascdesk.care.clocks import LONDON
from ascdesk.forms.model import Form
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.state import FormState
from ascdesk.work.library import FormLibrary
from tests.support.desks import NOW
from ui.form.attaching import AttachmentEditor
from ui.form.editors import MomentEditor, TimeEditor, editor_for
from ui.widgets.choices import MultipleChoice, SingleChoice
from ui.widgets.dates import DateEditor
from ui.widgets.editor import Editor
from ui.widgets.figures import MoneyEditor, NhsNumberEditor, NumberEditor, PhoneEditor, PostcodeEditor
from ui.widgets.written import LineEditor, LongTextEditor

pytestmark = pytest.mark.usefixtures("appearance")
FORMS = Path(__file__).resolve().parents[3] / "resources" / "forms"
OURS = "https://ascdesk.example/fhir/StructureDefinition/"
CODES = [{"valueCoding": {"code": "a", "display": "A"}}, {"valueCoding": {"code": "b", "display": "B"}}]


def form_of(**item: object) -> Form:
    """Return a form of one question."""
    held = {"linkId": "q", "text": "Q"} | item
    return compile_form({"resourceType": "Questionnaire", "status": "active", "item": [held]})


def widget(code: str) -> list[dict[str, str]]:
    """Return the extension by which a question asks for a widget."""
    return [{"url": f"{OURS}widget", "valueCode": code}]


def same(text: str) -> str:
    """Fill no names in."""
    return text


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"type": "boolean"}, SingleChoice),
        ({"type": "choice", "answerOption": CODES}, SingleChoice),
        ({"type": "choice", "answerOption": CODES, "repeats": True}, MultipleChoice),
        ({"type": "open-choice", "answerOption": CODES}, SingleChoice),
        ({"type": "integer"}, NumberEditor),
        ({"type": "decimal"}, NumberEditor),
        ({"type": "quantity"}, NumberEditor),
        ({"type": "date"}, DateEditor),
        ({"type": "dateTime"}, MomentEditor),
        ({"type": "time"}, TimeEditor),
        ({"type": "text"}, LongTextEditor),
        ({"type": "string"}, LineEditor),
        ({"type": "url"}, LineEditor),
        ({"type": "string", "extension": widget("nhs-number")}, NhsNumberEditor),
        ({"type": "string", "extension": widget("telephone")}, PhoneEditor),
        ({"type": "string", "extension": widget("postcode")}, PostcodeEditor),
        ({"type": "decimal", "extension": widget("money")}, MoneyEditor),
    ],
)
def test_each_type_has_its_editor(item: dict[str, object], kind: type[Editor]) -> None:
    assert type(editor_for(form_of(**item).node("q"), same)) is kind


def test_an_attachment_takes_files() -> None:
    editor = editor_for(form_of(type="attachment").node("q"), same)
    assert isinstance(editor, AttachmentEditor)
    assert not editor.choose.isEnabled()  # until it is known with which case they are kept


def test_every_question_of_our_forms_has_an_editor_whose_emptiness_is_no_answer() -> None:
    for name in sorted(path.stem for path in FORMS.glob("*.json")):
        for node in FormLibrary().form(name).nodes:
            editor = editor_for(node, same) if node.is_question and node.type != "attachment" else None
            if editor is not None:
                assert editor.value() == []
                assert editor.problem() == ""
                assert len(editor.part_names()) == len(editor.parts()) > 0


# -- times ----------------------------------------------------------------------------------------------


def usual(at: dt.time) -> list[str]:
    """Return the ways in which people write a time of day."""
    twelve, half = (at.hour % 12) or 12, "pm" if at.hour >= 12 else "am"
    ways = [f"{at:%H:%M}", f"{at:%H.%M}", f"{at:%H%M}", f"{at.hour}:{at:%M}"]
    for end in (half, f" {half}", f" {half.upper()}", f" {half[0]}.m."):
        ways += [f"{twelve}:{at:%M}{end}", f"{twelve}.{at:%M}{end}"]
        if not at.minute:
            ways.append(f"{twelve}{end}")
    return ways


@given(at=st.times().map(lambda at: at.replace(second=0, microsecond=0)), data=st.data())
def test_a_time_typed_in_a_usual_way_comes_back(at: dt.time, data: st.DataObject) -> None:
    editor = TimeEditor()
    editor.field.setText(data.draw(st.sampled_from(usual(at))))
    assert editor.value() == [{"valueTime": at.isoformat()}]
    assert editor.problem() == ""
    again = TimeEditor()
    again.set_value(editor.value())
    assert again.field.text() == f"{at:%H:%M}"
    assert again.value() == editor.value()


@pytest.mark.parametrize(
    "typed", ["31:99", "24:00", "12:60", "31 pm", "14:30 am", "0 pm", "half past two", "1:2:3", "-1", "٣١:٩٩"]
)
def test_what_is_no_time_is_refused_in_a_sentence_and_kept_as_typed(typed: str) -> None:
    editor = TimeEditor()
    editor.field.setText(typed)
    assert editor.problem() == "Write the time as on a clock, for example 14:30."
    assert editor.value() == [{"valueString": typed}]
    again = TimeEditor()
    again.set_value(editor.value())
    assert again.field.text() == typed


# -- moments --------------------------------------------------------------------------------------------


def typed_moment(day: str, month: str, year: str, time: str) -> MomentEditor:
    """Return an editor into whose fields these were typed."""
    editor = MomentEditor()
    for part, text in zip(editor.parts(), (day, month, year, time), strict=True):
        part.setText(text)  # type: ignore[attr-defined]
    return editor


def on_a_clock(at: dt.datetime) -> bool:
    """Say whether London's clocks showed this time that day; in the spring they jump over an hour."""
    return at.replace(tzinfo=LONDON).astimezone(dt.UTC).astimezone(LONDON).replace(tzinfo=None) == at


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.times())
@example(dt.date(2026, 10, 25), dt.time(1, 30))  # the hour that happens twice
def test_a_moment_comes_back(day: dt.date, time: dt.time) -> None:
    at = dt.datetime.combine(day, time).replace(second=0, microsecond=0)
    assume(on_a_clock(at))
    editor = typed_moment(str(at.day), str(at.month), str(at.year), f"{at:%H:%M}")
    (answer,) = editor.value()
    kept = dt.datetime.fromisoformat(str(answer["valueDateTime"]))
    assert kept.replace(tzinfo=None) == at.replace(second=0, microsecond=0)
    assert kept.tzinfo is not None
    again = MomentEditor()
    again.set_value([answer])
    assert [part.text() for part in again.parts()] == [part.text() for part in editor.parts()]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("day", "time"), [(("29", "3", "2026"), "01:30"), (("22", "4", "1956"), "02:00")])
def test_an_hour_that_was_jumped_over_is_kept_as_typed_and_said(day: tuple[str, str, str], time: str) -> None:
    editor = typed_moment(*day, time)
    assert f"There was no {time} that day" in editor.problem()
    (answer,) = editor.value()
    assert answer == {"valueString": f"{'/'.join(day)} {time}"}
    again = MomentEditor()
    again.set_value([answer])
    assert [part.text() for part in again.parts()] == [*day, time]  # type: ignore[attr-defined]


def test_a_day_without_a_time_is_a_moment_too_and_the_form_takes_both() -> None:
    state = FormState(form_of(type="dateTime"), NOW.date())
    for time, kept in (("", "2026-07-05"), ("2.30 pm", "2026-07-05T14:30:00+01:00")):
        answers = typed_moment("5", "7", "2026", time).value()
        assert answers == [{"valueDateTime": kept}]
        state.set((), "q", answers)
        assert state.answers((), "q") == ({"valueDateTime": kept},)


def test_a_moment_of_elsewhere_is_shown_in_london_time() -> None:
    editor = MomentEditor()
    editor.set_value([{"valueDateTime": "2026-07-05T23:30:00+00:00"}])
    assert [part.text() for part in editor.parts()] == ["6", "7", "2026", "00:30"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (("31", "2", "2026", "14:30"), "February 2026 has 28 days"),
        (("5", "7", "2026", "31:99"), "as on a clock"),
        (("", "", "", "14:30"), "Say on which day"),
    ],
)
def test_what_is_no_moment_is_said_and_kept_as_typed(
    fields: tuple[str, str, str, str], sentence: str
) -> None:
    editor = typed_moment(*fields)
    assert sentence in editor.problem()
    (answer,) = editor.value()
    again = MomentEditor()
    again.set_value([answer])
    assert tuple(part.text() for part in again.parts()) == fields  # type: ignore[attr-defined]
