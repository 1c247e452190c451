"""Nothing to do: the one small question is asked as it was, until something is written here."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from ascdesk.record.change import new_id
from sync.client.exchange import Outcome, synchronise
from tests.sync.council import Council, Laptop

Enrol = Callable[[str], Laptop]


class Line(httpx.HTTPTransport):
    """A line that notes what was asked, and how long each request was in headers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.said: list[set[str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on."""
        self.asked.append(request.url.path)
        self.said.append(set(request.headers))
        return super().handle_request(request)


def sync(laptop: Laptop, line: Line) -> Outcome:
    with httpx.Client(transport=line) as client:
        outcome = synchronise(laptop.record, laptop.connection(client))
    assert outcome.finished, outcome
    return outcome


def idle(laptop: Laptop) -> Laptop:
    for _ in range(3):
        sync(laptop, Line())
    assert laptop.record.idle is not None
    return laptop


def test_a_laptop_that_has_everything_asks_once_and_says_the_same(council: Council, laptop: Enrol) -> None:
    one = laptop("amina")
    one.write(new_id(), "given_name", "Noor")
    idle(one)
    line = Line()
    outcome = sync(one, line)
    assert line.asked == ["/v1/same"]
    assert line.said[0] == {"host", "user-agent", "authorization"}
    assert outcome.sentence == "The council holds everything on this laptop."


@pytest.mark.parametrize("what", ["an edit", "a reading", "a colleague's edit"])
def test_what_is_new_on_either_side_ends_it(council: Council, laptop: Enrol, what: str) -> None:
    one, case = laptop("amina"), new_id()
    one.write(case, "given_name", "Noor")
    idle(one)
    other = laptop("amina")
    sync(other, Line())
    if what == "an edit":
        one.write(case, "family_name", "Haddad")
    elif what == "a reading":
        one.record.read(case)
    else:
        other.write(case, "family_name", "Haddad")
        sync(other, Line())
    outcome = sync(one, Line())
    assert (outcome.sent, outcome.received) == (what == "an edit", what == "a colleague's edit")
    assert one.record.unsent_readings() == ()
    assert one.record.outgoing_count() == 0


def test_noting_the_time_does_not_end_it(council: Council, laptop: Enrol) -> None:
    one = idle(laptop("amina"))
    one.record.put("lease/mark", "2026-11-22T08:00:00+00:00")
    line = Line()
    sync(one, line)
    assert line.asked == ["/v1/same"]


def test_the_number_of_what_was_written_goes_on_when_the_file_is_opened_anew(
    council: Council, laptop: Enrol
) -> None:
    """Wiping opens the file again, and a new connection counts from nought: no number may come twice."""
    one = idle(laptop("amina"))
    before = one.record.mark()

    assert one.record.tidy()

    assert one.record.mark() == before
    one.write(new_id(), "given_name", "Noor")
    assert one.record.mark() > before
    assert sync(one, Line()).sent == 1
