"""Why something is urgent can be read, and overruled with a reason; what priorities rest on is set up by leads."""

import pytest
from django.utils import timezone

from makegood.doors.console import priority_words
from makegood.life.aftercare import actions as aftercare
from makegood.life.colleagues import watching
from makegood.life.problems import actions, membership, ranking
from makegood.life.problems.models import PriorityTerms, Problem
from makegood.life.problems.priority import Facts, judge
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
    assert '>P1<span class="why"> · decided by hand</span><' in page
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


@pytest.fixture
def fault(cast, report, monday):
    """A problem of Dora's that the report belongs to."""
    problem = actions.open_problem("The claims page fails", by=cast.dora.actor, at=monday, severity="high")
    membership.join(problem, report, by=cast.dora.actor, at=monday)
    work(monday)
    return problem


def test_a_problem_says_what_its_priority_rests_on_and_is_overruled_with_a_reason(client, cast, fault):
    client.force_login(cast.dora)
    address = f"/console/problems/{fault.number}/"
    page = client.get(address).content.decode()
    assert "P3, this week" in page
    assert "The severity is high." in page
    assert f'href="{address}priority/"' in page
    assert client.post(f"{address}priority/", {"value": "1", "reason": " \r\n"}).status_code == 422
    client.post(f"{address}priority/", {"value": "1", "reason": "The board asked."})
    page = client.get(address).content.decode()
    assert "P1, now" in page
    assert "Dora Dahl decided: “The board asked.”. Computed, it would be P3, this week." in page
    assert 'name="value" value="computed"' in page  # the way back stands on the page
    client.post(f"{address}priority/", {"value": "computed"})
    assert (Problem.objects.get().priority, Problem.objects.get().priority_by) == (3, "")


def test_the_list_of_problems_shows_finds_and_sorts_by_priority(client, cast, fault, monday):
    other = actions.open_problem("Search is slow", by=cast.dora.actor, at=monday)
    ranking.overrule(fault, 1, by=cast.emil.actor, at=monday, reason="The board asked.")
    client.force_login(cast.dora)

    def listed(query):
        page = client.get("/console/problems/", {"q": query})
        assert not page.context["found"].hints
        return [one.number for one in page.context["shown"]]

    assert ">P1 · decided by hand<" in client.get("/console/problems/").content.decode()
    assert listed("priority:1") == listed("priority:<=2") == listed("priority:>=p2") == [fault.number]
    assert listed("priority:3,p4") == listed("-priority:1") == [other.number]
    assert listed("sort:priority") == [fault.number, other.number]


def test_a_problem_is_watched_and_no_longer(client, cast, fault):
    client.force_login(cast.dora)
    address = f"/console/problems/{fault.number}/"
    assert 'data-command="watch" aria-pressed="false"' in client.get(address).content.decode()
    client.post(f"{address}watch/")
    page = client.get(address).content.decode()
    assert 'data-command="watch" aria-pressed="true"' in page
    assert "Watched by Dora Dahl" in page
    client.post(f"{address}watch/", {"stop": "1"})
    assert watching.watchers(fault) == []


def test_a_problem_says_who_knows_it(client, cast, report, fault, monday):
    client.force_login(cast.emil)
    address = f"/console/problems/{fault.number}/"
    assert f'href="{address}knows/"' in client.get(address).content.decode()
    assert "Nobody has solved one like it" in client.get(f"{address}knows/").content.decode()
    aftercare.solve(report, cause="Disk full.", solution="Made room.", by=cast.dora.actor, at=timezone.now())
    page = client.get(f"{address}knows/").content.decode()
    assert "had a hand in one like it" in page
    assert f"MG-{report.pk}" in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (Facts("high", people=20), "P2 · 20 people"),
        (Facts("high", people=20, has_way_round=True, days_open=28), "P2 · open for long"),
        (Facts("high", people=20, has_way_round=True, has_key_account=True), "P2 · key account"),
        (Facts("high", hindrance="blocked"), "P2 · cannot go on"),
        (Facts("medium", hindrance="workaround", days_open=3), "P3"),
        (Facts("critical", hindrance="cosmetic"), "P3"),
        (Facts("critical"), "P2"),
        (Facts("high", people=20, is_spiking=True), "P1 · more than usual"),
    ],
)
def test_the_mark_names_what_made_it_more_than_its_severity_says_and_nothing_else(facts, words):
    judged = judge(facts)
    why = {"value": judged.value, "impact": judged.impact, "reasons": judged.reasons}
    assert priority_words.short(Report(priority=judged.value, priority_why=why)) == words
