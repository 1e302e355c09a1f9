"""Idempotency keys of the API: the first request does the work, every repeat gets its answer.

``begin`` claims the key in a transaction of its own, so that a second request at the same moment learns of the first.
``settle`` keeps the answer in the transaction of the work: both are there or neither. Whoever dies in between leaves a
claim that runs out, and the next try does the work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from makegood.engine.models import IdempotencyRecord
from makegood.engine.secrets import seal, unseal
from makegood.lib.keys import public_key

KEPT_FOR = timedelta(hours=24)
# A request lives 30 seconds at most; whoever has not settled after a minute is gone.
LEASE = timedelta(minutes=1)


class OtherRequest(Exception):
    """The key came before with another request."""


class StillRunning(Exception):
    """The first request with this key has not come to an end."""


class Overtaken(Exception):
    """Somebody else took the claim over; this work must not be committed."""


@dataclass(frozen=True)
class Answer:
    """An answer as it was given."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """The right to do the work of a key."""

    id: int
    lease: str


def begin(caller: str, key: str, fingerprint: str, *, now: datetime) -> Claim | Answer:
    """Claim ``key`` for ``caller``, or return the answer given before. Raises OtherRequest, StillRunning."""
    lease = public_key(16)
    new = {"fingerprint": fingerprint, "lease": lease, "leased_until": now + LEASE, "made_at": now}
    try:
        with transaction.atomic():
            made = IdempotencyRecord.objects.create(caller=caller, key=key, **new)
        return Claim(made.pk, lease)
    except IntegrityError:
        pass
    same = IdempotencyRecord.objects.filter(caller=caller, key=key)
    # Past its day, or left by somebody who died: whoever changes the row first has it.
    free = Q(made_at__lte=now - KEPT_FOR) | Q(status=None, leased_until__lte=now, fingerprint=fingerprint)
    fresh = {**new, "status": None, "body": "", "headers": {}}
    taken = same.filter(free).update(**fresh)
    found = same.get()
    if taken and found.lease == lease:
        return Claim(found.pk, lease)
    if found.fingerprint != fingerprint:
        raise OtherRequest(key)
    if found.status is None:
        raise StillRunning(key)
    return Answer(found.status, unseal(found.body), found.headers)


def settle(claim: Claim, answer: Answer) -> None:
    """Keep the answer, inside the transaction of the work it tells of. Raises Overtaken."""
    mine = IdempotencyRecord.objects.filter(pk=claim.id, lease=claim.lease, status=None)
    sealed = seal(answer.body) if answer.body else ""
    if not mine.update(status=answer.status, body=sealed, headers=answer.headers):
        raise Overtaken(claim.lease)


def give_up(claim: Claim) -> None:
    """Free the key: nothing was done under it."""
    IdempotencyRecord.objects.filter(pk=claim.id, lease=claim.lease, status=None).delete()


def forget_old(now: datetime) -> int:
    """Remove answers nobody can ask for any more."""
    return IdempotencyRecord.objects.filter(made_at__lte=now - KEPT_FOR).delete()[0]
