"""Addresses of built files that change when their content does, so that browsers may keep them for long."""

import hashlib
from functools import lru_cache

from django.contrib.staticfiles import finders
from django.templatetags.static import static


@lru_cache(maxsize=64)
def asset(path: str) -> str:
    """``console/console.css`` → ``/static/console/console.css?v=1f2e3d4c``. A missing file keeps its plain address."""
    found = finders.find(path)
    if not isinstance(found, str):
        return str(static(path))
    with open(found, "rb") as file:
        return f"{static(path)}?v={hashlib.file_digest(file, 'sha256').hexdigest()[:10]}"
