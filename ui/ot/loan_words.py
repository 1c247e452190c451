"""What is said of an item on loan: where it stands, in one word and in lines. No Qt."""

from __future__ import annotations

from datetime import date

from ascdesk.care.loler import Examination
from ascdesk.work.cases import LoanFacts
from ascdesk.work.loans import FITS, USED, examination
from ui.widgets.text import Tone
from ui.words import day_words, when_words


def title_of(item: LoanFacts) -> str:
    """Return *2 × Bath step*."""
    many = f"{item.quantity} × " if (item.quantity or 1) > 1 else ""
    return f"{many}{item.name or 'Item'}"


def state_of(item: LoanFacts, today: date) -> tuple[str, Tone]:
    """Return how an item stands in a word or two, and the tone that repeats it; what presses comes first."""
    stands = examination(item, today).state
    asked = item.to_ask and (item.check_on or "") <= today.isoformat()
    found: tuple[tuple[bool, str, Tone], ...] = (
        (bool(item.returned_on), "Came back", "plain"),
        (item.recalled, "Recalled", "stop"),
        (item.coming, "Ordered", "accent"),
        (stands is Examination.OVERDUE, "Examination overdue", "stop"),
        (item.fits == "no", "Does not fit", "warning"),
        (asked, "To be asked about", "warning"),
        (stands is Examination.NOT_KNOWN, "Examination not known", "warning"),
        (stands is Examination.SOON, "Examination due", "warning"),
        (item.used == "never", "Not used", "warning"),
        (bool(item.fitted_on), "In use", "good"),
        (bool(item.arrived_on), "Here", "accent"),
    )
    return next(((words, tone) for so, words, tone in found if so), ("Issued", "accent"))


def facts_of(item: LoanFacts, today: date) -> list[str]:
    """Return where an item stands in short facts, for one line."""
    facts = [f"Serial {item.serial}" if item.serial else ""]
    dates = (
        ("Ordered" if item.line else "Issued", item.issued_on),
        ("arrived", item.arrived_on),
        ("fitted", item.fitted_on),
    )
    facts += [f"{words} {when_words(day, today)}" for words, day in dates if day]
    if item.fitted_by and item.fitted_on:
        facts[-1] += f" by {item.fitted_by}"
    if item.demonstrated:
        facts.append(f"shown to {item.demonstrated_to}" if item.demonstrated_to else "shown")
    facts.append("left with instructions" if item.leaflet else "")
    facts += [FITS.get(item.fits or "", "").lower(), USED.get(item.used or "", "").lower()]
    if item.to_ask:
        facts.append(f"ask on {when_words(item.check_on, today)}")
    if item.returned_on:
        facts.append(
            f"came back {when_words(item.returned_on, today)}: {item.returned_because or 'no reason'}"
        )
    return [fact for fact in facts if fact]


def examination_words(item: LoanFacts, today: date) -> str:
    """Return when an item is to be examined, in a sentence; nothing where it lifts nobody."""
    stands = examination(item, today)
    if stands.state is Examination.NOT_KNOWN:
        return "Nobody knows when it was last examined. Find out before it is used."
    if stands.due is None:
        return ""
    day = day_words(stands.due, year=today.year)
    if stands.state is Examination.OVERDUE:
        return f"It was to be examined by {day}. Not to be used until it is."
    return f"To be thoroughly examined by {day} (SI 1998/2307 reg. 9)."
