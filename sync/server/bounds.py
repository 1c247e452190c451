"""How much one server process takes on at a time, and how long anything may take: nobody waits for ever."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of one process. Times in seconds; each may be set for ``ascdesk-server run``."""

    connections: int = 20
    """Connections to the database, at most. All processes together stay below its ``max_connections``."""
    connection_wait: float = 5.0
    """So long a request waits for one to be free; then the laptop is asked to come again."""
    statement: float = 30.0
    """One question to the database."""
    lock: float = 10.0
    """Waiting for a case that another request writes to."""
    idle: float = 30.0
    """A transaction that stands open while nothing is asked: what is stuck lets go of its case."""
    request: float = 50.0
    """One request, from its first byte to the beginning of its answer: laptops wait a minute."""
    in_hand: int = 200
    """Requests at a time; one more is asked to come again at once."""
    stop: float = 60.0
    """So long a server that was told to stop works on what it has in hand."""

    def postgres_options(self) -> str:
        """Return the time limits as PostgreSQL takes them when a connection begins."""
        limits = {
            "statement_timeout": self.statement,
            "lock_timeout": self.lock,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return " ".join(f"-c {name}={int(seconds * 1000)}" for name, seconds in limits.items())
