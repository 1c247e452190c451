"""A hundred photos of 12 megapixels: how soon their thumbnails stand, what it stalls and costs."""

from __future__ import annotations

import io
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ascdesk.record.record import Record
from ascdesk.work import photos, pictures
from tests.bench.figures import Figure, figure, timed
from tests.support.desks import JEAN, desk_on, filled_record
from ui.pages.photos import PhotosPage
from ui.place import Place
from ui.shell import Shell
from ui.theme.appearance import Appearance

PHOTOS = 100


def photographing() -> Iterator[Figure]:
    """Measure taking one in, and the page with a hundred."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    look = Appearance(app)
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as folder:
        record, _ = filled_record(Path(folder))
        yield figure("take in one photo of 12 megapixels", [_taken_in(record, n) for n in range(PHOTOS)])
        desk = desk_on(record)
        shell = Shell(desk, look)
        shell.resize(1280, 800)
        shell.show()
        QTest.qWait(60)
        stalls: list[float] = []
        shown = timed(lambda: _shown(app, shell, stalls))
        yield figure("thumbnails of a hundred photos stand", [shown], bar=2000)
        yield figure("longest stall of the screen meanwhile", [max(stalls)], bar=50)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Figure("memory of the process at its most (MB)", peak, peak, 400, note="MB, not ms")
        shell.close()
        desk.database.stop()
        record.close()


def _taken_in(record: Record, number: int) -> float:
    image = Image.linear_gradient("L").resize((4000, 3000)).convert("RGB")
    image.paste((number, 255 - number, 90), (1000, 700, 2600, 2100))
    held = io.BytesIO()
    image.save(held, "JPEG", quality=90)
    data = held.getvalue()
    return timed(lambda: photos.add(record, JEAN, pictures.take_in(data)))


def _shown(app: QApplication, shell: Shell, stalls: list[float]) -> None:
    shell.desk.go(Place("photos", JEAN))
    while not _complete(shell):
        before = time.perf_counter()
        app.processEvents()
        stalls.append((time.perf_counter() - before) * 1000)
    app.processEvents()


def _complete(shell: Shell) -> bool:
    page = shell.page
    tiles = page.tiles if isinstance(page, PhotosPage) else None
    whole = tiles is not None and len(tiles.tiles) == PHOTOS and tiles.complete
    return whole and not any(tile.empty for tile in tiles.tiles)  # type: ignore[union-attr]
