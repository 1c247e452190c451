"""Real processes: start to the first paint of the unlock window; passphrase to a usable worklist."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from ascdesk.record.record import Record
from ascdesk.vault.opening import open_profile
from ascdesk.work.searching import told
from tests.bench.figures import Figure, figure
from tests.bench.many import fill_up
from ui.app import local_now
from ui.demo.council import DemonstrationCouncil
from ui.demo.journey import PASSPHRASE, Laptop, Report

EMPTY = """
import os, time
from PySide6.QtWidgets import QApplication, QWidget
class Window(QWidget):
    def paintEvent(self, event):
        print(time.monotonic(), flush=True)
        os._exit(0)
app = QApplication([])
window = Window()
window.show()
app.exec()
"""
OURS = """
import os, sys, time
from ui.main import main
from importlib import import_module
import ui.launcher.first
kind = ui.launcher.first.FirstPicture
if sys.argv[2] == "whole":
    kind = import_module("ui.launcher.window").LauncherWindow
made = kind.__init__
def said():
    print(time.monotonic(), flush=True)
    os._exit(0)
def noted(self, *parts, **named):
    made(self, *parts, **named)
    self.painted.connect(said)
kind.__init__ = noted
main(["--profile", sys.argv[1]])
"""


def processes() -> Iterator[Figure]:
    """Measure both, on a profile that the demonstration's council enrolled."""
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as name:
        folder = Path(name)
        council = DemonstrationCouncil(folder / "council")
        account, _ = council.found(datetime.now().astimezone())
        laptop = Laptop(folder / "profile", council, Report(folder), "bench")
        try:
            council.start()
            laptop.enrol(account).do("wait", text="Jean Hollis", patience=60)
            council.stop()  # at a kitchen table there is none
            unlocks = [_unlock(laptop) for _ in range(5)]
            laptop.close()
            _fill(laptop.folder)
            _start_again(laptop)
            full = [_unlock(laptop) for _ in range(5)]
        finally:
            laptop.close()
            council.stop()
        yield from _first_paint(folder / "profile")
    note = "from Return to the list's names, 12 cases; the driver's own turns included"
    yield figure("passphrase to usable worklist", unlocks, bar=600, note=note)
    note = "the same with 40 cases and 100,000 changes"
    yield figure("passphrase to usable worklist, a full laptop", full, bar=500, note=note)


def _fill(folder: Path) -> None:
    """Fill the closed profile as a year's work would."""
    opened = open_profile(folder, PASSPHRASE)
    record = Record(opened.record, opened.key, clock=local_now)
    fill_up(record, 40, 100_000)
    while record.keep_search(told, 1000):
        pass
    record.close()


def _start_again(laptop: Laptop) -> None:
    """Start the program on the filled profile and unlock it once."""
    laptop._launcher = laptop.worker = None
    launcher = laptop.start()
    launcher.do("wait", name="Your passphrase")
    launcher.do("type", name="Your passphrase", text=PASSPHRASE)
    time.sleep(3)
    launcher.do("press", keys="Return", may_end=True)
    assert laptop.driver is not None
    laptop.worker = laptop.driver.hand("worker", after=None)
    laptop.worker.do("wait", text="Jean Hollis", patience=60)


def _unlock(laptop: Laptop) -> float:
    """Lock, type the passphrase as a person does, and time from Return to the list."""
    laptop.lock()
    assert laptop.driver is not None
    before = laptop._launcher
    launcher = laptop._launcher = laptop.driver.hand("launcher", after=before)
    launcher.do("type", name="Your passphrase", text=PASSPHRASE)
    time.sleep(3)  # nobody types it faster, and the worker prepares meanwhile
    since = time.perf_counter()
    launcher.do("press", keys="Return", may_end=True)
    laptop.worker = laptop.driver.hand("worker", after=laptop.worker)
    laptop.worker.do("wait", text="Jean Hollis")
    return (time.perf_counter() - since) * 1000


def _first_paint(profile: Path, count: int = 9) -> Iterator[Figure]:
    """Measure the picture that comes first, and the window with its field that takes its place."""
    ours = [sys.executable, "-c", OURS, str(profile)]
    empty, first, whole = [], [], []
    for _ in range(count):  # by turns, so that all meet the same machine
        empty.append(_painted([sys.executable, "-c", EMPTY]))
        first.append(_painted([*ours, "first"]))
        whole.append(_painted([*ours, "whole"]))
    window = statistics.median(empty)
    against = f"an empty PySide6 window, {window:.0f} ms"
    found = figure("start to first paint of the unlock window", first)
    yield replace(found, against=against, ratio=found.median / window, ratio_bar=1.5)
    found = figure(
        "start to the unlock window with its field", whole, bar=350, note="keys are kept meanwhile"
    )
    yield replace(found, against=against, ratio=found.median / window)


def _painted(command: Sequence[str]) -> float:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    since = time.monotonic()
    out = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return (float(out.stdout.split()[0]) - since) * 1000
