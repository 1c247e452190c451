"""The reference server as an ASGI application. It is passed what it needs, and keeps nothing itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, BackgroundTasks, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from ascdesk.errors import PlainError, Unreadable
from sync.orders import Asked
from sync.protocol import (
    MAX_CHANGES,
    MAX_READINGS,
    PAGE,
    PROTOCOL,
    PULLS_FROM,
    About,
    Enrolled,
    Pushed,
    User,
    as_json,
    listed,
    number,
    pulled_json,
    pushed_json,
    read_cursors,
    text,
    texts,
)
from sync.server.accounts import find_user, register_device, works_on
from sync.server.asking import ask
from sync.server.attachment_routes import attachment_routes
from sync.server.attachments import Who, forget_burned
from sync.server.beside import lacking
from sync.server.body import Problem, read_json, too_large
from sync.server.database import SENTENCES, council_of, reading, trouble_of, writing
from sync.server.following import Follower
from sync.server.health import health_routes
from sync.server.intake import Sender, note, take_in
from sync.server.issuer import BuiltInIssuer
from sync.server.lag import Lag
from sync.server.leasing import lease_for
from sync.server.packs import held_pack
from sync.server.pages import pull
from sync.server.projecting import catch_up
from sync.server.removals import Opening, note_openings, removal_orders
from sync.server.signin import issuer_routes
from sync.server.tokens import IssuerSettings, TokenCheck, outside_keys

if TYPE_CHECKING:
    from sync.server.measures import Measures
    from sync.server.web.setup import WebOptions

Json = Any

_STATUS = {"full": (507, None), "busy": (503, 5), "again": (503, 2), "away": (503, 30)}


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """How a process is watched: how far projecting is behind, what is counted, whether it is stopping."""

    lag: Lag
    measures: Measures | None = None
    stopping: Callable[[], bool] = _never


@dataclass(frozen=True, slots=True)
class Desk:
    """What every request needs: the database, who signs people in, and the time."""

    engine: Engine
    issuer: IssuerSettings
    check: TokenCheck
    now: Callable[[], float]
    watch: Watch

    def at(self) -> str:
        """Return the time for the record: ISO 8601, UTC, to the millisecond."""
        moment = datetime.fromtimestamp(self.now(), UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def create_app(
    engine: Engine,
    issuer: IssuerSettings,
    *,
    now: Callable[[], float] = time.time,
    fetch: Callable[[str], Json] | None = None,
    web: WebOptions | None = None,
    watch: Watch | None = None,
) -> FastAPI:
    """Return the server over an initialised database. ``fetch`` gets the JSON of an outside issuer.

    With ``web`` it serves the public's forms below ``/apply`` too. ``watch`` is how its process is watched.
    """
    watch = watch or Watch(Lag(engine, now))
    app = FastAPI(title="ASC Desk council server", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=700, compresslevel=5)
    if issuer.outside:
        keys = outside_keys(issuer, fetch or fetch_json)
    else:
        built_in = BuiltInIssuer(engine, issuer, now)
        built_in.prepare()
        keys = built_in.keys
        with reading(engine) as connection:
            council = council_of(connection)
        app.include_router(issuer_routes(built_in, council.name), prefix="/issuer")
    desk = Desk(engine, issuer, TokenCheck(issuer, keys, now), now, watch)
    app.include_router(health_routes(engine, watch.lag, watch.stopping))
    app.include_router(_open_routes(desk))
    app.include_router(_laptop_routes(desk))
    app.include_router(attachment_routes(engine, partial(_who, desk)))
    if web is not None:
        app.include_router(_web_routes(engine, web, now))
    app.add_exception_handler(Problem, _tell_problem)
    app.add_exception_handler(PlainError, _tell_plain)
    app.add_exception_handler(DBAPIError, _tell_trouble)
    app.add_exception_handler(NoneFree, partial(_tell_none_free, watch))
    return app


def _web_routes(engine: Engine, web: WebOptions, now: Callable[[], float]) -> APIRouter:
    from sync.server.web.setup import routes_of  # noqa: PLC0415 (templates: only where pages are served)

    return routes_of(engine, web, now)


def fetch_json(url: str) -> Json:
    """Fetch JSON from an outside issuer."""
    import httpx  # noqa: PLC0415 (only with an outside issuer)

    return httpx.get(url, timeout=10, follow_redirects=False).raise_for_status().json()


def _open_routes(desk: Desk) -> APIRouter:
    routes = APIRouter()

    @routes.get("/v1/about")
    def about() -> dict[str, Json]:
        with reading(desk.engine) as connection:
            council = council_of(connection)
        return as_json(About(council=council, issuer=desk.issuer.url, client_id=desk.issuer.client_id))

    return routes


def _laptop_routes(desk: Desk) -> APIRouter:
    routes = APIRouter(prefix="/v1")

    @routes.post("/enrol")
    async def enrol(request: Request) -> Response:
        worker = await run_in_threadpool(_worker, desk, request)
        parts = await read_json(request)
        return JSONResponse(await run_in_threadpool(_enrol, desk, worker, parts))

    @routes.get("/same")
    def same(request: Request, d: str, v: str, b: str = "") -> Response:
        subject = _subject(desk, request)
        with reading(desk.engine) as connection:
            said = ask(connection, subject, v, d, b)
            if said is None:
                _check_device(connection, _known(connection, subject), v)
                raise Problem(503, "again", SENTENCES["again"], retry_after=2)  # meanwhile it is: ask again
        pack = {"pack": said.pack} if said.pack else {}
        if said.same:
            return JSONResponse({"same": True, **pack})
        return JSONResponse({"same": False, "council": said.council, "epoch": said.epoch, **pack})

    @routes.post("/lease")
    async def lease(request: Request) -> Response:
        subject = await run_in_threadpool(_subject, desk, request)
        parts = await read_json(request)
        return JSONResponse(await run_in_threadpool(_lease, desk, subject, parts))

    @routes.get("/pack")
    def pack(request: Request, v: str) -> Response:
        worker = _worker(desk, request)
        with reading(desk.engine) as connection:
            _check_device(connection, worker, v)
            held = held_pack(connection)
        if held is None:
            raise Problem(404, "no-pack", "The council's server has no pack of its own.")
        return JSONResponse({"pack": held})

    follower = Follower(partial(_follow, desk.engine))

    @routes.post("/push")
    async def push(request: Request, later: BackgroundTasks) -> Response:
        worker = await run_in_threadpool(_worker, desk, request)
        parts = await read_json(request)
        answer, cases = await run_in_threadpool(_push, desk, worker, parts)
        if cases:
            later.add_task(follower.after, cases, len(answer["answers"]))
        return JSONResponse(answer, background=later)

    @routes.post("/pull")
    async def pull_pages(request: Request) -> Response:
        worker = await run_in_threadpool(_worker, desk, request)
        parts = await read_json(request)
        return JSONResponse(await run_in_threadpool(_pull, desk, worker, parts))

    @routes.post("/readings")
    async def readings(request: Request) -> Response:
        worker = await run_in_threadpool(_worker, desk, request)
        parts = await read_json(request)
        return JSONResponse(await run_in_threadpool(_readings, desk, worker, parts))

    return routes


def _subject(desk: Desk, request: Request) -> str:
    """Return whom the issuer says that this request is from. Raises :class:`Problem`."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    subject = desk.check.subject(token.strip()) if kind.lower() == "bearer" else None
    if subject is None:
        raise Problem(401, "sign-in", "Sign in again to carry on with the council's server.")
    return subject


