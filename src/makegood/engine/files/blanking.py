"""Areas of a kept picture made black for good: a new file without them. Whoever refers to the old one deletes it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from makegood.engine.files import pictures, storage
from makegood.engine.files.keeping import Kept
from makegood.engine.files.pictures import Box
from makegood.lib.errors import Refusal

MOST_BOXES = 30


class NothingToBlank(Refusal):
    """No area, too many, or none inside the picture."""


def size_of(key: str) -> tuple[int, int]:
    """Width and height of the kept picture ``key``. FileNotFoundError when its bytes are missing."""
    with storage.open_file(key) as stream:
        return pictures.size_of(stream)


def blank(key: str, boxes: Sequence[Box], *, name: str) -> Kept:
    """Draw the kept picture ``key`` anew with ``boxes`` black, and keep that under a key of its own.

    The old bytes stay until the caller has noted the new key. Raises NothingToBlank, NoSpace or BrokenPicture.
    """
    width, height = size_of(key)
    inside = [box for box in boxes if box.within(width, height, step=1)]
    if not inside:
        raise NothingToBlank(_("Mark at least one area inside the picture."))
    if len(inside) > MOST_BOXES:
        raise NothingToBlank(_("At most %(n)s areas at once.") % {"n": MOST_BOXES})
    with storage.open_file(key) as stream:
        picture, thumbnail, media_type = pictures.blank(stream, inside)
    stored = storage.store(io.BytesIO(picture), limit=len(picture))
    small = storage.store(io.BytesIO(thumbnail), limit=len(thumbnail))
    return Kept(stored.key, stored.size, stored.sha256, media_type, name, is_picture=True, thumbnail_key=small.key)
