"""Public news that is late or at risk is told to our people, as any promise; the reporter reads public words alone."""

from datetime import timedelta

import pytest

from makegood.life.beginning import begin
from makegood.life.escalation.models import Page
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Team
from makegood.life.problems import actions, membership, news, public, queries, states
from makegood.life.promises import about as about_promises
from makegood.life.promises import book, kinds
from makegood.life.promises import queries as promises
from makegood.life.promises.sweep import sweep
from makegood.life.reports.models import LedgerEntry
from tests.again import again
from tests.life.case import file_report, work

HOUR = timedelta(hours=1)
WORDS = {
    "public_titles": {"en": "Claims page", "de": "Leistungsseite"},
    "public_texts": {"en": "It shows an error."},
    "public_workarounds": {"en": "Use the app."},
}


@pytest.fixture
def fault(cast, monday):
    return again(lambda: publish(cast, monday), monday)


def publish(cast, monday):
    """A public problem of the platform, owned by Eve, with news in two hours."""
    book.install_defaults(monday - timedelta(days=1))
    begin(monday - timedelta(days=1))
    Team.objects.filter(pk=cast.platform.pk).update(manager=cast.ada)
    problem = actions.open_problem("INSIDE the pool is full", by=cast.eve.actor, at=monday, severity="high")
    actions.hand_to(problem, by=cast.emil.actor, at=monday, team=cast.platform, owner=cast.eve)
    actions.edit(problem, by=cast.emil.actor, at=monday, cause="INSIDE", workaround="INSIDE", **WORDS)
    news.publish(problem, by=cast.emil.actor, at=monday, next_news_at=monday + 2 * HOUR)
    return problem


def pages():
    return [(page.whom, page.name, page.about, page.report_id) for page in Page.objects.order_by("pk")]


def test_whoever_owns_it_is_warned_and_then_the_ladder_climbs(cast, fault, monday):
    sweep(monday + 1.8 * HOUR)
    work(monday + 1.8 * HOUR)
    assert pages() == [("", "Eve Eriksen", fault.about, None)]
    for at in (monday + 2.1 * HOUR, monday + 5 * HOUR):
        sweep(at)
        work(at)
        work(at)
    assert pages()[1:] == [("lead", "Emil Ek", fault.about, None), ("manager", "Ada Adeyemi", fault.about, None)]
    mails = [page.mail for page in Page.objects.order_by("pk")]
    assert all(fault.number in mail.subject for mail in mails)
    assert all(f"/console/problems/{fault.number}/" in mail.text for mail in mails)
    assert not any("INSIDE" in mail.text + mail.subject for mail in mails)
    assert LedgerEntry.objects.filter(kind="page.made", about=fault.about, report=None).count() == 2


def test_without_an_owner_the_lead_is_warned(cast, fault, monday):
    actions.hand_to(fault, by=cast.emil.actor, at=monday, team=cast.platform, owner=None)
    sweep(monday + 1.8 * HOUR)
    work(monday + 1.8 * HOUR)
    assert [name for _whom, name, *_rest in pages()] == ["Emil Ek"]


def test_the_promise_stands_among_those_at_risk_for_whoever_may_see_the_problem(cast, fault, monday):
    now = monday + 1.9 * HOUR
    for seeker, is_seen in ((cast.emil, True), (cast.dora, True), (cast.eve, True), (cast.fay, False)):
        found = promises.at_risk(seeker, now=now, besides=queries.promises_seen(seeker))
        assert fault.about in [promise.about for promise in found] or not is_seen
        assert is_seen or not found.exists()
    late = promises.broken_open(cast.dora, now=monday + 3 * HOUR, besides=queries.promises_seen(cast.dora))
    assert [promise.about for promise in late] == [fault.about]
    actions.protect(fault, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    late = promises.broken_open(cast.dora, now=monday + 3 * HOUR, besides=queries.promises_seen(cast.dora))
    assert not late.exists()
    assert fault.about not in [promise.about for promise in promises.broken_open(cast.emil, now=monday + 3 * HOUR)]


def test_a_merge_lets_the_promise_end_and_its_undoing_makes_it_again(cast, fault, monday):
    other = actions.open_problem("The same", by=cast.eve.actor, at=monday)
    membership.merge(fault, other, by=cast.emil.actor, at=monday + HOUR / 2)
    assert not promises.visible(cast.emil, queries.promises_seen(cast.emil)).filter(state="open").exists()
    membership.unmerge(fault, by=cast.emil.actor, at=monday + HOUR)
    assert (fault.is_public, fault.next_news_at) == (True, monday + 2 * HOUR)


@pytest.mark.parametrize(("members", "has_others", "others"), [(1, False, 0), (2, True, 0), (5, True, 0), (6, True, 5)])
def test_the_reporter_reads_public_words_and_no_small_numbers(cast, fault, monday, members, has_others, others):
    for n in range(members):
        report = file_report(cast, monday, key=f"many-{n:04}") if n == 0 else _of_another(monday, n)
        membership.join(fault, report, by=cast.dora.actor, at=monday)
    told = public.of_report(queries.every_member(fault).order_by("pk").first(), "de")
    assert (told.title, told.text, told.workaround) == ("Leistungsseite", "It shows an error.", "Use the app.")
    assert (told.has_others, told.others) == (has_others, others)
    assert told.step == "cause_found"
    assert "INSIDE" not in str(told)


def _of_another(at, n):
    told = Told("It fails.", f"key-of-another-{n:04}", email=f"somebody{n}@example.org")
    return intake.file(told, at=at).report


def test_nothing_is_told_of_a_problem_that_is_not_public(cast, fault, monday):
    report = file_report(cast, monday)
    membership.join(fault, report, by=cast.dora.actor, at=monday)
    assert public.of_report(report, "en") is not None
    actions.move(fault, states.RELEASED, by=cast.eve.actor, at=monday)
    assert public.of_report(report, "en").step == "fix_on_its_way"
    actions.protect(fault, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    assert public.of_report(report, "en") is None


def test_what_few_may_see_is_told_to_the_public_no_longer_and_owes_it_nothing(cast, fault, monday):
    actions.protect(fault, True, by=cast.emil.actor, at=monday + HOUR, reason="Names a member.")
    assert not fault.is_public
    assert fault.next_news_at is None
    assert not about_promises.pending(fault.about, kinds.PUBLIC_NEWS)
    happened = LedgerEntry.objects.filter(about=fault.about).order_by("pk").values_list("kind", flat=True)
    assert list(happened)[-3:] == ["problem.unpublished", "promise.withdrawn", "problem.protected"]
    actions.protect(fault, False, by=cast.emil.actor, at=monday + HOUR, reason="The name is gone.")
    assert not fault.is_public  # a person makes it public again
