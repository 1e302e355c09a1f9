"""An update reaches each subscriber it concerns exactly once, in the words it was told with, whatever dies."""

import random
from collections import Counter

import pytest
from django.db import transaction

from makegood.life.people.models import Agent
from makegood.life.problems import actions as problems
from makegood.life.problems import news
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from makegood.life.statuspage import maintenance, notices, sending, standing, updates
from makegood.life.statuspage.maintenance import Plan
from makegood.life.statuspage.models import Delivery, Notice, Subscriber, Update
from tests.length import examples
from tests.life.case import work
from tests.life.statuspage.page import DAY, HOUR, carry, furnish, open_problem, published, send_all, subscribed

pytestmark = pytest.mark.django_db


class Crash(Exception):
    """The worker died here."""


@pytest.fixture
def parts(cast, monday):
    return furnish(cast, monday - DAY)


def mails():
    return OutgoingMail.objects.filter(purpose="status").order_by("pk")


def readers_of(purpose="status"):
    return set(OutgoingMail.objects.filter(purpose=purpose).values_list("to_email", flat=True))


def many(count, at):
    Subscriber.objects.bulk_create(
        Subscriber(way="mail", email=f"reader{n}@readers.example", language="de" if n % 3 else "en", since=at)
        for n in range(count)
    )


def test_each_reads_it_in_their_language_and_zone(cast, monday, parts):
    subscribed(1, monday - HOUR, time_zone="America/New_York")
    subscribed(2, monday - HOUR, language="de")
    published(cast, monday)
    send_all(monday)
    english, german = mails()
    assert english.subject == "[Fairfield Health] Investigating: Signing in fails"
    assert "We write again by Monday 16 November, 05:00" in english.text
    assert german.subject == "[Fairfield Health] Wird untersucht: Anmeldung gestört"
    assert "Wir schreiben wieder bis Montag, 16. November, 11:00 Uhr" in german.text
    for mail in (english, german):
        assert mail.unsubscribe_url in mail.text
        assert mail.unsubscribe_url in mail.html
        assert len(mail.html) < 100_000
        for secret in ("SENTINEL", "PRB-", "Emil"):
            assert secret not in mail.text + mail.html + mail.subject


def test_whoever_chose_hears_only_of_what_they_chose(cast, monday, parts):
    at = monday - HOUR
    subscribed("-all", at)
    subscribed("-claims", at, components=[parts["claims"].key])
    subscribed("-sign-in", at, components=[parts["sign-in"].key])
    subscribed("-critical", at, least="critical")
    subscribed("-major", at, least="major", with_maintenance=False)
    subscribed("-later", monday + HOUR)
    published(cast, monday)
    send_all(monday)
    assert readers_of() == {f"reader-{name}@readers.example" for name in ("all", "sign-in", "major")}
    OutgoingMail.objects.all().delete()
    starts = monday + 2 * DAY
    plan = Plan({"en": "Upgrade"}, {"en": "Claims."}, starts, starts + HOUR, [parts["claims"].key])
    maintenance.plan(plan, by=cast.emil, at=monday)
    send_all(monday)
    assert readers_of() == {f"reader-{name}@readers.example" for name in ("all", "claims", "critical")}


def test_words_are_frozen_when_they_are_told(cast, monday, parts):
    many(30, monday - HOUR)
    problem, notice = published(cast, monday)
    update = notice.updates.get()
    for _slice in range(2):
        update.refresh_from_db()
        sending.run_slice({"update": update.pk, "turn": update.turn}, monday)
    problems.edit(
        problem, by=cast.emil.actor, at=monday, public_texts={"en": "Other words."}, public_titles={"en": "Other"}
    )
    send_all(monday)
    said = {mail.text.partition("\n\n-- ")[0] for mail in mails() if mail.language == "en"}
    assert len(said) == 1
    assert "Other" not in said.pop()


