"""Before anything leaves: who may, what must be written, whom it reaches, and what it will look like."""

from datetime import timedelta

import pytest

from makegood.life.announcements import access, actions, people, samples
from makegood.life.announcements.models import Announcement
from makegood.life.announcements.texts import BadText
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.reports import actions as reports
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.life.announcements.crowd import (
    FIXED,
    HOUR,
    NEWS,
    SECOND,
    carry,
    fixed,
    go_out,
    hit,
    mails_of,
    news,
    open_problem,
)
from tests.life.case import told, work

MINUTE = timedelta(minutes=1)


@pytest.fixture
def problem(cast, monday):
    return open_problem(cast, monday)


@pytest.fixture
def by(cast):
    return cast.emil


def test_a_gap_or_an_unknown_placeholder_cannot_be_sent(problem, by, monday):
    hit(problem, "Ana", monday, by=by.actor)
    for words in ("What is new: {{ news }}", "{{ shoe_size }}"):
        with pytest.raises(BadText):
            news(problem, by, monday, texts={"en": words})
    with pytest.raises(BadText):
        news(problem, by, monday, texts={"en": " "})
    assert not Announcement.objects.exclude(state="draft").exists()


def test_a_fix_without_evidence_takes_a_lead_and_a_reason(problem, cast, monday):
    hit(problem, "Ana", monday, by=cast.emil.actor)
    problems.hand_to(problem, by=cast.emil.actor, at=monday, team=cast.platform, owner=cast.eve)
    problem.refresh_from_db()
    with pytest.raises(actions.NeedsEvidence):
        fixed(problem, cast.emil, monday, reason=" ")
    with pytest.raises(actions.NeedsEvidence, match="lead"):
        fixed(problem, cast.eve, monday)
    announcement = fixed(problem, cast.emil, monday, reason="Eve saw it work.")
    assert (announcement.override_by, announcement.override_reason) == ("Emil Ek", "Eve saw it work.")
    entry = LedgerEntry.objects.get(kind="announcement.made")
    assert (entry.reason, entry.data["untested"]) == ("Eve saw it work.", True)


def test_cause_and_fix_are_written_down_before_the_fix_is_told(cast, monday):
    problem = open_problem(cast, monday, fix="")
    hit(problem, "Ana", monday, by=cast.emil.actor)
    with pytest.raises(actions.NeedsFix):
        fixed(problem, cast.emil, monday)


def test_news_without_a_next_time_or_with_one_too_near_is_refused(problem, by, monday):
    hit(problem, "Ana", monday, by=by.actor)
    for moment in (None, monday + 20 * MINUTE):
        draft = actions.save(problem, "news", NEWS, by=by, at=monday, next_news_at=moment)
        with pytest.raises(actions.NeedsTime):
            actions.send(draft, by=by, at=monday)


def test_who_may_tell_everybody(problem, cast, monday):
    hit(problem, "Ana", monday, by=cast.emil.actor)
    for agent in (cast.dora, cast.eve, cast.fay):
        with pytest.raises(access.NotYours):
            news(problem, agent, monday)
    problems.hand_to(problem, by=cast.emil.actor, at=monday, team=cast.platform, owner=cast.eve)
    problem.refresh_from_db()
    assert news(problem, cast.eve, monday).made_by == "Eve Eriksen"


def test_a_second_word_waits_for_the_first(problem, cast, monday):
    hit(problem, "Ana", monday, by=cast.emil.actor)
    news(problem, cast.emil, monday)
    with pytest.raises(actions.UnderWay):
        news(problem, cast.ada, monday)


def test_pressing_twice_sends_once(problem, by, monday):
    hit(problem, "Ana", monday, by=by.actor)
    first = news(problem, by, monday)
    assert actions.send(first, by=by, at=monday + SECOND) == first
    assert LedgerEntry.objects.filter(kind="announcement.made").count() == 1


def test_it_goes_to_exactly_as_many_as_were_looked_at(problem, by, monday):
    hit(problem, "Ana", monday, by=by.actor)
    with pytest.raises(actions.PeopleChanged):
        news(problem, by, monday, expected=2)
    assert news(problem, by, monday, expected=1).state == "queued"


