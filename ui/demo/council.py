"""An invented council on this machine: the reference server, a worker and her colleagues, nineteen people."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

from ascdesk.errors import Refusal
from ascdesk.work.caseload import Caseload, caseload

COUNCIL = "Coventry City Council (demonstration)"
RUTH = {
    "id": "r.okafor",
    "name": "Ruth Okafor",
    "role": "Social worker",
    "team": "Older People’s Assessment and Case Management",
    "registration": "SW000000",
    "telephone": "01632 960114",
    "email": "r.okafor@council.example.org",
}
COLLEAGUES = (
    {
        "id": "i.holt", "name": "Ines Holt", "role": "Team manager", "team": RUTH["team"],
        "telephone": "01632 960110", "email": "i.holt@council.example.org",
    },
    {
        "id": "k.mistry", "name": "Kiran Mistry", "role": "Occupational therapist",
        "team": "Occupational Therapy", "telephone": "01632 960131",
        "email": "k.mistry@council.example.org",
    },
    {
        "id": "s.bright", "name": "Sam Bright", "role": "Initial contact officer",
        "team": "Initial Contact Team", "telephone": "01632 960105",
        "email": "s.bright@council.example.org",
    },
)  # fmt: skip
"""Whom work can be handed to. Nobody signs in as them: they have no password."""


@dataclass(frozen=True, slots=True)
class Account:
    """A worker of the demonstration, with a password made for this one run."""

    username: str
    password: str
    user: str


class DemonstrationCouncil:
    """The council's server as a process of its own, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database = f"sqlite:///{folder / 'council.db'}"
        self.process: subprocess.Popen[str] | None = None
        self.url = ""
        self._port = 0

    def found(self, now: datetime) -> tuple[Account, Caseload]:
        """Make the council: its worker, and the caseload allocated to her."""
        from sync.server import access, seed  # noqa: PLC0415 (only here, and heavy)
        from sync.server.accounts import add_user  # noqa: PLC0415
        from sync.server.database import initialise, open_database  # noqa: PLC0415

        engine = open_database(self.database)
        initialise(engine, COUNCIL)
        password = secrets.token_urlsafe(12)
        user = add_user(engine, "ruth", RUTH, password)
        for colleague in COLLEAGUES:
            add_user(engine, colleague["id"], colleague, None)
        told = caseload(now, author="council", device=seed.council_device(engine), worker=user.id)
        seed.load(engine, told.changes)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        seed.keep(engine, told.files, at=since)
        for case in told.cases:
            access.allocate(engine, user.id, case, since)
        engine.dispose()
        return Account("ruth", password, user.id), told

    def start(self) -> str:
        """Start the server, at the same port as before, and return its address."""
        command = [*_server_command(), "run", "--database", self.database]
        command += ["--port", str(self._port), "--json"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)  # noqa: S603
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        self.url, self._port = str(said["url"]), int(said["port"])
        return self.url

    def stop(self) -> None:
        """Stop the server: the visit has no connection."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    def digest(self, case: str) -> Mapping[str, Any]:
        """Ask the server's own command for the digest of a case."""
        command = [*_server_command(), "digest", "--database", self.database]
        out = subprocess.run([*command, "--case", case, "--json"], check=True, capture_output=True, text=True)  # noqa: S603
        found: Mapping[str, Any] = json.loads(out.stdout)
        return found


def _server_command() -> list[str]:
    """Return how the council's server is started: the frozen program itself, or the module from source."""
    from ui.main import COUNCIL_SERVER  # noqa: PLC0415

    if getattr(sys, "frozen", False):
        return [sys.executable, COUNCIL_SERVER]
    return [sys.executable, "-m", "sync.server.main"]


def sign_in_as(address: str, account: Account) -> None:
    """Do what a browser would: fill in the council's sign-in page and follow it back to this machine.

    Raises :class:`Refusal` when the page does not let the account in.
    """
    import httpx  # noqa: PLC0415 (only a demonstration needs it here)

    try:
        with httpx.Client(follow_redirects=False, timeout=30, trust_env=False) as browser:
            page = browser.get(address)
            hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
            form = {unescape(name): unescape(value) for name, value in hidden}
            form |= {"username": account.username, "password": account.password}
            action = re.search(r'<form[^>]*action="([^"]*)"', page.text)
            target = page.url.join(unescape(action[1])) if action and action[1] else page.url
            answer = browser.post(target, data=form)
            if answer.status_code in {302, 303}:
                browser.get(answer.headers["location"])
                return
    except httpx.HTTPError as error:
        raise Refusal("The council’s sign-in page could not be reached.") from error
    raise Refusal(f"The council’s sign-in page did not let {account.username} in.")
