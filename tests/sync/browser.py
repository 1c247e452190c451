"""What a browser does with the sign-in page, for tests and for the headless demonstration's like."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


class _Form(HTMLParser):
    """Reads the one form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's address and its fields."""
        given = {name: part or "" for name, part in attrs}
        if tag == "form":
            self.action = given["action"]
        elif tag == "input":
            self.fields[given["name"]] = given.get("value", "")


def read_form(page: httpx.Response) -> tuple[str, dict[str, str]]:
    """Return where a page's form goes and what it holds."""
    form = _Form()
    form.feed(page.text)
    return urljoin(str(page.url), form.action), form.fields


def sign_in(address: str, username: str, password: str) -> httpx.Response:
    """Open the page, fill in the form, send it, and follow where it leads; returns the last page."""
    with httpx.Client(trust_env=False) as browser:
        page = browser.get(address)
        if page.status_code != 200:
            return page
        action, fields = read_form(page)
        answer = browser.post(action, data=fields | {"username": username, "password": password})
        if answer.status_code == 303:
            answer = browser.get(answer.headers["location"])
        return answer
