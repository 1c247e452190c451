"""Files that come with a web form: known by what is in them, never by what they are called."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, insert, select

from ascdesk.errors import Refusal
from ascdesk.forms.model import Node
from ascdesk.record.change import new_id
from ascdesk.work.pictures import without_its_story
from ascdesk.work.sending import named
from sync.server.attachments import Who, keep_whole
from sync.server.web import tables
from sync.server.web.reading import Upload

Json = Any
_STARTS = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
}
_ENDS = {
    "application/pdf": b"%%EOF",
    "image/jpeg": b"\xff\xd9",
    "image/png": b"IEND\xaeB`\x82",
}
_NAMES = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}


def type_of(content: bytes) -> str | None:
    """Return the media type that the content itself shows: its first bytes and how it ends."""
    for kind, starts in _STARTS.items():
        if content.startswith(starts) and _ENDS[kind] in content[-1024:]:
            return kind
    return None


def check(upload: Upload, node: Node, megabytes: int) -> str:
    """Return the type of a file that may be kept. Raises :class:`Refusal`, saying what may."""
    title = title_of(upload.filename)
    most = min(Decimal(megabytes), node.max_size or Decimal(megabytes))
    if not upload.content:
        raise Refusal(f"“{title}” is empty. Choose another file.")
    if len(upload.content) > most * 1_000_000:
        raise Refusal(f"“{title}” is larger than {most} MB. Choose a smaller file.")
    kind = type_of(upload.content)
    wanted = [one for one in _NAMES if not node.mime_types or one in node.mime_types]
    if kind is None or kind not in wanted:
        raise Refusal(f"“{title}” must be a {' or '.join(_NAMES[one] for one in wanted)}.")
    return kind


def title_of(filename: str) -> str:
    """Return a file's name as words to show: no folders, nothing that hides, not too long. Never a path."""
    name = re.split(r"[\\/]", filename)[-1]
    name = "".join(c for c in name if c.isprintable()).strip(". ") or "A file"
    return name if len(name) <= 100 else f"{name[:60]}…{name[-30:]}"


def keep(connection: Connection, draft: str, upload: Upload, kind: str, now: int) -> Json:
    """Keep a file with its draft, and return the FHIR attachment that stands for it.

    A picture is kept without what its camera wrote into it: nobody who shows a step means to tell where
    they live. Raises :class:`Refusal` for a picture that cannot be opened.
    """
    title = title_of(upload.filename)
    content = without_its_story(upload.content, title) if kind.startswith("image/") else upload.content
    digest = hashlib.sha256(content).hexdigest()
    row = {"id": new_id(), "draft": draft, "case": None, "sha256": digest, "content_type": kind, "at": now}
    connection.execute(insert(tables.upload).values(row | {"title": title, "content": content}))
    facts = {"contentType": kind, "size": len(content), "title": title, "id": row["id"]}
    return facts | {"url": named(digest)}


def check_number(connection: Connection, draft: str, most: int) -> None:
    """Raise :class:`Refusal` when a draft has as many files as it may."""
    query = select(func.count()).select_from(tables.upload).where(tables.upload.c.draft == draft)
    if (connection.scalar(query) or 0) >= most:
        raise Refusal(f"You can send {most} files at most. Remove one first.")


def drop(connection: Connection, draft: str, upload_id: str) -> None:
    """Remove a file of a draft."""
    columns = tables.upload.c
    mine = (columns.id == upload_id, columns.draft == draft, columns.case.is_(None))
    connection.execute(tables.upload.delete().where(*mine))


def give_to_case(connection: Connection, draft: str, case: str, who: Who) -> None:
    """Keep a sent form's files with its case, as the answer names them: laptops fetch them like photos."""
    where = tables.upload.c.draft == draft
    for content in connection.scalars(select(tables.upload.c.content).where(where)).all():
        keep_whole(connection, who, case, content)
    connection.execute(tables.upload.delete().where(where))
