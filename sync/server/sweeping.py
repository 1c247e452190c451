"""What a server does by itself now and then: project what was left behind, and remove what has run out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from sync.server.database import trouble_of
from sync.server.logs import say
from sync.server.projecting import behind, catch_up

EVERY_SECONDS = 60.0
_CASES = 20
"""Cases projected between two looks at whether to stop."""


def sweep(engine: Engine, stop: threading.Event, also: tuple[Callable[[], object], ...] = ()) -> int:
    """Project every case that is behind, some at a time, and do ``also``; return how many cases were.

    A push projects what it brought; what remains was left by a server that was stopped in between, or waits
    since a migration.
    """
    waiting, done = behind(engine), 0
    for start in range(0, len(waiting), _CASES):
        if stop.is_set():
            return done
        some = waiting[start : start + _CASES]
        catch_up(engine, some)
        done += len(some)
    for one in also:
        one()
    return done


@contextmanager
def sweeping(
    engine: Engine, also: tuple[Callable[[], object], ...] = (), every: float = EVERY_SECONDS
) -> Iterator[None]:
    """Sweep at once and every so many seconds, on a thread of its own, for as long as the block lasts."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            _try(engine, stop, also)
            stop.wait(every)

    thread = threading.Thread(target=work, name="sweeping", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _try(engine: Engine, stop: threading.Event, also: tuple[Callable[[], object], ...]) -> None:
    began = time.monotonic()
    try:
        if cases := sweep(engine, stop, also):
            say("projected", cases=cases, ms=round((time.monotonic() - began) * 1000, 1))
    except NoneFree:
        say("sweep", level=logging.WARNING, trouble="busy")
    except DBAPIError as error:
        word = trouble_of(error)
        say("sweep", level=logging.WARNING, trouble=word or "a mistake of ours", error=type(error).__name__)
