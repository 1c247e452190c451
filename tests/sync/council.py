"""A real council server and real laptops for the tests of sync."""

from __future__ import annotations

import contextlib
import copy
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from ascdesk.record.change import Change, Json, first_link, new_id, next_link, seal
from ascdesk.record.record import Record
from ascdesk.record.wire import to_wire
from ascdesk.record.writing import Edit, Written
from sync.client.connection import Connection, Tokens
from sync.client.enrol import Enrolment, keep_enrolment
from sync.protocol import User
from sync.server import access, accounts
from sync.server.app import create_app
from sync.server.database import council_of, initialise, open_database, reading
from sync.server.issuer import BuiltInIssuer
from sync.server.tokens import IssuerSettings

KEY = bytes(range(32))
PASSWORD = "correct horse battery"
ISSUER = "http://council.test/issuer"
NOON = "2026-11-21T12:00:00.000Z"


@dataclass(repr=False)
class Council:
    """An initialised council, with the names that tests give to its workers."""

    engine: Engine
    issuer: IssuerSettings = field(default_factory=lambda: IssuerSettings(ISSUER))
    workers: dict[str, User] = field(default_factory=dict)
    mark: str = field(default_factory=new_id)

    def worker(self, name: str, password: str | None = None) -> User:
        """Return the worker called ``name``, adding them at the first call."""
        if name not in self.workers:
            self.workers[name] = accounts.add_user(
                self.engine, self.username(name), {"name": name.title()}, password
            )
        return self.workers[name]

    def username(self, name: str) -> str:
        """Return what the worker signs in with: several tests' councils may share one database."""
        return f"{name}-{self.mark}"

    def allocate(self, name: str, case: str) -> None:
        """Allocate a case."""
        access.allocate(self.engine, self.worker(name).id, case, NOON)

    def deallocate(self, name: str, case: str) -> None:
        """Take a case away."""
        access.deallocate(self.engine, self.worker(name).id, case, NOON)

    def app(self) -> FastAPI:
        """Return the server."""
        return create_app(self.engine, self.issuer)

    def tokens(self, name: str) -> dict[str, Any]:
        """Return tokens for a worker, without the sign-in page."""
        return BuiltInIssuer(self.engine, self.issuer).tokens_for(self.username(name))

    def device(self, name: str) -> Device:
        """Enrol a bare laptop, for tests that make their changes themselves."""
        device = Device(self.worker(name).id, new_id())
        accounts.register_device(self.engine, self.worker(name), device.id, "laptop", NOON)
        return device


def open_test_council(url: str) -> Council:
    """Lay out a council in an empty database."""
    engine = open_database(url)
    initialise(engine, "Coventry", password_stand_in="")
    return Council(engine)


@dataclass
class Device:
    """A laptop that only makes sealed changes in its chain."""

    author: str
    id: str
    seq: int = 0
    link: str = ""

    def change(self, case: str, field_name: str, value: Json, **parts: Any) -> dict[str, Any]:
        """Return a new change as it travels."""
        return to_wire(self.sealed(case, field_name, value, **parts))

    def sealed(self, case: str, field_name: str, value: Json, **parts: Any) -> Change:
        """Return a new change at the end of the chain."""
        given = {"entity": "person", "row": case, "kind": "set", "supersedes": (), "group": new_id()} | parts
        change = seal(
            case=case, field=field_name, value=value, author=self.author, device=self.id, wall=NOON, **given
        )
        return self.chained(change)

    def chained(self, change: Change) -> Change:
        """Return the change with its place in the chain."""
        self.seq += 1
        self.link = next_link(self.link or first_link(self.id), self.seq, change.hash)
        return replace(change, device_seq=self.seq, link=self.link)


@contextlib.contextmanager
def serving(app: FastAPI, listener: socket.socket | None = None, **tls: str) -> Iterator[str]:
    """Serve an application by a real uvicorn on loopback; yields its address."""
    own = listener or socket.create_server(("127.0.0.1", 0))
    own.setsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    )  # as the server's own has it (sync.server.serving)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", **tls)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [own]})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{own.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        own.close()


class Laptop:
    """A real laptop's record on a real SQLCipher file, enrolled with a council."""

    def __init__(
        self, folder: Path, council: Council, worker: str, server: str, blank: Path | None = None
    ) -> None:
        """Enrol a laptop. ``blank``, a record that was just made, saves making another."""
        self.council = council
        self._path = folder / f"{new_id()}.db"
        if blank is not None:
            shutil.copyfile(blank, self._path)
        self.record = Record(self._path, KEY, clock=lambda: datetime.now(UTC), create=blank is None)
        user, device = council.worker(worker), new_id()
        accounts.register_device(council.engine, user, device, "laptop", NOON)
        with reading(council.engine) as connection:
            whose = council_of(connection)
        signed_in = council.tokens(worker)
        tokens = Tokens(
            signed_in["access_token"], signed_in["refresh_token"], f"{server}/issuer/token", "asc-desk"
        )
        keep_enrolment(self.record, Enrolment(server, device, user, whose, tokens).as_json())

    def reopen(self) -> None:
        """Close the record and open it again, as the next start of the program does."""
        self.record.close()
        self.record = Record(self._path, KEY, clock=lambda: datetime.now(UTC))

    def copied(self, folder: Path) -> Laptop:
        """Return a laptop that runs a copy of this one's folder, as it is while this one is closed."""
        self.record.close()
        shutil.copytree(self._path.parent, folder)
        clone = copy.copy(self)
        clone._path = folder / self._path.name
        clone.reopen()
        self.reopen()
        return clone

    def write(self, case: str, field_name: str, value: Json, *, see: bool = True) -> Written:
        """Set one field of the case's person, having seen what is there (or, without ``see``, nothing)."""
        heads = self.record.heads(case, [case]).get((case, field_name), ()) if see else ()
        seen = frozenset(change.id for change in heads)
        edit = Edit(entity="person", row=case, field=field_name, value=value, seen=seen)
        return self.record.write(case, [edit], name="Edit")

    def connection(self, client: Any = None) -> Connection:
        """Return a connection to the council's server."""
        kept = self.record.get("tokens")
        return Connection(
            self.record.get("server"),
            self.record.device,
            Tokens(**kept),
            lambda tokens: self.record.put("tokens", tokens.as_json()),
            client,
        )

    def close(self) -> None:
        """Close the record."""
        self.record.close()


@contextlib.contextmanager
def enrolling(council: Council, folder: Path) -> Iterator[Callable[[str], Laptop]]:
    """Serve a council, and give a function that enrols one more laptop of a worker in a folder of its own."""
    made: list[Laptop] = []
    with serving(council.app()) as address:

        def enrolled(worker: str) -> Laptop:
            own = folder / f"laptop {len(made)}"
            own.mkdir()
            made.append(Laptop(own, council, worker, address))
            return made[-1]

        yield enrolled
        for one in made:
            one.close()
