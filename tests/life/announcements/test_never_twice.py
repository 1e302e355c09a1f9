"""No order of sending, slices, crashes, stops, goings-on and changes of the crowd tells anybody twice."""

from collections import Counter
from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from makegood.lib.errors import Refusal
from makegood.life import beginning
from makegood.life.aftercare import actions as aftercare
from makegood.life.announcements import actions, sending
from makegood.life.announcements.models import Announcement, Recipient
from makegood.life.problems import membership
from makegood.life.promises.models import Promise
from makegood.life.reports import states
from makegood.life.reports.models import Message, OutgoingMail, Report
from tests.cast import MONDAY
from tests.length import examples
from tests.life.announcements.crowd import FIXED, NEWS, hit, open_problem

MANY = 13


class Crash(Exception):
    """The worker died here."""


class Telling(RuleBasedStateMachine):
    """One problem and its crowd, two kinds of words, and whatever may happen to them in between."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now, self.emil = MONDAY, self.cast.emil
        self.problem = open_problem(self.cast, self.now)
        names = [f"Person{number % (MANY - 3)}" for number in range(MANY)]  # three of them reported twice
        self.crowd = [
            hit(self.problem, name, self.now, by=self.emil.actor, key=f"crowd-key-{number:04}").pk
            for number, name in enumerate(names)
        ]
        self.emil_sends(kind="news", again=False)

    def teardown(self):
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def attempt(self, verb, *args, **kwargs):
        self.now += timedelta(seconds=1)
        try:
            with transaction.atomic():
                return verb(*args, at=self.now, **kwargs)
        except Refusal:
            return None

    @property
    def newest(self):
        return Announcement.objects.exclude(state="draft").order_by("-id").first()

    @rule(kind=st.sampled_from(["news", "fixed"]), again=st.booleans())
    def emil_sends(self, kind, again):
        self.problem.refresh_from_db()
        until = self.now + timedelta(days=2)
        words = NEWS if kind == "news" else FIXED
        draft = self.attempt(actions.save, self.problem, kind, words, by=self.emil, next_news_at=until)
        for _press in range(2 if again else 1):
            self.attempt(actions.send, draft, by=self.emil, reason="Seen.", held=timedelta(0))

    @rule(slices=st.integers(1, 3), dies=st.booleans())
    def slices_run(self, slices, dies):
        """Some to their end; ``dies``: the worker is killed in the last of them, before its transaction ends."""
        for left in reversed(range(slices)):
            self.now += timedelta(seconds=1)
            try:
                with transaction.atomic():
                    self.run_slice()
                    if dies and not left:
                        raise Crash
            except Crash:
                pass

    @rule()
    def an_old_job_runs(self):
        self.run_slice(turn=-1)

    def run_slice(self, turn=0):
        if self.newest:
            payload = {"announcement": self.newest.pk, "turn": self.newest.turn + turn}
            sending.run_slice(payload, self.now)

    @rule()
    def mail_is_carried(self):
        OutgoingMail.objects.filter(state="queued").update(state="sent", sent_at=self.now, attempts=1)

    @rule()
    def emil_stops_it(self):
        if self.newest:
            self.attempt(actions.cancel, self.newest, by=self.emil)

    @rule()
    def emil_lets_it_go_on(self):
        if self.newest:
            self.attempt(actions.go_on, self.newest, by=self.emil)

    @rule()
    def emil_begins_at_once(self):
        if self.newest:
            self.attempt(actions.begin_now, self.newest, by=self.emil)

    @rule(which=st.integers(0, MANY - 1))
    def one_leaves_or_comes_back(self, which):
        report = Report.objects.get(pk=self.crowd[which])
        if membership.member_row(report):
            self.attempt(membership.leave, report, by=self.emil.actor)
        else:
            self.attempt(lambda at: membership.join(self.problem, report, by=self.emil.actor, at=at))

    @rule(which=st.integers(0, MANY - 1), answer=st.sampled_from(["yes", "no"]))
    def one_answers(self, which, answer):
        report = Report.objects.select_related("contact").get(pk=self.crowd[which])
        self.attempt(aftercare.confirm, report, answer, by=report.contact.actor)

    @invariant()
    def nobody_is_told_twice(self):
        keys = Message.objects.filter(idempotency_key__startswith="announcement:").values_list(
            "idempotency_key", flat=True
        )
        assert max(Counter(keys).values(), default=0) <= 1
        mails = Counter()
        for row in Recipient.objects.exclude(message=None):
            mails.update(
                (row.announcement_id, address)
                for address in OutgoingMail.objects.filter(message=row.message).values_list("to_email", flat=True)
            )
        assert max(mails.values(), default=0) <= 1

    @invariant()
    def whoever_is_marked_as_told_was_and_nobody_else(self):
        said = set(Recipient.objects.filter(state="said").values_list("message", flat=True))
        words = Message.objects.filter(idempotency_key__startswith="announcement:").values_list("pk", flat=True)
        assert said == set(words)

    @invariant()
    def every_open_report_is_owed_something(self):
        owed = set(Promise.objects.filter(state__in=Promise.PENDING).values_list("report", flat=True))
        assert set(Report.objects.exclude(state=states.CLOSED).values_list("pk", flat=True)) <= owed


def test_nobody_is_ever_told_twice(cast, monday):
    beginning.begin(monday)
    Telling.cast = cast
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    run_state_machine_as_test(
        Telling,
        settings=settings(max_examples=examples(8), stateful_step_count=16, suppress_health_check=checks),
    )
