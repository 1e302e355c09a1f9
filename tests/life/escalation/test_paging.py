"""Somebody is called, once, and somebody else if nobody is there."""

from datetime import timedelta

import pytest
from django.db import transaction

from makegood.channels import registry
from makegood.channels.base import SENT, later, never
from makegood.channels.mail.outbox import Outbox
from makegood.life.escalation import actions, paging
from makegood.life.escalation.models import Page
from makegood.life.people.models import Agent, Shift
from makegood.life.promises.sweep import sweep
from makegood.life.reports import sending
from makegood.life.reports.models import LedgerEntry, OutgoingMail
from tests.life.case import file_report, put_on_duty, work


@pytest.fixture
def made(report, cast, monday):
    return actions.escalate(report, by=cast.dora.actor, at=monday, severity="critical")


def killed_after(work):
    with transaction.atomic():
        work()
        raise KeyboardInterrupt


def called(report):
    return [(page.whom, page.name, page.channel) for page in Page.objects.filter(report=report).order_by("id")]


def test_whoever_is_on_duty_is_called_by_every_way_they_have(report, cast, monday):
    put_on_duty(cast.platform, cast.eve)
    Agent.objects.filter(pk=cast.eve.pk).update(page_webhook="https://pager.example/eve")
    actions.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    work(monday)
    first = [row for row in called(report) if row[0] == "duty"]
    assert first == [("duty", "Eve Eriksen", "mail"), ("duty", "Eve Eriksen", "webhook")]


def test_a_call_says_what_where_and_by_when_but_not_what_the_reporter_wrote(made, cast, monday):
    put_on_duty(cast.platform, cast.eve)
    work(monday)
    mail = OutgoingMail.objects.get(purpose="page")
    assert made.report.number in mail.subject
    assert "critical" in mail.subject
    assert "/console/" in mail.text
    assert "error 500" not in mail.subject + mail.text
    assert mail.report_id is None


def test_the_reaction_run_again_calls_nobody_twice(made, cast, monday):
    put_on_duty(cast.platform, cast.eve)
    entry = made.report.ledger.get(kind="escalation.made")
    for _again in range(3):
        paging.page_duty(entry, monday)
    assert called(made.report) == [("duty", "Eve Eriksen", "mail")]
    assert OutgoingMail.objects.filter(purpose="page").count() == 1
    assert made.report.ledger.filter(kind="page.made").count() == 1


def test_a_worker_killed_half_way_leaves_nothing_behind(made, cast, monday):
    put_on_duty(cast.platform, cast.eve)
    entry = made.report.ledger.get(kind="escalation.made")
    with pytest.raises(KeyboardInterrupt):
        killed_after(lambda: paging.page_duty(entry, monday))
    assert called(made.report) == []
    paging.page_duty(entry, monday)
    assert called(made.report) == [("duty", "Eve Eriksen", "mail")]


def test_nobody_on_call_is_itself_an_escalation(made, cast, monday):
    work(monday)
    assert called(made.report) == [("lead", "Emil Ek", "mail")]
    said = made.report.ledger.get(kind="page.nobody_there")
    assert (said.data["wanted"], said.data["whom"]) == ("duty", "lead")


def test_nobody_at_all_is_written_down(made, cast, monday):
    Agent.objects.update(is_active=False)
    work(monday)
    assert called(made.report) == []
    assert made.report.ledger.get(kind="page.nobody_there").data["whom"] == ""


def test_silence_climbs_every_rung_once(report, cast, monday):
    put_on_duty(cast.platform, cast.eve)
    erik = Agent.objects.create(email="erik@desk.example", name="Erik", role="engineer", created_at=monday)
    put_on_duty(cast.platform, erik, level=2)
    mona = Agent.objects.create(email="mona@desk.example", name="Mona", role="lead", created_at=monday)
    cast.platform.manager = mona
    cast.platform.save()
    made = actions.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    work(monday)
    for minute in range(32):
        now = monday + timedelta(minutes=minute)
        sweep(now)
        work(now)
    accept = [
        (page.whom, page.name)
        for page in Page.objects.filter(report=report, promise__kind="accept").order_by("id")
        if page.whom
    ]
    assert accept == [
        ("duty", "Eve Eriksen"),
        ("backup", "Erik"),
        ("lead", "Emil Ek"),
        ("manager", "Mona"),
        ("executive", "Ada Adeyemi"),
    ]
    assert made.state == "waiting"


def test_once_accepted_the_ladder_is_quiet(made, cast, monday):
    put_on_duty(cast.platform, cast.eve)
    actions.accept(made, by=cast.eve.actor, at=monday + timedelta(minutes=2))
    work(monday + timedelta(minutes=2))
    for minute in (5, 10, 20):
        sweep(monday + timedelta(minutes=minute))
        work(monday + timedelta(minutes=minute))
    assert not Page.objects.filter(promise__kind="accept").exists()


def test_a_one_off_shift_beats_the_weekly_one(made, cast, monday):
    put_on_duty(cast.platform, cast.eve)
    Shift.objects.create(
        team=cast.platform, agent=cast.ada, starts_at=monday - timedelta(1), until_at=monday + timedelta(1)
    )
    work(monday)
    assert called(made.report) == [("duty", "Ada Adeyemi", "mail")]


