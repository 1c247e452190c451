"""A worker's window on the demonstration caseload, in this process; and the demonstration, run once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ascdesk.record.record import Record
from ascdesk.work import cases, responses
from ascdesk.work.caseload import Caseload, caseload
from ascdesk.work.library import NEEDS_ASSESSMENT, FormLibrary
from ascdesk.work.responses import Key, Said
from tests.support.desks import JEAN, NOW, RUTH, desk_on, filled_record
from tests.support.stillness import PATIENCE, come_to_rest
from tests.support.walking import Walker
from ui.desk import Desk
from ui.form.question import Question
from ui.form.view import FormView
from ui.hands import find, texts_shown
from ui.pages.assess import AssessPage
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance

DEVICE = "01a20000-0000-7000-8000-00000000c0de"
TWO_RUNS_AT_ONCE = 1_200
"""Seconds that a demonstration may take where others run beside it; alone it takes a minute or two."""


@pytest.fixture(autouse=True)
def own_dialogs(qapp: QApplication) -> None:
    """Choose files in Qt's own dialogs: a system's are other programs, which no hands of ours reach into."""
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)


@pytest.fixture(scope="session")
def appearance(qapp: QApplication) -> Appearance:
    return Appearance(qapp)


@pytest.fixture(scope="session")
def library() -> FormLibrary:
    return FormLibrary()


@dataclass
class Visit:
    """Ruth at her laptop: the window, and hands that know only keys."""

    qtbot: QtBot
    record: Record
    told: Caseload
    desk: Desk
    shell: Shell
    response: str

    @property
    def page(self) -> AssessPage:
        page = self.shell.page
        assert isinstance(page, AssessPage)
        return page

    @property
    def view(self) -> FormView:
        assert self.page.view is not None
        return self.page.view

    def until(self, condition: Callable[[], Any]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def rest(self) -> None:
        """Wait until nothing is typed, written or read."""
        if isinstance(self.shell.page, AssessPage) and self.shell.page.view is not None:
            self.shell.page.view.flush()
        come_to_rest(self.qtbot, lambda: not self.desk.database.busy)

    def turn(self, at: str) -> None:
        """Open the assessment at a page."""
        self.desk.go(Place("assess", JEAN, self.response, at))
        self.until(lambda: isinstance(self.shell.page, AssessPage) and self.page.view is not None)
        self.rest()

    def question(self, link: str, source: str = "") -> Question:
        found = [
            question
            for (_, key), questions in self.view.questions.items()
            for question in questions
            if key == link and source in {"", question.key.source}
        ]
        assert found, f"{link} is not on the page: {[key for _, key in self.view.questions]}"
        return found[-1]

    def box(self, link: str, source: str = "") -> QWidget:
        return self.question(link, source).row.editor.parts()[0]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Strike a key wherever the keyboard is."""
        QTest.keyClick(QApplication.focusWidget() or self.shell, key, modifier)

    def type(self, text: str) -> None:
        """Type wherever the keyboard is."""
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, text)

    def tab_to(self, widget: QWidget) -> None:
        """Press Tab until a widget has the keyboard, as somebody without a mouse does."""
        for _ in range(300):
            if QApplication.focusWidget() is widget:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never came to {widget}")

    def stored(self, link: str, source: str, path: tuple[str, ...] = ()) -> Said:
        """Read what is in the record, past every screen."""
        return responses.load(self.record, JEAN, self.response).account(Key(path, link, source)).said

    def words(self, link: str, source: str) -> str:
        said = self.stored(link, source)
        return str(said.answer[0]["valueString"]) if said.answer else ""

    def click(self, name: str) -> None:
        """Click on what has this name."""
        self.until(lambda: find(name) is not None)
        widget = find(name)
        assert widget is not None
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def texts(self) -> str:
        return "\n".join(texts_shown())


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    """A record with the demonstration caseload."""
    made, _ = filled_record(tmp_path, caseload(NOW, author="council", device=DEVICE, worker=RUTH.id))
    yield made
    made.close()


@pytest.fixture
def walker(qtbot: Any, record: Record, library: FormLibrary, appearance: Appearance) -> Iterator[Walker]:
    """Ruth at her window."""
    made = Walker(qtbot, record, library, appearance)
    made.go("work")
    yield made
    made.close()


@pytest.fixture
def visit(
    qtbot: QtBot, qapp: QApplication, appearance: Appearance, library: FormLibrary, tmp_path: Path
) -> Iterator[Visit]:
    """Ruth's window, on her worklist."""
    record, told = filled_record(tmp_path)
    started = visit_on(qtbot, qapp, appearance, library, record, told)
    yield started
    put_away(started)
    appearance.use("light", 100)


def put_away(visit: Visit) -> None:
    """Close the window as the end of the program does, and see it gone before the next test."""
    visit.shell.hide()
    visit.desk.database.stop()
    visit.shell.deleteLater()
    visit.until(lambda: not isValid(visit.shell))
    visit.record.close()


def visit_on(
    qtbot: QtBot,
    qapp: QApplication,
    appearance: Appearance,
    library: FormLibrary,
    record: Record,
    told: Caseload,
) -> Visit:
    desk = desk_on(record, library)
    shell = Shell(desk, appearance)
    shell.watch(qapp)
    response = cases.look(record, JEAN).response(NEEDS_ASSESSMENT)
    assert response is not None
    made = Visit(qtbot, record, told, desk, shell, response.row)
    desk.go(Place())
    shell.show()
    shell.activateWindow()
    made.until(lambda: shell.isActiveWindow() and not desk.database.busy)
    return made


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the whole demonstration once by the keyboard alone, and give the folder that it leaves."""
    return demonstrated(tmp_path_factory.mktemp("demonstration") / "out", "keyboard")


def demonstrated(out: Path, hands: str) -> Path:
    """Run the headless demonstration as somebody would, with hands of a kind; return its folder."""
    ended = run("demo", "--headless", "--hands", hands, "--out", str(out), seconds=TWO_RUNS_AT_ONCE)
    said = [
        line for line in ended.stderr.splitlines() if not line.startswith(("qt.text.font", "This plugin"))
    ]
    summary = (out / "summary.json").read_text() if (out / "summary.json").exists() else ""
    assert ended.returncode == 0, "\n".join(said)[-4000:] + summary
    return out


def run(*arguments: str, seconds: float = 60, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run the real command ``ascdesk``."""
    command = [sys.executable, "-m", "ui.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False, **more)


def run_json(*arguments: str) -> Any:
    """Run the real command with ``--json`` and return the one object that it prints."""
    ended = run(*arguments, "--json")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    return json.loads(ended.stdout)
