"""The addresses of the web forms: requests are read and pages answered here; the rest is in ``filling``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree
from starlette.concurrency import run_in_threadpool

from ascdesk.errors import MachineTrouble, PlainError, Refusal
from ascdesk.work.wording import fill
from sync.server.body import Problem
from sync.server.database import trouble_of
from sync.server.projecting import catch_up
from sync.server.web import about, filling
from sync.server.web.checking import cards, named, page_address, troubles
from sync.server.web.components import components, id_of, single_question
from sync.server.web.filling import Open, Turned, WebDesk
from sync.server.web.guard import HEADERS, Door, Stop, Visitor, not_found, read_posted
from sync.server.web.paging import Page, before, open_pages, page_named
from sync.server.web.reading import Posted
from sync.server.web.render import Renderer
from sync.server.web.settings import WebForm
from sync.server.web.submit import Sent

Json = Any
_ASSETS = {
    "govuk-frontend.min.css": ("web/govuk", "text/css; charset=utf-8"),
    "govuk-frontend.min.js": ("web/govuk", "text/javascript; charset=utf-8"),
    "apply.css": ("web", "text/css; charset=utf-8"),
    "start.js": ("web", "text/javascript; charset=utf-8"),
    "font/AtkinsonHyperlegibleNext-Regular.ttf": ("fonts", "font/ttf"),
    "font/AtkinsonHyperlegibleNext-Bold.ttf": ("fonts", "font/ttf"),
}


@dataclass(frozen=True, slots=True)
class Site:
    """What the routes answer with."""

    desk: WebDesk
    door: Door
    pages: Renderer

    def show(self, visitor: Visitor | None, template: str, *, status: int = 200, **values: Json) -> Response:
        """Return a page, with the browser's cookie when it has none yet."""
        token = self.door.forgery_token(visitor) if visitor else ""
        shared = {"mail": self.desk.mail is not None, "token": token}
        html = self.pages.page(template, **(shared | values))
        response = HTMLResponse(html, status_code=status, headers=HEADERS)
        if visitor is not None and visitor.new:
            self.door.remember(response, visitor.token)
        return response

    def go(self, address: str, cookie: str = "") -> Response:
        """Send the browser on, with a new cookie where it gets one."""
        response = RedirectResponse(address, status_code=303, headers=HEADERS)
        if cookie:
            self.door.remember(response, cookie)
        return response

    def stop(self, stop: Stop) -> Response:
        """Tell why a request goes no further."""
        link = {"href": "/apply", "text": "All forms"}
        answer = self.show(
            None, "words.html", status=stop.status, title=stop.heading, heading=stop.heading,
            paragraphs=[stop.words], link=link,
        )  # fmt: skip
        if stop.retry_after:
            answer.headers["Retry-After"] = str(stop.retry_after)
        return answer

    async def posted(self, request: Request) -> tuple[Visitor, Posted]:
        """Return who posted what, after making sure that it was they."""
        visitor = self.door.visitor(request)
        most = (self.desk.settings.megabytes * 3 + 1) * 1024 * 1024
        posted = await read_posted(request, most)
        self.door.check_post(request, visitor, posted)
        return visitor, posted


def web_routes(site: Site) -> APIRouter:
    """Return every route below ``/apply``."""
    routes = APIRouter(prefix="/apply", route_class=_told_in_pages(site))
    _add_open_pages(routes, site)
    _add_links(routes, site)
    _add_forms(routes, site)
    return routes


def _told_in_pages(site: Site) -> type[APIRoute]:
    """Return a kind of route that tells every trouble as a page."""

    class Told(APIRoute):
        """Tells trouble in words."""

        def get_route_handler(self) -> Callable[[Request], Any]:
            inner = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    answer: Response = await inner(request)
                except Stop as stop:
                    return site.stop(stop)
                except (Problem, PlainError, DBAPIError, NoneFree) as trouble:
                    return site.stop(_stop_of(trouble))
                return answer

            return handle

    return Told


def _stop_of(trouble: Exception) -> Stop:
    """Return trouble of the machine as somebody is told it. Our own bugs are raised again."""
    if isinstance(trouble, Problem):
        return Stop(trouble.status, "That was too much", "Send smaller files, or fewer, and try once more.")
    if isinstance(trouble, DBAPIError) and trouble_of(trouble) is None:
        raise trouble
    if isinstance(trouble, PlainError) and not isinstance(trouble, MachineTrouble):
        return Stop(400, "That did not work", trouble.sentence)
    words = "What you sent last may not be kept. Go back in a few minutes and try once more."
    return Stop(503, "There is a problem on our side", words, retry_after=30)


