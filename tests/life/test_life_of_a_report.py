"""The whole story once: reported, escalated, solved, not solved after all, solved, confirmed, followed up, closed.

And the other story: nobody acts, and every rung of the ladder is climbed.
"""

from datetime import timedelta

from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare import feedback, silence
from makegood.life.escalation import account, queries
from makegood.life.escalation import actions as escalations
from makegood.life.escalation.models import Page
from makegood.life.people.models import Agent
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import next_news
from makegood.life.promises.sweep import sweep
from makegood.life.reports import states
from makegood.life.reports.models import OutgoingMail
from makegood.life.updates import actions as updates
from makegood.life.updates import escalating
from tests.life.case import file_report, fresh, pending, put_on_duty, told, work

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def owes_news(report):
    return bool(Promise.objects.filter(report=report, state__in=Promise.PENDING, kind__in=kinds.NEWS).exists())


def test_from_the_first_word_to_the_last(cast, monday):
    put_on_duty(cast.platform, cast.eve)
    at = monday
    report = file_report(cast, at)
    work(at + timedelta(seconds=1))
    assert [message.script for message in told(report)] == ["acknowledgement"]
    assert next_news(report).kind == kinds.HEAR_BACK

    at += 20 * MINUTE
    updates.reply(report, "We are looking into it.", by=cast.dora.actor, at=at)
    assert fresh(report).state == states.INVESTIGATING

    at += 20 * MINUTE
    made = escalating.escalate_and_tell(report, "", by=cast.dora.actor, at=at, reason="It stops all claims.")
    work(at)
    assert Page.objects.get(promise__kind="accept").agent == cast.eve
    banner = account.banner(cast.dora, file_report(cast, at, key="ana-0002"), now=at)
    assert [(o.report, o.escalation) for o in banner.others] == [(report, made)]
    assert banner.others[0].promise.due_at == told(report)[-1].named_time

    at += 10 * MINUTE
    assert list(queries.queue(cast.eve)) == [made]
    escalations.accept(made, by=cast.eve.actor, at=at)
    escalations.answer(made, "The pool is full.", by=cast.eve.actor, at=at + HOUR, state="cause_found")

    at += 2 * HOUR
    aftercare.solve(
        report,
        by=cast.eve.actor,
        at=at,
        cause="The pool was full.",
        solution="The pool is larger.",
        words="The claims page works again. Please load it anew.",
    )
    work(at + MINUTE)
    assert fresh(report).state == states.SOLVED
    assert OutgoingMail.objects.filter(report=report, message=told(report)[-1], state="queued").exists()

    at += HOUR
    aftercare.confirm(report, "no", by=cast.ana.actor, at=at, said="Still error 500.")
    assert (report.state, report.severity, report.reopened_count) == (states.INVESTIGATING, "high", 1)
    assert told(report)[-1].script == "not-solved-sorry"
    assert owes_news(report)

    at += 20 * MINUTE
    aftercare.solve(report, by=cast.dora.actor, at=at, cause="A second pool.", solution="That one too.", words="Now.")
    aftercare.confirm(report, "yes", by=cast.ana.actor, at=at + HOUR)
    assert report.state == states.SOLVED
    assert pending(report) == [kinds.FOLLOW_UP]

    at += 2 * HOUR
    aftercare.follow_up(report, way="call", outcome="works", notes="All well.", by=cast.dora.actor, at=at)
    assert (report.state, report.close_reason) == (states.CLOSED, "confirmed")
    assert pending(report) == []
    feedback.rate(report, 5, by=cast.ana.actor, at=at)
    assert not Promise.objects.filter(report=report, broken_at__isnull=False).exists()
    kinds_seen = list(report.ledger.order_by("id").values_list("kind", flat=True))
    story = ["report.received", "escalation.made", "escalation.accepted", "escalation.answered", "report.solved"]
    story += ["report.reopened", "report.confirmed", "follow_up.done", "report.closed", "feedback.given"]
    positions = [kinds_seen.index(kind) for kind in story]
    assert positions == sorted(positions)


def test_every_message_to_ana_names_the_next_time_or_says_that_it_is_the_last(cast, monday):
    report = file_report(cast, monday)
    work(monday)
    aftercare.solve(report, by=cast.dora.actor, at=monday + MINUTE, cause="?", solution="Restarted.", words="It works.")
    aftercare.follow_up(report, way="call", outcome="no_answer", by=cast.dora.actor, at=monday + HOUR)
    for hour in range(24 * 20):
        now = monday + hour * HOUR
        sweep(now)
        silence.break_silence(now)
        work(now)
        assert owes_news(report) == fresh(report).is_open
    assert len(told(report)) == 5
    assert all(message.named_time or message.is_final for message in told(report))


def test_nobody_acts_and_every_rung_is_climbed_once(cast, monday):
    put_on_duty(cast.platform, cast.eve)
    erik = Agent.objects.create(email="erik@desk.example", name="Erik", role="engineer", created_at=monday)
    put_on_duty(cast.platform, erik, level=2)
    mona = Agent.objects.create(email="mona@desk.example", name="Mona", role="lead", created_at=monday)
    for team in (cast.platform, cast.desk):
        team.manager = mona
        team.save()
    report = file_report(cast, monday)
    escalating.escalate_and_tell(report, "", by=cast.dora.actor, at=monday, severity="critical")
    for minute in range(0, 6 * 60, 5):
        now = monday + minute * MINUTE
        for _again in range(2):
            sweep(now)
            work(now)
        assert owes_news(report)
    for kind in (kinds.ACCEPT, kinds.NEXT_UPDATE):
        climbed = [
            (entry.data["promise"], entry.data["rung"], entry.data["whom"])
            for entry in report.ledger.filter(kind="promise.rung_climbed", data__kind=kind).order_by("id")
        ]
        assert climbed
        assert len(climbed) == len(set(climbed))
    accept = Page.objects.filter(promise__kind=kinds.ACCEPT).exclude(whom="").order_by("id")
    assert [page.name for page in accept] == ["Eve Eriksen", "Erik", "Emil Ek", "Mona", "Ada Adeyemi"]
    assert "promise-broken" in [message.script for message in told(report)]
    assert next_news(report)
