"""The whole status page as files in the data directory: for when the database cannot be reached, and for other hosts.

Written by the clock into a folder of its own and then named ``current`` in one step, so that nobody ever reads half of
it; only what changed is written, the rest is linked. ``as-of`` says until when it is known to be true: the clock looks
every minute, so an unchanged page is known to be true until the minute the database went away.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from makegood.doors.ui.status import pages
from makegood.doors.ui.status.files import Files, Writer, desk_zone
from makegood.doors.ui.status.pages import Reader
from makegood.life.statuspage import addresses

KEEP = 2
_CURRENT, _AS_OF, _MADE = "current", "as-of", re.compile(r"[0-9a-f]{32}")
_ASSET = re.compile(r'"/static/([^"?#]+)(?:\?v=[0-9a-f]+)?(#[^"]*)?"')
_writer = Writer()


@dataclass(frozen=True)
class Copied:
    """One file of the copy, and until when the copy is known to be true."""

    content: bytes
    as_of: datetime


def folder() -> Path:
    return Path(settings.DATA_DIR) / "status-page"


def write(now: datetime) -> bool:
    """Work of the clock: bring the copy up to date; whether anything had changed."""
    files, home = _writer.every(now), folder()
    home.mkdir(exist_ok=True)
    name = _digest(files)
    is_new = _current_name(home) != name
    if is_new:
        _write_version(home, name, files)
        _point_to(home, name)
        _forget_old(home, name)
    _put(home / _AS_OF, now.isoformat().encode())
    return is_new


def read(path: str) -> Copied | None:
    """The file of the copy at ``path`` (``de/index.html``), with the banner that says so; None if there is none."""
    home = folder()
    try:
        as_of = datetime.fromisoformat((home / _AS_OF).read_text())
        top = (home / _CURRENT).resolve(strict=True)
        content = _inside(top, path).read_bytes()
    except (OSError, ValueError):
        return None
    if path.endswith(".html"):
        reader = Reader(path.partition("/")[0], desk_zone())
        content = content.replace(pages.AS_OF.encode(), pages.as_of(as_of, reader).encode())
    return Copied(content, as_of)


def export(target: Path, now: datetime) -> int:
    """Write the whole page for another host into ``target``: links are relative, styles lie beside; how many files."""
    files = _writer.every(now)
    default = settings.LANGUAGE_CODE
    top = {path.removeprefix(f"{default}/"): text for path, text in files.items() if path.startswith(f"{default}/")}
    assets: set[str] = set()
    for path, text in {**top, **files}.items():
        code = path.partition("/")[0] if path in files else default
        _save(target / path, _standing_alone(path, text, code, now, assets) if path.endswith(".html") else text)
    for name in assets:
        found = finders.find(name)
        if isinstance(found, str):
            _save(target / "static" / name, Path(found).read_bytes())
    return len({**top, **files})


def _standing_alone(path: str, text: bytes, language: str, now: datetime, assets: set[str]) -> bytes:
    """A page whose links lead to its neighbours; what takes a server leads to ours."""
    up = "../" * path.count("/")
    html = text.decode().replace(pages.AS_OF, pages.as_of(now, Reader(language, desk_zone())))
    html = html.replace(f'"{addresses.PLACE}subscribe/', f'"{settings.BASE_URL}{addresses.PLACE}subscribe/')
    html = html.replace(f'"{addresses.PLACE}', f'"{up or "./"}')
    assets.update(match[1] for match in _ASSET.finditer(html))
    return _ASSET.sub(lambda match: f'"{up}static/{match[1]}{match[2] or ""}"', html).encode()


def _write_version(home: Path, name: str, files: Files) -> None:
    """Under another name first: a folder with its real name is whole."""
    before, begun = home / _CURRENT, home / f"{name}.new"
    shutil.rmtree(begun, ignore_errors=True)
    for path, content in files.items():
        target, old = begun / path, before / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if old.is_file() and old.read_bytes() == content:
            os.link(old, target)
        else:
            _save(target, content)
    shutil.rmtree(home / name, ignore_errors=True)
    begun.rename(home / name)


def _point_to(home: Path, name: str) -> None:
    link = home / f"{_CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(home / _CURRENT)


def _forget_old(home: Path, name: str) -> None:
    """Keep the one before: somebody may be reading it."""
    versions = [one for one in home.iterdir() if _MADE.fullmatch(one.name) and one.name != name]
    for one in sorted(versions, key=lambda path: path.stat().st_mtime)[: -KEEP + 1 or None]:
        shutil.rmtree(one, ignore_errors=True)


def _current_name(home: Path) -> str:
    link = home / _CURRENT
    return os.readlink(link) if link.is_symlink() and link.exists() else ""


def _digest(files: Files) -> str:
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return total.hexdigest()[:32]


def _inside(top: Path, path: str) -> Path:
    found = (top / path).resolve()
    if not found.is_relative_to(top):
        raise FileNotFoundError(path)
    return found


def _save(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put(target: Path, content: bytes) -> None:
    begun = target.with_suffix(".new")
    _save(begun, content)
    begun.replace(target)
