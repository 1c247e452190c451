"""The log's own tables, the same on a laptop and on the council's server, and the types they use."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from ascdesk.record.change import Json

as_text = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
"""JSON as a column keeps it. Made once: ``json.dumps`` with options makes an encoder for each value."""


class JsonText(TypeDecorator[Json]):
    """A JSON value kept as text, the same bytes on every database, so that digests agree."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Json | None, dialect: Dialect) -> str | None:
        """Write the value compactly, keys sorted; ``None`` stays NULL."""
        return None if value is None else as_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Json | None:
        """Read the value back."""
        return None if value is None else json.loads(value)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept as text: SQLite has no exact decimal of its own."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write the decimal as its digits."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read the digits back; text that is no number reads as nothing."""
        if value is None:
            return None
        try:
            return Decimal(value)
        except InvalidOperation:
            return None


class Base(DeclarativeBase):
    """Everything that is stored about cases."""

    type_annotation_map = {Decimal: ExactDecimal, dict[str, Any]: JsonText, list[Any]: JsonText}  # noqa: RUF012


class ChangeRow(Base):
    """One change of the log: the one table that cannot be rebuilt from another."""

    __tablename__ = "change"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case: Mapped[str] = mapped_column(String(36))
    entity: Mapped[str]
    row: Mapped[str] = mapped_column(String(36))
    field: Mapped[str]
    kind: Mapped[str]
    value: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None]
    supersedes: Mapped[list[Any]] = mapped_column(JsonText)
    group: Mapped[str] = mapped_column(String(36))
    author: Mapped[str]
    device: Mapped[str] = mapped_column(String(36))
    wall: Mapped[str]
    schema: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str]
    value_hash: Mapped[str | None]
    device_seq: Mapped[int | None] = mapped_column(BigInteger)
    link: Mapped[str | None]
    version: Mapped[int | None] = mapped_column(BigInteger)
    received_at: Mapped[str | None]
    late: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        Index("change_row", "case", "row", "field"),
        Index("change_group", "group"),
        Index("change_version", "case", "version", unique=True),
        Index("change_device", "device", "device_seq"),
    )


class SupersededRow(Base):
    """That one change was in its author's sight when another was made, whichever of them arrived first."""

    __tablename__ = "superseded"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    by: Mapped[str] = mapped_column(String(36), primary_key=True)

    __table_args__ = (Index("superseded_by", "by"),)


class RedactedRow(Base):
    """A change or a file (by its SHA-256) of a case whose words the council ordered removed.

    Kept beside the log, because the same words may arrive later from a laptop that was offline.
    """

    __tablename__ = "redacted"

    case: Mapped[str] = mapped_column(String(36), primary_key=True)
    what: Mapped[str] = mapped_column(String(64), primary_key=True)
    redaction: Mapped[str] = mapped_column(String(36))  # the row of the order: ascdesk.record.models


class HeadRow(Base):
    """A head: a change of a field that no other supersedes, and that still says something.

    Rebuilt from the log at will.
    """

    __tablename__ = "head"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case: Mapped[str] = mapped_column(String(36))
    entity: Mapped[str]
    row: Mapped[str] = mapped_column(String(36))
    field: Mapped[str]

    __table_args__ = (Index("head_row", "case", "row"), Index("head_entity", "case", "entity"))
