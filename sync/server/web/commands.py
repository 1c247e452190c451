"""``ascdesk-server``'s part about the web forms: serving them, the council's links, what has arrived."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ascdesk.errors import Refusal, Unreadable

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from sync.server.web.mail import OutgoingMail
    from sync.server.web.setup import WebOptions

_PORT = 587


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Add what ``run`` may be told about the web forms."""
    parser.add_argument("--no-forms", action="store_true", help="serve laptops only, not the public's forms")
    parser.add_argument(
        "--mail-smtp",
        metavar="HOST[:PORT]",
        help="send links by this mail server with STARTTLS; a user name and password are taken from "
        "ASCDESK_SMTP_USER and ASCDESK_SMTP_PASSWORD",
    )
    parser.add_argument("--mail-from", metavar="ADDRESS", help="whom the messages come from")
    parser.add_argument(
        "--mail-folder", type=Path, metavar="DIR", help="write messages here instead (trials)"
    )


def options_of(given: argparse.Namespace, base: str) -> WebOptions | None:
    """Return how the web forms are served; ``None`` when they are not. Raises :class:`Refusal`."""
    from sync.server.web.setup import WebOptions  # noqa: PLC0415 (templates: only where pages are served)

    return None if given.no_forms else WebOptions(base, _mail(given))


def _mail(given: argparse.Namespace) -> OutgoingMail | None:
    from sync.server.web.mail import FolderMail, SmtpMail  # noqa: PLC0415

    if given.mail_folder is not None:
        return FolderMail(given.mail_folder)
    if given.mail_smtp is None:
        return None
    if not given.mail_from:
        raise Refusal("Give --mail-from as well: the address that the messages come from.")
    host, _, port = given.mail_smtp.partition(":")
    if not host or not (port or str(_PORT)).isdigit():
        raise Unreadable(f"“{given.mail_smtp}” is not a mail server. Give HOST or HOST:PORT.")
    return SmtpMail(
        host,
        int(port or _PORT),
        given.mail_from,
        os.environ.get("ASCDESK_SMTP_USER", ""),
        os.environ.get("ASCDESK_SMTP_PASSWORD", ""),
    )


def add_invite_options(parser: argparse.ArgumentParser) -> None:
    """Add what ``invite`` is told."""
    parser.add_argument("--case", required=True, help="the case's id")
    parser.add_argument("--form", required=True, metavar="NAME", help="online-review or provider-review")
    parser.add_argument(
        "--public-url", required=True, metavar="URL", help="how the public reaches the server"
    )


def invite(engine: Engine, given: argparse.Namespace) -> dict[str, Any]:
    """Make a link for a form about somebody whom the council knows. Raises :class:`Refusal`."""
    from sqlalchemy import select  # noqa: PLC0415

    from sync.server.database import plain_trouble, writing  # noqa: PLC0415
    from sync.server.tables import counter  # noqa: PLC0415
    from sync.server.web import drafts  # noqa: PLC0415
    from sync.server.web.settings import web_settings  # noqa: PLC0415

    settings, now = web_settings(), int(time.time())
    form = settings.forms.get(given.form)
    if form is None or not form.invited:
        names = ", ".join(one.slug for one in settings.forms.values() if one.invited)
        raise Refusal(f"“{given.form}” is not a form that is opened by a link. Choose among {names}.")
    with plain_trouble(), writing(engine) as connection:
        if connection.scalar(select(counter.c.case).where(counter.c.case == given.case)) is None:
            raise Refusal(f"The council has no case {given.case}.")
        until = now + settings.invitation_days * drafts.DAY
        token = drafts.invite(connection, form.slug, given.case, now, until)
    link = f"{given.public_url.rstrip('/')}/apply/invited/{token}"
    return {"case": given.case, "form": form.slug, "link": link, "days": settings.invitation_days}


def arrivals(engine: Engine) -> dict[str, Any]:
    """Return what has arrived by web forms, newest first, and how many see each: ids and counts only."""
    from sqlalchemy import func, select  # noqa: PLC0415

    from sync.server.database import plain_trouble, reading  # noqa: PLC0415
    from sync.server.tables import access  # noqa: PLC0415
    from sync.server.web import tables  # noqa: PLC0415

    seen = (access.c.case == tables.arrival.c.case, access.c.until.is_(None))
    workers = select(func.count(access.c.user.distinct())).where(*seen).scalar_subquery()
    query = select(tables.arrival, workers.label("workers")).order_by(tables.arrival.c.at.desc())
    with plain_trouble(), reading(engine) as connection:
        listed = [dict(row) for row in connection.execute(query).mappings()]
    return {"arrivals": listed, "unseen": sum(not row["workers"] for row in listed)}
