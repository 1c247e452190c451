"""HTTP to the council: verified by the operating system's trust store; plain only to this same machine."""

from __future__ import annotations

import contextlib
import ipaddress
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ascdesk.errors import Refusal
from sync.client.trouble import NoConnection, NotOurs, WrongCertificate

if TYPE_CHECKING:
    import httpx

_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 60.0


def server_address(given: str) -> str:
    """Return the address of a server as it is kept: trimmed, and ``https`` where nothing was said.

    Raises :class:`Refusal` for what is no address, and for plain HTTP to another machine.
    """
    address = given.strip()
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or parts.username or parts.query or parts.fragment:
        raise Refusal("This is not the address of a server. It looks like https://ascdesk.council.example.")
    if parts.scheme == "http" and not is_loopback(host):
        raise Refusal(
            "ASC Desk sends nothing over a connection that others can read. Give an address with https://."
        )
    return address.rstrip("/")


def is_loopback(host: str) -> bool:
    """Tell whether a host is this same machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_client(address: str) -> httpx.Client:
    """Return an HTTP client for a server. It follows no redirects: a stranger cannot send us elsewhere."""
    import httpx  # noqa: PLC0415 (0.2 s that a start without a connection does not need)

    parts = urlsplit(server_address(address))
    timeout = httpx.Timeout(_ANSWER_SECONDS, connect=_CONNECT_SECONDS)
    headers = {"User-Agent": "asc-desk", "Accept": "application/json"}
    here = is_loopback(parts.hostname or "")
    return httpx.Client(verify=_trust(), timeout=timeout, headers=headers, trust_env=not here)


def _trust() -> ssl.SSLContext:
    import truststore  # noqa: PLC0415

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@contextlib.contextmanager
def plain_sentences() -> Iterator[None]:
    """Turn an HTTP client's errors into plain sentences."""
    import httpx  # noqa: PLC0415

    try:
        yield
    except httpx.HTTPError as error:
        if _is_certificate(error):
            raise WrongCertificate(
                "The server could not prove that it is the council's, so nothing was sent. Check the "
                "address; if it is right, tell your administrator that its certificate is refused."
            ) from error
        if isinstance(error, httpx.DecodingError | httpx.UnsupportedProtocol | httpx.TooManyRedirects):
            raise NotOurs(
                "What answered at this address is not an ASC Desk server. Check the address."
            ) from error
        raise NoConnection(
            "There is no connection to the council's server just now. Your work is safe on this laptop; "
            "ASC Desk tries again by itself when there is a connection."
        ) from error


def _is_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def json_of(response: httpx.Response) -> Any:  # noqa: ANN401 (any JSON)
    """Return the JSON of an answer. Raises :class:`NotOurs` when it is something else."""
    try:
        return response.json()
    except (ValueError, RecursionError) as trouble:
        raise NotOurs(
            "What answered is not an ASC Desk server. Check the address, and your connection."
        ) from trouble
