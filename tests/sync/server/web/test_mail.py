"""Messages that leave the server: by a real SMTP conversation on loopback, and into a folder."""

from __future__ import annotations

import socketserver
import stat
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from ascdesk.errors import MachineTrouble
from sync.server.web.mail import FolderMail, SmtpMail


class _Conversation(socketserver.StreamRequestHandler):
    """Speaks just enough SMTP (RFC 5321) to take one message."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail.test\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                parts = []
                while (part := self.rfile.readline()) != b".\r\n":
                    parts.append(part)
                self.server.taken.append(b"".join(parts))  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 mail.test\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def mail_server() -> Iterator[socketserver.ThreadingTCPServer]:
    """Run a mail server on loopback that keeps what it takes."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
    server.taken = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_is_handed_to_the_councils_mail_server(
    mail_server: socketserver.ThreadingTCPServer,
) -> None:
    port = mail_server.server_address[1]
    mail = SmtpMail("127.0.0.1", port, "no-reply@council.example", encrypted=False)

    mail.send("joan@example.org", "Your link", "Here it is – “the link”.\n")

    (taken,) = mail_server.taken  # type: ignore[attr-defined]
    told = message_from_bytes(taken, policy=policy.default)
    assert (told["To"], told["From"]) == ("joan@example.org", "no-reply@council.example")
    assert told["Auto-Submitted"] == "auto-generated"
    assert told.get_content().strip() == "Here it is – “the link”."


def test_a_server_that_speaks_no_tls_or_is_not_there_is_trouble_in_a_sentence(
    mail_server: socketserver.ThreadingTCPServer,
) -> None:
    for port in (mail_server.server_address[1], 1):
        with pytest.raises(MachineTrouble, match="could not be sent"):
            SmtpMail("127.0.0.1", port, "no-reply@council.example").send("a@b.example", "x", "y")
    assert mail_server.taken == []  # type: ignore[attr-defined]


def test_a_folder_keeps_messages_for_one_user_only(tmp_path: Path) -> None:
    FolderMail(tmp_path / "mail").send("joan@example.org", "Your link", "Here")

    (file,) = (tmp_path / "mail").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "joan@example.org" in file.read_text()


def test_a_folder_that_cannot_be_written_is_trouble_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")

    with pytest.raises(MachineTrouble):
        FolderMail(tmp_path / "mail").send("a@b.example", "x", "y")


def test_a_password_is_in_no_repr() -> None:
    assert "hush" not in repr(SmtpMail("h", 25, "a@b.example", "me", "hush"))
