"""`ascdesk rules ...` as an administrator would call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ascdesk.cli import main

ALL_YES = {f"A{number:02}": {"achieves": "yes"} for number in range(1, 11)}


class Rules:
    """Run one rule on facts, and keep what it printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file = folder / "facts.json"
        self.capsys = capsys

    def text(self, rule: str, content: str, *options: str) -> tuple[int, str, str]:
        self.file.write_text(content, encoding="utf-8")
        status = main(["rules", rule, str(self.file), *options])
        assert status is not None
        printed = self.capsys.readouterr()
        return status, printed.out, printed.err

    def json(self, rule: str, facts: dict[str, Any]) -> dict[str, Any]:
        status, out, err = self.text(rule, json.dumps(facts), "--json")
        assert (status, err) == (0, "")
        found: dict[str, Any] = json.loads(out)
        return found


@pytest.fixture
def rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Rules:
    return Rules(tmp_path, capsys)


def test_eligibility_prints_what_the_issue_names(rules: Rules) -> None:
    outcomes = {
        **ALL_YES,
        "A01": {"achieves": "no", "reasons": ["U1"]},
        "A02": {"achieves": "no", "reasons": ["U4", "U2"]},
    }
    facts = {
        "role": "adult",
        "impairment": True,
        "outcomes": outcomes,
        "wellbeing": ["b"],
        "significant": True,
    }
    found = rules.json("eligibility", facts)
    assert list(found) == ["eligible", "can_sign", "unable", "missing", "reason"]
    assert (found["eligible"], found["can_sign"], found["unable"], found["missing"]) == (
        True,
        True,
        ["A01", "A02"],
        [],
    )
    del facts["outcomes"]["A05"]  # type: ignore[attr-defined]
    found = rules.json("eligibility", facts)
    assert (found["eligible"], found["can_sign"]) == (True, False)
    assert found["missing"] == ["Being safe at home has not been talked about yet."]


def test_eligibility_of_a_carer(rules: Rules) -> None:
    outcomes = {f"C{number:02}": {"achieves": "yes"} for number in range(1, 9)}
    facts = {
        "role": "carer",
        "necessary_care": True,
        "health_at_risk": False,
        "outcomes": {**outcomes, "C04": {"achieves": "no", "reasons": ["U4"]}},
        "wellbeing": ["b"],
        "significant": True,
    }
    found = rules.json("eligibility", facts)
    assert (found["eligible"], found["unable"], len(found["missing"])) == (False, [], 1)


@pytest.mark.parametrize(
    ("content", "status", "word"),
    [
        ("{", 2, "JSON"),
        ("[]", 2, "object"),
        ('{"role": "child"}', 2, "role"),
        ('{"outcomes": {"A11": {}}}', 2, "A11"),
        ('{"outcomes": {"A01": {"achieves": "maybe"}}}', 2, "achieves"),
        ('{"outcomes": {"A01": {"achieves": "no", "reasons": ["U5"]}}}', 2, "A01"),
        ('{"outcomes": {"A01": 7}}', 2, "A01"),
        ('{"impairment": "yes"}', 2, "impairment"),
        ('{"wellbeing": ["z"]}', 2, "wellbeing"),
        ('{"significant": NaN}', 2, "JSON"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    rules: Rules, content: str, status: int, word: str
) -> None:
    found, out, err = rules.text("eligibility", content, "--json")
    assert (found, out) == (status, "")
    assert word in err and err.count("\n") == 1


def test_a_missing_file_and_a_foreign_file(rules: Rules, tmp_path: Path) -> None:
    assert main(["rules", "eligibility", str(tmp_path / "nowhere.json"), "--json"]) == 2
    rules.file.write_bytes(b"\xff\xfe\x00\xd8")
    assert main(["rules", "eligibility", str(rules.file), "--json"]) == 2
    assert rules.capsys.readouterr().out == ""


def test_an_unknown_rule_is_status_two(rules: Rules) -> None:
    assert main(["rules", "weather", "x.json"]) == 2


def test_without_json_it_prints_lines_for_people(rules: Rules) -> None:
    status, out, _ = rules.text("eligibility", '{"impairment": true}')
    assert status == 0
    assert out.startswith("eligible: not known\ncan_sign: no\n")


def test_advocacy(rules: Rules) -> None:
    facts = {
        "difficulty": ["retain"],
        "appropriate_person": True,
        "nhs_setting": "hospital",
        "nhs_days": 28,
        "material_disagreement": False,
        "best_interests": True,
    }
    assert rules.json("advocacy", facts)["required"] is True
    assert rules.json("advocacy", {**facts, "nhs_days": 27})["required"] is False
    assert rules.text("advocacy", '{"difficulty": ["see"]}', "--json")[0] == 2


def test_refusal(rules: Rules) -> None:
    facts = {"has_capacity": True, "best_interests": False, "abuse_or_neglect": "no"}
    assert rules.json("refusal", facts)["may_close"] is True
    found = rules.json("refusal", {**facts, "abuse_or_neglect": "yes"})
    assert found["may_close"] is False and found["why"].endswith(".")


def test_safeguarding(rules: Rules) -> None:
    facts = {"care_needs": "yes", "abuse_or_neglect": "yes", "unable_to_protect": "yes"}
    assert rules.json("safeguarding", facts)["duty"] == "yes"
    assert rules.json("safeguarding", {**facts, "unable_to_protect": "unclear"})["duty"] == "undecided"
    assert rules.json("safeguarding", {**facts, "care_needs": "no"})["duty"] == "no"


COSTS = {
    "lines": [
        {
            "unit_cost": "22.50",
            "unit": "hourly",
            "minutes": 30,
            "visits_per_week": 14,
            "carers": 1,
            "section_117": False,
        }
    ],
    "adult_contribution": "45.00",
    "options": [
        {"name": "A", "weekly": "400.00", "meets_needs": True, "available": True, "preferred": False},
        {"name": "B", "weekly": 455.5, "meets_needs": True, "preferred": True},
    ],
}


def test_costs(rules: Rules) -> None:
    assert rules.json("costs", COSTS) == {
        "weekly": "157.50",
        "annual": "8190.00",
        "adult_weekly": "45.00",
        "council_weekly": "112.50",
        "extra_weekly": "55.50",
    }


def test_costs_with_a_contribution_awaited(rules: Rules) -> None:
    found = rules.json("costs", {"lines": [{"unit_cost": "10", "unit": "4-weekly"}]})
    assert found["weekly"] == "2.50"
    assert found["adult_weekly"] is None


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ({"unit": "weekly"}, 1),
        ({"unit_cost": "1", "unit": "hourly"}, 1),
        ({"unit_cost": "1", "unit": "hourly", "visits_per_week": 2}, 2),
        ({"unit_cost": "-1", "unit": "weekly"}, 2),
        ({"unit_cost": "Infinity", "unit": "weekly"}, 2),
        ({"unit_cost": "a pound", "unit": "weekly"}, 2),
        ({"unit_cost": "1e999999", "unit": "weekly"}, 2),
        ({"unit_cost": True, "unit": "weekly"}, 2),
        ({"unit_cost": "1", "unit": "yearly"}, 2),
        ({"unit_cost": "1", "unit": "hourly", "minutes": 5, "visits_per_week": 1, "carers": "two"}, 2),
    ],
)
def test_costs_that_cannot_be(rules: Rules, line: dict[str, Any], status: int) -> None:
    found, out, err = rules.text("costs", json.dumps({"lines": [line]}), "--json")
    assert (found, out) == (status, "")
    assert err.endswith(".\n")


