"""What may come next on a person's road, by the council's table of routes and its pathway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ascdesk.care.clocks import local_day
from ascdesk.care.people import age_on
from ascdesk.care.routing import Condition, NeedKind, Route, Stage
from ascdesk.councils.contacts import Team, TeamKind
from ascdesk.councils.pack import Pack
from ascdesk.councils.pathway import PieceKind
from ascdesk.record.record import Record
from ascdesk.work import cases, referrals, responses, sameness
from ascdesk.work.calls import CALL, Likeness
from ascdesk.work.cases import AdviceFacts, ApprovalFacts, Case, LoanFacts, PieceFacts, ReferralFacts
from ascdesk.work.packs import pack_in_use
from ascdesk.work.pieces import Opening, sent_back, waiting
from ascdesk.work.responses import Draft

FIRST = "contact"
"""The kind of work that a referral is, from which the pathway leads on."""

NEEDS = {
    NeedKind.INFORMATION_ONLY: "Information or advice only",
    NeedKind.EQUIPMENT: "A small piece of equipment",
    NeedKind.OT: "Bathing, stairs or changes to the home (occupational therapy)",
    NeedKind.TELECARE: "An alarm, a sensor or a medicine dispenser",
    NeedKind.REGAIN_SKILLS: "Support for a short time, to do more alone",
    NeedKind.LONG_TERM: "Support for a long time",
    NeedKind.CARER: "Help for a carer",
    NeedKind.SAFEGUARDING: "Abuse or neglect, or a risk of it",
    NeedKind.MENTAL_HEALTH: "Mental health care",
    NeedKind.HOSPITAL_DISCHARGE: "Leaving hospital",
}
CONDITIONS = {
    Condition.LEARNING_DISABILITY: "A learning disability",
    Condition.AUTISM: "Autism",
    Condition.PHYSICAL_DISABILITY: "A physical disability",
    Condition.LIFELONG_DISABILITY: "Another lifelong disability",
}
_TRIGGERS = {
    "safeguarding": "There is a safeguarding concern",
    "carer": "The person who cares suddenly cannot",
    "food": "There is no food or drink",
    "heat": "There is no heating when it is cold",
    "medicine": "There is no medicine that is needed today",
    "discharge": "Somebody leaves hospital today",
    "alone": "Somebody is left alone and is not safe",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A piece of work that may be opened: its kind and team, in ids and words; perhaps suggested."""

    kind: str
    team: str
    words: str
    team_words: str
    suggested: bool
    event: str = ""

    @property
    def code(self) -> str:
        """Return what names the offer among others."""
        return f"{self.kind}|{self.team}"

    @property
    def line(self) -> str:
        """Return the work and its team in one line; a team that is called as its work is named once."""
        return work_words(self.words, self.team_words)

    def opening(self, because: str, priority: str = "") -> Opening:
        """Return the piece of work to open."""
        return Opening(self.kind, self.team, because, priority=priority, event=self.event)


def work_words(work_name: str, team_name: str) -> str:
    """Return *Needs assessment: Older People's Team*; one name where both are the same."""
    same = work_name.casefold() == team_name.casefold()
    return work_name if same else f"{work_name}: {team_name}"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the call's form said already about where it goes; empty where it said nothing."""

    outcome: str = ""
    because: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True)
