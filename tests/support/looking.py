"""Pictures of every page, for somebody to look at: ``python -m tests.support.looking OUT [page …]``.

Each page of the registry, on a record with something on all of them, in light, dark and high contrast, at 100
and 200 per cent: six pictures a page, laid together on one sheet, ``OUT/page.png``; ``launcher`` names those
before a record is open. Environment: ``SIZE=1024x640``, ``TOUCH=1``. Tests do not run it; what was seen is
written down in docs/review.md.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from ascdesk.work.caseload import caseload
from tests.support.desks import JEAN, RUTH, desk_on
from tests.support.everything import everything, place_of
from tests.support.sheets import sheets
from ui.desk import Desk
from ui.launcher.window import LauncherWindow
from ui.pages.registry import PAGES, PageSpec
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance
from ui.turns import being_built

Pictures = list[tuple[str, QPixmap]]
LOOKS = [(theme, zoom) for zoom in (100, 200) for theme in ("light", "dark", "high-contrast")]
_DEVICE = "01a20000-0000-7000-8000-00000000c0de"
_NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
_LABEL = 22


def settle(desk: Desk, shell: Shell) -> None:
    """Wait until nothing is read, written or built, and what follows is laid out."""
    for _ in range(3):
        QTest.qWait(20)
        for _ in range(2_000):
            if not desk.database.busy and not being_built(shell):
                break
            QTest.qWait(10)
    QTest.qWait(150)


def sheet(pictures: list[tuple[str, QPixmap]], size: QSize) -> QPixmap:
    """Lay pictures three in a row, each under its name."""
    rows = (len(pictures) + 2) // 3
    made = QPixmap(3 * size.width(), rows * (size.height() + _LABEL))
    made.fill(QColor("white"))
    painter = QPainter(made)
    painter.setFont(QFont("Noto Sans", 10))
    for number, (name, picture) in enumerate(pictures):
        x, y = number % 3 * size.width(), number // 3 * (size.height() + _LABEL)
        painter.drawText(QRect(x, y, size.width(), _LABEL), int(Qt.AlignmentFlag.AlignCenter), name)
        mode = Qt.TransformationMode.SmoothTransformation
        painter.drawPixmap(x, y + _LABEL, picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, mode))
    painter.end()
    return made


def look_at(spec: PageSpec, desk: Desk, shell: Shell, look: Appearance) -> list[tuple[str, QPixmap]]:
    """Return the pictures of a page in every look."""
    place = place_of(desk.record, spec)
    desk.go(place)
    desk.refresh_state()
    settle(desk, shell)
    found: list[tuple[str, QPixmap]] = []
    for theme, zoom in LOOKS:
        look.use(theme, zoom)
        settle(desk, shell)
        page = shell.page
        if page is not None:
            page.area.verticalScrollBar().setValue(0)
        found.append((f"{spec.key}: {theme} at {zoom} %", shell.grab()))
    look.use("light", 100)
    return found


def look_at_launcher(look: Appearance) -> dict[str, list[tuple[str, QPixmap]]]:
    """Return the pictures of each page before the record is open, by name."""
    window = LauncherWindow()
    window.show()
    pages = {
        "unlock": window.unlock,
        "trouble": window.trouble,
        "again": window.again,
        "council": window.council,
        "sign_in": window.sign_in,
        "choose": window.choose,
    }
    found: dict[str, list[tuple[str, QPixmap]]] = {}
    for name, page in pages.items():
        window.show_page(page)
        found[name] = []
        for theme, zoom in LOOKS:
            look.use(theme, zoom)
            QTest.qWait(150)
            found[name].append((f"{name}: {theme} at {zoom} %", window.grab()))
    look.use("light", 100)
    window.close()
    return found


def look_at_sheet(make: Callable[[], QDialog], desk: Desk, shell: Shell, look: Appearance) -> Pictures:
    """Return the pictures of a sheet in every look, made anew for each, on a ground of the window’s size."""
    found: Pictures = []
    for theme, zoom in LOOKS:
        look.use(theme, zoom)
        one = make()
        one.show()
        settle(desk, shell)
        ground = QPixmap(shell.size())
        ground.fill(QColor("grey"))
        painter = QPainter(ground)
        drawn = one.grab()
        painter.drawPixmap((ground.width() - drawn.width()) // 2, 0, drawn)
        painter.end()
        found.append((f"{theme} at {zoom} %: {drawn.width()} by {drawn.height()}", ground))
        one.close()
    look.use("light", 100)
    return found


def main(out: Path, keys: list[str]) -> None:
    """Draw the sheets."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    wide, _, tall = os.environ.get("SIZE", "1280x800").partition("x")
    look = Appearance(app, touch=bool(os.environ.get("TOUCH")))
    out.mkdir(parents=True, exist_ok=True)
    if not keys or "launcher" in keys:
        for name, drawn in look_at_launcher(look).items():
            sheet(drawn, QSize(660, 465)).save(str(out / f"launcher-{name}.png"))
    told = caseload(_NOW, author="council", device=_DEVICE, worker=RUTH.id)
    with tempfile.TemporaryDirectory() as folder:
        record = everything(Path(folder), told)
        desk = desk_on(record)
        shell = Shell(desk, look)
        shell.resize(int(wide), int(tall))
        shell.show()
        for spec in PAGES:
            if keys and spec.key not in keys:
                continue
            pictures = look_at(spec, desk, shell, look)
            sheet(pictures, QSize(int(wide) * 3 // 4, int(tall) * 3 // 4)).save(str(out / f"{spec.key}.png"))
        if not keys or "sheets" in keys:
            desk.go(Place("case", JEAN))
            settle(desk, shell)
            for name, make in sheets(desk, shell, look).items():
                pictures = look_at_sheet(make, desk, shell, look)
                sheet(pictures, QSize(int(wide) * 3 // 4, int(tall) * 3 // 4)).save(
                    str(out / f"s-{name}.png")
                )
        desk.database.stop()
        shell.close()
        record.close()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1]), sys.argv[2:])
