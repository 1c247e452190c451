"""What the two processes say to each other."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.launcher.protocol import (
    KINDS,
    LONGEST_LINE,
    Lines,
    MessageError,
    Report,
    Unlock,
    worker_command,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
places = st.none() | st.dictionaries(st.text(), json_values, min_size=1, max_size=4)


@given(st.sampled_from(sorted(KINDS)), st.text(), places)
def test_a_report_arrives_as_it_was_said(kind: str, sentence: str, place: dict[str, object] | None) -> None:
    report = Report(kind, sentence, place)
    line = report.to_line()
    assert line.count(b"\n") == 1
    assert Report.from_line(line) == report


@given(
    st.binary(min_size=32, max_size=32),
    st.text(min_size=1).filter(lambda text: "\0" not in text),
    st.text(),
    st.dictionaries(st.text(), json_values, max_size=3),
    places,
)
def test_a_handing_over_arrives_whole(
    key: bytes, folder: str, mode: str, extras: dict[str, object], place: dict[str, object] | None
) -> None:
    order = Unlock(bytearray(key), Path(folder), mode, extras, place)
    line = order.to_line()
    assert line.count(b"\n") == 1
    read = Unlock.from_line(line)
    assert (read.key, read.folder, read.mode) == (bytearray(key), Path(folder), mode)
    assert read.extras == extras
    assert read.place == place
    assert "bytearray" not in repr(order)


@given(st.lists(st.binary(max_size=20).map(lambda part: part.replace(b"\n", b""))), st.data())
def test_lines_are_cut_right_however_they_arrive(lines: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    cutter = Lines()
    found: list[bytes] = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += cutter.feed(stream[:size])
        stream = stream[size:]
    assert found == lines


def test_a_line_without_end_is_not_kept_for_ever() -> None:
    cutter = Lines()
    with pytest.raises(MessageError):
        list(cutter.feed(b"x" * (LONGEST_LINE + 1)))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"x",
        b"[]",
        b"{}",
        b'{"say":"hello"}',
        b'{"say":"place","place":3}',
        b'{"say":["ready"]}',
        b"[" * 99_999,
    ],
    ids=lambda line: line[:20],
)
def test_nonsense_is_not_a_report(line: bytes) -> None:
    with pytest.raises(MessageError):
        Report.from_line(line)


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"key":"00","folder":"/x","mode":"normal"}',
        b'{"key":"zz","folder":"/x","mode":"normal"}',
        b'{"key":"%s","mode":"normal"}' % (b"0" * 64),
        b'{"key":"%s","folder":"/x","mode":"n","extras":[]}' % (b"0" * 64),
        b'{"key":"%s","folder":"/x","mode":"n","place":"x"}' % (b"0" * 64),
        b'{"key":"%s"' % (b"a1" * 32),
    ],
)
def test_nonsense_is_not_a_handing_over_and_is_not_repeated(line: bytes) -> None:
    with pytest.raises(MessageError) as caught:
        Unlock.from_line(line)
    assert "a1a1" not in str(caught.value)
    assert caught.value.__context__ is None or "a1a1" not in str(caught.value.__context__)


def test_the_worker_is_the_program_itself_when_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert worker_command() == [sys.executable, "-m", "ui.worker"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert worker_command() == [sys.executable, "--worker"]
