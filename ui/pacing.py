"""When a laptop asks the council's server again: seldom where all is well, later and later in trouble.

Never two thousand laptops at one moment: each pause is drawn. What the server asks for is the least.
"""

from __future__ import annotations

from typing import Final

SECONDS_BETWEEN: Final = 300.0
"""Between two exchanges where all is well; also the longest that trouble makes anybody wait."""

SECONDS_AT_FIRST: Final = 30.0
"""After the first exchange that did not work; doubled with each that follows."""

_SPREAD: Final = 0.4


def pause(failures: int, asked: float | None, drawn: float) -> float:
    """Return the seconds until the next exchange.

    ``failures`` is how many went wrong one after the other, ``asked`` what the server said (Retry-After, in
    seconds), ``drawn`` a number from 0 to 1 of this laptop's own.
    """
    doublings = min(max(failures - 1, 0), 10)
    seconds = SECONDS_BETWEEN if failures == 0 else min(SECONDS_AT_FIRST * 2**doublings, SECONDS_BETWEEN)
    seconds *= 1 - _SPREAD / 2 + _SPREAD * drawn
    if asked is None:
        return seconds
    return max(seconds, asked * (1 + _SPREAD * drawn))
