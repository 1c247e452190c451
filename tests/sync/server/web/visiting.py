"""Somebody at a browser without scripts, and a council that serves them; no socket is opened."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine, select

from ascdesk.record.change import new_id
from sync.server.app import create_app
from sync.server.database import writing
from sync.server.tokens import IssuerSettings
from sync.server.web import drafts
from sync.server.web.mail import FolderMail
from sync.server.web.settings import WebSettings
from sync.server.web.setup import WebOptions
from tests.sync.server.web.small import NOON, OneForm, small_settings

Json = Any


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = NOON.timestamp()

    def __call__(self) -> float:
        return self.at


STANDING = Clock()
"""Stands for a clock of the test's own."""


@dataclass
class Site:
    """A council's forms, with the mail that they sent."""

    app: FastAPI
    engine: Engine
    clock: Clock
    folder: Path

    def links(self) -> list[str]:
        """Return the paths of the links that were mailed, oldest first."""
        texts = [file.read_text() for file in sorted(self.folder.glob("*.eml"))]
        return [
            found[1] for text in texts if (found := re.search(r"https?://[^/\s]+(/apply/back/\S+)", text))
        ]

    def invite(self, form: str) -> str:
        """Return the token of a link to a form about some case."""
        now = int(time.time())
        with writing(self.engine) as connection:
            return drafts.invite(connection, form, new_id(), now, now + drafts.DAY)

    def one(self, table: Json, **where: Json) -> Json:
        """Return the only row of a table that is as it is said to be."""
        query = select(table)
        for name, value in where.items():
            query = query.where(getattr(getattr(table, "c", table), name) == value)
        with self.engine.connect() as connection:
            return connection.execute(query).one()


def site_of(
    engine: Engine,
    folder: Path,
    *,
    settings: WebSettings | None = None,
    library: Json = None,
    base: str = "http://council.test",
    mail: bool = True,
    clock: Clock | None = STANDING,
) -> Site:
    """Return a council's forms over a database; without a ``clock`` by the time that it is."""
    clock = Clock() if clock is STANDING else clock
    options = WebOptions(
        base,
        FolderMail(folder) if mail else None,
        settings=settings or small_settings(),
        library=library or OneForm(),
    )
    app = create_app(engine, IssuerSettings(f"{base}/issuer"), now=clock or time.time, web=options)
    return Site(app, engine, clock or Clock(), folder)


class _Fields(HTMLParser):
    """Reads the fields of a page as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if (
            tag == "input"
            and name
            and (given.get("type") not in {"radio", "checkbox", "file"} or "checked" in given)
        ):
            self.fields.append((name, given.get("value", "")))
        elif tag == "textarea":
            self.area = name
            self.fields.append((name, ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given:
            self.fields.append((self.select, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields[-1] = (self.area, data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


@dataclass
class Visitor:
    """A browser: it keeps cookies, follows where it is sent, and sends what its page holds."""

    site: Site
    address: str = "203.0.113.7"
    cookies: dict[str, str] = field(default_factory=dict)
    page: httpx.Response | None = None

    def ask(self, method: str, path: str, **parts: Json) -> httpx.Response:
        """Ask once, without following."""

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.site.app, client=(self.address, 1))
            base = "http://council.test"
            client = httpx.AsyncClient(transport=transport, base_url=base, cookies=self.cookies, verify=False)
            async with client:
                answer = await client.request(method, path, **parts)
                self.cookies = {cookie.name: cookie.value or "" for cookie in client.cookies.jar}
                return answer

        return asyncio.run(asked())

    def go(self, path: str) -> httpx.Response:
        """Open a page and stay on it."""
        return self._follow(self.ask("GET", path))

    def _follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.status_code == 303:
            answer = self.ask("GET", answer.headers["location"].partition("#")[0])
        self.page = answer
        return answer

    def send(self, do: str = "continue", *, files: Json = None, **typed: Json) -> httpx.Response:
        """Fill in fields of the page (``__`` in a name stands for a dash) and press a button."""
        assert self.page is not None
        data = self.held()
        for name, value in typed.items():
            data[name.replace("__", "-")] = value if isinstance(value, list) else [value]
        data["do"] = [do]
        action = re.search(r'<form[^>]*action="([^"]*)"', self.page.text)
        assert action is not None
        return self._follow(self.ask("POST", unescape(action[1]), data=data, files=files))

    def held(self) -> dict[str, list[str]]:
        """Return what the fields of the page hold."""
        assert self.page is not None
        parser = _Fields()
        parser.feed(self.page.text)
        found: dict[str, list[str]] = {}
        for name, value in parser.fields:
            found.setdefault(name, []).append(value)
        return found

    @property
    def heading(self) -> str:
        """Return the page's heading."""
        assert self.page is not None
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page.text, re.DOTALL)
        return unescape(re.sub(r"<[^>]*>", "", found[1])).strip() if found else ""

    @property
    def text(self) -> str:
        """Return the words of the page."""
        assert self.page is not None
        main = self.page.text.partition("<main")[2].partition("</main>")[0]
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())

    @property
    def errors(self) -> list[str]:
        """Return what the error summary says."""
        assert self.page is not None
        listed = re.search(r'error-summary__list">(.*?)</ul>', self.page.text, re.DOTALL)
        return (
            [unescape(one).strip() for one in re.findall(r"<a[^>]*>(.*?)</a>", listed[1], re.DOTALL)]
            if listed
            else []
        )

    def fill_in(self) -> None:
        """Go through the small form as a carer, to the page where it is checked."""
        self.go("/apply/small")
        self.send()
        self.send(danger="no", who="carer", name="Joan Tester")
        self.send(dob__day="7", dob__month="3", dob__year="1948")
        self.send(postcode="cv1 2ab", words="It is hard")
        self.send(**{"|helper.name": "Ann"})
        self.send(hours="30")
        self.send()
        assert self.heading == "Check your answers"
