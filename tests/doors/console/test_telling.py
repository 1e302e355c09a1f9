"""Telling everybody, as Emil does it: write, look, type the number, watch it go out."""

import csv
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from makegood.life.announcements import actions
from makegood.life.announcements.models import Announcement
from makegood.life.beginning import begin
from makegood.life.people.models import Contact
from makegood.life.problems import actions as problems
from makegood.life.problems.models import Problem
from makegood.life.promises import book
from makegood.life.reports.delivery import record_bounce
from makegood.life.reports.models import OutgoingMail, Report
from tests.again import STARTED, again
from tests.life.announcements.crowd import FIXED, NEWS, crowd, go_out, hit, news, open_problem


@pytest.fixture
def now():
    return STARTED


@pytest.fixture
def problem(cast, now):
    return again(lambda: of_three(cast, now), now)


def of_three(cast, now):
    book.install_defaults(now)
    begin(now)
    problem = open_problem(cast, now)
    crowd(problem, 3, now, by=cast.emil.actor)
    problem.refresh_from_db()
    return problem


@pytest.fixture
def enter(cast):
    def go(agent):
        client = Client()
        client.force_login(agent)
        return client

    return go


def write(client, problem, kind="news", texts=NEWS, **more):
    told = {"kind": kind, **{f"text-{code}": words for code, words in texts.items()}, **more}
    return client.post(reverse("console:problem_tell", args=[problem.number]), told)


