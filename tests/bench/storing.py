"""The record and the copies, without a screen: one edit, a pull, a rebuild, a PDF."""

from __future__ import annotations

import secrets
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pypdfium2

from ascdesk.documents.api import load_fonts, make_assessment_copy
from ascdesk.record.change import Change, new_id
from ascdesk.record.record import Record
from ascdesk.record.store import open_store
from ascdesk.record.writing import Edit
from ascdesk.work import cases, issuing, responses
from ascdesk.work.library import FormLibrary
from ascdesk.work.responses import Key, Said
from tests.bench.figures import Figure, figure, timed
from tests.support.desks import JEAN, filled_record, now

FONTS = Path(__file__).parents[2] / "resources" / "fonts"


def storing() -> Iterator[Figure]:
    """Measure all of it."""
    with tempfile.TemporaryDirectory(prefix="ascdesk-bench-") as folder:
        record, _ = filled_record(Path(folder))
        yield _edit(record, Path(folder))
        yield _pdf(record)
        record.close()
        yield from _pulled(Path(folder))


def _edit(record: Record, folder: Path, count: int = 400) -> Figure:
    response = cases.look(record, JEAN).response("needs-assessment")
    assert response is not None
    draft = responses.load(record, JEAN, response.row)
    seen: frozenset[str] = frozenset()
    times: list[float] = []
    key = Key((), "s06.about-you", "person")
    for number in range(count):
        said = Said(({"valueString": f"Words as somebody types them, again and again: {number}"},))
        heads: list[frozenset[str]] = []

        def one(said: Said = said, seen: frozenset[str] = seen, heads: list[frozenset[str]] = heads) -> None:
            written = responses.answer(record, draft, key, said, seen=seen, name="change")
            heads.append(written.heads[(responses.account_row(draft.response, key), "value")])

        times.append(timed(one))
        seen = heads[0]
    found = figure("one edit durable with its change", times, bar=1.5, note="worst: 99th percentile")
    bare = statistics.median(_bare(folder, count))
    return replace(found, against=f"bare SQLCipher commit of a row, {bare:.2f} ms", ratio=found.median / bare)


def _bare(folder: Path, count: int) -> list[float]:
    engine = open_store(folder / "bare.db", secrets.token_bytes(32), create=True)
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("create table bare (number integer primary key, words text)")
    connection.commit()

    def one(number: int) -> None:
        cursor.execute("begin immediate")
        cursor.execute("insert into bare values (?, ?)", (number, "Words as somebody types them."))
        cursor.execute("commit")

    times = [timed(partial(one, number)) for number in range(count)]
    connection.close()
    engine.dispose()
    return times


def _pdf(record: Record, count: int = 7) -> Figure:
    library, fonts = FormLibrary(), load_fonts(FONTS)
    response = cases.look(record, JEAN).response("needs-assessment")
    assert response is not None
    made: list[bytes] = []

    def one() -> None:
        made.append(make_assessment_copy(issuing.assessment_copy(record, JEAN, response.row, library), fonts))

    one()
    times = [timed(one) for _ in range(count)]
    pages = len(pypdfium2.PdfDocument(made[-1]))
    per_ten = [time * 10 / max(10, pages) for time in times]
    note = f"Jean Hollis's, {pages} pages in {statistics.median(times):.0f} ms, from the record to the file"
    return figure("ten-page assessment to PDF, warm", per_ten, bar=400, note=note)


def _pulled(folder: Path) -> Iterator[Figure]:
    first = _new(folder / "first.db")
    case = new_id()
    changes: list[Change] = []
    for _ in range(20):
        changes += first.write(case, _said(500), name="fill").changes
    numbered = [replace(change, version=number) for number, change in enumerate(changes, 1)]
    times = []
    for number in range(3):
        second = _new(folder / f"second{number}.db")
        times.append(timed(partial(second.apply_page, case, numbered)))
        second.close()
    yield figure("apply 10,000 pulled changes", times)
    for _ in range(9):
        other = new_id()
        for _ in range(4):
            first.write(other, _said(2500), name="fill")
    yield figure("rebuild of 100,000 changes", [timed(first.rebuild) for _ in range(2)], bar=2500)
    first.close()


def _said(count: int) -> list[Edit]:
    """Return edits that answer so many questions, as a form's page writes them, each in a row of its own."""
    response = new_id()
    return [
        Edit(
            "answer",
            new_id(),
            "value",
            {"at": [response, "", f"q.{number}", "person"], "answer": [{"valueString": "Words"}]},
        )
        for number in range(count)
    ]


def _new(path: Path) -> Record:
    record = Record(path, secrets.token_bytes(32), clock=now, create=True)
    record.enrol(author="r.okafor", device=new_id())
    return record
