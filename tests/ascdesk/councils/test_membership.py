"""Teams named in words or by id, the teams that take in what is new, and who leads."""

from __future__ import annotations

import pytest

from ascdesk.councils.carried import carried_pack
from ascdesk.councils.membership import intake_teams, manages, team_key


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("older_people", "older_people"),
        ("Older People’s Assessment and Case Management", "older_people"),
        (" duty  TEAM ", "duty"),
        ("Older People’s Team", "older people's team"),
        ("", ""),
    ],
    ids=["id", "name", "spaces", "unknown", "none"],
)
def test_a_team_is_known_by_its_id_and_by_its_name(words: str, key: str) -> None:
    assert team_key(words, carried_pack("coventry")) == key


def test_the_routing_table_says_who_takes_in_what_is_new() -> None:
    assert intake_teams(carried_pack("coventry")) == {"direct", "initial_contact", "duty"}


@pytest.mark.parametrize(
    ("role", "leads"), [("Team manager", True), ("team MANAGER", True), ("Care manager", False), ("", False)]
)
def test_a_care_manager_leads_no_team(role: str, leads: bool) -> None:
    assert manages(role, carried_pack("coventry")) is leads
