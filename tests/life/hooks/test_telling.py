"""What happens is told once, signed, in order, and without people's words unless they are asked for."""

import json
from datetime import timedelta

import pytest
import time_machine
from standardwebhooks import Webhook as Verifier

from makegood.doors.clock import relay
from makegood.engine.queue import Runner
from makegood.engine.secrets import unseal
from makegood.life.hooks import endpoints, feeding
from makegood.life.hooks.models import Delivery, Endpoint
from makegood.life.problems import actions as problems
from makegood.life.problems import membership
from makegood.life.promises import actions as promises
from makegood.life.reports import actions as reports
from makegood.life.reports import conversation
from makegood.life.reports.models import LedgerEntry
from tests.life.case import fresh, work

SECOND = timedelta(seconds=1)


def kinds_told(endpoint):
    return list(endpoint.deliveries.order_by("pk").values_list("kind", flat=True))


def bodies_told(endpoint):
    return [json.loads(body) for body in endpoint.deliveries.order_by("pk").values_list("body", flat=True)]


def test_a_receiver_can_check_who_sent_it_and_what(report, hook, send, httpserver, monday):
    work(monday)
    assert send(monday) == hook.deliveries.count() > 0
    request = httpserver.log[0][0]
    with time_machine.travel(monday):
        told = Verifier(unseal(hook.secret)).verify(request.get_data(), dict(request.headers))
    assert told["type"] == "report.received"
    assert told["data"]["report"]["number"] == report.number
    assert request.headers["webhook-id"] == hook.deliveries.get(kind="report.received").key


