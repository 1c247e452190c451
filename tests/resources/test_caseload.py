"""The demonstration caseload: invented people, answers that fit the forms, something in every section."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest

from ascdesk.care import plans
from ascdesk.care.clocks import Kind
from ascdesk.care.costs import CostUnit, Day, PartOfDay, Timetable, Visit, costs_of
from ascdesk.care.determination import LegalBasis
from ascdesk.care.people import age_on, is_nhs_number
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.state import FormState
from ascdesk.record.models import models
from ascdesk.work import flattening, photos, pictures, scenes, sketching
from ascdesk.work.caseload import Caseload, caseload
from sync.client.exchange import synchronise
from sync.server import seed
from tests.support.desks import filled_record
from tests.sync.council import NOON, Laptop, open_test_council, serving

ROOT = Path(__file__).resolve().parents[2]
CASES: list[dict[str, Any]] = json.loads(
    (ROOT / "resources" / "demo" / "caseload.json").read_text(encoding="utf-8")
)["cases"]
FIRST_DAY = date(2026, 11, 21)
RELATIVE = re.compile(r"today([+-]\d+)?(T\d\d:\d\d)?")
DRAMA = re.compile(r"01632 960\d{3}|07700 900\d{3}|020 7946 0\d{3}|0808 157 0\d{3}")
TEAMS = {
    "Adult Social Care Direct",
    "Initial Contact Team",
    "Duty Team",
    "Opal Equipment Services",
    "Occupational Therapy",
    "Telecare Services",
    "Promoting Independence",
    "Promoting Independence: learning disabilities",
    "Older People's Assessment and Case Management Team",
    "All Age Disabilities Team (Transitions 18-25)",
    "All Age Disabilities Team 25+",
}
SCRIPTS = {
    "Greek": "[\u0370-\u03ff]",
    "Cyrillic": "[\u0400-\u04ff]",
    "Hebrew": "[\u0590-\u05ff]",
    "Arabic": "[\u0600-\u06ff]",
    "Devanagari": "[\u0900-\u097f]",
    "Bengali": "[\u0980-\u09ff]",
    "Gurmukhi": "[\u0a00-\u0a7f]",
    "Gujarati": "[\u0a80-\u0aff]",
    "Tamil": "[\u0b80-\u0bff]",
    "Polish": "[łśżŁŚŻ]",
}
KEYS = {
    "boolean": "valueBoolean",
    "integer": "valueInteger",
    "decimal": "valueDecimal",
    "date": "valueDate",
    "dateTime": "valueDateTime",
    "time": "valueTime",
    "string": "valueString",
    "text": "valueString",
    "choice": "valueCoding",
}

Item = dict[str, Any]


def asked(items: list[Item], above: tuple[Item, ...] = ()) -> Iterator[tuple[Item, tuple[Item, ...]]]:
    for item in items:
        yield item, above
        yield from asked(item.get("item", []), (*above, item))


FORM: dict[str, tuple[Item, tuple[Item, ...]]] = {
    item["linkId"]: (item, above)
    for name in ("needs-assessment", "support-plan")
    for item, above in asked(
        json.loads((ROOT / "resources" / "forms" / f"{name}.json").read_text(encoding="utf-8"))["item"]
    )
}


def answers(case: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = case["assessment"]["answers"] + case.get("plan", {}).get("answers", [])
    return found


LATER: list[dict[str, Any]] = json.loads(
    (ROOT / "resources" / "demo" / "road.json").read_text(encoding="utf-8")
)["cases"]
EVERY = pytest.mark.parametrize("case", CASES, ids=[case["key"] for case in CASES])
EVERYBODY = pytest.mark.parametrize("case", CASES + LATER, ids=[case["key"] for case in CASES + LATER])


def test_twelve_people_of_many_ages_in_every_team() -> None:
    ages = [case["person"]["age"] for case in CASES]
    assert (len(CASES), min(ages), max(ages)) == (12, 17, 94)
    assert {work["team"] for case in CASES for work in case["work"]} == TEAMS
    assert len({case["id"] for case in CASES}) == 12


@EVERYBODY
def test_the_person_is_invented(case: dict[str, Any]) -> None:
    person = case["person"]
    assert is_nhs_number(person["nhs_number"])
    assert person["nhs_number"].startswith("999")
    assert person["postcode"].startswith("CV99 ")
    assert age_on(date.fromisoformat(person["date_of_birth"]), FIRST_DAY) == person.get("age", ANY)


@EVERYBODY
def test_every_telephone_is_from_a_range_for_drama(case: dict[str, Any]) -> None:
    for number in re.findall(r"\b0\d{3,4} ?\d{3} ?\d{3,4}\b", json.dumps(case, ensure_ascii=False)):
        assert DRAMA.fullmatch(number), number


@EVERY
def test_every_answer_fits_its_question(case: dict[str, Any]) -> None:
    for answer in answers(case):
        item, above = FORM[answer["linkId"]]
        assert not item.get("readOnly"), answer
        assert answer["source"] in ("person", "carer", "professional", "observed", "record")
        assert bool(answer.get("row")) == any(group.get("repeats") for group in above), answer
        values = answer["answer"]
        assert values or answer.get("absent"), answer
        assert len(values) == 1 or item.get("repeats"), answer
        for value in values:
            assert list(value) == [KEYS[item["type"]]], answer
            if "valueCoding" in value:
                assert value in item["answerOption"], answer
            if "valueDate" in value:
                assert RELATIVE.fullmatch(value["valueDate"]) or date.fromisoformat(value["valueDate"])


@EVERY
def test_one_account_of_each_source_for_each_question(case: dict[str, Any]) -> None:
    addresses = [(a["linkId"], a.get("row"), a["source"]) for a in answers(case)]
    assert len(addresses) == len(set(addresses))


def holds(condition: Item, case: dict[str, Any], row: str | None) -> bool:
    given = [
        value
        for answer in answers(case)
        if answer["linkId"] == condition["question"] and answer.get("row") in (None, row)
        for value in answer["answer"]
    ]
    if condition["operator"] == "exists":
        return bool(given) is condition["answerBoolean"]
    (wanted,) = (value for key, value in condition.items() if key.startswith("answer"))
    for value in given:
        (found,) = value.values()
        same = found["code"] == wanted["code"] if isinstance(wanted, dict) else found == wanted
        if (condition["operator"] == "=" and same) or (condition["operator"] == ">" and found > wanted):
            return True
    return False


@EVERY
def test_no_answer_is_hidden_by_a_condition(case: dict[str, Any]) -> None:
    for answer in answers(case):
        item, above = FORM[answer["linkId"]]
        for part in (*above, item):
            conditions = part.get("enableWhen", [])
            if conditions:
                every = all if part.get("enableBehavior") == "all" else any
                assert every(holds(condition, case, answer.get("row")) for condition in conditions), answer


def test_every_section_and_every_outcome_has_something() -> None:
    touched = {answer["linkId"].split(".")[0] for case in CASES for answer in answers(case)}
    assert {f"s{number:02}" for number in range(20)} - {"s10"} <= touched
    assert {f"A{number:02}" for number in range(1, 11)} <= touched


def test_one_assessment_is_whole() -> None:
    jean = next(case for case in CASES if case["key"] == "jean-hollis")
    given = {answer["linkId"] for answer in answers(jean)}
    for link, (item, above) in FORM.items():
        free = not any("enableWhen" in part or part.get("repeats") for part in (*above, item))
        if item.get("required") and free and link[0] in "sA":
            assert link in given, link
    found = {link[:3] for link in given if link.endswith(".achieves")}
    assert found == {f"A{number:02}" for number in range(1, 11)}


def loaded(case: dict[str, Any]) -> FormState:
    """Fill the engine's draft with one account of each question, the worker's before the person's."""
    text = (ROOT / "resources" / "forms" / "needs-assessment.json").read_text(encoding="utf-8")
    state = FormState(compile_form(json.loads(text)), FIRST_DAY)
    ranked = sorted(case["assessment"]["answers"], key=lambda answer: answer["source"] == "observed")
    for answer in ranked:
        path = (answer["row"],) if answer.get("row") else ()
        values = [
            {key: FIRST_DAY.isoformat() if str(value).startswith("today") else value}
            for given in answer["answer"]
            for key, value in given.items()
            if key != "valueDateTime"
        ]
        if values:
            state.set(path, answer["linkId"], values)
    return state


