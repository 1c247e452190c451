"""Imports what knows no screen before PySide is there, while the passphrase is typed.

PySide reads the source of every module that is imported after it. Measured: a worker is ready in 1.2 s
instead of 1.9 s; and the first list of work, which asks for the bank holidays, does not wait for two hundred
modules on a thread that shares the interpreter with the screen's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

OPERATIONS = (
    "ascdesk.work.caseload",
    "ascdesk.work.deciding",
    "ascdesk.work.issuing",
    "ascdesk.work.library",
    "ascdesk.work.plans",
    "ascdesk.work.settling",
    "ascdesk.work.teamwork",
    "ascdesk.work.worklist",
    "sync.client.enrol",
    "sync.client.exchange",
    "httpx",
)


def import_ahead() -> None:
    """Import the operations and the network's library; make ready the calendar and the phone numbers."""
    from ascdesk.care.people import uk_phone  # noqa: PLC0415 (when it is asked for, not at import)
    from ascdesk.councils.carried import carried_pack  # noqa: PLC0415 (when it is asked for, not at import)

    for name in OPERATIONS:
        import_module(name)
    carried_pack().calendar.around(datetime.now(UTC).date())
    uk_phone("020 7946 0000")  # the first number costs up to 50 ms, and it would be on the screen's thread
