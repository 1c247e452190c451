"""What every test shares: a private home, loopback only, no unnoticed log line, databases.

Set before anything imports Qt. Fixtures of one part of the house belong in a conftest of that part's folder.
"""

from __future__ import annotations

import gc
import ipaddress
import locale
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from ascdesk.errors import MachineTrouble

if TYPE_CHECKING:
    from tests.postgres import PostgresServer

# The council's server runs on Linux: the desktop's tests on Windows use it with SQLite alone.
DATABASES = ("sqlite",) if sys.platform == "win32" else ("sqlite", "postgres")
WITH_WINDOWS = pytest.StashKey[int]()
EVERYTHING_AFTER = 50
"""Tests with windows after which what was set aside is looked through as well."""
HOME_MARK = "ASCDESK_TESTS_HOME"


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the process: Qt's platform, UTF-8, a home of its own, loopback only, Hypothesis's profile."""
    os.environ.setdefault("QT_QPA_PLATFORM", "windows" if sys.platform == "win32" else "offscreen")
    if "utf" not in (locale.setlocale(locale.LC_CTYPE, "") or "").lower():
        os.environ["LC_ALL"] = "C.UTF-8"  # Qt warns about any other encoding
    use_private_home(config)
    do_without_what_wine_lacks()
    sys.addaudithook(refuse_network)
    choose_hypothesis_profile()


def do_without_what_wine_lacks() -> None:
    """Let Python copy files itself where Windows is Wine, which has no CopyFile2."""
    if sys.platform == "win32":
        import _winapi
        import ctypes

        if hasattr(ctypes.windll.ntdll, "wine_get_version") and hasattr(_winapi, "CopyFile2"):
            del _winapi.CopyFile2


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the private home, once, by the process that made it."""
    home = getattr(config, "private_home", None)
    if home is not None:
        shutil.rmtree(home, ignore_errors=True)


def use_private_home(config: pytest.Config) -> None:
    """Point the user's folders at a temporary one, so that no test reads or writes a real profile."""
    if HOME_MARK in os.environ:
        return  # an xdist worker: its controller made the home, and removes it
    home = Path(tempfile.mkdtemp(prefix="ascdesk-home-"))
    config.private_home = home  # type: ignore[attr-defined]
    os.environ[HOME_MARK] = str(home)
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    for name in names:
        folder = home / name.lower()
        folder.mkdir(mode=0o700)
        os.environ[name] = str(folder)


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection and look-up that would leave this machine (an audit hook)."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not is_loopback(host):
        raise RuntimeError(f"A test tried to reach {host!r}. Tests use loopback only.")


def is_loopback(host: object) -> bool:
    """Tell whether a host is this machine (no host at all is)."""
    text = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if text == "localhost" or text.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def choose_hypothesis_profile() -> None:
    """Register `dev`, `ci` and `nightly`; HYPOTHESIS_PROFILE chooses, else `ci` where CI is set.

    No deadlines: a slow machine is not a wrong answer.
    """
    unhurried = (HealthCheck.too_slow,)
    settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=unhurried)
    settings.register_profile(
        "ci", max_examples=100, deadline=None, print_blob=True, suppress_health_check=unhurried
    )
    settings.register_profile(
        "nightly", max_examples=5000, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
    )
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


class _Collector(logging.Handler):
    """Keeps every record of a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record as a line."""
        self.lines.append(f"{record.name} {record.levelname}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_unexpected_log_lines(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which something logs a warning; one that expects it asks for `caplog` and looks."""
    if "caplog" in request.fixturenames:
        yield
        return
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(collector)
    if collector.lines:
        pytest.fail("Logged without being expected:\n" + "\n".join(collector.lines), pytrace=False)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Run one private PostgreSQL for the session (each xdist worker has its own)."""
    from tests.postgres import running_postgres  # Debian's package: not on the desktop's Windows

    try:
        with running_postgres() as server:
            yield server
    except MachineTrouble as trouble:
        pytest.fail(str(trouble), pytrace=False)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Give a fresh, empty PostgreSQL database as a SQLAlchemy address, and drop it after."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give a fresh, empty database of each kind that the server runs on, one after the other."""
    if request.param == "sqlite":
        return f"sqlite+pysqlite:///{tmp_path / 'server.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(autouse=True)
def garbage_on_this_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect what a test with windows leaves on the screen's thread, and on no other while it runs.

    A collection runs on whichever thread happens to allocate; a window that dies on a database's thread, or
    on a test server's, takes the process with it. The program has one desk and one window as long as it
    lives; tests make hundreds.
    """
    folders = {"ui", "journeys"} & set(request.path.parts)
    if not folders and not {"qapp", "qtbot"} & set(request.fixturenames):
        yield
        return
    gc.disable()
    yield
    stash = request.config.stash
    stash[WITH_WINDOWS] = stash.get(WITH_WINDOWS, 0) + 1
    if stash[WITH_WINDOWS] % EVERYTHING_AFTER == 0:
        gc.unfreeze()
    gc.collect()
    gc.freeze()  # looking through all that is left again after each test would take a second or two
    gc.enable()
