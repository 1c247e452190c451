"""Kinds of service in a plan: which kind a line is, and what the council wants to know of that kind."""

from __future__ import annotations

from collections.abc import Sequence

from ascdesk.councils.money import Service
from ascdesk.record.change import Json
from ascdesk.work.fields import Row


def service_of(services: Sequence[Service], line: Row) -> Service | None:
    """Return the kind of service that a line is by its type and component; nothing for any other."""
    said = (line.value("service_type"), line.value("service_component"))
    return next((one for one in services if (one.service_type, one.component) == said), None)


def lacking(service: Service, line: Row) -> tuple[str, ...]:
    """Return the fields that this kind of service asks for and the line does not say yet."""
    return tuple(field for field in service.asks if line.value(field) in (None, "", [], {}))


def facts_of(service: Service, line: Row) -> dict[str, Json]:
    """Return what choosing a kind of service sets; a unit that was chosen already stays.

    The council's rate is no part of it: a price is what the provider asks.
    """
    facts: dict[str, Json] = {"service_type": service.service_type, "service_component": service.component}
    return facts if line.value("unit") else facts | {"unit": service.unit.value}
