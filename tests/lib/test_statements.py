"""A query composed once gives what Django's own gives, whatever the keys, and is not composed again."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Prefetch
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from makegood.lib.statements import Statement
from makegood.life.people.models import Agent, Contact, Team
from makegood.life.promises.models import Promise
from makegood.life.reports.access import SeenBy, visible_reports
from makegood.life.reports.models import Report
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def reports(cast):
    return [
        Report.objects.create(
            title=f"Crash {n}",
            contact=cast.ana,
            assignee=cast.dora if n % 2 else None,
            received_at=MONDAY + timedelta(hours=n),
            updated_at=MONDAY,
            last_said_at=MONDAY,
            environment={"browser": f"Firefox {n}"},
        )
        for n in range(4)
    ]


def test_rows_are_those_of_the_query_with_all_their_columns(reports):
    whole = Statement(lambda key: Report.objects.filter(pk=key))
    for report in reports:
        found = whole(report.pk)
        assert found == [report]
        assert found[0].received_at == report.received_at
        assert found[0].environment == report.environment
        assert found[0]._state.db == "default"


def test_what_is_joined_is_there_without_asking(reports, cast, django_assert_num_queries):
    whole = Statement(lambda key: Report.objects.filter(pk=key).select_related("contact", "assignee"))
    with django_assert_num_queries(2):
        theirs, nobodys = whole(reports[1].pk)[0], whole(reports[2].pk)[0]
        assert (theirs.assignee, theirs.contact) == (cast.dora, cast.ana)
        assert (nobodys.assignee, nobodys.contact) == (None, cast.ana)


def test_what_is_prefetched_is_there(reports, cast):
    mine = Prefetch("reports", Report.objects.order_by("-id"))
    people = Statement(lambda key: Contact.objects.filter(pk=key).prefetch_related(mine))
    assert [report.pk for report in people(cast.ana.pk)[0].reports.all()] == [r.pk for r in reversed(reports)]


def test_columns_alone_are_given_as_tuples_or_values(reports):
    pairs = Statement(lambda key: Report.objects.filter(pk=key).values_list("pk", "environment"))
    assert pairs(reports[3].pk) == [(reports[3].pk, {"browser": "Firefox 3"})]
    titles = Statement(
        lambda contact: Report.objects.filter(contact=contact).order_by("-pk").values_list("title", flat=True)[:2]
    )
    assert titles(reports[0].contact_id) == ["Crash 3", "Crash 2"]


def test_each_key_goes_to_its_own_places(reports, cast):
    theirs = Statement(lambda agent, team: Report.objects.filter(assignee=agent) | Report.objects.filter(team=team))
    reports[0].team = cast.desk
    reports[0].save()
    found = {report.pk for report in theirs(cast.dora.pk, cast.desk.pk)}
    assert found == {reports[0].pk, reports[1].pk, reports[3].pk}
    assert theirs(0, 0) == []


def test_keys_reach_into_queries_within(cast):
    colleagues = Statement(
        lambda agent: Agent.objects.filter(teams__in=Team.objects.filter(agents=agent)).distinct().order_by("pk")
    )
    assert cast.dora in colleagues(cast.dora.pk)
    assert list(Agent.objects.filter(teams__in=cast.dora.teams.all()).distinct().order_by("pk")) == colleagues(
        cast.dora.pk
    )


def test_moments_are_keys_too_in_any_zone(reports):
    since = Statement(lambda contact, at: Report.objects.filter(contact=contact, received_at__gte=at).order_by("pk"))
    contact = reports[0].contact_id
    for hours in (0, 2, 1, 9):
        at = (MONDAY + timedelta(hours=hours)).astimezone(ZoneInfo("Asia/Kolkata"))
        assert since(contact, at) == list(Report.objects.filter(received_at__gte=at).order_by("pk")) == reports[hours:]
    since(contact, MONDAY.replace(microsecond=1))


def test_what_can_mean_nothing_gives_nothing(reports):
    assert Statement(lambda key: Report.objects.filter(pk=key).none())(reports[0].pk) == []
    assert Statement(lambda key: Report.objects.filter(pk=key, state__in=[]))(reports[0].pk) == []


def test_a_spare_key_may_stand_nowhere(reports, cast):
    everybodys = Statement(lambda _agent, number: Report.objects.filter(pk=number), spare=1)
    assert everybodys(cast.dora.pk, reports[1].pk) == [reports[1]]
    assert everybodys(reports[0].pk, reports[1].pk) == [reports[1]]


def test_what_each_role_sees_is_composed_once_a_role(reports, cast, django_assert_num_queries):
    seen = SeenBy(lambda seeker: visible_reports(seeker).order_by("pk"))
    Report.objects.filter(pk=reports[0].pk).update(is_protected=True)
    for _twice in range(2):
        for agent in (cast.dora, cast.eve, cast.emil, cast.ada, cast.fay):
            assert seen(agent) == list(visible_reports(agent).order_by("pk")), agent
    assert reports[0] not in seen(cast.dora)
    cast.emil.is_active = False
    with django_assert_num_queries(0):
        assert seen(cast.emil) == []


def test_without_keys_it_is_the_same_query_each_time(cast):
    everybody = Statement(lambda: Agent.objects.order_by("pk"))
    assert everybody() == list(Agent.objects.order_by("pk"))
    cast.fay.delete()
    assert everybody() == list(Agent.objects.order_by("pk"))


def test_first_is_one_row_or_none(reports):
    newest = Statement(lambda contact: Report.objects.filter(contact=contact).order_by("-pk")[:1])
    assert newest.first(reports[0].contact_id) == reports[-1]
    assert newest.first(0) is None


def test_it_is_composed_once(reports, monkeypatch):
    whole = Statement(lambda key: Report.objects.filter(pk=key))
    whole(reports[0].pk)
    monkeypatch.setattr(SQLCompiler, "setup_query", lambda *_args, **_named: pytest.fail("composed again"))
    assert whole(reports[1].pk) == [reports[1]]


@pytest.mark.parametrize("key", [None, "7", 7.0, True])
def test_a_key_that_would_need_another_query_is_refused(key):
    by_number = Statement(lambda number: Report.objects.filter(pk=number))
    for _first_and_later in range(2):
        with pytest.raises(TypeError):
            by_number(key)
        assert by_number(7) == []


def test_a_key_that_is_not_compared_as_it_is_is_refused():
    with pytest.raises(ValueError, match="compared"):
        Statement(lambda number: Promise.objects.filter(kind__contains=number))(7)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans nothing ahead")
def test_postgresql_keeps_the_query_prepared_whatever_the_size_of_its_keys(reports):
    whole = Statement(lambda key: Report.objects.filter(pk=key, title__contains="100%", state="received"))
    for key in (reports[0].pk, 7, 70_000, 2**40):
        whole(key)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE strpos(statement, '%100') > 0"
        )
        assert cursor.fetchall() == [(4,)]


def test_a_constant_with_marks_of_its_own_is_meant_as_it_is(cast):
    made = Report.objects.create(
        title="100% of 5 %s are \\'lost\\'",
        contact=cast.ana,
        received_at=MONDAY,
        updated_at=MONDAY,
        last_said_at=MONDAY,
    )
    exactly = Statement(lambda key: Report.objects.filter(pk=key, title="100% of 5 %s are \\'lost\\'"))
    partly = Statement(lambda key: Report.objects.filter(pk=key, title__contains="% of 5 %s are \\'lo"))
    assert exactly(made.pk) == partly(made.pk) == [made]
    assert partly(made.pk + 1) == []


def test_without_prepared_statements_the_answer_is_the_same(reports, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "prepare_threshold", None)
    assert Statement(lambda key: Report.objects.filter(pk=key))(reports[2].pk) == [reports[2]]


def test_what_was_asked_is_logged_with_its_keys(reports):
    whole = Statement(lambda key: Report.objects.filter(pk=key, title="Crash 1"))
    for report in reports[1], reports[2]:
        with CaptureQueriesContext(connection) as asked:
            whole(report.pk)
        assert len(asked) == 1
        assert str(report.pk) in asked[0]["sql"]
        assert "Crash 1" in asked[0]["sql"]
