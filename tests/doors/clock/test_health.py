"""What monitors are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.doors.clock import health, heart
from makegood.life.reports.delivery import queue_mail
from makegood.life.reports.models import Report
from tests.life.case import file_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted_anew():
    health.forget_counts()
    yield
    health.forget_counts()


def test_a_process_that_answers_is_alive(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_ready_means_database_migrations_worker_and_mail(client):
    assert client.get("/readyz").json()["worker"] == "not seen for a minute"
    heart.beat(heart.WORKER, timezone.now())
    answer = client.get("/readyz")
    assert (answer.status_code, set(answer.json().values())) == (200, {"ok"})


def test_mail_that_waits_too_long_is_told(client):
    heart.beat(heart.WORKER, timezone.now())
    long_ago = timezone.now() - timedelta(minutes=20)
    queue_mail(None, to=("a@example.org", ""), subject="x", text="x", purpose="test", key="1", at=long_ago)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "20 min" in answer.json()["mail"]


def test_figures_are_read_from_this_machine_or_with_the_token(client, settings):
    text = client.get("/metrics").content.decode()
    for name in ("makegood_owed_overdue", "makegood_queue_lag_seconds", "makegood_mail_lag_seconds"):
        assert f"\n{name} " in text
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
    settings.METRICS_TOKEN = "figures"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer figures"}).status_code == 200


def test_open_reports_are_counted_once_in_ten_seconds(client, cast, monkeypatch):
    now = timezone.now()
    report = file_report(cast, now)
    Report.objects.filter(pk=report.pk).update(severity="high", owed_state="broken", owed_at=now - timedelta(hours=1))
    report = file_report(cast, now, key="another")
    Report.objects.filter(pk=report.pk).update(severity="high", owed_state="paused", owed_at=now - timedelta(hours=1))

    def told():
        text = client.get("/metrics").content.decode()
        lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        wanted = ('makegood_open_reports{severity="high"}', 'makegood_owed{state="paused"}', "makegood_owed_overdue")
        return [float(lines.get(name, 0)) for name in wanted]

    assert told() == [2, 1, 1]
    Report.objects.filter(pk=report.pk).update(state="closed")
    assert told() == [2, 1, 1]
    monkeypatch.setattr(health, "COUNTED_EVERY", timedelta(0))
    assert told() == [1, 0, 1]
