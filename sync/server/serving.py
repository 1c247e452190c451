"""``ascdesk-server run``: one process, or several at one address, each watched and stopped gently.

A process keeps nothing that another would need: codes and tokens of sign-in, counts of tries, drafts of the
public's forms, bytes that are half sent, all lie in the database. So any of them answers any request.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any

import uvicorn

from ascdesk.errors import Refusal, Unreadable
from sync.server.app import Watch, create_app
from sync.server.bounds import Bounds
from sync.server.database import open_council, plain_trouble
from sync.server.gate import Door, Gate, Listener
from sync.server.lag import Lag
from sync.server.logs import RequestLog, log_to, say
from sync.server.supervising import MULTIPROCESS, supervise
from sync.server.sweeping import sweeping
from sync.server.tokens import IssuerSettings
from sync.server.web.commands import options_of

if TYPE_CHECKING:
    import argparse

    from sqlalchemy import Engine

    from sync.server.measures import Measures


def run(given: argparse.Namespace) -> None:
    """Run the server until it is told to stop. Raises :class:`Refusal` for what it cannot serve."""
    secure, bounds = _secure(given), _bounds(given)
    engine = open_council(given.database, bounds).engine
    try:
        if given.socket is not None:
            _run_one_of_several(given, engine, bounds, secure=secure)
            return
        with plain_trouble(), _listen(given.host, given.port) as listener:
            if given.workers > 1:
                _run_several(given, engine, listener, secure=secure)
            else:
                _run_alone(given, engine, bounds, listener, secure=secure)
    finally:
        engine.dispose()


def _run_alone(
    given: argparse.Namespace, engine: Engine, bounds: Bounds, listener: socket.socket, *, secure: bool
) -> None:
    url, lag = _url(given, listener, secure=secure), Lag(engine)
    with _logging(given), _metrics(given, listener, lag) as (measures, told):
        if measures is not None:
            measures.watch(engine)
        server = _server(given, _Place(engine, bounds, url, lag, measures))
        _announce(given, url, listener, told)
        with sweeping(engine, _purging(engine, given)):
            server.run(sockets=[listener])
        say("stopped")


def _run_several(given: argparse.Namespace, engine: Engine, listener: socket.socket, *, secure: bool) -> None:
    if sys.platform == "win32":
        raise Refusal("Several processes at one address need Linux or macOS. Leave --workers out.")
    url, folder = _url(given, listener, secure=secure), None
    with contextlib.ExitStack() as stack:
        stack.enter_context(_logging(given))
        if given.metrics is not None:
            folder = stack.enter_context(_shared_counts())
        _, told = stack.enter_context(_metrics(given, listener, Lag(engine), folder))
        stack.enter_context(sweeping(engine, _purging(engine, given)))
        _announce(given, url, listener, told)
        supervise(given.arguments, given.workers, listener, folder)
        say("stopped")


def _run_one_of_several(given: argparse.Namespace, engine: Engine, bounds: Bounds, *, secure: bool) -> None:
    """Serve at the socket that was handed down, until told to stop or until the parent is no more."""
    measures = None
    with _logging(given), socket.socket(fileno=given.socket) as listener:
        if os.environ.get(MULTIPROCESS):
            from prometheus_client import CollectorRegistry  # noqa: PLC0415 (only with --metrics)

            from sync.server.measures import Measures  # noqa: PLC0415

            measures = Measures(CollectorRegistry())
            measures.watch(engine)
        url = _url(given, listener, secure=secure)
        server = _server(given, _Place(engine, bounds, url, Lag(engine), measures))
        threading.Thread(target=_stop_with_parent, daemon=True).start()
        server.run(sockets=[listener])


def _stop_with_parent() -> None:
    """Stop gently when the other end of standard input is closed: whoever started this has ended."""
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a process serves: over which database, within which bounds, under which address, counted how."""

    engine: Engine
    bounds: Bounds
    url: str
    lag: Lag
    measures: Measures | None


def _server(given: argparse.Namespace, place: _Place) -> GentleServer:
    """Return a server that has yet to be run."""
    issuer = IssuerSettings(
        url=given.issuer or f"{place.url}/issuer",
        client_id=given.issuer_client,
        audience=given.issuer_audience,
        outside=given.issuer is not None,
        subject_claim=given.issuer_claim,
    )
    door = Door()
    watch = Watch(place.lag, place.measures, lambda: door.closed)
    app = create_app(place.engine, issuer, web=options_of(given, place.url), watch=watch)
    listeners: tuple[Listener, ...] = (RequestLog(),)
    if place.measures is not None:
        listeners = (*listeners, place.measures)
    gate = Gate(app, place.bounds, door, listeners)
    tls: dict[str, Any] = {}
    if given.tls_cert is not None:
        tls = {"ssl_certfile": str(given.tls_cert), "ssl_keyfile": str(given.tls_key)}
    config = uvicorn.Config(
        gate,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=int(place.bounds.stop),
        **tls,
    )
    return GentleServer(config, gate, door, place.bounds, given.drain)


