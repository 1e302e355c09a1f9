"""Help pages and articles in the form: found, read, voted on, offered; counted, and never what is not public."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client

from makegood.life.knowledge import actions, keeping, lifecycle, measures
from makegood.life.knowledge.models import Article, Use, Visit
from makegood.life.reports.models import Report
from tests.life.knowledge.shelf import ADDRESS, ADDRESS_DE, CLAIMS, shown, wording

pytestmark = pytest.mark.django_db
PAGE = "/help/en/how-do-i-change-my-address/"
MOVED = "I moved and my letters go to the old place, how do I change the address?"
DAY = timedelta(days=1)


@pytest.fixture
def article(cast, monday):
    return shown(cast, monday)


def kinds(**more):
    return sorted(Use.objects.filter(**more).values_list("kind", flat=True))


def test_search_finds_and_counts_and_an_article_reads_well(browser, article, settings):
    page = browser.get("/help/", {"q": "change my address"}).content.decode()
    assert "1 article fits" in page
    page = browser.get(PAGE)
    words = page.content.decode()
    assert "<strong>Profile</strong>" in words
    assert f'<link rel="canonical" href="{settings.BASE_URL}{PAGE}">' in words
    assert "Last looked at 16 November 2026" in words
    assert page["Cache-Control"] == "private, no-cache"
    assert kinds() == ["read", "searched"]
    assert Visit.objects.count() == 1


def test_nothing_found_offers_the_form_with_the_words(browser, article):
    page = browser.get("/help/", {"q": "zebra <b>"}).content.decode()
    assert "We found nothing for “zebra &lt;b&gt;”" in page
    answer = browser.post("/report/what/", {"what": "zebra <b>", "add": "1"})
    assert answer["Location"] == "/report/what/"
    assert "zebra &lt;b&gt;</textarea>" in browser.get("/report/what/").content.decode()
    assert Use.objects.get(kind="searched").found == 0


@pytest.mark.parametrize("helped", ["yes", "no"])
def test_one_vote_a_browser(browser, article, helped):
    for _time in range(3):
        browser.post(f"{PAGE}vote/", {"helped": helped})
    assert kinds() == ["helped" if helped == "yes" else "not_helped"]
    assert browser.get(f"{PAGE}vote/").status_code == 405
    assert ("Good to hear" in browser.get(PAGE).content.decode()) is (helped == "yes")


def test_looks_of_programs_and_prefetches_are_not_counted(browser, article):
    browser.head(PAGE)
    browser.get(PAGE, headers={"Sec-Purpose": "prefetch"})
    browser.get(
        PAGE, headers={"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
    )
    assert not Use.objects.exists()


def test_another_language_is_named_and_a_missing_one_is_said(browser, cast, monday, article):
    browser.cookies["django_language"] = "de"
    assert "not there in Deutsch" in browser.get(PAGE).content.decode()
    actions.translate(article, "de", ADDRESS_DE, by=cast.emil, at=monday)
    page = browser.get(PAGE).content.decode()
    assert 'hreflang="de" href="' in page
    assert "not there in Deutsch" not in page
    german = browser.get("/help/de/wie-aendere-ich-meine-adresse/")
    assert german["Content-Language"] == "de"
    assert '<html lang="de"' in german.content.decode()


def test_feed_and_map_are_whole_and_answer_304(browser, cast, monday, article):
    actions.translate(article, "de", ADDRESS_DE, by=cast.emil, at=monday)
    feed = browser.get("/help/feed/en.atom")
    assert len(ElementTree.fromstring(feed.content).findall("{http://www.w3.org/2005/Atom}entry")) == 1
    places = ElementTree.fromstring(browser.get("/sitemap.xml").content)
    assert len(list(places)) == 2
    assert browser.get("/help/feed/en.atom", headers={"If-None-Match": feed["ETag"]}).status_code == 304
    lifecycle.withdraw(article, by=cast.emil, at=monday + DAY)
    later = browser.get("/help/feed/en.atom", headers={"If-None-Match": feed["ETag"]})
    assert later.status_code == 200
    assert b"<entry>" not in later.content
    assert browser.get("/help/feed/xx.atom").status_code == 404


def test_what_is_not_public_is_not_there(browser, cast, monday, article):
    slug = wording(article).slug
    lifecycle.withdraw(article, by=cast.emil, at=monday)
    for address in (PAGE, f"/help/en/{slug}x/", "/help/xx/a/", "/help/pictures/nothing/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"{PAGE}vote/", {"helped": "yes"}).status_code == 404


def test_it_is_offered_while_one_types_and_without_scripts_on_the_next_page(browser, article):
    part = browser.post("/report/known/", {"what": MOVED}).content.decode()
    assert "This solved it" in part
    assert browser.post("/report/known/", {"what": "My hat is green."}).content.decode().strip() == ""
    browser.post("/report/what/", {"what": MOVED})
    page = browser.get("/report/kind/").content.decode()
    assert re.search(r'<button[^>]*name="helped"[^>]*form="said"', page)
    assert kinds() == ["shown"]


def test_this_solved_it_sends_nothing_and_keeps_the_words(browser, article):
    browser.post("/report/known/", {"what": MOVED})
    browser.post("/report/what/", {"what": MOVED})
    answer = browser.post("/report/what/", {"what": MOVED, "helped": f"solved:{article.key}"})
    assert "Good that it is solved" in browser.get(answer["Location"]).content.decode()
    assert not Report.objects.exists()
    assert MOVED in browser.get("/report/what/").content.decode()
    assert kinds(door="form") == ["helped", "shown"]
    assert Visit.objects.get().solved_at


def test_what_did_not_help_goes_away_and_the_form_goes_on(browser, article):
    browser.post("/report/what/", {"what": MOVED})
    assert browser.post("/report/kind/", {"helped": f"not:{article.key}"})["Location"] == "/report/kind/"
    assert "This solved it" not in browser.get("/report/kind/").content.decode()
    assert browser.post("/report/known/", {"what": MOVED}).content.decode().strip() == ""
    assert kinds(kind="not_helped") == ["not_helped"]


def test_a_made_up_key_says_nothing(browser, article):
    browser.post("/report/what/", {"what": MOVED, "helped": "solved:nothing"})
    assert kinds(kind="helped") == []


def test_a_report_that_was_avoided_is_counted_and_one_that_was_sent_is_not(browser, desk, article, clock, monday):
    browser.post("/report/known/", {"what": MOVED})
    other = Client(headers={"user-agent": "Mozilla/5.0 Firefox/140.0"})
    other.post("/report/known/", {"what": MOVED})
    other.post("/report/send/", {"what": MOVED, "email": "zoe@example.org", "key": "k" * 20})
    assert Report.objects.count() == 1
    with time_machine.travel(monday + 2 * DAY, tick=False):
        keeping.roll_up(monday + 2 * DAY)
    found = measures.of_period(monday - DAY, monday + 3 * DAY)
    assert (found.avoided.n, found.avoided.of) == (1, 2)


def test_a_page_costs_the_same_with_many_articles(browser, cast, monday, article, django_assert_max_num_queries):
    for number in range(12):
        shown(cast, monday, {**CLAIMS, "title": f"The claims page stays white {number}"})
        shown(cast, monday, {**ADDRESS, "title": f"How do I change my address {number}"})
    # A word that may go on is looked up in the index's vocabulary each time it is asked for.
    with django_assert_max_num_queries(36):
        assert browser.get("/help/", {"q": "change address"}).status_code == 200
    with django_assert_max_num_queries(36):
        assert browser.get(PAGE).status_code == 200


def test_pictures_are_those_of_public_articles_only(browser, cast, monday, article, tmp_path, settings):
    import io

    from makegood.life.knowledge import pictures
    from tests.life.knowledge.test_exchange import PNG

    settings.FILES_DIR = tmp_path
    made = pictures.add(article, io.BytesIO(PNG), name="a.png", by=cast.emil, at=monday)
    assert browser.get(f"/help/pictures/{made.key}/").status_code == 200
    Article.objects.filter(pk=article.pk).update(audience="internal")
    assert browser.get(f"/help/pictures/{made.key}/").status_code == 404
