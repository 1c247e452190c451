"""What travels beside the cases to every laptop: by name, and only when it is not as the laptop has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from sync.protocol import digest_beside
from sync.server.accounts import directory
from sync.server.removals import council_keys

Json = Any


def beside(connection: Connection) -> dict[str, Json]:
    """Return everything that travels beside the cases, by name."""
    return {"directory": directory(connection), "keys": council_keys(connection).as_json()}


def lacking(connection: Connection, digests: Mapping[str, str]) -> dict[str, Json]:
    """Return what a laptop with these digests does not have, or has otherwise."""
    told = beside(connection)
    return {name: told[name] for name, digest in digest_beside(told).items() if digests.get(name) != digest}