def _lease(desk: Desk, subject: str, parts: Json) -> dict[str, Json]:
    """Return the lease of a laptop, also of one that is out of use: it is to hear so."""
    with reading(desk.engine) as connection:
        found = lease_for(connection, subject, text(parts, "device"), desk.at(), text(parts, "nonce"))
    if found is None:
        raise Problem(404, "no-lease", "This laptop is not enrolled with the council's server.")
    return found.as_json()


def _worker(desk: Desk, request: Request) -> User:
    """Return whose request this is. Raises :class:`Problem`."""
    subject = _subject(desk, request)
    with reading(desk.engine) as connection:
        return _known(connection, subject)


def _known(connection: Connection, subject: str) -> User:
    worker = find_user(connection, subject)
    if worker is None:
        raise Problem(403, "unknown-user", "The council's server does not know you. Ask your administrator.")
    return worker


def _check_device(connection: Connection, worker: User, device: str) -> None:
    if not works_on(connection, worker, device):
        raise Problem(
            403, "unknown-device", "This laptop is not enrolled with the council's server any more."
        )


def _who(desk: Desk, request: Request, device: str) -> Who:
    """Return whose laptop asks about the bytes of cases. Raises :class:`Problem`."""
    worker = _worker(desk, request)
    with reading(desk.engine) as connection:
        _check_device(connection, worker, device)
    return Who(worker.id, device, desk.at())


def _enrol(desk: Desk, worker: User, parts: Json) -> dict[str, Json]:
    device = text(parts, "device")
    if not 8 <= len(device) <= 36 or len(name := text(parts, "name", "")) > 200:
        raise Unreadable("The laptop's id or name is too long or too short.")
    register_device(desk.engine, worker, device, name, desk.at())
    with reading(desk.engine) as connection:
        return as_json(Enrolled(device=device, user=worker, council=council_of(connection)))


