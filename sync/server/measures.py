"""What is counted for Prometheus. Labels are words of this code: never an id, a name or an address."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree

from sync.protocol import Answer
from sync.server import examine, intake
from sync.server.gate import Answered
from sync.server.lag import Lag

if TYPE_CHECKING:
    from sqlalchemy.pool import Pool

REASONS: Mapping[str, str] = {
    intake.NEVER: "never had the case",
    intake.DIFFERENT: "another change under its id",
    intake.ELSEWHERE: "supersedes another row",
    examine.WHOLE: "its group",
}
"""What a refusal is counted as; any other is *unreadable*: its sentence may name what was sent."""

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60)


class Measures:
    """The counts of one process, of every process together when prometheus-client is told so (`serving`)."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        labels = ("method", "route", "status")
        self._requests = Counter("ascdesk_requests", "Requests answered", labels, registry=registry)
        self._seconds = Histogram(
            "ascdesk_request_seconds",
            "Time from the first byte of a request to the end of its answer",
            ("method", "route"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._in_hand = self._gauge("ascdesk_requests_in_hand", "Requests that are being answered")
        changes = ("outcome", "reason")
        self._changes = Counter("ascdesk_changes", "Changes answered for", changes, registry=registry)
        self._taken = self._gauge("ascdesk_database_connections_taken", "Database connections in use")
        self._none_free = Counter(
            "ascdesk_database_connections_none_free",
            "Requests sent away because no database connection was free in time",
            registry=registry,
        )

    def _gauge(self, name: str, words: str) -> Gauge:
        return Gauge(name, words, registry=self.registry, multiprocess_mode="livesum")

    def began(self) -> None:
        """Count a request in hand."""
        self._in_hand.inc()

    def ended(self, answered: Answered) -> None:
        """Count a request that is over."""
        self._in_hand.dec()
        self._requests.labels(answered.method, answered.route, str(answered.status)).inc()
        self._seconds.labels(answered.method, answered.route).observe(answered.seconds)

    def answered(self, answers: Iterable[Answer]) -> None:
        """Count what became of the changes of a push."""
        tally = Tally((one.outcome, _reason(one)) for one in answers)
        for (outcome, reason), times in tally.items():
            self._changes.labels(outcome, reason).inc(times)

    def none_free(self) -> None:
        """Count a request that waited in vain for a database connection."""
        self._none_free.inc()

    def watch(self, engine: Engine) -> None:
        """Count the connections that are taken from an engine's pool."""
        pool: Pool = engine.pool
        event.listen(pool, "checkout", self._taken_one)
        event.listen(pool, "checkin", self._given_back)

    def _taken_one(self, *_: Any) -> None:  # noqa: ANN401 (the pool's own)
        self._taken.inc()

    def _given_back(self, *_: Any) -> None:  # noqa: ANN401
        self._taken.dec()


def _reason(answer: Answer) -> str:
    return REASONS.get(answer.reason, "unreadable") if answer.reason else ""


class LagCollector(Collector):
    """What waits to be projected, read from the database when Prometheus asks."""

    def __init__(self, lag: Lag) -> None:
        self._lag = lag

    def collect(self) -> Iterator[Metric]:
        """Yield the figures; ``ascdesk_database_up`` alone when the database does not answer."""
        up = GaugeMetricFamily("ascdesk_database_up", "Whether the database answered just now")
        try:
            found = self._lag.look()
        except (DBAPIError, NoneFree):
            up.add_metric((), 0)
            yield up
            return
        up.add_metric((), 1)
        yield up
        for name, words, value in (
            ("ascdesk_projecting_behind_cases", "Cases whose typed tables are behind the log", found.cases),
            ("ascdesk_projecting_behind_changes", "Changes that wait to be projected", found.changes),
            ("ascdesk_projecting_behind_seconds", "How long the oldest of them has waited", found.seconds),
            ("ascdesk_unprojected_changes", "Changes that fit no typed table", found.unprojected),
        ):
            family = GaugeMetricFamily(name, words)
            family.add_metric((), value)
            yield family
