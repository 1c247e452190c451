"""The addresses at which laptops send and fetch the bytes of cases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool

from ascdesk.errors import Unreadable
from sync.protocol import PIECE, Standing, text
from sync.server import attachments
from sync.server.attachments import Who
from sync.server.body import limited, read_json

Json = Any
_ONE = "/cases/{case}/attachments/{sha256}"


def attachment_routes(engine: Engine, who: Callable[[Request, str], Who]) -> APIRouter:
    """Return the routes. ``who`` says whose laptop asks, or raises :class:`Problem`."""
    routes = APIRouter(prefix="/v1")

    @routes.get(_ONE)
    def standing(request: Request, case: str, sha256: str, v: str) -> Response:
        return _told(attachments.standing(engine, who(request, v), case, sha256))

    @routes.put(_ONE)
    async def put(request: Request, case: str, sha256: str, *, v: str, size: int, offset: int) -> Response:
        asked = await run_in_threadpool(who, request, v)
        data = b"".join([part async for part in limited(request.stream(), PIECE)])
        keep = partial(attachments.put_piece, engine, asked, case, sha256)
        return _told(await run_in_threadpool(keep, size=size, offset=offset, data=data))

    @routes.post(_ONE + "/finish")
    def finish(request: Request, case: str, sha256: str, v: str) -> Response:
        return _told(attachments.finish(engine, who(request, v), case, sha256))

    @routes.get(_ONE + "/pieces/{number}")
    def piece(request: Request, case: str, sha256: str, number: int, v: str) -> Response:
        data = attachments.read_piece(engine, who(request, v), case, sha256, number)
        # said to be packed in no way, so that nobody tries to pack a picture once more
        headers = {"Content-Encoding": "identity", "Cache-Control": "no-store"}
        return Response(data, media_type="application/octet-stream", headers=headers)

    @routes.post("/attachments/have")
    async def have(request: Request) -> Response:
        parts = await read_json(request)
        asked = await run_in_threadpool(who, request, text(parts, "device"))
        found = await run_in_threadpool(attachments.have, engine, asked, _read_asked(parts.get("cases")))
        return JSONResponse({"cases": found})

    return routes


def _told(found: Standing) -> Response:
    parts: dict[str, Json] = {"received": found.received}
    return JSONResponse(parts if found.held_at is None else parts | {"held_at": found.held_at})


def _read_asked(parts: Json) -> dict[str, list[str]]:
    if not isinstance(parts, dict):
        raise Unreadable("The request names no cases.")
    for names in parts.values():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise Unreadable("The request names files that are none.")
    return parts