def _push(desk: Desk, worker: User, parts: Json) -> tuple[dict[str, Json], tuple[str, ...]]:
    device, changes = text(parts, "device"), listed(parts, "changes")
    if not isinstance(version := parts.get("protocol"), int) or version > PROTOCOL:
        raise Problem(
            426, "protocol", "This laptop is newer than the council's server. Its work stays here and safe."
        )
    if len(changes) > MAX_CHANGES:
        raise too_large()
    with reading(desk.engine) as connection:
        _check_device(connection, worker, device)
        council = council_of(connection)
    taken = take_in(desk.engine, Sender(worker.id, device), changes, desk.at())
    if desk.watch.measures is not None:
        desk.watch.measures.answered(taken.answers)
    return pushed_json(Pushed(council.id, council.epoch, taken.answers)), taken.cases


def _follow(engine: Engine, cases: tuple[str, ...]) -> None:
    """Project what was stored. A failure is made good later: the push itself is safe (design §6)."""
    try:
        catch_up(engine, cases)
        forget_burned(engine, cases)
    except DBAPIError as error:
        if trouble_of(error) is None:
            raise


def _pull(desk: Desk, worker: User, parts: Json) -> dict[str, Json]:
    device, cursors = text(parts, "device"), read_cursors(parts.get("cursors"))
    asked = parts.get("at_most", PAGE)
    at_most = min(PAGE, max(1, asked)) if type(asked) is int else PAGE
    if not isinstance(version := parts.get("protocol"), int) or version > PROTOCOL:
        raise Problem(426, "protocol", "This laptop is newer than the council's server. Try again later.")
    if version < PULLS_FROM:
        raise Problem(
            426,
            "upgrade",
            "The council has what this laptop sent. Update ASC Desk on this laptop to get what others wrote.",
        )
    with reading(desk.engine) as connection:
        _check_device(connection, worker, device)
        pulled = pull(connection, worker.id, cursors, at_most=at_most)
        if isinstance(held := parts.get("beside"), dict):
            pulled = replace(pulled, beside=lacking(connection, held))
        if nonce := text(parts, "nonce", ""):  # an older laptop asks for no orders
            asked = Asked(pulled.council, device, nonce[:64])
            here = {*cursors, *texts({"held": parts.get("held", [])}, "held")}
            orders = removal_orders(connection, worker.id, here, asked)
            pulled = replace(pulled, orders=orders, nonce=asked.nonce)
    rows = [
        {
            "at": desk.at(),
            "user": worker.id,
            "device": device,
            "did": "read",
            "case": page.case,
            "first_version": page.changes[0]["version"],
            "last_version": page.changes[-1]["version"],
        }
        for page in pulled.pages
    ]
    rows += [
        {"at": desk.at(), "user": worker.id, "device": device, "did": "take away", "case": order.case}
        for order in pulled.orders
    ]
    if rows:
        with writing(desk.engine) as connection:
            note(connection, rows)
    return pulled_json(pulled)


def _readings(desk: Desk, worker: User, parts: Json) -> dict[str, Json]:
    """Take in lines of a laptop's read log. A line that came before is received again and stored once."""
    device, lines = text(parts, "device"), listed(parts, "readings")
    if len(lines) > MAX_READINGS:
        raise too_large()
    openings = [
        Opening(number(line, "number"), text(line, "case")[:36], text(line, "at")[:40]) for line in lines
    ]
    with writing(desk.engine) as connection:
        _check_device(connection, worker, device)
        note_openings(connection, worker.id, device, openings)
    return {"received": [opening.number for opening in openings]}


def _told(status: int, error: str, sentence: str, retry_after: int | None = None) -> Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JSONResponse({"error": error, "sentence": sentence}, status_code=status, headers=headers)


def _tell_problem(_: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return _told(problem.status, problem.error, problem.sentence, problem.retry_after)


def _tell_plain(_: Request, trouble: Exception) -> Response:
    assert isinstance(trouble, PlainError)
    status = 400 if isinstance(trouble, Unreadable) else 403
    return _told(status, "unreadable" if status == 400 else "refused", trouble.sentence)


def _tell_trouble(_: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    word = trouble_of(error)
    if word is None:
        raise error
    status, retry_after = _STATUS[word]
    return _told(status, word, SENTENCES[word], retry_after)


def _tell_none_free(watch: Watch, _: Request, __: Exception) -> Response:
    if watch.measures is not None:
        watch.measures.none_free()
    status, retry_after = _STATUS["busy"]  # every connection to the database is taken
    return _told(status, "busy", SENTENCES["busy"], retry_after)
