"""What a birthday suggests: that another team would take the same work today. Nobody is moved by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ascdesk.care.routing import Stage
from ascdesk.councils.pack import Pack
from ascdesk.errors import Refusal
from ascdesk.work import referrals
from ascdesk.work.cases import Case, PieceFacts


@dataclass(frozen=True, slots=True)
class HandOver:
    """That another team takes somebody's age: for which work, to which team, and why."""

    piece: PieceFacts
    team: str
    team_words: str
    why: tuple[str, ...]


def hand_overs(case: Case, pack: Pack, today: date) -> Iterator[HandOver]:
    """Yield the hand-overs that a birthday suggests (domain §5.3).

    Looked at is open work that came by a referral: would the same referral, today, go to another team, among
    those that the pathway knows for such work?
    """
    for piece in case.pieces:
        asked = next((one for one in case.referrals if one.row == piece.referral), None)
        if not piece.open or not piece.team or asked is None:
            continue
        try:
            then = referrals.suggestion(case, asked, pack.routing, stage=Stage.AFTER_CONTACT)
            now = referrals.suggestion(case, asked, pack.routing, stage=Stage.AFTER_CONTACT, on=today)
        except Refusal:
            continue  # a date of birth that cannot be: the person's own page says so
        known = {team for one in pack.pathway.pieces if one.id == piece.kind for team in one.teams}
        other = next((team for team in now.teams if team in known and team not in then.teams), None)
        # Somebody chose this team: only what has changed since by a birthday speaks against it.
        if other and piece.team in then.teams and piece.team not in now.teams:
            yield HandOver(piece, other, pack.team_name(other), now.why)
