"""``ascdesk-server``: the council's server on the command line, for administrators."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ascdesk.errors import PlainError, Refusal
from sync.server.operating import add_operating_commands, add_serving_options
from sync.server.safekeeping import add_safe_commands

if TYPE_CHECKING:
    from sqlalchemy import Engine


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns 0, 1 when it was refused, or 2 when something could not be read."""
    given = _parser().parse_args(arguments)
    given.arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status: int = given.command(given) or 0
    except PlainError as trouble:
        print(trouble.sentence, file=sys.stderr)
        return trouble.exit_status
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ascdesk-server", description="The council's end of ASC Desk.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    default = os.environ.get("ASCDESK_SERVER_DATABASE")
    common.add_argument(
        "--database",
        metavar="URL",
        default=default,
        required=default is None,
        help="sqlite:///FILE or postgresql://… (or the environment's ASCDESK_SERVER_DATABASE)",
    )
    common.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    _init_parser(commands, common)
    _run_parser(commands, common)
    _user_parser(commands, common)
    for name, command, words in (
        ("allocate", _allocate, "give a worker a case"),
        ("deallocate", _deallocate, "take a case away from a worker"),
    ):
        sub = commands.add_parser(name, parents=[common], help=words)
        sub.add_argument("--user", required=True, help="user name or id")
        sub.add_argument("--case", required=True, help="the case's id")
        sub.set_defaults(command=command)
    sub = commands.add_parser(
        "pack", parents=[common], help="give laptops the council's pack, or say which they get"
    )
    sub.add_argument("folder", nargs="?", type=Path, help="the folder of the pack's TOML files")
    sub.set_defaults(command=_pack)
    sub = commands.add_parser("digest", parents=[common], help="a digest of one case, as laptops compute it")
    one = sub.add_mutually_exclusive_group(required=True)
    one.add_argument("--case", help="the case's id")
    one.add_argument("--list", action="store_true", help="name the cases")
    sub.set_defaults(command=_digest)
    sub = commands.add_parser(
        "restored", parents=[common], help="say that this database was put back from a backup"
    )
    sub.set_defaults(command=_restored)
    _returns_parser(commands, common)
    _web_parsers(commands, common)
    add_safe_commands(commands, common)
    add_operating_commands(commands, common)
    return parser