def test_the_engine_finds_what_the_whole_assessment_says() -> None:
    state = loaded(next(case for case in CASES if case["key"] == "jean-hollis"))
    assert state.answers((), "s10.unable-count") == ({"valueInteger": 3},)
    assert state.answers((), "s10.unexplored-count") == ({"valueInteger": 0},)
    assert state.answers((), "s11.two-or-more") == ({"valueBoolean": True},)
    assert state.answers((), "s03.duty") == ({"valueBoolean": False},)
    unanswered = [problem for problem in state.problems() if problem.element == "required"]
    assert unanswered == []


@pytest.mark.parametrize(
    ("key", "link", "value"),
    [
        ("daniel-whitcombe", "s13.duty", True),
        ("daniel-whitcombe", "s03.duty", True),
        ("daniel-whitcombe", "s01.refusal-overridden", True),
        ("harbhajan-kaur", "s03.duty", False),
        ("rafiqul-alam", "s11.two-or-more", True),
        ("kamala-sivanesan", "s11.two-or-more", False),
    ],
)
def test_the_engine_finds_the_duties(key: str, link: str, value: bool) -> None:
    state = loaded(next(case for case in CASES if case["key"] == key))
    assert state.answers((), link) == ({"valueBoolean": value},)


def as_line(fields: dict[str, Any]) -> plans.PlanLine:
    visits = tuple(
        Visit(Day(d), PartOfDay(p), minutes, carers) for d, p, minutes, carers in fields.get("timetable", [])
    )
    return plans.PlanLine(
        row=fields["key"],
        needs=tuple(fields["needs"]),
        met_by=plans.MetBy(fields["met_by"]),
        basis=LegalBasis(fields["basis"]),
        timetable=Timetable(visits) if visits else None,
        unit_cost=Decimal(fields["unit_cost"]),
        unit=CostUnit(fields["unit"]),
        units_per_week=Decimal(fields["units_per_week"]) if "units_per_week" in fields else None,
    )


