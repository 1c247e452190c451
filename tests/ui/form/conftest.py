"""A form that is open on a real desk, over a real record with the demonstration caseload."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.work import cases, responses
from ascdesk.work.caseload import Caseload, caseload
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Key
from tests.support.desks import NOW, RUTH, desk_on, filled_record
from ui.desk import Desk
from ui.form.session import FormSession
from ui.theme.appearance import Appearance

JEAN_NAMES = {"name": "Jean", "carer": "Peter", "they": "she", "them": "her", "their": "her"}


@pytest.fixture(scope="session")
def told() -> Caseload:
    """The demonstration caseload, made once."""
    return caseload(NOW, author="council", device=new_id(), worker=RUTH.id)


@pytest.fixture(scope="session")
def library() -> FormLibrary:
    """The forms, compiled once."""
    return FormLibrary()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, told: Caseload) -> Iterator[Record]:
    """A record with the caseload, for a whole file: each session has a response of its own."""
    made, _ = filled_record(tmp_path_factory.mktemp("form"), told)
    yield made
    made.close()


@pytest.fixture(scope="module")
def desk(record: Record, library: FormLibrary, appearance: Appearance) -> Iterator[Desk]:
    """A desk on the record."""
    made = desk_on(record, library)
    yield made
    made.database.stop()


class Open:
    """A response that is open in a session, and how it stands in the record."""

    def __init__(self, desk: Desk, case: str, response: str, form: str) -> None:
        self.desk, self.case, self.response = desk, case, response
        draft = responses.load(desk.record, case, response)
        self.session = FormSession(desk, desk.library.form(form), draft, JEAN_NAMES)

    def stored(self) -> responses.Draft:
        """Return the response as the record holds it."""
        return responses.load(self.desk.record, self.case, self.response)

    def say(
        self, link_id: str, answer: Mapping[str, object] | None, source: str = "observed", row: str = ""
    ) -> Key:
        """Answer as an editor does at a pause."""
        key = Key((row,) if row else (), link_id, source)
        self.session.save(key, {"answer": [dict(answer)] if answer else []})
        return key


@pytest.fixture
def opened(desk: Desk, qtbot: QtBot) -> Iterator[Callable[..., Open]]:
    """Return an opener of new responses for one of the caseload's people."""
    made: list[Open] = []

    def start(form: str = "needs-assessment") -> Open:
        case = cases.read_cases(desk.record)[0].id
        response = responses.start(desk.record, case, form, desk.library.form(form).version)
        made.append(Open(desk, case, response, form))
        return made[-1]

    yield start
    rest(qtbot, desk)
    for one in made:
        one.session.deleteLater()


def rest(qtbot: QtBot, desk: Desk) -> None:
    """Wait until nothing is being written or read."""
    QTimer.singleShot(0, desk, _nothing)
    qtbot.waitUntil(lambda: not desk.database.busy)


def _nothing() -> None:
    """Let the event loop turn once."""
