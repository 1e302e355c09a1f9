"""The regular review: opened by the clock, promised, written, decided on, signed; then it stays as it is."""

from datetime import date, timedelta

import pytest

from makegood.life.beginning import begin
from makegood.life.insights import pack, paper, reviews, rolling, sheet
from makegood.life.insights.models import Improvement, Review
from makegood.life.problems import actions as problems
from makegood.life.promises import book, kinds
from makegood.life.promises.actions import NeedsReason
from makegood.life.promises.models import Promise
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Report
from tests.life.case import file_report, work

DAY = timedelta(days=1)


@pytest.fixture
def desk(cast, monday):
    book.install_defaults(monday - 60 * DAY)
    begin(monday)
    return cast


@pytest.fixture
def review(desk, monday):
    """Of the week before; a report came in then."""
    file_report(desk, monday - 4 * DAY)
    rolling.rebuild(monday)
    reviews.open_due(monday)
    return Review.objects.get(kind="week")


def test_the_clock_opens_the_week_that_is_over_once_and_promises_to_hold_it(review, monday):
    assert (review.first, review.last) == (date(2026, 11, 9), date(2026, 11, 15))
    assert reviews.open_due(monday + timedelta(hours=1)) == 0
    owed = Promise.objects.get(about=review.about)
    assert (owed.kind, owed.state, owed.due_at > monday) == (kinds.REVIEW, "open", True)


def test_nothing_is_opened_for_weeks_in_which_nobody_was_at_work(desk, monday):
    assert reviews.open_due(monday) == 0
    file_report(desk, monday)
    assert reviews.open_due(monday) == 0


def test_a_month_is_opened_when_it_is_over(desk, monday):
    file_report(desk, monday - 30 * DAY)
    reviews.open_due(monday)
    assert Review.objects.get(kind="month").first == date(2026, 10, 1)


def test_every_lead_is_told_by_mail_once(review, desk, monday):
    work(monday)
    work(monday)
    mail = OutgoingMail.objects.get(purpose="review")
    assert mail.to_email == desk.emil.email
    assert f"/console/review/{review.key}/" in mail.text


def test_what_is_signed_stays_as_it_was_whatever_happens_later(review, desk, monday):
    reviews.write(review, by=desk.emil.actor, at=monday, version=1, notes="A quiet week.", reasons={})
    signed = reviews.sign(review, by=desk.emil, at=monday)
    assert (signed.signed_name, signed.signed_at) == ("Emil Ek", monday)
    assert signed.figures["came"] == [1, 0]
    file_report(desk, monday - 3 * DAY, key="late-one")
    rolling.rebuild(monday)
    signed.refresh_from_db()
    assert pack.of(signed, desk.emil, now=monday + DAY)["came"] == [1, 0]
    assert Promise.objects.get(about=review.about).state == "kept"
    assert LedgerEntry.objects.filter(kind="review.signed", about=review.about).count() == 1


def test_after_signing_nothing_can_be_written_decided_or_signed_again(review, desk, monday):
    reviews.sign(review, by=desk.emil, at=monday)
    with pytest.raises(reviews.Signed):
        reviews.write(review, by=desk.emil.actor, at=monday, version=2, notes="Later.", reasons={})
    with pytest.raises(reviews.Signed):
        reviews.decide(review, "More hands", by=desk.emil.actor, at=monday, owner=desk.dora, due_on=date(2026, 12, 1))
    with pytest.raises(reviews.Signed):
        reviews.sign(review, by=desk.emil, at=monday)


def test_two_who_write_do_not_overwrite_one_another(review, desk, monday):
    reviews.write(review, by=desk.emil.actor, at=monday, version=1, notes="Mine.", reasons={})
    with pytest.raises(reviews.Changed):
        reviews.write(review, by=desk.ada.actor, at=monday, version=1, notes="Mine instead.", reasons={})


@pytest.fixture
def improvement(review, desk, monday):
    due = date(2026, 11, 30)
    return reviews.decide(review, "Two people at noon", by=desk.emil.actor, at=monday, owner=desk.dora, due_on=due)


