"""Enrolling a laptop through the real sign-in page of a real server, and what can go wrong with it."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ascdesk.errors import Refusal, Unreadable
from ascdesk.record.record import Record
from sync.client.enrol import Enroller, connect, keep_enrolment
from sync.client.trouble import Cancelled, NoConnection, NotEnrolled, NotOurs
from sync.server.app import create_app
from tests.sync.browser import sign_in
from tests.sync.council import KEY, PASSWORD, Council, serving


@pytest.fixture
def amina(council: Council) -> str:
    """Give a worker's user name."""
    council.worker("amina", PASSWORD)
    return council.username("amina")


@pytest.fixture
def signing(council: Council) -> Iterator[str]:
    """Serve the council at an address that its issuer knows as its own."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        address = f"http://127.0.0.1:{held.getsockname()[1]}"
        council.issuer = replace(council.issuer, url=f"{address}/issuer")
        with serving(create_app(council.engine, council.issuer), held):
            yield address


class Browser:
    """A browser in which somebody types this user name and password."""

    def __init__(self, username: str, password: str = PASSWORD) -> None:
        self.username, self.password = username, password
        self.pages: list[httpx.Response] = []
        self.threads: list[threading.Thread] = []

    def open(self, address: str) -> None:
        """Open an address beside what the program does, as a browser does."""
        thread = threading.Thread(target=self._sign_in, args=(address,))
        thread.start()
        self.threads.append(thread)

    def _sign_in(self, address: str) -> None:
        self.pages.append(sign_in(address, self.username, self.password))

    def last_page(self) -> httpx.Response:
        """Return the page that the person is looking at in the end."""
        for thread in self.threads:
            thread.join()
        return self.pages[-1]


def test_a_worker_signs_in_and_the_laptop_is_enrolled(
    council: Council, amina: str, signing: str, tmp_path: Path
) -> None:
    browser = Browser(amina)

    enrolment = Enroller(signing, "Amina's laptop", browser.open).run()

    assert browser.last_page().status_code == 200
    assert "You are signed in" in browser.last_page().text
    assert enrolment.user == council.workers["amina"]
    assert enrolment.council.name == "Coventry"
    record = Record(tmp_path / "record.db", KEY, clock=lambda: datetime.now(UTC), create=True)
    keep_enrolment(record, enrolment.as_json())
    with connect(record) as connection:
        assert connection.same("nothing like it").same is False
    record.close()


def test_a_wrong_password_is_the_browsers_business_and_can_be_tried_again(amina: str, signing: str) -> None:
    wrong = Browser(amina, "not the password")
    enroller = Enroller(signing, "laptop", wrong.open)
    waiting = threading.Thread(target=run_until_stopped, args=(enroller,))
    waiting.start()
    while not wrong.threads:
        waiting.join(0.01)

    page = wrong.last_page()
    enroller.cancel()
    waiting.join()

    assert page.status_code == 401
    assert "The user name or the password is not right" in page.text
    assert page.text.count('role="alert"') == 1


def run_until_stopped(enroller: Enroller) -> None:
    with contextlib.suppress(Cancelled):
        enroller.run()


def test_the_same_laptop_enrols_again_and_stays_the_same_laptop(amina: str, signing: str) -> None:
    first = Enroller(signing, "laptop", Browser(amina).open).run()

    again = Enroller(signing, "laptop", Browser(amina).open, device=first.device).run()

    assert again.device == first.device


def test_somebody_elses_laptop_is_not_taken_over(council: Council, amina: str, signing: str) -> None:
    theirs = council.device("bashir")

    with pytest.raises(NotEnrolled, match="enrolled for somebody else"):
        Enroller(signing, "laptop", Browser(amina).open, device=theirs.id).run()


def test_stopping_says_that_nothing_was_changed(signing: str) -> None:
    enroller = Enroller(signing, "laptop", lambda _: enroller.cancel())

    with pytest.raises(Cancelled, match="Nothing was changed"):
        enroller.run()


def test_nobody_signing_in_ends_the_waiting(signing: str) -> None:
    with pytest.raises(Cancelled, match="Nobody signed in"):
        Enroller(signing, "laptop", lambda _: None, patience_seconds=0).run()


def test_an_answer_with_anothers_state_is_not_listened_to(signing: str) -> None:
    seen: list[httpx.Response] = []

    def intrude(address: str) -> None:
        redirect = httpx.URL(address).params["redirect_uri"]

        def stranger() -> None:
            seen.append(httpx.get(f"{redirect}?code=stolen&state=guessed", trust_env=False))
            enroller.cancel()

        threading.Thread(target=stranger).start()

    enroller = Enroller(signing, "laptop", intrude)
    with pytest.raises(Cancelled, match="Nothing was changed"):
        enroller.run()
    assert [page.status_code for page in seen] == [404]


@contextlib.contextmanager
def stranger(body: bytes) -> Iterator[str]:
    """Serve something that is not ours."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>a portal that wants a login</html>",
        b"{}",
        b'{"product": "another"}',
        b"[1]",
        b'{"product": "asc-desk-council"}',
    ],
)
def test_a_server_that_is_not_ours_is_recognised_before_anything_is_sent(body: bytes) -> None:
    with stranger(body) as address, pytest.raises(NotOurs, match="not an ASC Desk server"):
        Enroller(address, "laptop", lambda _: None).about()


def test_no_connection_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(NoConnection, match="no connection to the council"):
        Enroller(f"http://127.0.0.1:{port}", "laptop", lambda _: None).about()


@pytest.mark.parametrize(
    "address",
    ["", "https://", "ftp://council.example", "https://u:p@council.example", "https://[", "https://a?b"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refusal, match="address of a server"):
        Enroller(address, "laptop", lambda _: None)


def test_plain_http_goes_to_this_machine_only() -> None:
    with pytest.raises(Refusal, match="https://"):
        Enroller("http://council.example", "laptop", lambda _: None)


def test_a_record_that_was_never_enrolled_says_so(tmp_path: Path) -> None:
    record = Record(tmp_path / "record.db", KEY, clock=lambda: datetime.now(UTC), create=True)
    with pytest.raises(Unreadable, match="not enrolled"):
        connect(record)
    record.close()
