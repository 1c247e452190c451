"""``/health`` and ``/ready``: what a load balancer and a monitor ask. They say nothing about anybody."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from sync.server.database import read_setting, reading
from sync.server.lag import Lag
from sync.server.tables import SCHEMA


def health_routes(engine: Engine, lag: Lag, stopping: Callable[[], bool]) -> APIRouter:
    """Return the routes. ``stopping`` tells whether this process was told to stop."""
    routes = APIRouter()

    @routes.get("/health")
    def health() -> dict[str, bool]:
        return {"alive": True}

    @routes.get("/ready")
    def ready(projecting: str = "") -> Response:
        """Say whether requests can be taken.

        Projecting that stands still is told, but turns nobody away unless it is asked for
        (``?projecting=must``): laptops may push all the same, and every process stands still at once.
        """
        told = {"stopping": stopping(), **_database(engine), "projecting": "unknown"}
        good = told["database"] is True and told["layout"] is True and not told["stopping"]
        if told["database"] is True:
            told["projecting"] = _projecting(lag)
        if projecting == "must" and told["projecting"] != "moving":
            good = False
        return JSONResponse({"ready": good, **told}, 200 if good else 503, {"Cache-Control": "no-store"})

    return routes


def _database(engine: Engine) -> dict[str, object]:
    """Tell whether the database answers, and has this version's layout or a newer one.

    A newer one is right: servers go on working while the next version's are started.
    """
    try:
        with reading(engine) as connection:
            layout = int(read_setting(connection, "schema") or 0)
    except (DBAPIError, NoneFree, ValueError):
        return {"database": False, "layout": False}
    return {"database": True, "layout": layout >= SCHEMA}


def _projecting(lag: Lag) -> str:
    try:
        return "stuck" if lag.stuck() else "moving"
    except (DBAPIError, NoneFree):
        return "unknown"
