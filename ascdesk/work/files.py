"""Files that are given as an answer: a picture or a PDF, known by its content, kept by its hash.

The answer carries the name of the bytes (``sending.named``) and never the bytes themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ascdesk.errors import Refusal
from ascdesk.record.record import Record
from ascdesk.work import pictures, sending

PDF = "application/pdf"
JPEG = "image/jpeg"


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be kept: what it is called, what it is, and its bytes."""

    title: str
    media_type: str
    data: bytes


def take_in(data: bytes, name: str, *, types: Collection[str] = (), most: Decimal | None = None) -> File:
    """Return a file that a question takes: a picture without its place, or a PDF as it is.

    ``types`` are the media types and ``most`` the megabytes that the question takes. Raises :class:`Refusal`.
    """
    title = title_of(name)
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        made = File(title, PDF, data)
    else:
        made = File(_as_jpeg(title), JPEG, _picture(data, title))
    if types and made.media_type not in types:
        raise Refusal(f"“{title}” cannot be attached here: only {_named(types)} can.")
    if most is not None and len(made.data) > most * 1_000_000:
        raise Refusal(f"“{title}” is larger than {most} MB, the most that can be attached here.")
    if len(made.data) > pictures.MOST_BYTES:
        raise Refusal(f"“{title}” is larger than 100 MB, the most that can be attached.")
    return made


def keep(record: Record, case: str, file: File) -> dict[str, Any]:
    """Keep a file with its case, encrypted, and return the FHIR answer that stands for it."""
    sha256 = record.attachments.keep(case, file.data)
    return {
        "valueAttachment": {
            "contentType": file.media_type,
            "title": file.title,
            "size": len(file.data),
            "url": sending.named(sha256),
        }
    }


def sha256_of(answer: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the bytes that an answer names; nothing where it names none."""
    held = answer.get("valueAttachment")
    url = held.get("url", "") if isinstance(held, Mapping) else ""
    return next(iter(sending.names_in(str(url))), "")


def title_of(name: str) -> str:
    """Return a file's name as words to show: no folders, nothing that hides, not too long. Never a path."""
    told = re.split(r"[\\/]", name)[-1]
    told = "".join(letter for letter in told if letter.isprintable()).strip(". ") or "A file"
    return told if len(told) <= 100 else f"{told[:60]}…{told[-30:]}"


def _picture(data: bytes, title: str) -> bytes:
    try:
        return pictures.take_in(data, title).data
    except Refusal as refused:
        if refused.sentence != pictures.NOT_A_PICTURE.format(name=title):
            raise
        raise Refusal(f"“{title}” is neither a picture nor a PDF, so it cannot be attached.") from refused


def _as_jpeg(title: str) -> str:
    stem, dot, _ = title.rpartition(".")
    return f"{stem if dot else title}.jpg"


def _named(types: Collection[str]) -> str:
    names = {PDF: "PDF", JPEG: "pictures", "image/png": "pictures", "image/heic": "pictures"}
    return " and ".join(dict.fromkeys(names.get(one, one) for one in types))
