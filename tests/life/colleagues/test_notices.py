"""Colleagues are told once, of what they may see, and by mail without the words."""

from datetime import timedelta

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.colleagues import handing, knowing, notices, watching
from makegood.life.colleagues.models import Notice
from makegood.life.escalation import actions as escalation
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Membership, Skill
from makegood.life.problems import actions as problems
from makegood.life.problems import membership, states
from makegood.life.reports import conversation
from makegood.life.reports.models import Category, OutgoingMail, Report
from tests.life.case import file_report, fresh, work

MINUTE = timedelta(minutes=1)


@pytest.fixture
def report(cast, monday):
    made = file_report(cast, monday)
    work(monday)
    return made


def told(*why):
    return sorted((notice.agent.name, notice.why) for notice in Notice.objects.select_related("agent"))


def note(report, words, cast, at, by=None):
    conversation.note(report, words, by=(by or cast.dora).actor, at=at)
    work(at)


def test_a_mention_tells_the_person_once_and_mails_no_word_of_it(cast, monday, report):
    note(report, "@emil-ek, the claim of Mrs Smith again?", cast, monday)
    work(monday)
    assert told() == [("Emil Ek", "mention")]
    mail = OutgoingMail.objects.get(purpose="notice")
    assert (mail.to_email, "Smith" in mail.text + mail.subject, report.number in mail.subject) == (
        cast.emil.email,
        False,
        True,
    )


def test_a_team_and_a_skill_call_everybody_of_it(cast, monday, report):
    skill = Skill.objects.create(slug="payments", name="Payments")
    cast.ada.skills.add(skill)
    note(report, "@desk and @payments, has anybody seen this?", cast, monday)
    assert told() == [("Ada Adeyemi", "mention"), ("Emil Ek", "mention")]
    assert set(Notice.objects.values_list("called", flat=True)) == {"desk", "payments"}


def test_nobody_is_told_of_what_they_may_not_see(cast, monday, report):
    assert notices.who_may_not_see("@eve-eriksen, do you know this?", report) == ["Eve Eriksen"]
    note(report, "@eve-eriksen, do you know this? @fay-fox too. @nobody-at-all", cast, monday)
    assert told() == []
    assert notices.called("@nobody-at-all").unknown == ("nobody-at-all",)


def test_handing_over_is_one_act(cast, monday, report):
    with pytest.raises(handing.CannotHandOver):
        handing.hand_over(report, by=cast.dora.actor, at=monday, agent=cast.emil, note=" ")
    with pytest.raises(handing.CannotHandOver):
        handing.hand_over(report, by=cast.dora.actor, at=monday, note="To nobody.")
    handing.hand_over(report, by=cast.dora.actor, at=monday, agent=cast.emil, note="Asked twice; promised news at 4.")
    work(monday)
    assert fresh(report).assignee_id == cast.emil.pk
    assert told() == [("Emil Ek", "handed")]
    assert report.messages.filter(is_internal=True).get().body == "Asked twice; promised news at 4."


def test_nothing_changes_when_it_cannot_be_handed_over(cast, monday, report):
    with pytest.raises(handing.CannotHandOver):
        handing.hand_over(report, by=cast.dora.actor, at=monday, agent=cast.fay, note="Please take it.")
    assert fresh(report).assignee_id is None
    assert not report.messages.filter(is_internal=True).exists()


def test_whoever_watches_hears_what_others_do(cast, monday, report):
    assert watching.watch(cast.dora, report, at=monday)
    assert not watching.watch(cast.dora, report, at=monday)
    aftercare.hear(report, "Any news?", by=cast.ana.actor, at=monday + MINUTE)
    work(monday + MINUTE)
    assert told() == [("Dora Dahl", "watched")]
    note(report, "A note is not news.", cast, monday + MINUTE, by=cast.emil)
    assert notices.unread(cast.dora) == 1
    assert notices.mark_read(cast.dora, at=monday + MINUTE, report=report) == 1
    watching.unwatch(cast.dora, report)
    aftercare.hear(report, "Hello?", by=cast.ana.actor, at=monday + 2 * MINUTE)
    work(monday + 2 * MINUTE)
    assert notices.unread(cast.dora) == 0


def test_whoever_watches_a_problem_hears_by_mail_that_it_came_back(cast, monday):
    problem = problems.open_problem("Uploads fail", by=cast.dora.actor, at=monday)
    watching.watch(cast.eve, problem, at=monday)
    for state in (states.RELEASED, states.WATCHING, states.CAME_BACK):
        problems.move(problem, state, by=cast.dora.actor, at=monday)
    work(monday)
    assert [notice.entry.kind for notice in Notice.objects.filter(agent=cast.eve).order_by("id")] == [
        "problem.state_changed",
        "problem.state_changed",
        "problem.came_back",
    ]
    assert OutgoingMail.objects.filter(purpose="notice", to_email=cast.eve.email).count() == 1


