"""Support plans: started from the needs, edited field by field, added up, signed and amended."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from ascdesk.care.plan_completeness import extra_cost
from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import fields, plans, responses, signing
from ascdesk.work.caseload import Caseload
from ascdesk.work.editing import RowEditing
from ascdesk.work.responses import Key, Said
from tests.support.desks import JEAN, filled_record
from tests.support.plans import Kept, complete, kept, started

D = Decimal


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[tuple[Record, Caseload]]:
    """A record with the demonstration caseload."""
    record, told = filled_record(tmp_path)
    yield record, told
    record.close()


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """The record with Jean's plan, made once."""
    return kept(tmp_path_factory.mktemp("jean"))


@pytest.fixture
def jean(once: Kept, tmp_path: Path) -> Iterator[tuple[Record, str]]:
    """The record and Jean's plan, filled in but for what is left to the end."""
    record = once.open_copy(tmp_path)
    yield record, once.plan
    record.close()


def test_a_plan_starts_with_each_need_in_the_persons_words(filled: tuple[Record, Caseload]) -> None:
    sheet = plans.load(filled[0], JEAN, started(*filled))
    by_code = {need.code: need for need in sheet.plan.needs}
    assert [need.code for need in sheet.plan.needs] == sorted(by_code)
    assert {"A01", "A02", "A04"} <= set(by_code)
    assert "cook for Peter again" in by_code["A01"].words
    assert all(need.eligible for need in sheet.plan.needs)
    assert all(need.extent for need in sheet.plan.needs)
    assert sheet.missing


def test_starting_again_gives_the_plan_that_is_there(filled: tuple[Record, Caseload]) -> None:
    first = started(*filled)
    assert started(*filled) == first


def test_the_costs_are_exact_and_the_rest_is_named(jean: tuple[Record, str]) -> None:
    sheet = plans.load(jean[0], JEAN, jean[1])
    assert sheet.costs is not None
    assert (sheet.costs.weekly, sheet.costs.annual) == (D("151.88"), D("7897.50"))
    assert [gap.code for gap in sheet.missing] == ["contingency_carer", "agreement", "review_date"]


def test_each_pause_folds_into_one_change_and_one_undo(jean: tuple[Record, str]) -> None:
    record, plan = jean
    editing = RowEditing(record, JEAN, plan)
    line = plans.load(record, JEAN, plan).lines[1]
    before = len(record.history(JEAN, line.row, "provider"))
    for typed in ("L", "Lark", "Larkfield and Sons"):
        editing.save(line, "provider", typed, name="change to provider")
    assert len(record.history(JEAN, line.row, "provider")) == before + 1
    editing.leave((line.row, "provider"))
    editing.save(line, "provider", "Another", name="change to provider")
    assert len(record.history(JEAN, line.row, "provider")) == before + 2
    record.undo(JEAN)
    assert _field(record, plan, line.row, "provider") == "Larkfield and Sons"
    record.undo(JEAN)
    assert _field(record, plan, line.row, "provider") == "Larkfield Home Support"


def test_an_editor_goes_on_with_what_it_has_seen(jean: tuple[Record, str]) -> None:
    """What came meanwhile stays beside what is typed: two heads, and no value for rules."""
    record, plan = jean
    sheet = plans.load(record, JEAN, plan)
    line = sheet.lines[1]
    mine, other = RowEditing(record, JEAN, plan), RowEditing(record, JEAN, plan)
    other.save(line, "provider", "Theirs", name="a colleague")
    mine.save(line, "provider", "Mine", name="mine")
    held = next(one for one in plans.load(record, JEAN, plan).lines if one.row == line.row)
    assert held.conflict("provider")
    assert held.value("provider") is None


def test_choosing_is_one_step_among_options_for_the_same_needs(jean: tuple[Record, str]) -> None:
    record, plan = jean
    sheet = plans.load(record, JEAN, plan)
    plans.add_option(
        record, sheet, {"name": "Bath lift", "needs": ["A02"], "weekly": "4.00", "preferred": True}
    )
    sheet = plans.load(record, JEAN, plan)
    support = next(one for one in sheet.options if str(one.value("name")).startswith("Home support"))
    plans.prefer(record, sheet, support)
    chosen = {option.name for option in plans.load(record, JEAN, plan).plan.options if option.preferred}
    assert chosen == {"Home support, 30 minutes at midday, 7 days", "Bath lift"}
    record.undo(JEAN)
    chosen = {option.name for option in plans.load(record, JEAN, plan).plan.options if option.preferred}
    assert len(chosen) == 2
    assert support.value("name") not in chosen


