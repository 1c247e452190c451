"""One laptop's connection to its council's server: tokens, renewed when they run out, and the questions."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ascdesk.errors import MachineTrouble, Unreadable
from sync.client.trouble import Busy, NotEnrolled, NotOurs, NotTaken, SignInNeeded, TooLarge
from sync.client.web import json_of, open_client, plain_sentences, server_address
from sync.orders import Lease, read_lease
from sync.protocol import (
    PROTOCOL,
    About,
    Cursor,
    Enrolled,
    Pulled,
    Pushed,
    Same,
    Standing,
    read_about,
    read_enrolled,
    read_have,
    read_pack_sent,
    read_pulled,
    read_pushed,
    read_received,
    read_same,
    read_standing,
    text,
)

if TYPE_CHECKING:
    import httpx

Json = Any

_PACK_ABOVE = 1_000
PACKING = 3
"""How hard a push is packed: 6 takes more than twice the time and saves a sixteenth of the bytes."""
_UNSAID = ("accept", "accept-encoding", "connection")
"""Headers that say what goes without saying, left out of the one small question."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What stands for a worker's sign-in. Kept only in the encrypted record."""

    access: str
    refresh: str
    endpoint: str
    client_id: str

    def as_json(self) -> dict[str, str]:
        """Return the tokens as JSON-able parts, to be kept."""
        return asdict(self)


def read_tokens(parts: Json) -> Tokens:
    """Return the tokens that were kept. Raises :class:`Unreadable`."""
    return Tokens(**{name: text(parts, name) for name in ("access", "refresh", "endpoint", "client_id")})


