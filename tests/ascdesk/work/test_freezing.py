"""Only frozen values leave the database's thread."""

from __future__ import annotations

from dataclasses import dataclass

from ascdesk.record.models import Contact
from ascdesk.work.freezing import freeze


@dataclass(frozen=True, slots=True)
class Facts:
    """Some fields of a contact, and one that it has not."""

    row: str
    name: str | None
    roles: tuple[str, ...] | None
    signed_at: str | None = None


def test_fields_are_copied_and_lists_become_tuples() -> None:
    held = Contact(row="r", case="c", name="Peter", roles=["carer", "kin"])
    facts = freeze(Facts, held, signed_at="2026-11-21")
    assert facts == Facts("r", "Peter", ("carer", "kin"), "2026-11-21")
    hash(facts)


def test_what_is_given_stands_before_what_the_row_says() -> None:
    assert freeze(Facts, Contact(row="r", name="Peter"), name="Pete", signed_at=None).name == "Pete"


def test_what_was_never_said_stays_unsaid() -> None:
    assert freeze(Facts, Contact(row="r"), signed_at=None) == Facts("r", None, None, None)
