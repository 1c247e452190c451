"""Two who signed the same thing on laptops that had not met: said in words wherever it says *signed*."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from ascdesk.record.record import Record
from ascdesk.work import cases, responses, signing
from ascdesk.work.caseload import Caseload
from ascdesk.work.responses import FrozenAnswer, Key, Said
from ascdesk.work.signing import Signed, Standing
from tests.support.desks import JEAN
from tests.support.pairs import two_laptops
from ui.signatures import not_listed_words, signed_times, signed_words

FIRST = Signed("a", 1, "Ruth Okafor", "Social worker", "2026-11-20T15:00:00+00:00", 1)
SECOND = Signed("b", 1, "Morenike Adeyemi", "", "", 0)


def test_signatures_are_said_in_words() -> None:
    assert signed_words(FIRST) == "Signed by Ruth Okafor, social worker, on 20 November 2026"
    assert signed_words(SECOND) == "Signed by Morenike Adeyemi"
    assert [not_listed_words(number) for number in (0, 1, 2)] == [
        "everything written here is in it",
        "1 change is not in what was signed",
        "2 changes are not in what was signed",
    ]


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(), ""),
        (Standing(FIRST), ""),
        (Standing(FIRST, None, (SECOND,)), "Signed twice"),
        (Standing(FIRST, None, (SECOND, SECOND)), "Signed 3 times"),
    ],
    ids=["unsigned", "once", "twice", "three times"],
)
def test_only_more_than_one_is_pointed_out(standing: Standing, words: str) -> None:
    assert signed_times(standing) == words


@pytest.fixture
def twice(tmp_path: Path, told: Caseload) -> Iterator[tuple[Record, str]]:
    """A record in which two signed one assessment, the second after an answer that the first never saw."""
    first, second, between = two_laptops(tmp_path, told)
    between.exchange(first, second)
    between.exchange(first, second)
    response = cases.look(first, JEAN).response("needs-assessment")
    assert response is not None
    sign(first, response.row, "Ruth Okafor")
    key = Key((), "A01.words", "observed")
    draft = responses.load(second, JEAN, response.row)
    said = Said((FrozenAnswer({"valueString": "She made tea."}),))
    responses.answer(second, draft, key, said, seen=draft.account(key).seen, name="words")
    sign(second, response.row, "Morenike Adeyemi")
    between.exchange(first, second)
    between.exchange(first, second)
    yield first, response.row
    first.close()
    second.close()


def sign(record: Record, response: str, name: str) -> None:
    """Sign what stands on one laptop."""
    heads = responses.listed(record, JEAN, response)
    signing.sign(
        record, JEAN, response, what="needs assessment", heads=heads, name=name, role="Social worker",
        statement="This is a true record.",
    )  # fmt: skip


@pytest.mark.parametrize("page", ["check", "decide", "copies"])
def test_both_signatures_are_on_every_page_that_says_signed(
    twice: tuple[Record, str], windows: Callable[[Record], Any], page: str
) -> None:
    record, response = twice
    window = windows(record)
    window.go(page, JEAN, response)
    window.says(
        "Signed twice",
        "Signed by Ruth Okafor, social worker, on 21 November 2026: 1 change is not in what was signed",
        "Signed by Morenike Adeyemi, social worker, on 21 November 2026: everything written here is in it",
    )


def test_an_amendment_that_is_signed_settles_them(
    twice: tuple[Record, str], windows: Callable[[Record], Any]
) -> None:
    record, response = twice
    signing.amend(record, JEAN, response, "We had both signed.")
    window = windows(record)
    page = window.go("check", JEAN, response)
    window.says("Signed twice")
    assert any("Sign again" in label.text() for label in page.findChildren(QLabel))
    sign(record, response, "Ruth Okafor")
    page.refresh()
    window.rest()
    window.qtbot.waitUntil(lambda: "Signed twice" not in window.words())
