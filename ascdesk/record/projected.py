"""What every typed row has: its case, its id, the fields in conflict, and what this version does not know."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ascdesk.record.tables import Base, JsonText


class Projected(Base):
    """A typed row of one case: its columns are the fields that changes may set."""

    __abstract__ = True

    case: Mapped[str] = mapped_column(String(36), index=True)
    row: Mapped[str] = mapped_column(String(36), primary_key=True)
    conflicts: Mapped[list[Any] | None] = mapped_column(JsonText)
    other: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
