"""The web forms in a real Chromium: by keyboard, without scripts, on a narrow screen; axe finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from ascdesk.errors import MachineTrouble
from ascdesk.record.models import Person, Referral, Response
from ascdesk.work.library import FormLibrary
from sync.server.database import reading
from sync.server.web import tables
from sync.server.web.settings import web_settings
from tests.sync.council import Council, serving
from tests.sync.server.web.chromium import Hands, found_by_axe, running_chromium
from tests.sync.server.web.visiting import Site, site_of


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Run one Chromium for this module: while it runs, this thread can run no event loop of its own."""
    try:
        with running_chromium() as browser:
            yield browser
    except MachineTrouble as trouble:
        pytest.fail(trouble.sentence, pytrace=False)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Give an empty page in a browser of its own; what it logs as an error fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [text for text in said if "422" not in text and "410" not in text] == []


@pytest.fixture
def real(fresh_sqlite: Council, tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """Serve the forms that we carry, by a real uvicorn on loopback."""
    site = site_of(
        fresh_sqlite.engine, tmp_path / "mail", settings=web_settings(), library=FormLibrary(), clock=None
    )
    with serving(site.app) as address:
        yield site, address


@pytest.fixture
def small(fresh_sqlite: Council, tmp_path: Path) -> Iterator[tuple[Site, str]]:
    """Serve the small form."""
    site = site_of(fresh_sqlite.engine, tmp_path / "mail", clock=None)
    with serving(site.app) as address:
        yield site, address


NEEDED = {
    "rf.danger": "no",
    "rf.route": "none",
    "rf.who": "professional",
    "rf.aware": "yes",
    "rf.agrees": "yes",
    "rf.needs": "ot",
    "rf.urgent": "no",
    "rf.abuse": "no",
    "rf.true": "yes",
}
TYPED = {
    "rf.name": "Dr Priya Nair",
    "rf.job": "GP",
    "rf.phone": "01632 960123",
    "rf.person-name": "Stanley Boyd",
    "rf.dob-day": "3",
    "rf.dob-month": "5",
    "rf.dob-year": "1947",
    "rf.postcode": "cv1 2ab",
    "rf.what": "He fell twice this week and cannot manage the stairs.",
}


def test_a_professional_refers_somebody_by_keyboard_alone(page: Page, real: tuple[Site, str]) -> None:
    site, address = real
    hands = Hands(page)
    page.goto(f"{address}/apply")
    assert found_by_axe(page) == []
    hands.press("Ask for help for somebody")
    assert found_by_axe(page) == []
    hands.press("Start now")
    for _ in range(60):
        if urlsplit(page.url).path.endswith("/check"):
            break
        assert found_by_axe(page) == [], page.url
        for name, value in NEEDED.items():
            if (
                page.locator(f'[name="{name}"]').count()
                and not page.locator(f'[name="{name}"]:checked').count()
            ):
                hands.choose(name, value)
        for name, text in TYPED.items():
            if page.locator(f'[name="{name}"]').count() and not page.input_value(f'[name="{name}"]'):
                hands.type_in(name, text)
        hands.press("Save and continue")
    assert "Stanley Boyd" in page.inner_text("main")
    assert found_by_axe(page) == []
    hands.press("Send")
    assert page.inner_text("h1") == "We have what you sent"
    assert found_by_axe(page) == []

    with reading(site.engine) as connection:
        person = connection.execute(select(Person.__table__)).one()
        referral = connection.execute(select(Referral.__table__)).one()
    assert (person.given_name, person.family_name, person.date_of_birth) == ("Stanley", "Boyd", "1947-05-03")
    assert (referral.channel, referral.source_name, referral.needs) == (
        "professional",
        "Dr Priya Nair",
        ["ot"],
    )


@pytest.mark.parametrize("name", ["self-assessment", "online-review", "provider-review"])
def test_axe_finds_nothing_on_any_page_of_the_other_forms(
    page: Page, real: tuple[Site, str], name: str
) -> None:
    site, address = real
    _open_any(page, site, address, name)
    with reading(site.engine) as connection:
        assert connection.scalar(select(tables.draft.c.form)) == name
    form = FormLibrary().form(name)
    for link_id in (node.link_id for node in form.nodes if node.control == "page" and not node.conditional):
        page.goto(f"{address}/apply/{name}/page/{link_id}")
        assert found_by_axe(page) == [], link_id


@pytest.mark.parametrize("name", ["self-assessment", "online-review", "provider-review"])
def test_the_other_forms_are_sent_by_keyboard_alone(page: Page, real: tuple[Site, str], name: str) -> None:
    site, address = real
    web, hands = web_settings().forms[name], Hands(page)
    page.goto(f"{address}/apply/invited/{site.invite(name)}" if web.invited else f"{address}/apply/{name}")
    hands.press("Start now")
    for _ in range(80):
        if urlsplit(page.url).path.endswith("/check"):
            break
        _answer_what_must_be(page, hands, web.questionnaire)
        hands.press("Save and continue")
    hands.press("Send")
    assert page.inner_text("h1") == "We have what you sent"

    with reading(site.engine) as connection:
        response = connection.execute(select(Response.__table__)).one()
        referrals = connection.execute(select(Referral.__table__)).all()
    assert (response.questionnaire, response.kind) == (web.questionnaire, web.kind)
    assert [referral.channel for referral in referrals] == ([] if web.invited else ["self_assessment"])


def _answer_what_must_be(page: Page, hands: Hands, questionnaire: str) -> None:
    """Answer each question on the page that must have an answer: choices by the last that is offered."""
    for node in FormLibrary().form(questionnaire).nodes:
        there = page.locator(f'[name="{node.link_id}"]')
        if not node.required or (there.count() == 0 and node.type != "date"):
            continue
        if node.type == "date":
            for part, text in (("day", "3"), ("month", "5"), ("year", "1947")):
                if page.locator(f'[name="{node.link_id}-{part}"]').count():
                    hands.type_in(f"{node.link_id}-{part}", text)
        elif node.type == "boolean" or node.options:
            chosen = page.locator(f'[name="{node.link_id}"]:checked').count()
            if not chosen:
                hands.choose(node.link_id, "yes" if node.type == "boolean" else node.options[-1].code)
        else:
            hands.type_in(node.link_id, "Stanley Boyd")


def _open_any(page: Page, site: Site, address: str, name: str) -> None:
    path = f"/apply/{name}"
    if web_settings().forms[name].invited:
        path = f"/apply/invited/{site.invite(name)}"
    page.goto(f"{address}{path}")
    assert found_by_axe(page) == []
    page.click("text=Start now")


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(page: Page, small: tuple[Site, str]) -> None:
    _, address = small
    hands = Hands(page)
    page.goto(f"{address}/apply/small")
    hands.press("Start now")
    hands.press("Save and continue")

    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    assert found_by_axe(page) == []
    hands.tab_to('a[href="#f-name"]')
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "name"


def test_every_kind_of_question_passes_axe_at_rest_and_when_something_is_wrong(
    page: Page, small: tuple[Site, str]
) -> None:
    _, address = small
    page.goto(f"{address}/apply/small")
    page.click("text=Start now")
    for link_id in ("you", "born", "kinds", "helpers", "papers"):
        page.goto(f"{address}/apply/small/page/{link_id}")
        assert found_by_axe(page) == [], link_id
    page.goto(f"{address}/apply/small/page/kinds")
    for name, text in (("moment-day", "31"), ("count", "x"), ("nhs", "1"), ("words", "y" * 60)):
        page.fill(f'[name="{name}"]', text)
    page.check('[name="open"][value="other"]')
    page.click('.govuk-button:has-text("Save and continue")')
    assert page.locator(".govuk-error-message").count() >= 4
    assert found_by_axe(page) == []


def test_a_form_is_left_and_found_again_by_its_link(
    chromium: Browser, page: Page, small: tuple[Site, str]
) -> None:
    site, address = small
    hands = Hands(page)
    page.goto(f"{address}/apply/small")
    hands.press("Start now")
    hands.choose("danger", "no")
    hands.choose("who", "carer")
    hands.type_in("name", "Joan Tester")
    hands.press("Save and come back later")
    assert found_by_axe(page) == []
    hands.type_in("email", "joan@example.org")
    hands.press("Email me a link")
    assert found_by_axe(page) == []
    (link,) = site.links()

    elsewhere = chromium.new_context().new_page()
    elsewhere.goto(f"{address}{link}")
    assert found_by_axe(elsewhere) == []
    Hands(elsewhere).press("Open my form")
    elsewhere.goto(f"{address}/apply/small/page/you")
    assert elsewhere.input_value('[name="name"]') == "Joan Tester"
    elsewhere.goto(f"{address}{link}")
    assert elsewhere.inner_text("h1") == "This link does not work any more"
    assert found_by_axe(elsewhere) == []
    elsewhere.context.close()


def test_it_all_works_without_scripts(chromium: Browser, small: tuple[Site, str]) -> None:
    _, address = small
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/apply/small")
    page.click("text=Start now")
    page.check('[name="danger"][value="yes"]')
    page.check('[name="who"][value="worker"]')
    page.fill('[name="name"]', "Joan Tester")
    page.click('.govuk-button:has-text("Save and continue")')
    assert "Ring 999 now." in page.inner_text("main")
    page.fill('[name="job"]', "Nurse")
    page.click('.govuk-button:has-text("Save and continue")')
    page.goto(f"{address}/apply/small/page/helpers")
    page.fill('[name$="|helper.name"]', "Ann")
    page.click('button:has-text("Add another: a helper")')
    assert page.locator('[name$="|helper.name"]').count() == 2
    context.close()


@pytest.mark.parametrize("place", ["start", "page/you", "page/kinds", "page/helpers", "check"])
def test_nothing_is_cut_off_on_a_screen_of_320_pixels(
    page: Page, small: tuple[Site, str], place: str
) -> None:
    _, address = small
    page.goto(f"{address}/apply/small")
    page.click("text=Start now")
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{address}/apply/small{'' if place == 'start' else '/' + place}")

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
