"""``ascdesk demo``: a throwaway profile and an embedded council; ``--headless``: the whole journey."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from ascdesk.forms.model import Form
from ascdesk.work.caseload import Caseload
from ascdesk.work.library import NEEDS_ASSESSMENT, FormLibrary
from ascdesk.work.plans import PLAN_FORM
from ui.demo.council import RUTH, Account, DemonstrationCouncil, sign_in_as
from ui.demo.driver import Hand, program
from ui.demo.journey import JEAN, MOHAMMED, PASSPHRASE, Laptop, Report, Steps, answer_all
from ui.form.outline import outline

LINE_FIELDS = (
    "needs", "outcome_words", "how", "met_by", "carer_willing", "basis", "provider", "service_type",
    "service_component", "delivery_mechanism", "timetable", "unit", "unit_cost", "units_per_week", "starts",
    "ends",
)  # fmt: skip
OPTION_FIELDS = ("name", "needs", "meets_needs", "how_far", "weekly", "available", "offered")
REASONS = (
    "Jean’s needs come from rheumatoid arthritis. She cannot manage meals, washing and dressing without "
    "help, pain, danger or much more time, and it touches her dignity, her health, her say over the day and "
    "her marriage."
)


def demonstrate(*, headless: bool, out: Path | None, kind: str = "mouse") -> int:
    """Run the demonstration, headless with hands of a ``kind``: mouse, keyboard alone or touch alone.

    Returns 0, or 1 when the journey did not come to its end.
    """
    if headless:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        return _headless((out or Path("out/demo")).absolute(), kind)
    with tempfile.TemporaryDirectory(prefix="ascdesk-demo-") as folder:
        return _shown(out.absolute() if out else Path(folder))


def _headless(out: Path, kind: str) -> int:
    if (out / "profiles").exists():
        sys.stderr.write(f"{out} holds a demonstration already. Choose an empty folder with --out.\n")
        return 1
    out.mkdir(parents=True, exist_ok=True)
    council = DemonstrationCouncil(out / "council")
    report = Report(out)
    try:
        summary = _Journey(council, report, kind).all()
    finally:
        council.stop()
    (out / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"The demonstration is complete. Its PDFs and pictures are in {out}.\n")
    return 0 if summary["second_laptop_equal"] else 1


class _Journey:
    """The journey of steps 1 to 9, and the second laptop."""

    def __init__(self, council: DemonstrationCouncil, report: Report, kind: str = "mouse") -> None:
        self.council, self.report, self.kind = council, report, kind
        self.steps = Steps(report)
        self.first = Laptop(report.out / "profiles" / "first", council, report, "first", kind)
        self.second = Laptop(report.out / "profiles" / "second", council, report, "second", kind)
        self.form: Form = FormLibrary().form(NEEDS_ASSESSMENT)
        self.pages = pages_of(self.form)
        self.documents: list[str] = []

    def all(self) -> dict[str, Any]:
        """Go through all of it; returns the summary."""
        account, told = self.council.found(datetime.now().astimezone())
        try:
            self._enrol(account)
            self._offline()
            self._visit(told)
            self._connect(account)
        finally:
            self.first.close()
            self.second.close()
        self.steps.end()
        return self._summary()

    def _enrol(self, account: Account) -> None:
        self.steps.begin("1 enrol")
        self.council.start()
        hand = self.first.enrol(account)
        hand.do("wait", text="Jean Hollis", patience=60)
        hand.do("rest")
        if self.kind == "touch":
            self.first.for_fingers()
        hand.do("grab", path=self.report.picture("my-work"))

    def _offline(self) -> None:
        self.steps.begin("2 unlock with no connection")
        self.council.stop()
        self.first.lock()
        hand = self.first.unlock(picture="unlock")
        hand.do("wait", text="Jean Hollis")
        hand.do("grab", path=self.report.picture("my-work-offline"))

    def _visit(self, told: Caseload) -> None:
        self.steps.begin("3 open the case")
        hand = self._hand()
        hand.do("click", name="Jean Hollis")
        hand.do("wait", name="Start visit")
        hand.do("rest")
        hand.do("grab", path=self.report.picture("case"))
        hand.do("click", name="Staff notes (2)")
        hand.do("wait", name="Close")
        hand.do("rest")
        hand.do("grab", path=self.report.picture("staff-notes"))
        hand.do("click", name="Close")
        hand.do("click", name="Start visit")
        hand.do("wait", text="Talked about so far")
        self.steps.begin("4 the assessment")
        answers = [held for held in told.visit[JEAN] if not working(self.form, held["linkId"])]
        half = len(answers) // 2
        answer_all(hand, answers[:half], self.pages, self.report)
        hand.do("rest")
        hand.do("grab", path=self.report.picture("visit"))
        where = hand.do("where")
        self.first.kill()
        hand = self.first.unlock(picture="after-a-kill")
        hand.do("wait", text="Talked about so far")
        if hand.do("where") != where:
            raise AssertionError("after the kill the worker was not at the same place")
        hand.do("grab", path=self.report.picture("same-place"))
        answer_all(hand, answers[half:], self.pages, self.report)
        # the visit is over: what is the professional's own comes now
        hand.do("press", keys="F7", taps=["End visit"])
        hand.do("wait", name="Start visit")
        self.steps.begin("5 the eligibility chain")
        own = [held for held in told.visit[JEAN] if working(self.form, held["linkId"])]
        hand.do("press", keys="Ctrl+E", taps=["Menu", "Working view"])
        answer_all(hand, own, self.pages, self.report)
        hand.do("rest")
        hand.do("grab", path=self.report.picture("working-view"))
        self._sign(told)

    def _sign(self, told: Caseload) -> None:
        self.steps.begin("6 check and sign")
        hand = self._hand()
        hand.do("click", name="Check answers")
        hand.do("wait", name="Decide and sign")
        hand.do("rest")
        hand.do("grab", path=self.report.picture("check-answers"))
        hand.do("click", name="Decide and sign")
        hand.do("wait", text="Your decision")
        hand.do("click", name="Eligible")
        hand.do("type", name="Your reasons", text=REASONS)
        hand.do("press", keys="Tab", taps=[])
        hand.do("rest")
        hand.do("grab", path=self.report.picture("determination"))
        hand.do("click", name="Sign…")
        hand.do("wait", name="Sign now")
        hand.do("grab", path=self.report.picture("signing"))
        hand.do("click", name="Sign now")
        self.steps.begin("8 the copy of the assessment")
        self._give("assessment")
        self._plan(told)

    def _plan(self, told: Caseload) -> None:
        """Draft the plan from the assessed needs, make it final, and give the copy."""
        self.steps.begin("7 the support plan")
        hand, data = self._hand(), told.plans[JEAN]
        hand.do("press", keys="Alt+Left", taps=["Back to the case"])
        hand.do("click", name="Start support plan")
        hand.do("wait", text="Personal budget")
        hand.do("rest")
        hand.do("grab", path=self.report.picture("plan-begun"))
        for line in data["lines"]:
            self._row("Add a line", line, LINE_FIELDS)
        for option in data["options"]:
            self._row("Add an option", option, OPTION_FIELDS)
            if option["preferred"]:
                hand.do("click", name=option["name"])
                hand.do("rest")
        hand.do("rest")
        hand.do("grab", path=self.report.picture("plan"))
        hand.do("go", keys=["money"])
        for field, value in data["facts"].items():
            hand.do("fill", field=field, value=value)
        form = FormLibrary().form(PLAN_FORM)
        own = [held for held in data["answers"] if held["answer"]]
        last = date.today() + timedelta(days=58)  # noqa: DTZ011 (a day on this machine's wall)
        answer_all(hand, own + closing_answers(last), pages_of(form), self.report)
        hand.do("go", keys=["needs"])
        hand.do("rest")
        hand.do("grab", path=self.report.picture("plan-complete"))
        hand.do("click", name="Make final")
        hand.do("click", name=f"Sign as {RUTH['name']}")
        hand.do("wait", name="Amend")
        hand.do("rest")
        hand.do("grab", path=self.report.picture("plan-final"))
        self.steps.begin("8 the copy of the plan")
        hand.do("click", name="Preview copy")
        self._give("support-plan")

    def _row(self, add: str, facts: Mapping[str, Any], order: Sequence[str]) -> None:
        """Add a line or an option to the plan, field by field."""
        hand = self._hand()
        hand.do("click", name=add)
        for field in order:
            free = field == "unit_cost" and facts.get("unit") == "no_charge"  # then no price is asked for
            if facts.get(field) not in (None, "", []) and not free:
                hand.do("fill", field=field, value=facts[field])
                self.report.answers += 1
        hand.do("click", name="Done")
        hand.do("rest")

    def _give(self, what: str) -> None:
        """Give a copy by hand, and leave it in the demonstration's folder."""
        hand = self._hand()
        hand.do("wait", name="Give this copy", patience=60)
        hand.do("rest")
        hand.do("grab", path=self.report.picture(f"copy-of-the-{what}"))
        hand.do("click", name="By hand")
        hand.do("click", name="Give this copy")
        hand.do("wait", text="Given before")
        hand.do("rest")
        name = f"{what}.pdf"
        hand.do("save_copy", what=what.removeprefix("support-"), path=str(self.report.out / name))
        self.documents.append(name)

    def _connect(self, account: Account) -> None:
        self.steps.begin("9 connect")
        self.council.start()
        hand = self._hand()
        hand.do("rest")
        connect(hand)
        hand.do("grab", path=self.report.picture("connected"))
        self.report.stalls["first"] = hand.do("stalls")
        self.steps.begin("second laptop")
        other = self.second.enrol(account)
        other.do("wait", text="Jean Hollis", patience=60)
        other.do("rest")
        other.do("grab", path=self.report.picture("second-laptop"))
        self._clash(hand, other)

    def _clash(self, hand: Hand, other: Hand) -> None:
        """Write the same answer on both laptops with no connection; see both texts on both; keep both."""
        self.steps.begin("two texts for one answer")
        self.council.stop()
        link, texts = (
            "s06.about-you",
            ("“I drove the 21 for thirty years.”", "“Ask my daughters, they know me.”"),
        )
        for laptop, text in zip((hand, other), texts, strict=True):
            if laptop is hand:
                laptop.do("press", keys="Alt+Left", taps=["Back to the case"])
                laptop.do("rest")
                laptop.do("press", keys="Alt+Left", taps=["My work"])
            laptop.do("click", name="Cases")
            laptop.do("click", name="Mohammed Iqbal")
            laptop.do("click", name="Go on with the assessment")
            laptop.do("wait", name="Check answers")
            laptop.do("go", keys=list(self.pages[link]))
            laptop.do("answer", link=link, source="person", answers=[{"valueString": text}], row=None)
            laptop.do("rest")
        self.council.start()
        for laptop in (hand, other, hand):
            connect(laptop)
        for laptop, name in ((hand, "first"), (other, "second")):
            laptop.do("wait", name="Two people wrote this differently")
            laptop.do("click", name="Two people wrote this differently")
            for text in texts:
                laptop.do("wait", text=text)
            laptop.do("rest")
            laptop.do("grab", path=self.report.picture(f"two-texts-{name}"))
        hand.do("click", name="Keep both")
        hand.do("rest")
        connect(hand)
        connect(other)
        hand.do("grab", path=self.report.picture("settled"))
        self.report.stalls["second"] = other.do("stalls")

    def _digests(self, case: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Return a case's digest on both laptops and on the server."""
        first, second = (digest_of(laptop.folder, case) for laptop in (self.first, self.second))
        return first, second, dict(self.council.digest(case))

    def _hand(self) -> Hand:
        assert self.first.worker is not None
        return self.first.worker

    def _summary(self) -> dict[str, Any]:
        first, second, server = self._digests(JEAN)
        clashed = {digest["digest"] for digest in self._digests(MOHAMMED)}
        return {
            "hands": self.kind,
            "answers": self.report.answers,
            "changes_local": first["changes"],
            "changes_server": server["changes"],
            "second_laptop_equal": first["digest"] == second["digest"] == server["digest"]
            and len(clashed) == 1,
            "documents": self.documents,
            "screens": self.report.screens,
            "seconds": self.report.seconds,
            "stalls": self.report.stalls,
        }


def closing_answers(review: date) -> list[dict[str, Any]]:
    """Return what Jean's plan still lacks in the caseload: she says it when the plan is read to her."""
    yes = {"valueCoding": {"code": "yes"}}
    susan = "Susan comes the same day; if she cannot, ring the agency, who send somebody within four hours."
    return [
        {"linkId": "p05.carer", "source": "observed", "answer": [{"valueString": susan}]},
        {"linkId": "p10.agreed", "source": "observed", "answer": [yes]},
        {"linkId": "p10.review-date", "source": "observed", "answer": [{"valueDate": review.isoformat()}]},
    ]


def connect(hand: Hand) -> None:
    """Exchange with the council, and wait until it holds everything."""
    hand.do("press", keys="F5", taps=["Menu", "Connect"])
    hand.do("rest")
    hand.do("wait", text="The council holds everything", patience=60)
    hand.do("rest")


def pages_of(form: Form) -> dict[str, tuple[str, str]]:
    """Return the section and the page that each question of a form is on."""
    found: dict[str, tuple[str, str]] = {}
    for section in outline(form):
        for page in section.pages:
            waiting = [page.node]
            while waiting:
                node = form.nodes[waiting.pop()]
                found[node.link_id] = (section.key, page.key)
                waiting += node.children
    return found


def working(form: Form, link_id: str) -> bool:
    """Say whether a question belongs to the working view, by itself or by what it stands in."""
    node = form.node(link_id)
    while not node.ours.get("working") and node.parent >= 0:
        node = form.nodes[node.parent]
    return bool(node.ours.get("working"))


def digest_of(folder: Path, case: str) -> dict[str, Any]:
    """Return the digest of one case of a demonstration profile."""
    from ui.commands import digest_in  # noqa: PLC0415 (opens the record, when the program is closed)

    return digest_in(folder, case)


def _shown(folder: Path) -> int:
    """Open the application for somebody to try, on a profile that has just been enrolled."""
    council = DemonstrationCouncil(folder / "council")
    account, _ = council.found(datetime.now().astimezone())
    council.start()
    try:
        profile = folder / "profile"
        enrol_without_windows(profile, council, account)
        sys.stdout.write("Everybody in it is invented. The passphrase is: demonstration\n")
        sys.stdout.flush()
        return subprocess.run(program("--profile", str(profile), "--demonstration"), check=False).returncode  # noqa: S603
    finally:
        council.stop()


def enrol_without_windows(folder: Path, council: DemonstrationCouncil, account: Account) -> None:
    """Enrol a demonstration profile as the wizard would, so that a trial begins at the unlock window."""
    from ascdesk.vault.opening import create_profile  # noqa: PLC0415
    from sync.client.enrol import Enroller  # noqa: PLC0415

    enrolment = Enroller(council.url, "Demonstration", partial(_browse, account)).run()
    create_profile(
        folder,
        PASSPHRASE,
        demonstration=True,
        council=enrolment.server,
        device=enrolment.device,
        extras=enrolment.as_json(),
    ).wipe()


def _browse(account: Account, address: str) -> None:
    threading.Thread(target=sign_in_as, args=(address, account), daemon=True).start()
