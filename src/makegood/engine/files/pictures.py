"""Pictures are decoded and encoded anew: what leaves here holds pixels only — no EXIF, no place, no tricks."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageOps

from makegood.lib.errors import Refusal

MAX_PIXELS = 40_000_000
THUMBNAIL = (480, 360)
_SQUARE = 8
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Forty million points take 160 MB as they are worked on: one at a time.
_one_by_one = threading.Lock()


class BrokenPicture(Refusal):
    """It says it is a picture, but cannot be read as one, or is far too large."""


@dataclass(frozen=True)
class Box:
    """An area of a picture, in its points from the left upper corner."""

    left: int
    top: int
    width: int
    height: int

    def within(self, width: int, height: int, *, step: int) -> tuple[int, int, int, int] | None:
        """Its first and last column and row inside a picture, grown to whole squares of ``step``; None if outside."""
        left, top = max(0, self.left) // step * step, max(0, self.top) // step * step
        right = min(width, -(-(self.left + self.width) // step) * step)
        bottom = min(height, -(-(self.top + self.height) // step) * step)
        return (left, top, right - 1, bottom - 1) if right > left and bottom > top else None


def clean(stream: BinaryIO) -> tuple[bytes, bytes, str]:
    """Return (picture, thumbnail, media type), both made anew from the pixels in ``stream``. Raises BrokenPicture.

    JPEG stays JPEG, everything else becomes PNG; of moving pictures the first frame is kept.
    """
    with _one_by_one:
        return _made_anew(stream)


def size_of(stream: BinaryIO) -> tuple[int, int]:
    """Width and height in points, read from the head of a picture of ours."""
    with Image.open(stream, formats=_FORMATS) as opened:
        return opened.size


def blank(stream: BinaryIO, boxes: Iterable[Box]) -> tuple[bytes, bytes, str]:
    """Like ``clean``, with these areas black. ``stream`` is a picture ``clean`` has made. Raises BrokenPicture.

    A JPEG is written in squares of eight points and smears at their edges, so there an area grows to whole squares and
    colours are kept at full size: black is black to the last point, and nothing of what was there shines through.
    """
    with _one_by_one:
        return _made_anew(stream, list(boxes))


def _made_anew(stream: BinaryIO, boxes: Iterable[Box] = ()) -> tuple[bytes, bytes, str]:
    try:
        picture, is_photo = _read(stream)
        brush = ImageDraw.Draw(picture)
        for box in boxes:
            if area := box.within(*picture.size, step=_SQUARE if is_photo else 1):
                brush.rectangle(area, fill=(0, 0, 0, 255) if picture.mode == "RGBA" else (0, 0, 0))
        write = (_jpeg_exact if boxes else _jpeg) if is_photo else _png
        return write(picture), write(_small(picture)), "image/jpeg" if is_photo else "image/png"
    except Image.DecompressionBombError as bomb:
        raise BrokenPicture(_("This picture has more than 40 million points. A screenshot is enough.")) from bomb
    except Exception as broken:  # A decoder of strangers' bytes may fail in any way.
        raise BrokenPicture(
            _("This picture cannot be read. Please save it again or take a new screenshot.")
        ) from broken


def _read(stream: BinaryIO) -> tuple[Image.Image, bool]:
    """The pixels upright, and whether they are a photo's."""
    with Image.open(stream, formats=_FORMATS) as opened:
        # Asked here, because Pillow only warns below twice the limit, and its warnings are not safe in threads.
        if opened.width * opened.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        is_photo = opened.format == "JPEG"
        ImageOps.exif_transpose(opened, in_place=True)
        picture = opened.convert("RGB" if is_photo else _mode(opened))
    picture.info.clear()
    return picture, is_photo


def _small(picture: Image.Image) -> Image.Image:
    share = min(1.0, THUMBNAIL[0] / picture.width, THUMBNAIL[1] / picture.height)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return picture.resize(size, reducing_gap=2.0)


def _mode(picture: Image.Image) -> str:
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    return "RGBA" if has_alpha else "RGB"


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _jpeg_exact(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88, subsampling=0)
    return out.getvalue()


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return out.getvalue()