class Receiver:
    """Stands where the webhook stands; answers what it is told."""

    def __init__(self, *answers):
        self.answers, self.calls = list(answers), []

    def send(self, page, *, address, secret=""):
        self.calls.append((page.id, address))
        assert secret.startswith("whsec_")
        return self.answers.pop(0)


@pytest.mark.parametrize(
    ("answers", "state", "tries"),
    [((SENT,), "sent", 1), ((later("busy"), SENT), "sent", 2), ((never("gone"),), "failed", 1)],
)
def test_a_webhook_is_tried_until_it_is_sent_or_hopeless(made, cast, monday, monkeypatch, answers, state, tries):
    put_on_duty(cast.platform, cast.eve)
    Agent.objects.filter(pk=cast.eve.pk).update(page_webhook="https://pager.example/eve")
    receiver = Receiver(*answers)
    monkeypatch.setitem(registry.PAGERS, "webhook", receiver)
    for minute in range(3):
        work(monday + timedelta(minutes=minute))
    page = Page.objects.get(channel="webhook", whom="duty")
    assert (page.state, page.attempts) == (state, tries)
    assert len(set(receiver.calls)) == 1
    assert LedgerEntry.objects.filter(kind="page.failed").count() == (state == "failed")


def test_before_it_is_late_whoever_has_it_in_hand_gets_a_word(report, cast, monday):
    from makegood.life.reports.actions import assign

    assign(report, cast.dora, by=cast.dora.actor, at=monday)
    due = report.promises.get(kind="hear_back")
    sweep(due.at_risk_at)
    work(due.at_risk_at)
    work(due.at_risk_at)
    mail = OutgoingMail.objects.get(purpose="page")
    assert mail.to_email == cast.dora.email


def warned(report):
    return [(page.promise.kind, page.name) for page in Page.objects.filter(report=report, key__startswith="warn:")]


def test_nobody_has_taken_the_escalation_so_whoever_is_on_duty_there_is_warned_once(report, cast, monday):
    put_on_duty(cast.platform, cast.eve)
    actions.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    work(monday)
    soon = report.promises.get(kind="accept").at_risk_at
    sweep(soon)
    for _again in range(2):
        work(soon)
        sweep(soon)
    assert warned(report) == [("accept", "Eve Eriksen")]
    mails = OutgoingMail.objects.filter(purpose="page", key__startswith="page:warn:")
    assert [mail.to_email for mail in mails] == [cast.eve.email]


def test_with_nobody_on_duty_and_nobody_assigned_the_lead_is_warned(report, cast, monday):
    owed = report.promises.get(kind="hear_back")
    sweep(owed.at_risk_at)
    work(owed.at_risk_at)
    assert warned(report) == [("hear_back", cast.desk.lead.name)]


def test_somebody_assigned_who_has_left_is_not_warned_but_whoever_is_on_duty(report, cast, monday):
    from makegood.life.reports.actions import assign

    assign(report, cast.fay, by=cast.dora.actor, at=monday)
    Agent.objects.filter(pk=cast.fay.pk).update(is_active=False)
    put_on_duty(cast.desk, cast.dora)
    owed = report.promises.get(kind="hear_back")
    sweep(owed.at_risk_at)
    work(owed.at_risk_at)
    assert warned(report) == [("hear_back", "Dora Dahl")]


def test_killed_while_warning_the_next_run_warns_once_whoever_is_on_duty_by_then(report, cast, monday):
    put_on_duty(cast.desk, cast.dora)
    owed = report.promises.get(kind="hear_back")
    sweep(owed.at_risk_at)
    entry = report.ledger.get(kind="promise.at_risk")
    with pytest.raises(KeyboardInterrupt):
        killed_after(lambda: paging.warn(entry, owed.at_risk_at))
    assert warned(report) == []
    paging.warn(entry, owed.at_risk_at)
    Shift.objects.all().delete()
    put_on_duty(cast.desk, cast.emil)
    paging.warn(entry, owed.at_risk_at)
    assert warned(report) == [("hear_back", "Dora Dahl")]


def test_a_new_row_in_the_registry_is_a_way_people_are_called(report, cast, monday, monkeypatch):
    receiver = Receiver(SENT)
    monkeypatch.setitem(registry.PAGERS, "text", receiver)
    monkeypatch.setitem(registry.WAYS, "text", "phone")
    Agent.objects.filter(pk=cast.eve.pk).update(phone="+49 30 123")
    put_on_duty(cast.platform, cast.eve)
    actions.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    work(monday)
    assert called(report) == [("duty", "Eve Eriksen", "mail"), ("duty", "Eve Eriksen", "text")]
    assert [address for _id, address in receiver.calls] == ["+49 30 123"]


def test_every_pager_has_its_way_and_every_way_an_address(cast):
    assert set(registry.WAYS) == {registry.MAIL, *registry.PAGERS}
    assert all(hasattr(cast.eve, fact) for fact in registry.WAYS.values())


def test_calls_are_never_held_back_by_the_ceilings_for_mail(cast, monday, settings):
    settings.MAIL_PER_RECIPIENT = settings.MAIL_PER_HOUR = 2
    put_on_duty(cast.platform, cast.eve)
    for number in range(5):
        report = file_report(cast, monday, key=f"many-{number}")
        actions.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    work(monday)
    while sending.send_due(Outbox(), clock=lambda: monday):
        pass
    assert OutgoingMail.objects.filter(purpose="page", to_email=cast.eve.email, state="sent").count() == 5
