"""Every page of the program, by key: made when it is first gone to; tests open them all."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from ui.desk import Desk
from ui.pages.base import Page


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page: its key, the module and class that make it, and whether it is about one case."""

    key: str
    module: str
    name: str
    of_case: bool

    def make(self, desk: Desk) -> Page:
        """Make the page."""
        made = getattr(import_module(self.module), self.name)(desk)
        assert isinstance(made, Page)
        return made


PAGES = (
    PageSpec("work", "ui.pages.worklist", "WorklistPage", of_case=False),
    PageSpec("cases", "ui.pages.cases", "CasesPage", of_case=False),
    PageSpec("call", "ui.pages.call", "CallPage", of_case=False),
    PageSpec("team", "ui.pages.team", "TeamPage", of_case=False),
    PageSpec("recall", "ui.pages.recall", "RecallPage", of_case=False),
    PageSpec("safe", "ui.pages.safe", "SafePage", of_case=False),
    PageSpec("attention", "ui.pages.attention", "AttentionPage", of_case=False),
    PageSpec("ended", "ui.pages.ended", "EndedPage", of_case=False),
    PageSpec("case", "ui.pages.case", "CaseOverviewPage", of_case=True),
    PageSpec("next", "ui.pages.next_steps", "NextStepsPage", of_case=True),
    PageSpec("piece", "ui.pages.piece", "PiecePage", of_case=True),
    PageSpec("assess", "ui.pages.assess", "AssessPage", of_case=True),
    PageSpec("versions", "ui.pages.versions", "VersionsPage", of_case=True),
    PageSpec("check", "ui.pages.check", "CheckAnswersPage", of_case=True),
    PageSpec("decide", "ui.pages.decide", "DecidePage", of_case=True),
    PageSpec("plan", "ui.pages.plan", "PlanPage", of_case=True),
    PageSpec("catalogue", "ui.pages.catalogue", "CataloguePage", of_case=True),
    PageSpec("prescribe", "ui.pages.prescribe", "PrescribePage", of_case=True),
    PageSpec("copies", "ui.pages.copies", "CopiesPage", of_case=True),
    PageSpec("closing", "ui.pages.closing", "ClosingPage", of_case=True),
    PageSpec("loans", "ui.pages.loans", "LoansPage", of_case=True),
    PageSpec("adapt", "ui.pages.adapt", "AdaptPage", of_case=True),
    PageSpec("photos", "ui.pages.photos", "PhotosPage", of_case=True),
    PageSpec("rooms", "ui.pages.rooms", "RoomsPage", of_case=True),
    PageSpec("merge", "ui.pages.merge", "MergePage", of_case=True),
    PageSpec("settle", "ui.pages.settle", "SettlePage", of_case=True),
)


def page_spec(key: str) -> PageSpec:
    """Return the page of this key; the first page for one that is not known."""
    return next((spec for spec in PAGES if spec.key == key), PAGES[0])
