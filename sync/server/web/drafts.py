"""Half-filled forms on the server, who may open them, and when they go. Tokens are kept as hashes only.

A draft is opened by a session (a cookie) alone. A link brings a session, once; an invitation begins a draft
about somebody whom the council knows, and never shows what was typed before.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ascdesk.forms.model import Form
from ascdesk.forms.problems import WrongAnswer
from ascdesk.forms.state import FormState
from ascdesk.record.change import new_id
from sync.server.database import read_setting
from sync.server.tables import setting
from sync.server.web import tables

Json = Any
DAY = 24 * 3600
_SECRET = "web_secret"  # noqa: S105 (the setting's name)
_ALPHABET = "BCDFGHJKMNPQRSTVWXYZ23456789"
"""Letters and digits that nobody mistakes for one another, and that spell no words."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that somebody is filling in."""

    id: str
    form: str
    version: str
    case: str | None
    invitation: str | None
    answers: tuple[Json, ...]
    rows: tuple[Json, ...]
    seen: frozenset[str]
    changed_at: int
    sent_at: int | None
    reference: str | None
    told: Json

    @property
    def begun(self) -> bool:
        """Say whether anything was answered."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that the council sent: for which form, about whom."""

    hash: str
    form: str
    case: str


def new_token() -> str:
    """Return a secret that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_reference() -> str:
    """Return a reference that says nothing about anybody, like ``HDK4-7QPB``."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def secret_of(connection: Connection) -> bytes:
    """Return the council's secret for keyed hashes; whoever asks first makes it, and all get that one."""
    found = read_setting(connection, _SECRET)
    if found is None:
        dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
        made = dialect.insert(setting).values(name=_SECRET, value=new_token())
        connection.execute(made.on_conflict_do_nothing())
        found = read_setting(connection, _SECRET) or ""
    return found.encode()


def keyed(secret: bytes, text: str) -> str:
    """Return a hash that only this council can make: of an address, so that none is kept."""
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def begin(
    connection: Connection, form: str, version: str, now: int, invitation: Invitation | None = None
) -> str:
    """Begin an empty draft and return its id."""
    values = {
        "id": new_id(),
        "form": form,
        "version": version,
        "case": invitation.case if invitation else None,
        "invitation": invitation.hash if invitation else None,
        "content": "{}",
        "started_at": now,
        "changed_at": now,
    }
    connection.execute(insert(tables.draft).values(values))
    return str(values["id"])


