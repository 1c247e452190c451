"""The commands that need a council's pack: `ascdesk rules pack FOLDER` and the rule behind `rules route`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from ascdesk.care import reading
from ascdesk.care.clocks import LONDON
from ascdesk.care.reading import JsonObject
from ascdesk.care.routing import Channel, Condition, NeedKind, Referral, Stage, route
from ascdesk.councils.carried import carried_pack
from ascdesk.councils.pack import FORM, Pack, PackRefused, read_pack, warnings_of
from ascdesk.errors import PlainError

Printed = dict[str, object]


def run_pack(argv: Sequence[str]) -> int:
    """Run `ascdesk rules pack FOLDER [--json]` and return the exit status.

    0 sound, with warnings perhaps; 1 refused, every problem named; 2 could not be read.
    """
    parser = argparse.ArgumentParser(prog="ascdesk rules pack", description="Check a council's pack.")
    parser.add_argument("folder", type=Path, help="the folder that holds the pack's TOML files")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 2
    try:
        pack = read_pack(options.folder)
    except PackRefused as refused:
        found: Printed = {"problems": [asdict(one) for one in refused.problems], "warnings": [], "parts": {}}
        _show(found, [one.sentence for one in refused.problems], as_json=options.json)
        sys.stderr.write(f"{refused.sentence}\n")
        return refused.exit_status
    except PlainError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return error.exit_status
    warnings = [*warnings_of(pack, _today()), *_unknown_forms(pack)]
    found = {"id": pack.id, "version": pack.version, "name": pack.council.name}
    found |= {"problems": [], "warnings": warnings, "parts": _parts(pack)}
    said = [f"{pack.council.name}, version {pack.version}: the pack can be used."]
    _show(found, said + [f"warning: {one}" for one in warnings], as_json=options.json)
    return 0


def _show(found: Printed, lines: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))


def _parts(pack: Pack) -> dict[str, int]:
    """Count what each part of a pack holds."""
    return {
        "teams": len(pack.teams),
        "channels": len(pack.channels),
        "routing": len(pack.routing.rows),
        "clocks": len(pack.clocks.words),
        "closures": len(pack.calendar.closures),
        "signposting": len(pack.signposts),
        "rates": len(pack.rates.rows),
        "services": len(pack.services),
        "pathway": len(pack.pathway.pieces),
        "letters": len(pack.letters),
    }


def _unknown_forms(pack: Pack) -> list[str]:
    """Warn of forms that this version does not carry: a council may publish its own."""
    known = {one.name.removesuffix(".json") for one in (files("resources") / "forms").iterdir()}
    known |= {name.removeprefix("forms/").split("@")[0] for name in pack.files if FORM.fullmatch(name)}
    named = {form for piece in pack.pathway.pieces for form in piece.forms}
    return [
        f"pathway.toml: the form “{form}” is not carried by this version; publish it with the pack."
        for form in sorted(named - known)
    ]


def route_rule(source: JsonObject) -> Printed:
    """Say who takes a referral on, by the carried pack. Raises :class:`Unreadable` for anything else."""
    born = None if source.get("date_of_birth") is None else reading.text(source, "date_of_birth")
    on = None if source.get("on") is None else reading.text(source, "on")
    referral = Referral(
        stage=reading.choice(source, "stage", Stage),
        channel=reading.choice(source, "channel", Channel),
        born=None if born is None else reading.day(born, "date_of_birth"),
        on=_today() if on is None else reading.day(on, "on"),
        receiving_support=reading.sure_flag(source, "receiving_support"),
        needs=frozenset(reading.one_of(one, NeedKind, "needs") for one in reading.texts(source, "needs")),
        conditions=frozenset(
            reading.one_of(one, Condition, "conditions") for one in reading.texts(source, "conditions")
        ),
    )
    found = route(referral, carried_pack().routing)
    return {"teams": list(found.teams), "urgent": found.urgent, "why": " ".join(found.why)}


def _today() -> date:
    return datetime.now(LONDON).date()
