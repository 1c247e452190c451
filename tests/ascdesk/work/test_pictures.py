"""Pictures come in upright, bearable, without their place; what is none is refused in a sentence."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from ascdesk.errors import Refusal
from ascdesk.work import pictures
from ascdesk.work.pictures import KEPT_PIXELS, THUMBNAIL, take_in, without_its_story

GPS, ORIENTATION, CHANGED = 0x8825, 0x0112, 0x0132
RED, BLUE = (200, 20, 20), (20, 20, 200)


def scene(wide: int = 320, tall: int = 200) -> Image.Image:
    """Red on the left, blue on the right."""
    made = Image.new("RGB", (wide, tall), BLUE)
    made.paste(RED, (0, 0, wide // 2, tall))
    return made


def exif(orientation: int = 1) -> Image.Exif:
    told = Image.Exif()
    told[ORIENTATION], told[CHANGED] = orientation, "2026:11:09 14:03:00"
    told[0x010F] = "A telephone of Jean Hollis"
    place = told.get_ifd(GPS)
    place[1], place[2], place[3], place[4] = "N", (52.0, 24.0, 25.9), "W", (1.0, 30.0, 30.2)
    return told


def as_file(image: Image.Image, kind: str, **more: object) -> bytes:
    held = io.BytesIO()
    image.save(held, kind, **more)
    return held.getvalue()


def as_heic(image: Image.Image, told: Image.Exif) -> bytes:
    held = io.BytesIO()
    pillow_heif.from_pillow(image).save(held, quality=80, exif=told.tobytes())
    return held.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def colour(data: bytes, x: float, y: float) -> str:
    image = opened(data).convert("RGB")
    red, _, blue = image.getpixel((int(x * image.width), int(y * image.height)))  # type: ignore[misc]
    return "red" if red > blue else "blue"


@pytest.mark.parametrize(
    "data",
    [
        lambda: as_file(scene(), "JPEG", exif=exif()),
        lambda: as_file(scene(), "PNG"),
        lambda: as_file(scene(), "WEBP", exif=exif()),
        lambda: as_file(scene(), "TIFF"),
        lambda: as_heic(scene(), exif()),
        lambda: as_file(scene().convert("CMYK"), "JPEG"),
        lambda: as_file(scene().convert("P"), "GIF"),
        lambda: as_file(scene().convert("RGBA"), "PNG"),
    ],
    ids=["jpeg", "png", "webp", "tiff", "heic", "cmyk", "palette", "alpha"],
)
def test_what_telephones_and_scanners_make_is_taken_in(data: Callable[[], bytes]) -> None:
    picture = take_in(data())
    assert (picture.width, picture.height) == (320, 200)
    assert colour(picture.data, 0.2, 0.5) == "red" and colour(picture.data, 0.8, 0.5) == "blue"
    assert opened(picture.data).format == "JPEG" == opened(picture.thumbnail).format


@pytest.mark.parametrize(
    "make", [lambda e: as_file(scene(), "JPEG", exif=e), lambda e: as_heic(scene(), e)], ids=["jpeg", "heic"]
)
def test_nothing_of_where_and_with_what_it_was_taken_is_left(make: Callable[[Image.Exif], bytes]) -> None:
    data = make(exif())
    assert b"Jean Hollis" in data
    picture = take_in(data)
    for kept in (picture.data, picture.thumbnail):
        assert b"Jean Hollis" not in kept and b"Exif" not in kept
        assert dict(opened(kept).getexif()) == {}
        assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert picture.taken_at == "2026-11-09T14:03:00"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_the_public_sends_keeps_its_kind_and_loses_its_story(kind: str) -> None:
    data = as_file(scene(), kind, exif=exif(6))
    assert b"Jean Hollis" in data

    kept = without_its_story(data, "step.jpg")

    assert b"Jean Hollis" not in kept
    assert (opened(kept).format, dict(opened(kept).getexif())) == (kind, {})
    assert opened(kept).size == (200, 320), "upright, now that nothing says which way up it is"


def test_what_follows_the_picture_in_its_file_does_not_come_along() -> None:
    data = as_file(scene(), "JPEG", comment=b"her bedroom") + b"a film, and where it was taken"
    assert b"film" not in take_in(data).data and b"bedroom" not in take_in(data).data


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (320, 200), (0.1, 0.5)),
        (3, (320, 200), (0.9, 0.5)),
        (6, (200, 320), (0.5, 0.1)),
        (8, (200, 320), (0.5, 0.9)),
    ],
    ids=["upright", "upside down", "on its right", "on its left"],
)
def test_it_is_straightened(orientation: int, size: tuple[int, int], red_at: tuple[float, float]) -> None:
    picture = take_in(as_file(scene(), "JPEG", exif=exif(orientation)))
    assert (picture.width, picture.height) == size
    assert colour(picture.data, *red_at) == "red"


def test_a_telephone_that_lay_on_its_side_makes_an_upright_heic() -> None:
    # the library turns it by the picture's own box; the note in the EXIF must not turn it again
    picture = take_in(as_heic(scene(), exif(6)))
    assert (picture.width, picture.height) == (200, 320)


def test_sixty_megapixels_become_twelve_and_are_upright() -> None:
    data = as_file(Image.new("L", (9000, 6667), 128), "JPEG", exif=exif(6))
    picture = take_in(data)
    assert picture.width * picture.height <= KEPT_PIXELS
    assert picture.height > picture.width
    assert picture.height / picture.width == pytest.approx(9000 / 6667, rel=0.01)


def test_a_thumbnail_is_small() -> None:
    picture = take_in(as_file(scene(3000, 2000), "JPEG"))
    assert max(opened(picture.thumbnail).size) == THUMBNAIL
    assert len(picture.thumbnail) < 40_000


def bomb(wide: int, tall: int) -> bytes:
    """A PNG that says it has these many points and holds next to nothing."""

    def part(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = wide.to_bytes(4, "big") + tall.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: b"", "not a picture"),
        (lambda: b"%PDF-1.7 a letter", "not a picture"),
        (lambda: b"\0\0\0\x18ftypheic" + b"x" * 60, "not a picture"),
        (lambda: as_file(scene(900, 900), "JPEG")[:3000], "cut off"),
        (lambda: as_file(scene(), "PNG")[:120], "cut off"),
        (lambda: bomb(10_000, 9_000), "90 million points"),
        (lambda: bomb(60_000, 60_000), "million points"),
        (lambda: bomb(100, 100), "cut off"),
    ],
    ids=[
        "nothing",
        "a letter",
        "half a heic",
        "half a jpeg",
        "half a png",
        "too many",
        "bomb",
        "empty inside",
    ],
)
def test_what_cannot_be_taken_in_is_refused_in_one_sentence_with_its_name(
    data: Callable[[], bytes], words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        take_in(data(), "IMG_0042.jpg")
    assert "“IMG_0042.jpg”" in refused.value.sentence
    assert len(refused.value.sentence) < 200


def test_a_file_that_cannot_be_read_or_is_far_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="could not be read"):
        pictures.read_file(tmp_path / "gone.jpg")
    large = tmp_path / "film.mov"
    with large.open("wb") as held:
        held.truncate(pictures.MOST_BYTES + 1)
    with pytest.raises(Refusal, match="larger than 100 MB"):
        pictures.read_file(large)


def test_pixels_of_the_clipboard_become_a_picture() -> None:
    picture = pictures.from_pixels(320, 200, scene().tobytes())
    assert colour(picture.data, 0.2, 0.5) == "red"
