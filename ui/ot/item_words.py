"""What the screens say of an item of the catalogue: who orders it, how it is supplied, its limits. No Qt."""

from __future__ import annotations

from ascdesk.care.equipment import Basis, CatalogueItem, Level, Supply
from ascdesk.care.fit_values import mm

LEVEL_WORDS = {
    Level.TRUSTED_ASSESSOR: "simple list",
    Level.THERAPIST: "a therapist prescribes it",
    Level.SENIOR: "a senior therapist prescribes it",
}
SUPPLY_WORDS = {Supply.STOCK: "stock", Supply.SPECIAL: "special"}
BASIS_WORDS = {Basis.LOAN: "lent", Basis.ISSUE: "given"}


def short_facts(item: CatalogueItem) -> str:
    """Return code, supply, price and who prescribes it, in one line."""
    price = f"£{item.unit_cost:,.2f}" if item.unit_cost is not None else ""
    parts = (
        item.code, f"{SUPPLY_WORDS[item.supply]}, {BASIS_WORDS[item.basis]}", price, LEVEL_WORDS[item.level]
    )  # fmt: skip
    return " · ".join(part for part in parts if part)


def all_facts(item: CatalogueItem) -> list[tuple[str, str]]:
    """Return what the catalogue says of an item beside its fit, each with what it is."""
    price = f"£{item.unit_cost:,.2f} for one" if item.unit_cost is not None else ""
    parts = "; ".join(f"{part.name} {mm(part.load)} kg" for part in item.parts)
    months = item.review_months
    return [
        ("How it helps", item.plain),
        ("Code", item.code),
        ("Who prescribes it", LEVEL_WORDS[item.level].capitalize()),
        ("Supply", f"{SUPPLY_WORDS[item.supply].capitalize()}, {BASIS_WORDS[item.basis]}"),
        ("Price", price),
        ("Safe working load", f"{mm(item.load)} kg" if item.load is not None else ""),
        ("Parts with loads of their own", parts),
        ("Sizes", "; ".join(item.sizes)),
        ("Fitting", "Somebody has to fit it" if item.needs_fitting else ""),
        ("Lifts people", "Examined every six months (LOLER reg 9)" if item.lifting else ""),
        ("When it calls", "Somebody has to be able to come" if item.responder else ""),
        ("Looked at again", f"After {months} month{'s' if months != 1 else ''}" if months else ""),
        ("Also called", "; ".join(item.words)),
    ]
