"""The demonstration caseload: invented people, read from data, sealed as a council's changes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import files
from typing import Any

from ascdesk.forms.model import Form
from ascdesk.record.change import EXISTENCE, Change, Json, Kind, new_id, seal
from ascdesk.work import plans, responses
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Draft, Key, account_row
from ascdesk.work.therapy_case import TherapyCase, days_of
from ascdesk.work.times import moment

OWN = "r.okafor"
"""Who the caseload's worker is in its data; whoever enrols stands in for her. Others there are colleagues."""

_DATE = re.compile(r"^today(?:([+-]\d+))?(T\d\d:\d\d)?$")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT")
_PEOPLE = uuid.UUID("b7a2f6c4-1d55-5a0e-9c63-6a5a6de8b2f1")


@dataclass(frozen=True, slots=True)
class Caseload:
    """The changes of every case, and what is left for the demonstration's visit, by case.

    ``files`` are the bytes of photos that the changes name, by case: whoever loads the changes keeps them.
    """

    changes: tuple[Change, ...]
    cases: tuple[str, ...]
    visit: Mapping[str, tuple[Mapping[str, Any], ...]]
    plans: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, tuple[bytes, ...]]


def caseload(now: datetime, *, author: str, device: str, worker: str) -> Caseload:
    """Return the demonstration caseload with its dates made real: ``now`` is a local time with its zone.

    What Jean Hollis says at the visit, and her plan, are left out: they are what the demonstration is about.
    """
    held, road = _read("caseload.json"), _read("road.json")
    library = FormLibrary()
    changes: list[Change] = []
    visit: dict[str, tuple[Mapping[str, Any], ...]] = {}
    later: dict[str, Mapping[str, Any]] = {}
    for raw in held["cases"]:
        case = _real(raw, now)
        maker = _Maker(case["id"], now, author, device, worker)
        at_visit = set(case["assessment"].get("at_the_visit", ()))
        more = _real(road["added"].get(case["id"], {}), now)
        maker.add_case(case, piece=more.get("work", ""))
        maker.add_rows(more.get("rows", ()))
        maker.add_assessment(case, library, at_visit)
        if at_visit:
            visit[case["id"]] = tuple(
                answer for answer in case["assessment"]["answers"] if _part(answer["linkId"]) in at_visit
            )
            later[case["id"]] = case.get("plan", {})
        elif "plan" in case:
            maker.add_plan(case, library)
        changes += maker.changes
    for raw in road["cases"]:
        case = _real(raw, now)
        maker = _Maker(case["id"], now, author, device, worker)
        maker.add_case(case)
        maker.add_rows(case["rows"])
        changes += maker.changes
    therapy, drawn = _read("therapy.json"), {}
    for raw in therapy["cases"]:
        case = _real(raw, now)
        maker = _Maker(case["id"], now, author, device, worker)
        theirs = TherapyCase(case, maker.row)
        maker.add_rows(tuple(theirs.rows(now.date())))
        drawn[case["id"]] = theirs.files()
        maker.add_case(case, piece=case["form"]["piece"])
        maker.add_form(case["form"], library)
        maker.add_signature(case["order"])
        changes += maker.changes
    known = tuple(raw["id"] for raw in (*held["cases"], *road["cases"], *therapy["cases"]))
    return Caseload(tuple(changes), known, visit, later, drawn)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((files("resources") / "demo" / name).read_text(encoding="utf-8"))
    return found


def _part(link_id: str) -> str:
    return link_id.split(".", maxsplit=1)[0]


def _real(value: Json, now: datetime) -> Json:
    """Return the value with *today-31* and *today+2T10:30* made real."""
    if isinstance(value, dict):
        return {name: _real(part, now) for name, part in value.items()}
    if isinstance(value, list):
        return [_real(part, now) for part in value]
    if isinstance(value, str) and (found := _DATE.match(value)):
        day = now.date() + timedelta(days=int(found[1] or 0))
        if found[2] is None:
            return day.isoformat()
        at = datetime.combine(day, time.fromisoformat(found[2][1:]), now.tzinfo)
        return at.isoformat(timespec="seconds")  # FHIR: a time of day has its seconds
    return value


