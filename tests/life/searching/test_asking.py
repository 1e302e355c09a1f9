"""One box for everything: what is found, where it stands, and who finds it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.life.problems import actions as problems
from makegood.life.rca import actions as todo
from makegood.life.rca import writing as analyses
from makegood.life.reports import actions, conversation, finding
from makegood.life.reports.models import Report
from makegood.life.searching import asking, keeping
from tests.life.case import file_report, work


@pytest.fixture
def report(desk, now):
    report = file_report(desk, now)
    conversation.say(report, "I tried Firefox and the page stays white.", by=desk.ana.actor, at=now)
    conversation.say(report, "Thank you. Does the login work?", by=desk.dora.actor, at=now)
    conversation.note(report, "Smells like the certificate again.", by=desk.dora.actor, at=now)
    work(now)
    return report


def hits(seeker, text, now, **more):
    asked = asking.understand(seeker, text, now=now)
    return asking.look(asked, asked.places[0], **more).hits


def marked(pieces):
    return "".join(f"[{piece}]" if is_hit else piece for piece, is_hit in pieces)


def test_a_report_is_found_by_words_of_different_messages_and_shows_the_one_that_fits_best(desk, report, now):
    (hit,) = hits(desk.dora, "firefox claims in:reports", now)
    assert hit.thing == report
    assert marked(hit.title) == "The [claims] page shows error 500"
    assert marked(hit.passage.words) in (
        "I tried [Firefox] and the page stays white.",
        "The [claims] page shows error 500.",
    )


def test_it_is_found_by_its_number_its_reporter_and_where_they_belong(desk, report, now, find):
    actions.set_labels(report, ["Quarterly"], by=desk.dora.actor, at=now)
    Report.objects.filter(pk=report.pk).update(organisation=desk.acme)
    work(now)
    for text in (report.number, str(report.pk), "ana@example.org", "alvarez", "acme", "quarterly"):
        assert ("reports", report.number) in find(desk.dora, f"{text} in:reports"), text


def test_a_message_is_found_by_itself_and_only_if_it_holds_all_of_it(desk, report, now):
    (hit,) = hits(desk.dora, "firefox white in:messages", now)
    assert marked(hit.passage.words) == "I tried [Firefox] and the page stays [white]."
    assert hit.passage.message.report_id == report.pk
    assert hits(desk.dora, "firefox login in:messages", now) == []
    assert hits(desk.dora, "firefox login in:reports", now) != []
    assert hits(desk.dora, "page -firefox in:messages", now)[0].passage.message.body.startswith("The claims page")


def test_notes_are_found_by_colleagues_and_marked_as_such(desk, report, now):
    (hit,) = hits(desk.dora, "certificate in:messages", now)
    assert hit.passage.message.is_internal


def test_a_message_taken_back_is_found_no_more(desk, report, now, find):
    said = conversation.say(report, "The unicorn is loose.", by=desk.dora.actor, at=now, undo=timedelta(seconds=10))
    work(now)
    assert find(desk.dora, "unicorn in:messages")
    conversation.withdraw(said, by=desk.dora.actor, at=now)
    assert not find(desk.dora, "unicorn in:messages")
    work(now)
    assert not find(desk.dora, "unicorn")


def test_people_organisations_and_colleagues_are_found(desk, report, now, find):
    assert ("people", "Ana Alvarez") in find(desk.dora, "alvarez")
    assert ("people", "Acme Health Plan") in find(desk.dora, "acme in:people")


def test_problems_are_found_by_their_words_and_their_number(desk, report, now, find):
    facts = {"symptom": "White page after the claims button", "cause": "Expired certificate"}
    problem = problems.open_problem("Claims page white", by=desk.dora.actor, at=now, **facts)
    work(now)
    assert ("problems", problem.number) in find(desk.dora, "expired")
    assert ("problems", problem.number) in find(desk.dora, problem.number)
    problems.note(problem, "Renewal is scripted from now on.", by=desk.dora.actor, at=now)
    work(now)
    assert ("problems", problem.number) in find(desk.dora, "scripted in:problems")


def test_analyses_and_actions_are_found_by_words_and_number_by_who_sees_their_problem(desk, now, find):
    problem = problems.open_problem("Claims page white", by=desk.emil.actor, at=now)
    rca = analyses.begin(problem, by=desk.emil.actor, at=now)
    analyses.edit(rca, by=desk.emil.actor, at=now, overview="The certificate expired overnight.")
    action = todo.propose(problem, "Renew by machine", by=desk.emil.actor, at=now)
    work(now)
    wanted = {"overnight": rca, "claims": rca, rca.number: rca, "machine": action, action.number.lower(): action}
    for text, thing in wanted.items():
        place = "analyses" if thing is rca else "actions"
        assert (place, thing.number) in find(desk.dora, text), text
    problems.edit(problem, by=desk.emil.actor, at=now, title="Nobody gets in")
    todo.edit(action, by=desk.emil.actor, at=now, title="Renew by robot")
    work(now)
    assert ("analyses", rca.number) in find(desk.dora, "nobody")
    assert find(desk.dora, "robot") == [("actions", action.number)]
    problems.protect(problem, True, by=desk.emil.actor, at=now, reason="Names in it")
    for text in wanted:
        assert not {"analyses", "actions"} & {place for place, _name in find(desk.dora, text)}, text
    assert find(desk.emil, action.number) == [("actions", action.number)]


def test_fields_narrow_reports_messages_and_files(desk, report, now, find):
    assert find(desk.dora, "firefox state:open") == [("reports", report.number)]
    assert find(desk.dora, "firefox state:closed") == []
    assert find(desk.dora, "firefox state:closed in:messages") == []
    assert find(desk.dora, "firefox received:2026-11-16") == [("reports", report.number)]
    assert find(desk.dora, "firefox received:..2026-11-15") == []


def test_phrases_do_not_reach_from_one_message_into_the_next(desk, report, now, find):
    assert find(desk.dora, '"stays white"') == [("reports", report.number)]
    assert find(desk.dora, '"stays white thank you"') == []
    assert find(desk.dora, '"white thank"') == []


# Who finds what


def test_protected_reports_are_found_by_leads_only(desk, report, now, find):
    Report.objects.filter(pk=report.pk).update(team=None)
    Report.objects.filter(pk=report.pk).update(is_protected=True)
    for text in ("firefox", "firefox in:reports", "firefox in:messages", report.number):
        assert not [hit for hit in find(desk.dora, text) if hit[0] != "people"], text
        assert find(desk.emil, text), text


def test_an_engineer_finds_what_reached_their_teams_and_whom_it_came_from(desk, report, now, find):
    for text in ("firefox", "certificate in:messages", "alvarez in:people", report.number):
        assert not find(desk.eve, text), text
    Report.objects.filter(pk=report.pk).update(technical_team=desk.platform)
    for text in ("firefox", "certificate in:messages", "alvarez in:people", report.number):
        assert find(desk.eve, text), text


def test_protected_problems_stay_with_their_team(desk, now, find):
    problem = problems.open_problem("Leaked letters", by=desk.emil.actor, at=now)
    problems.protect(problem, True, by=desk.emil.actor, at=now, reason="Names in it")
    work(now)
    assert not find(desk.dora, "leaked")
    assert find(desk.emil, "leaked")


def test_whoever_is_no_longer_with_us_finds_nothing(desk, report, now, find):
    desk.emil.is_active = False
    desk.emil.save()
    assert find(desk.emil, "firefox") == []


# Pages and counts


def test_pages_follow_one_another_without_gap_or_repeat(desk, now):
    for n in range(7):
        file_report(desk, now, key=f"many-{n:04}")
    work(now)
    for place in ("reports", "messages"):
        asked = asking.understand(desk.dora, f"claims in:{place}", now=now)
        seen, cursor = [], 0
        while True:
            group = asking.look(asked, place, cursor=cursor, size=3)
            seen += [hit.thing.pk for hit in group.hits]
            cursor = group.rest
            if not cursor:
                break
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == len(set(seen)) == 7


def test_counts_are_of_what_the_seeker_may_see(desk, report, now):
    def count(seeker):
        return asking.counts(asking.understand(seeker, "firefox", now=now))["reports"]

    assert count(desk.dora) == (1, False)
    assert count(desk.eve) == (0, False)


def test_the_number_of_queries_does_not_grow_with_the_hits(desk, now):
    def cost(text):
        asked = asking.understand(desk.dora, text, now=now)
        with CaptureQueriesContext(connection) as made:
            asking.overview(asked)
            asking.look(asked, "messages")
        return len(made)

    file_report(desk, now)
    work(now)
    few = cost("claims")
    for n in range(6):
        file_report(desk, now, key=f"more-{n:04}")
    work(now)
    assert cost("claims") <= few


def test_words_of_no_use_find_nothing_and_break_nothing(desk, report, now, find):
    hostile = [
        "",
        "-firefox",
        "in:people state:open",
        "***",
        "OR",
        '"',
        'in:reports -claims -"x y"',
        "\x00",
        "a" * 5000,
    ]
    for text in hostile:
        find(desk.dora, text)


PAGE = "https://members.example/claims/2024?token=sentinel4711#top"


@pytest.fixture
def named(desk, report, now):
    """The report names a page; another one names it in its words, a third has one that is much like it."""
    Report.objects.filter(pk=report.pk).update(environment={"page": PAGE})
    finding.index(Report.objects.get(pk=report.pk))
    told, other = (file_report(desk, now, key=f"ana-{n}") for n in (2, 3))
    conversation.say(told, "See https://www.members.example/claims/2024/ please.", by=desk.ana.actor, at=now)
    conversation.say(other, "See https://members.example/letters/2024", by=desk.ana.actor, at=now)
    work(now)
    return report, told, other


@pytest.mark.parametrize(
    "typed",
    ["https://members.example/claims/2024", "http://members.example/claims/2024?token=another#part"]
    + ["members.example/claims/2024", "/claims/2024", "claims/2024", "MEMBERS.example/claims", "/claims/20"],
)
def test_a_page_is_found_by_its_address_whole_or_in_part(desk, named, find, typed):
    found = find(desk.dora, f"in:reports {typed}")
    numbers = {one.number for one in named[:2]}
    assert {number for _place, number in found} == numbers


def test_a_host_alone_finds_all_that_name_it_and_no_secret_of_an_address_is_kept(desk, named, find, now):
    assert len(find(desk.dora, "in:reports members.example")) == 3
    assert find(desk.dora, "in:reports sentinel4711") == []
    (hit,) = [one for one in hits(desk.dora, "in:reports /claims/2024", now) if one.thing == named[0]]
    assert "members.example" in marked(hit.words).replace("[", "").replace("]", "")


def test_reports_of_before_are_found_by_their_page_once_the_job_has_run(desk, report, now, find):
    Report.objects.filter(pk=report.pk).update(environment={"page": PAGE})
    assert find(desk.dora, "in:reports /claims/2024") == []
    keeping.index_reports_of({"entry": "pages", "after": 0}, now)
    assert len(find(desk.dora, "in:reports /claims/2024")) == 1
