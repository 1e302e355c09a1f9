"""Files of strangers: kept under random names, checked, served so that a browser never runs them.

Offers ``keep`` (sniff, clean, store; the way in for uploads) and ``keep_whole`` (any kind; for mails),
``blank`` (a picture drawn anew with areas black), ``store``/``open_file``/``delete`` (plain bytes),
``verify`` and ``sweep`` (upkeep),
``serving.download``/``serving.picture`` (the way out). A stored file never changes.
"""

from makegood.engine.files.blanking import Box, blank, size_of
from makegood.engine.files.keeping import Kept, forget, forget_keys, keep, keep_whole
from makegood.engine.files.storage import Stored, TooBig, delete, open_file, path_of, store, sweep, verify

__all__ = [
    "Box",
    "Kept",
    "Stored",
    "TooBig",
    "blank",
    "delete",
    "forget",
    "forget_keys",
    "keep",
    "keep_whole",
    "open_file",
    "path_of",
    "size_of",
    "store",
    "sweep",
    "verify",
]
