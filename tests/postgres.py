"""A private PostgreSQL for the tests, from Debian's package, in a temporary folder.

It listens on a Unix socket only: no port to clash over, and nobody else on the machine can reach it. It keeps
nothing: flushing to disk is off, and the folder goes when the session ends. Each xdist worker has its own.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from ascdesk.errors import MachineTrouble

MISSING = (
    "PostgreSQL is not installed, and these tests need it. Run `sudo apt-get install postgresql` "
    "(Debian, Ubuntu) and then the tests again; `make test` does both."
)
SUPERUSER = "ascdesk"
START_TRIES = 200
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
DURABLE = SETTINGS | {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "1GB",
    "max_wal_size": "4GB",
    "max_connections": "100",
}
"""As a council would run it, for measuring: what is committed is on the disk."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running private server; databases are made and dropped in it."""

    socket_folder: Path
    pid: int

    def url(self, database: str) -> str:
        """Give the SQLAlchemy address of one database."""
        address = URL.create(
            "postgresql+psycopg", SUPERUSER, database=database, query={"host": str(self.socket_folder)}
        )
        return address.render_as_string(hide_password=False)

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Make an empty database and drop it after, even while connections to it are open."""
        name = f"test_{uuid.uuid4().hex}"
        self._administer("CREATE DATABASE {}", name)
        try:
            yield self.url(name)
        finally:
            self._administer("DROP DATABASE {} WITH (FORCE)", name)

    def _administer(self, statement: str, name: str) -> None:
        with connect(self.socket_folder) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def connect(socket_folder: Path) -> psycopg.Connection:
    """Open a superuser's connection that commits each statement by itself."""
    return psycopg.connect(
        host=str(socket_folder), user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=10
    )


def find_binaries() -> Path:
    """Find the newest of Debian's server binaries; MachineTrouble when there are none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    if on_path is None:
        raise MachineTrouble(MISSING)
    return Path(on_path).parent


def as_ordinary_user() -> tuple[list[str], int | None]:
    """Give the command prefix under which PostgreSQL may run, and the user id its folder must belong to.

    PostgreSQL refuses root. The prefix also asks Linux to stop the server if the test process dies.
    """
    prefix = ["setpriv", "--pdeathsig", "INT"]
    if os.getuid() != 0:
        return [*prefix, "--"], None
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    ids = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return [*prefix, *ids, "--"], user.pw_uid


def initialise(binaries: Path, folder: Path, prefix: list[str]) -> None:
    """Lay out an empty cluster in the folder."""
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", SUPERUSER, "--auth=trust"]
    result = subprocess.run(
        [*prefix, *command, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise MachineTrouble(f"PostgreSQL could not make a database folder: {result.stderr.strip()}")


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Ask until the server answers; MachineTrouble with the end of its log when it stops instead."""
    for _ in range(START_TRIES):
        if process.poll() is not None:
            break
        try:
            connect(folder).close()
        except psycopg.OperationalError:
            # waits on the process, so that a server that dies is noticed at once
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    log = (folder / "log").read_text(errors="replace")
    raise MachineTrouble(f"The private PostgreSQL did not start. The end of its log:\n{log[-2000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop this server and no other: a fast shutdown, then by force if it does not end."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def running_postgres(given: Mapping[str, str] = SETTINGS) -> Iterator[PostgresServer]:
    """Run a private server for as long as the block lasts; MachineTrouble when it cannot be had."""
    binaries = find_binaries()
    prefix, owner = as_ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="ascdesk-pg-"))
    try:
        if owner is not None:
            os.chown(folder, owner, -1)
        initialise(binaries, folder, prefix)
        settings = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *settings]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([*prefix, *command], cwd=folder, stdout=log, stderr=log)
        try:
            wait_until_ready(process, folder)
            yield PostgresServer(folder, process.pid)
        finally:
            stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
