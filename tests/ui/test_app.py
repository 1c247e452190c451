"""What the worker process opens: the record that enrolment makes once, and who is signed in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from ascdesk.errors import Refusal
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import Opened, create_profile
from ui.app import _record_of, local_now, user_of
from ui.desk import User
from ui.worker import Link, WorkerSession


@pytest.fixture
def profile(tmp_path: Path) -> Opened:
    return create_profile(
        tmp_path / "p",
        "demonstration",
        demonstration=True,
        council="http://127.0.0.1:1",
        device="d-1",
        cost=Cost(8, 1, 1),
    )


def session(profile: Opened, extras: dict[str, Any]) -> WorkerSession:
    return WorkerSession(profile, "demonstration", extras, None, cast("Link", None))


@pytest.mark.fault(1)
@pytest.mark.parametrize("begun", [False, True], ids=["at first", "cut short after the empty file"])
def test_enrolment_makes_the_record_and_can_be_gone_on_with(profile: Opened, begun: bool) -> None:
    if begun:
        profile.record.touch()
    record = _record_of(session(profile, {"server": "x"}))
    record.put("kept", "yes")
    record.close()
    again = _record_of(session(profile, {"server": "x"}))  # killed before the handover was put away
    assert again.get("kept") == "yes"
    again.close()
    later = _record_of(session(profile, {}))
    assert later.get("kept") == "yes"
    later.close()


@pytest.mark.fault(18)
def test_without_enrolment_no_record_is_ever_made(profile: Opened) -> None:
    with pytest.raises(Refusal, match="missing"):
        _record_of(session(profile, {}))
    assert not profile.record.exists()


def test_who_is_signed_in_is_as_enrolment_kept_it() -> None:
    assert user_of(None) == User("", "")
    kept = {"id": "r.okafor", "name": "Ruth Okafor", "role": None, "more": "x"}
    assert user_of(kept) == User("r.okafor", "Ruth Okafor")


def test_the_clock_has_its_zone() -> None:
    assert local_now().tzinfo is not None
