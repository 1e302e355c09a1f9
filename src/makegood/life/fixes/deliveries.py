"""Incoming webhooks of repositories: proved, kept once, taken up by the worker.

What arrives is kept under the id its host gave it, and under the digest of its body: a copy under another id is a
repeat too. The sender is answered as soon as it is kept; what it means is worked out afterwards, and can be again.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from makegood.channels.code import Knock, Unreadable
from makegood.channels.registry import HOSTS
from makegood.engine.queue import enqueue
from makegood.engine.secrets import NotOurs, unseal
from makegood.lib.errors import Refusal
from makegood.life.fixes import completing, telling
from makegood.life.fixes.models import Delivery, Repository
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger

JOB = "fixes.take"
# What GitHub sends at most. The names of files, which are most of a large push, are not kept.
LARGEST = 25 * 1024 * 1024
KEEP = timedelta(days=30)
_DEEPEST = 12
# Addresses of people and keys are none of our business; hosts repeat dozens of addresses of their API, too.
_LEFT_OUT = re.compile(
    r"^(added|modified|removed|verification|event_payload)$|e-?mail|token|secret|password|passwd|credential|authorization|avatar|gravatar",
    re.IGNORECASE,
)
_KEPT_URLS = {
    "html_url",
    "url",
    "target_url",
    "environment_url",
    "environment_external_url",
    "log_url",
    "details_url",
    "commit_url",
    "deployable_url",
}


class NotGenuine(Exception):
    """Nobody we know has sent this. No detail: whoever guesses learns nothing."""


class Unusable(Refusal):
    """It is genuine, but no JSON object, or has no name for itself."""


def is_known(key: str) -> bool:
    """Whether anything is listened to under this key."""
    return Repository.objects.filter(key=key, is_active=True).exists()


def take(key: str, knock: Knock, *, at: datetime) -> tuple[Delivery, bool]:
    """Keep what was sent to the repository called ``key``; with it, whether it is new. Raises NotGenuine, Unusable."""
    repository = Repository.objects.filter(key=key, is_active=True).first()
    host = HOSTS.get(repository.provider) if repository else None
    if repository is None or host is None or not _is_genuine(repository, knock, at=at):
        raise NotGenuine
    name, event = host.delivery_id(knock)[:120], host.event(knock)[:80]
    if not name or not event:
        raise Unusable(_("It does not say which event it is, or has no id."))
    payload = read(knock.body)
    digest = hashlib.sha256(event.encode() + b"\n" + knock.body).hexdigest()
    earlier = _earlier(repository, name, digest)
    if earlier:
        return earlier, False
    body = json.dumps(redacted(payload), ensure_ascii=False).replace("\\u0000", "")
    try:
        with transaction.atomic():
            kept = Delivery.objects.create(
                repository=repository, delivery_id=name, event=event, digest=digest, body=body, at=at
            )
            Repository.objects.filter(pk=repository.pk).update(told_at=at)
            enqueue(JOB, str(kept.pk), {"delivery": kept.pk}, run_at=at)
    except IntegrityError:  # the same one at the same time
        earlier = _earlier(repository, name, digest)
        if earlier is None:
            raise
        return earlier, False
    return kept, True


def work(payload: dict[str, Any], now: datetime) -> None:
    """The job: take up one delivery. What cannot be read is noted with its reason and not tried again."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().filter(pk=payload["delivery"]).first()
        if delivery is None or delivery.outcome != Delivery.WAITING:
            return
        try:
            with transaction.atomic():
                outcome, reason = _used(delivery, at=now)
        except Unreadable as unreadable:
            outcome, reason = Delivery.FAILED, str(unreadable)
        delivery.outcome, delivery.reason, delivery.done_at = outcome, reason[:500], now
        delivery.save(update_fields=["outcome", "reason", "done_at"])


def again(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """Take one up again, after a number was put right or the set-up was changed. Facts do not mind repeats."""
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(outcome=Delivery.WAITING, reason="", done_at=None)
        enqueue(JOB, f"{delivery.pk}:{at.isoformat()}", {"delivery": delivery.pk}, run_at=at)
        data = {"what": "repository", "id": delivery.repository_id, "delivery": delivery.delivery_id}
        ledger.record(None, "repository.replayed", by=by, at=at, data=data)


def forget_old(now: datetime) -> int:
    """Remove deliveries a month old. Work of the clock; what they told stays."""
    return Delivery.objects.filter(at__lt=now - KEEP).delete()[0]


def redacted(value: Any, depth: int = 0) -> Any:
    """A payload without addresses of people, keys, and the many links nobody needs."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {
            str(name): redacted(part, depth + 1)
            for name, part in value.items()
            if not _LEFT_OUT.search(str(name)) and (not str(name).endswith("_url") or name in _KEPT_URLS)
        }
    if isinstance(value, list):
        return [redacted(part, depth + 1) for part in value[: telling.MOST_COMMITS]]
    if isinstance(value, str):
        return value[:20_000].replace("\x00", "").encode(errors="replace").decode()
    return value


def _used(delivery: Delivery, *, at: datetime) -> tuple[str, str]:
    repository = delivery.repository
    facts = HOSTS[repository.provider].facts(delivery.event, json.loads(delivery.body), at=delivery.at)
    if facts is None:
        return Delivery.UNUSED, _("Nothing is done with this kind of event.")
    heard = telling.tell(repository, facts, at=at)
    words = [*([", ".join(heard.linked)] if heard.linked else []), *heard.unknown]
    if missing := completing.cut(facts):
        completing.ask(delivery.pk, at=at)
        return Delivery.CUT, "; ".join([completing.shortage(missing), *words])
    return (Delivery.USED if heard.facts else Delivery.UNUSED), "; ".join(words)


def _is_genuine(repository: Repository, knock: Knock, *, at: datetime) -> bool:
    """By the present secret, or for a while by the one before. A wrong one is noted, so that set-up can say so."""
    secrets = [repository.secret]
    if repository.old_secret and repository.old_secret_until and repository.old_secret_until > at:
        secrets.append(repository.old_secret)
    host = HOSTS[repository.provider]
    try:
        if any(host.is_genuine(knock, unseal(secret)) for secret in secrets if secret):
            return True
    except NotOurs:
        pass  # sealed under another key: nothing can be proved, which set-up shows
    told = Repository.objects.filter(pk=repository.pk).exclude(refused_at__gt=at - timedelta(minutes=1))
    told.update(refused_at=at)
    return False


def read(body: bytes) -> dict[str, Any]:
    """The values a body holds. Raises Unusable."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        payload = None
    if not isinstance(payload, dict):
        raise Unusable(_("The body is no JSON object. Let the host send application/json."))
    return payload


def _earlier(repository: Repository, name: str, digest: str) -> Delivery | None:
    rows = Delivery.objects.filter(repository=repository)
    return rows.filter(delivery_id=name).first() or rows.filter(digest=digest).first()
