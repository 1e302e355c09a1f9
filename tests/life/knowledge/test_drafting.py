"""A first wording from what is known: words filled in, people blotted out, nothing from what few may see."""

import pytest

from makegood.life.aftercare import actions as aftercare
from makegood.life.knowledge import actions, drafting, lifecycle, queries, using
from makegood.life.people.models import Contact
from makegood.life.problems import actions as problems
from makegood.life.reports.models import Report
from tests.life.announcements.crowd import hit
from tests.life.case import file_report, fresh, work
from tests.life.knowledge.shelf import write

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem(cast, monday):
    one = problems.open_problem("The claims page answers 500", by=cast.emil.actor, at=monday)
    words = {
        "symptom": "A white page instead of the claims.",
        "signatures": ["Error 500"],
        "cause": "A full disk.",
        "workaround": "Use the app.",
        "fix": "Made room.",
        "public_titles": {"en": "The claims page shows an error", "de": "Die Leistungen zeigen einen Fehler"},
        "public_texts": {"en": "We are working on it."},
        "affected_versions": ["4.18"],
    }
    problems.edit(one, by=cast.emil.actor, at=monday, **words)
    report = hit(one, "Zoe Zander", monday, by=cast.emil.actor, email="zoe.zander@members.example")
    said = "Zander here, zoe.zander@members.example, card 123 456 789: the claims are white."
    report.messages.order_by("id").filter(said_by="contact").update(body=said)
    return one


def test_the_words_of_a_problem_are_filled_in(cast, monday, problem):
    begun = drafting.from_problem(cast.dora, problem, "en")
    assert begun.texts["title"] == "The claims page shows an error"
    assert begun.texts["issue"].startswith("We are working on it.")
    assert "> [name] here, [mail], card [number]: the claims are white." in begun.texts["issue"]
    assert (begun.texts["cause"], begun.texts["search_words"]) == ("A full disk.", "Error 500")
    assert "Releases: 4.18" in begun.texts["environment"]
    assert begun.facts["needs_reading"]
    assert "Zander" not in str(begun.texts)
    assert drafting.from_problem(cast.dora, problem, "de").texts["title"].startswith("Die Leistungen")


def test_before_the_fix_it_says_the_way_round_and_after_it_that_it_is_fixed(cast, monday, problem):
    assert drafting.from_problem(cast.dora, problem, "en").texts["resolution"] == "Use the app."
    problems.move(problem, "cause_known", by=cast.emil.actor, at=monday) if problem.state == "open" else None
    problems.move(problem, "fixing", by=cast.emil.actor, at=monday)
    problems.move(problem, "released", by=cast.emil.actor, at=monday, fixed_in="4.19")
    fixed = drafting.from_problem(cast.dora, problem, "en").texts["resolution"]
    assert "This is fixed in release 4.19." in fixed
    assert "Made room." in fixed


def test_nothing_of_a_protected_problem_or_report(cast, monday, problem):
    report = Report.objects.get(memberships__problem=problem)
    Report.objects.filter(pk=report.pk).update(is_protected=True)
    assert "claims are white" not in str(drafting.from_problem(cast.emil, problem, "en").texts)
    with pytest.raises(drafting.Protected):
        drafting.from_report(fresh(report))
    problems.protect(problem, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    with pytest.raises(drafting.Protected):
        drafting.from_problem(cast.emil, problem, "en")


def test_a_solved_report_gives_its_solution_without_its_reporter(cast, monday):
    report = file_report(cast, monday)
    work(monday)
    words = {
        "cause": "Ana's session had ended.",
        "solution": "Renewed the session of Alvarez.",
        "to_do": "Sign in again.",
    }
    aftercare.solve(fresh(report), by=cast.dora.actor, at=monday, reporter_words="Dear Ana Alvarez, it works.", **words)
    begun = drafting.from_report(fresh(report))
    assert begun.texts["issue"] == "> The claims page shows error 500."
    assert begun.texts["resolution"] == "Renewed the session of [name].\n\nSign in again."
    assert begun.texts["cause"] == "[name] session had ended."
    assert begun.facts["report"] == report


def test_an_article_with_such_words_waits_for_somebody_to_read_it(cast, monday, problem):
    begun = drafting.from_problem(cast.dora, problem, "en")
    article = actions.write(begun.texts, by=cast.dora, at=monday, **begun.facts)
    lifecycle.settle(article, "validated", by=cast.eve, at=monday)
    with pytest.raises(lifecycle.NeedsReading):
        lifecycle.publish(article, by=cast.emil, at=monday)


def test_a_search_in_vain_becomes_an_article_and_leaves_the_list(cast, monday):
    for _time in range(3):
        using.searched("gym bonus", "en", door=using.HELP, found=0, at=monday)
    using.searched("glasses", "en", door=using.HELP, found=0, at=monday)
    using.searched("address", "en", door=using.HELP, found=2, at=monday)
    found = queries.in_vain(now=monday)
    assert [(one.words, one.times) for one in found] == [("gym bonus", 3), ("glasses", 1)]
    begun = drafting.from_search("gym bonus", "en")
    assert (begun.texts["title"], begun.texts["search_words"]) == ("Gym bonus", "gym bonus")
    drafting.settle_search("gym bonus", "en", article=write(cast, monday), by=cast.dora, at=monday)
    assert [one.words for one in queries.in_vain(now=monday)] == ["glasses"]


def test_put_aside_it_comes_back_when_it_is_searched_again(cast, monday, later):
    using.searched("glasses", "en", door=using.HELP, found=0, at=monday)
    drafting.settle_search("glasses", "en", article=None, by=cast.dora, at=monday)
    assert queries.in_vain(now=later) == []
    using.searched("glasses", "en", door=using.HELP, found=0, at=later)
    assert [one.times for one in queries.in_vain(now=later)] == [1]


def test_who_searches_for_themselves_is_blotted_out(cast, monday):
    work(monday)
    from makegood.life.searching import keeping

    keeping.index_all(now=monday)
    assert Contact.objects.filter(name="Ana Alvarez").exists()
    using.searched("ana alvarez claim 4411223344 x@y.example", "en", door=using.HELP, found=0, at=monday)
    assert queries.in_vain(now=monday)[0].words == "[name] claim [number] [mail]"


@pytest.fixture
def later(monday):
    from datetime import timedelta

    return monday + timedelta(days=2)
