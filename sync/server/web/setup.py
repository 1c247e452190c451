"""Putting the web forms together from what the server is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from sqlalchemy import Engine

from ascdesk.work.council import DEFAULT, council_lines
from ascdesk.work.library import FormLibrary
from sync.server.database import writing
from sync.server.web import drafts
from sync.server.web.filling import WebDesk
from sync.server.web.guard import Door
from sync.server.web.mail import OutgoingMail
from sync.server.web.render import renderer
from sync.server.web.routes import Site, web_routes
from sync.server.web.settings import WebSettings, web_settings
from sync.server.web.submit import deliver_waiting, routing_table


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How the web forms are served. Without ``mail`` nobody is offered a link; ``base`` has no slash at its end."""

    base: str
    mail: OutgoingMail | None = None
    council: str = DEFAULT
    settings: WebSettings | None = None
    library: FormLibrary | None = None


def routes_of(engine: Engine, options: WebOptions, now: Callable[[], float] = time.time) -> APIRouter:
    """Return the routes of the web forms over a database, and give out what waits there."""
    settings = options.settings or web_settings()
    with writing(engine) as connection:
        secret = drafts.secret_of(connection)
        drafts.purge(connection, int(now()), settings.keep_days)
        deliver_waiting(connection, datetime.fromtimestamp(now(), UTC).isoformat(timespec="milliseconds"))
    desk = WebDesk(
        engine=engine,
        settings=settings,
        library=options.library or FormLibrary(),
        routing=routing_table(options.council),
        mail=options.mail,
        base=options.base.rstrip("/"),
        now=now,
    )
    door = Door(secret, secure=options.base.startswith("https://"))
    return web_routes(Site(desk, door, renderer(council_lines(options.council))))
