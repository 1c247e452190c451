"""Every field of an item on loan: what it is called, how it is asked for. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from ascdesk.work.fields import Row
from ascdesk.work.loans import FITS, USED
from ui.plan.specs import Pairs, Part, Spec


def _lifts(held: Row) -> bool:
    return bool(held.value("lifting"))


def _shown(held: Row) -> bool:
    return bool(held.value("demonstrated"))


def loan_parts(rooms: Pairs) -> Sequence[Part]:
    """Return the fields of an item, grouped as they come about: it comes, is shown, is asked about, examined.

    ``rooms`` are the rooms of the case, each its row and what it is called.
    """
    where = (Spec("room", "Where does it stand?", "choice", options=rooms),) if rooms else ()
    return (
        Part(
            "Coming and fitting",
            (
                Spec("issued_on", "When was it ordered or given out?", "date"),
                Spec("arrived_on", "When did it arrive?", "date"),
                Spec("serial", "Serial number", "line", "As on the label. A recall is found by it."),
                Spec("size", "Size or variant", "line"),
                *where,
                Spec("fitted_on", "When was it fitted or set up?", "date"),
                Spec("fitted_by", "Who fitted it?", "line"),
            ),
        ),
        Part(
            "Showing how",
            (
                Spec("demonstrated", "Was its use shown?", "yesno"),
                Spec("demonstrated_to", "To whom was it shown?", "line", when=_shown),
                Spec("leaflet", "Was it left with instructions?", "yesno"),
            ),
        ),
        Part(
            "How it goes",
            (
                Spec("check_on", "When do we ask, or ask again?", "date"),
                Spec("checked_on", "When did we last ask?", "date"),
                Spec("fits", "Does it fit?", "choice", options=tuple(FITS.items())),
                Spec("used", "Is it used?", "choice", options=tuple(USED.items())),
                Spec("outcome", "What does the person say about it?", "long", "In their own words."),
            ),
        ),
        Part(
            "Examination",
            (
                Spec(
                    "lifting",
                    "Does it lift people?",
                    "yesno",
                    "A hoist, a sling, a bath lift, a stairlift: examined every six months.",
                ),
                Spec("examined_on", "When was it last thoroughly examined?", "date", when=_lifts),
                Spec("examined_by", "Who examined it?", "line", when=_lifts),
                Spec(
                    "examine_by",
                    "Does a written scheme give another day?",
                    "date",
                    "Leave it empty for six months.",
                    when=_lifts,
                ),
            ),
        ),
    )
