"""Jobs: once per key, at least once done, poisoned ones parked."""

import time
from datetime import timedelta

import pytest
from django.db import connection

from makegood.engine.models import Job
from makegood.engine.queue import Runner, claim_period, enqueue, jobs
from makegood.engine.queue.runner import GiveUp

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monday):
    return Clock(monday)


def runner(clock, limit_seconds=5.0, **handlers):
    return Runner(handlers, worker="here:1", clock=clock, limit_seconds=limit_seconds)


def test_the_same_key_is_queued_once(monday):
    assert enqueue("greet", "ana", {"n": 1}, run_at=monday)
    assert not enqueue("greet", "ana", {"n": 2}, run_at=monday)
    assert Job.objects.get().payload == {"n": 1}


def test_a_due_job_is_done_and_stays_done(clock):
    seen = []
    enqueue("greet", "ana", {"n": 1}, run_at=clock.now)
    enqueue("greet", "ben", {"n": 2}, run_at=clock.now + timedelta(hours=1))
    run = runner(clock, greet=lambda payload, now: seen.append(payload["n"]))
    assert run.run_due() == 1
    assert run.run_due() == 0
    assert seen == [1]


def test_two_workers_never_hold_the_same_job(clock):
    for n in range(5):
        enqueue("greet", str(n), {}, run_at=clock.now)
    first = jobs.claim("a:1", now=clock.now, limit=3)
    second = jobs.claim("b:2", now=clock.now, limit=3)
    assert {job.pk for job in first}.isdisjoint({job.pk for job in second})
    assert len(first) + len(second) == 5


def test_a_job_of_a_dead_worker_is_due_again_when_its_lease_runs_out(clock):
    enqueue("greet", "ana", {}, run_at=clock.now)
    jobs.claim("dead:1", now=clock.now)
    assert jobs.claim("b:2", now=clock.now + timedelta(seconds=30)) == []
    assert len(jobs.claim("b:2", now=clock.now + timedelta(seconds=61))) == 1


def test_a_failing_job_waits_longer_each_time_and_is_parked_with_its_reason(clock):
    enqueue("fail", "x", {}, run_at=clock.now)

    def fail(_payload, _now):
        raise ValueError("no such printer")

    run, waits = runner(clock, fail=fail), []
    for _ in range(jobs.MAX_ATTEMPTS):
        assert run.run_due() == 1
        job = Job.objects.get()
        waits.append(job.run_at - clock.now)
        clock.now = job.run_at
    assert waits[0] < waits[1] < waits[2]
    assert Job.objects.get().parked_at is not None
    assert "no such printer" in Job.objects.get().last_error
    assert run.run_due() == 0
    assert jobs.unpark(job.pk, now=clock.now)
    assert run.run_due() == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_job_runs(clock):
    enqueue("call", "x", {}, run_at=clock.now)
    seen = []
    runner(clock, call=lambda payload, now: seen.append(connection.in_atomic_block)).run_due()
    assert seen == [False]


def test_a_job_that_never_ends_is_stopped_and_the_others_flow(clock):
    enqueue("hang", "x", {}, run_at=clock.now, priority=0)
    enqueue("greet", "ana", {}, run_at=clock.now)
    seen = []

    def hang(_payload, _now):
        while True:
            time.sleep(0.01)

    runner(clock, 0.2, hang=hang, greet=lambda payload, now: seen.append(1)).run_due()
    assert seen == [1]
    assert "longer than" in Job.objects.get(name="hang").last_error


def test_a_job_that_kills_its_worker_each_time_is_parked(clock):
    enqueue("crash", "x", {}, run_at=clock.now)
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.claim("dying:1", now=clock.now)
        clock.now += timedelta(minutes=2)
    runner(clock, crash=lambda payload, now: pytest.fail("it must not run again")).run_due()
    assert Job.objects.get().parked_at is not None


def test_giving_up_parks_at_once(clock):
    enqueue("stop", "x", {}, run_at=clock.now)

    def stop(_payload, _now):
        raise GiveUp("The address does not exist.")

    runner(clock, stop=stop).run_due()
    assert Job.objects.get().parked_at == clock.now


def test_an_orderly_stop_gives_jobs_back_without_counting_a_try(clock):
    enqueue("greet", "ana", {}, run_at=clock.now)
    run = runner(clock, greet=lambda payload, now: None)
    run.stopping = True
    run.run_due()
    job = Job.objects.get()
    assert (job.attempts, job.leased_until) == (0, None)


def test_periodic_work_is_done_once_a_period(monday):
    assert claim_period("sweep", timedelta(hours=1), now=monday)
    assert not claim_period("sweep", timedelta(hours=1), now=monday + timedelta(minutes=10))
    assert claim_period("sweep", timedelta(hours=1), now=monday + timedelta(hours=1))


def test_done_jobs_are_forgotten_after_some_days(clock):
    enqueue("greet", "ana", {}, run_at=clock.now)
    runner(clock, greet=lambda payload, now: None).run_due()
    assert jobs.remove_done(now=clock.now + timedelta(days=1)) == 0
    assert jobs.remove_done(now=clock.now + timedelta(days=4)) == 1


def test_an_idle_look_takes_no_write_lock(clock, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert jobs.claim("a:1", now=clock.now) == []
