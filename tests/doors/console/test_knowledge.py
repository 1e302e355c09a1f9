"""The knowledge base in the console: written from what there is, edited by two, compared, restored, linked, counted."""

import io

import pytest
from django.test import Client
from django.utils import timezone

from makegood.life.knowledge import actions, using
from makegood.life.knowledge.models import Article, ArticleDraft, ArticleLink, ArticlePicture, Settled
from makegood.life.problems import actions as problems
from makegood.life.reports.models import Draft
from tests.life.case import file_report, work
from tests.life.knowledge.shelf import ADDRESS, CLAIMS, shown, validated, wording, write
from tests.life.knowledge.test_exchange import PNG

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def sign_in(cast):
    def enter(name):
        client = Client()
        client.force_login(getattr(cast, name))
        return client

    return enter


@pytest.fixture
def dora(sign_in):
    return sign_in("dora")


@pytest.fixture
def emil(sign_in):
    return sign_in("emil")


def words(client, address, **asked):
    answer = client.get(address, asked)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_an_article_is_written_from_a_problem_and_from_a_search(dora, cast, now):
    problem = problems.open_problem(
        "The claims page answers 500", by=cast.emil.actor, at=now, workaround="Use the app."
    )
    page = words(dora, "/console/knowledge/new/", problem=problem.number)
    assert "Use the app." in page
    address = f"/console/knowledge/new/?problem={problem.number}"
    answer = dora.post(address, {"title": "Claims fail", "resolution": "Use the app.", "language": "en"})
    article = Article.objects.get()
    assert (article.problem, answer["Location"]) == (problem, f"/console/knowledge/{article.key}/?in=en")
    assert "Claims fail" in words(dora, f"/console/problems/{problem.number}/")
    using.searched("gym bonus", "en", door=using.HELP, found=0, at=now)
    assert "gym bonus" in words(dora, "/console/knowledge/searches/")
    dora.post("/console/knowledge/new/?words=gym+bonus&language=en", {"title": "Gym bonus", "language": "en"})
    assert Settled.objects.get().article.wordings.get().title == "Gym bonus"
    assert "gym bonus" not in words(dora, "/console/knowledge/searches/")


def test_from_a_report_it_is_linked_at_once(dora, cast, now):
    report = file_report(cast, now)
    dora.post(f"/console/knowledge/new/?report={report.pk}", {"title": "Claims fail", "language": "en"})
    link = ArticleLink.objects.get()
    assert (link.report, link.was_new) == (report, True)


