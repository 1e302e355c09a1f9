"""The same key gets the same answer, is worked on once, and outlives whoever died with it."""

from datetime import timedelta

import pytest
from django.db import transaction

from makegood.engine import idempotency
from makegood.engine.idempotency import Answer, OtherRequest, Overtaken, StillRunning
from makegood.engine.models import IdempotencyRecord

pytestmark = pytest.mark.django_db


def test_the_first_answer_is_given_again(monday):
    claim = idempotency.begin("token:1", "k", "same", now=monday)
    with transaction.atomic():
        idempotency.settle(claim, Answer(201, '{"link": "/r/secret"}', {"Location": "/x"}))
    assert idempotency.begin("token:1", "k", "same", now=monday) == Answer(
        201, '{"link": "/r/secret"}', {"Location": "/x"}
    )
    assert "secret" not in IdempotencyRecord.objects.get().body


def test_another_request_under_the_same_key_is_refused(monday):
    idempotency.begin("token:1", "k", "same", now=monday)
    with pytest.raises(OtherRequest):
        idempotency.begin("token:1", "k", "other", now=monday)


def test_a_second_one_meanwhile_is_told_so(monday):
    idempotency.begin("token:1", "k", "same", now=monday)
    with pytest.raises(StillRunning):
        idempotency.begin("token:1", "k", "same", now=monday + timedelta(seconds=59))


def test_keys_of_two_callers_have_nothing_to_do_with_one_another(monday):
    first = idempotency.begin("token:1", "k", "same", now=monday)
    second = idempotency.begin("token:2", "k", "other", now=monday)
    assert first.id != second.id


def test_what_a_dead_one_left_is_taken_over_and_the_dead_cannot_settle(monday):
    dead = idempotency.begin("token:1", "k", "same", now=monday)
    alive = idempotency.begin("token:1", "k", "same", now=monday + timedelta(minutes=1))
    assert alive.lease != dead.lease
    with pytest.raises(Overtaken), transaction.atomic():
        idempotency.settle(dead, Answer(201))
    idempotency.settle(alive, Answer(204))
    assert idempotency.begin("token:1", "k", "same", now=monday + timedelta(hours=1)) == Answer(204)


def test_after_a_day_the_key_is_new_again(monday):
    idempotency.settle(idempotency.begin("token:1", "k", "same", now=monday), Answer(201))
    later = monday + timedelta(hours=24)
    assert idempotency.begin("token:1", "k", "other", now=later) != Answer(201)
    assert idempotency.forget_old(later + timedelta(hours=24)) == 1


def test_giving_up_frees_the_key(monday):
    idempotency.give_up(idempotency.begin("token:1", "k", "same", now=monday))
    idempotency.settle(idempotency.begin("token:1", "k", "other", now=monday), Answer(200))