class NextSteps:
    """A referral with all that is needed to decide about it. ``triggers`` say what makes it urgent."""

    case: Case
    referral: ReferralFacts
    pack: Pack
    route: Route
    offers: tuple[Offer, ...]
    outside: tuple[Team, ...]
    triggers: tuple[str, ...]
    advice: tuple[AdviceFacts, ...]
    opened: tuple[PieceFacts, ...]
    proposed: Proposed = Proposed()
    alike: tuple[Likeness, ...] = ()

    @property
    def suggested_teams(self) -> tuple[str, ...]:
        """Return the council's own teams that the table names; where nothing settles it, none."""
        return tuple(dict.fromkeys(one.team for one in self.offers if one.suggested))

    @property
    def suggested_outside(self) -> tuple[Team, ...]:
        """Return the routes outside that the table names."""
        return tuple(team for team in self.outside if team.id in self.route.teams)

    @property
    def from_public(self) -> bool:
        """Say whether it came by a web form and waits for somebody to stand for it."""
        return self.referral.channel != "phone"

    @property
    def suggests_urgent(self) -> bool:
        """Say whether something here is urgent by the standards, and nobody has classed it so."""
        return bool(self.triggers) and not self.referral.urgent


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work with all that is needed to do and finish it."""

    case: Case
    piece: PieceFacts
    pack: Pack
    kind: PieceKind | None
    referral: ReferralFacts | None
    route: Route | None
    offers: tuple[Offer, ...]
    waiting: ApprovalFacts | None
    sent_back: ApprovalFacts | None
    advice: tuple[AdviceFacts, ...]
    loans: tuple[LoanFacts, ...]

    @property
    def name(self) -> str:
        """Return what the council calls this kind of work."""
        return self.pack.pathway.name(self.piece.kind or "")

    @property
    def team(self) -> str:
        """Return what the team is called."""
        return self.pack.team_name(self.piece.team or "")


def next_steps(record: Record, case: str, referral: str) -> NextSteps:
    """Return a referral to be decided. Raises :class:`Refusal` when it is not in the case."""
    found = cases.look(record, case)
    held = found.referral(referral)
    pack = pack_in_use(record)
    route = referrals.suggestion(found, held, pack.routing, stage=Stage.RECEIVED)
    draft = _form_of(record, found, held)
    return NextSteps(
        case=found,
        referral=held,
        pack=pack,
        route=route,
        offers=_offers(pack, route, FIRST, _age(found, record)),
        outside=tuple(team for team in pack.teams if team.kind is TeamKind.OUTSIDE),
        triggers=_triggers(draft, held, route),
        advice=tuple(one for one in found.advice if one.of == referral),
        opened=tuple(one for one in found.pieces if one.referral == referral and not one.after),
        proposed=_proposed(draft, pack),
        alike=sameness.alike(record, found, held),
    )


def _form_of(record: Record, case: Case, referral: ReferralFacts) -> Draft | None:
    """Return the answers that a referral came with, where this laptop holds them."""
    if referral.response and any(one.row == referral.response for one in case.responses):
        return responses.load(record, case.id, referral.response)
    return None


def _proposed(draft: Draft | None, pack: Pack) -> Proposed:
    if draft is None or draft.questionnaire != CALL:
        return Proposed()
    said = [one["valueCoding"]["code"] for one in draft.answers((), "call.outcome") if "valueCoding" in one]
    why = [str(one["valueString"]) for one in draft.answers((), "call.outcome-why") if "valueString" in one]
    code, because = "".join(said[:1]), "".join(why[:1])
    if code == "closed-advice":
        return Proposed("advised", because)
    # A council's own route is called as the form's option is; any other that it has is chosen by hand.
    route = code.replace("-", "_")
    outside = {team.id for team in pack.teams if team.kind is TeamKind.OUTSIDE}
    if route in outside or code in {"children", "other"}:
        return Proposed("other_route", because, route if route in outside else "")
    return Proposed("gone_on") if code else Proposed()


def work(record: Record, case: str, piece: str) -> Work:
    """Return a piece of work to be done. Raises :class:`Refusal` when it is not in the case."""
    found = cases.look(record, case)
    held = found.piece(piece)
    pack = pack_in_use(record)
    asked = next((one for one in found.referrals if one.row == held.referral), None)
    # The table speaks once, of what the first contact leads to; what follows later is the pathway's.
    first = not held.after and held.kind in {one.id for one in _following(pack, FIRST)}
    route = None
    if first and asked is not None:
        route = referrals.suggestion(found, asked, pack.routing, stage=Stage.AFTER_CONTACT)
    return Work(
        case=found,
        piece=held,
        pack=pack,
        kind=next((one for one in pack.pathway.pieces if one.id == held.kind), None),
        referral=asked,
        route=route,
        offers=_offers(pack, route, held.kind or "", _age(found, record)),
        waiting=waiting(found, piece),
        sent_back=sent_back(found, piece),
        advice=tuple(one for one in found.advice if one.of == piece),
        loans=tuple(one for one in found.loans if one.piece == piece),
    )


def _age(case: Case, record: Record) -> int | None:
    """Return the person's age today, where the whole date of birth is known."""
    try:
        born = date.fromisoformat(case.person.date_of_birth or "")
    except ValueError:
        return None
    return age_on(born, local_day(datetime.fromisoformat(record.now())))


def _offers(pack: Pack, route: Route | None, after: str, age: int | None) -> tuple[Offer, ...]:
    """Return what may be opened after a kind of work: what is suggested, what the pathway names, the rest.

    Somebody who is too young or too old for a kind of work is not suggested it; it can still be chosen.
    """
    teams = {team.id for team in pack.teams if team.kind is TeamKind.TEAM}
    wanted = [team for team in (route.teams if route else ()) if team in teams]
    named = _following(pack, after)
    order = [*named, *(kind for kind in pack.pathway.pieces if kind not in named and kind.id != FIRST)]
    suggested = [(kind, team) for team in wanted for kind in _first(order, team, age)]
    others = [(kind, team) for kind in order for team in kind.teams if (kind, team) not in suggested]
    return tuple(
        _offer(pack, kind, team, suggested=place < len(suggested))
        for place, (kind, team) in enumerate([*suggested, *others])
    )


def _first(kinds: list[PieceKind], team: str, age: int | None) -> list[PieceKind]:
    """Return the first kind of work that a team does for somebody of this age, if it does any."""
    return [kind for kind in kinds if team in kind.teams and kind.fits(age)][:1]


def _following(pack: Pack, after: str) -> list[PieceKind]:
    return list(pack.pathway.following(after))


def _offer(pack: Pack, kind: PieceKind, team: str, *, suggested: bool) -> Offer:
    return Offer(kind.id, team, kind.name, pack.team_name(team), suggested, kind.opens)


def _triggers(draft: Draft | None, referral: ReferralFacts, route: Route) -> tuple[str, ...]:
    """Say what makes a referral urgent: what was answered, and what the council's table says of the needs."""
    codes = _urgent_facts(draft) if draft is not None else []
    if route.urgent and "safeguarding" in (referral.needs or ()):
        codes.append("safeguarding")
    return tuple(_TRIGGERS[code] for code in dict.fromkeys(codes) if code in _TRIGGERS)


def _urgent_facts(draft: Draft) -> list[str]:
    return [
        str(answer["valueCoding"].get("code"))
        for key in draft.accounts
        if key.link_id.endswith(".urgent-facts")
        for answer in draft.answers(key.path, key.link_id)
        if "valueCoding" in answer
    ]
