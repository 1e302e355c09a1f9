"""Articles of the knowledge base: found, written, vouched for, shown to reporters, tied to the reports they answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Query
from pydantic import BaseModel, Field

from makegood.doors.api import finding
from makegood.doors.api.area import Answer, Area, caller
from makegood.doors.api.fields import Flag, Reason, ReportNumber, Slug, Taken, text
from makegood.doors.api.paging import Listed, Paging, listed, walk
from makegood.doors.api.shapes import PersonRef, person
from makegood.life.knowledge import access, actions, lifecycle, linking, queries
from makegood.life.knowledge.models import Article, Version, Wording
from makegood.life.reports.access import NotFound

area = Area("Articles", "What is known once: find, write, vouch for and show articles; tie them to reports.")

ArticleNumber = Annotated[str, Field(max_length=24, description="`KB-12`, or the article's key.", examples=["KB-12"])]
Spoken = Annotated[str, Field(max_length=8, description="A language, such as `en`.", examples=["en"])]
Confidence = Literal["wip", "not_validated", "validated", "archived"]


class Wanted(Paging):
    confidence: Annotated[Literal["wip", "not_validated", "validated", "archived", ""], Field()] = ""
    audience: Annotated[Literal["internal", "public", ""], Field()] = ""


class Looked(BaseModel):
    """What to look for."""

    q: Annotated[str, Field(max_length=400, description="Words, or a whole sentence.")]
    language: Spoken = "en"


class WordsIn(Taken):
    """Markdown but for title and search words."""

    title: text(200, least=1)  # type: ignore[valid-type]
    issue: text(10_000) = ""  # type: ignore[valid-type]
    environment: text(4_000) = ""  # type: ignore[valid-type]
    resolution: text(30_000) = ""  # type: ignore[valid-type]
    cause: text(10_000) = ""  # type: ignore[valid-type]
    search_words: Annotated[text(1_000), Field(description="One a line.")] = ""  # type: ignore[valid-type]


class ArticleIn(WordsIn):
    language: Spoken = "en"
    category: Slug | None = None


class WordingIn(WordsIn):
    version: Annotated[
        int | None, Field(ge=0, le=1_000_000, description="The version you read; another one since is refused.")
    ] = None
    why: text(300) = ""  # type: ignore[valid-type]


class SettleIn(Taken):
    confidence: Confidence
    reason: Reason = ""


class PublishIn(Taken):
    has_read: Annotated[
        Flag, Field(description="A person has read it: nothing in it points to anybody. Asked for after drafting.")
    ] = False


class ReviewIn(Taken):
    release: Annotated[text(100), Field(description="What it was checked with.")] = ""  # type: ignore[valid-type]


class LinkIn(Taken):
    article: ArticleNumber


class RestoreIn(Taken):
    version: Annotated[int, Field(ge=1, le=1_000_000, strict=True, description="What it said then, it says again.")]


class VersionOut(BaseModel):
    """The words of one language as they once stood. Never changed."""

    version: int
    at: datetime
    by: str
    why: str
    title: str
    issue: str
    environment: str
    resolution: str
    cause: str
    search_words: str


class WordingOut(BaseModel):
    language: str
    slug: str
    title: str
    issue: str
    environment: str
    resolution: str
    cause: str
    search_words: str
    version: int
    of_version: Annotated[int, Field(description="Translations: the version of the original they say.")]
    changed_at: datetime
    changed_by: str
    public_url: Annotated[str, Field(description="Where reporters read it; empty if they cannot.")]


class ArticleRow(BaseModel):
    """An article as lists show it."""

    number: Annotated[str, Field(description="KB-n, the name people say.")]
    key: str
    confidence: str
    audience: str
    language: Annotated[str, Field(description="The one it was written in.")]
    category: str | None
    owner: PersonRef | None
    made_at: datetime
    changed_at: datetime
    reviewed_at: datetime | None
    review_at: Annotated[datetime | None, Field(description="When it is looked at again.")]
    archive_suggested: bool
    reads: int
    helped: int
    not_helped: int
    links: Annotated[int, Field(description="Reports it answers.")]
    url: Annotated[str, Field(description="Where colleagues look at it.")]


class ArticleOut(ArticleRow):
    """An article in every language it has."""

    wordings: list[WordingOut]


class FoundOut(BaseModel):
    """An article that fits, in the language asked for or the one there is."""

    article: str
    key: str
    language: str
    title: str
    confidence: str
    public_url: str


@area.get("/articles", scope="articles:read", action="article.view", ok=Listed[ArticleRow])
def list_articles(request: HttpRequest, wanted: Query[Wanted]) -> Any:
    """List articles, oldest first."""
    rows = access.visible_articles(caller(request).agent).select_related("category", "owner")
    rows = rows.filter(confidence=wanted.confidence) if wanted.confidence else rows
    rows = rows.filter(audience=wanted.audience) if wanted.audience else rows
    found, after = walk(request, rows, wanted)
    return listed(request, found, after, _row, ArticleRow)


@area.get("/articles/like", scope="articles:read", action="article.view", ok=Listed[FoundOut])
def find_articles(request: HttpRequest, wanted: Query[Looked]) -> Any:
    """Find articles that fit some words, best first, twenty at most; the archive is left alone."""
    found = linking.like(caller(request).agent, wanted.q, wanted.language, most=20)
    return listed(request, found, "", _found, FoundOut)


@area.post("/articles", scope="articles:write", action="article.write", ok=ArticleOut, status=201)
def write_article(request: HttpRequest, body: ArticleIn) -> Any:
    """Begin an article: work in progress, for colleagues only."""
    who = caller(request)
    category = finding.category(body.category) if body.category else None
    texts = body.model_dump(include=set(actions.LONGEST))
    made = actions.write(texts, by=who.agent, at=who.now, language=body.language, category=category)
    return Answer(_out(made), 201, {"Location": f"/api/v1/articles/{made.number}"})


@area.get("/articles/{article}", scope="articles:read", action="article.view", ok=ArticleOut, is_tagged=True)
def read_article(request: HttpRequest, article: ArticleNumber) -> Any:
    """Read an article in every language it has."""
    return _out(_of(request, article))


@area.post("/articles/{article}/words/{language}", scope="articles:write", action="article.write", ok=ArticleOut)
def word_article(request: HttpRequest, article: ArticleNumber, language: Spoken, body: WordingIn) -> Any:
    """Change the words of one language, or add it. The former version is kept."""
    one, who = _of(request, article), caller(request)
    texts = body.model_dump(include=set(actions.LONGEST))
    there = Wording.objects.filter(article=one, language=language).first()
    if there is None:
        actions.translate(one, language, texts, by=who.agent, at=who.now)
    else:
        actions.edit(there, texts, by=who.agent, at=who.now, expected=body.version, why=body.why)
    return _out(_of(request, article))


@area.get(
    "/articles/{article}/words/{language}/versions",
    scope="articles:read",
    action="article.view",
    ok=Listed[VersionOut],
)
def list_versions(request: HttpRequest, article: ArticleNumber, language: Spoken) -> Any:
    """List every version of the words of one language, newest first."""
    versions = queries.versions_of(_wording(request, article, language))
    return listed(request, versions, "", _version, VersionOut)


@area.post(
    "/articles/{article}/words/{language}/restore", scope="articles:write", action="article.write", ok=ArticleOut
)
def restore_version(request: HttpRequest, article: ArticleNumber, language: Spoken, body: RestoreIn) -> Any:
    """Let an article say again what a version said, as a new version."""
    who = caller(request)
    actions.restore(_wording(request, article, language), body.version, by=who.agent, at=who.now)
    return _out(_of(request, article))


@area.post("/articles/{article}/settle", scope="articles:write", action="article.write", ok=ArticleOut)
def settle_article(request: HttpRequest, article: ArticleNumber, body: SettleIn) -> Any:
    """Say how sure we are. To vouch for it takes an engineer or a lead."""
    one, who = _of(request, article), caller(request)
    lifecycle.settle(one, body.confidence, by=who.agent, at=who.now, reason=body.reason)
    return _out(_of(request, article))


@area.post("/articles/{article}/publish", scope="articles:write", action="article.publish", ok=ArticleOut)
def publish_article(request: HttpRequest, article: ArticleNumber, body: PublishIn) -> Any:
    """Show it to reporters. Only what is validated can be."""
    one, who = _of(request, article), caller(request)
    lifecycle.publish(one, by=who.agent, at=who.now, has_read=body.has_read)
    return _out(_of(request, article))


@area.post("/articles/{article}/withdraw", scope="articles:write", action="article.publish", ok=ArticleOut)
def withdraw_article(request: HttpRequest, article: ArticleNumber) -> Any:
    """Show it to colleagues only."""
    one, who = _of(request, article), caller(request)
    lifecycle.withdraw(one, by=who.agent, at=who.now)
    return _out(_of(request, article))


@area.post("/articles/{article}/review", scope="articles:write", action="article.write", ok=ArticleOut)
def review_article(request: HttpRequest, article: ArticleNumber, body: ReviewIn) -> Any:
    """Say that it was looked at and holds."""
    one, who = _of(request, article), caller(request)
    lifecycle.review(one, by=who.agent, at=who.now, release=body.release)
    return _out(_of(request, article))


@area.get("/reports/{number}/articles", scope="articles:read", action="article.view", ok=Listed[FoundOut])
def articles_of_report(request: HttpRequest, number: ReportNumber) -> Any:
    """List the articles that answer a report."""
    found = linking.linked_to(caller(request).agent, finding.report_of(request, number))
    return listed(request, found, "", _found, FoundOut)


@area.post("/reports/{number}/articles", scope="articles:write", action="article.link", ok=ArticleOut)
def link_article(request: HttpRequest, number: ReportNumber, body: LinkIn) -> Any:
    """Say that an article answers a report. Nothing is said to the reporter by it."""
    report, one, who = finding.report_of(request, number), _of(request, body.article), caller(request)
    linking.link(one, report, by=who.agent, at=who.now, door="api")
    return _out(_of(request, body.article))


def _of(request: HttpRequest, article: str) -> Article:
    return access.access_article(caller(request).agent, article)


def _wording(request: HttpRequest, article: str, language: str) -> Wording:
    found = Wording.objects.filter(article=_of(request, article), language=language).first()
    if found is None:
        raise NotFound(language)
    return found


def _version(one: Version) -> VersionOut:
    texts = {name: one.texts.get(name, "") for name in Wording.TEXTS}
    return VersionOut(version=one.number, at=one.at, by=one.by_name, why=one.why, **texts)


def _fields(article: Article) -> dict[str, Any]:
    named = ("number", "key", "confidence", "audience", "language", "made_at", "changed_at", "reviewed_at", "review_at")
    counted = ("archive_suggested", "reads", "helped", "not_helped", "links")
    return {name: getattr(article, name) for name in (*named, *counted)} | {
        "category": article.category.slug if article.category else None,
        "owner": person(article.owner),
        "url": f"{settings.BASE_URL}/console/articles/{article.number}/",
    }


def _row(article: Article) -> ArticleRow:
    return ArticleRow(**_fields(article))


def _out(article: Article) -> ArticleOut:
    names = (*Wording.TEXTS, "language", "slug", "version", "of_version", "changed_at", "changed_by")
    wordings = [
        WordingOut(**{name: getattr(one, name) for name in names}, public_url=linking.address(one))
        for one in queries.wordings_of(article)
    ]
    return ArticleOut(**_fields(article), wordings=wordings)


def _found(wording: Wording) -> FoundOut:
    article = wording.article
    return FoundOut(
        article=article.number,
        key=article.key,
        language=wording.language,
        title=wording.title,
        confidence=article.confidence,
        public_url=linking.address(wording),
    )
