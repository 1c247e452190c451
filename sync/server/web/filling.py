"""Filling in: one page read, kept, and what comes after it. Each function does one request's work."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from ascdesk.care.clocks import LONDON
from ascdesk.councils.pack import Pack
from ascdesk.errors import Refusal
from ascdesk.forms.model import Form
from ascdesk.forms.problems import WrongAnswer
from ascdesk.forms.state import FormState
from ascdesk.record.change import new_id
from ascdesk.work.library import FormLibrary
from sync.server.database import reading, writing
from sync.server.web import drafts, limits, uploads
from sync.server.web.components import Address, Filled, View, name_of
from sync.server.web.drafts import Draft
from sync.server.web.guard import Stop, Visitor, not_found, too_often
from sync.server.web.mail import OutgoingMail
from sync.server.web.paging import Page, everything, following, open_pages, page_named
from sync.server.web.reading import Posted, Read, problems_on, read_page
from sync.server.web.settings import WebForm, WebSettings
from sync.server.web.submit import Sent, send

Json = Any


@dataclass(frozen=True, slots=True)
class WebDesk:
    """What every request of the web forms needs. ``base`` is the server's own address."""

    engine: Engine
    settings: WebSettings
    library: FormLibrary
    pack: Pack
    mail: OutgoingMail | None
    base: str
    now: Callable[[], float]

    def form(self, slug: str) -> WebForm:
        """Return a form by its part of the address. Raises :class:`Stop`."""
        if slug not in self.settings.forms:
            raise not_found()
        return self.settings.forms[slug]

    def moment(self) -> datetime:
        """Return the time, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)


@dataclass(frozen=True, slots=True)
class Open:
    """A draft that is open, with its form as it is filled."""

    web: WebForm
    draft: Draft
    form: Form
    state: FormState

    def view(self, filled: Filled | None = None) -> View:
        """Return what drawing looks at."""
        return View(self.form, self.state, self.web.words, filled or Filled(), self.web.own)


@dataclass(frozen=True, slots=True)
class Turned:
    """What a post came to: where to go, or the same page again with what is wrong."""

    opened: Open
    page: Page | None = None
    goes_to: str = ""
    filled: Filled = field(default_factory=Filled)
    news: str = ""


def count(desk: WebDesk, connection: Connection, what: str, whom: str) -> None:
    """Count one more of something. Raises :class:`Stop` when it is too often."""
    counted = limits.count(connection, what, whom, desk.settings.limits[what], int(desk.now()))
    if counted.wait:
        raise too_often(counted.wait)


def counted(desk: WebDesk, what: str, whom: str) -> None:
    """Count one more in a transaction of its own, which stays whatever comes after."""
    with writing(desk.engine) as connection:
        count(desk, connection, what, whom)


def open_draft(
    desk: WebDesk, connection: Connection, slug: str, visitor: Visitor, *, lock: bool = False
) -> Open:
    """Return the draft that this browser has open. Raises :class:`Stop` when there is none."""
    web = desk.form(slug)
    draft_id = drafts.draft_of_session(connection, visitor.token, slug, int(desk.now()))
    draft = drafts.load(connection, draft_id, lock=lock) if draft_id else None
    if draft is None:
        raise Stop(
            403,
            "This form is not open on this device",
            "It was closed, or was left for too long. If we sent you a link by email, open that. "
            "Otherwise begin again.",
        )
    form = desk.library.form(web.questionnaire)
    return Open(web, draft, form, drafts.state_of(draft, form, desk.moment().astimezone(LONDON)))


def look(desk: WebDesk, slug: str, visitor: Visitor) -> Open:
    """Return the open draft, to show it."""
    with reading(desk.engine) as connection:
        return open_draft(desk, connection, slug, visitor)


def begun(desk: WebDesk, slug: str, visitor: Visitor) -> Draft | None:
    """Return the draft of this form that the browser has open, if it has one that was not sent."""
    with reading(desk.engine) as connection:
        draft_id = drafts.draft_of_session(connection, visitor.token, slug, int(desk.now()))
        draft = drafts.load(connection, draft_id) if draft_id else None
    return None if draft is None or draft.sent_at is not None else draft


def start(desk: WebDesk, slug: str, visitor: Visitor, invitation: str = "") -> tuple[Open, str]:
    """Begin a draft; return it and the browser's new cookie. Raises :class:`Stop`."""
    web, now = desk.form(slug), int(desk.now())
    counted(desk, "start", visitor.address)
    counted(desk, "form_start", slug)
    with writing(desk.engine) as connection:
        drafts.purge(connection, now, desk.settings.keep_days)
        invited = drafts.invitation_of(connection, invitation, now) if invitation else None
        if web.invited and (invited is None or invited.form != slug):
            raise stale()
        form = desk.library.form(web.questionnaire)
        draft_id = drafts.begin(connection, slug, form.version, now, invited)
        token = _new_cookie(desk, connection, visitor, slug, draft_id)
        draft = drafts.load(connection, draft_id)
    assert draft is not None
    return Open(web, draft, form, drafts.state_of(draft, form, desk.moment().astimezone(LONDON))), token


