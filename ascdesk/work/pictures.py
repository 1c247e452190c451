"""Pictures as they come in: known by their content, straightened, made smaller, and nothing but the picture.

What is kept is drawn anew from the pixels, so that no place, no camera's number and no earlier version of the
picture can come along. Pillow is imported when the first picture comes.
"""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ascdesk.errors import Refusal

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES: Final = 100 * 1024 * 1024
"""Largest file that is looked at."""

MOST_PIXELS: Final = 80_000_000
"""Most pixels of a picture that is taken in: a 60-megapixel camera's, and some more."""

MOST_UNSCALED: Final = 64_000_000
"""The same for formats that can only be unpacked whole: four bytes of memory each."""

KEPT_PIXELS: Final = 12_000_000
"""Pixels of the largest picture that is kept: enough to read a serial number on it."""

THUMBNAIL: Final = 360
"""Longest side of a thumbnail, in pixels: sharp on a screen at 200 per cent."""

_QUALITY, _THUMBNAIL_QUALITY = 86, 80
_PNG = b"\x89PNG"
_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"mif1", b"msf1", b"heif", b"avif")
_TAKEN = (0x9003, 0x9004, 0x0132)  # EXIF: taken, digitised, changed
_EXIF_DETAILS = 0x8769

NOT_A_PICTURE = "“{name}” is not a picture that can be read here. Choose a JPEG, PNG or HEIC photo."
_DAMAGED = "“{name}” is damaged or was cut off. Choose another copy of it."
_TOO_MANY = (
    "“{name}” has {megapixels} million points, more than the {most} million that fit here. "
    "Take it again at a smaller size, or make it smaller first."
)
_TOO_LARGE = "“{name}” is larger than 100 MB. Take the photo again at a smaller size."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: JPEG, upright, at most :data:`KEPT_PIXELS`, with its thumbnail.

    ``taken_at`` is what the camera's clock said, without a zone, where it said anything.
    """

    data: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: str | None = None


def read_file(path: Path) -> bytes:
    """Return what is in a file that somebody chose. Raises :class:`Refusal` when it cannot be taken in."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refusal(_TOO_LARGE.format(name=path.name))
        return path.read_bytes()
    except OSError as error:
        words = f"“{path.name}” could not be read. Copy it to this laptop, then add it again."
        raise Refusal(words) from error


def take_in(data: bytes, name: str = "This file") -> Picture:
    """Return the picture that some bytes hold, ready to be kept.

    Raises :class:`Refusal` in one sentence for what is no picture, is damaged, or is too large.
    """
    if len(data) > MOST_BYTES:
        raise Refusal(_TOO_LARGE.format(name=name))
    with _plainly(name):
        image, taken_at = _opened(data, name)
        return _kept(image, taken_at)


def without_its_story(data: bytes, name: str) -> bytes:
    """Return a JPEG or PNG in its own kind, upright, with its pixels only: no place, no camera, no words.

    For what the public sends, which is otherwise kept as it came. Raises :class:`Refusal` like
    :func:`take_in`.
    """
    with _plainly(name):
        image, _ = _opened(data, name)
        if not data.startswith(_PNG):
            return jpeg(_in_colour(image))
        held = io.BytesIO()
        image.info.clear()
        image.save(held, "PNG")
        return held.getvalue()


def from_pixels(width: int, height: int, pixels: bytes, stride: int = 0) -> Picture:
    """Return a picture of raw RGB pixels, as the clipboard holds them; ``stride`` bytes a row.

    Raises :class:`Refusal` when there are too many.
    """
    from PIL import Image  # noqa: PLC0415 (with the first picture)

    name = "What was pasted"
    with _plainly(name):
        _check_size((width, height), name, MOST_UNSCALED)
        image = Image.frombytes("RGB", (width, height), pixels, "raw", "RGB", stride or 3 * width)
        return _kept(_smaller(image), None)