def test_the_plan_costs_what_its_lines_say() -> None:
    plan = next(case for case in CASES if case["key"] == "jean-hollis")["plan"]
    lines = [as_line(fields) for fields in plan["lines"]]
    costs = costs_of([line.costing() for line in lines], None)
    assert str(costs.weekly) == plan["facts"]["budget_total"] == "151.88"
    assert {need["code"] for need in plan["needs"]} <= {code for line in lines for code in line.needs}


@EVERY
def test_plans_and_clocks_use_the_rules_own_words(case: dict[str, Any]) -> None:
    for name, model in (("line", models()["plan_line"]), ("option", models()["plan_option"])):
        for fields in case.get("plan", {}).get(f"{name}s", []):
            assert set(fields) - {"key"} <= set(model.__table__.columns.keys()), fields
            if name == "line":
                as_line(fields)
    for event in case["clock_events"]:
        assert event["kind"] == "initial_contact" or Kind(event["kind"])
    for name in ("person", "contacts", "communication", "alerts", "earlier", "visits"):
        table = {"contacts": "contact", "communication": "communication_need", "alerts": "alert"}
        table |= {"earlier": "earlier_record", "visits": "visit"}
        columns = set(models()[table.get(name, name)].__table__.columns.keys())
        rows = [case["person"]] if name == "person" else case.get(name, [])
        assert all(set(row) - {"age"} <= columns for row in rows), name


def test_names_in_every_script() -> None:
    names = " ".join(
        f"{case['person']['given_name']} {case['person']['family_name']} "
        + " ".join(contact["name"] for contact in case["contacts"])
        for case in CASES
    )
    assert [script for script, letters in SCRIPTS.items() if not re.search(letters, names)] == []


def test_the_situations_that_the_demonstration_needs() -> None:
    by_key = {case["key"]: {answer["linkId"]: answer for answer in answers(case)} for case in CASES}

    def chosen(key: str, link: str) -> Any:
        (value,) = by_key[key][link]["answer"][0].values()
        return value["code"] if isinstance(value, dict) else value

    assert chosen("jean-hollis", "s08.has-carer") == "yes"
    assert chosen("harbhajan-kaur", "s07.dual-sensory") is True
    assert "s07.deafblind-assessor" not in by_key["harbhajan-kaur"]
    assert chosen("daniel-whitcombe", "s01.capacity-doubt") is True
    assert chosen("rafiqul-alam", "s17.urgent") is True
    assert chosen("zofia-wisniewska", "s16.s117") == "yes"
    assert chosen("amira-haddad", "s00.legal-basis") == "s58"
    assert by_key["jean-hollis"]["s08.carer.words"]["heldBack"]


