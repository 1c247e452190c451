"""A real window on a real record, for journeys: go to a place, wait until it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ascdesk.record.record import Record
from tests.support.desks import JEAN, desk_on, filled_record
from tests.support.stillness import come_to_rest
from tests.support.visits import complete_visit
from ui.desk import Desk
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance
from ui.turns import being_built


class Window:
    """Jean's case in a window; ``response`` is her needs assessment."""

    def __init__(self, record: Record, desk: Desk, shell: Shell, response: str, qtbot: Any) -> None:
        self.record, self.desk, self.shell, self.response, self.qtbot = record, desk, shell, response, qtbot

    def go(self, page: str, of: str | None = None, at: str = "") -> Any:
        """Go to a page of Jean's case and return it when the desk is idle."""
        self.desk.go(Place(page, JEAN, self.response if of is None else of, at))
        return self.settled()

    def settled(self) -> Any:
        """Wait until nothing is under way, and return the page."""
        come_to_rest(self.qtbot, self._idle)
        return self.shell.page

    def whole(self) -> Any:
        """Wait until nothing is under way and the page is built to its end, and return it."""
        come_to_rest(self.qtbot, lambda: self._idle() and not being_built(self.shell.page))
        return self.shell.page

    def _idle(self) -> bool:
        return not self.desk.database.busy

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for a condition; other work on this machine may be in the way."""
        self.qtbot.waitUntil(true, timeout=20_000)


@contextmanager
def jeans_window(folder: Path, look: Appearance, qtbot: Any, *, whole: bool = True) -> Iterator[Window]:
    """Open Jean's case; with ``whole`` everything from the visit is answered."""
    record, told = filled_record(folder)
    desk = desk_on(record)
    response = complete_visit(record, JEAN, told, desk.library, leave_out=() if whole else ("A10", "s11"))
    shell = Shell(desk, look)
    shell.resize(1280, 800)
    shell.show()
    window = Window(record, desk, shell, response, qtbot)
    try:
        yield window
    finally:
        window.settled()
        shell.close()
        shell.deleteLater()
        desk.database.stop()
        record.close()
