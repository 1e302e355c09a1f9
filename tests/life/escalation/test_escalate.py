"""One action hands a report to those who can repair it."""

import hashlib
import json
import re
from datetime import timedelta

import pytest

from makegood.life.escalation import actions, handover, queries
from makegood.life.escalation.models import Escalation
from makegood.life.people.models import Team
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise
from makegood.life.promises.queries import promised_time
from makegood.life.reports import access, states
from makegood.life.reports.models import Category, Component, Report
from makegood.life.updates import escalating
from makegood.life.updates.actions import TimesDisagree
from tests.life.case import fresh, pending, told, work

WHY = "It stops everybody from claiming."


def test_it_goes_to_the_only_technical_team_and_promises_everything(report, cast, monday):
    made = actions.escalate(report, by=cast.dora.actor, at=monday, reason=WHY)
    assert made.team == cast.platform
    assert made.state == Escalation.WAITING
    assert pending(report, kinds.ACCEPT, kinds.FIRST_ANSWER) == [kinds.ACCEPT, kinds.FIRST_ANSWER]
    now = fresh(report)
    assert (now.is_escalated, now.technical_team, now.team) == (True, cast.platform, cast.desk)
    assert now.state == states.INVESTIGATING


def test_engineers_see_what_reached_their_team(report, cast, monday):
    with pytest.raises(access.NotFound):
        access.access_report(cast.eve, report.number)
    actions.escalate(report, by=cast.dora.actor, at=monday, reason=WHY)
    assert access.access_report(cast.eve, report.number) == report


def test_the_component_decides_before_the_category(report, cast, monday):
    login = Team.objects.create(slug="login", name="Login", is_technical=True)
    search = Team.objects.create(slug="search", name="Search", is_technical=True)
    Report.objects.filter(pk=report.pk).update(category=Category.objects.create(slug="x", default_team=login))
    assert handover.team_for(fresh(report)) == login
    component = Component.objects.create(slug="index", name="Index", team=search)
    assert handover.team_for(fresh(report), component) == search


def test_without_an_owner_it_asks_for_the_team(report, cast, monday):
    Team.objects.create(slug="second", name="Second", is_technical=True)
    with pytest.raises(handover.NoTeam, match="Choose the technical team"):
        actions.escalate(report, by=cast.dora.actor, at=monday, reason=WHY)
    assert not fresh(report).is_escalated


def test_little_known_it_names_what_is_missing(report, cast, monday):
    with pytest.raises(handover.Incomplete, match="Still missing") as refusal:
        actions.escalate(report, by=cast.dora.actor, at=monday)
    assert refusal.value.missing
    assert pending(report, kinds.ACCEPT) == []


def test_a_critical_report_goes_as_it_is(report, cast, monday):
    made = actions.escalate(report, by=cast.dora.actor, at=monday, severity="critical")
    assert made.severity == fresh(report).severity == "critical"
    accept = Promise.objects.get(report=report, kind=kinds.ACCEPT)
    assert accept.due_at == monday + timedelta(minutes=5)


