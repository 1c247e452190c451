"""The command ``ascdesk``: wires everything together; what needs no screen runs before Qt loads."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ascdesk.errors import PlainError

if TYPE_CHECKING:
    from ui.launcher.app import Settings

COUNCIL_SERVER = "--council-server"
"""How the demonstration starts its council from a frozen program: no ``ascdesk-server`` stands beside it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command of this program and return its exit status: 0 done, 1 refused, 2 could not be read."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _without_a_screen(arguments)
        return _dispatch(arguments) if status is None else status
    except PlainError as trouble:
        sys.stderr.write(trouble.sentence + "\n")
        return trouble.exit_status


def _without_a_screen(arguments: list[str]) -> int | None:
    """Run a command that needs none; nothing of them is read in to open a window."""
    if not arguments or arguments[0].startswith("-"):
        return None
    from ascdesk import cli  # noqa: PLC0415

    return cli.main(arguments)


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == ["--worker"]:
        from ui.worker import main as worker  # noqa: PLC0415 (each command imports what it needs)

        return worker(arguments[1:])
    if arguments[:1] == [COUNCIL_SERVER]:
        from sync.server.main import main as council_server  # noqa: PLC0415

        return council_server(arguments[1:])
    return _run(arguments)


def _run(arguments: list[str]) -> int:
    """Run what a person or a script asks for."""
    options = _parser().parse_args(arguments)
    if options.self_test:
        from ui.self_test import self_test  # noqa: PLC0415

        return self_test(options.council, options.account, as_json=options.json)
    if options.command == "demo":
        from ui.demo.run import demonstrate  # noqa: PLC0415

        return demonstrate(headless=options.headless, out=options.out, kind=options.hands)
    if options.command == "profile":
        from ui.commands import profile_digest  # noqa: PLC0415

        return profile_digest(
            options.folder, case=options.case, list_cases=options.list, as_json=options.json
        )
    if options.command == "doctor":
        from ui.doctor import doctor  # noqa: PLC0415

        return doctor(as_json=options.json, folder=options.profile)
    return _open(options.profile, council=options.council, demonstration=options.demonstration)


def _open(folder: Path | None, *, council: str, demonstration: bool) -> int:
    """Open the application on the worker's profile."""
    from ui.launcher.first import run  # noqa: PLC0415 (a picture; the rest is read in behind it)

    profile = folder or default_profile()
    mode = "demonstration" if demonstration else "normal"

    def settings() -> Settings:
        from ui.launcher.app import Settings  # noqa: PLC0415
        from ui.launcher.council import CouncilEnroller  # noqa: PLC0415

        return Settings(profile, mode, council, CouncilEnroller())

    return run(profile, settings)


def default_profile() -> Path:
    """Return the folder of this worker's profile on this machine."""
    import platformdirs  # noqa: PLC0415

    return Path(platformdirs.user_data_dir("ASC Desk", appauthor=False)) / "profile"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ascdesk", description="ASC Desk: adult social care assessments, offline."
    )
    parser.add_argument("--profile", type=Path, help="the folder of the profile to open")
    parser.add_argument("--council", default="", help="the council's address, for enrolling")
    parser.add_argument(
        "--demonstration",
        action="store_true",
        help="enrol a profile that is only ever for invented people: its secret is kept in a file",
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="whether this build works on this machine, in a throwaway folder; with --council it also "
        "synchronises",
    )
    parser.add_argument(
        "--account", type=Path, metavar="FILE", help="of a self-test: who synchronises; else standard input"
    )
    parser.add_argument("--json", action="store_true", help="of a self-test: print one JSON object")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    demo = commands.add_parser(
        "demo", help="the demonstration: an invented caseload and council on this machine"
    )
    demo.add_argument("--headless", action="store_true", help="drive the real windows without a display")
    demo.add_argument(
        "--hands",
        choices=("mouse", "keyboard", "touch"),
        default="mouse",
        help="of a headless one: what drives the windows",
    )
    demo.add_argument("--out", type=Path, help="where to leave profiles, PDFs, pictures and summary.json")
    demo.set_defaults(command="demo")
    profile = commands.add_parser("profile", help="look at a profile").add_subparsers(
        required=True, metavar="WHAT"
    )
    digest = profile.add_parser("digest", help="a digest of one case, the same wherever it is the same")
    digest.add_argument("folder", type=Path, help="the profile's folder")
    one = digest.add_mutually_exclusive_group(required=True)
    one.add_argument("--case", help="the case's id")
    one.add_argument("--list", action="store_true", help="name the cases")
    digest.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    digest.set_defaults(command="profile")
    doctor = commands.add_parser("doctor", help="what this machine has and lacks")
    doctor.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    doctor.set_defaults(command="doctor")
    commands.add_parser("forms", help="check a form (ascdesk forms check FILE)")
    commands.add_parser("rules", help="ask a rule of care law (ascdesk rules NAME FILE)")
    commands.add_parser("catalogue", help="check a catalogue of equipment (ascdesk catalogue check FILE)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