def stale() -> Stop:
    """Return what is told to somebody whose link does not open anything (any more)."""
    return Stop(
        410,
        "This link does not work any more",
        "It was used already, or it is too old, or the form was sent. Ask us for a new one.",
    )


def _new_cookie(desk: WebDesk, connection: Connection, visitor: Visitor, slug: str, draft: str) -> str:
    """Return a new cookie that opens what the old one did, and this draft."""
    token = drafts.new_token()
    drafts.change_session(connection, visitor.token, token)
    drafts.open_session(connection, token, slug, draft, _until(desk))
    return token


def _until(desk: WebDesk) -> int:
    return int(desk.now()) + desk.settings.session_hours * 3600


def turn(desk: WebDesk, slug: str, visitor: Visitor, link_id: str, posted: Posted, *, checks: bool) -> Turned:
    """Read what was typed on a page, keep it, and say what comes next.

    ``checks``: the page was opened from *Check your answers*, and leads back there. Raises :class:`Stop`.
    """
    counted(desk, "page", visitor.address)
    do, _, of = posted.one("do").partition("|")
    with writing(desk.engine) as connection:
        opened = open_draft(desk, connection, slug, visitor, lock=True)
        if opened.draft.sent_at is not None:
            return Turned(opened, goes_to="sent")
        page = page_named(opened.form, opened.state, link_id)
        if page is None:
            return Turned(opened, goes_to="check" if checks else "first")
        read = read_page(opened.form, opened.state, page, posted, new_id)
        _fill(opened.state, read)
        _take_files(desk, connection, opened, read)
        filled = _filled(opened, page, read, do)
        turned = Turned(opened, page, filled=filled)
        if do in {"add", "remove", "drop"} and not filled.errors:
            turned = replace(turned, goes_to=_change_rows(connection, opened, page, do, of))
        elif not filled.errors:
            turned = _onwards(opened, page, read, do, checks=checks)
        seen = drafts.with_seen(opened.draft, page.link_id) if turned.goes_to else opened.draft
        drafts.save(connection, seen, opened.state, int(desk.now()))
        drafts.keep_session(connection, visitor.token, slug, _until(desk))
    return turned


def _fill(state: FormState, read: Read) -> None:
    """Put what was read into the form; a value of the wrong kind is told at its question."""
    for path, link_id, answers in read.entries:
        try:
            state.set(path, link_id, answers)
        except WrongAnswer as wrong:
            read.errors[path, link_id] = wrong.sentence


def _take_files(desk: WebDesk, connection: Connection, opened: Open, read: Read) -> None:
    """Check and keep the files that came with the page."""
    for (path, link_id), came in read.files.items():
        node = opened.form.node(link_id)
        held = list(opened.state.answers(path, link_id)) if node.repeats else []
        try:
            for upload in came if node.repeats else came[:1]:
                kind = uploads.check(upload, node, desk.settings.megabytes)
                uploads.check_number(connection, opened.draft.id, desk.settings.most_files)
                kept = uploads.keep(connection, opened.draft.id, upload, kind, int(desk.now()))
                held.append({"valueAttachment": kept})
        except Refusal as refusal:
            read.errors[path, link_id] = refusal.sentence
        opened.state.set(path, link_id, held)


