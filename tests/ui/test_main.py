"""The command: its statuses, what goes to which stream, and what it imports before a window is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ascdesk.errors import MachineTrouble, Refusal, Unreadable
from ui import commands
from ui.main import default_profile, main


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(Refusal("No. Do this."), 1), (MachineTrouble("Full. Free some."), 1), (Unreadable("Damaged. Ask."), 2)],
)
def test_trouble_is_one_sentence_on_standard_error(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    trouble: Exception,
    status: int,
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise trouble

    monkeypatch.setattr(commands, "profile_digest", fail)
    assert main(["profile", "digest", "somewhere", "--list"]) == status
    printed, said = capfd.readouterr()
    assert (printed, said) == ("", f"{trouble}\n")


def test_a_bug_of_ours_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> int:
        raise KeyError("x")

    monkeypatch.setattr(commands, "profile_digest", fail)
    with pytest.raises(KeyError):
        main(["profile", "digest", "somewhere", "--list"])


@pytest.mark.parametrize(
    "wrong",
    [
        ["dance"],
        ["profile"],
        ["profile", "digest", "x"],
        ["profile", "digest", "x", "--case", "c", "--list"],
    ],
)
def test_a_command_that_is_none_says_how_it_is_used(
    wrong: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(wrong)
    assert stopped.value.code == 2
    printed, said = capfd.readouterr()
    assert printed == ""
    assert "usage: ascdesk" in said


def test_commands_without_a_window_do_not_load_qt() -> None:
    script = (
        "import sys; from ui.main import main; status = main(['forms', 'check', '/nowhere/form.json']);"
        "print(status, any(name.startswith('PySide6') for name in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["2", "False"]


def test_a_profile_lies_where_the_system_keeps_a_users_data() -> None:
    assert default_profile().parts[-2:] == ("ASC Desk", "profile")
