"""The gate: what is turned away, what is bounded, and what is told of a request."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from sync.server.bounds import Bounds
from sync.server.gate import Answered, Door, Gate


class Told:
    """Hears of requests."""

    def __init__(self) -> None:
        self.begun = 0
        self.heard: list[Answered] = []

    def began(self) -> None:
        self.begun += 1

    def ended(self, answered: Answered) -> None:
        self.heard.append(answered)


class Scene:
    """A gate before an application whose one slow address waits until it is let go on."""

    def __init__(self, bounds: Bounds = Bounds()) -> None:  # noqa: B008 (frozen)
        app = FastAPI()
        app.add_api_route("/quick/{name}", self.quick)
        app.add_api_route("/slow", self.slow)
        app.add_api_route("/health", self.quick_health)
        self.door, self.told = Door(), Told()
        self.gate = Gate(app, bounds, self.door, (self.told,))
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        self.finished = False

    def quick(self, name: str) -> PlainTextResponse:
        return PlainTextResponse(name)

    def quick_health(self) -> PlainTextResponse:
        return PlainTextResponse("alive")

    async def slow(self) -> PlainTextResponse:
        self.reached.set()
        await self.go_on.wait()
        self.finished = True
        return PlainTextResponse("done")

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self.gate), base_url="http://council.test")


def test_a_request_is_told_by_its_kind_alone() -> None:
    async def act() -> list[Answered]:
        scene = Scene()
        async with scene.client() as client:
            await client.get("/quick/noor")
            await client.request("NOOR", "/nowhere/noor")
        return scene.told.heard

    found = [(one.method, one.route, one.status) for one in asyncio.run(act())]
    assert found == [("GET", "/quick/{name}", 200), ("other", "other", 404)]


def test_told_to_stop_it_ends_what_it_has_and_turns_the_next_away() -> None:
    """Named mutation: a closed door that lets everybody in."""

    async def act() -> tuple[httpx.Response, ...]:
        scene = Scene()
        async with scene.client() as client:
            first = asyncio.create_task(client.get("/slow"))
            await scene.reached.wait()
            scene.door.closed = True
            second, health = await client.get("/quick/x"), await client.get("/health")
            assert scene.gate.in_hand == 1
            scene.go_on.set()
            return await first, second, health

    first, second, health = asyncio.run(act())
    assert (first.status_code, first.text, health.status_code) == (200, "done", 200)
    assert (second.status_code, second.json()["error"], second.headers["retry-after"]) == (
        503,
        "stopping",
        "5",
    )


def test_more_than_it_can_have_in_hand_is_asked_to_come_again() -> None:
    async def act() -> tuple[httpx.Response, httpx.Response, httpx.Response]:
        scene = Scene(Bounds(in_hand=1))
        async with scene.client() as client:
            first = asyncio.create_task(client.get("/slow"))
            await scene.reached.wait()
            second = await client.get("/quick/x")
            scene.go_on.set()
            return await first, second, await client.get("/quick/x")

    assert [one.status_code for one in asyncio.run(act())] == [200, 503, 200]


def test_what_takes_too_long_is_answered_for_and_still_comes_to_its_end() -> None:
    async def act() -> tuple[httpx.Response, bool, bool]:
        scene = Scene(Bounds(request=0.01))
        async with scene.client() as client:
            asked = asyncio.create_task(client.get("/slow"))
            while not scene.told.begun or not scene.gate.in_hand or not scene.reached.is_set():
                await asyncio.sleep(0)
            done, _ = await asyncio.wait({asked}, timeout=0.2)
            assert not done, "the request is in hand until its work is over, so a stop waits for it"
            before = scene.finished
            scene.go_on.set()
            return await asked, before, scene.finished

    answer, before, after = asyncio.run(act())
    assert (answer.status_code, answer.headers["retry-after"], answer.json()["error"]) == (503, "5", "busy")
    assert (before, after) == (False, True)


@pytest.mark.parametrize("kind", ["raises"])
def test_an_application_that_fails_is_counted_as_500(kind: str) -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError(kind)

    told = Told()
    gate = Gate(fails, Bounds(), Door(), (told,))

    async def act() -> None:
        transport = httpx.ASGITransport(app=gate, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://council.test") as client:
            await client.get("/x")

    asyncio.run(act())
    assert [one.status for one in told.heard] == [500]
    assert gate.in_hand == 0