@contextlib.contextmanager
def _plainly(name: str) -> Iterator[None]:
    """Turn what Pillow says of a picture into a sentence; it names no one family of errors."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 (with the first picture)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limits are narrower, and checked first
            yield
    except UnidentifiedImageError as error:
        raise Refusal(NOT_A_PICTURE.format(name=name)) from error
    except Image.DecompressionBombError as error:
        raise Refusal(_too_many(name, None, MOST_PIXELS)) from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, RuntimeError) as error:
        raise Refusal(_DAMAGED.format(name=name)) from error


def _opened(data: bytes, name: str) -> tuple[Image.Image, str | None]:
    """Return the upright picture in full colour, no larger than is kept, and when it was taken."""
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return _opened_heif(data, name)
    # the plugins of what Pillow does not know from the start
    from PIL import Image, ImageOps, TiffImagePlugin, WebPImagePlugin  # noqa: F401, PLC0415

    image = Image.open(io.BytesIO(data), formats=_FORMATS)
    jpeg = image.format in {"JPEG", "MPO"}
    _check_size(image.size, name, MOST_PIXELS if jpeg else MOST_UNSCALED)
    if jpeg:
        image.draft("RGB", _fitting(image.size))  # unpacks a huge photo at a half, a quarter or an eighth
    taken_at = _taken_at(image.getexif())
    image.load()
    return ImageOps.exif_transpose(_smaller(image)), taken_at


def _opened_heif(data: bytes, name: str) -> tuple[Image.Image, str | None]:
    import pi_heif  # noqa: PLC0415 (with the first picture from a telephone)
    from PIL import Image  # noqa: PLC0415

    try:
        held = pi_heif.open_heif(data, convert_hdr_to_8bit=True)
    except (ValueError, RuntimeError) as error:
        raise Refusal(NOT_A_PICTURE.format(name=name)) from error
    _check_size(held.size, name, MOST_UNSCALED)
    exif = Image.Exif()
    if isinstance(told := held.info.get("exif"), bytes):
        with contextlib.suppress(Exception):  # a broken date is no reason to refuse the picture
            exif.load(told)
    taken_at = _taken_at(exif)
    return _smaller(held.to_pillow()), taken_at  # the library has turned it upright already


def _check_size(size: tuple[int, int], name: str, most: int) -> None:
    pixels = size[0] * size[1]
    if pixels > most:
        raise Refusal(_too_many(name, pixels, most))
    if pixels == 0:
        raise Refusal(NOT_A_PICTURE.format(name=name))


def _too_many(name: str, pixels: int | None, most: int) -> str:
    megapixels = "more than 150" if pixels is None else str(-(-pixels // 1_000_000))
    return _TOO_MANY.format(name=name, megapixels=megapixels, most=most // 1_000_000)


def _fitting(size: tuple[int, int], most: int = KEPT_PIXELS) -> tuple[int, int]:
    """Return a size of the same shape with ``most`` pixels at most."""
    wide, tall = size
    if wide * tall <= most:
        return size
    scale = (most / (wide * tall)) ** 0.5
    return max(1, int(wide * scale)), max(1, int(tall * scale))


def _smaller(image: Image.Image) -> Image.Image:
    """Return the picture at the size that is kept, in sRGB, without transparency."""
    from PIL import Image  # noqa: PLC0415

    wanted = _fitting(image.size)
    if wanted != image.size:
        if image.mode not in {"RGB", "RGBA", "L"}:
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        exif, profile = image.getexif(), image.info.get("icc_profile")
        image = image.resize(wanted, Image.Resampling.LANCZOS, reducing_gap=2.0)
        image.info["icc_profile"], image.info["exif"] = profile, exif.tobytes()
    return image


def _in_colour(image: Image.Image) -> Image.Image:
    """Return the picture in plain sRGB, on white where it was see-through."""
    from PIL import Image  # noqa: PLC0415

    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        through = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(through, mask=through.getchannel("A"))
        return ground
    return _in_srgb(image)


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if isinstance(profile, bytes) and image.mode in {"RGB", "CMYK", "L"}:
        from PIL import ImageCms  # noqa: PLC0415 (only for pictures with a colour space of their own)

        with contextlib.suppress(ImageCms.PyCMSError, OSError):  # a broken profile: as it is
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if made is not None:
                return made
    return image if image.mode == "RGB" else image.convert("RGB")


def _kept(image: Image.Image, taken_at: str | None) -> Picture:
    """Return the picture as it is kept: nothing of the file that it came from is in it."""
    flat = _in_colour(image)
    return Picture(jpeg(flat, _QUALITY), thumbnail_of(flat), flat.width, flat.height, taken_at)


def jpeg(image: Image.Image, quality: int = _QUALITY) -> bytes:
    """Return a picture as a JPEG that holds pixels and nothing else."""
    held = io.BytesIO()
    image.info.clear()
    image.save(held, "JPEG", quality=quality, exif=b"", icc_profile=None, comment=b"")
    return held.getvalue()


def thumbnail_of(image: Image.Image) -> bytes:
    """Return a small JPEG of a picture, at most :data:`THUMBNAIL` pixels long."""
    small = image.copy() if max(image.size) <= THUMBNAIL else image.reduce(_reduction(image.size))
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return jpeg(small, _THUMBNAIL_QUALITY)


def _reduction(size: tuple[int, int]) -> int:
    return max(1, max(size) // (2 * THUMBNAIL))


def _taken_at(exif: Image.Exif) -> str | None:
    """Return when the camera said that it took the picture. Its place is not looked at."""
    try:
        details = exif.get_ifd(_EXIF_DETAILS)
    except Exception:  # whatever is wrong with it, the picture is what matters
        details = {}
    for tag in _TAKEN:
        told = details.get(tag) or exif.get(tag)
        with contextlib.suppress(ValueError):
            if isinstance(told, str):
                at = datetime.strptime(told.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 (cameras know none)
                return at.isoformat()
    return None
