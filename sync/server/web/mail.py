"""Email that leaves the council's server: one small port, by SMTP or into a folder."""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Protocol

from ascdesk.errors import MachineTrouble
from ascdesk.record.change import new_id

_TROUBLE = "The email could not be sent. What you typed is safe: try again in a few minutes."


class OutgoingMail(Protocol):
    """Sends a short plain message to one address. Raises :class:`MachineTrouble` when it cannot."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send it."""
        ...


@dataclass(frozen=True, slots=True)
class SmtpMail:
    """Hands messages to the council's own mail server, encrypted on the way unless it is this machine."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = field(default="", repr=False)
    encrypted: bool = True

    def send(self, to: str, subject: str, text: str) -> None:
        """Send it."""
        try:
            with smtplib.SMTP(self.host, self.port, timeout=20) as server:
                if self.encrypted:
                    server.starttls(context=ssl.create_default_context())
                if self.username:
                    server.login(self.username, self.password)
                server.send_message(message(self.sender, to, subject, text))
        except (OSError, smtplib.SMTPException) as trouble:
            raise MachineTrouble(_TROUBLE) from trouble


@dataclass(frozen=True, slots=True)
class FolderMail:
    """Writes each message as a file: for trying things out, and for tests."""

    folder: Path
    sender: str = "no-reply@council.example"

    def send(self, to: str, subject: str, text: str) -> None:
        """Write it, for this user's eyes only."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            target = self.folder / f"{new_id()}.eml"
            made = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "wb") as file:
                file.write(message(self.sender, to, subject, text).as_bytes())
        except OSError as trouble:
            raise MachineTrouble(_TROUBLE) from trouble


def message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Return a plain message."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"], made["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2] or None)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text)
    return made
