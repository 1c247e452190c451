"""The screens of the visit, offscreen, in this process: from what somebody does until it is painted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from ascdesk.work import cases
from tests.bench.figures import Figure, figure, timed
from tests.support.desks import JEAN, desk_on, filled_record
from ui.desk import Desk
from ui.pages.assess import AssessPage
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance


@dataclass(frozen=True, slots=True)
class Opened:
    """A window on a filled record."""

    app: QApplication
    desk: Desk
    shell: Shell
    response: str

    @property
    def page(self) -> AssessPage:
        """Return the assessment's page."""
        assert isinstance(self.shell.page, AssessPage)
        return self.shell.page

    def painted(self, work: Callable[[], object], shown: Callable[[], bool]) -> float:
        """Return the milliseconds from ``work`` until ``shown`` holds and all that waited is painted."""
        QTest.qWait(60)
        return timed(partial(self._until, work, shown))

    def _until(self, work: Callable[[], object], shown: Callable[[], bool]) -> None:
        work()
        while not shown() or self.desk.database.busy:
            self.app.processEvents()
        for _ in range(2):  # what was laid out last is painted in the turn after
            self.app.processEvents()


def screens() -> Iterator[Figure]:
    """Measure all of it."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    appearance = Appearance(app)
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as folder:
        record, _ = filled_record(Path(folder))
        desk = desk_on(record)
        shell = Shell(desk, appearance)
        response = cases.look(record, JEAN).response("needs-assessment")
        assert response is not None
        opened = Opened(app, desk, shell, response.row)
        desk.go(Place())
        shell.show()
        yield from _measured(opened)
        desk.database.stop()
        record.close()


def _measured(opened: Opened) -> Iterator[Figure]:
    there = Place("assess", JEAN, opened.response, "s06.life")
    times = []
    for _ in range(5):
        opened.painted(partial(opened.desk.go, Place("work")), lambda: True)
        opened.shell._pages.pop("assess", None)
        times.append(opened.painted(partial(opened.desk.go, there), partial(_built, opened)))
    yield figure("open the needs assessment to its painted page", times, note="the page never made before")
    yield _sections(opened)
    yield _answers(opened)
    yield _keys(opened)


def _built(opened: Opened) -> bool:
    page = opened.shell.page
    return isinstance(page, AssessPage) and page.view is not None and page.view.is_built


def _sections(opened: Opened) -> Figure:
    keys = [page.key for section in opened.page._visible() for page in section.pages]
    times = [opened.painted(partial(opened.page._turn, key), partial(_built, opened)) for key in keys]
    return figure("section to section, everything painted", times, note=f"{len(times)} pages, each once")


def _answers(opened: Opened) -> Figure:
    opened.painted(partial(opened.page._turn, "A01"), partial(_built, opened))
    assert opened.page.view is not None
    editor = opened.page.view.questions[(), "A01.achieves"][0].row.editor
    times = []
    for turn in range(40):
        button = editor.parts()[turn % 2]
        times.append(opened.painted(partial(getattr(button, "click")), lambda: True))  # noqa: B009
    return figure("an answer to everything dependent repainted", times, note="A01 achieves, and durable")


def _keys(opened: Opened) -> Figure:
    assert opened.page.view is not None
    box = next(
        part
        for row in opened.page.view.rows()
        for part in row.editor.parts()
        if isinstance(part, QPlainTextEdit) and part.isVisible()
    )
    box.setPlainText("Words as somebody says them. " * 170)
    box.setFocus()
    press = partial(QTest.keyClicks, box, "a")
    times = [opened.painted(press, lambda: True) for _ in range(60)]
    return figure("keystroke in a long text to paint", times, note="5,000 characters")
