"""Is this known? Problems and reports alike, for those who may see them; known errors in public words."""

from datetime import timedelta

import numpy as np
import pytest

from makegood.engine.models import SimilarDocument
from makegood.engine.similar import sentences
from makegood.lib import signatures
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis import catalogue
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.problems import actions, indexing_anew, known, membership, news, offering, queries
from makegood.life.problems.comparable import question_of_words
from makegood.life.problems.models import Membership
from makegood.life.reports import actions as reports
from makegood.life.reports.models import Report
from tests.again import again
from tests.life.case import file_report, told, work

MINUTE = timedelta(minutes=1)
UPLOAD = "The upload of my invoice stops at 99 percent and shows TIMEOUT_UPLOAD."
PUBLIC = {
    "public_titles": {"en": "Uploads stop at 99 percent", "de": "Hochladen bleibt bei 99 Prozent stehen"},
    "public_texts": {"en": "Uploading an invoice stops at 99 percent. We are working on it."},
    "public_workarounds": {"en": "Send the invoice by post."},
}


def tell(words, key, at, email="cem@example.org", **more):
    report = intake.file(Told(words, key, email=email, **more), at=at).report
    work(at)
    return Report.objects.get(pk=report.pk)


@pytest.fixture
def others(cast, monday):
    """Six others told of the upload, and three of something else."""
    return again(lambda: tell_of_others(monday), monday)


def tell_of_others(monday):
    said = [f"{UPLOAD} It is file number {n}." for n in range(6)]
    said += ["I cannot sign in, the code never arrives.", "My daughter is missing.", "The price is wrong."]
    return [tell(words, f"others-{n:06}-key", monday + n * MINUTE, f"p{n}@example.org") for n, words in enumerate(said)]


@pytest.fixture
def problem(cast, monday, others):
    """A known error, public, with the six as members."""
    return again(lambda: open_known(cast, monday, others), monday)


def open_known(cast, monday, others):
    made = actions.open_problem("Upload times out at the proxy", by=cast.emil.actor, at=monday, **PUBLIC)
    for report in others[:6]:
        membership.join(made, report, by=cast.dora.actor, at=monday)
    news.publish(made, by=cast.emil.actor, at=monday, next_news_at=monday + timedelta(hours=6))
    work(monday)
    return made


def test_the_most_alike_come_first_with_the_reason(cast, monday, others):
    report = tell("Upload of invoice hangs at 99 percent, TIMEOUT_UPLOAD on screen.", "mine-0000001", monday)
    found = known.like(cast.emil, report, now=monday)
    assert {one.report.pk for one in found[:6]} == {one.pk for one in others[:6]}
    assert "upload" in found[0].reasons.words


def test_members_are_shown_as_their_problem_once(cast, monday, problem, others):
    report = tell("Upload of invoice hangs at 99 percent.", "mine-0000002", monday)
    found = known.like(cast.emil, report, now=monday)
    assert [one.problem for one in found].count(problem) == 1
    assert found[0].problem == problem
    membership.join(problem, report, by=cast.dora.actor, at=monday)
    assert problem not in [one.problem for one in known.like(cast.emil, report, now=monday)]


