"""A digest of one case: the same wherever the same changes are held, on a laptop or on the server."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ascdesk.record.models import models
from ascdesk.record.tables import ChangeRow, HeadRow


@dataclass(frozen=True, slots=True)
class Digest:
    """What a case's projection comes to: ``digest`` is hex SHA-256; the counts say how much it covers."""

    case: str
    digest: str
    changes: int
    heads: int
    rows: int

    def as_json(self) -> dict[str, Any]:
        """Return the digest as JSON-able parts."""
        return asdict(self)


def digest(connection: Connection, case: str) -> Digest:
    """Return the digest of a case's heads and of every typed row, in an order of their own."""
    total = hashlib.sha256()
    heads = rows = 0
    query = (
        select(HeadRow.entity, HeadRow.row, HeadRow.field, ChangeRow.hash)
        .join(ChangeRow, ChangeRow.id == HeadRow.id)
        .where(HeadRow.case == case)
    )
    for head in sorted(map(tuple, connection.execute(query))):
        heads += 1
        total.update(_line(["head", *head]))
    for entity, model in sorted(models().items()):
        table = model.__table__
        found = connection.execute(select(table).where(table.c.case == case)).mappings()
        for row in sorted(found, key=lambda held: str(held["row"])):
            rows += 1
            total.update(_line(["row", entity, {name: row[name] for name in sorted(table.c.keys())}]))
    count = connection.scalar(select(func.count()).select_from(ChangeRow).where(ChangeRow.case == case))
    return Digest(case=case, digest=total.hexdigest(), changes=count or 0, heads=heads, rows=rows)


def _line(parts: list[Any]) -> bytes:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode() + b"\n"
