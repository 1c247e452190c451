"""Two workers who answer one assessment on two laptops, a new case for each history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ascdesk.record.change import new_id
from ascdesk.record.record import Record
from ascdesk.record.writing import Written
from ascdesk.work import responses
from ascdesk.work.responses import Draft, Key, Said
from tests.support.pairs import Between

OWN = Key((), "A01.words", "person")
SEEN = Key((), "A01.words", "observed")


def words(text: str, held_back: str | None = None) -> Said:
    """Return an account that says ``text``."""
    answer = (responses.FrozenAnswer({"valueString": text}),) if text else ()
    return Said(answer, held_back=held_back)


def text_of(said: Said) -> str:
    """Return what an account says."""
    return str(said.answer[0]["valueString"]) if said.answer else ""


@dataclass
class Pair:
    """Two records, the one council between them, and one case with one response that both hold."""

    records: tuple[Record, Record]
    between: Between
    case: str = field(default_factory=new_id)
    response: str = ""

    def __post_init__(self) -> None:
        self.response = responses.start(self.records[0], self.case, "needs-assessment", "1")
        self.exchange()

    def exchange(self, *order: int) -> None:
        """Let the laptops of ``order`` (both, in turn) send all they have, then fetch all there is."""
        self.between.exchange(*(self.records[number] for number in order or (0, 1)))

    def draft(self, laptop: int) -> Draft:
        """Return the response as a laptop holds it."""
        return responses.load(self.records[laptop], self.case, self.response)

    def said(self, laptop: int, key: Key) -> list[str]:
        """Return every text that stands in an account, sorted."""
        return sorted(text_of(version.said) for version in self.draft(laptop).account(key).versions)

    def say(
        self,
        laptop: int,
        key: Key,
        said: Said | str,
        *,
        draft: Draft | None = None,
        groups: Sequence[str] = (),
        editor: str | None = None,
    ) -> Written:
        """Answer on a laptop, having in sight ``draft``: what it holds now, unless it was loaded before."""
        draft = draft or self.draft(laptop)
        return responses.answer(
            self.records[laptop],
            draft,
            key,
            words(said) if isinstance(said, str) else said,
            seen=draft.account(key).seen,
            name="answer",
            groups=groups,
            editor=editor,
        )
