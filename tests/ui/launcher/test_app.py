"""The launcher with a real worker process: unlocking, locking, crashing, enrolling, what is in the way."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keyring.backends.null
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ascdesk.errors import Refusal
from ascdesk.vault.errors import KeyringTrouble
from ascdesk.vault.handover import read_handover
from ascdesk.vault.keys import Cost
from ascdesk.vault.opening import Opened, create_profile, open_profile
from ascdesk.vault.profile import ProfileLock, has_profile
from ui.launcher.app import CANNOT_START, REPLACE, STOPPED, Launcher, _create
from ui.launcher.enroller import Enrolment
from ui.launcher.pages import ChoosePage, CouncilPage, SignInPage, TroublePage, UnlockPage
from ui.launcher.resume import Resume

Launch = Callable[..., Launcher]
PATIENCE = 30_000
"""Milliseconds: how long a busy machine may take before a condition is given up."""


def until(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=PATIENCE)


def type_passphrase(qtbot: QtBot, launcher: Launcher, text: str = "demonstration") -> None:
    QTest.keyClicks(launcher.window.unlock.passphrase.field, text)
    QTest.keyClick(launcher.window.unlock.passphrase.field, Qt.Key.Key_Return)


def page_of(launcher: Launcher) -> Any:
    return launcher.window.stack.currentWidget()


def runs(launcher: Launcher) -> bool:
    return launcher.worker is not None and launcher.worker.running


def test_the_passphrase_opens_the_window_and_hides_this_one(
    qtbot: QtBot, profile: Opened, launch: Launch
) -> None:
    launcher = launch("stay")
    assert isinstance(page_of(launcher), UnlockPage)
    assert launcher.window.line.text() == "Demonstration: everybody in it is invented."
    until(qtbot, lambda: runs(launcher))
    type_passphrase(qtbot, launcher)
    assert launcher.window.unlock.passphrase.field.text() == ""
    assert not launcher.window.unlock.button.isEnabled()
    until(qtbot, lambda: not launcher.window.isVisible())
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE) as over:
        launcher.leave()
    assert over.args == [0]
    assert (profile.folder.parent / "left").exists(), "the worker was asked, not killed"


@pytest.mark.parametrize("mode", ["lock", "hang-on-lock"])
def test_locking_ends_the_worker_and_asks_for_a_fresh_launcher(
    qtbot: QtBot, profile: Opened, launch: Launch, mode: str
) -> None:
    launcher = launch(mode)
    type_passphrase(qtbot, launcher)
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE) as over:
        pass
    assert over.args == [REPLACE]
    assert not runs(launcher)
    assert launcher.after == Resume("", {"case": "018f-1", "page": "s10"})
    with ProfileLock(profile.folder):
        pass


def test_quitting_ends_both(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    launcher = launch("quit")
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE) as over:
        type_passphrase(qtbot, launcher)
    assert over.args == [0]
    assert not runs(launcher)


@pytest.mark.fault(1)
@pytest.mark.parametrize("mode", ["crash", "raise"])
def test_a_worker_that_stops_is_said_in_a_sentence(
    qtbot: QtBot, profile: Opened, launch: Launch, mode: str
) -> None:
    launcher = launch(mode)
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE) as over:
        type_passphrase(qtbot, launcher)
    assert over.args == [REPLACE]
    assert launcher.after == Resume(STOPPED, {"case": "018f-1", "page": "s10"})


@pytest.mark.fault(1)
def test_an_open_worker_that_is_killed_is_noticed(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    launcher = launch("stay-deaf")
    type_passphrase(qtbot, launcher)
    until(qtbot, lambda: not launcher.window.isVisible())
    assert launcher.worker is not None
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE) as over:
        launcher.worker.kill()
    assert over.args == [REPLACE]
    assert launcher.after.sentence == STOPPED


def test_the_sentence_and_the_place_reach_the_next_worker(
    qtbot: QtBot, profile: Opened, launch: Launch
) -> None:
    launcher = launch("stay", resume=Resume(STOPPED, {"page": "s07"}))
    assert launcher.window.unlock.notice.text() == STOPPED
    assert launcher.window.unlock.notice.isVisible()
    type_passphrase(qtbot, launcher)
    until(qtbot, lambda: not launcher.window.isVisible())
    assert "{'page': 's07'}" in (profile.folder.parent / "note").read_text()


def test_a_record_that_will_not_open_is_said_next_time(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    launcher = launch("refuse")
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE) as over:
        type_passphrase(qtbot, launcher)
    assert over.args == [REPLACE]
    assert launcher.after.sentence == "The record is damaged. Ask your administrator."


def test_a_wrong_passphrase_is_said_and_typed_again(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    launcher = launch("stay")
    page = launcher.window.unlock
    type_passphrase(qtbot, launcher, "nonsense")
    until(qtbot, page.error.isVisible)
    assert "does not open this profile" in page.error.text()
    assert page.button.isEnabled()
    type_passphrase(qtbot, launcher)
    until(qtbot, lambda: not launcher.window.isVisible())


def test_the_screen_is_not_held_up_by_the_derivation(
    qtbot: QtBot, profile: Opened, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def opening(folder: Path, passphrase: str) -> tuple[Opened, dict[str, Any]]:
        threads.append(threading.current_thread())
        return open_profile(folder, passphrase), {}

    monkeypatch.setattr("ui.launcher.app._open", opening)
    launcher = launch("stay")
    type_passphrase(qtbot, launcher)
    until(qtbot, lambda: not launcher.window.isVisible())
    assert threads[0] is not threading.main_thread()


@pytest.mark.fault(22)
def test_a_second_copy_is_refused_and_may_try_again(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    with ProfileLock(profile.folder):
        launcher = launch("stay")
        until(qtbot, lambda: isinstance(page_of(launcher), TroublePage))
        assert page_of(launcher).heading.text() == "ASC Desk is already open"
        assert not runs(launcher)
        QTest.mouseClick(page_of(launcher).retry, Qt.MouseButton.LeftButton)
        assert isinstance(page_of(launcher), TroublePage)
    QTest.mouseClick(page_of(launcher).retry, Qt.MouseButton.LeftButton)
    assert isinstance(page_of(launcher), UnlockPage)
    until(qtbot, lambda: runs(launcher))


@pytest.mark.fault(18)
def test_a_damaged_profile_is_said_at_once(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    (profile.folder / "profile.json").write_bytes(b"{}")
    (profile.folder / "profile.json").write_bytes(b"torn")
    launcher = launch("stay")
    assert isinstance(page_of(launcher), TroublePage)
    assert "damaged" in page_of(launcher).sentence.text()


@pytest.mark.fault(19)
def test_a_missing_device_secret_is_said(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    (profile.folder / "demonstration-secret").unlink()
    launcher = launch("stay")
    type_passphrase(qtbot, launcher)
    until(qtbot, lambda: isinstance(page_of(launcher), TroublePage))
    assert page_of(launcher).heading.text() == "The keyring is needed"
    assert "no longer holds" in page_of(launcher).sentence.text()


@pytest.mark.fault(19)
@pytest.mark.parametrize("how", ["keyring", "passphrase"])
def test_a_profile_that_opens_no_more_is_set_aside_and_enrolled_again(
    qtbot: QtBot, profile: Opened, folder: Path, launch: Launch, how: str
) -> None:
    (folder / "record.db").write_bytes(b"sealed")
    answer = Enrolment("laptop-9", "http://127.0.0.1:9", "R. Okafor", "Example Council", {"refresh": "r-1"})
    launcher = launch("demonstration", enroller=Council(answer))
    if how == "keyring":
        (folder / "demonstration-secret").unlink()
        type_passphrase(qtbot, launcher)
        until(qtbot, lambda: isinstance(page_of(launcher), TroublePage))
        assert launcher.window.trouble.enrol_again.isVisible()
        QTest.mouseClick(launcher.window.trouble.enrol_again, Qt.MouseButton.LeftButton)
    else:
        QTest.mouseClick(launcher.window.unlock.lost, Qt.MouseButton.LeftButton)
    asking = launcher.window.again
    assert page_of(launcher) is asking
    assert launcher.window.focusWidget() is asking.return_button, "nothing goes by a key struck too soon"
    QTest.keyClick(asking.return_button, Qt.Key.Key_Space)
    assert isinstance(page_of(launcher), UnlockPage)
    assert (folder / "profile.json").exists()

    launcher.window.again_asked.emit()
    QTest.mouseClick(asking.button, Qt.MouseButton.LeftButton)

    assert isinstance(page_of(launcher), CouncilPage)
    assert launcher.window.council.address.field.text() == "http://127.0.0.1:1"
    (kept,) = (folder / "kept").iterdir()
    assert (kept / "record.db").read_bytes() == b"sealed"
    fill_in(qtbot, launcher, "http://127.0.0.1:9/")
    until(qtbot, lambda: isinstance(page_of(launcher), ChoosePage))
    page = launcher.window.choose
    QTest.keyClicks(page.first.field, "demonstration")
    QTest.keyClicks(page.second.field, "demonstration")
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE):
        QTest.mouseClick(page.button, Qt.MouseButton.LeftButton)
    assert open_profile(folder, "demonstration").profile.device == "laptop-9"


def test_a_keyring_that_is_only_locked_offers_no_enrolling(
    qtbot: QtBot, profile: Opened, launch: Launch
) -> None:
    launcher = launch("stay", enroller=Council(None))
    launcher._not_opened(KeyringTrouble("Unlock the keyring."))
    assert isinstance(page_of(launcher), TroublePage)
    assert not launcher.window.trouble.enrol_again.isVisible()


def test_a_worker_that_never_starts_is_said(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    launcher = launch("stay", worker=["/does/not/exist"])
    until(qtbot, lambda: isinstance(page_of(launcher), TroublePage))
    assert page_of(launcher).sentence.text() == CANNOT_START


def test_closing_the_window_ends_everything(qtbot: QtBot, profile: Opened, launch: Launch) -> None:
    launcher = launch("stay")
    until(qtbot, lambda: runs(launcher))
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE) as over:
        launcher.window.close()
    assert over.args == [0]
    assert not runs(launcher)


class Council:
    """An enroller whose council answers at once, or refuses, or waits to be cancelled."""

    def __init__(self, answer: Enrolment | Refusal | None) -> None:
        self._answer = answer
        self._cancelled = threading.Event()
        self.asked: list[str] = []

    def sign_in(self, council: str, open_page: Callable[[str, str], None]) -> Enrolment:
        self.asked.append(council)
        open_page("about:blank", "Example Council")
        if self._answer is None:
            self._cancelled.wait()
            raise Refusal("Signing in was stopped. Choose Sign in to begin again.")
        if isinstance(self._answer, Refusal):
            raise self._answer
        return self._answer

    def cancel(self) -> None:
        self._cancelled.set()


@pytest.fixture(autouse=True)
def browsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    opened: list[str] = []
    monkeypatch.setattr("ui.launcher.app.open_in_browser", opened.append)
    return opened


def fill_in(qtbot: QtBot, launcher: Launcher, address: str) -> None:
    launcher.window.council.address.field.clear()
    QTest.keyClicks(launcher.window.council.address.field, address)
    QTest.keyClick(launcher.window.council.address.field, Qt.Key.Key_Return)


def test_a_laptop_is_enrolled_and_opens(
    qtbot: QtBot, folder: Path, launch: Launch, browsed: list[str]
) -> None:
    answer = Enrolment("laptop-9", "http://127.0.0.1:9", "R. Okafor", "Example Council", {"refresh": "r-1"})
    council = Council(answer)
    launcher = launch("demonstration", enroller=council)
    assert isinstance(page_of(launcher), CouncilPage)
    fill_in(qtbot, launcher, "http://127.0.0.1:9/")
    until(qtbot, lambda: isinstance(page_of(launcher), ChoosePage))
    assert council.asked == ["http://127.0.0.1:9"]
    assert browsed == ["about:blank"]
    page = launcher.window.choose
    assert page.who.text() == "Signed in as R. Okafor, Example Council"
    for first, second in (("weak", "weak"), ("kettle robin", "kettle"), ("demonstration", "demonstration")):
        assert not has_profile(folder)
        QTest.keyClicks(page.first.field, first)
        QTest.keyClicks(page.second.field, second)
        QTest.mouseClick(page.button, Qt.MouseButton.LeftButton)
        if first != "demonstration":
            until(qtbot, page.error.isVisible)
            until(qtbot, page.button.isEnabled)
            page.first.take()
            page.second.take()
    with qtbot.waitSignal(launcher.over, timeout=PATIENCE):
        pass
    assert open_profile(folder, "demonstration").profile.device == "laptop-9"
    assert "{'refresh': 'r-1'}" in (folder.parent / "note").read_text()
    assert not (folder / "enrolment.sealed").exists(), "the record has it"
    assert not any(b"r-1" in path.read_bytes() for path in folder.iterdir())


def test_the_profile_is_made_with_what_enrolment_gave(folder: Path) -> None:
    enrolment = Enrolment("laptop-9", "http://127.0.0.1:9", "R. Okafor", "Example", {"refresh": "r-1"})
    opened, extras = _create(folder, "demonstration", enrolment, demonstration=True)
    assert extras == read_handover(folder, opened.key) == {"refresh": "r-1"}
    assert opened.profile.council == "http://127.0.0.1:9"


@pytest.mark.fault(2)
def test_an_enrolment_cut_short_before_the_record_had_it_is_handed_over_again(
    qtbot: QtBot, folder: Path, launch: Launch
) -> None:
    create_profile(
        folder,
        "demonstration",
        demonstration=True,
        council="http://127.0.0.1:9",
        device="laptop-9",
        extras={"refresh": "r-1"},
        cost=Cost(8, 1, 1),
    )
    for mode, kept in (("refuse", True), ("quit", False)):
        launcher = launch(mode)
        with qtbot.waitSignal(launcher.over, timeout=PATIENCE):
            type_passphrase(qtbot, launcher)
        assert "{'refresh': 'r-1'}" in (folder.parent / "note").read_text()
        assert (folder / "enrolment.sealed").exists() is kept


def test_a_council_that_refuses_is_heard(qtbot: QtBot, launch: Launch) -> None:
    launcher = launch(
        "demonstration", enroller=Council(Refusal("Nobody of that name works here. Ask your manager."))
    )
    fill_in(qtbot, launcher, "http://plain.example")
    assert "https" in launcher.window.council.error.text()
    fill_in(qtbot, launcher, "asc.example")
    until(qtbot, launcher.window.council.error.isVisible)
    until(qtbot, lambda: "Nobody" in launcher.window.council.error.text())
    assert isinstance(page_of(launcher), CouncilPage)


@pytest.mark.fault(19)
def test_a_laptop_without_a_keyring_is_told_before_it_is_registered(
    qtbot: QtBot, folder: Path, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsafe = keyring.backends.null.Keyring()  # type: ignore[no-untyped-call]
    monkeypatch.setattr("keyring.core._keyring_backend", unsafe)
    council = Council(None)
    launcher = launch("normal", enroller=council)
    fill_in(qtbot, launcher, "asc.example")
    until(qtbot, lambda: isinstance(page_of(launcher), TroublePage))
    assert "no safe keyring" in page_of(launcher).sentence.text()
    assert not council.asked
    QTest.mouseClick(page_of(launcher).retry, Qt.MouseButton.LeftButton)
    assert isinstance(page_of(launcher), CouncilPage)


def test_signing_in_may_be_stopped(qtbot: QtBot, folder: Path, launch: Launch) -> None:
    launcher = launch("demonstration", enroller=Council(None))
    fill_in(qtbot, launcher, "asc.example")
    assert isinstance(page_of(launcher), SignInPage)
    until(qtbot, lambda: launcher.window.sign_in.address.text() == "about:blank")
    assert "Example Council" in launcher.window.sign_in.words.text()
    QTest.mouseClick(launcher.window.sign_in.cancel, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: isinstance(page_of(launcher), CouncilPage))
    assert "stopped" in launcher.window.council.error.text()
    assert not has_profile(folder)


def test_without_an_enroller_a_missing_profile_is_said(qtbot: QtBot, launch: Launch) -> None:
    launcher = launch("stay")
    assert page_of(launcher).heading.text() == "This laptop is not enrolled"


def test_a_worker_that_dies_keyless_is_said(
    qtbot: QtBot, profile: Opened, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAND_IN", "dies-keyless")
    launcher = launch("stay")
    until(qtbot, lambda: isinstance(page_of(launcher), TroublePage))
    assert page_of(launcher).sentence.text() == CANNOT_START
    monkeypatch.delenv("STAND_IN")
    QTest.mouseClick(page_of(launcher).retry, Qt.MouseButton.LeftButton)
    type_passphrase(qtbot, launcher)
    until(qtbot, lambda: not launcher.window.isVisible())


def test_little_is_imported_before_the_first_paint() -> None:
    script = "import sys, ui.launcher.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    heavy = {"argon2", "cryptography", "keyring", "filelock", "sqlalchemy", "httpx", "pydantic", "reportlab"}
    assert not heavy & set(loaded.split())
    qt = {name for name in loaded.split() if name.startswith("PySide6.Qt")}
    assert qt == {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"}
