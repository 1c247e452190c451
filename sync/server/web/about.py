"""What the web forms say of themselves: privacy, cookies, accessibility. A council puts in its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ascdesk.work.council import CouncilLines
from sync.server.web.settings import WebSettings

Said = tuple[str, tuple[str, ...]]


def privacy(lines: CouncilLines, settings: WebSettings) -> Said:
    """Say what happens with what people type."""
    council = lines.front_door.council
    return "Privacy", (
        f"{council} asks these questions because the Care Act 2014 gives it the duty to find out who needs "
        "care and support, and to help carers. It does not rest on your agreement, and you need not answer "
        "what you would rather not.",
        f"What you type is kept on {council}’s own server. If you do not send it, it is removed "
        f"{settings.keep_days} days after you last changed it.",
        "What you send becomes part of the council’s record about the person, which the law says how long to "
        "keep. The workers who help that person can read it.",
        "If you ask for a link by email, we use the address once and do not keep it.",
        "You can ask what the council holds about you, and ask for mistakes to be put right. The council’s "
        "own privacy notice says how.",
    )


def cookies(lines: CouncilLines, settings: WebSettings) -> Said:
    """Say which cookies there are."""
    return "Cookies", (
        "These pages use one cookie. It holds a random number that tells us which form is open in this "
        "browser. It goes when you close the browser, and opens nothing after "
        f"{settings.session_hours} hours without use.",
        "The pages do not work without it. There are no cookies of anybody else, and nothing watches what "
        "you do.",
    )


def accessibility(lines: CouncilLines, settings: WebSettings) -> Said:
    """Say how the pages are made to be used by everybody."""
    door = lines.front_door
    ring = f" Ring {door.name} on {door.phone}." if door.phone else ""
    return "Accessibility", (
        "We want everybody to be able to use these forms: with a keyboard, with a screen reader or by voice, "
        "with large letters, and without JavaScript.",
        "We test every kind of page against the Web Content Accessibility Guidelines 2.2, level AA, by "
        "program and by keyboard. They have not yet been tested by people with disabilities.",
        "If you find something hard, tell us, and we will take your answers in another way: by telephone, "
        f"on paper, in large print, or with somebody who helps you.{ring}",
    )


PAGES: Mapping[str, Callable[[CouncilLines, WebSettings], Said]] = {
    "privacy": privacy,
    "cookies": cookies,
    "accessibility": accessibility,
}