def test_what_one_may_not_see_is_neither_shown_nor_votes(cast, monday, problem, others):
    for report in others[:6]:
        Report.objects.filter(pk=report.pk).update(team=cast.platform)
        reports.protect(report, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    actions.protect(problem, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    mine = tell("Upload of invoice hangs at 99 percent.", "mine-0000003", monday)
    assert not {one.number for one in known.like(cast.dora, mine, now=monday)} & {
        problem.number,
        *(report.number for report in others[:6]),
    }
    assert known.like(cast.emil, mine, now=monday)[0].problem == problem


def test_nothing_is_joined_because_texts_are_alike(cast, monday, problem):
    report = tell(UPLOAD, "mine-0000004", monday)
    assert queries.problem_of(report) is None


def test_a_known_error_is_offered_while_one_writes(cast, monday, problem):
    offered = offering.for_words("upload stops at 99 percent", "de", now=monday)
    assert [(one.key, one.known.title, one.known.others) for one in offered] == [
        (problem.key, "Hochladen bleibt bei 99 Prozent stehen", 6)
    ]
    assert offering.for_words("upload", "en", now=monday) == []
    assert offering.for_words("the weather is nice today in the north", "en", now=monday) == []
    news.unpublish(problem, by=cast.emil.actor, at=monday)
    assert offering.for_words("upload stops at 99 percent", "en", now=monday) == []


def test_the_acknowledgement_says_that_it_may_be_known(cast, monday, problem):
    report = tell(UPLOAD, "mine-0000005", monday)
    assert "It may be something we know of already: “Uploads stop at 99 percent”." in told(report)[0].body
    other = tell("My daughter is missing from the family list.", "mine-0000006", monday)
    assert "know of already" not in told(other)[0].body


def test_who_says_that_is_it_belongs_from_the_start_and_is_told_what_is_known(cast, monday, problem):
    report = tell(UPLOAD, "mine-0000007", monday, known=problem.key)
    member = Membership.objects.get(report=report)
    assert (member.problem, member.how) == (problem, Membership.REPORTER)
    said = told(report)[0].body
    assert "6 others see this too: “Uploads stop at 99 percent”." in said
    assert "Until then: Send the invoice by post." in said
    assert "proxy" not in said


def test_me_too_is_one_click_and_twice_is_once(cast, monday, problem):
    report = tell(UPLOAD, "mine-0000008", monday)
    assert offering.for_report(report, "en", now=monday).key == problem.key
    first = offering.me_too(report, problem.key, by=cast.cem.actor, at=monday)
    assert offering.me_too(report, problem.key, by=cast.cem.actor, at=monday) == first
    assert offering.for_report(report, "en", now=monday) is None
    with pytest.raises(offering.NoLongerOffered):
        offering.me_too(report, "no-such-key", by=cast.cem.actor, at=monday)


def test_not_mine_is_not_offered_again(cast, monday, problem):
    report = tell(UPLOAD, "mine-0000009", monday)
    offering.not_mine(report, problem.key, by=cast.cem.actor, at=monday)
    offering.not_mine(report, problem.key, by=cast.cem.actor, at=monday)
    assert offering.for_report(report, "en", now=monday) is None
    assert report.ledger.filter(kind="problem.not_mine").count() == 1


@pytest.mark.parametrize("is_later", [False, True])
def test_what_an_answer_says_a_machine_said_is_compared(cast, monday, others, is_later):
    catalogue.install()
    given = {"reference-code": "Ja: 7F2A-88B1"}
    first = tell("Ganz andere Worte.", "answer-00001", monday, answers={} if is_later else given)
    if is_later:
        diagnosis.answer_many(first, given, by=first.contact.actor, at=monday, source="portal")
        work(monday)
    second = tell("Nothing happens.", "answer-00002", monday, environment={"X-Event-Id": "7f2a-88b1"})
    found = known.like(cast.emil, second, now=monday)[0]
    assert (found.report, found.reasons.signatures[0].kind) == (first, "reference")


def test_everything_indexed_anew_finds_the_same(cast, monday, problem):
    report = tell("Upload of invoice hangs at 99 percent.", "mine-0000010", monday)
    before = [(one.number, round(one.score, 6)) for one in known.like(cast.emil, report, now=monday)]
    assert [*indexing_anew.index_again(step=4)]
    assert [(one.number, round(one.score, 6)) for one in known.like(cast.emil, report, now=monday)] == before


def test_spam_is_like_nothing(cast, monday, others):
    spam = others[0]
    Report.objects.filter(pk=spam.pk).update(close_reason="spam", state="closed")
    known.put_report(Report.objects.get(pk=spam.pk))
    report = file_report(cast, monday, key="ana-spam-01")
    assert spam.pk not in {one.report.pk for one in known.like(cast.emil, report, now=monday) if one.report}


class Reader:
    """A sentence model to which all sentences are one."""

    number, reads_all = 7, True

    def vector(self, text, tokens):
        return np.ones(4, dtype=np.float32) / 2


def test_a_sentence_model_reads_what_it_has_not_read_and_nothing_twice(cast, monday, problem, monkeypatch):
    monkeypatch.setattr(sentences, "model", Reader)
    everything = SimilarDocument.objects.count()
    assert list(known.understand_all()) == [everything]
    assert not SimilarDocument.objects.filter(vector=None).exists()
    assert list(known.understand_all()) == []
    assert Membership.objects.filter(problem=problem, left_at=None).count() == 6
    assert SimilarDocument.objects.exclude(cluster="").count() == 7


def test_a_report_that_comes_in_is_read_by_the_sentence_model(cast, monday, monkeypatch):
    monkeypatch.setattr(sentences, "model", Reader)
    report = tell(UPLOAD, "meant-000001", monday)
    assert SimilarDocument.objects.get(kind="report", ref=report.pk).vector is not None


def test_an_error_message_colleagues_wrote_down_is_the_first_reason_also_in_quotation_marks(cast, monday, others):
    made = actions.open_problem("Sign-in loses the session", by=cast.emil.actor, at=monday)
    listed = {"signatures": ["Your session is invalid"], "symptom": "Members are sent back to the start page."}
    actions.edit(made, by=cast.emil.actor, at=monday, **listed)
    work(monday)
    said = "Cannot sign in although my password is right. I get 'Your session is invalid' each time I sign in."
    report = tell(said, "mine-0000004", monday)
    typed = known.like_question(cast.dora, question_of_words(said), now=monday)
    for found in (known.like(cast.dora, report, now=monday), typed):
        mine = next(one for one in found if one.problem == made)
        assert mine.reasons.signatures[0].value == "Your session is invalid"


def test_a_known_error_is_offered_for_its_error_message_whatever_else_somebody_writes(cast, monday, problem):
    actions.edit(problem, by=cast.emil.actor, at=monday, signatures=["The lock could not be taken"])
    work(monday)
    typed = "Every Monday after breakfast, on my sister's tablet: “the lock could not be taken”, whatever that is"
    offered = offering.for_words(typed, "en", now=monday)
    assert [offer.key for offer in offered] == [problem.key]
    assert offered[0].why[0] == "message"
    assert offering.for_words("Every Monday after breakfast, on my sister's tablet", "en", now=monday) == []


def test_an_address_among_the_words_is_their_page(cast, monday):
    page = {"page": signatures.page_of("https://members.example/claims/2024")}
    for words in ("It fails at https://members.example/claims/2024.", "(https://www.members.example/Claims/2024?a=1)"):
        assert question_of_words(words).facets == page
    assert question_of_words("Thanks, https://members.example/").facets == {}
    told = question_of_words("It fails at https://members.example/claims/2024", page="/letters")
    assert told.facets == {"page": "/letters"}
