"""What a council decides about ordering: read from its pack, refused with the line that is wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ascdesk.care.equipment import Level
from ascdesk.councils.carried import carried, carried_pack
from ascdesk.councils.checking import Page
from ascdesk.councils.pack import PackRefused, pack_of
from ascdesk.councils.prescribing import Ordering, read_prescribing

GOOD = """
[[speed]]
id = "soon"
name = "Soon"
working_days = 1
verified = false

[[prescriber]]
level = "therapist"
name = "Therapist"
roles = ["Occupational therapist"]
limit = "500.00"
verified = false
"""


@pytest.mark.parametrize("name", carried())
def test_carried_packs_say_how_to_order(name: str) -> None:
    ordering = carried_pack(name).ordering
    assert {one.level for one in ordering.prescribers} == set(Level)
    assert ordering.speeds
    assert ordering.budgets
    assert any(one.authorises for one in ordering.prescribers)


def test_a_role_has_its_level() -> None:
    ordering = read_prescribing(Page("prescribing.toml", GOOD))
    assert ordering.prescriber("occupational THERAPIST ").limit == Decimal(500)
    assert ordering.prescriber("Cook").level is Level.TRUSTED_ASSESSOR
    assert ordering.prescriber("").level is Level.TRUSTED_ASSESSOR
    assert Ordering().prescriber("Occupational therapist").level is Level.TRUSTED_ASSESSOR


BAD = {
    "two of a level": (GOOD + GOOD.split("\n\n")[1], "There are two prescribers"),
    "a speed of a year": (GOOD.replace("working_days = 1", "working_days = 300"), "between 0 and 60"),
    "a word that nobody knows": (GOOD.replace("verified = false", "verifyed = false", 1), "Did you mean"),
    "a limit that is no money": (GOOD.replace('"500.00"', '"lots"'), "amount in pounds"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_said(case: str) -> None:
    text, reason = BAD[case]
    files = dict(carried_pack("larkmoor").files) | {"prescribing.toml": text}
    with pytest.raises(PackRefused) as refused:
        pack_of(files)
    assert any(reason in one.reason and one.file == "prescribing.toml" for one in refused.value.problems)


def test_a_pack_from_before_stays_good() -> None:
    files = {
        name: text for name, text in carried_pack("larkmoor").files.items() if name != "prescribing.toml"
    }
    assert pack_of(files).ordering == Ordering()