def test_with_nobody_to_tell_nothing_is_sent(problem, by, monday):
    with pytest.raises(actions.NobodyToTell):
        news(problem, by, monday)


def test_the_count_is_full_and_the_list_shows_only_what_one_may_see(problem, cast, monday):
    report = hit(problem, "Ana", monday, by=cast.emil.actor)
    hit(problem, "Ben", monday, by=cast.emil.actor)
    reports.set_team(report, cast.platform, by=cast.emil.actor, at=monday)
    reports.protect(report, True, by=cast.emil.actor, at=monday, reason="A well-known person.")
    reached = people.reached(problem)
    seen = people.seen_by(cast.dora, reached)
    count = people.counted(reached, seen)
    assert (count.reports, count.mails, count.hidden, len(seen)) == (2, 2, 1, 1)
    assert len(people.seen_by(cast.emil, reached)) == 2
    announcement = news(problem, cast.emil, monday)
    go_out(announcement, monday)
    assert told(report)[-1].body.startswith("Hello Ana")
    assert access.visible_recipients(cast.dora, announcement).count() == 1


def test_a_draft_is_its_writers_and_what_is_told_of_a_protected_problem_its_peoples(problem, cast, monday):
    hit(problem, "Ana", monday, by=cast.emil.actor)
    draft = actions.save(problem, "news", NEWS, by=cast.emil, at=monday)
    with pytest.raises(NotFound):
        access.access_announcement(cast.ada, draft.key)
    sent = news(problem, cast.emil, monday)
    assert sent == draft
    assert access.access_announcement(cast.dora, sent.key) == sent
    problems.protect(problem, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    with pytest.raises(NotFound):
        access.access_announcement(cast.dora, sent.key)


def test_the_sample_is_the_mail_that_leaves(problem, by, monday):
    report = hit(problem, "Ana", monday, by=by.actor)
    draft = actions.save(problem, "news", NEWS, by=by, at=monday, next_news_at=monday + 8 * HOUR)
    reached = people.reached(problem)
    english, german = samples.samples(draft, reached, reached, by=by, at=monday)
    assert (english.readers, english.report, german.readers, german.report) == (1, report, 0, None)
    assert "Guten Tag Ana" in german.text
    announcement = actions.send(draft, by=by, at=monday)
    go_out(announcement, monday)
    mail = mails_of(announcement).get()
    link = mail.text.split("/r/")[1].split("/")[0]
    assert mail.text.replace(f"/r/{link}/", "/r/") == english.text
    assert mail.subject == english.subject


def test_a_language_without_a_text_reads_english(problem, by, monday):
    report = hit(problem, "Ben", monday, by=by.actor, language="de")
    draft = actions.save(problem, "news", {"en": NEWS["en"]}, by=by, at=monday, next_news_at=monday + 8 * HOUR)
    reached = people.reached(problem)
    german, _english = samples.samples(draft, reached, reached, by=by, at=monday)
    assert (german.language, german.reads, german.readers) == ("de", "en", 1)
    go_out(actions.send(draft, by=by, at=monday), monday)
    assert told(report)[-1].body.startswith("Hello Ben,\n\nwe found it.")


def test_a_trial_goes_to_whoever_asked_and_to_nobody_else(problem, by, monday):
    hit(problem, "Ana", monday, by=by.actor)
    work(monday)
    carry(monday)
    draft = actions.save(problem, "fixed", FIXED, by=by, at=monday)
    mail = samples.send_test(draft, "de", by=by, at=monday)
    assert (mail.to_email, mail.report, "Guten Tag Emil" in mail.text) == (by.email, None, True)
    assert OutgoingMail.objects.filter(state="queued").get() == mail


def test_as_many_but_others_than_were_looked_at_is_refused(problem, by, monday):
    ana = hit(problem, "Ana", monday, by=by.actor)
    seen = people.mark_of(people.reached(problem))
    membership.leave(ana, by=by.actor, at=monday)
    hit(problem, "Ben", monday, by=by.actor)
    with pytest.raises(actions.PeopleChanged, match="other people"):
        news(problem, by, monday, expected=1, whom=seen)
    assert news(problem, by, monday, expected=1, whom=people.mark_of(people.reached(problem))).state == "queued"