@pytest.mark.parametrize("seed", range(6))
def test_killed_anywhere_nobody_is_told_twice_or_left_out(cast, monday, parts, seed, monkeypatch):
    """Slices, some of which die before their transaction ends; old jobs that run again; repeated entries."""
    monkeypatch.setattr(sending, "GATHERED", 7)
    monkeypatch.setattr(sending, "SLICE", 5)
    chance, now = random.Random(seed), monday
    many(40, monday - HOUR)
    _problem, notice = published(cast, monday)
    update = notice.updates.get()
    for _step in range(400):
        update.refresh_from_db()
        if update.sends == Update.DONE:
            break
        turn = max(0, update.turn - chance.choice((0, 0, 0, 1)))
        try:
            with transaction.atomic():
                sending.run_slice({"update": update.pk, "turn": turn}, now)
                if chance.random() < 0.3:
                    raise Crash
        except Crash:
            pass
        carry(now)
    assert update.sends == Update.DONE
    got = Counter(mails().values_list("to_email", flat=True))
    assert len(got) == 40
    assert set(got.values()) == {1}
    assert Delivery.objects.filter(state=Delivery.MAILED).count() == 40


def test_a_thousand_go_in_slices_behind_nobody(cast, monday, parts):
    """No slice writes more than its share, and never more than a hundred wait in front of an acknowledgement."""
    count = examples(1000)
    many(count, monday - HOUR)
    published(cast, monday)
    update = Update.objects.get()
    now, most, slices = monday, 0, 0
    while update.sends != Update.DONE:
        before = mails().count()
        sending.run_slice({"update": update.pk, "turn": update.turn}, now)
        update.refresh_from_db()
        assert mails().count() - before <= sending.SLICE
        waiting = mails().filter(state="queued").count()
        most = max(most, waiting)
        if waiting >= sending.MOST_WAITING:
            carry(now)
        slices += 1
        assert slices < 2 * count
    assert most <= sending.MOST_WAITING + sending.SLICE
    assert mails().count() == Delivery.objects.filter(mail__isnull=False).count() == count


def test_what_becomes_of_each_is_counted(cast, monday, parts):
    for number in range(4):
        subscribed(number, monday - HOUR)
    _problem, notice = published(cast, monday)
    send_all(monday)
    first, second = mails()[:2]
    OutgoingMail.objects.filter(pk=first.pk).update(bounced_at=monday)
    OutgoingMail.objects.filter(pk=second.pk).update(state="failed")
    found = sending.counts(notice.updates.get())
    assert found == {"all": 4, "waiting": 0, "on_its_way": 0, "arrived": 2, "came_back": 1, "failed": 1, "left_out": 0}


def test_taken_back_while_it_goes_out_the_rest_is_not_told(cast, monday, parts):
    many(60, monday - HOUR)
    problem, notice = published_but_not_sent(cast, monday)
    update = notice.updates.get()
    for _slice in range(2):
        update.refresh_from_db()
        sending.run_slice({"update": update.pk, "turn": update.turn}, monday)
    assert mails().count() == sending.SLICE
    news.unpublish(problem, by=cast.emil.actor, at=monday, reason="A mistake.")
    send_all(monday)
    assert mails().count() == sending.SLICE
    assert set(mails().values_list("state", flat=True)) == {"withdrawn"}
    assert Delivery.objects.filter(state=Delivery.SKIPPED).count() == 60 - sending.SLICE


def published_but_not_sent(cast, monday):
    problem = open_problem(cast, monday)
    news.publish(problem, by=cast.emil.actor, at=monday, next_news_at=monday + HOUR)
    notices.follow(LedgerEntry.objects.get(kind="problem.published"), monday)
    return problem, Notice.objects.get()


def test_the_late_note_is_sent_too(cast, monday, parts):
    subscribed(1, monday - HOUR)
    _problem, notice = published(cast, monday)
    send_all(monday)
    updates.say(notice, notice.state, {"en": "We are late."}, by=Agent.objects.first().actor, at=monday, kind="late")
    work(monday)
    send_all(monday)
    assert mails().count() == 2
    assert standing.INVESTIGATING in mails()[1].subject.lower()
