"""A report is filed once, whole, and never lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from makegood.life.intake import actions, drafts
from makegood.life.intake.actions import KeptUnfiled, KeyUsed, Unreachable
from makegood.life.intake.models import Incoming
from makegood.life.intake.telling import Told, severity
from makegood.life.people.models import Contact
from makegood.life.people.reaching import BadEmail, BadPhone
from makegood.life.promises.models import Promise
from makegood.life.reports import access
from makegood.life.reports.conversation import EmptyMessage
from makegood.life.reports.models import AccessLink, Category, LedgerEntry, Report

pytestmark = pytest.mark.django_db
TOLD = Told(
    what="The claims page shows an error 500. It did so twice.\nI pressed Send.",
    idempotency_key="k" * 32,
    name="Ana Alvarez",
    email="Ana@Example.org ",
    facts={"expected": "A list of my claims"},
    environment={"browser": "Firefox 140"},
)


def test_the_words_become_a_report_with_a_promise_and_a_link(cast, monday):
    filed = actions.file(TOLD, at=monday)
    report = Report.objects.get()
    assert report == filed.report
    assert (report.title, report.contact, report.organisation) == (
        "The claims page shows an error 500",
        cast.ana,
        cast.acme,
    )
    assert report.team == cast.desk
    assert report.messages.get().body == TOLD.what
    assert filed.promised_at > monday
    assert access.report_by_token(filed.token, now=monday) == (report, cast.ana)


def test_the_acknowledgement_on_screen_keeps_its_promise_and_news_stay_owed(cast, monday):
    report = actions.file(TOLD, at=monday).report
    states = dict(Promise.objects.filter(report=report).values_list("kind", "state"))
    assert states == {"acknowledge": "kept", "hear_back": "open"}
    report.refresh_from_db()
    assert (report.owed_kind, report.owed_at) == ("hear_back", report.promises.get(kind="hear_back").due_at)


@pytest.mark.parametrize(
    ("channel", "state"),
    [("web", "kept"), ("widget", "kept"), ("api", "kept"), ("phone", "kept"), ("mail", "open")],
)
def test_only_an_answer_of_its_own_acknowledges_in_the_act(cast, monday, channel, state):
    report = actions.file(replace(TOLD, channel=channel), at=monday).report
    assert report.promises.get(kind="acknowledge").state == state
    assert {name for name, _words in Report.CHANNELS} - {"mail"} == set(actions.ANSWERED_AT_ONCE)


def test_what_arrived_is_kept_verbatim(cast, monday):
    actions.file(TOLD, at=monday)
    incoming = Incoming.objects.get()
    assert Told.from_raw(incoming.raw) == TOLD
    assert LedgerEntry.objects.get(kind="report.received").data["incoming"] == incoming.pk


def test_sending_twice_gives_the_same_number_and_the_same_link(cast, monday):
    first = actions.file(TOLD, at=monday)
    again = actions.file(TOLD, at=monday + timedelta(minutes=5))
    assert (again.report, again.token, again.promised_at) == (first.report, first.token, first.promised_at)
    assert again.is_repeat
    assert Report.objects.count() == AccessLink.objects.count() == Incoming.objects.count() == 1


def test_a_key_does_not_open_somebody_elses_report(cast, monday):
    actions.file(TOLD, at=monday)
    with pytest.raises(KeyUsed):
        actions.file(replace(TOLD, what="Let me in"), at=monday)


def test_a_stranger_becomes_a_contact_and_known_facts_stay(cast, monday):
    actions.file(
        replace(TOLD, email="new@example.org", name="Nia", preferred_way="phone", phone="+49 30 1234"), at=monday
    )
    assert Contact.objects.get(email="new@example.org").preferred_way == "phone"
    actions.file(replace(TOLD, idempotency_key="j" * 32, name="Somebody Else"), at=monday)
    assert Contact.objects.get(email="ana@example.org").name == "Ana Alvarez"


def test_without_a_way_back_or_words_nothing_is_filed(cast, monday):
    with pytest.raises(Unreachable):
        actions.file(replace(TOLD, email=""), at=monday)
    with pytest.raises(EmptyMessage):
        actions.file(replace(TOLD, what="  \n "), at=monday)
    assert not Report.objects.exists()


def test_a_fault_of_ours_loses_nothing_and_is_put_right_by_itself(cast, monday, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(actions, "_link", broken)
        with pytest.raises(KeptUnfiled):
            actions.file(TOLD, at=monday)
        with pytest.raises(KeptUnfiled):
            actions.file(TOLD, at=monday)
        assert actions.file_kept(monday) == 0
    assert not Report.objects.exists()
    assert "a bug" in Incoming.objects.get().error
    assert actions.file_kept(monday + timedelta(minutes=1)) == 1
    report = Report.objects.get()
    assert report.received_at == monday
    assert Incoming.objects.get().report == report
    assert report.promises.get(kind="acknowledge").state == "open"


def test_the_category_brings_severity_and_desk_but_never_skips_escalation(cast, monday):
    Category.objects.create(slug="sign-in", default_severity="high", default_team=cast.platform)
    report = actions.file(replace(TOLD, category="sign-in", hindrance="blocked"), at=monday).report
    assert (report.severity, report.severity_rank, report.team) == ("high", 1, cast.desk)


def test_severity_follows_what_it_stops_people_from_doing():
    assert severity("medium", hindrance="blocked", kind="error") == "high"
    assert severity("high", hindrance="blocked", kind="error") == "high"
    assert severity("medium", hindrance="workaround", kind="error") == "medium"
    assert severity("high", hindrance="cosmetic", kind="error") == "medium"
    assert severity("low", hindrance="cosmetic", kind="error") == "low"
    assert severity("high", hindrance="blocked", kind="question") == "low"


def test_on_the_phone_the_words_are_the_reporters_and_the_deed_is_the_agents(cast, monday):
    told = replace(TOLD, channel="phone", email="", phone="+49 30 1", name="Old Oskar")
    report = actions.take_by_phone(told, by=cast.dora.actor, at=monday).report
    assert report.contact.phone == "+49 30 1"
    assert report.messages.get().said_by == "contact"
    assert LedgerEntry.objects.get(kind="report.received").actor_name == "Dora Dahl"


def test_a_draft_is_filed_with_its_files_and_then_forgets_the_words(cast, monday):
    draft, secret = drafts.begin(at=monday)
    drafts.save(draft, {"what": "secret words"}, at=monday)
    draft.files.create(name="a.png", media_type="image/png", size=3, sha256="0" * 64, storage_key="s", at=monday)
    filed = actions.file(TOLD, at=monday, draft=draft)
    found = drafts.find(secret, now=monday)
    assert (found.report, found.data, found.files.count()) == (filed.report, {}, 0)
    assert filed.report.attachments.get().name == "a.png"
    assert filed.report.messages.get().attachments.count() == 1


def test_filing_takes_a_known_number_of_queries(cast, monday, django_assert_max_num_queries):
    actions.file(TOLD, at=monday)
    with django_assert_max_num_queries(18):
        actions.file(replace(TOLD, idempotency_key="q" * 32), at=monday)


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [({"phone": "12"}, BadPhone), ({"phone": "n/a"}, BadPhone), ({"phone": "1" * 41}, BadPhone)]
    + [({"email": "ana at example"}, BadEmail), ({"second_email": "ana@"}, BadEmail)],
)
@pytest.mark.parametrize("channel", ["web", "phone", "api", "widget"])
def test_nobody_is_filed_under_what_cannot_reach_them(cast, monday, channel, wrong, refused):
    with pytest.raises(refused):
        actions.file(replace(TOLD, channel=channel, **wrong), at=monday)
    assert not Report.objects.exists()


def test_whoever_writes_again_need_not_put_an_old_number_right_first(cast, monday):
    first = actions.file(TOLD, at=monday).report
    Contact.objects.filter(pk=first.contact_id).update(phone="12")
    told = replace(TOLD, idempotency_key="n" * 32, phone="12", follows=first.pk)
    assert actions.file(told, at=monday).report.follows == first