def test_each_entry_is_told_once_in_the_order_it_happened(hook, report, send, httpserver, monday):
    reports.set_severity(report, "high", by=report.contact.actor, at=monday)
    work(monday)
    work(monday + SECOND)
    send(monday + SECOND)
    told = [json.loads(request.get_data())["data"]["entry"] for request, _answer in httpserver.log]
    assert told == list(LedgerEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_only_what_an_endpoint_asks_for_is_told(hook, report, cast, monday):
    endpoints.change(hook, kinds=["promise.*", "report.severity_changed"], by=cast.ada.actor, at=monday)
    reports.set_severity(report, "high", by=cast.dora.actor, at=monday)
    conversation.note(report, "hm", by=cast.dora.actor, at=monday)
    work(monday)
    assert set(kinds_told(hook)) == {"promise.made", "report.severity_changed"}


def test_the_follower_tells_too_and_a_repeat_is_nothing(hook, report, monday):
    runner = Runner(relay.handlers(), worker="test", clock=lambda: monday)
    while relay.follow(runner):
        pass
    count = hook.deliveries.count()
    assert count > 0
    LedgerEntry.objects.update(delivered_at=None)
    while relay.follow(runner):
        pass
    assert hook.deliveries.count() == count


def test_without_endpoints_an_entry_costs_one_query(cast, report, monday, django_assert_num_queries):
    entries = list(LedgerEntry.objects.all())
    with django_assert_num_queries(1):
        feeding.feed_safely(entries, now=monday)


def test_words_and_outsiders_names_stay_here_unless_asked_for(hook, report, cast, monday):
    conversation.say(report, "We found your claim.", by=cast.dora.actor, at=monday)
    work(monday)
    told = json.dumps(bodies_told(hook))
    for secret in ("claims page", "found your claim", "Ana", "ana@example.org"):
        assert secret not in told
    assert "Dora Dahl" in told


def test_an_endpoint_that_asks_for_words_gets_them(hook, report, cast, monday):
    endpoints.change(hook, include_words=True, by=cast.ada.actor, at=monday)
    conversation.say(report, "We found your claim.", by=cast.dora.actor, at=monday)
    work(monday)
    said = next(body for body in bodies_told(hook) if body["type"] == "message.said")
    assert said["data"]["words"]["message"]["text"] == "We found your claim."
    assert said["data"]["words"]["title"] == report.title


def test_of_a_protected_report_nobody_gets_words(hook, report, cast, monday):
    endpoints.change(hook, include_words=True, by=cast.ada.actor, at=monday)
    reports.protect(report, True, by=cast.emil.actor, at=monday, reason="A colleague")
    work(monday)
    assert all("words" not in body["data"] for body in bodies_told(hook) if body["data"]["report"])


def test_a_message_taken_back_is_told_to_nobody(hook, report, cast, send, httpserver, monday):
    endpoints.change(hook, include_words=True, by=cast.ada.actor, at=monday)
    work(monday)
    said = conversation.say(report, "Oh no", by=cast.dora.actor, at=monday, undo=10 * SECOND)
    work(monday)
    send(monday + SECOND)
    conversation.withdraw(said, by=cast.dora.actor, at=monday + 2 * SECOND)
    work(monday + 2 * SECOND)
    send(monday + 60 * SECOND)
    assert "message.withdrawn" in kinds_told(hook)
    assert not any(b"Oh no" in request.get_data() for request, _answer in httpserver.log)


def test_changes_are_told_with_from_and_to(hook, report, cast, monday):
    reports.set_severity(report, "high", by=cast.dora.actor, at=monday)
    promises.change_severity(fresh(report), by=cast.dora.actor, at=monday)
    work(monday)
    change = next(body for body in bodies_told(hook) if body["type"] == "report.severity_changed")
    assert change["data"]["change"] == {"from": {"severity": "medium"}, "to": {"severity": "high"}}
    assert change["data"]["report"]["severity"] == "high"


def test_a_paused_endpoint_is_told_nothing_new_and_sent_nothing(hook, report, cast, send, httpserver, monday):
    work(monday)
    before = hook.deliveries.count()
    endpoints.change(hook, is_active=False, by=cast.ada.actor, at=monday)
    conversation.note(report, "hm", by=cast.dora.actor, at=monday)
    work(monday)
    assert hook.deliveries.count() == before
    assert send(monday) == 0
    assert httpserver.log == []


def test_what_cannot_be_put_into_words_becomes_a_job_and_holds_up_nobody(hook, report, monday, monkeypatch):
    monkeypatch.setattr(feeding.bodies, "body_of", lambda *_a, **_k: 1 / 0)
    work(monday)
    assert not LedgerEntry.objects.filter(delivered_at=None).exists()
    assert not hook.deliveries.exists()
    monkeypatch.undo()
    work(monday + timedelta(minutes=1))
    assert hook.deliveries.exists()


@pytest.mark.parametrize(
    ("patterns", "kind", "wanted"),
    [
        ([], "note.written", True),
        (["report.*"], "report.received", True),
        (["report.*"], "note.written", False),
        (["note.written"], "note.written", True),
    ],
)
def test_groups_and_kinds(patterns, kind, wanted):
    assert feeding.wants(patterns, kind) is wanted


def test_secrets_rest_sealed_and_out_of_the_ledger(cast, monday):
    endpoint, secret = endpoints.add("A", "https://hooks.example/T0/very-secret", by=cast.ada.actor, at=monday)
    endpoint = Endpoint.objects.get()
    assert secret not in endpoint.secret
    assert unseal(endpoint.secret) == secret
    second = endpoints.rotate_secret(endpoint, by=cast.ada.actor, at=monday)
    endpoints.change(endpoint, url="https://hooks.example/T1/other-secret", by=cast.ada.actor, at=monday)
    endpoints.remove(endpoint, by=cast.ada.actor, at=monday)
    kept = json.dumps(list(LedgerEntry.objects.values_list("data", flat=True)))
    for word in (secret, second, endpoint.secret, "very-secret", "other-secret"):
        assert word not in kept


def test_for_a_day_both_secrets_sign(hook, report, cast, send, httpserver, monday):
    old = unseal(hook.secret)
    new = endpoints.rotate_secret(hook, by=cast.ada.actor, at=monday)
    work(monday)
    send(monday)
    request = httpserver.log[0][0]
    with time_machine.travel(monday):
        for secret in (old, new):
            assert Verifier(secret).verify(request.get_data(), dict(request.headers))
    Delivery.objects.update(state="waiting", next_at=monday)
    send(monday + timedelta(hours=25))
    assert len(httpserver.log[-1][0].headers["webhook-signature"].split()) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://user:pass@example.org/",
        "https://example.org/#x",
        "https://db.internal/",
        "ftp://example.org/",
        "https://",
        "https://exa mple.org/",
        "https://example.org:99999/",
        "javascript:alert(1)",
        "https://example.org/" + "x" * 500,
    ],
)
def test_addresses_we_would_not_call_are_refused_at_once(cast, monday, url):
    with pytest.raises(endpoints.BadEndpoint):
        endpoints.add("A", url, by=cast.ada.actor, at=monday)


def test_kinds_there_are_not_are_refused(cast, monday):
    with pytest.raises(endpoints.BadEndpoint):
        endpoints.add("A", "https://example.org/", kinds=["report.exploded"], by=cast.ada.actor, at=monday)


def test_what_happens_to_problems_is_told_by_number_only(hook, report, cast, monday):
    fault = problems.open_problem("TITLEWORDS of ours", by=cast.dora.actor, at=monday)
    membership.join(fault, report, by=cast.dora.actor, at=monday, reason="REASONWORDS")
    problems.edit(fault, by=cast.dora.actor, at=monday, cause="CAUSEWORDS")
    work(monday)
    told = {body["type"]: body["data"] for body in bodies_told(hook)}
    assert told["problem.opened"]["problem"]["number"] == fault.number
    assert told["problem.joined"]["report"]["number"] == report.number
    assert told["problem.state_changed"]["change"]["to"]["state"] == "cause_known"
    assert not any(word in json.dumps(told) for word in ("TITLEWORDS", "REASONWORDS", "CAUSEWORDS"))


def test_of_a_protected_problem_nobody_gets_words(hook, report, cast, monday):
    endpoints.change(hook, include_words=True, by=cast.ada.actor, at=monday)
    fault = problems.open_problem("TITLEWORDS of ours", by=cast.dora.actor, at=monday)
    problems.protect(fault, True, by=cast.emil.actor, at=monday, reason="REASONWORDS")
    work(monday)
    assert not any("WORDS of ours" in json.dumps(body) for body in bodies_told(hook))
