"""A real Chromium that is used by its keyboard alone, and axe-core's opinion of what it shows."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from ascdesk.errors import MachineTrouble

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",  # tests run as root in CI
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
MOST_TABS = 200


@contextlib.contextmanager
def running_chromium() -> Iterator[Browser]:
    """Yield the system's Chromium. Raises :class:`MachineTrouble` where there is none."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        raise MachineTrouble("There is no Chromium for the tests of web pages. Run “.ci/setup test”.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Hands:
    """Somebody with a keyboard and no mouse."""

    page: Page

    def tab_to(self, selector: str) -> None:
        """Press Tab until that element has the focus; fail when it is never reached."""
        for _ in range(MOST_TABS):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by Tab on {self.page.url}")

    def press(self, words: str) -> None:
        """Go to the button or link with these words, and press Enter; wait for the page that comes."""
        for _ in range(MOST_TABS):
            if self._focused_words().startswith(words):
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"“{words}” cannot be reached by Tab on {self.page.url}")

    def _focused_words(self) -> str:
        found: str = self.page.evaluate("() => (document.activeElement.innerText || '').trim()")
        return found

    def type_in(self, name: str, text: str) -> None:
        """Type into a field."""
        self.tab_to(f'[name="{name}"]')
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Choose among radio buttons by the arrow keys, or tick a box by Space."""
        found: str = self.page.evaluate("n => document.getElementsByName(n)[0].type", name)
        if found == "checkbox":
            self.tab_to(f'[name="{name}"][value="{value}"]')
            self.page.keyboard.press("Space")
            return
        self.tab_to(f'[name="{name}"]')
        self.page.keyboard.press("Space")
        for _ in range(40):
            if self.page.evaluate("v => document.activeElement.value === v", value):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is not among the answers of {name}")


def found_by_axe(page: Page) -> list[str]:
    """Return what axe-core finds wrong on a page, each in a line."""
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    told: dict[str, Any] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", list(RULES)
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in told["violations"]]
