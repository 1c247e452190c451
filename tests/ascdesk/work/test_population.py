"""From the self-assessment to the needs assessment: everything has a place, in the name of the person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ascdesk.errors import Unreadable
from ascdesk.forms.model import Form
from ascdesk.forms.state import FormState
from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import population, responses
from ascdesk.work.caseload import Caseload
from ascdesk.work.library import FormLibrary
from ascdesk.work.population import Entry, Kind, Place
from ascdesk.work.responses import FrozenAnswer, Key, Said

TODAY = date(2026, 11, 23)
ROW = "01900000-0000-7000-8000-0000000000a1"
LATER = "01900000-0000-7001-8000-0000000000a2"
BEGUN = "01900000-0000-7002-8000-0000000000b1"


@pytest.fixture(scope="module")
def given() -> Form:
    """The self-assessment, compiled once."""
    return FormLibrary().form("self-assessment")


@pytest.fixture(scope="module")
def assessment() -> Form:
    """The needs assessment, compiled once."""
    return FormLibrary().form("needs-assessment")


TABLE = population.self_assessment_map()


def taken(given: Form, assessment: Form, *answers: tuple[str, Any, str]) -> list[Entry]:
    """Fill the self-assessment (linkId, value, kind of value) and return what the assessment begins with."""
    state = FormState(given, TODAY)
    for link, value, kind in answers:
        path = (ROW,) if given.node(link).groups else ()
        state.set(path, link, [{f"value{kind}": {"code": value} if kind == "Coding" else value}])
    return list(population.populate(TABLE, state, assessment, BEGUN))


def test_the_table_names_the_two_forms() -> None:
    assert (TABLE.source, TABLE.target) == ("self-assessment", "needs-assessment")


def test_every_question_has_a_place_or_a_reason_to_stay(given: Form) -> None:
    questions = {node.link_id for node in given.nodes if node.is_question}
    assert questions == set(TABLE.places) | set(TABLE.kept)
    assert all(reason for reason in TABLE.kept.values())


def test_no_two_questions_meet_in_one_place() -> None:
    places = [place.link_id for place in TABLE.places.values()]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("link", sorted(TABLE.places))
def test_a_place_takes_the_answers_of_its_question(given: Form, assessment: Form, link: str) -> None:
    asked, place = given.node(link), assessment.node(TABLE.places[link].link_id)
    assert place.keys == asked.keys
    assert {option.code for option in asked.options} <= {option.code for option in place.options}
    assert place.repeats or not asked.repeats
    assert not place.calculated
    assert not place.read_only


@pytest.mark.parametrize("link", sorted(TABLE.places))
def test_rows_go_into_the_rows_they_are_named_for(given: Form, assessment: Form, link: str) -> None:
    place = assessment.node(TABLE.places[link].link_id)
    around = [given.nodes[index].link_id for index in given.node(link).groups]
    mapped = [TABLE.rows[group] for group in around]
    assert [assessment.nodes[index].link_id for index in place.groups][: len(mapped)] == mapped


@pytest.mark.parametrize("link", [link for link, place in TABLE.places.items() if place.kind is Kind.WORDS])
def test_words_go_where_the_person_speaks(assessment: Form, link: str) -> None:
    assert assessment.node(TABLE.places[link].link_id).ours.get("accounts") in ("two", "person")


def test_what_the_law_gives_the_worker_to_find_is_a_view() -> None:
    """SI 2015/313 reg 2 and Care Act 2014 s.1(2): the person's view is asked, and is not the finding."""
    findings = {f"A{number:02}.{field}" for number in range(1, 11) for field in ("achieves", "reasons")}
    views = {place.link_id for place in TABLE.places.values() if place.kind is Kind.VIEW}
    assert views == findings | {"s11.areas"}


def test_a_sentence_arrives_in_the_name_of_the_person(given: Form, assessment: Form) -> None:
    entries = taken(given, assessment, ("sa.A01.words", "I burn the pans.", "String"))
    assert entries == [
        Entry((), (), "A01.words", "person", Kind.WORDS, ({"valueString": "I burn the pans."},))
    ]


def test_a_choice_arrives_in_the_words_of_the_assessment(given: Form, assessment: Form) -> None:
    (entry,) = taken(given, assessment, ("sa.A01.achieves", "varies", "Coding"))
    assert (entry.kind, entry.answers) == (
        Kind.VIEW,
        ({"valueCoding": {"code": "varies", "display": "It varies"}},),
    )


def test_a_row_gets_an_id_of_its_own_that_sorts_where_it_did(given: Form, assessment: Form) -> None:
    """A row belongs to one response; and rows stand in the order of their ids."""
    state = FormState(given, TODAY)
    for row, goal in ((ROW, "Bake again"), (LATER, "See Ann")):
        state.set((row,), "sa.goal.words", [{"valueString": goal}])
    first, second = population.populate(TABLE, state, assessment, BEGUN)
    assert (first.groups, first.link_id) == (("s06.goal",), "s06.goal.words")
    assert not {first.path[0], second.path[0]} & {ROW, LATER}
    assert first.path < second.path
    elsewhere, _ = population.populate(TABLE, state, assessment, LATER)
    assert elsewhere.path != first.path


