"""What a reporter was told: no sequence of allowed actions makes it later without a message that names the new time.

The machine of ``test_p2`` plays; after each step what was promised before it is looked for. Only words of ours (said,
or taken back before they left) and the reporter's own doing may make it later: our clocks wait for them.
"""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from makegood.life import beginning
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.reports.models import Message
from makegood.life.updates import moving
from tests.cast import MONDAY
from tests.life.test_p2 import LifeOfAReport, play


class WhatWasTold(LifeOfAReport):
    """``before``: what the reporter was owed after the last step, by key; ``words``: what we had said by then."""

    def __init__(self):
        super().__init__()
        self.before, self.words = {}, []

    @rule(which=st.integers(0, 3), hours=st.integers(-1, 200), says=st.booleans())
    def dora_moves_what_the_reporter_is_owed(self, which, hours, says):
        pending = list(self.owed())
        if pending:
            self.last_said = self.attempt(
                moving.move,
                pending[which % len(pending)],
                by=self.cast.dora.actor,
                due_at=self.now + timedelta(hours=hours),
                reason="It takes longer.",
                words="You will hear from us by {{ promised_time }}." if says else "",
            )

    def owed(self):
        news = Promise.objects.filter(report_id=self.pk, kind__in=kinds.NEWS, state__in=Promise.PENDING)
        return news.select_related("report")

    def said(self):
        rows = Message.objects.filter(report_id=self.pk, is_internal=False).exclude(said_by="contact")
        return list(rows.order_by("id").values_list("id", "named_time", "withdrawn_at"))

    @invariant()
    def nothing_told_has_become_later_without_a_word(self):
        before, words = self.before, self.words
        self.before, self.words = {promise.pk: promise for promise in self.owed()}, self.said()
        if self.words != words or not self.report.is_open:
            return
        soonest = min(promise.due_at for promise in self.before.values())
        for old in Promise.objects.filter(pk__in=before):
            told = before[old.pk]
            if old.state == Promise.WITHDRAWN:
                assert soonest <= told.due_at
            elif told.state == Promise.OPEN and old.is_pending:
                assert old.due_at <= told.due_at
            elif told.named_at and told.named_at > self.now and old.is_pending:
                assert old.due_at <= told.named_at

    @invariant()
    def what_our_words_put_off_is_never_called_kept(self):
        """Unless those words were taken back."""
        kept = PromiseStep.objects.filter(promise__report_id=self.pk, promise__state=Promise.KEPT, kind="put_off")
        taken_back = {pk for pk, _time, withdrawn_at in self.said() if withdrawn_at}
        silent = [step for step in kept.filter(promise__kept_by_message=None) if step.data["message"] not in taken_back]
        assert not silent


def test_no_sequence_of_actions_makes_what_was_told_later_in_silence(cast):
    beginning.begin(MONDAY)
    play(WhatWasTold, cast, 9)
