"""The bytes of cases, after the changes: sent one at a time, smallest first, and fetched as they are wanted.

Each goes on where the council's server stands, and has a receipt of its own. One that cannot be sent or
fetched is said so and does not keep the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol

from ascdesk.errors import MachineTrouble
from ascdesk.record.attachments import Attachment, Damaged, NotHere
from ascdesk.work import sending
from ascdesk.work.sending import Wanted
from sync.client.trouble import NotTaken
from sync.protocol import PIECE, Standing

IDLE_BYTES: Final = 24 * 1024 * 1024
"""Most bytes fetched in one exchange that nobody asked for: an exchange must come to an end."""

_TRIES: Final = 2
_PLACES: Final = 200

OnDatabase = Callable[[Callable[[], Any]], Any]


class Carrier(Protocol):
    """What carrying bytes needs of a connection."""

    def attachment(self, case: str, sha256: str) -> Standing:
        """Ask how far some bytes have come."""

    def put_piece(self, case: str, sha256: str, size: int, offset: int, data: bytes) -> Standing:
        """Send a piece."""

    def finish(self, case: str, sha256: str) -> Standing:
        """Ask for the receipt."""

    def have(self, asked: dict[str, list[str]]) -> dict[tuple[str, str], int]:
        """Ask what is there."""

    def piece(self, case: str, sha256: str, number: int) -> bytes:
        """Fetch a piece."""


@dataclass(frozen=True, slots=True)
class Carried:
    """How many files went, and how many came."""

    sent: int = 0
    fetched: int = 0


def carry(record: Any, connection: Carrier, on_database: OnDatabase) -> Carried:  # noqa: ANN401
    """Send what the council lacks, then fetch what this laptop lacks. Raises for trouble on the way.

    What was received before the trouble is kept, and the next exchange goes on there.
    """
    on_database(partial(sending.shred_burned, record))
    on_database(partial(sending.let_loose, record))
    sent = sum(
        _sent(record, connection, on_database, one) for one in on_database(partial(sending.due, record))
    )
    return Carried(sent, _fetch(record, connection, on_database))


# -- sending ------------------------------------------------------------------------------------------------


def _sent(record: Any, connection: Carrier, on_database: OnDatabase, one: Attachment) -> bool:  # noqa: ANN401
    """Send one file; say whether the council gave its receipt."""
    say = partial(record.attachments.say, one.case, one.sha256)
    try:
        receipt = _send(record, connection, on_database, one)
    except Damaged as damaged:
        on_database(partial(say, "here", reason=damaged.sentence))
        return False
    except NotHere:
        return False  # shredded meanwhile
    except NotTaken as refused:
        # Its changes go first, or the server is of before there were photos: the next exchange tries again.
        if refused.error not in {"no-case", "answer"}:
            on_database(partial(say, "here", reason=refused.why))
        return False
    if receipt is None:
        on_database(partial(say, "here", reason=_ALTERED))
        return False
    on_database(partial(say, "held", receipt=receipt))
    return True


_ALTERED: Final = (
    "The council's server received this file otherwise than it is here, each time. "
    "It is safe on this laptop; ask for help."
)


def _send(record: Any, connection: Carrier, on_database: OnDatabase, one: Attachment) -> str | None:  # noqa: ANN401
    """Send what the server lacks of one file; return its receipt, or nothing when it never arrived whole."""
    standing = connection.attachment(one.case, one.sha256)
    for _ in range(_TRIES):
        while standing.held_at is None and standing.received < one.size:
            at = standing.received
            read = partial(record.attachments.piece, one.case, one.sha256, at // PIECE)
            data: bytes = on_database(read)
            standing = connection.put_piece(one.case, one.sha256, one.size, at, data)
            if standing.held_at is None and standing.received <= at:
                raise MachineTrouble("The council's server does not take a file on. It is tried again later.")
        if standing.held_at is not None:
            return standing.held_at
        on_database(partial(record.attachments.say, one.case, one.sha256, "sent"))
        standing = connection.finish(one.case, one.sha256)
        if standing.held_at is not None:
            return standing.held_at
    return None


# -- fetching -----------------------------------------------------------------------------------------------


def _fetch(record: Any, connection: Carrier, on_database: OnDatabase) -> int:  # noqa: ANN401
    wanted: Sequence[Wanted] = on_database(partial(sending.lacking, record))
    fetched, unasked = 0, 0
    for some in _some(wanted):
        asked: dict[str, list[str]] = defaultdict(list)
        for one in some:
            asked[one.case].append(one.sha256)
        sizes = connection.have(asked)
        for one in some:
            size = sizes.get((one.case, one.sha256))
            if size is None or (one.rank > 1 and unasked > IDLE_BYTES):
                continue
            unasked += size if one.rank > 1 else 0
            fetched += _fetched(record, connection, on_database, one, size)
    return fetched


def _some(wanted: Sequence[Wanted]) -> Iterator[Sequence[Wanted]]:
    for start in range(0, len(wanted), _PLACES):
        yield wanted[start : start + _PLACES]


def _fetched(record: Any, connection: Carrier, on_database: OnDatabase, one: Wanted, size: int) -> bool:  # noqa: ANN401
    pieces: list[bytes] = []
    try:
        for number in range(-(-size // PIECE)):
            pieces.append(connection.piece(one.case, one.sha256, number))
    except NotTaken:
        return False  # taken away meanwhile
    return bool(on_database(partial(_keep, record, one, pieces)))


def _keep(record: Any, one: Wanted, pieces: Sequence[bytes]) -> bool:  # noqa: ANN401
    """Keep what came if it is what its name says; otherwise nothing of it."""
    return bool(record.attachments.keep_as(one.case, one.sha256, pieces, receipt=record.now()))
