"""What came by a web form, as the changes that the council's server stores."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from typing import Any

from ascdesk.care.clocks import LONDON
from ascdesk.forms.questionnaire import compile_form
from ascdesk.forms.state import FormState
from ascdesk.record.change import Change, hash_of, new_id
from ascdesk.work.arrivals import AUTHOR, Arrival, changes
from ascdesk.work.pieces import Opening
from tests.sync.server.web.small import SMALL

Json = Any
AT = datetime(2026, 7, 1, 10, 30, tzinfo=LONDON)
DEVICE = new_id()


def state() -> FormState:
    """Return the small form with a few answers, one of them hidden and one in a row of a row."""
    found = FormState(compile_form(SMALL), AT)
    found.set((), "name", [{"valueString": "Joan"}])
    found.set((), "who", [{"valueCoding": {"code": "worker", "display": "Worker"}}])
    found.set((), "hours", [{"valueInteger": 3}])
    found.set(("r1",), "helper.name", [{"valueString": "Ann"}])
    found.set(("r1", "d1"), "helper.day.date", [{"valueDate": "2026-07-02"}])
    found.add_row((), "helper", "r2")
    return found


def arrived(**more: Json) -> tuple[Change, ...]:
    facts: dict[str, Json] = {
        "case": new_id(),
        "questionnaire": "small",
        "kind": "small",
        "source": "professional",
        "at": AT,
        "reference": "ABCD-EFGH",
        "title": "A small form came",
        "due": date(2026, 7, 3),
    }
    filled = state()
    return changes(Arrival(**(facts | more)), filled.form, filled, device=DEVICE)


def fields(found: tuple[Change, ...], entity: str) -> dict[str, Json]:
    """Return the fields of the only row of an entity."""
    rows = {change.row for change in found if change.entity == entity}
    assert len(rows) == 1
    return {one.field: one.content for one in found if one.entity == entity and one.kind == "set"}


def test_somebody_new_gets_a_person_a_referral_and_its_clocks() -> None:
    urgent = {"channel": "professional", "priority": "urgent", "urgent_because": "No food"}

    found = arrived(person={"given_name": "Stan"}, referral=urgent)

    assert fields(found, "person") == {"given_name": "Stan"}
    response = next(one.row for one in found if one.entity == "response")
    referral = fields(found, "referral")
    assert (referral["response"], referral["received_at"]) == (response, "2026-07-01T10:30:00+01:00")
    events = [one.content for one in found if one.entity == "clock_event" and one.field == "kind"]
    assert events == ["initial_contact", "urgent_classed"]
    assert fields(found, "task")["due"] == "2026-07-03"


def test_only_what_is_asked_and_answered_is_taken_with_its_rows_made_first() -> None:
    found = arrived()
    answers = [one for one in found if one.entity == "answer"]

    assert sorted(one.content["at"][2] for one in answers) == [
        "helper.day.date",
        "helper.name",
        "name",
        "who",
    ]
    assert {one.content["at"][3] for one in answers} == {"professional"}
    repeats = [one for one in found if one.entity == "repeat"]
    assert [one.content["link_id"] for one in repeats] == ["helper", "helper.day"]
    assert repeats[1].content["parent"] == repeats[0].row
    assert "r1" not in json.dumps([one.content for one in found])
    day = next(one for one in answers if one.content["at"][2] == "helper.day.date")
    assert day.content["at"][1] == f"{repeats[0].row}/{repeats[1].row}"


def test_every_change_is_sealed_for_one_case_by_nobody_of_the_council() -> None:
    found = arrived()

    assert {(one.author, one.device) for one in found} == {(AUTHOR, DEVICE)}
    assert len({one.case for one in found}) == 1
    assert all(one.hash == hash_of(one) for one in found)
    assert max(Counter((one.row, one.field) for one in found).values()) == 1


def test_a_review_opens_work_unless_one_stands_open() -> None:
    opening = Opening("review", "duty", "A review came")
    begun = arrived(opening=opening, mode="online")
    piece = next(one.row for one in begun if one.entity == "piece_of_work")

    assert fields(begun, "piece_of_work")["mode"] == "online"
    assert fields(begun, "response")["of"] == piece
    standing = arrived(opening=opening, mode="online", of="the one that stands")
    assert [one for one in standing if one.entity == "piece_of_work"] == []
    assert fields(standing, "response")["of"] == "the one that stands"
