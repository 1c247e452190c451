"""A profile that opens quickly, the theme, and a launcher with a real worker that ends with the test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import Opened, create_profile
from ui.launcher.app import Launcher, Settings
from ui.launcher.enroller import Enroller
from ui.launcher.resume import Resume
from ui.theme.appearance import Appearance

STAND_IN = Path(__file__).with_name("stand_in.py")
Launch = Callable[..., Launcher]


@pytest.fixture(scope="session")
def appearance(qapp: QApplication) -> Appearance:
    return Appearance(qapp)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "p"


@pytest.fixture
def profile(folder: Path) -> Opened:
    return create_profile(
        folder,
        "demonstration",
        demonstration=True,
        council="http://127.0.0.1:1",
        device="d-1",
        cost=Cost(8, 1, 1),
    )


@pytest.fixture
def launch(qtbot: QtBot, appearance: Appearance, folder: Path) -> Iterator[Launch]:
    """Start launchers that are put away, with their workers, after the test."""
    started: list[Launcher] = []

    def begin(
        mode: str = "stay",
        enroller: Enroller | None = None,
        resume: Resume | None = None,
        worker: Sequence[str] = (sys.executable, str(STAND_IN)),
    ) -> Launcher:
        launcher = Launcher(Settings(folder, mode, enroller=enroller, worker=worker), resume or Resume())
        qtbot.addWidget(launcher.window)
        started.append(launcher)
        launcher.start()
        return launcher

    yield begin
    for launcher in started:
        launcher.put_away()
