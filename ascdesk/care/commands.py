"""The commands `ascdesk rules ...`: read a JSON file, apply one rule, print what it says."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from ascdesk.care import reading
from ascdesk.care.advocacy import AdvocacyFacts, Difficulty, NhsSetting, advocacy_duty
from ascdesk.care.clocks import LONDON, Clock, ClockFacts, Event, Kind, clocks
from ascdesk.care.costs import (
    WEEKS_A_YEAR,
    CostLine,
    CostUnit,
    FreeBecause,
    PricedOption,
    costs_of,
    extra_weekly,
)
from ascdesk.care.eligibility import (
    Achieves,
    AdultFacts,
    CarerFacts,
    Eligibility,
    Finding,
    adult_eligibility,
    carer_eligibility,
)
from ascdesk.care.missing import sentences
from ascdesk.care.outcomes import ADULT_MEANINGS, WELLBEING, Role, outcomes_for
from ascdesk.care.reading import JsonObject
from ascdesk.care.refusal import RefusalFacts, refusal_outcome
from ascdesk.care.safeguarding import Answer, SafeguardingFacts, safeguarding_duty
from ascdesk.care.working_days import england
from ascdesk.errors import PlainError, Unreadable

Printed = dict[str, object]
Rule = Callable[[JsonObject], Printed]
"""Takes the facts of a file and returns what the rule says of them."""


def run(argv: Sequence[str], more: Mapping[str, Rule] | None = None) -> int:
    """Run `ascdesk rules RULE FILE [--json]` and return the exit status.

    `more` are rules that need what stands above this layer. 0 done; 1 refused; 2 could not be read. Errors
    are one sentence on standard error.
    """
    rules = {**_rules(), **(more or {})}
    parser = argparse.ArgumentParser(
        prog="ascdesk rules",
        description="Apply one rule of the law or of the council to a JSON file.",
        epilog="ascdesk rules pack FOLDER checks a council's pack.",
    )
    parser.add_argument("rule", choices=sorted(rules), help="which rule to apply")
    parser.add_argument("file", type=Path, help="a JSON file with the facts")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 2
    try:
        found = rules[options.rule](reading.read_object(options.file))
    except PlainError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return error.exit_status
    sys.stdout.write(_shown(found, as_json=options.json))
    return 0


def _rules() -> Mapping[str, Rule]:
    return {
        "eligibility": _eligibility,
        "clocks": _clocks,
        "costs": _costs,
        "advocacy": _advocacy,
        "refusal": _refusal,
        "safeguarding": _safeguarding,
    }


def _shown(found: Printed, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(found, ensure_ascii=False) + "\n"
    return "".join(f"{name}: {_plain(value)}\n" for name, value in found.items())


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "".join(f"\n  {_plain(one)}" for one in value) or "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    if value is None:
        return "not known"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _eligibility(source: JsonObject) -> Printed:
    role = reading.choice(source, "role", Role, Role.ADULT)
    result = _carer(source) if role is Role.CARER else _adult(source)
    return {
        "eligible": result.eligible,
        "can_sign": result.can_sign,
        "unable": list(result.unable),
        "missing": sentences(result.missing),
        "reason": result.reason,
    }


def _adult(source: JsonObject) -> Eligibility:
    return adult_eligibility(
        AdultFacts(
            impairment=reading.flag(source, "impairment"),
            findings=_findings(source, Role.ADULT),
            significant=reading.flag(source, "significant"),
            wellbeing=_wellbeing(source),
        )
    )


def _carer(source: JsonObject) -> Eligibility:
    return carer_eligibility(
        CarerFacts(
            necessary_care=reading.flag(source, "necessary_care"),
            health_at_risk=reading.flag(source, "health_at_risk"),
            findings=_findings(source, Role.CARER),
            significant=reading.flag(source, "significant"),
            wellbeing=_wellbeing(source),
        )
    )


def _findings(source: JsonObject, role: Role) -> dict[str, Finding]:
    known = {one.code for one in outcomes_for(role)}
    found: dict[str, Finding] = {}
    outcomes = reading.child(source, "outcomes")
    for code in outcomes:
        if code not in known:
            raise Unreadable(f"{code!r} is not an outcome for this role: use {min(known)} to {max(known)}.")
        given = reading.child(outcomes, code)
        reasons = frozenset(reading.texts(given, "reasons"))
        if not reasons <= {meaning.code for meaning in ADULT_MEANINGS}:
            raise Unreadable(f"{code}: reasons must be among U1, U2, U3 and U4.")
        achieves = reading.choice(given, "achieves", Achieves, Achieves.NOT_EXPLORED)
        found[code] = Finding(achieves, reasons)
    return found


def _wellbeing(source: JsonObject) -> frozenset[str] | None:
    if source.get("wellbeing") is None:
        return None
    areas = reading.texts(source, "wellbeing")
    if not set(areas) <= {area.code for area in WELLBEING}:
        raise Unreadable("wellbeing must be a list of the letters a to i.")
    return frozenset(areas)


def _costs(source: JsonObject) -> Printed:
    lines = [_cost_line(line) for line in reading.objects(source, "lines")]
    found = costs_of(lines, reading.money(source, "adult_contribution"))
    extra = extra_weekly(_option(option) for option in reading.objects(source, "options"))
    return {
        "weekly": str(found.weekly),
        "annual": str(found.annual),
        "adult_weekly": None if found.adult_weekly is None else str(found.adult_weekly),
        "council_weekly": None if found.council_weekly is None else str(found.council_weekly),
        "extra_weekly": str(extra),
    }


def _cost_line(source: JsonObject) -> CostLine:
    unit_text = reading.text(source, "unit", CostUnit.WEEKLY.value).strip().lower()
    unit = reading.one_of(unit_text.replace("-", "_").replace(" ", "_"), CostUnit, "unit")
    free = source.get("free_because")
    return CostLine(
        unit_cost=reading.money(source, "unit_cost"),
        unit=unit,
        quantity=_quantity(source, unit),
        weeks=reading.whole(source, "weeks", WEEKS_A_YEAR),
        section_117=reading.sure_flag(source, "section_117"),
        free_because=None if free is None else reading.one_of(free, FreeBecause, "free_because"),
        planned_weeks=None
        if source.get("planned_weeks") is None
        else reading.whole(source, "planned_weeks", 0),
    )


def _quantity(source: JsonObject, unit: CostUnit) -> Decimal | Fraction | None:
    """Take how many units there are in a week, from `quantity` or from visits, minutes and carers."""
    quantity = reading.money(source, "quantity")
    visits = reading.money(source, "visits_per_week")
    if quantity is not None or visits is None:
        return quantity
    if unit is CostUnit.HOURLY:
        minutes = reading.money(source, "minutes")
        if minutes is None:
            raise Unreadable("minutes must say how long each visit is, for a line priced by the hour.")
        return Fraction(visits) * Fraction(minutes) * reading.whole(source, "carers", 1) / 60
    return visits if unit in {CostUnit.PER_SESSION, CostUnit.DAILY} else None


def _option(source: JsonObject) -> PricedOption:
    weekly = reading.money(source, "weekly")
    if weekly is None:
        raise Unreadable("Each option must have weekly, its cost in pounds.")
    return PricedOption(
        name=reading.text(source, "name", ""),
        weekly=weekly,
        meets_needs=reading.sure_flag(source, "meets_needs"),
        available=reading.sure_flag(source, "available", default=True),
        preferred=reading.sure_flag(source, "preferred"),
        section_117=reading.sure_flag(source, "section_117"),
    )


def _advocacy(source: JsonObject) -> Printed:
    setting = source.get("nhs_setting")
    duty = advocacy_duty(
        AdvocacyFacts(
            difficulty=frozenset(
                reading.one_of(one, Difficulty, "difficulty") for one in reading.texts(source, "difficulty")
            ),
            appropriate_person=reading.sure_flag(source, "appropriate_person"),
            nhs_setting=None if setting is None else reading.one_of(setting, NhsSetting, "nhs_setting"),
            nhs_days=reading.whole(source, "nhs_days", 0),
            material_disagreement=reading.sure_flag(source, "material_disagreement"),
            best_interests=reading.sure_flag(source, "best_interests"),
        )
    )
    return {"required": duty.required, "why": duty.why}


def _refusal(source: JsonObject) -> Printed:
    outcome = refusal_outcome(
        RefusalFacts(
            has_capacity=reading.flag(source, "has_capacity"),
            best_interests=reading.flag(source, "best_interests"),
            abuse_or_neglect=reading.choice(source, "abuse_or_neglect", Answer, Answer.UNCLEAR),
            role=reading.choice(source, "role", Role, Role.ADULT),
        )
    )
    return {"may_close": outcome.may_close, "why": outcome.why}


def _safeguarding(source: JsonObject) -> Printed:
    duty = safeguarding_duty(
        SafeguardingFacts(
            care_needs=reading.choice(source, "care_needs", Answer, Answer.UNCLEAR),
            abuse_or_neglect=reading.choice(source, "abuse_or_neglect", Answer, Answer.UNCLEAR),
            unable_to_protect=reading.choice(source, "unable_to_protect", Answer, Answer.UNCLEAR),
        )
    )
    return {"duty": duty.duty.value, "why": duty.why}


def _clocks(source: JsonObject) -> Printed:
    facts = ClockFacts(
        received_at=reading.moment(source, "received_at"),
        urgent=reading.sure_flag(source, "urgent"),
        events=tuple(_event(event) for event in reading.objects(source, "events")),
    )
    now = datetime.now(UTC) if source.get("now") is None else reading.moment(source, "now")
    closures = [reading.day(one, "closures") for one in reading.texts(source, "closures")]
    years = [moment.year for moment in (facts.received_at, now, *(event.at for event in facts.events))]
    calendar = england(min(years) - 1, max(years) + 2, closures)
    return {"clocks": [_shown_clock(clock) for clock in clocks(facts, now, calendar)]}


def _event(source: JsonObject) -> Event:
    server_at = None if source.get("server_at") is None else reading.moment(source, "server_at")
    return Event(
        kind=reading.choice(source, "kind", Kind),
        at=reading.moment(source, "at"),
        server_at=server_at,
        reason=reading.text(source, "reason", ""),
        virtual_unchosen=reading.sure_flag(source, "virtual_unchosen"),
    )


def _shown_clock(clock: Clock) -> Printed:
    return {
        "rule": clock.rule,
        "due": _local(clock.due),
        "state": clock.state.value,
        "stopped_at": _local(clock.stopped_at),
        "started_at": _local(clock.started_at),
        "amber": _local(clock.amber),
        "provisional": clock.provisional,
        "reason": clock.reason,
    }


def _local(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(LONDON).isoformat()