def _add_open_pages(routes: APIRouter, site: Site) -> None:
    @routes.get("")
    def index() -> Response:
        forms = [form for form in site.desk.settings.forms.values() if not form.invited]
        return site.show(None, "index.html", title="Adult social care", forms=forms)

    @routes.get("/assets/{name:path}")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            raise not_found()
        folder, kind = _ASSETS[name]
        content = files("resources").joinpath(folder, name.rpartition("/")[2]).read_bytes()
        headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return Response(content, media_type=kind, headers=headers)

    @routes.get("/about/{name}")
    def about_page(name: str) -> Response:
        if name not in about.PAGES:
            raise not_found()
        heading, paragraphs = about.PAGES[name](site.pages.lines, site.desk.settings)
        return site.show(None, "words.html", title=heading, heading=heading, paragraphs=paragraphs)


def _add_links(routes: APIRouter, site: Site) -> None:
    @routes.get("/back/{token}")
    def back(request: Request, token: str) -> Response:
        visitor = site.door.visitor(request)
        if not filling.link_stands(site.desk, token):
            return _used_link(site, visitor, token)
        heading = "Go on with your form"
        words = ["Press the button to open what you typed. The link works once."]
        post = {"action": f"/apply/back/{quote(token)}", "text": "Open my form"}
        return site.show(visitor, "words.html", title=heading, heading=heading, paragraphs=words, post=post)

    @routes.post("/back/{token}")
    async def come_back(request: Request, token: str) -> Response:
        visitor, _ = await site.posted(request)
        slug, cookie = await run_in_threadpool(filling.come_back, site.desk, visitor, token)
        return site.go(f"/apply/{slug}/resume", cookie)

    @routes.post("/back/{token}/again")
    async def again(request: Request, token: str) -> Response:
        visitor, posted = await site.posted(request)
        if site.desk.mail is None:
            raise not_found()
        address = posted.one("email")
        try:
            await run_in_threadpool(filling.mail_again, site.desk, visitor, token, address)
        except Refusal as refusal:
            return _used_link(site, visitor, token, address, refusal.sentence)
        return _mailed(
            site, visitor, "If that is the address that the link was sent to, a new one is on its way."
        )

    @routes.get("/invited/{token}")
    def invited(request: Request, token: str) -> Response:
        visitor = site.door.visitor(request)
        form = filling.invitation_form(site.desk, token)
        return _start_page(site, visitor, form, f"/apply/invited/{quote(token)}", invited=True)

    @routes.post("/invited/{token}")
    async def begin_invited(request: Request, token: str) -> Response:
        visitor, _ = await site.posted(request)
        form = await run_in_threadpool(filling.invitation_form, site.desk, token)
        opened, cookie = await run_in_threadpool(filling.start, site.desk, form.slug, visitor, token)
        return site.go(_address(opened, filling.resume_at(opened)), cookie)


def _add_forms(routes: APIRouter, site: Site) -> None:
    @routes.get("/{slug}")
    def front(request: Request, slug: str) -> Response:
        return _start_page(site, site.door.visitor(request), site.desk.form(slug), f"/apply/{slug}")

    @routes.post("/{slug}")
    async def begin(request: Request, slug: str) -> Response:
        visitor, _ = await site.posted(request)
        opened, cookie = await run_in_threadpool(filling.start, site.desk, slug, visitor)
        return site.go(_address(opened, filling.resume_at(opened)), cookie)

    @routes.get("/{slug}/resume")
    def resume(request: Request, slug: str) -> Response:
        opened = filling.look(site.desk, slug, site.door.visitor(request))
        return site.go(_address(opened, filling.resume_at(opened)))

    @routes.get("/{slug}/page/{link_id:path}")
    def question(request: Request, slug: str, link_id: str) -> Response:
        visitor = site.door.visitor(request)
        opened = filling.look(site.desk, slug, visitor)
        page = page_named(opened.form, opened.state, link_id)
        if opened.draft.sent_at is not None or page is None:
            return site.go(_address(opened, "sent" if opened.draft.sent_at else "first"))
        asked = request.query_params
        turned = Turned(opened, page, news=filling.NEWS if "more" in asked else "")
        return _question_page(site, visitor, turned, checks=asked.get("from") == "check")

    @routes.post("/{slug}/page/{link_id:path}")
    async def answer(request: Request, slug: str, link_id: str) -> Response:
        visitor, posted = await site.posted(request)
        checks = request.query_params.get("from") == "check"
        turned = await run_in_threadpool(
            lambda: filling.turn(site.desk, slug, visitor, link_id, posted, checks=checks)
        )
        if turned.goes_to:
            return site.go(
                _address(turned.opened, turned.goes_to, turned.page, checks=checks, news=turned.news)
            )
        return _question_page(site, visitor, turned, checks=checks)

    _add_sending(routes, site)
    _add_later(routes, site)


