"""The look on the one QApplication of the session, light at 100 per cent for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ui.theme.appearance import Appearance


@pytest.fixture(scope="session")
def appearance(qapp: QApplication) -> Appearance:
    """The session's Appearance; tests that change it take ``look``."""
    return Appearance(qapp)


@pytest.fixture
def look(appearance: Appearance) -> Iterator[Appearance]:
    """The Appearance, put back to light at 100 per cent afterwards."""
    yield appearance
    appearance.use("light", 100, touch=False)
