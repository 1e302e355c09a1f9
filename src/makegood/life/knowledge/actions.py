"""The verbs on the words of an article. Each: lock, check, change, keep the version, record; one transaction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.knowledge import access
from makegood.life.knowledge.models import Article, ArticleDraft, Version, Wording
from makegood.life.people.actors import Actor
from makegood.life.people.models import Agent
from makegood.life.reports import ledger
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry

# What each field may hold.
LONGEST = {
    "title": 200,
    "issue": 10_000,
    "environment": 4_000,
    "resolution": 30_000,
    "cause": 10_000,
    "search_words": 1_000,
}
LONGEST_NOTE = 5_000
_SLUG = 80


class NeedsWords(Refusal):
    """Something has to be written before this can be done; ``field`` says what."""

    def __init__(self, sentence: str, field: str = "title") -> None:
        super().__init__(sentence)
        self.field = field


class TooLong(NeedsWords):
    """More words than there is room for: ``longest`` letters at ``field``."""

    def __init__(self, longest: int, field: str) -> None:
        room = {"n": number_format(longest, force_grouping=True)}
        super().__init__(_("Please keep this under %(n)s characters.") % room, field)


class Conflict(Refusal):
    """Somebody else changed these words meanwhile."""


class NoSuchLanguage(Refusal):
    """The product does not speak it."""


class AlreadyThere(Refusal):
    """There is a wording in that language."""


def write(texts: Mapping[str, str], *, by: Agent, at: datetime, language: str = "en", **facts: Any) -> Article:
    """Begin an article: work in progress, for colleagues only. ``facts``: category, problem, report, note,
    needs_reading. Raises NeedsWords, TooLong, NoSuchLanguage."""
    access.check(by, "article.write")
    words = checked(texts)
    with transaction.atomic():
        article = Article.objects.create(
            language=_language(language), owner=by, made_at=at, made_by=by.name, changed_at=at, **facts
        )
        _add(article, words, language=article.language, by=by, at=at, of_version=0)
        data = {"title": words["title"], "language": article.language}
        data |= {"problem": article.problem.number} if article.problem else {}
        record(article, "article.written", by=by.actor, at=at, data=data)
        forget_draft(by, None, article.language)
    return article


def edit(
    wording: Wording,
    texts: Mapping[str, str],
    *,
    by: Agent,
    at: datetime,
    expected: int | None = None,
    why: str = "",
    is_current: bool = True,
) -> Version | None:
    """Put ``texts`` in place of what is there; the former version stays. None if nothing changed.

    ``expected``: the version the person was looking at. ``is_current``: a translation says what the original says now.
    Raises Conflict, NeedsWords, TooLong, NotAllowed for words that reporters read.
    """
    words = checked(texts)
    with transaction.atomic():
        article = access.lock(wording.article_id)
        access.check(by, "article.publish" if article.is_shown else "article.write")
        fresh = Wording.objects.select_for_update().get(pk=wording.pk)
        if expected is not None and fresh.version != expected:
            raise Conflict(_("Somebody changed these words meanwhile. Look at what is new, then decide again."))
        of_version = _version_of_original(article) if is_current and is_translation(fresh) else fresh.of_version
        changed = sorted(name for name, value in words.items() if getattr(fresh, name) != value)
        if not changed and of_version == fresh.of_version:
            return None
        slug = fresh.slug if article.published_at else _free_slug(words["title"], fresh.language, besides=fresh.pk)
        _put(fresh, **words, slug=slug, version=fresh.version + 1, of_version=of_version)
        Wording.objects.filter(pk=fresh.pk).update(changed_at=at, changed_by=by.name)
        kept = _keep(fresh, by=by, at=at, why=why)
        touch(article, at)
        data = {"language": fresh.language, "version": fresh.version, "fields": changed}
        record(article, "article.edited", by=by.actor, at=at, data=data, reason=why.strip()[:300])
        forget_draft(by, article, fresh.language)
    wording.refresh_from_db()
    return kept


def translate(article: Article, language: str, texts: Mapping[str, str], *, by: Agent, at: datetime) -> Wording:
    """Add a language. Raises AlreadyThere, NoSuchLanguage, NeedsWords, TooLong, NotAllowed."""
    words = checked(texts)
    with transaction.atomic():
        fresh = access.lock(article.pk)
        access.check(by, "article.publish" if fresh.is_shown else "article.write")
        if Wording.objects.filter(article=fresh, language=_language(language)).exists():
            raise AlreadyThere(_("This language is there already."))
        wording = _add(fresh, words, language=language, by=by, at=at, of_version=_version_of_original(fresh))
        touch(fresh, at)
        data = {"language": language, "title": words["title"]}
        record(fresh, "article.translated", by=by.actor, at=at, data=data)
        forget_draft(by, fresh, language)
    return wording


def restore(wording: Wording, number: int, *, by: Agent, at: datetime) -> Version | None:
    """Let it say again what version ``number`` said, as a new version. Raises NotFound, NotAllowed."""
    old = Version.objects.filter(wording=wording, number=number).first()
    if old is None:
        raise NotFound(str(number))
    why = _("Version %d again.") % number
    return edit(wording, old.texts, by=by, at=at, why=why, is_current=False)


def set_facts(article: Article, *, by: Agent, at: datetime, **facts: Any) -> None:
    """Set category, owner, note or checked_release. Raises TooLong."""
    unknown = set(facts) - {"category", "owner", "note", "checked_release"}
    if unknown:
        raise TypeError(f"An article has no {', '.join(sorted(unknown))} to set.")
    access.check(by, "article.write")
    if len(facts.get("note", "")) > LONGEST_NOTE:
        raise TooLong(LONGEST_NOTE, "note")
    if len(facts.get("checked_release", "")) > 100:
        raise TooLong(100, "checked_release")
    with transaction.atomic():
        fresh = access.lock(article.pk)
        changed = {name: value for name, value in facts.items() if getattr(fresh, name) != value}
        if changed:
            Article.objects.filter(pk=fresh.pk).update(**changed, changed_at=at)
            record(fresh, "article.edited", by=by.actor, at=at, data={"fields": sorted(changed)})
    article.refresh_from_db()


def save_draft(
    agent: Agent, article: Article | None, language: str, texts: Mapping[str, str], *, at: datetime, of_version: int = 0
) -> None:
    """Keep what ``agent`` is typing; too long words too, so that they can be shortened."""
    kept = {name: str(texts.get(name, ""))[: 2 * longest] for name, longest in LONGEST.items()}
    fields = {"texts": kept, "at": at, "of_version": of_version}
    with transaction.atomic():
        draft, is_new = ArticleDraft.objects.get_or_create(
            agent=agent, article=article, language=_language(language), defaults=fields
        )
        if not is_new:
            ArticleDraft.objects.filter(pk=draft.pk).update(**fields)


def draft_of(agent: Agent, article: Article | None, language: str) -> ArticleDraft | None:
    """What ``agent`` typed and has not saved."""
    return ArticleDraft.objects.filter(agent=agent, article=article, language=language).first()


def forget_draft(agent: Agent, article: Article | None, language: str) -> None:
    ArticleDraft.objects.filter(agent=agent, article=article, language=language).delete()


def checked(texts: Mapping[str, str]) -> dict[str, str]:
    """The words as they may be kept. Raises NeedsWords, TooLong."""
    words = {name: str(texts.get(name, "")).replace("\r\n", "\n").replace("\x00", "").strip() for name in LONGEST}
    words["title"] = " ".join(words["title"].split())
    if not words["title"]:
        raise NeedsWords(_("Give it a title: what people would ask or see."), "title")
    for name, longest in LONGEST.items():
        if len(words[name]) > longest:
            raise TooLong(longest, name)
    return words


def touch(article: Article, at: datetime) -> None:
    Article.objects.filter(pk=article.pk).update(changed_at=at)
    article.changed_at = at


def record(article: Article, kind: str, *, by: Actor, at: datetime, **more: Any) -> LedgerEntry:
    """Write a ledger entry about an article. ``more``: as for ``ledger.record``; ``report`` for a report it answers."""
    report = more.pop("report", None)
    data = {"article": article.pk, "number": article.number, **more.pop("data", {})}
    return ledger.record(report, kind, by=by, at=at, data=data, about=article.about, **more)


def is_translation(wording: Wording) -> bool:
    """Whether ``wording`` is a translation of another one."""
    return wording.language != wording.article.language


def slug_of(title: str) -> str:
    """A title as a part of an address: "Zugang geändert?" → "zugang-geaendert"."""
    spelled = title.lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        spelled = spelled.replace(letter, letters)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    found = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return found[:_SLUG].rsplit("-", 1)[0] if len(found) > _SLUG else found


def _add(
    article: Article, words: dict[str, str], *, language: str, by: Agent, at: datetime, of_version: int
) -> Wording:
    wording = Wording.objects.create(
        article=article,
        language=language,
        slug=_free_slug(words["title"], language),
        of_version=of_version,
        changed_at=at,
        changed_by=by.name,
        **words,
    )
    _keep(wording, by=by, at=at)
    return wording


def _keep(wording: Wording, *, by: Agent, at: datetime, why: str = "") -> Version:
    texts = {name: getattr(wording, name) for name in LONGEST}
    return Version.objects.create(
        wording=wording, number=wording.version, texts=texts, why=why.strip()[:300], by_name=by.name, at=at
    )


def _put(wording: Wording, **fields: Any) -> None:
    Wording.objects.filter(pk=wording.pk).update(**fields)
    for name, value in fields.items():
        setattr(wording, name, value)


def _free_slug(title: str, language: str, *, besides: int = 0) -> str:
    """A slug nobody has in that language; the second of the same title gets a number."""
    stem = slug_of(title) or "article"
    taken = set(
        Wording.objects.filter(language=language, slug__startswith=stem)
        .exclude(pk=besides)
        .values_list("slug", flat=True)
    )
    return next(slug for n in range(1, len(taken) + 2) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)


def _version_of_original(article: Article) -> int:
    found = Wording.objects.filter(article=article, language=article.language).values_list("version", flat=True)
    return found.first() or 0


def _language(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise NoSuchLanguage(_("There is no such language here."))
    return language
