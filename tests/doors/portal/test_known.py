"""A known error is offered while one writes, chosen with one click, taken back, and offered again on the page."""

import pytest

from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions, known, membership, news
from makegood.life.problems.models import Membership
from makegood.life.reports import access
from makegood.life.reports.models import Report
from tests.again import STARTED, again
from tests.life.case import file_report, work

pytestmark = pytest.mark.django_db
WORDS = "The claims page shows error 500 when I open it."


@pytest.fixture
def problem(cast):
    return again(lambda: told_of(cast, STARTED))


def told_of(cast, now):
    made = actions.open_problem(
        "Claims service: pool exhausted",
        by=cast.emil.actor,
        at=now,
        cause="Secret words of ours.",
        public_titles={"en": "The claims page shows an error"},
        public_texts={"en": "The claims page shows error 500. We are working on it."},
    )
    first = file_report(cast, now, key="first-of-all")
    membership.join(made, first, by=cast.dora.actor, at=now)
    news.publish(made, by=cast.emil.actor, at=now)
    work(now)
    known.put_problem(made)
    return made


def test_it_is_offered_as_a_part_of_the_page_while_one_types(client, problem):
    part = client.post("/report/known/", {"what": WORDS}).content.decode()
    assert "The claims page shows an error" in part
    assert "Others see this too" in part
    for secret in ("Secret", "pool exhausted", "Ana", "MG-"):
        assert secret not in part
    assert client.post("/report/known/", {"what": "My hat is green."}).content.decode().strip() == ""
    assert client.get("/report/known/").status_code == 405


def test_without_scripts_the_next_page_offers_it(client, problem):
    client.post("/report/what/", {"what": WORDS})
    page = client.get("/report/kind/").content.decode()
    assert "That is what I see" in page


def test_what_was_shown_while_typing_is_one_line_on_the_next_page(client, problem):
    assert 'name="offered"' in client.post("/report/known/", {"what": WORDS}).content.decode()
    client.post("/report/what/", {"what": WORDS, "offered": f"{problem.key} "})
    page = client.get("/report/kind/").content.decode()
    assert "Look again at what we know of this" in page
    assert page.index('<details class="offered">') < page.index("That is what I see") < page.index("</details>")


def test_what_is_new_on_the_next_page_is_not_folded(client, problem):
    client.post("/report/what/", {"what": WORDS, "offered": "another-one"})
    assert "Look again" not in client.get("/report/kind/").content.decode()


def test_one_click_leads_to_how_to_reach_them_and_the_report_belongs_to_it(client, problem, cast):
    answer = client.post("/report/what/", {"what": WORDS, "known": problem.key})
    assert answer["Location"].endswith("/report/reach/")
    client.post("/report/reach/", {"email": "zoe@example.org"})
    page = client.get("/report/check/").content.decode()
    assert "Known already" in page
    answer = client.post("/report/send/")
    report = Report.objects.latest("pk")
    work(report.received_at)
    assert answer.status_code == 303
    member = Membership.objects.get(report=report)
    assert (member.problem, member.how) == (problem, Membership.REPORTER)


def test_it_is_taken_back_before_sending(client, problem):
    client.post("/report/what/", {"what": WORDS, "known": problem.key})
    assert client.post("/report/what/", {"known": "none"})["Location"].endswith("/report/kind/")
    client.post("/report/reach/", {"email": "zoe@example.org"})
    client.post("/report/send/")
    report = Report.objects.latest("pk")
    work(report.received_at)
    assert not Membership.objects.filter(report=report).exists()
    assert report.messages.order_by("id").first().body == WORDS


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_page_of_a_report_asks_once(client, problem, cast, answer):
    from django.utils import timezone

    now = timezone.now()
    report = file_report(cast, now, key="second-of-all")
    work(now)
    client.get(f"/r/{access.make_link(report, cast.ana, by=SYSTEM, at=now)}/")
    page = f"/r/{report.number}/"
    assert "Is this what you see?" in client.get(page).content.decode()
    client.post(f"{page}me-too/", {"known": problem.key, "answer": answer})
    assert "Is this what you see?" not in client.get(page).content.decode()
    assert Membership.objects.filter(report=report, problem=problem).exists() is (answer == "yes")


def test_a_key_of_nothing_does_nothing(client, problem, cast):
    from django.utils import timezone

    now = timezone.now()
    report = file_report(cast, now, key="third-of-all")
    client.get(f"/r/{access.make_link(report, cast.ana, by=SYSTEM, at=now)}/")
    answer = client.post(f"/r/{report.number}/me-too/", {"known": "x" * 500, "answer": "yes"}, follow=True)
    assert "no longer open" in answer.content.decode()
    assert not Membership.objects.filter(report=report).exists()
