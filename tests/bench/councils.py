"""A council as it would run: the server in a process of its own, before a PostgreSQL that keeps its word."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sync.server.tokens import IssuerSettings
from tests.postgres import DURABLE, running_postgres
from tests.sync.council import Council, open_test_council


@dataclass(frozen=True, slots=True)
class Served:
    """A council and the address of its server; ``pid`` is the server's process."""

    council: Council
    address: str
    database: str
    pid: int


@contextlib.contextmanager
def empty_council() -> Iterator[tuple[Council, str]]:
    """Lay out a council in a PostgreSQL of its own; yields it with its database's address."""
    with running_postgres(DURABLE) as server, server.fresh_database() as url:
        council = open_test_council(url)
        try:
            yield council, url
        finally:
            council.engine.dispose()


@contextlib.contextmanager
def served_council(*more: str) -> Iterator[Served]:
    """Run a council's server in a process of its own; ``more`` is for ``ascdesk-server run``."""
    with empty_council() as (council, url), serving_process(url, *more) as (address, pid):
        council.issuer = IssuerSettings(f"{address}/issuer")
        yield Served(council, address, url, pid)


@contextlib.contextmanager
def serving_process(url: str, *more: str, port: str = "0") -> Iterator[tuple[str, int]]:
    """Run ``ascdesk-server run`` on a database; yields its address and its process's id."""
    command = [sys.executable, "-m", "sync.server.main", "run", "--database", url, "--port", port, "--json"]
    command += more
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["url"], process.pid
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def worked(pid: int) -> float:
    """Return the processor time that a process has used, in seconds; nought where the system does not say."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Meter:
    """A line that counts what passes: ``up`` to the server, ``down`` from it, bytes with every header."""

    address: str = ""
    up: int = 0
    down: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        """Count from nought again."""
        self.up = self.down = 0

    def carry(self, source: socket.socket, target: socket.socket, way: str) -> None:
        """Carry one direction of one connection."""
        with contextlib.suppress(OSError):
            while part := source.recv(65536):
                with self._lock:
                    setattr(self, way, getattr(self, way) + len(part))
                target.sendall(part)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def metered(target: str) -> Iterator[Meter]:
    """Run a counting line to ``target``, the address of a server on loopback."""
    meter = Meter()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        meter.address = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    server = socket.create_connection(("127.0.0.1", int(target.rsplit(":", 1)[1])))
                    for source, to, way in ((client, server, "up"), (server, client, "down")):
                        threading.Thread(target=meter.carry, args=[source, to, way], daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield meter
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(5)
