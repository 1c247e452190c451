"""Reading a request's body within limits, packed or not, before anybody looks at it."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from sync.protocol import MAX_BODY, MAX_UNPACKED

FORM_LIMIT = 64 * 1024


class Problem(Exception):
    """A request that is not done: its status, a word for programs and a sentence for people."""

    def __init__(self, status: int, error: str, sentence: str, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.error = error
        self.sentence = sentence
        self.retry_after = retry_after


def too_large() -> Problem:
    """Return the answer to a request that is too large."""
    return Problem(
        413, "too-large", "That was too much at once for the council's server. Send it in smaller parts."
    )


async def read_json(request: Request) -> Any:  # noqa: ANN401 (any JSON)
    """Return a request's JSON. Raises :class:`Problem` when it is too large or cannot be read."""
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "gzip":
        body = await unpack(limited(request.stream(), MAX_BODY), MAX_UNPACKED)
    elif encoding == "identity":
        body = await _joined(limited(request.stream(), MAX_BODY))
    else:
        raise Problem(415, "encoding", "The council's server reads gzip or plain JSON only.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as trouble:
        raise Problem(400, "unreadable", "The council's server could not read what was sent.") from trouble


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a small HTML form; of two with one name, the last."""
    body = await _joined(limited(request.stream(), FORM_LIMIT))
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=40))
    except ValueError as trouble:
        raise Problem(400, "unreadable", "The form could not be read.") from trouble


async def limited(stream: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    """Yield what comes, up to ``most`` bytes; then raise :class:`Problem`."""
    total = 0
    async for part in stream:
        total += len(part)
        if total > most:
            raise too_large()
        yield part


async def unpack(stream: AsyncIterator[bytes], most: int) -> bytes:
    """Return what a gzip stream holds, never making more than ``most`` bytes of it: bombs end here."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    parts: list[bytes] = []
    left = most
    try:
        async for packed in stream:
            piece = unpacker.decompress(packed, left + 1)
            left -= len(piece)
            if left < 0 or unpacker.unconsumed_tail:
                raise too_large()
            parts.append(piece)
    except zlib.error as trouble:
        raise Problem(400, "unreadable", "The council's server could not unpack what was sent.") from trouble
    if not unpacker.eof or unpacker.unused_data:
        raise Problem(400, "unreadable", "What was sent to the council's server was cut off on the way.")
    return b"".join(parts)


async def _joined(stream: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in stream])