def _add_sending(routes: APIRouter, site: Site) -> None:
    @routes.get("/{slug}/check")
    def check(request: Request, slug: str) -> Response:
        visitor = site.door.visitor(request)
        opened = filling.look(site.desk, slug, visitor)
        if opened.draft.sent_at is not None:
            return site.go(_address(opened, "sent"))
        return _check_page(site, visitor, opened, [])

    @routes.post("/{slug}/check")
    async def finish(request: Request, slug: str) -> Response:
        visitor, posted = await site.posted(request)
        if posted.one("do") == "later":
            return site.go(f"/apply/{slug}/later")
        came = await run_in_threadpool(filling.finish, site.desk, slug, visitor)
        if isinstance(came, Sent):
            await run_in_threadpool(catch_up, site.desk.engine, [came.case])
            return site.go(f"/apply/{slug}/sent")
        return _check_page(site, visitor, came, troubles(came.view(), f"/apply/{slug}"))

    @routes.get("/{slug}/sent")
    def sent(request: Request, slug: str) -> Response:
        visitor = site.door.visitor(request)
        opened = filling.look(site.desk, slug, visitor)
        if opened.draft.sent_at is None:
            return site.go(_address(opened, "check"))
        return site.show(visitor, "sent.html", title="We have what you sent", **_named(opened.web),
                         reference=opened.draft.reference, told=opened.draft.told)  # fmt: skip


def _add_later(routes: APIRouter, site: Site) -> None:
    @routes.get("/{slug}/later")
    def later(request: Request, slug: str) -> Response:
        visitor = site.door.visitor(request)
        opened = filling.look(site.desk, slug, visitor)
        return _later_page(site, visitor, opened)

    @routes.post("/{slug}/later")
    async def mail_link(request: Request, slug: str) -> Response:
        visitor, posted = await site.posted(request)
        address = posted.one("email")
        opened = await run_in_threadpool(filling.look, site.desk, slug, visitor)
        if site.desk.mail is None:
            raise not_found()
        try:
            await run_in_threadpool(filling.mail_link, site.desk, slug, visitor, address)
        except (Refusal, MachineTrouble) as trouble:
            return _later_page(site, visitor, opened, address, trouble.sentence)
        return _mailed(site, visitor, "We have sent you a link to come back by.", opened.web)

    @routes.post("/{slug}/leave")
    async def leave(request: Request, slug: str) -> Response:
        visitor, _ = await site.posted(request)
        site.desk.form(slug)
        await run_in_threadpool(filling.leave, site.desk, slug, visitor)
        return site.go("/apply")


def _named(web: WebForm) -> dict[str, Json]:
    return {"service": web.title, "slug": web.slug}


def _address(
    opened: Open, where: str, page: Page | None = None, *, checks: bool = False, news: str = ""
) -> str:
    """Return the address of a place in a form: ``check``, ``sent``, ``page|…``, or this page again."""
    kind, _, of = where.partition("|")
    base = f"/apply/{opened.web.slug}"
    asked = "from=check" if checks else ""
    if kind == "first":
        first = open_pages(opened.form, opened.state)[0]
        return page_address(base, first)
    if kind == "page":
        found = next(one for one in open_pages(opened.form, opened.state) if one.link_id == of)
        return page_address(base, found) + (f"?{asked}" if asked else "")
    if kind in {"same", "more"} and page is not None:
        asked = "&".join(part for part in (asked, "more=1" if kind == "more" and news else "") if part)
        *path, link_id = of.split("|")
        place = f"#{id_of(tuple(path), link_id)}" if of else ""
        return page_address(base, page) + (f"?{asked}" if asked else "") + place
    return f"{base}/{kind}"


