"""The page that searches everything: tabs, marks, addresses, sentences, and the box at the top of every page."""

from urllib.parse import quote

import pytest

from makegood.life.diagnosis import catalogue
from makegood.life.promises import book
from makegood.life.reports import conversation
from makegood.life.reports.models import Report
from makegood.life.updates import wording
from tests.again import again
from tests.life.case import file_report, work


@pytest.fixture
def report(cast, monday):
    return again(lambda: indexed(cast, monday), monday)


def indexed(cast, monday):
    book.install_defaults(monday)
    catalogue.install()
    wording.install(monday)
    report = file_report(cast, monday)
    conversation.say(report, "It says <b>Firefox</b> & white.", by=cast.ana.actor, at=monday)
    work(monday)
    return report


@pytest.fixture
def page(client, cast, report):
    client.force_login(cast.dora)
    return lambda text, path="": client.get(f"/console/search/{path}", {"q": text}).content.decode()


def test_hits_are_marked_and_whatever_people_wrote_is_only_text(page):
    shown = page("firefox")
    assert "It says &lt;b&gt;<mark>Firefox</mark>&lt;/b&gt; &amp; white." in shown
    assert "<b>Firefox" not in shown
    assert "<title>firefox – search" in page("firefox")
    assert "<script>" not in page("<script>alert(1)</script>")


def test_a_hit_leads_to_the_message_it_was_found_in(page, client, report):
    said = report.messages.get(body__contains="Firefox")
    address = f"/console/reports/{report.pk}/?at={said.key}#m-{said.key}"
    assert f'href="{address}"' in page("firefox")
    assert f'id="m-{said.key}"' in client.get(address).content.decode()


def test_a_message_far_back_is_on_the_page_one_is_led_to(page, client, cast, report, monday):
    said = report.messages.get(body__contains="Firefox")
    for n in range(160):
        conversation.note(report, f"Note {n}", by=cast.dora.actor, at=monday)
    plain = client.get(f"/console/reports/{report.pk}/").content.decode()
    assert f"m-{said.key}" not in plain
    assert f'id="m-{said.key}"' in client.get(f"/console/reports/{report.pk}/?at={said.key}").content.decode()


def test_the_tabs_look_in_one_place_and_count_what_is_there(page, report):
    assert f'href="/console/search/?q={quote("firefox in:messages")}'.replace("%20", "+") in page("firefox")
    counted = page("firefox in:messages", "tabs/")
    assert 'Reports <span class="count">1</span>' in counted
    assert 'People <span class="count">0</span>' in counted
    assert 'aria-current="page">Messages' in counted


def test_counts_stop_counting(page, monkeypatch, cast, monday):
    from makegood.life.searching import asking

    monkeypatch.setattr(asking, "COUNT_CAP", 2)
    for n in range(4):
        file_report(cast, monday, key=f"many-{n:04}")
    work(monday)
    assert 'Reports <span class="count">2+</span>' in page("claims", "tabs/")


def test_one_place_goes_on_page_by_page(page, client, cast, monday, monkeypatch):
    for n in range(30):
        file_report(cast, monday, key=f"many-{n:04}")
    work(monday)
    first = page("claims in:reports")
    assert first.count('class="row found"') == 25
    rest = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = client.get(f"/console/search/{rest}").content.decode()
    assert second.count('class="row found"') == 6
    assert 'rel="next"' not in second


def test_empty_it_teaches_and_finding_nothing_it_says_what_to_leave_out(page):
    assert "For example" in page("")
    nothing = page("firefox unicorn")
    assert "Nothing found" in nothing
    assert "Without unicorn" in nothing
    assert "Show them in the queue" in page("state:open")
    assert "Did you mean" in page("stat:open firefox")
    assert "no letter or digit" in page("***")


def test_nobody_reads_of_what_is_not_theirs(page, client, cast, report):
    Report.objects.filter(pk=report.pk).update(team=None, is_protected=True)
    for path in ("", "tabs/"):
        shown = page("firefox", path)
        assert f"/reports/{report.pk}/" not in shown
        assert "It says" not in shown
    assert 'Reports <span class="count">0</span>' in page("firefox", "tabs/")
    client.force_login(cast.eve)
    assert f"/reports/{report.pk}/" not in client.get("/console/search/?q=firefox").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "?q=%00",
        "?after=x&q=claims",
        "?after=99999999999999999999&q=claims",
        "?q=in:",
        "?q=in:messages",
        "?q=" + "a" * 3000,
    ],
)
def test_no_address_breaks_it(client, cast, report, address):
    client.force_login(cast.dora)
    assert client.get(f"/console/search/{address}").status_code == 200
    assert client.get(f"/console/search/tabs/{address}").status_code == 200


def test_the_box_is_on_every_page_and_keeps_what_was_asked(client, cast, page):
    client.force_login(cast.dora)
    assert 'action="/console/search/"' in client.get("/console/queue/").content.decode()
    assert 'value="firefox white"' in page("firefox white")


def test_the_palette_offers_to_search_everything(client, cast, report):
    client.force_login(cast.dora)
    found = client.get("/console/palette/?q=firefox").json()["results"]
    assert {"/console/search/?q=firefox"} <= {one["url"] for one in found}
