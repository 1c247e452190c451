"""What the web forms are: which Questionnaires, whose account, what they become. Read from data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from ascdesk.errors import Unreadable

Json = Any
LIMITS = ("start", "page", "mail", "link", "send", "form_start", "form_send")


@dataclass(frozen=True, slots=True)
class When:
    """One answer that adds something: the question, its answer's code, and what it adds."""

    question: str
    code: str
    adds: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A list of codes for routing: the answers of one question, and what single answers add."""

    source: str = ""
    add: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class WebForm:
    """One form on the web. ``slug`` is its part of the address."""

    slug: str
    questionnaire: str
    title: str
    lead: str
    kind: str
    invited: bool
    source: str
    task: str
    team: str = ""
    mode: str = ""
    minutes: int = 0
    ready: tuple[str, ...] = ()
    own: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    who: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    person: Mapping[str, str] = field(default_factory=dict)
    referral: Mapping[str, str] = field(default_factory=dict)
    needs: Drawn = Drawn()
    conditions: Drawn = Drawn()
    urgent: tuple[When, ...] = ()
    urgent_because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """So many times in so many seconds."""

    times: int
    seconds: int


@dataclass(frozen=True, slots=True)
class WebSettings:
    """All forms, and what goes for every one of them. Days and hours as their names say."""

    forms: Mapping[str, WebForm]
    limits: Mapping[str, Limit]
    keep_days: int
    session_hours: int
    invitation_days: int
    most_files: int
    megabytes: int


def web_settings() -> WebSettings:
    """Return the settings that this program carries. Raises :class:`Unreadable`."""
    file = files("resources") / "web" / "forms.toml"
    return read_settings(file.read_text(encoding="utf-8"), "web/forms.toml")


def read_settings(text: str, file: str) -> WebSettings:
    """Return what a file says. Raises :class:`Unreadable`, naming the file and the part that is wrong."""
    try:
        held = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(f"{file} cannot be read: {error}. Correct that line.") from error
    drafts, uploads = _table(held, "drafts", file), _table(held, "uploads", file)
    forms = _table(held, "form", file)
    return WebSettings(
        forms={slug: _form(slug, _table(forms, slug, f"{file}, form"), file) for slug in forms},
        limits={name: _limit(_table(held, "limits", file), name, file) for name in LIMITS},
        keep_days=_number(drafts, "keep_days", file),
        session_hours=_number(drafts, "session_hours", file),
        invitation_days=_number(drafts, "invitation_days", file),
        most_files=_number(uploads, "most", file),
        megabytes=_number(uploads, "megabytes", file),
    )


def _form(slug: str, held: Mapping[str, Json], file: str) -> WebForm:
    where = f"{file}, form {slug}"
    entry = _text(held, "entry", where)
    if entry not in {"open", "invited"}:
        raise Unreadable(f"{where}: entry must be “open” or “invited”.")
    who = dict(held.get("who", {}))
    urgent = held.get("urgent", {})
    return WebForm(
        slug=slug,
        questionnaire=_text(held, "questionnaire", where),
        title=_text(held, "title", where),
        lead=_text(held, "lead", where),
        kind=_text(held, "kind", where),
        invited=entry == "invited",
        source=_text(held, "source", where),
        task=_text(held, "task", where),
        team=str(held.get("team", "")),
        mode=str(held.get("mode", "")),
        minutes=int(held.get("minutes", 0)),
        ready=tuple(held.get("ready", ())),
        own=held.get("own") is True,
        words=dict(held.get("person_words", {})),
        who=str(who.pop("question", "")),
        sources={str(code): str(source) for code, source in who.items()},
        channels=dict(held.get("channel", {})),
        person=dict(held.get("person", {})),
        referral=dict(held.get("referral", {})),
        needs=_drawn(held.get("needs", {}), where),
        conditions=_drawn(held.get("conditions", {}), where),
        urgent=_whens(urgent.get("when", ()), where),
        urgent_because=tuple(urgent.get("because", ())),
    )


def _drawn(held: Mapping[str, Json], where: str) -> Drawn:
    return Drawn(str(held.get("from", "")), _whens(held.get("add", ()), where))


def _whens(held: Json, where: str) -> tuple[When, ...]:
    try:
        return tuple(When(one["question"], one["code"], one.get("adds", "")) for one in held)
    except (KeyError, TypeError, AttributeError) as trouble:
        raise Unreadable(f"{where}: each condition needs a question and a code.") from trouble


def _limit(held: Mapping[str, Json], name: str, file: str) -> Limit:
    match held.get(name):
        case [int(times), int(seconds)] if times > 0 and seconds > 0:
            return Limit(times, seconds)
    raise Unreadable(f"{file}: limits.{name} must be [times, seconds], both above 0.")


def _table(held: Mapping[str, Json], name: str, file: str) -> Mapping[str, Json]:
    part = held.get(name)
    if not isinstance(part, dict):
        raise Unreadable(f"{file} has no part [{name}]. Add it.")
    return part


def _number(held: Mapping[str, Json], name: str, file: str) -> int:
    value = held.get(name)
    if type(value) is not int or value < 1:
        raise Unreadable(f"{file}: {name} must be a whole number above 0.")
    return value


def _text(held: Mapping[str, Json], name: str, where: str) -> str:
    value = held.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(f"{where} has no text for “{name}”. Write it.")
    return value
