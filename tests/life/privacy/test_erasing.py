"""One person made unknown everywhere: counted before, confirmed, done in slices, certified; the facts stay."""

import pytest
from django.db import IntegrityError, transaction

from makegood.engine import search
from makegood.life.compensation.models import Entry
from makegood.life.post.models import IncomingMail
from makegood.life.privacy import erasing, mentions
from makegood.life.privacy.holdings import TABLE
from makegood.life.privacy.models import Erasure
from makegood.life.problems import actions as problems
from makegood.life.promises.models import Promise
from makegood.life.rca import actions as todo
from makegood.life.rca import writing as analyses
from makegood.life.reports.models import LedgerEntry, Message, OutgoingMail, Report
from tests.life.case import work
from tests.life.privacy.stories import ADDRESS, HOUR, NAME, WORD, erase, finish, where


@pytest.fixture
def cast(life):
    return life[0]


@pytest.fixture
def person(life):
    return life[1]


@pytest.fixture
def now(life, monday):
    return monday + 2 * HOUR


def test_nothing_of_them_is_left_anywhere(cast, person, now):
    before = where(WORD)
    for place in ("people_contact", "reports_message", "reports_outgoingmail", "post_incomingmail", "intake_incoming"):
        assert place in before
    for place in (
        "diagnosis_answer",
        "escalation_escalation",
        "hooks_delivery",
        "engine_searchdocument",
        "problems_problemnote",
        "compensation_entry",
        "compensation_compensation",
        "statuspage_subscriber",
        "rca_cause",
    ):
        assert place in before
    assert any(place.startswith("files/") for place in before)
    erase(cast, person, now)
    assert where(WORD) == set()


def test_the_facts_stay(cast, person, now):
    counts = {model: model.objects.count() for model in (Report, Message, LedgerEntry, OutgoingMail, Promise)}
    times = list(Report.objects.order_by("pk").values_list("pk", "received_at", "severity"))
    erase(cast, person, now)
    assert all(model.objects.count() >= count for model, count in counts.items())
    assert list(Report.objects.order_by("pk").values_list("pk", "received_at", "severity")) == times
    solved = LedgerEntry.objects.get(kind="report.solved")
    assert solved.actor_name == cast.dora.name
    assert IncomingMail.objects.exclude(sha256="").count() == 4, "the same mail again is known"


def test_money_is_never_changed_but_the_words_beside_it_may_go(cast, person, now):
    rows = list(Entry.objects.values_list("state", "minor", "booked", "actor_id"))
    assert Entry.objects.filter(reason__icontains=WORD).exists()
    erase(cast, person, now)
    assert list(Entry.objects.values_list("state", "minor", "booked", "actor_id")) == rows
    assert not Entry.objects.exclude(reason="").exists()
    for change in ({"reason": "other"}, {"minor": 1}, {"reason": "", "minor": 1}, {"actor_name": "Eve"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.update(**change)


def test_the_dry_run_counts_exactly_what_goes(cast, person, now):
    expected = {one.name: one.count for one in erasing.look(person)}
    assert expected["files"] == 2
    assert expected["mails_in"] == 4
    assert expected[mentions.NAME] > 2
    done = erase(cast, person, now)
    # Closing what is open says a last word, which goes as well.
    added = {"said_to_them", "ledger", "promises", "promise_steps", "hooks", "mails_out", "notices"}
    removed = {name: done.removed.get(name, 0) for name in expected}
    assert {n: c for n, c in removed.items() if n not in added} == {n: c for n, c in expected.items() if n not in added}
    assert all(removed[name] >= expected[name] for name in added & set(expected))


def test_what_was_open_ends_and_nobody_is_mailed(cast, person, now):
    mails = OutgoingMail.objects.count()
    assert erasing.open_reports(person) >= 2
    erase(cast, person, now)
    assert not Report.objects.filter(contact=person).exclude(state="closed").exists()
    assert OutgoingMail.objects.count() == mails
    assert not OutgoingMail.objects.filter(state="queued", to_email="").exists()
    assert not Promise.objects.filter(report__contact=person, state__in=Promise.PENDING).exists()


def test_what_colleagues_wrote_about_them_is_not_found_by_their_name_any_more(cast, person, now):
    problem = problems.open_problem("White page", by=cast.emil.actor, at=now)
    rca = analyses.begin(problem, by=cast.emil.actor, at=now)
    analyses.edit(rca, by=cast.emil.actor, at=now, overview=f"{NAME} saw it first.")
    todo.propose(problem, f"Call {NAME}", by=cast.emil.actor, at=now)
    work(now)
    kinds = ("rca", "action")
    assert {hit.kind for hit in search.find(NAME, kinds=kinds)} == set(kinds)
    erase(cast, person, now)
    assert search.find(NAME, kinds=kinds) == []


def test_a_slice_that_was_killed_is_done_again(cast, person, now, monkeypatch):
    made = erasing.start(person, by=cast.ada, at=now, typed=ADDRESS, reason="Letter")

    class Killed(Exception):
        pass

    def killed(*_args, **_more):
        raise Killed

    for place in range(len(TABLE)):
        made.refresh_from_db()
        payload = {"erasure": made.pk, "turn": made.turn}
        with monkeypatch.context() as patched:
            patched.setattr("makegood.life.privacy.erasing.publish", killed)
            with pytest.raises(Killed), transaction.atomic():
                erasing.run_slice(payload, now)
        if place % 3 == 0:
            erasing.run_slice(payload, now)
            erasing.run_slice(payload, now)  # an older turn does nothing
    finish(made, now)
    assert where(WORD) == set()
    assert {n: c for n, c in made.expected.items() if made.removed.get(n, 0) < c} == {}


@pytest.mark.parametrize(
    ("typed", "reason"), [("somebody@else.example", "Letter"), (ADDRESS, " "), (ADDRESS, f"Letter of {NAME}")]
)
def test_it_takes_the_address_typed_and_a_reason_without_the_name(cast, person, now, typed, reason):
    with pytest.raises(erasing.NotConfirmed):
        erasing.start(person, by=cast.ada, at=now, typed=typed, reason=reason)
    assert not Erasure.objects.exists()


def test_two_at_once_are_one(cast, person, now):
    erasing.start(person, by=cast.ada, at=now, typed=ADDRESS, reason="Letter")
    with pytest.raises(erasing.UnderWay):
        erasing.start(person, by=cast.ada, at=now, typed=ADDRESS, reason="Letter")
