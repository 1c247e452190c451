"""Who is behind an author's id: workers by their allocations, the signed-in worker, the council itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from ascdesk.record.models import Allocation, Response
from ascdesk.record.record import Record

COUNCIL = "council"
"""The author of what the council's own systems put into the record."""

COUNCIL_NAME = "The council"
"""What that author is called on the screen."""


@dataclass(frozen=True, slots=True)
class Authors:
    """The names of authors as this laptop knows them; ``me`` is the signed-in worker's id."""

    me: str
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, author: str) -> str:
        """Return an author's name; *A colleague* for an id that nothing here names."""
        return self.names.get(author) or "A colleague"

    def mine(self, author: str) -> bool:
        """Say whether the signed-in worker is the author."""
        return bool(self.me) and author == self.me


def authors(record: Record) -> Authors:
    """Return who the authors are whose changes this laptop holds."""
    names: dict[str, str] = {}
    with record.reading() as session:
        for who, called in session.execute(select(Response.assessor, Response.assessor_name)):
            names.update(_named(who, called))
        # An allocation is the council's own word on a worker's name.
        for who, called in session.execute(select(Allocation.worker, Allocation.worker_name)):
            names.update(_named(who, called))
    user = record.get("user")
    if isinstance(user, dict):
        names.update(_named(record.author, user.get("name")))
    return Authors(record.author, names | {COUNCIL: COUNCIL_NAME})


def _named(who: object, called: object) -> dict[str, str]:
    return {who: called} if isinstance(who, str) and isinstance(called, str) and who and called else {}
