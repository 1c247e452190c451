"""What the tests of forms share: the real forms of others, and forms and answers made up by Hypothesis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ascdesk.forms.jsontext import load_json
from tests.support.real_forms import NAMES, real_forms


@pytest.fixture(params=NAMES)
def real_form(request: pytest.FixtureRequest) -> dict[str, Any]:
    """One of the six forms that nobody here wrote."""
    return load_json(real_forms() / f"{request.param}.json", "Questionnaire")


@pytest.fixture
def health_check() -> dict[str, Any]:
    """The longest of the real forms, with calculations."""
    return load_json(real_forms() / "health-check-715.json", "Questionnaire")


@pytest.fixture
def health_check_file() -> Path:
    """The longest of the real forms, as a file."""
    return real_forms() / "health-check-715.json"
