"""The commands that need neither screen nor network; they run before Qt is imported."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ascdesk.errors import PlainError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str]) -> int | None:
    """Run a command of this program and return its exit status, or None when it is not one of these.

    Status 0: done; 1: refused; 2: could not be read. `argv` is without the program's name.
    """
    run = {"forms": _forms, "rules": _rules, "catalogue": _catalogue}.get(argv[0]) if argv else None
    if run is None:
        return None
    try:
        return run(list(argv[1:]))
    except PlainError as trouble:
        _say(trouble.sentence)
        return trouble.exit_status


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _rules(argv: list[str]) -> int:
    from ascdesk.care.commands import run  # noqa: PLC0415 only this command needs them
    from ascdesk.councils.commands import route_rule, run_pack  # noqa: PLC0415

    if argv[:1] == ["pack"]:
        return run_pack(argv[1:])
    return run(argv, {"route": route_rule})


def _catalogue(argv: list[str]) -> int:
    from ascdesk.councils.catalogue_commands import run_catalogue  # noqa: PLC0415

    return run_catalogue(argv)


def _forms(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="ascdesk forms", description="Try a form out, or publish it.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="compile a FHIR Questionnaire and evaluate a response to it")
    check.add_argument("file", type=Path, help="the Questionnaire, as JSON")
    check.add_argument(
        "--response", type=Path, help="a QuestionnaireResponse, as JSON; without it, none is given"
    )
    check.add_argument("--json", action="store_true", help="print one JSON object")
    publish = commands.add_parser("publish", help="put a form into a council's pack as a version for good")
    publish.add_argument("file", type=Path, help="the Questionnaire, as JSON")
    publish.add_argument("--pack", type=Path, required=True, help="the folder that holds the council's pack")
    publish.add_argument("--name", default="", help="what the form is called in the pack; else its id")
    publish.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(argv)
    if options.command == "publish":
        return _publish(options.file, options.pack, options.name, options.json)
    return _check(options.file, options.response, options.json)


def _publish(file: Path, pack: Path, name: str, as_json: bool) -> int:
    from ascdesk.forms.jsontext import dump_json  # noqa: PLC0415 other commands do without the engine
    from ascdesk.work.publishing import PublishRefused, publish  # noqa: PLC0415

    try:
        done = publish(file, pack, name)
    except PublishRefused as refused:
        problems = [
            {"linkId": one.link_id, "element": one.element, "message": one.message}
            for one in refused.problems
        ]
        if as_json:
            sys.stdout.write(dump_json({"published": False, "problems": problems}) + "\n")
        _say(refused.sentence)
        return refused.exit_status
    lines = [dump_json(done.told())] if as_json else done.lines()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _check(file: Path, answered: Path | None, as_json: bool) -> int:
    from ascdesk.forms.check import check_form  # noqa: PLC0415 other commands do without the engine
    from ascdesk.forms.jsontext import dump_json, load_json  # noqa: PLC0415

    questionnaire = load_json(file, "Questionnaire")
    given = None if answered is None else load_json(answered, "QuestionnaireResponse")
    found = check_form(questionnaire, given, dt.datetime.now().astimezone())
    problems = found["problems"]
    if as_json:
        sys.stdout.write(dump_json(found) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _summary(found)))
    if not problems:
        return 0
    first = problems[0]
    where = f"{file.name}, item {first['linkId']}" if first["linkId"] else file.name
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    _say(f"{where}: {first['element']}: {first['message']}{more}. Correct it and check again.")
    return 1


def _summary(found: dict[str, list[dict[str, str]]]) -> list[str]:
    counts = f"{found['items']} items, {found['conditions']} conditions, {found['expressions']} expressions"
    lines = [f"{counts}, {len(found['enabled'])} shown"]
    for kind in ("problems", "notes"):
        lines += [
            f"{kind[:-1]}: {each['linkId']} {each['element']}: {each['message']}" for each in found[kind]
        ]
    return lines
