"""Where hands find their driver: known to both ends without Qt."""

from __future__ import annotations

import os
from typing import Final

HANDS: Final = "ASCDESK_HANDS"


def hands_wanted() -> str:
    """Return the driver's address and key from the environment, or nothing."""
    return os.environ.get(HANDS, "")
