"""The demonstration's journey: one worker, one visit, through the real windows of real processes."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ui.demo.council import Account, DemonstrationCouncil, sign_in_as
from ui.demo.driver import Driver, Hand, program

JEAN = "44e04f87-1fbb-5205-b7ce-719662706add"
MOHAMMED = "a5576af9-27f3-53b9-bef3-5800b8de3e11"
PASSPHRASE = "demonstration"  # noqa: S105 (printed in the README; everybody in it is invented)


@dataclass
class Report:
    """What the journey came to, for summary.json."""

    out: Path
    seconds: dict[str, float] = field(default_factory=dict)
    screens: list[str] = field(default_factory=list)
    answers: int = 0
    stalls: dict[str, dict[str, float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def picture(self, name: str) -> str:
        """Return the path of the next picture."""
        self.screens.append(f"screens/{len(self.screens) + 1:02}-{name}.png")
        return str(self.out / self.screens[-1])


class Laptop:
    """One profile on one laptop: its program as it is started, locked, killed and started again."""

    def __init__(
        self, folder: Path, council: DemonstrationCouncil, report: Report, name: str, kind: str = "mouse"
    ) -> None:
        self.folder, self.council, self.report, self.name, self.kind = folder, council, report, name, kind
        self.driver: Driver | None = None
        self.worker: Hand | None = None
        self._launcher: Hand | None = None

    def start(self) -> Hand:
        """Start the program and return the launcher's hands."""
        command = program("--profile", str(self.folder), "--demonstration", "--council", self.council.url)
        self.driver = Driver(command, self.kind)
        self._launcher = self.driver.hand("launcher")
        return self._launcher

    def enrol(self, account: Account) -> Hand:
        """Enrol through the wizard: sign in, choose a passphrase, and wait for the cases."""
        launcher = self.start()
        assert self.driver is not None
        launcher.do("wait", name="Your council's address for ASC Desk")
        launcher.do("grab", path=self.report.picture(f"{self.name}-enrol"))
        launcher.do("click", name="Sign in")
        sign_in_as(self.driver.browsed.get(timeout=60), account)
        launcher.do("type", name="Passphrase", text=PASSPHRASE)
        launcher.do("type", name="The same again", text=PASSPHRASE)
        launcher.do("grab", path=self.report.picture(f"{self.name}-passphrase"))
        launcher.do("click", name="Finish")
        return self._opened()

    def unlock(self, *, picture: str = "") -> Hand:
        """Type the passphrase into the unlock window that came back, and wait for the worker's window."""
        assert self.driver is not None
        launcher = self._launcher = self.driver.hand("launcher", after=self._launcher)
        launcher.do("wait", name="Your passphrase")
        if picture:
            launcher.do("grab", path=self.report.picture(picture))
        launcher.do("type", name="Your passphrase", text=PASSPHRASE)
        launcher.do("press", keys="Return", taps=["Unlock"])
        return self._opened()

    def _opened(self) -> Hand:
        assert self.driver is not None
        self.worker = self.driver.hand("worker", after=self.worker)
        self.worker.do("rest")
        return self.worker

    def kill(self) -> None:
        """Kill the process that holds the key, as a power cut would."""
        assert self.worker is not None
        # Windows has one signal for it, which asks nobody
        os.kill(self.worker.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)

    def lock(self) -> None:
        """Lock by its key."""
        assert self.worker is not None
        self.worker.do("press", keys="Ctrl+L", taps=["Lock"], may_end=True)

    def for_fingers(self) -> None:
        """Choose the larger targets, as somebody does who holds the laptop as a tablet."""
        assert self.worker is not None
        self.worker.do("press", keys="Ctrl+,", taps=["Menu", "Colours, size and touch"])
        for name in ("For fingers: everything larger to hit", "Done"):
            self.worker.do("click", name=name)
        self.worker.do("wait", name="Done", gone=True)

    def close(self) -> None:
        """End the program."""
        if self.driver is not None:
            self.driver.close()
            self.driver = None


class Steps:
    """Times each step of the journey and says which one is going on."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._name = ""
        self._since = 0.0

    def begin(self, name: str) -> None:
        """End the step before and begin this one."""
        self.end()
        self._name, self._since = name, time.perf_counter()

    def end(self) -> None:
        """End the step that is going on."""
        if self._name:
            self._report.seconds[self._name] = round(time.perf_counter() - self._since, 2)
            self._name = ""


def answer_all(
    hand: Hand, answers: Sequence[Mapping[str, Any]], pages: Mapping[str, tuple[str, str]], report: Report
) -> None:
    """Answer accounts of the form through the window, turning to the page of each by the rail."""
    page: tuple[str, ...] = ()
    rows: dict[tuple[str, str], int] = {}
    for told in answers:
        link = told["linkId"]
        if pages[link] != page:
            page = pages[link]
            hand.do("go", keys=list(page))
        row = None
        if "row" in told:
            group = link.rsplit(".", 1)[0]
            labels = [label for (held, label) in rows if held == group]
            row = rows.setdefault((group, told["row"]), len(labels))
        if not told["answer"]:
            continue
        hand.do("answer", link=link, source=told["source"], answers=told["answer"], row=row)
        report.answers += 1