def later(now, hours=8):
    return (now + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


def test_it_begins_with_the_scripts_and_says_how_many_read_each_language(problem, enter, cast):
    page = enter(cast.emil).get(reverse("console:problem_tell", args=[problem.number])).content.decode()
    assert "What is new: {{ news }}" in page
    assert "3 open reports belong to this problem" in page
    assert "(3 read it)" in page


def test_a_gap_is_said_beside_its_text_and_nothing_typed_is_lost(problem, enter, cast, now):
    answer = write(enter(cast.emil), problem, texts={"en": "What is new: {{ news }}"}, next_news=later(now))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="text-en-error"' in page
    assert "What is new: {{ news }}" in page
    assert Announcement.objects.get().texts == {"en": "What is new: {{ news }}"}


def test_from_the_words_to_the_last_reader(problem, enter, cast, now):
    client = enter(cast.emil)
    look = write(client, problem, next_news=later(now))["Location"]
    page = client.get(look).content.decode()
    assert "person0@members.example" in page
    assert "Hello Person2" in page
    wrong = client.post(look, {"count": "300"})
    assert wrong.status_code == 422
    assert "reaches 3 reports" in wrong.content.decode()
    assert client.post(look, {"count": "3"}).status_code == 302
    found = Announcement.objects.get()
    assert "about to begin" in client.get(look).content.decode().lower()
    client.post(reverse("console:announcement_act", args=[found.key, "begin"]))
    found.refresh_from_db()
    go_out(found, found.starts_at)
    page = client.get(look).content.decode()
    assert "3 of 3 told" in page
    assert "3 left, 0 waiting, 0 came back, 0 failed" in page
    assert "News" in client.get(reverse("console:problem", args=[problem.number])).content.decode()


def test_a_fix_without_tests_asks_for_a_reason(problem, enter, cast):
    client = enter(cast.emil)
    look = write(client, problem, kind="fixed", texts=FIXED)["Location"]
    assert "No release contains a fix yet." in client.get(look).content.decode()
    refused = client.post(look, {"count": "3"})
    assert refused.status_code == 422
    assert 'id="send-reason-error"' in refused.content.decode()
    assert client.post(look, {"count": "3", "reason": "Eve saw it."}).status_code == 302
    assert "Emil Ek: Eve saw it." in client.get(look).content.decode()


def test_a_trial_comes_to_oneself(problem, enter, cast, now):
    client = enter(cast.emil)
    write(client, problem, next_news=later(now))
    key = Announcement.objects.get().key
    client.post(reverse("console:announcement_act", args=[key, "trial"]), {"language": "de"})
    assert OutgoingMail.objects.get(purpose="announcement_test").to_email == cast.emil.email


def test_stopped_before_it_began_and_gone_on_after(problem, enter, cast, now):
    client = enter(cast.emil)
    look = write(client, problem, next_news=later(now))["Location"]
    client.post(look, {"count": "3"})
    key = Announcement.objects.get().key
    client.post(reverse("console:announcement_act", args=[key, "stop"]))
    assert "Tell those who have not been told" in client.get(look).content.decode()
    client.post(reverse("console:announcement_act", args=[key, "go-on"]))
    assert Announcement.objects.get().state == "queued"


def test_who_may_not_tell_sees_what_was_told_but_no_button(problem, enter, cast, now):
    draft = actions.save(problem, "news", NEWS, by=cast.emil, at=now, next_news_at=now + timedelta(hours=9))
    actions.send(draft, by=cast.emil, at=now)
    page = enter(cast.dora).get(reverse("console:announcement", args=[draft.key])).content.decode()
    assert "0 of 3 told" in page
    assert "Begin now" not in page
    page = enter(cast.dora).get(reverse("console:problem", args=[problem.number])).content.decode()
    assert "Told to everybody" in page
    assert reverse("console:problem_tell", args=[problem.number]) not in page
    assert write(enter(cast.eve), problem).status_code == 409
    problems.hand_to(problem, by=cast.emil.actor, at=now, team=cast.platform, owner=cast.eve)
    assert enter(cast.eve).get(reverse("console:problem_tell", args=[problem.number])).status_code == 200


def test_the_page_costs_the_same_for_many(problem, enter, cast, now, django_assert_max_num_queries):
    client = enter(cast.emil)
    look = write(client, problem, next_news=later(now))["Location"]
    for number in range(20):
        hit(problem, f"Late{number}", now, by=cast.emil.actor)
    client.post(look, {"count": "23"})
    found = Announcement.objects.get()
    go_out(found, found.starts_at)
    with django_assert_max_num_queries(25):
        assert "23 of 23 told" in client.get(look).content.decode()


def _listed(client, look, **asked):
    page = client.get(look, asked).content.decode()
    return re.findall(r"(person\d+@members\.example)", page[page.index('id="who"') : page.index('id="reads"')])


def test_everybody_is_shown_before_sending_page_by_page_by_way_and_language(
    problem, enter, cast, now, django_assert_max_num_queries
):
    crowd_of = range(3, 260)
    for number in crowd_of:
        hit(problem, f"Person{number}", now, by=cast.emil.actor, language="de" if number % 3 == 0 else "en")
    over = Report.objects.get(contact__email="person7@members.example")
    Report.objects.filter(pk=over.pk).update(state="solved")
    client = enter(cast.emil)
    look = write(client, problem, next_news=later(now))["Location"]
    with django_assert_max_num_queries(30):
        first = _listed(client, look)
    pages = [first, _listed(client, look, page=2), _listed(client, look, page=3)]
    assert [len(page) for page in pages] == [100, 100, 59]
    everybody = {address for page in pages for address in page}
    assert everybody == {f"person{n}@members.example" for n in range(260)} - {"person7@members.example"}
    page = client.get(look).content.decode()
    assert "1 solved already" in page
    assert "1 to 100 of 259" in page
    assert len(_listed(client, look, language="de")) == 86
    assert _listed(client, look, q="person211@") == ["person211@members.example"]
    assert over.number in client.get(look, {"way": "left"}).content.decode()
    assert _listed(client, look, way="page") == []


def test_the_list_is_taken_away_as_it_stands(problem, enter, cast, now):
    hit(problem, "=Sum", now, by=cast.emil.actor, email="sum@members.example", language="de")
    client = enter(cast.emil)
    write(client, problem, texts={"en": NEWS["en"]}, next_news=later(now))
    key = Announcement.objects.get().key
    answer = client.get(reverse("console:announcement_whom", args=[key]))
    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert lines[0] == ["report", "person", "email", "way", "language", "reads", "why"]
    assert len(lines) == 5
    assert lines[1][1:] == ["'=Sum", "sum@members.example", "mail", "de", "en", ""]
    only = client.get(reverse("console:announcement_whom", args=[key]), {"language": "de"})
    assert len(only.content.decode().splitlines()) == 2
    assert enter(cast.dora).get(reverse("console:announcement_whom", args=[key])).status_code in (403, 404)


def test_with_nobody_to_tell_nothing_can_be_written_or_sent(problem, enter, cast, now):
    client = enter(cast.emil)
    written = write(client, problem, next_news=later(now))
    Report.objects.update(state="solved")
    page = client.get(reverse("console:problem_tell", args=[problem.number])).content.decode()
    assert "There is nobody to tell" in page
    assert "3 solved already" in page
    assert reverse("console:problem_public", args=[problem.number]) in page
    assert "<textarea" not in page
    look = client.get(written["Location"]).content.decode()
    assert "There is nobody to tell" in look
    assert "Send it to all of them" not in look
    assert "Throw the draft away" in look


def test_a_word_to_everybody_counts_as_news_and_says_to_how_many(cast, enter, problem, now):
    def insight():
        found = enter(cast.emil).get(reverse("console:problem_insight"))
        return found.context["rows"][0]["told"], found.content.decode()

    assert insight()[0] is None
    go_out(news(problem, cast.emil, now), now)
    told, page = insight()
    assert (told.is_public, told.count) == (False, 3)
    assert "to 3 people" in page
    table = enter(cast.emil).get(reverse("console:problem_insight_table")).content.decode("utf-8-sig")
    assert next(iter(csv.DictReader(table.splitlines())))["last_news_to"] == "told"
    Problem.objects.update(last_news_at=told.at + timedelta(seconds=1))
    told, page = insight()
    assert told.is_public
    assert "in public" in page


def test_whoever_no_mail_reaches_is_named_before_and_after_with_the_number_to_call(problem, enter, cast, now):
    reached = list(Report.objects.filter(memberships__problem=problem).order_by("pk"))
    Contact.objects.filter(pk=reached[0].contact_id).update(email=None, phone="+49 30 555 0199")
    Contact.objects.filter(pk=reached[1].contact_id).update(mail_problem="550 no such user", phone="+49 30 555 0188")
    client = enter(cast.emil)
    look = write(client, problem, next_news=later(now))["Location"]
    page = client.get(look, {"way": "call"}).content.decode()
    who = page[page.index('id="who"') : page.index('id="reads"')]
    assert [one.number in who for one in reached] == [True, True, False]
    whom = re.search(r'name="whom" value="(\w+)"', page)[1]
    assert client.post(look, {"count": "3", "whom": "0" * 16}).status_code == 422
    client.post(look, {"count": "3", "whom": whom})
    go_out(Announcement.objects.get(), now + timedelta(minutes=10))
    mail = OutgoingMail.objects.get(purpose="announcement", to_email=reached[1].contact.email)
    record_bounce(mail, recipient="", reason="550 no such user", is_permanent=True, at=now + timedelta(minutes=12))
    assert "2 people are to be called" in client.get(look).content.decode()
    page = client.get(look, {"only": "call"}).content.decode()
    each = page[page.index('id="each"') : page.index('id="words"')]
    assert "tel:+49 30 555 0199" in each
    assert "tel:+49 30 555 0188" in each
    assert reached[2].number not in each
