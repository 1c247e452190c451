"""Photos and files between laptops and the council: whole or not at all, resumed, each with its receipt."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select, update

from ascdesk.record.attachments import FOLDER, PIECE, NotHere
from ascdesk.record.change import new_id
from ascdesk.work import photos, pictures, sending, sketching
from ascdesk.work.pictures import Picture
from sync.client.exchange import Outcome, synchronise
from sync.server.database import reading, writing
from sync.server.tables import attachment, attachment_piece, counter
from tests.sync.council import Council, Laptop

Enrol = Callable[[str], Laptop]
on_sqlite = pytest.mark.parametrize("council", ["sqlite"], indirect=True)
"""For what no database has a part in."""


def sync(laptop: Laptop, client: httpx.Client | None = None) -> Outcome:
    with laptop.connection(client) as connection:
        return synchronise(laptop.record, connection)


@pytest.fixture(scope="module")
def picture() -> Picture:
    """A picture of more than three pieces: noise does not get smaller."""
    held = io.BytesIO()
    Image.effect_noise((1270, 1000), 120).convert("RGB").save(held, "PNG")
    made = pictures.take_in(held.getvalue())
    assert 3 * PIECE < len(made.data) <= 4 * PIECE
    return made


def a_case(laptop: Laptop) -> str:
    case = new_id()
    laptop.write(case, "given_name", "Noor")
    return case


def held(council: Council, case: str) -> dict[str, int]:
    with reading(council.engine) as connection:
        where = (attachment.c.case == case, attachment.c.held_at.is_not(None))
        rows = connection.execute(select(attachment.c.sha256, attachment.c.size).where(*where))
        return {row.sha256: row.size for row in rows}


class Line(httpx.BaseTransport):
    """A line to the server on which the test does something to what passes."""

    def __init__(self, harm: Callable[[httpx.Request], httpx.Request | None] = lambda one: one) -> None:
        self.inner = httpx.HTTPTransport()
        self.harm = harm
        self.passed: list[str] = []
        self.sent = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        changed = self.harm(request)
        if changed is None:
            raise httpx.ReadError("cut", request=request)
        self.passed.append(f"{request.method} {request.url.path.rsplit('/', 1)[-1]}")
        self.sent += len(changed.content) if request.method == "PUT" else 0
        return self.inner.handle_request(changed)

    def close(self) -> None:
        self.inner.close()


def altered(request: httpx.Request, data: bytes) -> httpx.Request:
    headers = {name: value for name, value in request.headers.items() if name != "content-length"}
    return httpx.Request(request.method, request.url, headers=headers, content=data)


def test_a_photo_reaches_the_council_and_the_second_laptop_with_a_receipt(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first, second = laptop("amina"), laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)
    assert sending.waiting(first.record).words == "1 photo"

    sent = sync(first)

    assert (sent.finished, sent.files_sent, sent.files_here, sent.trouble) == (True, 2, "", "")
    assert photos.photo(first.record, case, row).where == "held"
    assert set(held(council, case).values()) == {len(picture.data), len(picture.thumbnail)}
    fetched = sync(second)
    assert fetched.files_fetched == 2
    assert photos.open_photo(second.record, case, row) == picture.data
    assert photos.photo(second.record, case, row).where == "held"
    for path in (second.record.folder / FOLDER).iterdir():
        assert b"JFIF" not in path.read_bytes()


@on_sqlite
def test_what_there_is_nothing_to_carry_costs_no_question(laptop: Enrol, picture: Picture) -> None:
    first = laptop("amina")
    photos.add(first.record, a_case(first), picture)
    sync(first)
    line = Line()
    assert sync(first, httpx.Client(transport=line)).finished
    assert line.passed == ["GET same"]


@on_sqlite
def test_the_smallest_goes_first(laptop: Enrol, picture: Picture) -> None:
    first = laptop("amina")
    case = a_case(first)
    photos.add(first.record, case, picture)
    small = pictures.from_pixels(8, 6, bytes(8 * 6 * 3))
    photos.add(first.record, case, small)
    sizes = [one.size for one in sending.due(first.record)]
    assert sizes == sorted(sizes) and len(picture.data) == sizes[-1]


@on_sqlite
@pytest.mark.fault(10)
@pytest.mark.parametrize("piece", range(5))
def test_a_cut_in_any_piece_is_resumed_where_the_server_stands(
    council: Council, laptop: Enrol, picture: Picture, piece: int
) -> None:
    first = laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)
    count = -(-len(picture.data) // PIECE) + 1  # and the thumbnail's one
    seen: list[str] = []

    def cut(request: httpx.Request) -> httpx.Request | None:
        if request.method == "PUT":
            seen.append(request.url.path)
        return None if request.method == "PUT" and len(seen) == piece + 1 else request

    broken = sync(first, httpx.Client(transport=Line(cut)))
    assert broken.unreachable and broken.only_here == 0
    assert broken.files_here == "1 photo" and "1 photo is only on this laptop." in broken.sentence
    assert "holds everything" not in broken.sentence
    assert photos.photo(first.record, case, row).where in {"here", "sent"}
    first.reopen()  # as after a kill
    line = Line()
    mended = sync(first, httpx.Client(transport=line))
    assert mended.files_here == "" and photos.photo(first.record, case, row).where == "held"
    assert sum(one.startswith("PUT") for one in line.passed) == count - piece


@on_sqlite
@pytest.mark.fault(10)
def test_an_answer_that_is_lost_is_asked_for_and_nothing_is_sent_twice(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first = laptop("amina")
    case = a_case(first)
    photos.add(first.record, case, picture)

    class Deaf(Line):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            if request.url.path.endswith("/finish"):
                answer.read()
                raise httpx.ReadError("cut", request=request)
            return answer

    assert sync(first, httpx.Client(transport=Deaf())).unreachable
    assert {one.state for one in first.record.attachments.of_case(case).values()} == {"here", "sent"}
    line = Line()
    assert sync(first, httpx.Client(transport=line)).files_here == ""
    assert len(held(council, case)) == 2
    assert line.sent == len(picture.data)  # the thumbnail was there already


@on_sqlite
@pytest.mark.fault(10)
@pytest.mark.parametrize("times", [1, 99], ids=["once", "always"])
def test_a_byte_that_flips_on_the_way_is_never_taken_for_the_photo(
    council: Council, laptop: Enrol, picture: Picture, times: int
) -> None:
    first = laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)
    flipped: list[int] = []

    def flip(request: httpx.Request) -> httpx.Request:
        last = "offset=" in str(request.url) and f"size={len(picture.data)}" in str(request.url)
        if request.method != "PUT" or not last or len(flipped) >= times:
            return request
        flipped.append(1)
        data = bytearray(request.content)
        data[len(data) // 2] ^= 1
        return altered(request, bytes(data))

    sync(first, httpx.Client(transport=Line(flip)))
    photo = photos.photo(first.record, case, row)
    if times == 1:
        assert photo.where == "held" and photo.sha256 in held(council, case)
        return
    assert photo.where == "here" and "ask for help" in photos.state_words(photo)
    assert photo.sha256 not in held(council, case)
    assert sending.waiting(first.record).refused == 1
    assert photos.open_photo(first.record, case, row) == picture.data


@on_sqlite
@pytest.mark.fault(10)
def test_what_comes_down_altered_is_not_kept_and_comes_whole_the_next_time(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first, second = laptop("amina"), laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)
    sync(first)
    with writing(council.engine) as connection:
        where = (attachment_piece.c.case == case, attachment_piece.c.number == 1)
        data = connection.scalar(select(attachment_piece.c.data).where(*where))
        connection.execute(update(attachment_piece).where(*where).values(data=b"x" * len(data or b"")))
    assert sync(second).files_fetched == 1  # the thumbnail
    with pytest.raises(NotHere):
        photos.open_photo(second.record, case, row)
    with writing(council.engine) as connection:
        connection.execute(update(attachment_piece).where(*where).values(data=data))
    assert sync(second).files_fetched == 1
    assert photos.open_photo(second.record, case, row) == picture.data


@on_sqlite
@pytest.mark.fault(10)
def test_a_file_that_is_gone_here_is_said_and_one_that_the_council_holds_comes_again(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first = laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)
    sync(first)
    for path in (first.record.folder / FOLDER).iterdir():
        path.write_bytes(path.read_bytes()[:-5])
    photos.ask_for(first.record, case, row)
    assert photos.photo(first.record, case, row).where == "elsewhere"
    assert sync(first).files_fetched == 1
    assert photos.open_photo(first.record, case, row) == picture.data
    other = photos.add(first.record, case, pictures.from_pixels(9, 9, bytes(243)))
    lost = photos.photo(first.record, case, other).sha256
    for path in (first.record.folder / FOLDER).iterdir():
        path.unlink()
    sync(first)
    told = photos.photo(first.record, case, other)
    assert lost not in held(council, case) and "missing" in photos.state_words(told)


@on_sqlite
def test_until_it_is_blacked_out_for_good_nothing_of_a_photo_leaves(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first, second = laptop("amina"), laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)
    block = replace(sketching.usual("block"), start=(0.2, 0.2), end=(0.5, 0.5))
    photos.set_marks(first.record, case, row, [block], name="Draw: black out")
    before = photos.photo(first.record, case, row)

    kept = sync(first)

    assert kept.files_sent == 0 and held(council, case) == {}
    assert kept.files_here == "1 photo"
    sync(second)
    assert photos.photo(second.record, case, row).where == "elsewhere"
    photos.burn(first.record, case, row)
    assert sync(first).files_sent == 2
    assert before.sha256 not in held(council, case)
    sync(second)
    assert photos.open_photo(second.record, case, row) == photos.open_photo(first.record, case, row)


def test_what_is_blacked_out_after_it_was_sent_goes_everywhere(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first, second = laptop("amina"), laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)
    sync(first)
    sync(second)
    before = photos.photo(second.record, case, row)
    photos.set_marks(first.record, case, row, [sketching.usual("block")], name="Draw: black out")
    photos.burn(first.record, case, row)
    sync(first)
    assert before.sha256 not in held(council, case)
    assert before.thumbnail not in held(council, case)
    sync(second)
    for name in (before.sha256, before.thumbnail):
        with pytest.raises(NotHere):
            second.record.attachments.read(case, name)
    assert photos.open_photo(second.record, case, row) == photos.open_photo(first.record, case, row)


@on_sqlite
def test_a_photo_that_was_removed_before_it_was_sent_is_not_sent(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first = laptop("amina")
    case = a_case(first)
    photos.remove(first.record, case, photos.add(first.record, case, picture))
    assert sync(first).files_sent == 0 and held(council, case) == {}
    assert {one.state for one in first.record.attachments.of_case(case).values()} == {"loose"}
    first.record.undo(case)
    assert sync(first).files_sent == 2


@on_sqlite
def test_a_server_that_went_back_in_time_is_asked_for_every_receipt_again(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first = laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)
    sync(first)
    with writing(council.engine) as connection:
        for table in (attachment, attachment_piece):
            connection.execute(table.delete().where(table.c.case == case))
    first.record.offer_case_again(case)
    assert photos.photo(first.record, case, row).where == "here"
    assert sync(first).files_sent == 2 and len(held(council, case)) == 2


def test_a_stranger_gets_and_gives_nothing_and_a_former_holder_may_still_give(
    council: Council, laptop: Enrol, picture: Picture
) -> None:
    first, stranger = laptop("amina"), laptop("boris")
    case = a_case(first)
    photos.add(first.record, case, picture)
    sync(first)
    name = hashlib.sha256(picture.data).hexdigest()
    with stranger.connection() as connection:
        assert connection.have({case: [name]}) == {}
        for ask in (
            lambda: connection.piece(case, name, 0),
            lambda: connection.attachment(case, name),
            lambda: connection.put_piece(case, "0" * 64, 3, 0, b"abc"),
        ):
            with pytest.raises(Exception, match=r"never had the case|does not have this file"):
                ask()
    council.deallocate("amina", case)
    with first.connection() as connection:
        assert connection.have({case: [name]}) == {}
        assert connection.put_piece(case, hashlib.sha256(b"abc").hexdigest(), 3, 0, b"abc").received == 3


@on_sqlite
@pytest.mark.parametrize(
    ("name", "size", "offset", "data"),
    [
        ("../../etc", 3, 0, b"abc"),
        ("0" * 64, 3, 0, b"ab"),
        ("0" * 64, 0, 0, b""),
        ("0" * 64, 200 * 1024 * 1024, 0, b"x" * PIECE),
        ("0" * 64, PIECE + 9, 0, b"x" * (PIECE + 1)),
        ("0" * 64, 9, -3, b"abc"),
    ],
    ids=["a path", "too short", "nothing", "too large", "too long a piece", "before the start"],
)
def test_nonsense_is_refused_and_leaves_nothing(
    council: Council, laptop: Enrol, name: str, size: int, offset: int, data: bytes
) -> None:
    first = laptop("amina")
    case = a_case(first)
    sync(first)
    with first.connection() as connection, pytest.raises(Exception, match=r".+"):
        connection.put_piece(case, name, size, offset, data)
    with reading(council.engine) as connection:
        assert connection.scalar(select(func.count()).where(attachment.c.case == case)) == 0


@on_sqlite
def test_a_photo_never_moves_a_cases_counter(council: Council, laptop: Enrol, picture: Picture) -> None:
    first = laptop("amina")
    case = a_case(first)
    photos.add(first.record, case, picture)
    due: list[Any] = []

    def look(request: httpx.Request) -> httpx.Request:
        with reading(council.engine) as connection:
            due.append(connection.scalar(select(counter.c.version).where(counter.c.case == case)))
        return request

    sync(first, httpx.Client(transport=Line(look)))
    with reading(council.engine) as connection:
        version = connection.scalar(select(counter.c.version).where(counter.c.case == case))
    puts = [one for one in due if one is not None]
    assert set(puts) == {version}


@on_sqlite
def test_a_server_of_before_leaves_photos_here_and_everything_else_goes(
    laptop: Enrol, picture: Picture
) -> None:
    first = laptop("amina")
    case = a_case(first)
    row = photos.add(first.record, case, picture)

    def old(request: httpx.Request) -> httpx.Request:
        if "/attachments/" in request.url.path:
            return httpx.Request("GET", request.url.copy_with(path="/v1/nothing"), headers=request.headers)
        return request

    outcome = sync(first, httpx.Client(transport=Line(old)))
    assert outcome.finished and outcome.only_here == 0 and outcome.files_here == "1 photo"
    assert photos.photo(first.record, case, row).where == "here"
    assert sync(first).files_here == ""
