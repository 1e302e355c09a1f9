"""Why something is urgent can be read, and overruled with a reason; what priorities rest on is set up by leads."""

import pytest

from makegood.life.problems import ranking
from makegood.life.problems.models import PriorityTerms
from makegood.life.reports.models import Report
from tests.life.case import file_report, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(cast, monday):
    made = file_report(cast, monday)
    work(monday)
    return made


def test_the_report_says_what_its_priority_rests_on(client, cast, report):
    client.force_login(cast.dora)
    page = client.get(f"/console/reports/{report.pk}/").content.decode()
    assert "P3, this week" in page
    assert "The severity is medium." in page


def test_it_is_overruled_with_a_reason_only(client, cast, report):
    client.force_login(cast.dora)
    address = f"/console/reports/{report.pk}/priority/"
    refused = client.post(address, {"value": "1", "reason": ""})
    assert (refused.status_code, Report.objects.get().priority) == (422, 3)
    client.post(address, {"value": "1", "reason": "The board asked."})
    assert Report.objects.get().priority == 1
    assert "The board asked." in client.get(address).content.decode()
    client.post(address, {"value": "computed"})
    assert (Report.objects.get().priority, Report.objects.get().priority_by) == (3, "")


def test_the_queue_shows_and_finds_what_is_urgent(client, cast, report, monday):
    ranking.overrule(report, 1, by=cast.emil.actor, at=monday, reason="The board asked.")
    client.force_login(cast.dora)
    page = client.get("/console/queue/?q=state:open priority:<=2").content.decode()
    assert report.title in page
    assert ">P1<" in page
    for query in ("priority:3", "priority:p4", "-priority:1", "priority:<p2"):
        assert report.title not in client.get(f"/console/queue/?q=state:open {query}").content.decode(), query
    assert report.title in client.get("/console/queue/?q=state:open priority:>=p2").content.decode()


def test_leads_set_what_priorities_rest_on(client, cast, report):
    given = {f"cell_{row}_{column}": "2" for row in range(4) for column in range(4)}
    given |= {"some_people": "5", "many_people": "50", "long_days": "7", "reason": "As agreed."}
    client.force_login(cast.dora)
    assert client.post("/console/setup/priority/", given).status_code == 403
    client.force_login(cast.emil)
    assert client.post("/console/setup/priority/", {**given, "many_people": "5"}).status_code == 422
    assert client.post("/console/setup/priority/", given).status_code == 302
    assert PriorityTerms.objects.get().data["matrix"] == [[2] * 4] * 4
    assert "As agreed." in client.get("/console/setup/priority/").content.decode()
