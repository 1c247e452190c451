"""Asking an ASGI application without a socket."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from fastapi import FastAPI

BASE = "http://council.test"


def ask(app: FastAPI, method: str, path: str, **parts: Any) -> httpx.Response:
    """Return the application's answer; what it does after answering is done when this returns."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, **parts)

    return asyncio.run(asked())
