"""Histories for Hypothesis: what several laptops wrote, and in what batches and order it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ascdesk.record.change import Change, new_id, seal
from ascdesk.record.wire import to_wire
from tests.sync.council import NOON, Council, Device

FIELDS = ("given_name", "family_name", "pronouns")


@dataclass(frozen=True)
class Written:
    """One drawn edit: by which laptop, where, and whether its author saw what others had written."""

    laptop: int
    case: int
    field: int
    sees: int
    joins: bool
    value: str


@dataclass(frozen=True)
class Sending:
    """One drawn push: whose, how many groups at most, and whether an earlier batch is sent again instead."""

    laptop: int
    groups: int
    again: bool


writings = st.lists(
    st.builds(
        Written,
        laptop=st.integers(0, 2),
        case=st.integers(0, 1),
        field=st.integers(0, 2),
        sees=st.integers(0, 3),
        joins=st.booleans(),
        value=st.text(max_size=8),
    ),
    min_size=1,
    max_size=14,
)
sendings = st.lists(
    st.builds(Sending, laptop=st.integers(0, 2), groups=st.integers(1, 3), again=st.booleans()), max_size=12
)


@dataclass
class Play:
    """A history being played to a council: cases of its own, and one bare laptop for each drawn one."""

    council: Council
    devices: list[Device]
    cases: list[str]
    queues: list[list[list[Change]]]

    def batches(self, drawn: Sequence[Sending]) -> list[tuple[Device, list[dict[str, Any]]]]:
        """Return the pushes: each laptop's groups in its own order, some sent again, all at last."""
        left = [list(queue) for queue in self.queues]
        sent: list[tuple[Device, list[dict[str, Any]]]] = []
        ends = [Sending(laptop, 99, False) for laptop in range(len(left))]
        for one in [*drawn, *ends]:
            mine = [push for push in sent if push[0] is self.devices[one.laptop]]
            if one.again and mine:
                sent.append(mine[one.groups % len(mine)])
            elif left[one.laptop]:
                taken, left[one.laptop] = left[one.laptop][: one.groups], left[one.laptop][one.groups :]
                sent.append((self.devices[one.laptop], [to_wire(c) for group in taken for c in group]))
        return sent

    def changes(self) -> list[Change]:
        """Return every change of the history."""
        return [change for queue in self.queues for group in queue for change in group]

    def heads(self, case: str) -> set[str]:
        """Return the heads that everybody must see in the end, by the definition (design §3)."""
        changes = [change for change in self.changes() if change.case == case]
        gone = {old for change in changes for old in change.supersedes}
        return {change.id for change in changes} - gone


def play(council: Council, drawn: Sequence[Written]) -> Play:
    """Make the drawn changes, sealed and in their laptops' chains; all three laptops may write both cases."""
    names = [f"w{new_id()}" for _ in range(3)]
    devices = [council.device(name) for name in names]
    cases = sorted([new_id(), new_id()])
    _open_cases(council, names, cases)
    queues: list[list[list[Change]]] = [[], [], []]
    earlier: dict[tuple[str, str], list[str]] = {}
    for one in drawn:
        device, case, field = devices[one.laptop], cases[one.case], FIELDS[one.field]
        queue = queues[one.laptop]
        joined = queue[-1] if one.joins and queue and queue[-1][0].case == case else []
        seen = earlier.get((case, field), [])[-one.sees :] if one.sees else []
        change = device.chained(
            seal(
                case=case,
                entity="person",
                row=case,
                field=field,
                kind="set",
                value=one.value,
                supersedes=seen,
                group=joined[0].group if joined else new_id(),
                author=device.author,
                device=device.id,
                wall=NOON,
            )
        )
        earlier.setdefault((case, field), []).append(change.id)
        if joined:
            joined.append(change)
        else:
            queue.append([change])
    return Play(council, devices, cases, queues)


def _open_cases(council: Council, names: Sequence[str], cases: Sequence[str]) -> None:
    from sync.server import access
    from sync.server.database import writing

    with writing(council.engine) as connection:
        for name in names:
            for case in cases:
                access.grant(connection, council.worker(name).id, case, NOON)