def _filled(opened: Open, page: Page, read: Read, do: str) -> Filled:
    """Return what is wrong on the page: always what cannot be read, the rest only when going on."""
    errors = dict(read.errors)
    if do not in {"add", "remove", "drop", "later"}:
        asked = [address for address in read.raw if address not in errors]
        errors |= problems_on(opened.state, asked)
    raw = {address: read.raw[address] for address in read.errors}
    order = [(place.path, place.node.link_id) for place in everything(opened.form, opened.state, page)]
    return Filled(raw, {address: errors[address] for address in order if address in errors})


def _change_rows(connection: Connection, opened: Open, page: Page, do: str, of: str) -> str:
    """Add or remove a row, or drop a file, that the page shows; return where to look then."""
    *path, link_id = of.split("|")
    if do == "drop":
        _drop_file(connection, opened, page, of)
    elif link_id in opened.form.by_link and opened.form.node(link_id).repeating_group:
        depth = len(opened.form.node(link_id).groups) - 1
        if do == "add" and len(path) == depth and all(_is_row(row) for row in path):
            _add_row(opened.state, tuple(path), link_id)
        elif do == "remove" and len(path) == depth + 1:
            opened.state.remove_row(tuple(path[:-1]), link_id, path[-1])
            return f"same|{'|'.join([*path[:-1], link_id])}"
        rows = opened.state.rows(tuple(path), link_id) if do == "add" else ()
        return f"same|{'|'.join([*path, *rows[-1:], link_id])}"
    return "same|"


def _add_row(state: FormState, path: tuple[str, ...], link_id: str) -> None:
    if not state.rows(path, link_id):
        state.add_row(path, link_id, new_id())  # the blank one that was shown, so that there are two
    state.add_row(path, link_id, new_id())


def _is_row(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f-]{36}", text) is not None


def _drop_file(connection: Connection, opened: Open, page: Page, upload_id: str) -> None:
    for place in everything(opened.form, opened.state, page):
        if place.node.type == "attachment":
            held = opened.state.answers(place.path, place.node.link_id)
            left = [one for one in held if one["valueAttachment"].get("id") != upload_id]
            if len(left) < len(held):
                opened.state.set(place.path, place.node.link_id, left)
                uploads.drop(connection, opened.draft.id, upload_id)


NEWS = "Because of your answer there is more on this page."


def _onwards(opened: Open, page: Page, read: Read, do: str, *, checks: bool) -> Turned:
    """Say where a page without trouble leads: to itself when an answer brought more onto it."""
    if do == "later":
        return Turned(opened, page, goes_to="later")
    more = [address for address in _shown(opened, page) if address not in read.shown]
    if more:
        asked = [address for address in more if opened.form.node(address[1]).is_question]
        place = name_of(*more[0])
        return Turned(opened, page, goes_to=f"more|{place}", news=NEWS if asked else "")
    if checks:
        seen = opened.draft.seen | {page.link_id}
        new = [one for one in open_pages(opened.form, opened.state) if one.link_id not in seen]
        return Turned(opened, page, goes_to=f"page|{new[0].link_id}" if new else "check")
    after = following(opened.form, opened.state, page)
    return Turned(opened, page, goes_to="check" if after is None else f"page|{after.link_id}")


def _shown(opened: Open, page: Page) -> list[Address]:
    """Return the questions on a page, and the words that an answer may bring there."""
    return [
        (place.path, place.node.link_id)
        for place in everything(opened.form, opened.state, page)
        if place.node.is_question or (place.node.type == "display" and place.node.conditional)
    ]


def finish(desk: WebDesk, slug: str, visitor: Visitor) -> Sent | Open:
    """Send a form; return the open draft when something is still missing. A second time changes nothing."""
    counted(desk, "send", visitor.address)
    counted(desk, "form_send", slug)
    with writing(desk.engine) as connection:
        opened = open_draft(desk, connection, slug, visitor, lock=True)
        draft = opened.draft
        if draft.sent_at is not None:
            return Sent(draft.case or "", draft.reference or "", draft.told)
        if opened.state.problems():
            return opened
        sent = send(connection, opened.web, draft, opened.state, now=desk.moment(), pack=desk.pack)
        if sent is None:
            raise stale()
        return sent


