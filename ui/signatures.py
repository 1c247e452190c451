"""Signatures in words: who signed and when; and that two signed the same thing without seeing each other."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ascdesk.work.signing import Signed, Standing
from ui.widgets.layouts import Flow, column
from ui.widgets.text import Body, Chip, Quiet
from ui.words import day_of, long_day


def signed_words(signed: Signed) -> str:
    """Return *Signed by Ruth Okafor, social worker, on 21 November 2026*."""
    day = day_of(signed.at)
    role = f", {signed.role[:1].lower()}{signed.role[1:]}," if signed.role else ""
    on = f" on {long_day(day)}" if day else ""
    number = f" · version {signed.number}" if signed.number > 1 else ""
    return f"Signed by {signed.name}{role}{on}{number}"


def not_listed_words(number: int) -> str:
    """Return *2 changes are not in what was signed*; without any, that everything is."""
    if not number:
        return "everything written here is in it"
    return (
        "1 change is not in what was signed"
        if number == 1
        else f"{number} changes are not in what was signed"
    )


def signed_times(standing: Standing) -> str:
    """Return *Signed twice*; nothing where one signature stands."""
    many = len(standing.others) + 1
    return "" if many < 2 else "Signed twice" if many == 2 else f"Signed {many} times"


class SignedTwice(QWidget):
    """Every signature of a thing that was signed on laptops which had not met; hidden where there is one."""

    def __init__(self, standing: Standing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = column(self, 6)
        if standing.signed is None or not standing.others:
            self.hide()
            return
        line = Flow(gap=8)
        line.addWidget(Chip(signed_times(standing), "warning"))
        outer.addLayout(line)
        amend = "Sign again to make one of them." if standing.amending else "Amend, then sign again."
        words = "Those who signed had not seen each other’s signature. All are kept until that is settled."
        outer.addWidget(Body(f"{words} {amend}"))
        for one in (*standing.others, standing.signed):
            outer.addWidget(Quiet(f"{signed_words(one)}: {not_listed_words(one.not_listed)}"))
