"""Dividing what travels: what is sent into whole groups, what is fetched into what is taken in at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ascdesk.record.change import Change
from sync.protocol import Page

SEND_CHANGES = 2_000
SEND_LETTERS = 4 * 1024 * 1024
"""Most of one request, unless a single group is larger: small enough to get through on a bad line."""


TOGETHER = 500
"""Changes after which no further page is taken in with them: what is typed meanwhile waits some 40 ms."""


def parts_of(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """Yield the changes of a batch in requests of a bearable size, whole groups in each."""
    part: list[Change] = []
    letters = 0
    for group in groups_of(changes):
        weight = sum(len(change.value or "") + 600 for change in group)
        if part and (len(part) + len(group) > SEND_CHANGES or letters + weight > SEND_LETTERS):
            yield part
            part, letters = [], 0
        part += group
        letters += weight
    if part:
        yield part


def groups_of(changes: Sequence[Change]) -> list[list[Change]]:
    """Return the changes by group, groups in the order in which they begin."""
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.group, []).append(change)
    return list(groups.values())


def halved(changes: Sequence[Change]) -> tuple[list[Change], list[Change]] | None:
    """Return the changes in two parts of whole groups, or ``None`` when they are one group."""
    groups = groups_of(changes)
    if len(groups) < 2:
        return None
    middle = len(groups) // 2
    first, second = groups[:middle], groups[middle:]
    return [one for group in first for one in group], [one for group in second for one in group]


def bundled(pages: Iterable[Page]) -> Iterator[list[Page]]:
    """Yield pages of several cases by the lot that is taken in at once: each time, the disk is waited for."""
    lot: list[Page] = []
    count = 0
    for page in pages:
        lot.append(page)
        count += len(page.changes)
        if count >= TOGETHER:
            yield lot
            lot, count = [], 0
    if lot:
        yield lot