class GentleServer(uvicorn.Server):
    """Told to stop, it turns new requests away, ends what is in hand, and only then closes its address."""

    def __init__(
        self, config: uvicorn.Config, gate: Gate, door: Door, bounds: Bounds, drain: float = 0.0
    ) -> None:
        super().__init__(config)
        self._gate = gate
        self._door = door
        self._bounds = bounds
        self._drain = drain
        self._told_at = 0.0

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; told a second time, stop now."""
        if self._door.closed:
            self.should_exit = self.force_exit = True
            return
        self._door.closed = True
        self._told_at = time.monotonic()
        say("stopping", in_hand=self._gate.in_hand)

    async def on_tick(self, counter: int) -> bool:
        """Tell whether to end: told to, with nothing in hand or after as long as that may take."""
        if self._door.closed:
            waited = time.monotonic() - self._told_at
            over = waited >= self._drain and self._gate.in_hand == 0
            self.should_exit = self.should_exit or over or waited >= self._bounds.stop
        return await super().on_tick(counter)


@contextlib.contextmanager
def _logging(given: argparse.Namespace) -> Iterator[None]:
    import logging  # noqa: PLC0415

    try:
        handler = log_to(given.log)
    except OSError as trouble:
        raise Refusal(f"The log cannot be written to {given.log}. Choose another place.") from trouble
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


@contextlib.contextmanager
def _shared_counts() -> Iterator[str]:
    """Yield a folder in which the processes' counts meet; it goes with the server."""
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="ascdesk-counts-") as folder:
        yield folder


@contextlib.contextmanager
def _metrics(
    given: argparse.Namespace, listener: socket.socket, lag: Lag, folder: str | None = None
) -> Iterator[tuple[Measures | None, str]]:
    """Serve what is counted at an address of its own; yields what counts here, and that address."""
    if given.metrics is None:
        yield None, ""
        return
    from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    from sync.server.measures import LagCollector, Measures  # noqa: PLC0415

    host, port = _metrics_address(given.metrics, listener)
    registry, measures = CollectorRegistry(), None
    if folder is None:
        measures = Measures(registry)
        ProcessCollector(registry=registry)
    else:
        MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    registry.register(LagCollector(lag))
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as trouble:
        raise Refusal(f"Metrics cannot be served at {given.metrics}. Choose another address.") from trouble
    try:
        yield measures, f"http://{host}:{server.server_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _metrics_address(said: str, listener: socket.socket) -> tuple[str, int]:
    host, _, port = said.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or not int(port) < 2**16:
        raise Unreadable(f"“{said}” is not an address for metrics. Give HOST:PORT, as 127.0.0.1:9464.")
    if int(port) == listener.getsockname()[1]:
        raise Refusal("Metrics are not for the public address. Give them a port of their own.")
    return host, int(port)


def _purging(engine: Engine, given: argparse.Namespace) -> tuple[partial[None], ...]:
    if given.no_forms:
        return ()
    from sync.server.web.setup import purge  # noqa: PLC0415

    return (partial(purge, engine),)


def _url(given: argparse.Namespace, listener: socket.socket, *, secure: bool) -> str:
    shown = f"[{given.host}]" if ":" in given.host else given.host
    own = f"{'https' if secure else 'http'}://{shown}:{listener.getsockname()[1]}"
    return str(given.public_url or own).rstrip("/")


def _announce(given: argparse.Namespace, url: str, listener: socket.socket, metrics: str) -> None:
    """Print the one line, after which requests are answered."""
    port = listener.getsockname()[1]
    parts = {"url": url, "port": port} | ({"metrics": metrics} if metrics else {})
    words = f"The council's server listens at {url}" + (f"; metrics at {metrics}" if metrics else "")
    print(json.dumps(parts, sort_keys=True) if given.json else words)
    sys.stdout.flush()
    say("started", processes=given.workers)


def _bounds(given: argparse.Namespace) -> Bounds:
    if not 1 <= given.workers <= 64:
        raise Refusal("Give --workers a number from 1 to 64: about one for each core.")
    if not 2 <= given.connections <= 500:
        raise Refusal("Give --connections a number from 2 to 500.")
    return Bounds(connections=given.connections)


def _secure(given: argparse.Namespace) -> bool:
    """Tell whether TLS is on. Raises :class:`Refusal` when it has to be and is not."""
    if (given.tls_cert is None) != (given.tls_key is None):
        raise Refusal("Give both --tls-cert and --tls-key, or neither.")
    for path in (given.tls_cert, given.tls_key):
        if path is not None and not path.is_file():
            raise Unreadable(f"There is no file {path}.")
    if given.tls_cert is None and not _is_loopback(given.host):
        raise Refusal(
            "Without a certificate the server is for this machine only (--host 127.0.0.1). "
            "Give --tls-cert and --tls-key to serve others."
        )
    return given.tls_cert is not None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, so that the port is known before anything is said."""
    if not 0 <= port < 2**16:
        raise Refusal(f"Port {port} cannot be used: give a number from 0 to 65535.")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as trouble:
        raise Refusal(f"Port {port} on {host} cannot be used ({trouble}). Choose another.") from trouble
    # What it accepts is given this too. asyncio sets it on sockets that it opened itself alone; without it an
    # answer's second part waits 40 ms for the laptop to acknowledge the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.set_inheritable(True)
    return listener