def test_the_extra_cost_is_set_against_the_same_needs_only(jean: tuple[Record, str]) -> None:
    record, plan = jean
    sheet = plans.load(record, JEAN, plan)
    for weekly, preferred in (("20.00", False), ("32.50", True)):
        facts = {
            "name": weekly,
            "needs": ["A02"],
            "weekly": weekly,
            "meets_needs": True,
            "preferred": preferred,
        }
        plans.add_option(record, sheet, facts)
    value = plans.load(record, JEAN, plan).plan
    assert extra_cost(value) == D("12.50")  # not 32.50 above the free cooking practice, which is for meals


def test_a_chosen_option_becomes_a_line(jean: tuple[Record, str]) -> None:
    record, plan = jean
    sheet = plans.load(record, JEAN, plan)
    free, paid = sheet.options[0], sheet.options[1]
    assert plans.line_from_option(paid)["unit_cost"] == "78.75"
    assert plans.line_from_option(free)["unit"] == "no_charge"
    row = plans.add_line(record, sheet, plans.line_from_option(paid))
    line = next(one for one in plans.load(record, JEAN, plan).plan.lines if one.row == row)
    assert (line.how, line.needs) == ("Home support, 30 minutes at midday, 7 days", ("A01",))


def test_a_removed_line_comes_back(jean: tuple[Record, str]) -> None:
    record, plan = jean
    sheet = plans.load(record, JEAN, plan)
    plans.remove(record, sheet, sheet.lines[1], name="remove a line")
    assert len(plans.load(record, JEAN, plan).lines) == 3
    record.undo(JEAN)
    assert plans.load(record, JEAN, plan).plan == sheet.plan


def test_an_incomplete_plan_is_refused_with_the_first_thing(jean: tuple[Record, str]) -> None:
    record, plan = jean
    with pytest.raises(Refusal, match=r"cannot be made final yet\. Say what happens when the carer"):
        plans.sign(record, plans.load(record, JEAN, plan), name="Ruth Okafor", role="Social worker")


def test_signing_freezes_figures_and_narrative_until_an_amendment(jean: tuple[Record, str]) -> None:
    record, plan = jean
    complete(record, plan)
    sheet = plans.load(record, JEAN, plan)
    assert sheet.missing == ()
    plans.sign(record, sheet, name="Ruth Okafor", role="Social worker")
    signed = plans.load(record, JEAN, plan)
    assert signed.standing.frozen
    assert signed.narrative.standing.frozen
    with pytest.raises(Refusal, match="Amend"):
        RowEditing(record, JEAN, plan).save(signed.lines[0], "provider", "Other", name="x")
    with pytest.raises(Refusal, match="Amend"):
        _answer(record, signed)
    signing.amend(record, JEAN, plan, "The review is a week later.")
    _answer(record, plans.load(record, JEAN, plan))
    again = plans.load(record, JEAN, plan)
    plans.sign(record, again, name="Ruth Okafor", role="Social worker")
    standing = plans.load(record, JEAN, plan).standing
    assert standing.signed is not None
    assert standing.signed.number == 2


def test_signing_says_when_care_starts_and_an_amendment_moves_it(jean: tuple[Record, str]) -> None:
    record, plan = jean
    complete(record, plan)

    def starts() -> list[tuple[object, object]]:
        held = fields.rows(record, JEAN, "clock_event", kind="service_starts")
        return [(one.value("at"), one.value("reason")) for one in held]

    assert starts() == []
    plans.sign(record, plans.load(record, JEAN, plan), name="Ruth Okafor", role="Social worker")
    first = plans.load(record, JEAN, plan).plan.starts
    assert first is not None
    assert starts() == [(f"{first}T00:00:00+00:00", None)]
    signing.amend(record, JEAN, plan, "Care starts later, and cannot wait for the plan.")
    sheet = plans.load(record, JEAN, plan)
    for line in sheet.lines:
        plans.put(record, sheet, line, {"starts": "2026-12-28", "ends": None}, name="later")
    plans.sign(record, plans.load(record, JEAN, plan), name="Ruth Okafor", role="Social worker")
    assert starts() == [("2026-12-28T00:00:00+00:00", None)]


def _answer(record: Record, sheet: plans.PlanSheet) -> None:
    key = Key((), "p10.review-sooner", "observed")
    said = Said(({"valueString": "A fall."},))
    seen = sheet.narrative.account(key).seen
    responses.answer(record, sheet.narrative, key, said, seen=seen, name="change to review")


def _field(record: Record, plan: str, row: str, field: str) -> object:
    held = fields.rows(record, JEAN, "plan_line", plan=plan)
    return next(one for one in held if one.row == row).value(field)
