"""The Client Level Data return: rows from events, and what is missing said before a file is written."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ascdesk.care.people import age_on
from ascdesk.returns.events import Codes, Event, Held, events
from ascdesk.returns.spec import Spec

_LEARNING_DISABILITY = "Learning disability support"


@dataclass(frozen=True, slots=True)
class Period:
    """What the return is for: the council's code and the days that it covers, both included."""

    la_code: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Missing:
    """A column that must be filled and is not: in which event of which case."""

    case: str
    event: str
    reference: str
    column: str


@dataclass(frozen=True, slots=True)
class Return:
    """The rows, by column in the return's order, and the report on them."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    missing: tuple[Missing, ...]
    unknown_lists: tuple[str, ...]
    verified: bool

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many rows there are of each type of event."""
        return dict(Counter(row["Event Type"] for row in self.rows))

    def csv(self) -> str:
        """Return the file's text: a header, then a row for each event, each line ending in CR LF."""
        written = io.StringIO()
        writer = csv.DictWriter(written, self.columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: _safe(value) for name, value in row.items()} for row in self.rows)
        return written.getvalue()

    def report(self) -> str:
        """Return what is missing in sentences, the commonest first."""
        lines = [f"{len(self.rows)} rows: " + ", ".join(f"{n} {kind}" for kind, n in self.counts.items())]
        for (event, column), count in Counter((one.event, one.column) for one in self.missing).most_common():
            lines.append(f"{column} is empty in {count} of the {event} rows, and must be filled.")
        if self.unknown_lists:
            lines.append("No value is written where the list is not known: " + ", ".join(self.unknown_lists))
        if not self.verified:
            lines.append("The columns and lists were not compared with the official specification yet.")
        return "\n".join(lines)


def make(cases: Iterable[Held], spec: Spec, period: Period) -> Return:
    """Return the rows of a period with the report on what is missing in them."""
    rows: list[Mapping[str, str]] = []
    missing: list[Missing] = []
    for held in cases:
        for event in events(held, spec, period.first, period.last):
            row = _row(held, event, spec, period)
            rows.append(row)
            missing += [
                Missing(held.case.id, event.type, event.reference, column.name)
                for column in spec.columns
                if column.demanded(event.type) and not row[column.name]
            ]
    unknown = [column.name for column in spec.columns if column.list and not spec.lists[column.list].known]
    names = tuple(column.name for column in spec.columns)
    return Return(names, tuple(rows), tuple(missing), tuple(unknown), spec.verified)


def _row(held: Held, event: Event, spec: Spec, period: Period) -> dict[str, str]:
    values = {
        "LA Code": period.la_code,
        "Reporting Period Start Date": _day(period.first),
        "Reporting Period End Date": _day(period.last),
        "Event Type": event.type,
        "Event Reference": event.reference,
        "Event Start Date": _day(event.start),
        "Event End Date": _day(event.end),
        "Client Type": event.client_type,
    }
    values |= _carer_alone(event.carer) if event.carer else _person(held, spec, period)
    values |= event.values
    if values.get("Primary Support Reason") != _LEARNING_DISABILITY:
        values["Employment Status"] = ""  # asked of people with a learning disability, 18 to 64 (domain §3.2)
    return {
        column.name: values.get(column.name, "") if column.applies(event.type) else ""
        for column in spec.columns
    }


def _carer_alone(name: str) -> dict[str, str]:
    """Return the name of a carer who has no case of their own; nothing of the person cared for."""
    first, _, last = name.rpartition(" ")
    return {"First Name": first, "Last Name": last}


def _person(held: Held, spec: Spec, period: Period) -> dict[str, str]:
    person = held.case.person
    answers = _latest(held)
    conditions = answers.get("s07.conditions", ())

    def coded(name: str, link_id: str) -> str:
        return spec.lists[name].value(next(iter(answers.get(link_id, ())), None))

    return {
        "NHS Number": (person.nhs_number or "").replace(" ", ""),
        "LA Person Unique Identifier": held.case.id,
        "First Name": person.given_name or "",
        "Last Name": person.family_name or "",
        "GP Practice Name": person.gp or "",
        "Gender": coded("gender", "s00.gender") or spec.lists["gender"].value(person.gender),
        "Ethnicity": coded("ethnicity", "s06.ethnicity") or spec.lists["ethnicity"].value(person.ethnicity),
        "Date of Birth": _whole(person.date_of_birth),
        "Date of Death": _whole(person.date_of_death),
        "Primary Support Reason": coded("primary_support_reason", "s18.psr")
        or spec.lists["primary_support_reason"].value(person.primary_support_reason),
        "Postcode": person.postcode or "",
        "Accommodation Status": coded("accommodation", "s05.tenure"),
        "Employment Status": _employment(held, coded("employment", "A08.now-doing"), period),
        "Has Unpaid Carer": _carer(held, answers),
        "Autism Spectrum Disorder": _condition("autism", conditions),
        "Dementia": _condition("dementia", conditions),
        "Visual Impairment": coded("visual", "s07.sight-level"),
        "Hearing Impairment": coded("hearing", "s07.hearing-level"),
    }


def _latest(held: Held) -> Codes:
    """Return the newest coded answers of the case's needs assessments, later ones over earlier ones."""
    found: dict[str, tuple[str, ...]] = {}
    for response in held.case.responses:
        if response.questionnaire == "needs-assessment":
            found |= held.answers.get(response.row, {})
    return found


def _employment(held: Held, value: str, period: Period) -> str:
    born = _date(held.case.person.date_of_birth)
    return value if born and 18 <= age_on(born, period.last) <= 64 else ""


def _carer(held: Held, answers: Codes) -> str:
    if held.case.carer is not None:
        return "Yes"
    return {"yes": "Yes", "no": "No"}.get(next(iter(answers.get("s08.has-carer", ())), ""), "Unknown")


def _condition(code: str, conditions: tuple[str, ...]) -> str:
    if not conditions or "unknown" in conditions:
        return "Unknown"
    return "Yes" if code in conditions else "No"


def _date(iso: str | None) -> date | None:
    try:
        return date.fromisoformat(iso or "")
    except ValueError:
        return None


def _whole(iso: str | None) -> str:
    """Return a whole date as the return writes it; one that is known only in part is missing."""
    return _day(_date(iso))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _safe(value: str) -> str:
    """Return the value as text: a spreadsheet must not take a name for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
