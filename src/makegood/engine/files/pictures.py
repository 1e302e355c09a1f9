"""Pictures are decoded and encoded anew: what leaves here holds pixels only — no EXIF, no place, no tricks."""

from __future__ import annotations

import io
import threading
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from makegood.lib.errors import Refusal

MAX_PIXELS = 40_000_000
THUMBNAIL = (480, 360)
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# Forty million points take 160 MB as they are worked on: one at a time.
_one_by_one = threading.Lock()


class BrokenPicture(Refusal):
    """It says it is a picture, but cannot be read as one, or is far too large."""


def clean(stream: BinaryIO) -> tuple[bytes, bytes, str]:
    """Return (picture, thumbnail, media type), both made anew from the pixels in ``stream``. Raises BrokenPicture.

    JPEG stays JPEG, everything else becomes PNG; of moving pictures the first frame is kept.
    """
    with _one_by_one:
        return _made_anew(stream)


def _made_anew(stream: BinaryIO) -> tuple[bytes, bytes, str]:
    try:
        picture, is_photo = _read(stream)
        write = _jpeg if is_photo else _png
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


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return out.getvalue()
