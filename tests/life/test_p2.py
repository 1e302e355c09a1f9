"""P2: after any sequence of allowed actions, an open report owes its reporter some news, and the queue says so.

A machine plays the verbs of every stage in any order, lets time pass in between, and looks at the report after each
step. A verb may refuse; then nothing may have changed. A new stage adds its verbs as rules here.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from makegood.lib.errors import Refusal
from makegood.life import beginning
from makegood.life.aftercare import actions as aftercare
from makegood.life.aftercare import feedback, recovery, undo
from makegood.life.aftercare.models import Recovery
from makegood.life.aftercare.silence import break_silence
from makegood.life.escalation import actions as escalations
from makegood.life.escalation.models import Escalation
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.promises import actions as promises
from makegood.life.promises import kinds
from makegood.life.promises.models import Promise, PromiseStep
from makegood.life.promises.owed import PARKED
from makegood.life.promises.sweep import sweep
from makegood.life.reports import actions as reports
from makegood.life.reports import states
from makegood.life.reports.models import LedgerEntry, Report
from makegood.life.updates import actions as updates
from tests.cast import MONDAY, Cast
from tests.length import examples

MINUTES = st.integers(1, 4000)
SEVERITIES = st.sampled_from(states.SEVERITIES)


class LifeOfAReport(RuleBasedStateMachine):
    """One report, from filing on; ``self.now`` only moves forward. The cast is made once for all runs."""

    cast: Cast

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now, self.last_said = MONDAY, None
        told = Told("The upload fails.", "p2-machine-key-0001", name="Ana Alvarez", email="ana@example.org")
        self.pk = intake.file(told, at=self.now).report.pk
        Report.objects.filter(pk=self.pk).update(team=self.cast.desk)

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @property
    def report(self):
        return Report.objects.get(pk=self.pk)

    @property
    def escalation(self):
        return Escalation.objects.filter(report_id=self.pk).order_by("-id").first()

    @property
    def recovery(self):
        return Recovery.objects.filter(report_id=self.pk, closed_at=None).first()

    def attempt(self, verb, *args, **kwargs):
        """Run a verb as somebody at a desk would; a refusal is an answer, anything else is a fault."""
        self.now += timedelta(seconds=1)
        try:
            return verb(*args, at=self.now, **kwargs)
        except Refusal:
            return None

    # Time.

    @rule(minutes=MINUTES)
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)
        sweep(self.now)
        break_silence(self.now)

    @rule(minutes=MINUTES)
    def time_passes_while_the_worker_is_away(self, minutes):
        self.now += timedelta(minutes=minutes)

    # The reporter.

    @rule()
    def ana_writes(self):
        self.attempt(aftercare.hear, self.report, "Any news?", by=self.cast.ana.actor)

    @rule(answer=st.sampled_from(["yes", "no", "not_yet"]))
    def ana_says_whether_it_is_solved(self, answer):
        self.attempt(aftercare.confirm, self.report, answer, by=self.cast.ana.actor)

    @rule()
    def ana_opens_it_again(self):
        self.attempt(aftercare.reopen, self.report, by=self.cast.ana.actor)

    @precondition(lambda self: self.now > MONDAY + timedelta(days=3))
    @rule()
    def ana_takes_the_report_back(self):
        self.attempt(aftercare.withdraw_report, self.report, by=self.cast.ana.actor)

    @rule(score=st.sampled_from([1, 2, 5]), is_solved=st.booleans())
    def ana_says_that_it_works_and_how_it_went(self, score, is_solved):
        """The worker looks at it at once: whoever is unhappy is owed a call. ``is_solved``: Dora solves it before, or
        it would seldom come to this."""
        if is_solved:
            self.dora_solves_it()
        self.attempt(aftercare.confirm, self.report, "yes", by=self.cast.ana.actor)
        if self.attempt(feedback.rate, self.report, score, by=self.cast.ana.actor):
            given = LedgerEntry.objects.filter(report_id=self.pk, kind="feedback.given").latest("id")
            recovery.look_at_feedback(given, self.now)

    # The desk.

    @rule(hours=st.integers(-1, 80), waiting=st.booleans())
    def dora_replies(self, hours, waiting):
        next_at = self.now + timedelta(hours=hours) if hours else None
        self.last_said = self.attempt(
            updates.reply,
            self.report,
            "We are looking into it.",
            by=self.cast.dora.actor,
            next_at=next_at,
            waiting_for_reporter=waiting,
        )

    @rule()
    def dora_says_something_final(self):
        self.attempt(updates.reply, self.report, "That was all.", by=self.cast.dora.actor, final=True)

    @precondition(lambda self: self.last_said is not None)
    @rule(seconds=st.sampled_from([0, 1, 20]))
    def dora_takes_it_back(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.attempt(updates.unsay, self.last_said, by=self.cast.dora.actor)
        self.last_said = None

    @rule(severity=SEVERITIES)
    def emil_changes_the_severity(self, severity):
        report = self.report
        if reports.set_severity(report, severity, by=self.cast.emil.actor, at=self.now):
            promises.change_severity(report, by=self.cast.emil.actor, at=self.now)

    @rule(which=st.integers(0, 5), hours=st.integers(-1, 80))
    def dora_moves_a_promise(self, which, hours):
        pending = list(Promise.objects.filter(report_id=self.pk, state__in=Promise.PENDING))
        if pending:
            due_at = self.now + timedelta(hours=hours)
            promise = pending[which % len(pending)]
            self.attempt(promises.move, promise, by=self.cast.dora.actor, due_at=due_at, reason="Agreed.")

    @rule()
    def dora_keeps_a_promise_by_phone(self):
        self.attempt(promises.keep, self.report, *kinds.NEWS, by=self.cast.dora.actor)
        promises.ensure_owed(self.report, by=self.cast.dora.actor, at=self.now)

    @rule()
    def dora_solves_it(self):
        found = {"cause": "A full disk.", "solution": "Made room."}
        self.attempt(aftercare.solve, self.report, by=self.cast.dora.actor, **found)

    @rule(
        outcome=st.sampled_from(["works", "not_solved", "not_yet", "no_answer"]), words=st.sampled_from(["", "Hello."])
    )
    def dora_follows_up(self, outcome, words):
        how = {"way": "call", "outcome": outcome, "words": words}
        self.attempt(aftercare.follow_up, self.report, by=self.cast.dora.actor, **how)

    @precondition(lambda self: self.now > MONDAY + timedelta(days=3))
    @rule(reason=st.sampled_from(["confirmed", "silence", "answered", "duplicate", "spam"]))
    def dora_closes_it(self, reason):
        self.attempt(aftercare.close, self.report, reason=reason, by=self.cast.dora.actor, words="Told elsewhere.")

    @rule()
    def dora_opens_it_again(self):
        self.attempt(aftercare.reopen, self.report, by=self.cast.dora.actor, reason="It came back.")

    @rule()
    def dora_undoes_the_last_thing(self):
        entry = LedgerEntry.objects.filter(report_id=self.pk, actor_kind="agent").order_by("-id").first()
        if entry and undo.can_undo(entry, now=self.now + timedelta(seconds=1)):
            self.attempt(undo.undo, entry, by=self.cast.dora.actor)

    @precondition(lambda self: self.recovery is not None)
    @rule(outcome=st.sampled_from([outcome for outcome, _words in Recovery.OUTCOMES]))
    def emil_calls_whoever_is_unhappy(self, outcome):
        self.attempt(recovery.keep_call, self.recovery, outcome=outcome, by=self.cast.emil.actor)

    # The technical side.

    @rule(severity=SEVERITIES)
    def dora_escalates(self, severity):
        to = {"team": self.cast.platform, "severity": severity, "reason": "Cannot be worked around."}
        self.attempt(escalations.escalate, self.report, by=self.cast.dora.actor, **to)

    @precondition(lambda self: self.escalation is not None)
    @rule(step=st.sampled_from(["accept", "ask_back", "answer_back", "answer", "hand_back", "call_off", "mark_solved"]))
    def eve_or_dora_take_a_technical_step(self, step):
        by = self.cast.dora.actor if step in ("answer_back", "call_off") else self.cast.eve.actor
        verb = getattr(escalations, step)
        if step in ("ask_back", "answer_back", "answer"):
            self.attempt(verb, self.escalation, "Which browser?", by=by)
        elif step in ("hand_back", "call_off"):
            self.attempt(verb, self.escalation, reason="Not ours.", by=by)
        else:
            self.attempt(verb, self.escalation, by=by)

    # What must hold.

    @invariant()
    def an_open_report_owes_news(self):
        pending = Promise.objects.filter(report_id=self.pk, state__in=Promise.PENDING)
        if self.report.is_open:
            assert pending.filter(kind__in=kinds.NEWS, owed_to=kinds.REPORTER).exists()
        else:
            assert not pending.exclude(kind__in=kinds.OUTLIVING).exists()

    @invariant()
    def whoever_is_unhappy_is_owed_a_call_also_of_a_closed_report(self):
        owed = Promise.objects.filter(report_id=self.pk, kind=kinds.RECOVERY, state__in=Promise.PENDING)
        assert owed.count() == (self.recovery is not None)

    @invariant()
    def the_queue_shows_what_is_owed_next(self):
        report = self.report
        running = Promise.objects.filter(report_id=self.pk, state=Promise.OPEN).order_by("due_at", "pk").first()
        paused = Promise.objects.filter(report_id=self.pk, state=Promise.PAUSED).exists()
        if running:
            assert (report.owed_at, report.owed_kind) == (running.due_at, running.kind)
        elif paused:
            assert (report.owed_at, report.owed_state) == (PARKED, "paused")
        else:
            assert (report.owed_at, report.owed_kind, report.owed_state) == (None, "", "")

    @invariant()
    def only_running_promises_are_swept(self):
        ended = Promise.objects.filter(report_id=self.pk).exclude(state=Promise.OPEN)
        assert not ended.filter(next_step_at__isnull=False).exists()

    @invariant()
    def nothing_is_climbed_before_its_time(self):
        steps = PromiseStep.objects.filter(promise__report_id=self.pk)
        assert all(step.moment <= step.at for step in steps)


class LifeAfterItWentBadly(LifeOfAReport):
    """The same, begun where it works again but a call is owed to whoever is unhappy."""

    def __init__(self):
        super().__init__()
        self.ana_says_that_it_works_and_how_it_went(score=1, is_solved=True)

    # Besides the call itself, so that calls come often among so many rules.

    @precondition(lambda self: self.recovery is not None)
    @rule(minutes=MINUTES, outcome=st.sampled_from(["not_reached", "still_unhappy"]))
    def emil_calls_after_a_while(self, minutes, outcome):
        self.time_passes(minutes=minutes)
        self.emil_calls_whoever_is_unhappy(outcome=outcome)

    @precondition(lambda self: self.recovery is not None)
    @rule()
    def emil_calls_in_vain(self):
        self.emil_calls_whoever_is_unhappy(outcome=Recovery.NOT_REACHED)


def play(machine, cast, count):
    machine.cast = cast
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples(count),
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_an_open_report_always_owes_news(cast):
    beginning.begin(MONDAY)
    play(LifeOfAReport, cast, 9)


def test_so_it_is_while_a_call_is_owed_to_whoever_is_unhappy(cast):
    beginning.begin(MONDAY)
    play(LifeAfterItWentBadly, cast, 3)


@pytest.mark.parametrize("outcome", [outcome for outcome, _words in Recovery.OUTCOMES])
def test_the_second_machine_does_begin_with_a_call_owed(cast, outcome):
    """Else its rules on calls would never be played, and nobody would see it."""
    beginning.begin(MONDAY)
    LifeAfterItWentBadly.cast = cast
    machine = LifeAfterItWentBadly()
    try:
        assert machine.recovery is not None
        machine.emil_calls_whoever_is_unhappy(outcome=outcome)
        machine.whoever_is_unhappy_is_owed_a_call_also_of_a_closed_report()
        made = LedgerEntry.objects.filter(report_id=machine.pk, kind="recovery.tried")
        assert made.count() == 1
    finally:
        machine.teardown()
