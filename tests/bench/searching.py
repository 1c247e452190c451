"""Searching as somebody types: 200 cases, from the key to the paint of what was found."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ascdesk.record.record import Record
from ascdesk.record.search import AT_ONCE
from ascdesk.work.searching import told
from tests.bench.figures import Figure, figure, timed
from tests.bench.many import fill_up
from tests.support.desks import JEAN, desk_on, filled_record
from ui.desk import Desk
from ui.dialogs.find import FindSheet
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance

CASES, CHANGES = 200, 60_000
TYPED = ("stair", "hollis", "garden", "01632 96", "jean", "sunday", "rail in the", "wray")


class _Paints(QObject):
    """Counts the paints of a widget."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count, and let it be painted."""
        self.count += event.type() == QEvent.Type.Paint
        return False


def searching() -> Iterator[Figure]:
    """Measure each letter, the same in the middle of a visit's case, and reading the words in."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    appearance = Appearance(app)
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as folder:
        record, _ = filled_record(Path(folder))
        fill_up(record, CASES, CHANGES)
        turns = [timed(lambda: record.keep_search(told)) for _ in range(_turns(record))]
        note = f"{sum(turns) / 1000:.1f} s for all of it, on the database's thread, behind everything else"
        yield figure("words of 200 rows read into the index", turns, note=note)
        desk = desk_on(record)
        shell = Shell(desk, appearance)
        shell.resize(1280, 800)
        desk.go(Place())
        shell.show()
        yield figure(
            "search as you type, a letter to its paint", _typed(app, desk, shell), bar=30, note=_note()
        )
        desk.go(Place("case", JEAN))
        desk.start_visit(JEAN)
        yield figure("the same during a visit, its case alone", _typed(app, desk, shell), bar=30)
        desk.database.stop()
        record.close()


def _turns(record: Record) -> int:
    """Return how many turns reading everything in takes."""
    return -(-record.keep_search(told, 1) // AT_ONCE)


def _note() -> str:
    return f"{CASES} cases, {CHANGES:,} changes; worst: the 99th percentile or the longest"


def _typed(app: QApplication, desk: Desk, shell: Shell) -> list[float]:
    _rest(app, desk)
    shell.look_for("")
    sheet = app.activeModalWidget()
    assert isinstance(sheet, FindSheet)
    QTest.keyClicks(sheet.field, "warm")
    _rest(app, desk)
    paints = _Paints()
    sheet.installEventFilter(paints)
    sheet.list.viewport().installEventFilter(paints)
    times = []
    for word in TYPED:
        sheet.field.clear()
        for letter in word:
            _rest(app, desk)
            times.append(timed(lambda letter=letter: _key(app, sheet, paints, letter)))  # type: ignore[misc]
    sheet.reject()
    return times


def _key(app: QApplication, sheet: FindSheet, paints: _Paints, letter: str) -> None:
    """Type a letter and wait until what it finds is painted."""
    QTest.keyClick(sheet.field, letter)
    while sheet._asking or (sheet.field.text().strip() and sheet._answers != sheet.field.text()):
        app.processEvents()
    sheet.list.viewport().update()
    before = paints.count
    while paints.count == before and sheet.list.isVisible():
        app.processEvents()


def _rest(app: QApplication, desk: Desk) -> None:
    QTest.qWait(20)
    while desk.database.busy:
        app.processEvents()
