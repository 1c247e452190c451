"""Where hands find their driver: known to both ends without Qt."""

from __future__ import annotations

import os
from typing import Final

HANDS: Final = "ASCDESK_HANDS"


HANDS_KIND: Final = "ASCDESK_HANDS_KIND"
"""Whether they are to be a mouse, a keyboard or fingers."""


def hands_wanted() -> str:
    """Return the driver's address and key from the environment, or nothing."""
    return os.environ.get(HANDS, "")


def hands_kind() -> str:
    """Return what kind of hands the driver wants: a mouse where it says nothing."""
    return os.environ.get(HANDS_KIND, "mouse")
