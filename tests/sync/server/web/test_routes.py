"""The web forms as a browser without scripts meets them, from the first page to the record."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from ascdesk.record.change import new_id
from ascdesk.record.models import Answer, ClockEvent, Person, PieceOfWork, Response, Task
from ascdesk.record.tables import ChangeRow
from ascdesk.work import arrivals
from ascdesk.work.sending import names_in
from sync.server import accounts, seed
from sync.server.access import visible_cases
from sync.server.database import reading, writing
from sync.server.intake import Sender, take_in
from sync.server.scoping import follow_all
from sync.server.tables import attachment, attachment_piece, audit
from sync.server.web import commands, drafts, tables
from sync.server.web.settings import Limit
from tests.sync.council import NOON as AT
from tests.sync.council import Council
from tests.sync.server.web.small import small_settings
from tests.sync.server.web.visiting import Site, Visitor, site_of

Json = Any
PDF = b"%PDF-1.7\n...\n%%EOF\n"


def add_worker(council: Council, team: str = "Initial Contact Team") -> str:
    return accounts.add_user(council.engine, f"w-{new_id()}", {"name": "Ida", "team": team}, None).id


def draft_of(site: Site) -> Json:
    return site.one(tables.draft)


def test_a_form_is_filled_in_checked_and_sent_and_becomes_a_case_of_the_first_team(
    council: Council, tmp_path: Path
) -> None:
    visitor = Visitor(site_of(council.engine, tmp_path))
    ida, other = add_worker(council), add_worker(council, "Older People’s Team")

    visitor.fill_in()
    visitor.send("send")

    assert visitor.heading == "We have what you sent"
    reference = re.search(r"[B-Z2-9]{4}-[B-Z2-9]{4}", visitor.text)
    assert reference is not None
    assert "5pm on Tuesday 24 November 2026" in visitor.text  # T1: Friday noon and two working days
    assert "Joan" not in visitor.text
    with reading(council.engine) as connection:
        row = connection.execute(
            select(tables.arrival).where(tables.arrival.c.reference == reference[0])
        ).one()
        assert row.case in visible_cases(connection, ida)
        assert row.case not in visible_cases(connection, other)
        person = connection.execute(select(Person.__table__).where(Person.case == row.case)).one()
        assert (person.given_name, person.family_name, person.postcode) == ("Joan", "Tester", "CV1 2AB")
        response = connection.execute(select(Response.__table__).where(Response.case == row.case)).one()
        assert (response.kind, response.questionnaire, response.assessor) == (
            "small",
            "small",
            arrivals.AUTHOR,
        )
        answers = connection.execute(select(Answer.__table__).where(Answer.case == row.case)).all()
        assert {one.source for one in answers} == {"carer"}
        told = {one.link_id: one.value["answer"] for one in answers}
        assert told["helper.name"] == [{"valueString": "Ann"}]
        events = connection.execute(select(ClockEvent.__table__).where(ClockEvent.case == row.case)).all()
        assert [one.kind for one in events] == ["initial_contact"]
        task = connection.execute(select(Task.__table__).where(Task.case == row.case)).one()
        assert (task.kind, task.due) == ("assure", "2026-11-24")
        noted = connection.execute(select(audit).where(audit.c.case == row.case)).all()
        assert [one.did for one in noted] == ["arrive"]


def test_what_was_sent_is_no_longer_in_the_draft_and_sending_twice_sends_once(
    site: Site, visitor: Visitor, fresh_sqlite: Council
) -> None:
    visitor.fill_in()
    assert "Joan" in draft_of(site).content
    check = visitor.page
    visitor.send("send")
    visitor.page = check
    visitor.send("send")

    assert visitor.heading == "We have what you sent"
    assert draft_of(site).content == "{}"
    assert len(seed.cases(fresh_sqlite.engine)) == 1
    assert visitor.go("/apply/small/page/you").url.path == "/apply/small/sent"


def test_hidden_answers_are_kept_in_the_draft_and_not_sent(site: Site, visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.go("/apply/small/page/you?from=check")
    visitor.send(who="worker")
    assert visitor.heading == "Who you are"
    visitor.send(job="Nurse")
    assert visitor.heading == "Check your answers"
    visitor.send("send")

    with reading(site.engine) as connection:
        answers = connection.execute(select(Answer.__table__)).all()
    assert {one.link_id for one in answers} >= {"who", "job"}
    assert "hours" not in {one.link_id for one in answers}
    assert {one.source for one in answers} == {"professional"}


def test_an_answer_that_brings_more_onto_the_page_shows_it_before_going_on(visitor: Visitor) -> None:
    visitor.go("/apply/small")
    visitor.send()
    visitor.send(danger="yes", who="worker", name="Joan")

    assert visitor.heading == "Who you are"
    assert "Ring 999 now." in visitor.text
    assert visitor.errors == []
    visitor.send()
    assert visitor.errors == ["Answer “What is your job?”"]
    visitor.send(job="Nurse")
    assert visitor.heading == "When were you born? (optional)"


def test_what_is_wrong_is_told_above_and_beside_and_what_was_typed_stays(visitor: Visitor) -> None:
    visitor.go("/apply/small")
    visitor.send()
    visitor.send(danger="no", who="carer", name="<b>Joan</b>")
    visitor.send(dob__day="31", dob__month="2", dob__year="1948")

    assert visitor.page is not None
    assert visitor.page.status_code == 422
    assert visitor.errors == ["When were you born? February 1948 has 29 days: check the day, 31."]
    assert 'href="#f-dob-day"' in visitor.page.text
    assert visitor.page.text.startswith("<!doctype html>")
    assert "<title>Error: " in visitor.page.text
    assert (visitor.held()["dob-day"], visitor.held()["dob-month"]) == (["31"], ["2"])
    visitor.go("/apply/small/page/you")
    assert "<b>Joan" not in visitor.page.text
    assert visitor.held()["name"] == ["<b>Joan</b>"]


def test_no_markup_of_ours_is_shown_as_words(visitor: Visitor) -> None:
    visitor.fill_in()
    for path in ("page/you", "page/kinds", "page/helpers", "page/papers", "check"):
        assert "&lt;" not in visitor.go(f"/apply/small/{path}").text


def test_rows_are_added_and_removed_without_scripts(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.go("/apply/small/page/helpers")
    visitor.send("add|helper")
    names = [name for name in visitor.held() if name.endswith("|helper.name")]
    assert len(names) == 2
    visitor.send(**{names[1]: "Bob"})
    visitor.go("/apply/small/page/helpers")
    assert [visitor.held()[name] for name in names] == [["Ann"], ["Bob"]]

    visitor.send(f"remove|{names[0].removesuffix('.name')}")

    assert [value for name, value in visitor.held().items() if name.endswith("|helper.name")] == [["Bob"]]


def test_rows_in_rows_are_added_in_their_own_row(visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.go("/apply/small/page/helpers")
    row = next(name for name in visitor.held() if name.endswith("|helper.name")).partition("|")[0]
    visitor.send(f"add|{row}|helper.day")

    days = [name for name in visitor.held() if name.endswith("helper.day.date-day")]
    assert len(days) == 2
    assert all(name.startswith(f"{row}|") for name in days)


@pytest.mark.parametrize(
    "do", ["add|name", "add|nobody", "add|x|helper", "remove|helper", "drop|x", "remove|a|b|c"]
)
def test_a_button_that_no_page_has_does_nothing(visitor: Visitor, do: str) -> None:
    visitor.fill_in()
    visitor.go("/apply/small/page/helpers")
    before = visitor.held()
    visitor.send(do)

    assert visitor.page is not None
    assert visitor.page.status_code == 200
    assert [name for name in visitor.held() if "helper" in name] == [
        name for name in before if "helper" in name
    ]


def test_what_is_missing_is_told_on_the_last_page_with_the_way_to_it(visitor: Visitor) -> None:
    visitor.go("/apply/small")
    visitor.send()
    visitor.go("/apply/small/check")
    visitor.send("send")

    assert "Answer “Who are you?”" in visitor.errors
    assert visitor.page is not None
    assert '/apply/small/page/you?from=check#f-who"' in visitor.page.text


def test_a_form_is_saved_and_opened_again_elsewhere_by_its_link_once(site: Site, visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.send("later")
    assert visitor.heading == "Save and come back later"
    visitor.send(email="joan@example.org")
    assert visitor.heading == "Look for our email"
    (link,) = site.links()
    stored = site.one(tables.link)
    assert link.rpartition("/")[2] not in str(stored)
    assert "joan" not in str(stored)

    elsewhere = Visitor(site)
    assert "Joan" not in elsewhere.go(link).text
    assert elsewhere.go(link).status_code == 200  # a mail program that looks ahead uses nothing up
    elsewhere.send()
    assert elsewhere.heading == "Check your answers"
    assert "Joan Tester" in elsewhere.text

    assert Visitor(site).go(link).status_code == 410


def test_a_used_link_brings_a_new_one_to_its_own_address_only(site: Site, visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.send("later")
    visitor.send(email="joan@example.org")
    (link,) = site.links()
    first = Visitor(site)
    first.go(link)
    first.send()

    stranger = Visitor(site)
    stranger.go(link)
    stranger.send(email="stranger@example.org")
    assert stranger.heading == "Look for our email"
    assert len(site.links()) == 1
    again = Visitor(site)
    again.go(link)
    again.send(email=" Joan@Example.org ")

    assert len(site.links()) == 2
    back = Visitor(site)
    back.go(site.links()[1])
    back.send()
    assert "Joan Tester" in back.text


def test_links_and_drafts_run_out(site: Site, visitor: Visitor) -> None:
    visitor.fill_in()
    visitor.send("later")
    visitor.send(email="joan@example.org")
    (link,) = site.links()
    site.clock.at += 29 * drafts.DAY

    assert Visitor(site).go(link).status_code == 410
    assert visitor.go("/apply/small/check").status_code == 403
    with writing(site.engine) as connection:
        assert drafts.purge(connection, int(site.clock.at), 28) == 1
        assert connection.execute(select(tables.draft)).all() == []


def test_a_session_ends_after_a_day_without_use_and_leaving_removes_what_no_link_opens(
    site: Site, visitor: Visitor
) -> None:
    visitor.fill_in()
    visitor.go("/apply/small")
    assert "already begun" in visitor.text
    visitor.send()
    with reading(site.engine) as connection:
        assert connection.execute(select(tables.draft)).all() == []

    visitor.fill_in()
    site.clock.at += 25 * 3600
    assert visitor.go("/apply/small/check").status_code == 403


@pytest.mark.parametrize(
    "email",
    ["", "joan", "joan@x", "a@b.example\nBcc: c@d.example", "a b@c.example", "a@b.example,c@d.example"],
)
def test_only_an_email_address_gets_a_link(site: Site, visitor: Visitor, email: str) -> None:
    visitor.fill_in()
    visitor.send("later")
    visitor.send(email=email)

    assert visitor.errors == ["Enter an email address in the right form, like name@example.com."]
    assert site.links() == []


def test_without_mail_nobody_is_offered_a_link(fresh_sqlite: Council, tmp_path: Path) -> None:
    visitor = Visitor(site_of(fresh_sqlite.engine, tmp_path, mail=False))
    visitor.fill_in()

    assert "come back later" not in visitor.text
    assert visitor.go("/apply/small/later").status_code == 404


class TestForgery:
    """Posts that no page of ours in that browser made."""

    def test_a_post_without_the_pages_token_is_refused(self, visitor: Visitor) -> None:
        visitor.go("/apply/small")

        assert visitor.ask("POST", "/apply/small", data={"do": "x"}).status_code == 403
        assert visitor.ask("POST", "/apply/small", data={"token": "0" * 64}).status_code == 403

    def test_another_browsers_token_is_refused(self, site: Site, visitor: Visitor) -> None:
        other = Visitor(site)
        other.go("/apply/small")
        visitor.go("/apply/small")
        token = other.held()["token"]

        assert visitor.ask("POST", "/apply/small", data={"token": token}).status_code == 403

    def test_a_post_from_another_site_is_refused(self, visitor: Visitor) -> None:
        visitor.go("/apply/small")
        headers = {"Sec-Fetch-Site": "cross-site"}

        answer = visitor.ask("POST", "/apply/small", data={"token": visitor.held()["token"]}, headers=headers)

        assert answer.status_code == 403

    def test_starting_changes_the_cookie(self, visitor: Visitor) -> None:
        visitor.go("/apply/small")
        before = dict(visitor.cookies)
        visitor.send()

        assert visitor.cookies != before


def test_every_page_is_kept_by_nobody_framed_by_nobody_and_runs_no_script_of_its_own(
    visitor: Visitor,
) -> None:
    for path in ("/apply", "/apply/small", "/apply/nothing", "/apply/about/privacy"):
        answer = visitor.go(path)
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert re.findall(r"<script(?![^>]*src=)|\son[a-z]+=|<style|\sstyle=", answer.text) == []


def test_the_cookie_is_seen_by_no_script_and_sent_by_no_other_site(
    site: Site, fresh_sqlite: Council, tmp_path: Path
) -> None:
    plain = Visitor(site).ask("GET", "/apply/small").headers["set-cookie"]
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip().lower() for part in plain.split(";")}
    secure = site_of(fresh_sqlite.engine, tmp_path, base="https://council.test")
    cookie = Visitor(secure).ask("GET", "/apply/small").headers["set-cookie"]
    assert cookie.startswith("__Host-apply=")
    assert "Secure" in cookie


def test_nobody_opens_anothers_form(site: Site, visitor: Visitor) -> None:
    visitor.fill_in()

    for path in ("/apply/small/check", "/apply/small/page/you", "/apply/small/sent", "/apply/small/later"):
        assert Visitor(site).go(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/apply/nothing",
        "/apply/small/nothing",
        "/apply/assets/../app.py",
        "/apply/about/x",
        "/apply/back",
        "/apply/assets/LICENSE.txt",
    ],
)
def test_what_is_not_there_is_told_in_a_page(visitor: Visitor, path: str) -> None:
    assert visitor.go(path).status_code in {403, 404, 405}


@pytest.mark.parametrize(
    "name",
    [
        "govuk-frontend.min.css",
        "govuk-frontend.min.js",
        "apply.css",
        "start.js",
        "font/AtkinsonHyperlegibleNext-Bold.ttf",
    ],
)
def test_the_assets_are_part_of_the_package(visitor: Visitor, name: str) -> None:
    answer = visitor.go(f"/apply/assets/{name}")

    assert answer.status_code == 200
    assert answer.content


def test_too_many_tries_are_told_with_how_long_to_wait(fresh_sqlite: Council, tmp_path: Path) -> None:
    settings = small_settings()
    settings = replace(settings, limits=dict(settings.limits) | {"start": Limit(2, 600)})
    site = site_of(fresh_sqlite.engine, tmp_path, settings=settings)
    visitor = Visitor(site)
    for _ in range(2):
        visitor.go("/apply/small")
        visitor.ask("POST", "/apply/small", data={"token": visitor.held()["token"]})

    visitor.go("/apply/small")
    answer = visitor.ask("POST", "/apply/small", data={"token": visitor.held()["token"]})

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "600")
    assert "Wait 10 minutes" in answer.text
    neighbour = Visitor(site, "203.0.113.8")
    neighbour.go("/apply/small")
    neighbour.send()
    assert neighbour.heading == "Who you are"
    counted = [row.key for row in fresh_sqlite.engine.connect().execute(select(tables.count))]
    assert "203.0.113" not in str(counted)
    site.clock.at += 601
    assert visitor.ask("POST", "/apply/small", data={"token": visitor.held()["token"]}).status_code == 303


class TestFiles:
    """Files are known by what is in them."""

    def upload(self, visitor: Visitor, name: str, content: bytes) -> None:
        visitor.go("/apply/small/page/papers")
        visitor.send(files={"file": (name, content, "application/pdf")})

    def test_a_file_is_kept_shown_sent_and_belongs_to_the_case(self, site: Site, visitor: Visitor) -> None:
        visitor.fill_in()
        self.upload(visitor, "../../letter.pdf", PDF)
        assert "letter.pdf" in visitor.text
        visitor.send("send")

        case = site.one(tables.arrival).case
        kept, piece = site.one(attachment), site.one(attachment_piece)
        assert (kept.case, kept.size, kept.held_at is not None) == (case, len(PDF), True)
        assert (piece.case, piece.data) == (case, PDF)
        with reading(site.engine) as connection:
            values = connection.scalars(select(ChangeRow.value).where(ChangeRow.entity == "answer")).all()
            assert connection.execute(select(tables.upload)).all() == []
        named = [names_in(value or "") for value in values if "letter.pdf" in (value or "")]
        assert named == [{kept.sha256}]

    def test_a_picture_is_kept_without_what_its_camera_wrote_into_it(
        self, site: Site, visitor: Visitor
    ) -> None:
        told = Image.Exif()
        told[0x010F] = "Taken at 12 Elm Row"
        held = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(held, "PNG", exif=told)
        assert b"12 Elm Row" in held.getvalue()
        visitor.fill_in()
        self.upload(visitor, "step.png", held.getvalue())

        kept = site.one(tables.upload)
        assert b"12 Elm Row" not in kept.content
        assert (kept.content_type, kept.sha256) == ("image/png", hashlib.sha256(kept.content).hexdigest())

    def test_a_file_can_be_taken_back(self, site: Site, visitor: Visitor) -> None:
        visitor.fill_in()
        self.upload(visitor, "letter.pdf", PDF)
        visitor.go("/apply/small/page/papers")
        visitor.send(f"drop|{site.one(tables.upload).id}")

        assert "letter.pdf" not in visitor.text
        with reading(site.engine) as connection:
            assert connection.execute(select(tables.upload)).all() == []

    @pytest.mark.parametrize(
        ("name", "content", "error"),
        [
            ("page.pdf", b"<script>alert(1)</script>", "“page.pdf” must be a PDF or PNG."),
            ("photo.jpg", b"\xff\xd8\xff\xe0 ... \xff\xd9", "“photo.jpg” must be a PDF or PNG."),
            ("cut.pdf", b"%PDF-1.7 and then no end", "“cut.pdf” must be a PDF or PNG."),
            (
                "big.pdf",
                b"%PDF-" + b"0" * 1_000_000 + b"%%EOF",
                "“big.pdf” is larger than 1 MB. Choose a smaller file.",
            ),
            (
                "torn.png",
                b"\x89PNG\r\n\x1a\n and then no picture IEND\xaeB`\x82",
                "“torn.png” is not a picture that can be read here. Choose a JPEG, PNG or HEIC photo.",
            ),
            ("empty.pdf", b"", "“empty.pdf” is empty. Choose another file."),
        ],
        ids=["markup", "another kind", "cut off", "too big", "no picture", "empty"],
    )
    def test_what_is_not_what_it_says_is_refused(
        self, site: Site, visitor: Visitor, name: str, content: bytes, error: str
    ) -> None:
        visitor.fill_in()
        self.upload(visitor, name, content)

        assert visitor.errors == [error]
        with reading(site.engine) as connection:
            assert connection.execute(select(tables.upload)).all() == []


class TestInvitations:
    """Reviews of somebody whom the council knows, by a link that the council sends."""

    def invited(self, site: Site, council: Council) -> tuple[str, str, str]:
        """Return a worker's id, a case of theirs, and a link to a review about it."""
        ida, device = add_worker(council), council.device(f"d{new_id()}")
        case = new_id()
        take_in(
            council.engine, Sender(device.author, device.id), [device.change(case, "given_name", "Noor")], AT
        )
        now = int(site.clock.at)
        with writing(council.engine) as connection:
            token = drafts.invite(connection, "review", case, now, now + 7 * drafts.DAY)
        return ida, case, f"/apply/invited/{token}"

    def through(self, visitor: Visitor, link: str) -> None:
        visitor.go(link)
        visitor.send()
        visitor.send(danger="no", who="worker", name="Noor Haddad")
        visitor.send(job="Manager")
        visitor.go("/apply/review/check")
        visitor.send("send")

    def test_a_review_joins_the_case_once_and_makes_no_person(
        self, site: Site, visitor: Visitor, fresh_sqlite: Council
    ) -> None:
        _, case, link = self.invited(site, fresh_sqlite)
        self.through(visitor, link)

        assert visitor.heading == "We have what you sent"
        assert "Friday 27 November 2026" in visitor.text
        assert site.one(tables.arrival).case == case
        assert site.one(Response.__table__).case == case
        assert site.one(Person.__table__).given_name == "Noor"
        piece = site.one(PieceOfWork.__table__)
        assert (piece.kind, piece.team, piece.mode) == ("review", "duty", "online")
        assert site.one(Response.__table__).of == piece.row
        assert Visitor(site).go(link).status_code == 410

    def test_opening_the_link_again_never_shows_what_was_typed(
        self, site: Site, visitor: Visitor, fresh_sqlite: Council
    ) -> None:
        _, _, link = self.invited(site, fresh_sqlite)
        visitor.go(link)
        visitor.send()
        visitor.send(danger="no", who="carer", name="Noor Haddad")
        other = Visitor(site)
        other.go(link)
        other.send()

        assert other.heading == "Who you are"
        assert other.held()["name"] == [""]

    def test_nobody_begins_a_review_without_a_link(self, visitor: Visitor) -> None:
        visitor.go("/apply/review")
        assert "opened by a link" in visitor.text
        token = visitor.go("/apply/small") and visitor.held()["token"]

        assert visitor.ask("POST", "/apply/review", data={"token": token}).status_code == 410

    def test_two_who_used_one_link_send_one_review(
        self, site: Site, visitor: Visitor, fresh_sqlite: Council
    ) -> None:
        _, _, link = self.invited(site, fresh_sqlite)
        other = Visitor(site)
        other.go(link)
        other.send()
        other.send(danger="no", who="carer", name="Noor Haddad")
        self.through(visitor, link)
        other.go("/apply/review/check")
        other.send("send")

        assert other.page is not None
        assert other.page.status_code == 410


def test_what_arrived_before_anybody_was_there_is_seen_by_who_comes(
    site: Site, visitor: Visitor, fresh_sqlite: Council
) -> None:
    visitor.fill_in()
    visitor.send("send")
    assert commands.arrivals(site.engine)["unseen"] == 1
    ida = add_worker(fresh_sqlite, "initial_contact")
    follow_all(site.engine, AT)

    with reading(site.engine) as connection:
        assert visible_cases(connection, ida) == [site.one(tables.arrival).case]
    assert commands.arrivals(site.engine)["unseen"] == 0
