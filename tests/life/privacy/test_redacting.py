"""One message or one file taken out of everything, for good; that it was there stays, with who took it out and why."""

import io
from datetime import timedelta

import pytest
from django.conf import settings

from makegood.engine import files
from makegood.life.beginning import begin
from makegood.life.diagnosis import actions as diagnosis
from makegood.life.diagnosis import document
from makegood.life.escalation import actions as escalation
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.privacy import redacting
from makegood.life.promises import book
from makegood.life.reports import attachments, conversation
from makegood.life.reports.models import Attachment, LedgerEntry, Message, Report
from makegood.life.updates import actions as updates
from tests.life.case import work
from tests.life.post.mails import arrive, mail
from tests.life.privacy.stories import HOUR, where

WORD = "quibblesworth"
SAID = f"My diagnosis is {WORD}.\nPlease do not tell my employer about it."


@pytest.fixture
def now(db, monday, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    book.install_defaults(monday)
    begin(monday)
    return monday


@pytest.fixture
def report(cast, now):
    told = Told(what=SAID, email="ana@example.org", idempotency_key="one-1", facts={"expected": "A page."})
    report = intake.file(told, at=now).report
    work(now)
    return Report.objects.get(pk=report.pk)


def first(report):
    return report.messages.filter(said_by="contact").earliest("id")


def take_out(found, cast, now, reason="Health data"):
    redacting.message(found, by=cast.emil.actor, at=now, reason=reason)
    for step in range(20):  # an index that others have written to is merged in several
        work(now + step * timedelta(seconds=1))


def test_the_words_are_nowhere_any_more(cast, report, now):
    escalation.escalate(report, team=cast.platform, reason="Urgent.", by=cast.dora.actor, at=now)
    updates.reply(
        report, f"You wrote:\n> My diagnosis is {WORD}.\nThank you.", by=cast.dora.actor, at=now, next_at=now + 8 * HOUR
    )
    work(now + HOUR)
    assert {"reports_message", "reports_report", "intake_incoming", "escalation_escalation"} <= where(WORD)
    take_out(first(report), cast, now + HOUR)
    assert where(WORD) == set()


def test_a_mail_goes_as_it_came_too(cast, now):
    arrive(mail(SAID, subject=f"About {WORD}", is_verified=True), now)
    report = Report.objects.get()
    assert any(place.startswith("files/") for place in where(WORD))
    take_out(first(report), cast, now)
    assert where(WORD) == set()


def test_it_stays_that_something_was_said_and_who_took_it_out(cast, report, now):
    found = first(report)
    take_out(found, cast, now)
    left = Message.objects.get(pk=found.pk)
    assert (left.body, left.name, left.at) == ("[redacted]", found.name, found.at)
    entry = LedgerEntry.objects.get(kind="privacy.redacted")
    assert (entry.actor_name, entry.reason, entry.data["message"]) == (cast.emil.name, "Health data", found.pk)
    assert Report.objects.get(pk=report.pk).title == "[redacted]"
    assert WORD not in str(document.snapshot(Report.objects.get(pk=report.pk), at=now))


def test_other_words_of_the_report_stay(cast, report, now):
    conversation.say(report, "The page stays white.", by=cast.ana.actor, at=now)
    diagnosis.answer_many(report, {"error-message": "Error 500"}, by=cast.ana.actor, at=now, source="portal")
    take_out(first(report), cast, now)
    assert report.messages.filter(body="The page stays white.").exists()
    assert report.answers.get(question__slug="error-message").text == "Error 500"


def test_a_reason_is_needed_and_once_is_enough(cast, report, now):
    with pytest.raises(redacting.NeedsReason):
        redacting.message(first(report), by=cast.emil.actor, at=now, reason=" ")
    take_out(first(report), cast, now)
    with pytest.raises(redacting.Gone):
        redacting.message(first(report), by=cast.emil.actor, at=now, reason="Again")


def test_a_file_goes_with_its_bytes_its_words_and_its_name(cast, report, now):
    stream = io.BytesIO(f"log {WORD}".encode())
    found = attachments.attach(report, stream, name=f"{WORD}.log", by=cast.ana.actor, at=now)
    work(now)
    redacting.file(found, by=cast.emil.actor, at=now, reason="Not theirs")
    work(now)
    first_words = where(WORD) - {"reports_message", "reports_report", "intake_incoming", "engine_searchdocument"}
    assert not any(place.startswith("files/") for place in first_words)
    left = Attachment.objects.get(pk=found.pk)
    assert (left.name, left.storage_key, left.removed_at) == ("[redacted]", "", now)
    assert not files.path_of(found.storage_key).exists()
    assert settings.DATA_DIR.exists()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (SAID, "[redacted]"),
        (f"Ana said: {SAID} So?", "Ana said: [redacted] So?"),
        ("Please do not tell my employer", "[redacted]"),
        ("> Please do not tell my employer about it.\nOf course not.", "[redacted]\nOf course not."),
        ("Please", "Please"),
        ({"happened": [SAID], "n": 3}, {"happened": ["[redacted]"], "n": 3}),
    ],
)
def test_copies_are_found_whole_in_part_and_as_quotes(text, left):
    assert redacting.without(text, [SAID]) == left
