"""The driver of a real program: starts it, asks its hands, hears what was meant for a browser. No Qt."""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any

from ui.hands_address import HANDS, HANDS_KIND

_SECONDS_TO_END = 20.0


class HandsError(AssertionError):
    """The hands could not do what they were asked."""


class Hand:
    """The hands of one process: the launcher's or the worker's."""

    def __init__(self, connection: Connection, role: str, pid: int) -> None:
        self.role, self.pid = role, pid
        self._connection = connection
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.gone = threading.Event()

    def do(self, do: str, *, may_end: bool = False, **parts: Any) -> Any:  # noqa: ANN401
        """Ask for one thing and wait until it is done; returns its result. It ``may_end`` the process."""
        self._connection.send({"do": do, **parts})
        answer = self._answers.get(timeout=float(parts.get("patience", 30)) + 30)
        if answer is None and may_end:
            return None
        if answer is None:
            raise HandsError(f"the {self.role} ended while it was asked to {do} {parts}")
        if not answer["ok"]:
            raise HandsError(f"{do} {parts}: {answer['why']}; on the screen: {answer['texts'][:60]}")
        return answer["result"]

    def hear(self, answer: Any) -> None:  # noqa: ANN401
        """Take an answer from the connection; none when it has ended."""
        if answer is None:
            self.gone.set()
        self._answers.put(answer)


class Driver:
    """One program with its processes, as they come and go."""

    def __init__(self, command: Sequence[str], kind: str = "mouse") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ascdesk-hands-")
        key = secrets.token_bytes(16)
        address = str(Path(self._folder.name) / "hands") if os.name == "posix" else None
        self._listener = Listener(address, family="AF_UNIX" if os.name == "posix" else "AF_PIPE", authkey=key)
        self._hands: dict[str, Hand] = {}
        self._arrived = threading.Condition()
        self.browsed: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._accept, name="driver", daemon=True).start()
        where = {HANDS: f"{self._listener.address}|{key.hex()}", HANDS_KIND: kind}
        self.process = subprocess.Popen([*command], env={**os.environ, **where}, stdin=subprocess.DEVNULL)  # noqa: S603

    def hand(self, role: str, *, after: Hand | None = None, seconds: float = 60) -> Hand:
        """Return the hands of this role's process, when it has come; not those that were there before."""

        def here() -> bool:
            return role in self._hands and self._hands[role] is not after

        with self._arrived:
            if not self._arrived.wait_for(here, seconds):
                raise HandsError(f"no {role} came")
            return self._hands[role]

    def wait(self, seconds: float = 30) -> int:
        """Wait for the program to end."""
        return self.process.wait(seconds)

    def close(self) -> None:
        """End the program, if it has not ended by itself, and wait until its processes are gone."""
        with self._arrived:
            hands = dict(self._hands)
        self._end_later_launcher(hands.get("launcher"))
        self._end_first_process()
        for hand in hands.values():
            hand.gone.wait(_SECONDS_TO_END)  # the worker has the record until it ends
        self._listener.close()
        self._folder.cleanup()

    def _end_later_launcher(self, launcher: Hand | None) -> None:
        """End the launcher that followed the first, which on Windows is another process."""
        if launcher is not None and launcher.pid != self.process.pid:
            with contextlib.suppress(OSError):
                os.kill(launcher.pid, signal.SIGTERM)

    def _end_first_process(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
                hello = connection.recv()
            except (OSError, EOFError):
                return
            hand = Hand(connection, hello["role"], hello["pid"])
            threading.Thread(target=self._listen, args=(connection, hand), daemon=True).start()
            with self._arrived:
                self._hands[hand.role] = hand
                self._arrived.notify_all()

    def _listen(self, connection: Connection, hand: Hand) -> None:
        try:
            while True:
                said = connection.recv()
                if "browse" in said:
                    self.browsed.put(said["browse"])
                else:
                    hand.hear(said)
        except (EOFError, OSError):
            hand.hear(None)


def program(*arguments: str) -> list[str]:
    """Return the command that starts this program again."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "ui.main", *arguments]
