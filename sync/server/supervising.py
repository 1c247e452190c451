"""Several server processes at one address: started, started again when one ends, stopped together."""

from __future__ import annotations

import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sync.server.logs import say

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Where the counts of several processes meet (prometheus-client's own name)."""

_PAUSE_SECONDS = 1.0
"""Before a process is started again: one that cannot start is not started without end."""

_Process = subprocess.Popen[bytes]


def supervise(arguments: Sequence[str], workers: int, listener: socket.socket, counts: str | None) -> None:
    """Keep ``workers`` processes answering at ``listener`` until told to stop; then wait until all have.

    ``counts`` is the folder in which what they count meets.
    """
    ended: queue.SimpleQueue[_Process | None] = queue.SimpleQueue()
    stopping = threading.Event()
    with _told(stopping, ended):
        running = [_start(arguments, listener, counts, ended) for _ in range(workers)]
        while not stopping.is_set():
            one = ended.get()
            if one is None:
                continue
            running.remove(one)
            _bury(one, counts)
            say("process ended", level=logging.WARNING, status=one.returncode)
            if not stopping.wait(_PAUSE_SECONDS):
                running.append(_start(arguments, listener, counts, ended))
        listener.close()
        for one in running:
            one.send_signal(signal.SIGTERM)
        for one in running:
            one.wait()
            _bury(one, counts)


@contextmanager
def _told(stopping: threading.Event, ended: queue.SimpleQueue[_Process | None]) -> Iterator[None]:
    def stop(*_: object) -> None:
        stopping.set()
        ended.put(None)

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _start(
    arguments: Sequence[str],
    listener: socket.socket,
    counts: str | None,
    ended: queue.SimpleQueue[_Process | None],
) -> _Process:
    """Start a process at the same socket. Its standard input tells it when this one is no more."""
    command = [sys.executable, "-m", "sync.server.main", *arguments, "--socket", str(listener.fileno())]
    process = subprocess.Popen(  # noqa: S603 (this program again, with what it was given)
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        pass_fds=[listener.fileno()],
        start_new_session=True,  # a key pressed here is told to this process alone, which tells the others
        env=os.environ | ({MULTIPROCESS: counts} if counts else {}),
    )

    def wait() -> None:
        process.wait()
        ended.put(process)

    threading.Thread(target=wait, daemon=True).start()
    return process


def _bury(process: _Process, counts: str | None) -> None:
    """Forget a process that has ended: what it had in hand is no longer counted as in hand."""
    if process.stdin is not None:
        process.stdin.close()
    if counts is not None:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 (only with --metrics)

        mark_process_dead(process.pid, counts)  # type: ignore[no-untyped-call]
