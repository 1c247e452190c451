"""Enrolling a laptop: sign in through the system's browser (PKCE), then register the laptop. Online, once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from ascdesk.errors import Unreadable
from sync.client.connection import Connection, Tokens, ask_about
from sync.client.trouble import Cancelled, NotOurs
from sync.client.web import json_of, open_client, plain_sentences, server_address
from sync.protocol import SCOPE, About, Council, User, text

if TYPE_CHECKING:
    import httpx

    from ascdesk.record.record import Record

Json = Any

_PAGE = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>ASC Desk</title></head>'
    '<body style="font: 1.2rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto">'
    "<h1>{heading}</h1><p>{words}</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an enrolment came to. It holds tokens: keep it only in the encrypted record."""

    server: str
    device: str
    user: User
    council: Council
    tokens: Tokens

    def as_json(self) -> dict[str, Json]:
        """Return JSON-able parts, to go by pipe to the process that opens the record."""
        return asdict(self)


class Enroller:
    """Enrols this laptop with one server: :meth:`about`, then :meth:`run`. One use; not reusable.

    ``open_browser`` is given the address of the sign-in page. ``device`` is the laptop's id where it has one.
    """

    def __init__(
        self,
        server: str,
        laptop_name: str,
        open_browser: Callable[[str], None],
        *,
        device: str | None = None,
        patience_seconds: float = 600.0,
    ) -> None:
        self._server = server_address(server)
        self._laptop_name = laptop_name
        self._open_browser = open_browser
        self._device = device or str(uuid.uuid4())
        self._patience = patience_seconds
        self._cancelled = threading.Event()

    def about(self) -> About:
        """Ask the server what it is. Raises a plain sentence when it is not ours or cannot be reached."""
        with open_client(self._server) as client:
            return ask_about(client, self._server)

    def cancel(self) -> None:
        """Stop waiting for the browser; :meth:`run` then raises :class:`Cancelled`. From any thread."""
        self._cancelled.set()

    def run(self) -> Enrolment:
        """Sign in through the browser and register the laptop; blocks until done.

        Raises :class:`Cancelled`, or another plain sentence for what went wrong.
        """
        with open_client(self._server) as client:
            tokens = [self._sign_in(client, ask_about(client, self._server))]
            connection = Connection(self._server, self._device, tokens[0], tokens.append, client)
            enrolled = connection.enrol(self._laptop_name)
        return Enrolment(self._server, enrolled.device, enrolled.user, enrolled.council, tokens[-1])

    def _sign_in(self, client: httpx.Client, about: About) -> Tokens:
        endpoints = _endpoints(client, about.issuer)
        verifier, state = secrets.token_urlsafe(64), secrets.token_urlsafe(32)
        with _Listener(state) as listener:
            asked = {
                "response_type": "code",
                "client_id": about.client_id,
                "redirect_uri": listener.address,
                "scope": SCOPE,
                "state": state,
                "code_challenge": _challenge(verifier),
                "code_challenge_method": "S256",
            }
            joiner = "&" if "?" in endpoints["authorization_endpoint"] else "?"
            self._open_browser(f"{endpoints['authorization_endpoint']}{joiner}{urlencode(asked)}")
            code = listener.wait(self._patience, self._cancelled)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": listener.address,
            "client_id": about.client_id,
            "code_verifier": verifier,
        }
        return _exchange(client, endpoints["token_endpoint"], form)


def _endpoints(client: httpx.Client, issuer: str) -> dict[str, str]:
    address = server_address(issuer)
    with plain_sentences():
        answer = client.get(f"{address}/.well-known/openid-configuration")
    parts = json_of(answer)
    if answer.status_code != 200 or not isinstance(parts, dict) or parts.get("issuer") != issuer:
        raise NotOurs("The council's sign-in service could not be found. Tell your administrator.")
    names = ("authorization_endpoint", "token_endpoint")
    return {name: server_address(text(parts, name)) for name in names}


def _exchange(client: httpx.Client, endpoint: str, form: Mapping[str, str]) -> Tokens:
    with plain_sentences():
        answer = client.post(endpoint, data=dict(form))
    parts = json_of(answer)
    if answer.status_code != 200:
        raise Cancelled(
            "The sign-in was not accepted, perhaps because it took too long. Please sign in again."
        )
    try:
        access, refresh = text(parts, "access_token"), text(parts, "refresh_token")
    except Unreadable as trouble:
        raise NotOurs(
            "The council's sign-in service answered in a way that ASC Desk does not know. "
            "Tell your administrator."
        ) from trouble
    return Tokens(access, refresh, endpoint, form["client_id"])


def open_in_browser(address: str) -> None:
    """Open an address in the system's own browser."""
    import webbrowser  # noqa: PLC0415

    webbrowser.open(address)


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class _Listener:
    """Waits on this machine for the browser to come back with a code, and for nothing else."""

    def __init__(self, state: str) -> None:
        self._state = state
        self.result: Mapping[str, str] | None = None
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.take(self)

            def log_message(self, *_: object) -> None:
                """Say nothing: the address holds the code."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._server.timeout = 0.2
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/signed-in"

    def __enter__(self) -> _Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    def wait(self, patience_seconds: float, cancelled: threading.Event) -> str:
        """Return the code. Raises :class:`Cancelled`."""
        end = time.monotonic() + patience_seconds
        while self.result is None:
            if cancelled.is_set():
                raise Cancelled("Signing in was stopped. Nothing was changed.")
            if time.monotonic() > end:
                raise Cancelled(
                    "Nobody signed in for a long time, so ASC Desk stopped waiting. Please start again."
                )
            self._server.handle_request()
        if "code" not in self.result:
            raise Cancelled(
                "The council's sign-in service did not let you in. Please try again, or ask for help."
            )
        return self.result["code"]

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request of a browser; only one with our own state counts."""
        parts = urlsplit(handler.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        ours = hmac.compare_digest(query.get("state", "").encode(), self._state.encode())
        if parts.path != "/signed-in" or not ours or self.result is not None:
            _say(handler, 404, "This page is for ASC Desk", "Go back to ASC Desk, and start from there.")
            return
        if "code" in query:
            _say(handler, 200, "You are signed in", "You can close this page and go back to ASC Desk.")
        else:
            _say(handler, 200, "You are not signed in", "Close this page, go back to ASC Desk and try again.")
        self.result = query


def _say(handler: BaseHTTPRequestHandler, status: int, heading: str, words: str) -> None:
    body = _PAGE.format(heading=heading, words=words).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "text/html; charset=utf-8")
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Cache-Control", "no-store")
    handler.end_headers()
    handler.wfile.write(body)


def keep_enrolment(record: Record, enrolment: Json) -> None:
    """Put an enrolment (:meth:`Enrolment.as_json`) into the encrypted record, before all else."""
    record.enrol(author=enrolment["user"]["id"], device=enrolment["device"])
    for name in ("server", "user", "council", "tokens"):
        record.put(name, enrolment[name])


def connect(record: Record, on_database: Callable[[Callable[[], Any]], Any] | None = None) -> Connection:
    """Return a connection for an enrolled record. Raises :class:`Unreadable` when it was never enrolled."""
    from sync.client.connection import read_tokens  # noqa: PLC0415

    run = on_database or (lambda work: work())
    server, device, kept = run(lambda: (record.get("server"), record.get("device"), record.get("tokens")))
    if not server or not device:
        raise Unreadable("This laptop is not enrolled with a council's server yet. Enrol it first.")

    def keep(tokens: Tokens) -> None:
        run(lambda: record.put("tokens", tokens.as_json()))

    return Connection(server, device, read_tokens(kept), keep)
