"""A fault that three hundred people have: one more is offered it while typing; the desk looks at all, page by page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.people.models import Contact
from makegood.life.problems import actions, known, membership, news, queries
from makegood.life.problems.models import Membership
from makegood.life.promises.models import Promise
from makegood.life.reports.models import Report
from tests.doors.console.report_cast import file_report
from tests.journeys.desk import work

pytestmark = pytest.mark.journey
MANY = 300


@pytest.fixture
def fault(desk):
    """Public, and with 299 members: rows laid down at once, counted as every join counts them."""
    now = timezone.now() - timedelta(hours=2)
    problem = actions.open_problem(
        "Claims service: pool exhausted",
        by=desk.emil.actor,
        at=now,
        public_titles={"en": "The claims page shows an error"},
        public_texts={"en": "The claims page shows error 500. We are working on it."},
    )
    people = Contact.objects.bulk_create(
        Contact(name=f"Person {n}", email=f"person{n}@members.example", created_at=now) for n in range(MANY - 1)
    )
    reports = Report.objects.bulk_create(
        Report(
            title=f"Claims fail, case {n}",
            contact=person,
            team=desk.desk,
            received_at=now,
            updated_at=now,
            owed_at=now + timedelta(days=2),
            owed_kind="hear_back",
            owed_state="running",
        )
        for n, person in enumerate(people)
    )
    Membership.objects.bulk_create(
        Membership(problem=problem, report=one, joined_at=now, joined_by="Emil Ek") for one in reports
    )
    membership.count_anew(problem, at=now)
    news.publish(problem, by=desk.emil.actor, at=now)
    known.put_problem(problem)
    work(now)
    problem.refresh_from_db()
    return problem


def test_the_three_hundredth_joins_by_one_click_while_typing(fault, desk, new_page, check_axe):
    page = new_page(width=390, height=844)
    page.goto("/report/what/")
    page.get_by_label("What happened?").press_sequentially("The claims page shows error 500 again")
    offer = page.get_by_role("region", name="Known already")
    expect(offer.get_by_text("299 others see this too: The claims page shows an error")).to_be_visible()
    expect(offer.get_by_text("Next news")).to_be_visible()
    assert "pool" not in page.content()
    assert "Person" not in page.content()
    check_axe(page)
    offer.get_by_role("button", name="That is what I see").click()
    page.wait_for_url("**/report/reach/")
    page.get_by_label("E-mail address", exact=True).fill("zoe@example.org")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Known already")).to_be_visible()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("MG-").first).to_be_visible()
    work(timezone.now())
    member = Membership.objects.get(report__contact__email="zoe@example.org")
    assert (member.problem, member.how) == (fault, Membership.REPORTER)
    fault.refresh_from_db()
    assert (fault.reports_count, fault.people_count) == (MANY, MANY)


def test_the_desk_goes_through_all_of_them_and_takes_one_out_and_back(fault, desk, signed_in, check_axe):
    page = signed_in("emil")
    page.goto("/console/problems/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/problems/{fault.number}/")
    expect(page.locator("#members-title .count")).to_have_text(str(MANY - 1))
    check_axe(page)
    seen = set()
    for _page in range(6):
        shown = page.locator("#members .problem__member a").all_inner_texts()
        assert len(shown) in (50, 49)
        assert not seen & set(shown)
        seen |= set(shown)
        if len(seen) < MANY - 1:
            page.locator("#members").get_by_role("link", name="Earlier ones").click()
            expect(page.locator("#members .problem__member a").first).not_to_have_text(shown[0])
    assert len(seen) == MANY - 1

    # The oldest of all stands on the last page: out, and back by z.
    oldest = Report.objects.earliest("pk")
    page.get_by_role("button", name=f"Take out {oldest.number}", exact=True).click()
    page.locator(".toast", has_text="no longer belongs").wait_for()
    page.keyboard.press("z")
    page.get_by_text("Taken back.").wait_for()
    assert queries.problem_of(oldest) == fault

    # Triage of one of them finds the problem by its number.
    page.goto(f"/console/reports/{oldest.pk}/triage/")
    check_axe(page)
    page.get_by_label("Words or number").fill(fault.number)
    expect(page.get_by_text(fault.title).first).to_be_visible()

    # Back from the problem is the list.
    page.goto("/console/problems/")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url(f"**/console/problems/{fault.number}/")
    page.keyboard.press("u")
    page.wait_for_url("**/console/problems/")


def as_it_stands(report):
    """All there is of a report, but for what the history tells of it."""
    promises = Promise.objects.filter(report=report).order_by("pk").values_list("pk", "kind", "state", "due_at")
    said = report.messages.order_by("pk").values_list("pk", "body")
    return Report.objects.filter(pk=report.pk).values().get(), list(promises), list(said), queries.problem_of(report)


def test_triage_beside_three_hundred_is_a_key_a_report_and_back_by_one(fault, desk, signed_in):
    """By keyboard alone, from the queue and back to it."""
    now = timezone.now()
    told = "The claims page shows error 500 again."
    first, second = (
        file_report(desk, now, key=f"late-{who.pk}", name=who.name, email=who.email, what=told)
        for who in (desk.ana, desk.ben)
    )
    work(now)
    one = {report: as_it_stands(report) for report in (first, second)}
    page = signed_in("dora")
    page.emulate_media(reduced_motion="reduce")

    def counted():
        fault.refresh_from_db()
        return fault.reports_count, fault.people_count, Membership.objects.filter(problem=fault, left_at=None).count()

    def triage(report):
        """From its row in the queue, by d, to the question whether it is known."""
        page.goto(f"/console/queue/?q={report.number}")
        page.keyboard.press("j")
        page.keyboard.press("d")
        page.wait_for_url(f"**/reports/{report.pk}/triage/")
        page.wait_for_load_state()  # keys are heard from then on

    def join(report):
        triage(report)
        key = page.get_by_role("button", name=f"Join {fault.number}").first.locator("kbd").inner_text()
        page.keyboard.press(key)
        page.locator(".toast", has_text=f"{report.number} belongs to {fault.number}").wait_for()

    # Two join, each by one key.
    assert counted() == (MANY - 1, MANY - 1, MANY - 1)
    join(first)
    join(second)
    assert counted() == (MANY + 1, MANY + 1, MANY + 1)

    # The second was a slip: z, and it is as it was; the first stays.
    page.keyboard.press("z")
    page.locator(".toast", has_text="Taken back.").wait_for()
    assert as_it_stands(second) == one[second]
    assert counted() == (MANY, MANY, MANY)

    # The first leaves as well, and is exactly as before.
    triage(first)
    page.keyboard.press("t")
    page.locator(".toast", has_text="no longer belongs").wait_for()
    assert as_it_stands(first) == one[first]
    assert counted() == (MANY - 1, MANY - 1, MANY - 1)

    # One of the three hundred is about something else: split off, and that taken back too.
    odd = Report.objects.get(title="Claims fail, case 150")
    triage(odd)
    page.keyboard.press("Shift+T")
    page.locator(".toast", has_text=f"split from {fault.number}").wait_for()
    assert queries.problem_of(odd) not in (None, fault)
    assert counted() == (MANY - 2, MANY - 2, MANY - 2)
    page.keyboard.press("z")
    page.locator(".toast", has_text="Taken back.").wait_for()
    assert queries.problem_of(odd) == fault
    assert counted() == (MANY - 1, MANY - 1, MANY - 1)