def load(connection: Connection, draft_id: str, *, lock: bool = False) -> Draft | None:
    """Return a draft."""
    query = select(tables.draft).where(tables.draft.c.id == draft_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        return None
    content = json.loads(row["content"])
    return Draft(
        id=row["id"],
        form=row["form"],
        version=row["version"],
        case=row["case"],
        invitation=row["invitation"],
        answers=tuple(content.get("answers", ())),
        rows=tuple(content.get("rows", ())),
        seen=frozenset(content.get("seen", ())),
        changed_at=row["changed_at"],
        sent_at=row["sent_at"],
        reference=row["reference"],
        told=json.loads(row["told"] or "{}"),
    )


def save(connection: Connection, draft: Draft, state: FormState, now: int) -> None:
    """Keep what the state holds, hidden answers too, and the pages that were seen."""
    answers, rows = contents(state)
    content = json.dumps({"answers": answers, "rows": rows, "seen": sorted(draft.seen)}, ensure_ascii=False)
    values = {"content": content, "changed_at": now, "version": state.form.version}
    connection.execute(update(tables.draft).where(tables.draft.c.id == draft.id).values(values))


def contents(state: FormState) -> tuple[list[Json], list[Json]]:
    """Return every answer and every row of a state, as JSON."""
    answers: list[Json] = []
    rows: list[Json] = []

    def visit(parent: int, path: tuple[str, ...]) -> None:
        for index in state.form.children_of(parent):
            node = state.form.nodes[index]
            if node.is_question and not node.calculated and (said := state.answers(path, node.link_id)):
                answers.append([list(path), node.link_id, [dict(one) for one in said]])
            if node.repeating_group:
                ids = state.rows(path, node.link_id)
                rows.extend([list(path), node.link_id, row] for row in ids)
                for row in ids:
                    visit(index, (*path, row))
            else:
                visit(index, path)

    visit(-1, ())
    return answers, rows


def state_of(draft: Draft, form: Form, today: Any) -> FormState:  # noqa: ANN401 (a date or a moment)
    """Return the form as it is filled so far. What a newer form does not have any more is left out."""
    state = FormState(form, today)
    for path, link_id, row in draft.rows:
        _try(lambda p=path, i=link_id, r=row: state.add_row(tuple(p), i, r))  # type: ignore[misc]
    for path, link_id, said in draft.answers:
        _try(lambda p=path, i=link_id, s=said: state.set(tuple(p), i, s))  # type: ignore[misc]
    return state


def _try(do: Callable[[], object]) -> None:
    try:
        do()
    except WrongAnswer:
        return


def open_session(connection: Connection, token: str, form: str, draft: str, until: int) -> None:
    """Let a cookie open a draft from now on; whatever it opened of that form before, it does no more."""
    hashed = hash_of(token)
    connection.execute(
        delete(tables.session).where(tables.session.c.hash == hashed, tables.session.c.form == form)
    )
    values = {"hash": hashed, "form": form, "draft": draft, "until": until}
    connection.execute(insert(tables.session).values(values))


def change_session(connection: Connection, old: str, new: str) -> None:
    """Give a browser's sessions a new token, so that one that was planted there opens nothing."""
    where = tables.session.c.hash == hash_of(old)
    connection.execute(update(tables.session).where(where).values(hash=hash_of(new)))


def draft_of_session(connection: Connection, token: str, form: str, now: int) -> str | None:
    """Return the draft of that form which a cookie opens."""
    columns = tables.session.c
    query = select(columns.draft).where(columns.hash == hash_of(token), columns.form == form)
    return connection.scalar(query.where(columns.until > now)) if token else None


def keep_session(connection: Connection, token: str, form: str, until: int) -> None:
    """Let a session last on."""
    columns = tables.session.c
    where = (columns.hash == hash_of(token), columns.form == form)
    connection.execute(update(tables.session).where(*where).values(until=until))


def end_session(connection: Connection, token: str, form: str) -> None:
    """Close a form on this browser; the draft stays for its link."""
    columns = tables.session.c
    connection.execute(delete(tables.session).where(columns.hash == hash_of(token), columns.form == form))


def make_link(
    connection: Connection, draft: Draft, address: str, until: int, *, replaces: str | None = None
) -> str:
    """Return a new link's token; any other link of the draft that was not used stops working."""
    columns = tables.link.c
    old = (columns.used_at.is_(None)) | (columns.hash == hash_of(replaces or ""))
    connection.execute(delete(tables.link).where(columns.draft == draft.id, old))
    token = new_token()
    hashed = keyed(secret_of(connection), address.strip().lower())
    values = {"hash": hash_of(token), "draft": draft.id, "address": hashed, "until": until, "used_at": None}
    connection.execute(insert(tables.link).values(values))
    return token


def has_link(connection: Connection, draft_id: str, now: int) -> bool:
    """Tell whether a link brings somebody back to a draft: one that was used can still be asked for anew."""
    columns = tables.link.c
    query = select(columns.hash).where(columns.draft == draft_id, columns.until > now).limit(1)
    return connection.scalar(query) is not None


def use_link(connection: Connection, token: str, now: int) -> str | None:
    """Return the draft of a link and use the link up; ``None`` for one that is unknown, used or too old."""
    columns = tables.link.c
    fresh = (columns.hash == hash_of(token), columns.used_at.is_(None), columns.until > now)
    used = connection.execute(update(tables.link).where(*fresh).values(used_at=now)).rowcount
    return connection.scalar(select(columns.draft).where(columns.hash == hash_of(token))) if used else None


def link_stands(connection: Connection, token: str, now: int) -> bool:
    """Tell whether a link could be used now; looking uses nothing up."""
    columns = tables.link.c
    fresh = (columns.hash == hash_of(token), columns.used_at.is_(None), columns.until > now)
    return connection.scalar(select(columns.hash).where(*fresh)) is not None


def draft_of_address(connection: Connection, token: str, address: str, now: int) -> str | None:
    """Return the draft of a used link when the email address is the one that it was sent to."""
    columns = tables.link.c
    row = connection.execute(select(tables.link).where(columns.hash == hash_of(token))).first()
    hashed = keyed(secret_of(connection), address.strip().lower())
    if row is None or row.until <= now or not hmac.compare_digest(row.address, hashed):
        return None
    return str(row.draft)


def invite(connection: Connection, form: str, case: str, now: int, until: int) -> str:
    """Return the token of a new link for a form about somebody whom the council knows."""
    token = new_token()
    values = {"hash": hash_of(token), "form": form, "case": case, "until": until, "made_at": now}
    connection.execute(insert(tables.invitation).values(values | {"sent_at": None}))
    return token


def invitation_of(connection: Connection, token: str, now: int) -> Invitation | None:
    """Return a link's invitation, as long as its form was not sent."""
    columns = tables.invitation.c
    fresh = (columns.hash == hash_of(token), columns.sent_at.is_(None), columns.until > now)
    row = connection.execute(select(tables.invitation).where(*fresh)).first()
    return None if row is None else Invitation(row.hash, row.form, row.case)


def mark_sent(connection: Connection, draft: Draft, reference: str, told: Json, now: int) -> bool:
    """Mark a draft as sent and empty it. ``False`` when its invitation was used by another meanwhile."""
    columns = tables.invitation.c
    if draft.invitation is not None:
        fresh = (columns.hash == draft.invitation, columns.sent_at.is_(None))
        if not connection.execute(update(tables.invitation).where(*fresh).values(sent_at=now)).rowcount:
            return False
    values = {"content": "{}", "sent_at": now, "changed_at": now, "reference": reference}
    where = tables.draft.c.id == draft.id
    connection.execute(update(tables.draft).where(where).values(values | {"told": json.dumps(told)}))
    connection.execute(delete(tables.link).where(tables.link.c.draft == draft.id))
    return True


def remove(connection: Connection, draft_id: str) -> None:
    """Remove a draft with all that belongs to it."""
    for table in (tables.session, tables.link, tables.upload):
        connection.execute(delete(table).where(table.c.draft == draft_id))
    connection.execute(delete(tables.draft).where(tables.draft.c.id == draft_id))


def purge(connection: Connection, now: int, keep_days: int) -> int:
    """Remove drafts that nobody changed for so many days, and what has run out; return how many drafts went.

    Of what was sent only the confirmation page is kept, for two days; its files stay with the case.
    """
    old = tables.draft.c.changed_at < now - keep_days * DAY
    sent = (tables.draft.c.sent_at.is_not(None)) & (tables.draft.c.sent_at < now - 2 * DAY)
    gone = list(connection.scalars(select(tables.draft.c.id).where(old | sent)))
    for draft_id in gone:
        for table in (tables.session, tables.link):
            connection.execute(delete(table).where(table.c.draft == draft_id))
        unsent = (tables.upload.c.draft == draft_id, tables.upload.c.case.is_(None))
        connection.execute(delete(tables.upload).where(*unsent))
        connection.execute(delete(tables.draft).where(tables.draft.c.id == draft_id))
    connection.execute(delete(tables.session).where(tables.session.c.until < now))
    connection.execute(delete(tables.link).where(tables.link.c.until < now))
    connection.execute(delete(tables.count).where(tables.count.c.since < now - DAY))
    return len(gone)


def with_seen(draft: Draft, page: str) -> Draft:
    """Return the draft with a page marked as seen."""
    return replace(draft, seen=draft.seen | {page})