class Connection:
    """A connection for one laptop. Not for two threads at once. Closed by :meth:`close` or as a context."""

    def __init__(
        self,
        server: str,
        device: str,
        tokens: Tokens,
        keep: Callable[[Tokens], None],
        client: httpx.Client | None = None,
    ) -> None:
        self._server = server_address(server)
        self._device = device
        self._tokens = tokens
        self._keep = keep
        self._client = client or open_client(self._server)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; it cannot be used again."""
        self._client.close()

    def about(self) -> About:
        """Ask the server what it is."""
        return ask_about(self._client, self._server)

    def enrol(self, name: str) -> Enrolled:
        """Register this laptop with the council; the same laptop again is the same laptop."""
        return read_enrolled(self._post("/v1/enrol", {"device": self._device, "name": name}))

    def same(self, digest: str, beside: str = "") -> Same:
        """Ask the one small question: is there anything that this laptop does not have?"""
        params = {"d": digest, "v": self._device} | ({"b": beside} if beside else {})
        return read_same(self._send("GET", "/v1/same", params=params, bare=True))

    def lease(self, nonce: str) -> Lease:
        """Ask how long this laptop may be used from now on without contact; the answer bears ``nonce``."""
        return read_lease(self._post("/v1/lease", {"device": self._device, "nonce": nonce}))

    def pack(self) -> str:
        """Fetch the council's pack as it travels; whoever keeps it checks it first."""
        return read_pack_sent(self._send("GET", "/v1/pack", params={"v": self._device}))

    def push(self, changes: Sequence[Json]) -> Pushed:
        """Send changes. Every one of them is answered for, or this raises and nothing is known of any."""
        message = {"protocol": PROTOCOL, "device": self._device, "changes": changes}
        asked = [change["id"] for change in changes]
        return read_pushed(self._post("/v1/push", message), asked)

    def pull(
        self,
        cursors: Mapping[str, Cursor],
        beside: Mapping[str, str] | None = None,
        *,
        held: Sequence[str] = (),
        nonce: str = "",
    ) -> Pulled:
        """Ask for the next pages after the cursors, and for what travels beside, known by its digests.

        ``held`` names cases that are here without a cursor; orders answer to ``nonce``.
        """
        message = {"protocol": PROTOCOL, "device": self._device, "cursors": cursors, "beside": beside or {}}
        return read_pulled(self._post("/v1/pull", {**message, "held": list(held), "nonce": nonce}))

    def readings(self, lines: Sequence[Mapping[str, Json]]) -> tuple[int, ...]:
        """Send lines of the read log; return the numbers of those that the council holds now."""
        return read_received(self._post("/v1/readings", {"device": self._device, "readings": list(lines)}))

    def attachment(self, case: str, sha256: str) -> Standing:
        """Ask how much of some bytes the council's server has."""
        return read_standing(self._send("GET", _path(case, sha256), params={"v": self._device}))

    def put_piece(self, case: str, sha256: str, size: int, offset: int, data: bytes) -> Standing:
        """Send the piece at ``offset``; the answer says where to go on."""
        params = {"v": self._device, "size": size, "offset": offset}
        headers = {"Content-Type": "application/octet-stream"}
        sent = self._send("PUT", _path(case, sha256), params=params, content=data, headers=headers)
        return read_standing(sent)

    def finish(self, case: str, sha256: str) -> Standing:
        """Ask for the receipt of bytes that were sent whole."""
        sent = self._send("POST", f"{_path(case, sha256)}/finish", params={"v": self._device})
        return read_standing(sent)

    def have(self, asked: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], int]:
        """Ask which of these bytes the council's server has, and how large they are."""
        answer = self._post("/v1/attachments/have", {"device": self._device, "cases": asked})
        return read_have(answer)

    def piece(self, case: str, sha256: str, number: int) -> bytes:
        """Fetch one piece of some bytes."""
        path, parts = f"{_path(case, sha256)}/pieces/{number}", {"params": {"v": self._device}}
        answer = self._once("GET", path, parts)
        if answer.status_code == 401:
            self._refresh()
            answer = self._once("GET", path, parts)
        if answer.status_code != 200:
            _read(answer)
        return answer.content

    def _post(self, path: str, message: Json) -> Json:
        body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        if len(body) > _PACK_ABOVE:
            body = gzip.compress(body, compresslevel=PACKING)
            headers["Content-Encoding"] = "gzip"
        return self._send("POST", path, content=body, headers=headers)

    def _send(self, method: str, path: str, **parts: Any) -> Json:  # noqa: ANN401 (httpx's own)
        answer = self._once(method, path, parts)
        if answer.status_code == 401:
            self._refresh()
            answer = self._once(method, path, parts)
        return _read(answer)

    def _once(self, method: str, path: str, parts: Mapping[str, Any]) -> httpx.Response:
        headers = {**parts.get("headers", {}), "Authorization": f"Bearer {self._tokens.access}"}
        given = {**parts, "headers": headers}
        bare = given.pop("bare", False)
        with plain_sentences():
            request = self._client.build_request(method, f"{self._server}{path}", **given)
            for name in _UNSAID if bare else ():
                request.headers.pop(name, None)
            return self._client.send(request)

    def _refresh(self) -> None:
        """Get a new access token. Raises :class:`SignInNeeded` when the sign-in has ended."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._tokens.refresh,
            "client_id": self._tokens.client_id,
        }
        with plain_sentences():
            answer = self._client.post(server_address(self._tokens.endpoint), data=form)
        if answer.status_code in (400, 401, 403):
            raise SignInNeeded(
                "Your sign-in with the council's server has ended. Your work is safe on this laptop; "
                "sign in again to send it."
            )
        parts = _read(answer)
        refresh = text(parts, "refresh_token", self._tokens.refresh)
        self._tokens = Tokens(
            text(parts, "access_token"), refresh, self._tokens.endpoint, self._tokens.client_id
        )
        # Kept at once: the old refresh token may not work a second time.
        self._keep(self._tokens)


def _path(case: str, sha256: str) -> str:
    return f"/v1/cases/{quote(case, safe='')}/attachments/{sha256}"


def ask_about(client: httpx.Client, server: str) -> About:
    """Ask a server what it is. Raises :class:`NotOurs` when it is not an ASC Desk server."""
    with plain_sentences():
        answer = client.get(f"{server}/v1/about")
    if answer.status_code >= 500:
        _read(answer)
    try:
        return read_about(json_of(answer))
    except Unreadable as trouble:
        raise NotOurs(
            "What answered at this address is not an ASC Desk server. "
            "Check the address with your administrator."
        ) from trouble


def _read(answer: httpx.Response) -> Json:
    """Return what an answer says. Raises a plain sentence for every answer but a good one."""
    if answer.status_code == 200:
        return json_of(answer)
    error, sentence = _told(answer)
    if answer.status_code == 413:
        raise TooLarge(sentence)
    if answer.status_code == 401:
        raise SignInNeeded(sentence)
    if answer.status_code == 403 and error != "not-yours":
        raise NotEnrolled(sentence)
    if answer.status_code in (400, 403, 404, 409, 410):
        raise NotTaken(f"{sentence} ({error}, {answer.status_code})", error, sentence)
    if answer.status_code in (429, 502, 503, 504, 507):
        raise Busy(sentence, _seconds(answer.headers.get("Retry-After")))
    raise MachineTrouble(f"{sentence} ({error}, {answer.status_code})")


def _told(answer: httpx.Response) -> tuple[str, str]:
    try:
        parts = answer.json()
        return text(parts, "error"), text(parts, "sentence")
    except (ValueError, RecursionError, Unreadable):
        return (
            "answer",
            "The council's server could not do it. Your work is safe on this laptop; try again later.",
        )


def _seconds(said: str | None) -> float | None:
    try:
        return None if said is None else min(max(float(said), 0.0), 3600.0)
    except ValueError:
        return None  # a date: our own waiting time serves as well