class _Maker:
    """Makes the changes of one case, each row created once with all its fields."""

    def __init__(self, case: str, now: datetime, author: str, device: str, worker: str) -> None:
        self.case, self.now, self.author, self.device, self.worker = case, now, author, device, worker
        self.changes: list[Change] = []
        self._visited: str | None = None
        self._labels: dict[str, str] = {}
        self._wall = (now - timedelta(days=1)).isoformat(timespec="milliseconds")

    def add(self, entity: str, facts: Mapping[str, Json], row: str | None = None) -> str:
        """Add a row of an entity, and return its id."""
        row = row or new_id()
        group = new_id()
        self._seal(entity, row, EXISTENCE, None, group, kind="create")
        for name, value in facts.items():
            if value is not None and value != "":
                self._seal(entity, row, name, value, group)
        return row

    def _seal(
        self, entity: str, row: str, field: str, value: Json, group: str, *, kind: Kind = "set"
    ) -> None:
        self.changes.append(
            seal(
                case=self.case,
                entity=entity,
                row=row,
                field=field,
                kind=kind,
                value=value,
                supersedes=(),
                group=group,
                author=self.author,
                device=self.device,
                wall=self._wall,
            )
        )

    def add_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows as the road's file tells them: an "as" names the row for "@" in other rows of its case."""
        for told in rows:
            facts = {name: self._linked(value) for name, value in told["facts"].items()}
            self.add(told["entity"], facts, self._row_of(told))

    def _row_of(self, told: Mapping[str, Any]) -> str | None:
        """Return the id of a row that has one of its own, or is named by others."""
        return told.get("row") or (self.row(told["as"]) if "as" in told else None)

    def row(self, label: str) -> str:
        """Return the id of the row that is named so in this case."""
        return self._labels.setdefault(label, new_id())

    def _linked(self, value: Json) -> Json:
        """Return the row that a value names; a time of today that has not come yet is now: it did happen."""
        if isinstance(value, str) and value.startswith("@"):
            return self.row(value[1:])
        at = moment(value) if isinstance(value, str) and _MOMENT.match(value) else None
        return self.now.isoformat(timespec="seconds") if at and at > self.now else value

    def add_case(self, case: Mapping[str, Any], *, piece: str = "") -> None:
        """Add the person, who matters to them, and what stands where; ``piece`` is what the worker is on."""
        person = {name: value for name, value in case["person"].items() if name != "age"}
        self.add("person", person, str(uuid.uuid5(_PEOPLE, self.case)))
        for entity, name in (
            ("contact", "contacts"),
            ("communication_need", "communication"),
            ("alert", "alerts"),
            ("earlier_record", "earlier"),
            ("visit", "visits"),
        ):
            for facts in case.get(name, ()):
                self.add(entity, facts)
        for work in case.get("work", ()):
            facts = {name: value for name, value in work.items() if name != "tasks"}
            worker = self.worker if facts["worker"] == OWN else facts["worker"]
            self.add("allocation", facts | {"worker": worker, "piece": self._linked(piece)})
            for task in work.get("tasks", ()):
                self.add("task", task)
        for event in case["clock_events"]:
            self._event(event)

    def add_form(self, told: Mapping[str, Any], library: FormLibrary) -> None:
        """Add a record that was begun for a piece of work, with its answers."""
        form = library.form(told["questionnaire"])
        today = self.now.date()
        answers = [one | {"answer": days_of(one, today)} if "days" in one else one for one in told["answers"]]
        self._response(told["questionnaire"], form, answers, piece=self._linked(told["piece"]))

    def add_signature(self, told: Mapping[str, Any]) -> None:
        """Add the signature on an order: it fixes the order and each of its lines."""
        of = self._linked(told["of"])
        lines = {one.row for one in self.changes if one.field == "prescription" and one.content == of}
        fixed = [one.hash for one in self.changes if one.row in {of, *lines}]
        facts = {name: value for name, value in told.items() if name != "of"}
        signed = facts | {"of": of, "number": 1, "heads": sorted(fixed)}
        self._seal("signature", new_id(), EXISTENCE, signed, new_id(), kind="sign")

    def _event(self, event: Mapping[str, Any]) -> None:
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        at = midnight - timedelta(days=event["days_ago"]) + timedelta(hours=float(event["hours"]))
        facts = {"kind": event["kind"], "at": min(at, self.now).isoformat(), "reason": event.get("reason")}
        if event["kind"] == "visit_started":
            self._visited = facts["at"]
        self.add("clock_event", facts)

    def add_assessment(self, case: Mapping[str, Any], library: FormLibrary, left_out: set[str]) -> None:
        """Add the assessment with its answers but those of the parts that are ``left_out``."""
        told = case["assessment"]
        answers = [answer for answer in told["answers"] if _part(answer["linkId"]) not in left_out]
        form = library.form(told["questionnaire"])
        response = self._response(told["questionnaire"], form, answers)
        if "signed" in case:
            self._signed(case["signed"], response)

    def _response(
        self,
        name: str,
        form: Form,
        answers: Sequence[Mapping[str, Any]],
        of: str | None = None,
        piece: Json = None,
    ) -> str:
        facts = {
            "questionnaire": name,
            "questionnaire_version": form.version,
            "started_at": self._wall,
            "assessor": self.worker,
            "of": of,
            "piece": piece,
        }
        response = self.add("response", facts)
        draft = Draft(self.case, response, name, form.version, self._wall, self.worker)
        rows: dict[tuple[str, str], str] = {}
        for answer in answers:
            self._answer(draft, form, answer, rows)
        return response

    def _answer(
        self, draft: Draft, form: Form, told: Mapping[str, Any], rows: dict[tuple[str, str], str]
    ) -> None:
        group = new_id()
        path: list[str] = []
        for index in form.node(told["linkId"]).groups:
            link_id = form.nodes[index].link_id
            if (link_id, told.get("row", "")) not in rows:
                row = rows[link_id, told.get("row", "")] = new_id()
                place = {"response": draft.response, "link_id": link_id, "parent": path[-1] if path else ""}
                self._seal("repeat", row, EXISTENCE, place, group, kind="create")
            path.append(rows[link_id, told.get("row", "")])
        key = Key(tuple(path), told["linkId"], told["source"])
        value = responses.said_of(told)
        stored = responses.stored_value(draft, key, value)
        self._seal("answer", account_row(draft.response, key), "value", stored, group)

    def _signed(self, told: Mapping[str, Any], response: str) -> None:
        at = (self.now - timedelta(days=told["days_ago"])).isoformat(timespec="seconds")
        reasons = told.get("reasons") or _REASONS[bool(told["eligible"])]
        row = account_row(response, Key((), "determination", "observed"))
        decided = {"response": response, "eligible": told["eligible"], "reasons": reasons}
        self.add("determination", decided, row)
        signed = {"answer", "repeat", "determination"}
        mine = [change.hash for change in self.changes if change.entity in signed]
        facts = {
            "of": response, "what": "needs assessment", "name": "Ruth Okafor", "role": "Social worker",
            "statement": "This is a true record of the assessment, and the determination is mine.",
            "at": at, "number": 1, "heads": sorted(mine),
        }  # fmt: skip
        self._seal("signature", new_id(), EXISTENCE, facts, new_id(), kind="sign")
        # The two weeks for the copy run from the visit, not from the signature (domain §5.2, T5).
        self.add("clock_event", {"kind": "assessment_completed", "at": self._visited or at})
        self.add("clock_event", {"kind": "determination_signed", "at": at})

    def add_plan(self, case: Mapping[str, Any], library: FormLibrary) -> None:
        """Add the plan: its figures, needs, lines and options, and its narrative form."""
        told = case["plan"]
        plan = self.add("plan", dict(told["facts"]) | {"started_at": self._wall})
        for need in told["needs"]:
            self.add("plan_need", {"plan": plan} | need, plans.need_row(plan, need["code"]))
        for entity, name in (("plan_line", "lines"), ("plan_option", "options")):
            for facts in told.get(name, ()):
                self.add(entity, {"plan": plan} | {k: v for k, v in facts.items() if k != "key"})
        self._response(plans.PLAN_FORM, library.form(plans.PLAN_FORM), told.get("answers", ()), of=plan)


_REASONS = {
    True: "The needs come from an illness, more than two outcomes cannot be achieved without help, and the "
    "impact on daily life is significant. The reasons are set out under each outcome.",
    False: "Fewer than two outcomes cannot be achieved. Advice on what can help was talked through and is in "
    "the copy.",
}
