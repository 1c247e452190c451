"""What a laptop keeps for itself beside the log: it cannot be rebuilt, and it never travels."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ascdesk.record.store import LocalBase
from ascdesk.record.tables import JsonText


class Setting(LocalBase):
    """A local setting: who and which laptop this is, the council's epoch, the place last worked at."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[Any] = mapped_column(JsonText)


class Outgoing(LocalBase):
    """A change that the council has not yet receipted; gone only with the receipt.

    ``editor`` names the open editor that may still fold into it; ``reason`` says why it needs attention.
    """

    __tablename__ = "outgoing"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case: Mapped[str] = mapped_column(String(36), index=True)
    group: Mapped[str] = mapped_column(String(36))
    editor: Mapped[str | None]
    batch: Mapped[str | None] = mapped_column(String(36), index=True)
    reason: Mapped[str | None] = mapped_column(Text)


class BatchRow(LocalBase):
    """A batch as it was stored before it was first sent; sent again unchanged until it is answered."""

    __tablename__ = "batch"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    first_seq: Mapped[int] = mapped_column(BigInteger)
    previous_link: Mapped[str]


class CursorRow(LocalBase):
    """How far a case was pulled: the version, and the id that stood there."""

    __tablename__ = "cursor"

    case: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    id: Mapped[str] = mapped_column(String(36))


class Step(LocalBase):
    """A named operation of this laptop that may be undone: ``kind`` is do, undo or redo."""

    __tablename__ = "step"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    group: Mapped[str] = mapped_column(String(36), index=True)
    case: Mapped[str] = mapped_column(String(36), index=True)
    name: Mapped[str]
    kind: Mapped[str]
    reverses: Mapped[str | None] = mapped_column(String(36))
    undone: Mapped[bool] = mapped_column(Boolean, default=False)
    closed: Mapped[bool] = mapped_column(Boolean, default=False)


class Reading(LocalBase):
    """That a worker opened a case: kept offline, for the council's audit; it holds no content."""

    __tablename__ = "reading"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case: Mapped[str] = mapped_column(String(36))
    author: Mapped[str]
    at: Mapped[str]
    sent: Mapped[bool] = mapped_column(Boolean, default=False)


class AttachmentRow(LocalBase):
    """Bytes that belong to a case: the name of their file here, its key, and who else holds them.

    A row without a key stands for bytes that the council holds and this laptop asked for.
    """

    __tablename__ = "attachment"

    case: Mapped[str] = mapped_column(String(36), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    file: Mapped[str | None] = mapped_column(String(36))
    key: Mapped[bytes | None] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]  # here, sent, held, asked, loose: ascdesk.record.attachments
    receipt: Mapped[str | None]  # when the council's server took the whole of it
    reason: Mapped[str | None] = mapped_column(Text)  # why the council could not take it
