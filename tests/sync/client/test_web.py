"""Connections that are verified, and plain only to this machine; every trouble in a plain sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ascdesk.errors import Refusal
from sync.client.enrol import Enroller
from sync.client.trouble import NoConnection, NotOurs, WrongCertificate
from sync.client.web import is_loopback, json_of, plain_sentences, server_address
from tests.sync.council import Council, serving


def certificate(folder: Path) -> dict[str, str]:
    """Make a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key_bytes = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(key_bytes)
    return {"ssl_certfile": str(folder / "cert.pem"), "ssl_keyfile": str(folder / "key.pem")}


def test_a_certificate_that_nobody_vouches_for_is_refused(small_council: Council, tmp_path: Path) -> None:
    with serving(small_council.app(), **certificate(tmp_path)) as address:
        assert address.startswith("https://")
        with pytest.raises(WrongCertificate, match="nothing was sent"):
            Enroller(address, "laptop", lambda _: None).about()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("council.example", "https://council.example"),
        ("  https://council.example/  ", "https://council.example"),
        ("https://council.example:8443/desk/", "https://council.example:8443/desk"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_addresses_are_kept_in_one_way(given: str, kept: str) -> None:
    assert server_address(given) == kept


@pytest.mark.parametrize(
    "given", ["http://127.0.0.1.example", "http://10.0.0.1", "http://council.example:8000"]
)
def test_plain_http_never_leaves_the_machine(given: str) -> None:
    with pytest.raises(Refusal, match="https://"):
        server_address(given)


@pytest.mark.parametrize(
    ("host", "here"), [("127.0.0.53", True), ("::1", True), ("0.0.0.0", False), ("a.localhost", False)]
)
def test_this_machine_is_known(host: str, here: bool) -> None:
    assert is_loopback(host) is here


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (httpx.ConnectTimeout("slow"), NoConnection),
        (httpx.ReadError("cut"), NoConnection),
        (httpx.RemoteProtocolError("half an answer"), NoConnection),
        (httpx.DecodingError("not gzip"), NotOurs),
    ],
)
def test_every_trouble_of_the_line_is_told_plainly(error: httpx.HTTPError, told: type[Exception]) -> None:
    with pytest.raises(told), plain_sentences():
        raise error


@pytest.mark.parametrize("body", [b"<html>", b"", b"[" * 100_000, b"\xff"])
def test_an_answer_that_is_no_json_is_not_ours(body: bytes) -> None:
    with pytest.raises(NotOurs):
        json_of(httpx.Response(200, content=body))