def leave(desk: WebDesk, slug: str, visitor: Visitor) -> None:
    """Close a form on this browser. What has no link to come back by is removed."""
    with writing(desk.engine) as connection:
        draft_id = drafts.draft_of_session(connection, visitor.token, slug, int(desk.now()))
        drafts.end_session(connection, visitor.token, slug)
        if draft_id and not drafts.has_link(connection, draft_id, int(desk.now())):
            drafts.remove(connection, draft_id)


_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z0-9-]{2,63}")
WRONG_ADDRESS = "Enter an email address in the right form, like name@example.com."


def mail_link(desk: WebDesk, slug: str, visitor: Visitor, address: str) -> None:
    """Send a link to come back by. The address is not kept. Raises Refusal, MachineTrouble and Stop."""
    address = address.strip()
    if not _ADDRESS.fullmatch(address):
        raise Refusal(WRONG_ADDRESS)
    counted(desk, "mail", visitor.address)
    counted(desk, "mail", f"to {address.lower()}")
    with writing(desk.engine) as connection:
        opened = open_draft(desk, connection, slug, visitor, lock=True)
        if opened.draft.sent_at is not None:
            raise stale()
        token = drafts.make_link(connection, opened.draft, address, _link_until(desk))
        _send_link(desk, opened.web, address, token)


def mail_again(desk: WebDesk, visitor: Visitor, old: str, address: str) -> None:
    """Send a new link to somebody whose link was used, at the address it was sent to.

    Whether the address was the right one is told to nobody.
    """
    address = address.strip()
    if not _ADDRESS.fullmatch(address):
        raise Refusal(WRONG_ADDRESS)
    counted(desk, "mail", visitor.address)
    counted(desk, "mail", f"to {address.lower()}")
    with writing(desk.engine) as connection:
        draft_id = drafts.draft_of_address(connection, old, address, int(desk.now()))
        draft = drafts.load(connection, draft_id, lock=True) if draft_id else None
        if draft is not None and draft.sent_at is None:
            token = drafts.make_link(connection, draft, address, _link_until(desk), replaces=old)
            _send_link(desk, desk.form(draft.form), address, token)


def _link_until(desk: WebDesk) -> int:
    return int(desk.now()) + desk.settings.keep_days * drafts.DAY


def _send_link(desk: WebDesk, web: WebForm, address: str, token: str) -> None:
    """Send the message in the same step as the link is kept: no link is kept that nobody was told."""
    assert desk.mail is not None
    text = (
        f"You asked for a link to come back to the form “{web.title}”.\n\n"
        f"{desk.base}/apply/back/{token}\n\n"
        f"The link works once. It lasts {desk.settings.keep_days} days. Then we remove what you typed.\n"
        "Do not pass it on: it opens what you typed.\n\n"
        "If you did not ask for this, you need do nothing.\n"
    )
    desk.mail.send(address, "Your link to come back to your form", text)


def come_back(desk: WebDesk, visitor: Visitor, token: str) -> tuple[str, str]:
    """Use a link up; return the form's part of the address and the browser's new cookie. Raises Stop."""
    counted(desk, "link", visitor.address)
    with writing(desk.engine) as connection:
        draft_id = drafts.use_link(connection, token, int(desk.now()))
        draft = drafts.load(connection, draft_id, lock=True) if draft_id else None
        if draft is None or draft.form not in desk.settings.forms:
            raise stale()
        return draft.form, _new_cookie(desk, connection, visitor, draft.form, draft.id)


def link_stands(desk: WebDesk, token: str) -> bool:
    """Tell whether a link would open something now."""
    with reading(desk.engine) as connection:
        return drafts.link_stands(connection, token, int(desk.now()))


def invitation_form(desk: WebDesk, token: str) -> WebForm:
    """Return the form that the council's link opens. Raises :class:`Stop`."""
    with reading(desk.engine) as connection:
        invitation = drafts.invitation_of(connection, token, int(desk.now()))
    if invitation is None:
        raise stale()
    return desk.form(invitation.form)


def resume_at(opened: Open) -> str:
    """Return the page where a form was left: the first that was not seen, else the check."""
    for page in open_pages(opened.form, opened.state):
        if page.link_id not in opened.draft.seen:
            return f"page|{page.link_id}"
    return "check"
