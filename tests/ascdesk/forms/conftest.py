"""What the tests of forms share: the real forms of others, and forms and answers made up by Hypothesis."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ascdesk.forms.jsontext import load_json

NAMES = (
    "care-act-assessment",
    "carers-assessment",
    "health-check-715",
    "mental-capacity-assessment",
    "occupational-therapy-assessment",
    "telecare-requisition",
)


def _shared_forms() -> Path:
    for parent in Path(__file__).resolve().parents:
        found = parent.parent / "shared" / "real-forms"
        if found.is_dir():
            return found
    reason = "the real forms are not beside the checkout (../shared/real-forms)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(params=NAMES)
def real_form(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One of the six forms that nobody here wrote."""
    return load_json(_shared_forms() / f"{request.param}.json", "Questionnaire")


@pytest.fixture
def health_check() -> dict[str, Any]:
    """The longest of the real forms, with calculations."""
    return load_json(_shared_forms() / "health-check-715.json", "Questionnaire")


@pytest.fixture
def health_check_file() -> Path:
    """The longest of the real forms, as a file."""
    return _shared_forms() / "health-check-715.json"