def test_what_is_decided_is_promised_by_its_owner_and_kept_when_it_is_done(improvement, desk, monday):
    owed = Promise.objects.get(about=improvement.about)
    assert (owed.kind, owed.agent, owed.state) == (kinds.ACTION, desk.dora, "open")
    reviews.end(improvement, Improvement.DONE, by=desk.dora.actor, at=monday + DAY)
    owed.refresh_from_db()
    assert (owed.state, owed.broken_at) == ("kept", None)
    with pytest.raises(reviews.Ended):
        reviews.end(improvement, Improvement.DONE, by=desk.dora.actor, at=monday + DAY)


def test_dropping_takes_a_reason(improvement, desk, monday):
    with pytest.raises(NeedsReason):
        reviews.end(improvement, Improvement.DROPPED, by=desk.emil.actor, at=monday)
    reviews.end(improvement, Improvement.DROPPED, by=desk.emil.actor, at=monday, reason="No longer needed.")
    assert Promise.objects.get(about=improvement.about).state == "withdrawn"


def test_what_is_late_is_named_in_the_next_review(improvement, review, desk, monday):
    later = monday + 21 * DAY
    found = pack.figures(review, desk.emil, now=later)
    assert [one["words"] for one in found["late"]] == ["Two people at noon"]
    assert pack.figures(review, desk.emil, now=monday)["late"] == []


def test_what_is_about_a_problem_becomes_an_action_of_it(improvement, desk, monday):
    problem = problems.open_problem("The claims page answers 500", by=desk.emil.actor, at=monday)
    action = reviews.make_action(improvement, problem, by=desk.emil.actor, at=monday)
    improvement.refresh_from_db()
    assert (action.title, action.owner, improvement.state) == ("Two people at noon", desk.dora, "action")
    assert Promise.objects.get(about=improvement.about).state == "withdrawn"


def test_an_improvement_says_what(review, desk, monday):
    for words in ("", "  ", "x" * 301):
        with pytest.raises(reviews.NeedsWords):
            reviews.decide(review, words, by=desk.emil.actor, at=monday, owner=desk.dora, due_on=date(2026, 12, 1))


def test_agents_and_engineers_find_no_review(review, desk):
    for person in (desk.dora, desk.eve, desk.fay):
        with pytest.raises(NotFound):
            reviews.access_review(person, review.key)
    assert reviews.access_review(desk.emil, f"REV-{review.pk}") == review


def test_broken_promises_are_named_with_who_had_them_and_our_words(desk, monday):
    report = file_report(desk, monday - 4 * DAY)
    Promise.objects.filter(report=report, kind=kinds.HEAR_BACK).update(due_at=monday - 3 * DAY)
    rolling.rebuild(monday)
    reviews.open_due(monday)
    review = Review.objects.get(kind="week")
    reviews.write(
        review, by=desk.emil.actor, at=monday, version=1, notes="", reasons={kinds.HEAR_BACK: "Two were ill."}
    )
    review.refresh_from_db()
    found = pack.figures(review, desk.emil, now=monday)
    assert [(one["report"], one["kind"], one["open"]) for one in found["broken"]] == [
        (report.pk, kinds.HEAR_BACK, True)
    ]
    kept = next(one for one in sheet.sections(review, found, desk.emil) if one.slug == "kept")
    assert "Two were ill." in [cell.words for row in kept.rows for cell in row]


def test_words_of_customers_are_not_copied_into_what_is_signed(review, desk, monday):
    Report.objects.update(title="Nobody may read this")
    signed = reviews.sign(review, by=desk.emil, at=monday)
    assert "Nobody may read this" not in str(signed.figures)


def test_the_paper_has_the_sections_of_the_page(review, desk, monday):
    import io

    from pypdf import PdfReader

    found = pack.of(review, desk.emil, now=monday)
    drawn = paper.draw(review, found, desk.emil)
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(drawn)).pages)
    assert "Weekly review, 9 Nov 2026 to 15 Nov 2026" in text
    assert "Not signed yet." in text
    for section in sheet.sections(review, found, desk.emil):
        assert section.title in text
