"""Every sheet as it opens over a page, for somebody to look at (tests.support.looking)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog

from ascdesk.councils.catalogue import CatalogueFile, Refused
from ascdesk.work.pieces import Worker
from tests.support.desks import JEAN
from ui.actions import ACTIONS
from ui.desk import Desk
from ui.dialogs.case_sheets import ContactSheet, DeathSheet, RecordSheet
from ui.dialogs.choose_worker import ChooseWorker
from ui.dialogs.find import FindSheet
from ui.dialogs.hand_over import HandOverSheet
from ui.dialogs.jot import JotSheet
from ui.dialogs.keys import Keys
from ui.dialogs.late_reason import LateReasonSheet
from ui.dialogs.look import LookSheet
from ui.dialogs.palette import Palette
from ui.dialogs.staff_notes import StaffNotes
from ui.form.reason import ReasonSheet
from ui.form.sure import SureSheet
from ui.ot.catalogue_sheet import TakeInSheet
from ui.ot.loan_sheets import AddSheet, ReturnSheet
from ui.road.standing import offered
from ui.shell import Shell
from ui.theme.appearance import Appearance

NAMES = (
    "reason", "sure", "came-back", "add-loan", "contact", "death", "record", "late", "hand-over", "worker",
    "jot", "notes", "find", "menu", "keys", "look", "catalogue",
)  # fmt: skip
SENTENCE = "What was signed stays as it is. The amendment begins as a copy of it, and says why."


def sheets(desk: Desk, shell: Shell, look: Appearance) -> dict[str, Callable[[], QDialog]]:
    """Return a maker for every sheet by its name; the window stands at a case."""
    teams = [(str(number), f"Team {number}") for number in range(9)]
    workers = [
        (Worker(str(number), name, role, "", ""), f"{role} · {number} of 18")
        for number, (name, role) in enumerate(
            [
                ("Ruth Okafor", "Social worker"),
                ("Bartholomew Featherstonehaugh-Cholmondeley", "Senior worker"),
            ]
        )
    ]
    file = CatalogueFile((), (Refused(4, "price", "The price is no number.", "TO-311"),), 40)
    return {
        "reason": lambda: ReasonSheet("Amend the assessment", SENTENCE, "Start the amendment", shell),
        "sure": lambda: SureSheet("Order this equipment", SENTENCE, "Order as Ruth Okafor", shell),
        "came-back": lambda: ReturnSheet("Mobile hoist, MH-7", shell),
        "add-loan": lambda: AddSheet(shell),
        "contact": lambda: ContactSheet("Jean", shell),
        "death": lambda: DeathSheet("Jean", shell),
        "record": lambda: RecordSheet(offered(desk), shell),
        "late": lambda: LateReasonSheet("Jean Hollis: Review the plan", shell),
        "hand-over": lambda: HandOverSheet("Short-term support", teams, shell, because="Long-term needs."),
        "worker": lambda: ChooseWorker("Allocate: Assessment", "Jean Hollis", workers, "Allocate", shell),
        "jot": lambda: JotSheet(desk, JEAN, shell),
        "notes": lambda: StaffNotes(desk, JEAN, shell),
        "find": lambda: FindSheet(desk, shell, (), "kitchen"),
        "menu": lambda: Palette(desk, shell, ACTIONS),
        "keys": lambda: Keys(shell),
        "look": lambda: LookSheet(look, shell),
        "catalogue": lambda: TakeInSheet("spring.csv", file, shell),
    }