def test_clocks(rules: Rules) -> None:
    facts = {
        "received_at": "2026-11-20T14:00:00+00:00",
        "urgent": False,
        "now": "2026-11-24T12:00:00+00:00",
        "events": [{"kind": "contact_attempted", "at": "2026-11-23T09:00:00Z"}],
    }
    found = rules.json("clocks", facts)["clocks"]
    assert [clock["rule"] for clock in found] == [f"T{number}" for number in range(1, 11)]
    first = {name: found[0][name] for name in ("rule", "due", "state", "stopped_at")}
    assert first == {
        "rule": "T1",
        "due": "2026-11-24T17:00:00+00:00",
        "state": "met",
        "stopped_at": "2026-11-23T09:00:00+00:00",
    }
    later = rules.json("clocks", {**facts, "closures": ["2026-11-23"]})["clocks"]
    assert later[0]["due"] == "2026-11-25T17:00:00+00:00"


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"received_at": "yesterday"},
        {"received_at": "2026-11-20T14:00:00"},
        {"received_at": "0001-01-01T00:00:00+00:00"},
        {"received_at": "2026-11-20T14:00:00Z", "events": [{"kind": "cake", "at": "2026-11-20T14:00:00Z"}]},
        {"received_at": "2026-11-20T14:00:00Z", "events": ["cake"]},
        {"received_at": "2026-11-20T14:00:00Z", "closures": ["Christmas"]},
    ],
)
def test_clocks_that_cannot_be_read(rules: Rules, facts: dict[str, Any]) -> None:
    status, out, err = rules.text("clocks", json.dumps(facts), "--json")
    assert (status, out) == (2, "") and err.endswith(".\n")


def test_route(rules: Rules) -> None:
    facts = {
        "stage": "received",
        "channel": "phone",
        "date_of_birth": "1959-11-21",
        "on": "2026-11-21",
        "receiving_support": False,
        "needs": ["long_term", "safeguarding"],
        "conditions": [],
    }
    found = rules.json("route", facts)
    assert (found["teams"], found["urgent"]) == (["duty", "initial_contact"], True)
    assert found["why"].startswith("A safeguarding sign")
    assert rules.json("route", {**facts, "stage": "after_contact"})["teams"] == ["duty", "older_people"]
    assert rules.text("route", json.dumps({**facts, "date_of_birth": "31/2/1959"}), "--json")[0] == 2
    assert rules.text("route", json.dumps({**facts, "date_of_birth": "2027-01-01"}), "--json")[0] == 1
    assert rules.text("route", json.dumps({**facts, "needs": ["cake"]}), "--json")[0] == 2
