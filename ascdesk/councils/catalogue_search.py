"""Looking for an item as somebody types: other words for the same thing, endings and slips of the finger.

Built once for a catalogue; each search looks up stems and never walks the items. Which words mean the same
is data (`resources/catalogue/words.toml`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from ascdesk.care.equipment import Catalogue, CatalogueItem

_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = ("ings", "ing", "ers", "ed", "er", "es", "s")
_SMALL = frozenset({"a", "an", "and", "for", "in", "of", "on", "or", "the", "to", "with", "without", "by"})
_NAME, _WORDS, _REST = 8, 5, 2
_MOST_TYPED = 200


class CatalogueSearch:
    """The index of one catalogue."""

    def __init__(self, catalogue: Catalogue, same: Mapping[str, str] | None = None) -> None:
        self._same = carried_words() if same is None else same
        self.catalogue = catalogue
        self.places: dict[str, dict[int, int]] = defaultdict(dict)
        for number, item in enumerate(catalogue.items):
            self._take(number, item)
        self._begins = [self.stem(next(iter(_words(item.name)), "")) for item in catalogue.items]
        self._stems = sorted(self.places)

    def find(self, typed: str) -> tuple[CatalogueItem, ...]:
        """Return the items that have every word typed, the best first; all of them for no word.

        Where none has every word, those that have the most of them are returned.
        """
        items = self.catalogue.items
        words = [word for word in _words(typed[:_MOST_TYPED]) if word not in _SMALL]
        code = typed.strip().lower()
        exact = [item for item in items if item.code.lower() == code] if code else []
        if exact or not words:
            return tuple(exact or items)
        hits = [self._hits(word, last=word is words[-1]) for word in words]
        hits = _joined(words, hits, self)
        count: dict[int, int] = defaultdict(int)
        score: dict[int, int] = defaultdict(int)
        for found in hits:
            for number, weight in found.items():
                count[number] += 1
                score[number] += weight
        most = max(count.values(), default=0)
        stem = self.stem(words[0]) if len(words) == 1 else ""
        order = sorted(
            (-score[number], self._begins[number] != stem, number)
            for number, had in count.items()
            if had == most
        )
        return tuple(items[number] for _, _, number in order)

    def _take(self, number: int, item: CatalogueItem) -> None:
        told = ((item.name, _NAME), (item.code, _NAME), *((one, _WORDS) for one in item.words))
        for text, weight in (*told, (item.group, _REST), (item.plain, _REST)):
            words = _words(text)
            pairs = [first + second for first, second in pairwise(words)]
            for word in (*words, *(pairs if weight > _REST else ())):
                held = self.places[self.stem(word)]
                held[number] = max(weight, held.get(number, 0))

    def stem(self, word: str) -> str:
        """Return the one form under which a word is kept."""
        bare = _bare(word)
        return self._same.get(word) or self._same.get(bare) or bare

    def _hits(self, word: str, *, last: bool) -> dict[int, int]:
        """Return the items of a word with their weights: as it is, as a beginning, then with a slip in it."""
        found: dict[int, int] = {}
        stem = self.stem(word)
        for held in (stem, *self._beginning(word if last else stem)):
            factor = 4 if held == stem else 3
            for number, weight in self.places.get(held, {}).items():
                found[number] = max(found.get(number, 0), weight * factor)
        if not found and len(word) >= 4:
            for held in self._nearly(word):
                for number, weight in self.places[self._same.get(held, held)].items():
                    found[number] = max(found.get(number, 0), weight)
        return found

    def _beginning(self, word: str) -> Iterator[str]:
        if len(word) < 2:
            return
        for at in range(bisect_left(self._stems, word), len(self._stems)):
            if not self._stems[at].startswith(word):
                break
            yield self._stems[at]
        for other, stem in self._same.items():
            if other.startswith(word) and len(word) > 2:
                yield stem

    def _nearly(self, word: str) -> list[str]:
        """Return the stems that are one slip away, two in a long word; its first letter is taken as right."""
        allowed = 2 if len(word) >= 8 else 1
        bare = _bare(word)
        known = (*self._stems, *self._same)
        return [
            held
            for held in known
            if held[:1] == word[:1]
            and (_within(bare, _bare(held), allowed) or _within(word, held, allowed))
            and self._same.get(held, held) in self.places
        ]


def _joined(
    words: Sequence[str], hits: list[dict[int, int]], search: CatalogueSearch
) -> list[dict[int, int]]:
    """Let two words that others write as one (stair lift, bath board) be found as one, too."""
    for at, (first, second) in enumerate(pairwise(words)):
        both = search.places.get(search.stem(first + second), {})
        for number, weight in both.items():
            for place in (at, at + 1):
                hits[place][number] = max(hits[place].get(number, 0), weight * 4)
    return hits


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "").replace("'", ""))
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _bare(word: str) -> str:
    """Return a word without its ending, where enough of it stays."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            bare = word[: -len(ending)]
            return bare[:-1] if len(bare) > 3 and bare[-1] == bare[-2] else bare
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _within(first: str, second: str, allowed: int) -> bool:
    """Say whether one word becomes the other by so many letters added, left out, changed or swapped."""
    if abs(len(first) - len(second)) > allowed:
        return False
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        two_before, before, row = before, row, [at]
        for to, other in enumerate(second, 1):
            cost = min(before[to] + 1, row[-1] + 1, before[to - 1] + (letter != other))
            if at > 1 and to > 1 and letter == second[to - 2] and first[at - 2] == other:
                cost = min(cost, two_before[to - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return False
    return row[-1] <= allowed


def same_words(groups: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return each word of these groups, and its bare form, with the one that stands for its group."""
    found: dict[str, str] = {}
    for group in groups:
        stands = _bare(group[0])
        for word in group:
            found.setdefault(word, stands)
            found.setdefault(_bare(word), stands)
    return found


@cache
def carried_words() -> Mapping[str, str]:
    """Return the words that mean the same, as this program carries them."""
    told = (files("resources") / "catalogue" / "words.toml").read_text(encoding="utf-8")
    return same_words(tomllib.loads(told)["groups"])
