"""A team on a manager's laptop: its directory, and work that waits, is held, is late and wants a word."""

from __future__ import annotations

from datetime import timedelta

from ascdesk.record.change import Json
from ascdesk.record.record import Record
from ascdesk.work import fields, pieces
from ascdesk.work.pieces import Finish, Opening, Worker
from tests.support.casework import event, person
from tests.support.desks import NOW
from ui.desk import User

TEAM = "older_people"
MONA = User(
    "m.bryce",
    "Mona Bryce",
    "Team manager",
    "Older People’s Assessment and Case Management",
    telephone="01632 960201",
    email="m.bryce@council.example",
)
WORKERS: tuple[dict[str, Json], ...] = (
    {"id": MONA.id, "name": MONA.name, "role": MONA.role, "team": TEAM},
    {"id": "o.reid", "name": "Omar Reid", "role": "Social worker", "team": TEAM, "telephone": "01632 960202"},
    {"id": "l.hart", "name": "Lena Hart", "role": "Occupational therapist", "team": TEAM},
    {"id": "k.shah", "name": "Kiran Shah", "role": "Social worker", "team": "initial_contact"},
)
OMAR = Worker("o.reid", "Omar Reid", "Social worker", "01632 960202")


def as_user(record: Record, user: User) -> None:
    """Sit somebody down at the laptop."""
    record.enrol(author=user.id, device=record.device)
    parts = {"id": user.id, "name": user.name, "role": user.role, "team": user.team}
    record.put("user", dict(parts))


def fill_team(record: Record) -> dict[str, str]:
    """Give the laptop a team's work, and sit its manager down; return the cases by what is in them."""
    record.put("directory", [dict(one) for one in WORKERS])
    found: dict[str, str] = {}
    for name, days in (("unallocated", 3), ("held", 20), ("asked", 30), ("late", 60)):
        case = found[name] = person(record, name.title(), date_of_birth="1944-02-29")
        event(record, case, "initial_contact", (NOW - timedelta(days=days)).isoformat())
        if days > 5:
            event(record, case, "contact_attempted", (NOW - timedelta(days=days - 1)).isoformat())
        because = "Falls at home, and nobody comes at the weekend."
        piece = pieces.open_piece(record, case, Opening("needs_assessment", TEAM, because))
        if name != "unallocated":
            pieces.allocate(record, case, piece, OMAR, purpose="Needs assessment")
        if name == "asked":
            as_user(record, User(OMAR.id, OMAR.name, OMAR.role, TEAM))
            proposal = Finish("Long-term support", "Needs help every day.", approvals=1)
            pieces.finish(record, case, piece, proposal)
    fields.add(record, found["held"], "visit", {"planned_at": "2026-11-22T10:30:00+00:00"}, name="Plan")
    as_user(record, MONA)
    return found
