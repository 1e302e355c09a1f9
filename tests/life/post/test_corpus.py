"""Whatever can be read can be filed: the whole corpus through the post room; nothing is parked but poison."""

from collections import Counter
from datetime import timedelta

import pytest

from makegood.lib.mail import Poisoned, parse
from makegood.life.beginning import begin
from makegood.life.post import actions, addresses, judging
from makegood.life.reports.models import OutgoingMail, Report
from tests.corpus.mails import CASES

pytestmark = pytest.mark.django_db


def is_poison(raw):
    try:
        parse(raw)
    except Poisoned:
        return True
    return False


def test_every_mail_of_the_corpus_is_filed_or_parked_with_a_reason(cast, monday):
    begin(monday)
    addresses.default_mailbox(monday)
    found = Counter()
    for n, case in enumerate(CASES):
        # A day apart: nobody floods, nothing repeats within the hour.
        now = monday + timedelta(days=n)
        raw = case.raw.replace(b"MG-17", b"number")
        incoming = actions.keep(raw, source="imap", at=now)
        if incoming.outcome:
            continue  # two of the corpus are the same bytes
        filing = actions.file_one(incoming, now=now)
        expected = {"parked"} if is_poison(raw) else {"new_report", "ignore_auto", "bounce_recorded", "duplicate"}
        if filing.mail and not filing.mail.sender.email and not filing.mail.machine:
            expected = {"quarantined"}
        assert filing.outcome in expected, (case.name, filing.outcome, filing.error)
        assert bool(filing.error) == (filing.outcome == "parked"), case.name
        if filing.outcome == "new_report":
            assert filing.report.title, case.name
            assert filing.message.body.strip(), case.name
            assert judging.bare_subject(filing.mail.subject)[:20] in filing.report.title, case.name
        found[filing.outcome] += 1
    assert found["new_report"] > 100
    assert found["ignore_auto"] > 20
    assert found["bounce_recorded"] > 5
    assert Report.objects.count() == found["new_report"]
    assert not OutgoingMail.objects.exists()
