"""Putting the web forms together from what the server is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Engine

from ascdesk.councils.carried import carried_pack
from ascdesk.councils.pack import Pack
from ascdesk.work.council import lines_of
from ascdesk.work.library import FormLibrary
from sync.server.database import writing
from sync.server.web import drafts
from sync.server.web.filling import WebDesk
from sync.server.web.guard import Door
from sync.server.web.mail import OutgoingMail
from sync.server.web.render import renderer
from sync.server.web.routes import Site, web_routes
from sync.server.web.settings import WebSettings, web_settings


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How the web forms are served. Without ``mail`` nobody is offered a link to come back by."""

    base: str
    mail: OutgoingMail | None = None
    pack: Pack | None = None
    settings: WebSettings | None = None
    library: FormLibrary | None = None


def purge(engine: Engine, now: Callable[[], float] = time.time) -> None:
    """Remove drafts, links and counts that have run out."""
    with writing(engine) as connection:
        drafts.purge(connection, int(now()), web_settings().keep_days)


def routes_of(engine: Engine, options: WebOptions, now: Callable[[], float] = time.time) -> APIRouter:
    """Return the routes of the web forms over a database, after removing what is too old there."""
    purge(engine, now)
    settings, pack = options.settings or web_settings(), options.pack or carried_pack()
    with writing(engine) as connection:
        secret = drafts.secret_of(connection)
    desk = WebDesk(
        engine=engine,
        settings=settings,
        library=options.library or FormLibrary(),
        pack=pack,
        mail=options.mail,
        base=options.base.rstrip("/"),
        now=now,
    )
    door = Door(secret, secure=options.base.startswith("https://"))
    return web_routes(Site(desk, door, renderer(lines_of(pack))))