@pytest.mark.parametrize("field", ["title", "issue"])
def test_too_many_words_are_refused_beside_their_field_and_kept(dora, field):
    told = {"title": "T", "language": "en", field: "ü" * 40_000}
    answer = dora.post("/console/knowledge/new/", told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#a-{field}"' in page
    assert "ü" * 40_000 in page


def test_who_saves_upon_an_older_version_sees_both(dora, cast, now):
    article = write(cast, now)
    actions.edit(wording(article), {**ADDRESS, "cause": "Eve says"}, by=cast.eve, at=now)
    address = f"/console/knowledge/{article.key}/en/edit/"
    answer = dora.post(address, {**ADDRESS, "cause": "Dora says", "version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Eve says" in page
    assert "Dora says" in page
    assert wording(article).cause == "Eve says"
    assert 'name="version" value="2"' in page
    assert dora.post(address, {**ADDRESS, "cause": "Both", "version": "2"}).status_code == 302


def test_what_is_typed_is_kept_and_comes_back(dora, cast, now):
    article = write(cast, now)
    dora.post(f"/console/knowledge/{article.key}/en/draft/", {**ADDRESS, "title": "Half a thou", "version": "1"})
    page = words(dora, f"/console/knowledge/{article.key}/en/edit/")
    assert "Half a thou" in page
    assert "your draft from last time" in page
    dora.post("/console/knowledge/draft/", {"title": "Not begun", "language": "en"})
    assert "Not begun" in words(dora, "/console/knowledge/new/")
    assert ArticleDraft.objects.count() == 2


def test_preview_shows_what_will_be_read(dora):
    page = dora.post("/console/knowledge/preview/", {"title": "T", "resolution": "**Bold** <script>"}).content.decode()
    assert "<strong>Bold</strong> &lt;script&gt;" in page


def test_versions_are_compared_and_restored(dora, cast, now):
    article = write(cast, now)
    actions.edit(wording(article), {**ADDRESS, "title": "How do I change my flat?"}, by=cast.eve, at=now)
    page = words(dora, f"/console/knowledge/{article.key}/en/versions/")
    assert "<del>address</del><ins>flat</ins>" in page
    dora.post(f"/console/knowledge/{article.key}/en/versions/1/restore/")
    assert wording(article).title == ADDRESS["title"]


def test_from_draft_to_public_and_back(dora, emil, sign_in, cast, now):
    article = write(cast, now, needs_reading=True)
    act = f"/console/knowledge/{article.key}/do/"
    assert dora.post(f"{act}settle/", {"confidence": "validated"}).status_code == 422
    sign_in("eve").post(f"{act}settle/", {"confidence": "validated"})
    refused = emil.post(f"{act}publish/")
    assert refused.status_code == 422
    assert 'href="#has-read"' in refused.content.decode()
    emil.post(f"{act}publish/", {"has_read": "1"})
    assert Article.objects.get().is_shown
    assert (
        dora.post(f"/console/knowledge/{article.key}/en/edit/", {**ADDRESS, "title": "x", "version": "1"}).status_code
        == 422
    )
    emil.post(f"{act}review/", {"release": "4.19"})
    dora.post(f"{act}flag/", {"words": "The menu is called Account now."})
    emil.post(f"{act}archive/")
    assert Article.objects.get().confidence == "archived"
    assert "The menu is called Account now." in words(emil, f"/console/knowledge/{article.key}/")
    assert emil.post(f"{act}nothing/").status_code == 404


def test_an_article_goes_into_the_reply_and_is_linked(dora, cast, now):
    article, report = shown(cast, now, {**ADDRESS, "resolution": "Dear {{ first_name }}, open **Profile**."}), None
    report = file_report(cast, now)
    address = f"/console/reports/{report.pk}/articles/{article.key}/"
    page = dora.post(address, {"do": "words", "body": "Hello,"}, headers=HX).content.decode()
    assert "Hello,\n\nDear Ana, open Profile.</textarea>" in page
    assert ArticleLink.objects.get().report == report
    page = dora.post(address, {"do": "address", "body": ""}, headers=HX).content.decode()
    assert "/help/en/how-do-i-change-my-address/</textarea>" in page
    script = "See {{ article }} or {{ article_link }}."
    page = dora.post(address, {"do": "words", "body": script}, headers=HX).content.decode()
    assert "See Dear Ana, open Profile. or http" in page
    dora.post(address, {"do": "unlink"}, headers=HX)
    assert not ArticleLink.objects.exists()


def test_without_scripts_the_words_wait_in_the_draft(dora, cast, now):
    article, report = shown(cast, now), file_report(cast, now)
    answer = dora.post(f"/console/reports/{report.pk}/articles/{article.key}/", {"do": "words"})
    assert answer["Location"] == f"/console/reports/{report.pk}/"
    assert "1. Open Profile." in Draft.objects.get().body


def test_who_may_not_reply_links_only(sign_in, cast, now):
    article, report = shown(cast, now), file_report(cast, now)
    type(report).objects.filter(pk=report.pk).update(assignee=cast.eve)
    page = sign_in("eve").post(f"/console/reports/{report.pk}/articles/{article.key}/", {"do": "words"}, headers=HX)
    assert "composer" not in page.content.decode()
    assert ArticleLink.objects.count() == 1


def test_it_is_offered_on_the_phone(dora, cast, now):
    shown(cast, now, CLAIMS)
    page = dora.post("/console/phone/articles/", {"what": "the claims page is white"}).content.decode()
    assert "Reload the page once." in page
    assert dora.post("/console/phone/articles/", {"what": "hat"}).content.decode().strip() == ""


def test_pictures_are_added_shown_and_only_pictures(dora, cast, now, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    article = write(cast, now)
    address = f"/console/knowledge/{article.key}/pictures/"
    picture = io.BytesIO(PNG)
    picture.name = "screen.png"
    dora.post(address, {"picture": picture})
    made = ArticlePicture.objects.get()
    assert dora.get(f"/console/knowledge/pictures/{made.key}/")["Content-Type"] == "image/png"
    text = io.BytesIO(b"hello, plain words")
    text.name = "a.txt"
    assert dora.post(address, {"picture": text}).status_code == 422
    assert dora.post(address).status_code == 422
    dora.post(f"/console/knowledge/pictures/{made.key}/remove/")
    assert not ArticlePicture.objects.exists()


def test_files_go_out_and_in(emil, cast, now):
    article = shown(cast, now)
    text = words(emil, f"/console/knowledge/{article.key}/en/article.md")
    assert text.startswith("---\nkey: ")
    upload = io.BytesIO(b"# From elsewhere\n\n## Resolution\n\nDo it.")
    upload.name = "x.md"
    page = emil.post("/console/knowledge/files/", {"file": upload, "language": "en"}).content.decode()
    assert "1 new, 0 changed" in page
    assert emil.post("/console/knowledge/files/").status_code == 422


def test_the_box_for_everything_finds_articles_for_who_works_here(dora, cast, now):
    validated(cast, now, CLAIMS)
    work(now)
    page = words(dora, "/console/search/", q="claims white in:articles")
    assert "stays <mark>white</mark>" in page


def test_a_list_costs_the_same_with_many(dora, cast, now, django_assert_max_num_queries):
    write(cast, now)
    words(dora, "/console/knowledge/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        words(dora, "/console/knowledge/")
    for number in range(20):
        write(cast, now, {**ADDRESS, "title": f"Number {number}"})
    with django_assert_max_num_queries(len(few)):
        words(dora, "/console/knowledge/")


def test_figures_are_shown_with_what_they_mean(dora, cast, now):
    page = words(dora, "/console/knowledge/worth/", days="7")
    assert "Reports avoided" in page
    assert "figure,from,until,n,of,percent" in words(dora, "/console/knowledge/worth/table/", days="90")
