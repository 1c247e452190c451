"""What a return looks like, as data: its columns, coded lists, and how our codes become theirs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ascdesk.errors import Unreadable

EVERY = "all"


@dataclass(frozen=True, slots=True)
class CodedList:
    """A coded list: its values and what our codes become; one that is not known stays empty."""

    name: str
    known: bool
    values: frozenset[str]
    codes: Mapping[str, str]

    def value(self, code: str | None) -> str:
        """Return the return's value for a code of ours, or for one of its own; empty for what it lacks."""
        if not self.known or code is None:
            return ""
        found = self.codes.get(code, code)
        return found if found in self.values else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: for which events it must be filled, for which it is filled at all, and its list."""

    name: str
    always: frozenset[str]
    only: frozenset[str]
    list: str

    def applies(self, event: str) -> bool:
        """Say whether the column is filled for an event."""
        return not self.only or event in self.only

    def demanded(self, event: str) -> bool:
        """Say whether the column must be filled for an event."""
        return EVERY in self.always or event in self.always


@dataclass(frozen=True, slots=True)
class Spec:
    """One return: columns in their order, lists by name, and what our events come to."""

    verified: bool
    columns: tuple[Column, ...]
    lists: Mapping[str, CodedList]
    follows: tuple[tuple[frozenset[str], str], ...]
    ended: Mapping[str, str]
    ended_by_route: Mapping[str, str]
    assessments: Mapping[str, str]

    def outcome_of(self, kinds: frozenset[str]) -> str:
        """Return what the kinds of pieces of work that follow come to; empty when none of them counts."""
        return next((outcome for some, outcome in self.follows if kinds & some), "")


def client_level_data() -> Spec:
    """Return the Client Level Data return, Release 2, as this program carries it."""
    held = files("resources") / "returns" / "cld-release-2.toml"
    return read_spec(held.read_text(encoding="utf-8"), "cld-release-2.toml")


def read_spec(text: str, name: str) -> Spec:
    """Read a return's data file. Raises :class:`Unreadable`, naming the file and what is wrong in it."""
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{name} cannot be read: {error}. Correct that line.") from error
    try:
        spec = _spec(held)
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"{name} lacks a part or has one of the wrong kind: {error}.") from error
    for column in spec.columns:
        if column.list and column.list not in spec.lists:
            raise Unreadable(f"{name}: the column “{column.name}” names a list that is not there.")
    outcomes = spec.lists["outcome"].values
    told = {*(one for _, one in spec.follows), *spec.ended.values(), *spec.ended_by_route.values()}
    for outcome in sorted(told - outcomes):
        raise Unreadable(f"{name}: “{outcome}” is not among the outcomes of the return.")
    return spec


def _spec(held: Mapping[str, Any]) -> Spec:
    return Spec(
        verified=held["verified"] is True,
        columns=tuple(
            Column(
                one["name"],
                frozenset(one.get("always", ())),
                frozenset(one.get("only", ())),
                one.get("list", ""),
            )
            for one in held["column"]
        ),
        lists={name: _list(name, one) for name, one in held["list"].items()},
        follows=tuple((frozenset(one["kinds"]), one["outcome"]) for one in held["follows"]),
        ended=dict(held["ended"]),
        ended_by_route=dict(held["ended_by_route"]),
        assessments=dict(held["assessments"]),
    )


def _list(name: str, one: Mapping[str, Any]) -> CodedList:
    codes = dict(one.get("codes", {}))
    values = frozenset(one.get("values", ())) | frozenset(codes.values())
    return CodedList(name, one.get("known", True) is True, values, codes)