# -- the therapist's photos ---------------------------------------------------------------------------------

NORA = "5beb0618-c0df-54a1-97b3-e939de0ec229"
FACTS = """
import json
from datetime import datetime, UTC
from ascdesk.work.caseload import caseload
told = caseload(datetime(2026, 11, 21, tzinfo=UTC), author="c", device="d" * 8, worker="w")
named = [[one.row, one.content] for one in told.changes if one.field in {"sha256", "thumbnail"}]
print(json.dumps(sorted(named)))
"""


@pytest.fixture(scope="module")
def told() -> Caseload:
    return caseload(datetime(2026, 11, 21, 10, tzinfo=UTC), author="c", device="d" * 8, worker="w")


def named(told: Caseload) -> list[list[Any]]:
    """Return what the photos' rows say of their bytes."""
    return sorted([one.row, one.content] for one in told.changes if one.field in {"sha256", "thumbnail"})


def test_the_photos_bytes_are_what_the_record_says(told: Caseload) -> None:
    assert len(named(told)) == 2 * len(scenes.NAMES)
    given = {hashlib.sha256(data).hexdigest() for data in told.files[NORA]}
    assert given == {digest for _, digest in named(told)}
    assert set(told.files) == {NORA}


def test_the_photos_are_the_same_in_every_process(told: Caseload) -> None:
    asked = [sys.executable, "-c", FACTS]
    ended = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=ROOT)
    assert json.loads(ended.stdout) == named(told)


@pytest.mark.parametrize("name", scenes.NAMES)
def test_a_scene_is_a_photo_as_any_other(name: str) -> None:
    drawn = scenes.scene(name)
    again = pictures.take_in(drawn.data, name)
    assert (again.width, again.height) == (drawn.width, drawn.height) == (scenes.WIDE, scenes.TALL)
    assert max(photo_size(drawn.thumbnail)) == pictures.THUMBNAIL
    assert len(drawn.data) < 200_000


def photo_size(data: bytes) -> tuple[int, int]:
    found = pictures.take_in(data)
    return found.width, found.height


def test_nora_s_photos_are_in_rooms_described_and_two_are_for_the_report(tmp_path: Path) -> None:
    record, _ = filled_record(tmp_path)
    try:
        held = photos.photos(record, NORA)
        assert [one.caption.split()[1] for one in held] == ["bath:", "toilet,", "two", "bed,"]
        rooms = {one.row: one.name for one in photos.rooms(record, NORA)}
        assert {rooms[one.room] for one in held} == {"Bathroom", "Front door", "Nora’s bedroom"}
        assert [one.in_report for one in held] == [True, False, True, False]
        assert {one.where for one in held} == {"held"}
        assert [sketching.words(mark) for mark in held[0].marks] == [
            "Arrow, A rail could go here",
            "Measured line, 545 mm",
        ]
        whole = photos.open_photo(record, NORA, held[0].row)
        assert photos.flattened(record, NORA, held[0].row) != flattening.drawn(whole, ())
        assert len(photos.thumbnails(record, NORA, [one.thumbnail for one in held])) == len(held)
    finally:
        record.close()


def test_a_laptop_fetches_the_photos_by_the_ordinary_road(tmp_path: Path) -> None:
    council = open_test_council(f"sqlite:///{tmp_path / 'council.db'}")
    device = seed.council_device(council.engine)
    told = caseload(datetime(2026, 11, 21, 10, tzinfo=UTC), author="c", device=device, worker="w")
    seed.load(council.engine, [one for one in told.changes if one.case == NORA])
    for _ in range(2):  # what is kept already is kept once
        seed.keep(council.engine, told.files, at=NOON)
    council.allocate("kiran", NORA)
    with serving(council.app()) as server:
        laptop = Laptop(tmp_path, council, "kiran", server)
        with laptop.connection() as connection:
            assert synchronise(laptop.record, connection).finished
        held = photos.photos(laptop.record, NORA)
        assert {one.where for one in held} == {"held"} and len(held) == len(scenes.NAMES)
        given = {photos.open_photo(laptop.record, NORA, one.row) for one in held}
        assert given == {scenes.scene(name).data for name in scenes.NAMES}
        laptop.close()
    council.engine.dispose()
