"""What fits, against a thousand items, and the catalogue searched as somebody types."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from ascdesk.care.equipment import Catalogue, CatalogueItem, catalogue_of
from ascdesk.care.fit import Fitting, Who
from ascdesk.councils.catalogue import as_csv, carried_catalogue, parse
from ascdesk.councils.catalogue_search import CatalogueSearch
from tests.bench.figures import Figure, figure, timed
from tests.support.measuring import TODAY, everything

ITEMS = 1_000
TYPED = "raised loo seat with arms"


def fitting() -> Iterator[Figure]:
    """Measure all of it."""
    catalogue = thousand()
    measured, who = everything(), Who(TODAY, "Jean")
    times = [timed(partial(_fits, catalogue, Fitting(measured, who))) for _ in range(20)]
    yield figure(
        "fit of one person against 1,000 items", times, bar=50, note="everything measured, eight rooms"
    )
    search = CatalogueSearch(catalogue)
    typed = [TYPED[:length] for length in range(1, len(TYPED) + 1)] + ["comode chiar", "xyzzyplugh"]
    times = [timed(partial(search.find, words)) for words in typed * 5]
    yield figure("search of 1,000 items, each letter", times, bar=30)
    text = as_csv(catalogue.items)
    yield figure("read a catalogue of 1,000 lines", [timed(partial(parse, text)) for _ in range(5)])


def thousand() -> Catalogue:
    """Return the carried catalogue again and again, with codes and names of their own."""
    items = carried_catalogue().items
    rounds = range(ITEMS // len(items) + 1)
    many = [_another(item, n) for n in rounds for item in items]
    return catalogue_of("A thousand", 1, tuple(many[:ITEMS]))


def _another(item: CatalogueItem, n: int) -> CatalogueItem:
    """Return an item with a name and a load of its own: what was worked out is not simply looked up."""
    load = None if item.load is None else item.load + n
    return replace(item, code=f"{item.code}-{n}", name=f"{item.name} {n}", load=load)


def _fits(catalogue: Catalogue, fitting: Fitting) -> None:
    for item in catalogue.items:
        fitting.fit(item)