def test_a_single_question_makes_one_row_the_same_each_time(given: Form, assessment: Form) -> None:
    answers = ("sa.phone", "07700 900123", "String")
    (first,), (again,) = taken(given, assessment, answers), taken(given, assessment, answers)
    assert first == again
    assert (len(first.path), first.groups) == (1, ("s00.phone",))


def test_what_is_hidden_is_left_out(given: Form, assessment: Form) -> None:
    entries = taken(
        given, assessment, ("sa.A01.achieves", "yes", "Coding"), ("sa.A01.worst", "Bad days", "String")
    )
    assert [entry.link_id for entry in entries] == ["A01.achieves"]


@pytest.mark.parametrize(
    ("who", "source", "note"),
    [
        ("me", "person", None),
        ("with-help", "person", "Written with the help of Ann Lee (daughter)"),
        ("for-me", "person", "Written down by Ann Lee (daughter)"),
        ("not-able", "carer", "Written down by Ann Lee (daughter)"),
    ],
)
def test_a_helper_is_named_and_speaks_as_another_where_the_person_could_not_say_yes(
    given: Form, assessment: Form, who: str, source: str, note: str | None
) -> None:
    helper = [("sa.helper-name", "Ann Lee", "String"), ("sa.helper-relation", "daughter", "String")]
    said = [("sa.who", who, "Coding"), *(helper if who != "me" else []), ("sa.enjoy", "Bowls", "String")]
    (entry,) = taken(given, assessment, *said)
    assert (entry.source, entry.note) == (source, note)


def test_a_helper_without_a_name_is_still_noted(given: Form, assessment: Form) -> None:
    said = [("sa.who", "for-me", "Coding"), ("sa.enjoy", "Bowls", "String")]
    (entry,) = taken(given, assessment, *said)
    assert entry.note == "Written down by somebody else"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[words", "cannot be read"),
        ('[words]\n"a" = "b"\n[facts]\n"a" = "c"', "a in two places"),
        ('[words]\n"a" = "b"\n[kept]\n"a" = "why"', "a in two places"),
        ('[words]\n"a" = 1', "[words] must hold"),
        ("rows = 1", "[rows] must hold"),
    ],
    ids=["no toml", "two kinds", "placed and kept", "a number", "no table"],
)
def test_a_bad_table_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(Unreadable) as refused:
        population.read_population(text, "mine.toml")
    assert "mine.toml" in str(refused.value)
    assert says in str(refused.value)


def test_a_table_of_one_line_is_read() -> None:
    table = population.read_population('from = "x"\nto = "y"\n[facts]\n"a" = "b"', "mine.toml")
    assert table.places == {"a": Place("b", Kind.FACT)}


def test_an_assessment_begins_with_what_the_person_sent(council_record: Record, told: Caseload) -> None:
    record, library, case = council_record, FormLibrary(), told.cases[0]
    sent = responses.start(record, case, "self-assessment", library.form("self-assessment").version)
    draft = responses.load(record, case, sent)
    for link, answer, path in (
        ("sa.who", {"valueCoding": {"code": "me"}}, ()),
        ("sa.A01.words", {"valueString": "I burn the pans."}, ()),
        ("sa.A01.achieves", {"valueCoding": {"code": "no"}}, ()),
        ("sa.dob", {"valueDate": "1941-03-02"}, ()),
        ("sa.goal.words", {"valueString": "Bake again"}, (new_id(),)),
    ):
        said = Said((FrozenAnswer(answer),))
        groups = ["sa.goal"] if path else []
        key = Key(path, link, "person")
        responses.answer(record, draft, key, said, seen=frozenset(), name="Answer", groups=groups)
    begun = responses.load(record, case, population.begin(record, library, case, sent, today=TODAY))
    (row,) = begun.rows[(), "s06.goal"]
    told_so = {key: account.said.answer for key, account in begun.accounts.items()}
    assert told_so == {
        Key((), "A01.words", "person"): ({"valueString": "I burn the pans."},),
        Key((), "s00.dob", "person"): ({"valueDate": "1941-03-02"},),
        Key((row,), "s06.goal.words", "person"): ({"valueString": "Bake again"},),
    }
    assert len(responses.load(record, case, sent).accounts) == 5


def test_an_empty_self_assessment_begins_an_empty_assessment(council_record: Record, told: Caseload) -> None:
    record, library, case = council_record, FormLibrary(), told.cases[0]
    sent = responses.start(record, case, "self-assessment", library.form("self-assessment").version)
    begun = population.begin(record, library, case, sent, today=TODAY)
    assert responses.load(record, case, begun).accounts == {}


def test_what_the_person_thinks_of_an_outcome_is_not_counted(council_record: Record, told: Caseload) -> None:
    """Nobody is found unable, or able, by a tick in a web form: the outcome stays not talked about."""
    record, library, case = council_record, FormLibrary(), told.cases[0]
    sent = responses.start(record, case, "self-assessment", library.form("self-assessment").version)
    draft = responses.load(record, case, sent)
    said = Said((FrozenAnswer({"valueCoding": {"code": "no"}}),))
    key = Key((), "sa.A02.achieves", "person")
    responses.answer(record, draft, key, said, seen=frozenset(), name="Answer")
    begun = responses.load(record, case, population.begin(record, library, case, sent, today=TODAY))
    assert begun.answers((), "A02.achieves") == ()
