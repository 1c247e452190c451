"""When typed tables follow the log after a push: at once, or after a pause while a laptop sends much."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

MUCH = 1_000
"""Changes in a push after which another is to be expected: a laptop that was away for long sends in parts."""
PAUSE = 1.0
"""Seconds without a further large push after which the tables follow: the laptop's next push goes first."""
MOST = 5.0
"""Seconds that tables wait at most while large pushes go on and on."""


class Follower:
    """Has the typed tables follow what was pushed. One for each process; used on its event loop alone."""

    def __init__(self, follow: Callable[[tuple[str, ...]], None]) -> None:
        self._follow = follow
        self._waiting: set[str] = set()
        self._since = 0.0
        self._pushes = 0

    async def after(self, cases: tuple[str, ...], changes: int) -> None:
        """Follow what came in these cases by a push of so many changes."""
        if changes < MUCH:
            await run_in_threadpool(self._follow, cases)
            return
        now = asyncio.get_running_loop().time
        if not self._waiting:
            self._since = now()
        self._waiting |= set(cases)
        self._pushes += 1
        push = self._pushes
        await asyncio.sleep(PAUSE)
        if self._waiting and (push == self._pushes or now() - self._since >= MOST):
            held, self._waiting = tuple(sorted(self._waiting)), set()
            await run_in_threadpool(self._follow, held)