def test_the_document_is_kept_as_it_was_handed_over(report, cast, monday):
    made = actions.escalate(report, by=cast.dora.actor, at=monday, reason=WHY)
    canonical = json.dumps(made.document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert made.document_sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    Report.objects.filter(pk=report.pk).update(title="Something else")
    kept = Escalation.objects.get(pk=made.pk)
    assert "Something else" not in json.dumps(kept.document)
    assert "error 500" in json.dumps(kept.document)


def test_twice_is_refused_and_says_who_has_it(report, cast, monday):
    made = actions.escalate(report, by=cast.dora.actor, at=monday, reason=WHY)
    with pytest.raises(actions.AlreadyEscalated, match="Portal platform"):
        actions.escalate(report, by=cast.emil.actor, at=monday, reason=WHY)
    actions.accept(made, by=cast.eve.actor, at=monday)
    with pytest.raises(actions.AlreadyEscalated, match="Eve Eriksen"):
        actions.escalate(report, by=cast.emil.actor, at=monday, reason=WHY)


def test_a_question_is_made_an_error_first(report, cast, monday):
    Report.objects.filter(pk=report.pk).update(kind="question")
    with pytest.raises(actions.CannotEscalate, match="error report first"):
        actions.escalate(report, by=cast.dora.actor, at=monday, reason=WHY)


def test_the_reporter_is_told_the_time_that_is_promised(report, cast, monday):
    draft = escalating.draft(report, by=cast.dora.actor, at=monday)
    escalating.escalate_and_tell(report, draft.body, by=cast.dora.actor, at=monday, reason=WHY)
    news = Promise.objects.get(report=report, kind=kinds.NEXT_UPDATE, state="open")
    message = told(report)[-1]
    assert news.due_at == message.named_time == promised_time(kinds.AFTER_ESCALATION, "medium", monday, cast.desk)
    assert news.message == message
    assert Promise.objects.get(report=report, kind=kinds.HEAR_BACK).state == "kept"
    assert report.mails.filter(message=message).count() == 1


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("way", ["with the act", "afterwards"])
def test_the_words_have_no_gaps_where_nothing_is_known(report, cast, monday, language, way):
    report.contact.name = ""
    report.contact.save()
    Report.objects.filter(pk=report.pk).update(category=None, language=language)
    report = fresh(report)
    if way == "with the act":
        escalating.escalate_and_tell(report, "", by=cast.dora.actor, at=monday, team=cast.desk, reason=WHY)
    else:
        actions.escalate(report, by=cast.dora.actor, at=monday, team=cast.desk, reason=WHY)
        work(monday + timedelta(seconds=1))
    message = told(report)[-1]
    mail = report.mails.get(message=message)
    for words in (message.body, mail.subject, mail.text, mail.html):
        assert "{{" not in words
        assert "None" not in words
        assert "alternative" not in words
    assert not re.search(r"(?m)^(What you can do meanwhile|Was Sie inzwischen tun können):", message.body)
    assert message.script == "escalated"


def test_words_that_name_another_time_stop_everything(report, cast, monday):
    with pytest.raises(TimesDisagree):
        escalating.escalate_and_tell(
            report, "You hear from us by 23:45 today.", by=cast.dora.actor, at=monday, reason=WHY
        )
    assert not Escalation.objects.exists()
    assert not fresh(report).is_escalated


def test_if_nobody_tells_the_reporter_the_script_does_once(report, cast, monday):
    actions.escalate(report, by=cast.dora.actor, at=monday, reason=WHY)
    promised = Promise.objects.get(report=report, kind=kinds.NEXT_UPDATE, state="open").due_at
    work(monday + timedelta(seconds=1))
    work(monday + timedelta(seconds=2))
    said = [m for m in told(report) if m.script == "escalated"]
    assert [m.named_time for m in said] == [promised]
    assert report.mails.filter(message=said[0]).count() == 1


def test_the_queue_shows_first_what_waits_to_be_accepted(report, cast, monday):
    from tests.life.case import file_report

    first = actions.escalate(report, by=cast.dora.actor, at=monday, reason=WHY)
    second = actions.escalate(
        file_report(cast, monday, key="ana-0002"), by=cast.dora.actor, at=monday, severity="critical"
    )
    third = actions.escalate(file_report(cast, monday, key="ana-0003"), by=cast.dora.actor, at=monday, reason=WHY)
    actions.accept(second, by=cast.eve.actor, at=monday)
    actions.ask_back(third, "Which member?", by=cast.eve.actor, at=monday)
    assert list(queries.queue(cast.eve)) == [first, second, third]
    assert [e.due_kind for e in queries.queue(cast.eve)] == [kinds.ACCEPT, kinds.FIRST_ANSWER, None]
    assert (queries.load(cast.eve).waiting, queries.load(cast.eve).open) == (1, 3)
    assert not queries.queue(cast.fay)


def test_a_form_sent_twice_escalates_once(report, cast, monday):
    how = {"by": cast.dora.actor, "reason": WHY, "idempotency_key": "form-1"}
    first = escalating.escalate_and_tell(report, "", at=monday, **how)
    assert escalating.escalate_and_tell(report, "", at=monday + timedelta(seconds=2), **how) == first
    assert len(told(report)) == 1
