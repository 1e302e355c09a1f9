"""Articles as Markdown files, out and in: one file a language, many in a ZIP with the pictures they show.

A file begins with a head of ``name: value`` lines between ``---``, then the title, then a part under each heading. What
comes in from outside is work in progress for colleagues, whatever its head says.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.engine import files
from makegood.lib import markup
from makegood.lib.errors import Refusal
from makegood.life.knowledge import access, actions, pictures
from makegood.life.knowledge.models import Article, ArticlePicture, Wording
from makegood.life.people.models import Agent

HEADINGS = {"issue": "Issue", "environment": "Environment", "resolution": "Resolution", "cause": "Cause"}
MOST_FILES, MOST_BYTES, LONGEST_FILE = 2_000, 100_000_000, 400_000
_PART = {heading.lower(): name for name, heading in HEADINGS.items()}
_FOLDER = "pictures/"


class BadFile(Refusal):
    """The file cannot be read as articles; the sentence says which and why."""


@dataclass(frozen=True)
class Read:
    """One file as it was read."""

    name: str
    texts: dict[str, str]
    head: dict[str, str] = field(default_factory=dict)


@dataclass
class Outcome:
    """What an import did."""

    made: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0


def to_markdown(wording: Wording) -> str:
    """One wording as a file."""
    article = wording.article
    head = {
        "key": article.key,
        "language": wording.language,
        "confidence": article.confidence,
        "audience": article.audience,
        "category": article.category.slug if article.category else "",
        "search_words": "; ".join(wording.search_words.splitlines()),
    }
    lines = ["---", *(f"{name}: {value}" for name, value in head.items() if value), "---", "", f"# {wording.title}", ""]
    for name, heading in HEADINGS.items():
        if text := getattr(wording, name).strip():
            lines += [f"## {heading}", "", text, ""]
    return "\n".join(lines)


def packed(wordings: Iterable[Wording], stream: io.BufferedIOBase) -> int:
    """Many wordings as a ZIP, ``en/slug.md``, with their pictures; how many."""
    count, shown = 0, set[str]()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as pack:
        for wording in wordings:
            pack.writestr(f"{wording.language}/{wording.slug}.md", to_markdown(wording))
            shown |= {key for name in HEADINGS for key in markup.pictures(getattr(wording, name))}
            count += 1
        for picture in ArticlePicture.objects.filter(key__in=shown):
            ending = "png" if picture.media_type == "image/png" else "jpg"
            with files.open_file(picture.storage_key) as content:
                pack.writestr(f"{_FOLDER}{picture.key}.{ending}", content.read())
    return count


def read(text: str, name: str = "") -> Read:
    """A file as parts. Raises BadFile."""
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    head, body = _head(text)
    title, part, fenced = "", "issue", ""
    texts: dict[str, list[str]] = {one: [] for one in HEADINGS}
    for line in body.split("\n"):
        fence = re.match(r"\s{0,3}(`{3,}|~{3,})", line)
        if fence:
            fenced = "" if fenced and line.strip().startswith(fenced) else fenced or fence[1][:3]
        heading = "" if fenced else line.removeprefix("## ").strip().lower() if line.startswith("## ") else ""
        if not title and not fenced and line.startswith("# "):
            title = line[2:].strip()
        elif heading in _PART:
            part = _PART[heading]
        else:
            texts[part].append(line)
    if not title:
        raise BadFile(_("%(name)s has no title: a line that begins with “# ”.") % {"name": name or _("The file")})
    words = {one: "\n".join(lines).strip() for one, lines in texts.items()}
    search_words = "\n".join(filter(None, (one.strip() for one in head.get("search_words", "").split(";"))))
    return Read(name, {"title": title, "search_words": search_words, **words}, head)


def take_in(stream: io.BufferedIOBase, *, name: str, by: Agent, at: datetime, language: str = "en") -> Outcome:
    """A Markdown file or a ZIP of them: all or nothing. One whose key is known becomes a new version of it.

    Raises BadFile, NeedsWords, TooLong, NotAllowed, or what pictures refuse.
    """
    access.check(by, "article.import")
    outcome = Outcome()
    with transaction.atomic():
        if zipfile.is_zipfile(stream):
            stream.seek(0)
            with zipfile.ZipFile(stream) as pack:
                _take_pack(pack, outcome, by=by, at=at, language=language)
        else:
            stream.seek(0)
            _take_one(
                read(_decoded(stream.read(LONGEST_FILE + 1), name), name), outcome, by=by, at=at, language=language
            )
    return outcome


def _take_pack(pack: zipfile.ZipFile, outcome: Outcome, *, by: Agent, at: datetime, language: str) -> None:
    there = [one for one in pack.infolist() if not one.is_dir()]
    if len(there) > MOST_FILES or sum(one.file_size for one in there) > MOST_BYTES:
        raise BadFile(_("This archive is too large: at most %(n)d files and 100 MB unpacked.") % {"n": MOST_FILES})
    images = {one.filename.rsplit("/", 1)[-1].partition(".")[0]: one for one in there if _FOLDER in one.filename}
    found = False
    for one in sorted(there, key=lambda one: one.filename):
        if one.filename.lower().endswith(".md"):
            found = True
            name = one.filename.rsplit("/", 1)[-1]
            with pack.open(one) as content:
                text = _decoded(content.read(LONGEST_FILE + 1), name)
            folder = one.filename.split("/", 1)[0] if "/" in one.filename else ""
            told = read(text, name)
            article = _take_one(told, outcome, by=by, at=at, language=folder if len(folder) == 2 else language)
            _take_pictures(pack, images, article, told.texts, by=by, at=at)
    if not found:
        raise BadFile(_("There is no Markdown file (.md) in this archive."))


def _take_one(told: Read, outcome: Outcome, *, by: Agent, at: datetime, language: str) -> Article:
    spoken = told.head.get("language", "") or language
    article = Article.objects.filter(key=told.head.get("key", "")[:16]).first() if told.head.get("key") else None
    try:
        if article is None:
            article = actions.write(told.texts, by=by, at=at, language=spoken)
            outcome.made.append(told.texts["title"])
            return article
        wording = Wording.objects.filter(article=article, language=spoken).first()
        if wording is None:
            actions.translate(article, spoken, told.texts, by=by, at=at)
            outcome.changed.append(told.texts["title"])
        elif actions.edit(wording, told.texts, by=by, at=at, why=_("Imported.")):
            outcome.changed.append(told.texts["title"])
        else:
            outcome.same += 1
    except (actions.NeedsWords, actions.NoSuchLanguage) as no:
        raise BadFile(f"{told.name}: {no}") from no
    return article


def _take_pictures(
    pack: zipfile.ZipFile,
    images: dict[str, zipfile.ZipInfo],
    article: Article,
    texts: dict[str, str],
    *,
    by: Agent,
    at: datetime,
) -> None:
    """Pictures the text shows and the article does not have yet, under the keys the text names."""
    there = set(ArticlePicture.objects.filter(article=article).values_list("key", flat=True))
    for key in (key for name in HEADINGS for key in markup.pictures(texts[name])):
        if key in there or key not in images or ArticlePicture.objects.filter(key=key).exists():
            continue
        with pack.open(images[key]) as content:
            made = pictures.add(article, io.BytesIO(content.read()), name=images[key].filename, by=by, at=at)
        ArticlePicture.objects.filter(pk=made.pk).update(key=key[:16])
        there.add(key)


def _head(text: str) -> tuple[dict[str, str], str]:
    if not text.startswith("---\n"):
        return {}, text
    inside, closed, body = text[4:].partition("\n---")
    if not closed:
        return {}, text
    return dict(_pairs(inside.split("\n"))), body.partition("\n")[2]


def _pairs(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()[:2_000]


def _decoded(data: bytes, name: str) -> str:
    if len(data) > LONGEST_FILE:
        raise BadFile(_("%(name)s is too long for one article.") % {"name": name})
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(_("%(name)s is not text in UTF-8.") % {"name": name}) from None
