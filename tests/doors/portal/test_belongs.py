"""The page of a member of a public problem: its public words and next news, and nothing else of it."""

from datetime import timedelta

import pytest
import time_machine

from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.problems import actions, membership, news

pytestmark = pytest.mark.django_db


def test_a_member_reads_the_public_words_and_when_there_is_news(browser, desk, monday):
    mine = intake.file(Told(what="Sign-in fails", idempotency_key="k" * 32, email="ana@example.org"), at=monday)
    browser.get(f"/r/{mine.token}/")
    fault = actions.open_problem("INSIDE the pool", by=desk.dora.actor, at=monday, of=mine.report)
    for n in range(6):
        told = Told(what="OTHERWORDS", idempotency_key=f"other-{n:030}", email=f"other{n}@example.org")
        membership.join(fault, intake.file(told, at=monday).report, by=desk.dora.actor, at=monday)
    membership.join(fault, mine.report, by=desk.dora.actor, at=monday)
    words = {"public_titles": {"en": "Signing in fails"}, "public_texts": {"en": "We repair it."}}
    actions.edit(fault, by=desk.emil.actor, at=monday, cause="INSIDE", **words)
    address = f"/r/MG-{mine.report.pk}/"
    with time_machine.travel(monday + timedelta(minutes=5)):
        assert "Signing in fails" not in browser.get(address).content.decode()
        news.publish(fault, by=desk.emil.actor, at=monday, next_news_at=monday + timedelta(hours=2))
        shown = browser.get(address).content.decode()
    assert "Signing in fails" in shown
    assert "We repair it." in shown
    assert "6 others see this too." in shown
    assert "We have found the cause." in shown
    assert "Next news for everybody" in shown
    for hidden in ("INSIDE", fault.number, "OTHERWORDS", "other1"):
        assert hidden not in shown