def _web_parsers(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401
    from sync.server.web.commands import add_invite_options  # noqa: PLC0415

    sub = commands.add_parser("invite", parents=[common], help="make a link to a review form about a case")
    add_invite_options(sub)
    sub.set_defaults(command=_invite)
    sub = commands.add_parser("arrivals", parents=[common], help="list what came by web forms")
    sub.set_defaults(command=_arrivals)


def _init_parser(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401 (argparse's own)
    sub = commands.add_parser("init", parents=[common], help="lay out an empty database")
    sub.add_argument("--council", default="The council", help="the council's name, as workers see it")
    sub.add_argument(
        "--recovery-key",
        type=Path,
        metavar="FILE",
        help="make the key that opens escrows and write it here; then keep it off the server",
    )
    sub.set_defaults(command=_init)


def _run_parser(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401
    sub = commands.add_parser("run", parents=[common], help="run the server")
    sub.add_argument("--port", type=int, required=True, help="0 picks a free one")
    sub.add_argument("--host", default="127.0.0.1")
    sub.add_argument("--tls-cert", type=Path, metavar="FILE")
    sub.add_argument("--tls-key", type=Path, metavar="FILE")
    sub.add_argument(
        "--public-url", metavar="URL", help="how laptops reach it, when a proxy stands before it"
    )
    sub.add_argument(
        "--issuer", metavar="URL", help="sign-in by this OpenID Connect issuer, not the built-in one"
    )
    sub.add_argument("--issuer-audience", default="asc-desk", metavar="NAME")
    sub.add_argument("--issuer-client", default="asc-desk", metavar="ID")
    sub.add_argument(
        "--issuer-claim", default="sub", metavar="NAME", help="the claim that holds the user name"
    )
    from sync.server.web.commands import add_run_options  # noqa: PLC0415

    add_run_options(sub)
    add_serving_options(sub)
    sub.set_defaults(command=_run)


def _returns_parser(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401
    returns = commands.add_parser("returns", help="statutory returns")
    kinds = returns.add_subparsers(required=True, metavar="RETURN")
    sub = kinds.add_parser("cld", parents=[common], help="Client Level Data, Release 2")
    sub.add_argument("--from", dest="first", required=True, metavar="DATE", help="first day, as 2026-10-01")
    sub.add_argument("--to", dest="last", required=True, metavar="DATE", help="last day, included")
    sub.add_argument("--out", type=Path, required=True, metavar="FILE", help="where the CSV file goes")
    sub.add_argument("--la-code", default="", metavar="CODE", help="the council's code in the return")
    sub.set_defaults(command=_returns_cld)


def _user_parser(commands: Any, common: argparse.ArgumentParser) -> None:  # noqa: ANN401
    users = commands.add_parser("user", help="the people").add_subparsers(required=True, metavar="COMMAND")
    sub = users.add_parser("add", parents=[common], help="add a worker")
    sub.add_argument("username", help="what they sign in with")
    sub.add_argument("--name", required=True)
    for name in ("role", "team", "registration", "telephone", "email", "id"):
        sub.add_argument(f"--{name}", default="")
    secret = sub.add_mutually_exclusive_group()
    secret.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    secret.add_argument("--no-password", action="store_true", help="for an outside issuer")
    sub.set_defaults(command=_user_add)


def _tell(given: argparse.Namespace, parts: dict[str, Any], words: str) -> None:
    print(json.dumps(parts, ensure_ascii=False, sort_keys=True) if given.json else words)


def _at() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@contextlib.contextmanager
def _opened(given: argparse.Namespace) -> Iterator[Engine]:
    from sync.server.database import open_council  # noqa: PLC0415 (imported when needed: quick --help)

    engine = open_council(given.database).engine
    try:
        yield engine
    finally:
        engine.dispose()


def _init(given: argparse.Namespace) -> None:
    from sync.server.database import initialise, open_database  # noqa: PLC0415

    engine = open_database(given.database)
    try:
        council = initialise(engine, given.council)
        if given.recovery_key is not None:
            from sync.server.escrows import make_recovery_key  # noqa: PLC0415

            make_recovery_key(engine, given.recovery_key)
    finally:
        engine.dispose()
    parts = {"council": council.id, "name": council.name, "epoch": council.epoch}
    words = f"The database of {council.name} is ready."
    if given.recovery_key is not None:
        words += f"\nMove {given.recovery_key} off this server now: it opens what laptops leave in escrow."
    _tell(given, parts, words)


def _user_add(given: argparse.Namespace) -> None:
    from sync.server.accounts import add_user  # noqa: PLC0415
    from sync.server.scoping import follow_all  # noqa: PLC0415

    if given.no_password:
        password = None
    elif given.password_stdin or not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass(f"Password for {given.username}: ")
    if password is not None and len(password) < 8:
        raise Refusal("The password is too short: give at least eight characters, or --no-password.")
    names = ("id", "name", "role", "team", "registration", "telephone", "email")
    with _opened(given) as engine:
        details = {name: getattr(given, name) for name in names}
        worker = add_user(engine, given.username, details, password)
        follow_all(engine, _at())  # who comes to a team sees what stands open with it
    words = f"{worker.name} can sign in as {given.username}."
    _tell(given, {"id": worker.id, "username": given.username}, words)


def _allocate(given: argparse.Namespace) -> None:
    from sync.server import access, accounts  # noqa: PLC0415

    with _opened(given) as engine:
        worker = accounts.user_id(engine, given.user)
        access.allocate(engine, worker, given.case, _at())
    parts = {"user": worker, "case": given.case}
    _tell(given, parts, f"Case {given.case} is allocated to {given.user}.")


def _deallocate(given: argparse.Namespace) -> None:
    from sync.server import access, accounts  # noqa: PLC0415

    with _opened(given) as engine:
        worker = accounts.user_id(engine, given.user)
        access.deallocate(engine, worker, given.case, _at())
    parts = {"user": worker, "case": given.case}
    _tell(given, parts, f"Case {given.case} was taken away from {given.user}.")


def _pack(given: argparse.Namespace) -> None:
    from ascdesk.councils.pack import read_pack, warnings_of  # noqa: PLC0415
    from sync.server.database import plain_trouble, reading  # noqa: PLC0415
    from sync.server.packs import load_pack, pack_version  # noqa: PLC0415
    from sync.server.scoping import follow_all  # noqa: PLC0415

    if given.folder is None:
        with _opened(given) as engine, plain_trouble(), reading(engine) as connection:
            held = pack_version(connection)
        words = (
            f"Laptops get version {held} of the pack."
            if held
            else "No pack is loaded: laptops use their own."
        )
        _tell(given, {"version": held}, words)
        return
    pack = read_pack(given.folder)
    with _opened(given) as engine:
        new = load_pack(engine, pack)
        follow_all(engine, _at())  # its teams and roles may say otherwise who sees what
    warnings = list(warnings_of(pack, datetime.now(UTC).date()))
    parts = {"id": pack.id, "version": pack.version, "new": new, "warnings": warnings}
    first = f"Laptops get version {pack.version} of {pack.council.name}’s pack when they connect."
    _tell(given, parts, "\n".join([first, *(f"warning: {one}" for one in warnings)]))


def _digest(given: argparse.Namespace) -> None:
    from sync.server.database import plain_trouble  # noqa: PLC0415
    from sync.server.seed import cases  # noqa: PLC0415

    with _opened(given) as engine, plain_trouble():
        held = cases(engine)
        if given.list:
            _tell(given, {"cases": held}, "\n".join(held))
            return
        if given.case not in held:
            raise Refusal(
                f"The council has no case {given.case}. “ascdesk-server digest --list” names those it has."
            )
        parts = _digest_of(engine, given.case)
    _tell(given, parts, f"{parts['digest']}  ({parts['changes']} changes)")


def _digest_of(engine: Engine, case: str) -> dict[str, Any]:
    from ascdesk.record.digest import digest  # noqa: PLC0415
    from sync.server.database import reading  # noqa: PLC0415
    from sync.server.projecting import catch_up  # noqa: PLC0415

    catch_up(engine, [case])
    with reading(engine) as connection:
        return digest(connection, case).as_json()


def _restored(given: argparse.Namespace) -> None:
    from sync.server.database import new_epoch  # noqa: PLC0415

    with _opened(given) as engine:
        council = new_epoch(engine)
    _tell(given, {"epoch": council.epoch}, "Laptops will offer again what this database may have lost.")


def _returns_cld(given: argparse.Namespace) -> None:
    """Say what is missing, then write the file: somebody has to look before it is sent."""
    from sync.server import returning  # noqa: PLC0415

    first, last = returning.day(given.first), returning.day(given.last)
    with _opened(given) as engine:
        made = returning.client_level(engine, given.la_code, first, last)
    parts: dict[str, Any] = {"rows": len(made.rows), "events": made.counts, "verified": made.verified}
    parts["unknown_lists"] = list(made.unknown_lists)
    parts["missing"] = [
        {"case": one.case, "event": one.event, "reference": one.reference, "column": one.column}
        for one in made.missing
    ]
    _tell(given, parts, made.report())
    sys.stdout.flush()
    returning.write(made, given.out)


def _invite(given: argparse.Namespace) -> None:
    from sync.server.web.commands import invite  # noqa: PLC0415

    with _opened(given) as engine:
        parts = invite(engine, given)
    _tell(given, parts, f"{parts['link']}\nIt can be used for {parts['days']} days, until the form is sent.")


def _arrivals(given: argparse.Namespace) -> None:
    from sync.server.web.commands import arrivals  # noqa: PLC0415

    with _opened(given) as engine:
        parts = arrivals(engine)
    lines = [
        f"{row['at']}  {row['reference']}  {row['form']}  case {row['case']}, seen by {row['workers']}"
        for row in parts["arrivals"]
    ]
    _tell(given, parts, "\n".join(lines) or "Nothing has come by a web form yet.")


def _run(given: argparse.Namespace) -> None:
    from sync.server.serving import run  # noqa: PLC0415

    run(given)


if __name__ == "__main__":
    raise SystemExit(main())