def test_whoever_watches_a_problem_follows_it_into_the_one_it_is_merged_into_and_back(cast, monday):
    one, other = (problems.open_problem(title, by=cast.dora.actor, at=monday) for title in ("Uploads", "Files"))
    watching.watch(cast.eve, one, at=monday)
    for deed in (
        lambda: membership.merge(one, other, by=cast.dora.actor, at=monday),
        lambda: problems.move(other, states.INVESTIGATING, by=cast.dora.actor, at=monday),
        lambda: membership.unmerge(one, by=cast.dora.actor, at=monday),
        lambda: problems.move(other, states.CAUSE_KNOWN, by=cast.dora.actor, at=monday),
    ):
        deed()
        work(monday)
    heard = Notice.objects.filter(agent=cast.eve).order_by("id").values_list("entry__kind", "problem")
    assert list(heard) == [
        ("problem.merged", one.pk),
        ("problem.state_changed", other.pk),
        ("problem.unmerged", one.pk),
    ]


def test_who_knows_this_names_those_who_solved_the_like(cast, monday, report):
    category = Category.objects.create(slug="uploads", names={"en": "Uploads"})
    other = file_report(cast, monday, key="ana-0002")
    Report.objects.filter(pk__in=[report.pk, other.pk]).update(category=category)
    assert knowing.who_knows(cast.dora, fresh(report), now=monday) == []
    aftercare.solve(other, by=cast.emil.actor, at=monday, cause="A full disk.", solution="Made room.")
    found = knowing.who_knows(cast.dora, fresh(report), now=monday + MINUTE)
    assert [(one.agent, one.count, one.reports) for one in found] == [(cast.emil, 1, (other.pk,))]
    assert knowing.who_knows(cast.emil, fresh(report), now=monday + MINUTE) == []
    Report.objects.filter(pk=other.pk).update(is_protected=True, team=cast.platform)
    assert knowing.who_knows(cast.dora, fresh(report), now=monday + MINUTE) == []


def test_a_technical_answer_counts_as_knowing(cast, monday, report):
    other = file_report(cast, monday, key="ana-0003")
    made = escalation.escalate(other, by=cast.dora.actor, at=monday, team=cast.platform, severity="high", reason="All.")
    escalation.accept(made, by=cast.eve.actor, at=monday)
    escalation.answer(made, "A full disk.", by=cast.eve.actor, at=monday)
    work(monday)
    found = knowing.who_knows(cast.dora, fresh(report), now=monday + MINUTE)
    assert [(one.agent, one.why) for one in found] == [(cast.eve, ("alike",))]


def test_members_of_the_same_problem_count_most_and_the_reason_is_said(
    cast, monday, report, django_assert_max_num_queries
):
    """What reads alike, or belongs to what reads alike, counts without any category."""
    sibling = intake.file(Told("Mein Konto ist leer.", "kin-00001", email="cem@example.org"), at=monday).report
    alike = intake.file(Told("The claims page shows an error.", "kin-00002", email="cem@example.org"), at=monday).report
    work(monday)
    problem = problems.open_problem("A pool too small", by=cast.emil.actor, at=monday)
    for one in (report, sibling):
        membership.join(problem, one, by=cast.emil.actor, at=monday)
    aftercare.solve(fresh(sibling), by=cast.emil.actor, at=monday, cause="A full disk.", solution="Made room.")
    aftercare.solve(fresh(alike), by=cast.ada.actor, at=monday, cause="A full disk.", solution="Made room.")
    work(monday)
    found = knowing.who_knows(cast.dora, fresh(report), now=monday + MINUTE)
    assert [(one.agent, one.why) for one in found] == [(cast.emil, ("problem",)), (cast.ada, ("alike",))]
    for number in range(6):
        told = Told(f"The claims page shows error {number}.", f"more-{number:05}", email="cem@example.org")
        membership.join(problem, intake.file(told, at=monday).report, by=cast.emil.actor, at=monday)
    work(monday)
    with django_assert_max_num_queries(24):
        knowing.who_knows(cast.dora, fresh(report), now=monday + MINUTE)


def test_everybody_who_can_be_called_is_offered(cast):
    Membership.objects.filter(agent=cast.fay).delete()
    offered = set(notices.people_to_call())
    assert ("eve-eriksen", "Eve Eriksen", "person") in offered
    assert ("platform", "Portal platform", "team") in offered
    assert not any(name == "Fay Fox" for _handle, name, _kind in offered)
