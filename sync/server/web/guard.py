"""What every request of the web forms passes: cookies, forged posts, headers, and how a stop is told."""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from sync.server.body import limited
from sync.server.web.drafts import keyed, new_token
from sync.server.web.reading import Posted, Upload

MAX_FIELDS = 2_000
MAX_FIELD = 256 * 1024
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, noarchive",
}


class Stop(Exception):
    """A request that goes no further: told as a page, in words, with what to do."""

    def __init__(self, status: int, heading: str, words: str, *, retry_after: int = 0) -> None:
        super().__init__(heading)
        self.status = status
        self.heading = heading
        self.words = words
        self.retry_after = retry_after


def not_found() -> Stop:
    """Return what is told where there is nothing."""
    return Stop(
        404, "Page not found", "Check the address, or go back to the start and choose a form from there."
    )


def too_often(seconds: int) -> Stop:
    """Return what is told to somebody, or some program, that comes too often."""
    minutes = max(1, -(-seconds // 60))
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    words = f"Wait {wait}, then try again. What you typed before is safe. If it cannot wait, ring us."
    return Stop(429, "There were too many tries", words, retry_after=max(1, seconds))


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody's browser: its cookie, which may be new, and where it comes from."""

    token: str
    new: bool
    address: str


@dataclass(frozen=True, slots=True)
class Door:
    """Knows browsers by their cookie, and their posts by a token that only our own pages carry."""

    secret: bytes
    secure: bool

    @property
    def cookie(self) -> str:
        """Return the cookie's name; with https no other host and no other path can set it."""
        return "__Host-apply" if self.secure else "apply"

    def visitor(self, request: Request) -> Visitor:
        """Return whose request this is."""
        token = request.cookies.get(self.cookie, "")
        address = request.client.host if request.client else ""
        known = 20 <= len(token) <= 100
        return Visitor(token if known else new_token(), not known, address)

    def forgery_token(self, visitor: Visitor) -> str:
        """Return the token that a page of this browser carries."""
        return keyed(self.secret, f"post {visitor.token}")

    def check_post(self, request: Request, visitor: Visitor, posted: Posted) -> None:
        """Refuse a post that no page of ours in this browser made. Raises :class:`Stop`."""
        site = request.headers.get("sec-fetch-site", "same-origin")
        given = posted.one("token")
        right = hmac.compare_digest(given.encode(), self.forgery_token(visitor).encode())
        if visitor.new or not right or site not in {"same-origin", "none"}:
            raise Stop(
                403,
                "We could not be sure that this came from you",
                "Go back, load the page again, and try once more. The browser must allow our cookie.",
            )

    def remember(self, response: Response, token: str) -> None:
        """Give the browser its cookie: gone when it closes, unseen by scripts, sent to this site alone."""
        response.set_cookie(
            self.cookie, token, path="/", secure=self.secure, httponly=True, samesite="strict"
        )


async def read_posted(request: Request, most: int) -> Posted:
    """Return the fields and files of a post of at most so many bytes. Raises Problem and :class:`Stop`."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        raise Stop(415, "This could not be read", "Go back, load the page again, and try once more.")
    if kind.startswith("multipart/"):
        return await _multipart(request, most)
    return await _urlencoded(request)


async def _urlencoded(request: Request) -> Posted:
    body = b"".join([part async for part in limited(request.stream(), 2 * 1024 * 1024)])
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as trouble:
        raise Stop(400, "This could not be read", "Go back and try once more.") from trouble
    return Posted(fields)


async def _multipart(request: Request, most: int) -> Posted:
    parser = MultiPartParser(
        request.headers,
        _bytes(limited(request.stream(), most)),
        max_files=20,
        max_fields=MAX_FIELDS,
        max_part_size=MAX_FIELD,
    )
    parser.spool_max_size = most  # nothing plain on the disk beside the database
    try:
        form = await parser.parse()
    except MultiPartException as trouble:
        raise Stop(400, "This could not be read", "Go back and try once more.") from trouble
    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if value.filename:
                files.setdefault(name, []).append(Upload(value.filename, await value.read()))
        else:
            fields.setdefault(name, []).append(value)
    await form.close()
    return Posted(fields, files)


async def _bytes(stream: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    async for part in stream:
        yield part
