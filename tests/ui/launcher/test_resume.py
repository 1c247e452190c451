"""What one launcher leaves the next."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.launcher.resume import PIPE_VARIABLE, Resume, own_command, read_resume, start_the_next


@given(st.text(max_size=200), st.none() | st.dictionaries(st.text(max_size=9), st.text(max_size=9)))
def test_it_is_read_as_it_was_left(sentence: str, place: dict[str, str] | None) -> None:
    assert Resume.from_bytes(Resume(sentence, place).to_bytes()) == Resume(sentence, place)


@given(st.binary(max_size=50))
def test_what_cannot_be_read_is_nothing_to_resume(raw: bytes) -> None:
    assert isinstance(Resume.from_bytes(raw), Resume)
    assert Resume.from_bytes(b"[1]") == Resume.from_bytes(b"") == Resume()


def test_a_place_too_long_for_a_pipe_is_left_out() -> None:
    long = Resume("why", {"page": "x" * 70_000})
    assert Resume.from_bytes(long.to_bytes()) == Resume("why")


def test_it_is_read_once_from_the_pipe_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, Resume("why", {"page": "s10"}).to_bytes())
    os.close(writing)
    monkeypatch.setenv(PIPE_VARIABLE, str(reading))
    assert read_resume() == Resume("why", {"page": "s10"})
    assert PIPE_VARIABLE not in os.environ
    assert read_resume() == Resume()


@pytest.mark.parametrize("number", ["", "x", "99999", "-1"])
def test_a_pipe_that_is_not_there_is_a_first_start(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv(PIPE_VARIABLE, number)
    assert read_resume() == Resume()


def test_the_launcher_knows_how_it_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    assert own_command() == [sys.executable, *sys.orig_argv[1:]]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "argv", ["asc-desk", "--profile", "x"])
    assert own_command() == [sys.executable, "--profile", "x"]


def test_where_there_is_no_exec_the_next_is_started_and_told(
    tmp_path: Path,
) -> None:
    """Windows' way, which works everywhere: the next launcher is another process, told by its stdin."""
    said = tmp_path / "said"
    script = (
        "import sys\nfrom pathlib import Path\nfrom ui.launcher.resume import read_resume\n"
        "Path(sys.argv[1] + '.part').write_text(repr(read_resume()))\n"
        "Path(sys.argv[1] + '.part').rename(sys.argv[1])\n"
    )
    script += "import socket\nsocket.create_connection(('127.0.0.1', int(sys.argv[2]))).close()\n"
    with socket.create_server(("127.0.0.1", 0)) as done:
        done.settimeout(60)
        command = [sys.executable, "-c", script, str(said), str(done.getsockname()[1])]
        assert start_the_next(command, Resume("why", {"page": "s10"})) == 0
        done.accept()[0].close()
    assert said.read_text() == repr(Resume("why", {"page": "s10"}))