def _question_page(site: Site, visitor: Visitor, turned: Turned, *, checks: bool) -> Response:
    assert turned.page is not None
    opened, page, slug = turned.opened, turned.page, turned.opened.web.slug
    view = opened.view(turned.filled)
    only = single_question(view, page)
    title = fill(page.title, view.names)
    earlier = before(opened.form, opened.state, page)
    back = f"/apply/{slug}/check" if checks else f"/apply/{slug}"
    if earlier is not None and not checks:
        back = page_address(f"/apply/{slug}", earlier)
    shown = components(view, page)
    errors = [
        {"text": named(view, link_id, words), "href": f"#{_first_field(opened, path, link_id)}"}
        for (path, link_id), words in turned.filled.errors.items()
    ]
    action = page_address(f"/apply/{slug}", page) + ("?from=check" if checks else "")
    return site.show(
        visitor, "question.html", status=422 if errors else 200, title=title, errors=errors, back=back,
        action=action, caption=fill(page.section, view.names) if page.section else "", news=turned.news,
        heading="" if only else title, components=shown, own=view.own,
        files=any(node.type == "attachment" for node in opened.form.nodes), **_named(opened.web),
    )  # fmt: skip


def _first_field(opened: Open, path: tuple[str, ...], link_id: str) -> str:
    suffix = "-day" if opened.form.node(link_id).type in {"date", "dateTime"} else ""
    return id_of(path, link_id) + suffix


def _check_page(site: Site, visitor: Visitor, opened: Open, errors: list[dict[str, str]]) -> Response:
    slug = opened.web.slug
    last = open_pages(opened.form, opened.state)[-1]
    return site.show(
        visitor, "check.html", status=422 if errors else 200, title="Check your answers", errors=errors,
        cards=cards(opened.view(), f"/apply/{slug}"), back=page_address(f"/apply/{slug}", last),
        **_named(opened.web),
    )  # fmt: skip


def _start_page(
    site: Site, visitor: Visitor, form: WebForm, action: str, *, invited: bool = False
) -> Response:
    draft = None if invited else filling.begun(site.desk, form.slug, visitor)
    settings = site.desk.settings
    return site.show(
        visitor, "start.html", title=form.title, form=form, action=action, invited=invited,
        days=settings.keep_days, hours=settings.session_hours, slug=form.slug,
        back="" if invited else "/apply",
        begun=f"/apply/{form.slug}/resume" if draft is not None else "",
    )  # fmt: skip


def _email_field(address: str, error: str) -> dict[str, Json]:
    field: dict[str, Json] = {"id": "email", "name": "email", "type": "email", "autocomplete": "email"}
    field |= {"label": {"text": "Email address", "classes": "govuk-label--s"}, "value": address}
    field |= {"spellcheck": False, "hint": {"text": "We use it once, to send the link, and do not keep it."}}
    return field | ({"errorMessage": {"text": error}} if error else {})


def _later_page(site: Site, visitor: Visitor, opened: Open, address: str = "", error: str = "") -> Response:
    if site.desk.mail is None:
        raise not_found()
    heading, slug = "Save and come back later", opened.web.slug
    days = site.desk.settings.keep_days
    words = [f"What you typed is saved. We send you a link that opens it again, for {days} days."]
    errors = [{"text": error, "href": "#email"}] if error else []
    return site.show(
        visitor, "later.html", status=422 if error else 200, title=heading, heading=heading, paragraphs=words,
        errors=errors, field=_email_field(address, error), action=f"/apply/{slug}/later",
        back=f"/apply/{slug}/resume", **_named(opened.web),
    )  # fmt: skip


def _used_link(site: Site, visitor: Visitor, token: str, address: str = "", error: str = "") -> Response:
    if site.desk.mail is None:
        raise filling.stale()
    heading = "This link does not work any more"
    words = [
        "It was used already, or it is too old.",
        "We can send you a new one. Enter the email address that this one was sent to.",
    ]
    errors = [{"text": error, "href": "#email"}] if error else []
    return site.show(
        visitor, "later.html", status=422 if error else 410, title=heading, heading=heading, paragraphs=words,
        errors=errors, field=_email_field(address, error), action=f"/apply/back/{quote(token)}/again",
    )  # fmt: skip


def _mailed(site: Site, visitor: Visitor, words: str, web: WebForm | None = None) -> Response:
    heading = "Look for our email"
    more = ["It can take a few minutes. Look among your junk mail too.", "You can close this page now."]
    if web is not None:
        more.append("If others use this device, remove the form from it: the link brings it back.")
    post = {"action": f"/apply/{web.slug}/leave", "text": "Remove it from this device"} if web else None
    return site.show(
        visitor, "words.html", title=heading, heading=heading, paragraphs=[words, *more], post=post
    )
