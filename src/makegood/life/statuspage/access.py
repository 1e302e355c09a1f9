"""What a seeker of the desk may see of the status page and do to it. Missing and forbidden answer alike."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.life.people.models import Agent
from makegood.life.problems.access import visible_problems
from makegood.life.reports.access import NotFound
from makegood.life.statuspage.models import Notice, PublicComponent, Subscriber, Update


class NotYours(Refusal):
    """Speaking to the public is for leads."""


def check_may_publish(seeker: Agent) -> None:
    """Raise NotYours unless ``seeker`` may speak to the public."""
    if not seeker.may("status.publish"):
        raise NotYours(_("What the status page says is for leads to decide."))


def visible_notices(seeker: Agent) -> QuerySet[Notice]:
    """Maintenances, and the notices of problems ``seeker`` may see."""
    if not seeker.is_active or not seeker.may("status.view"):
        return Notice.objects.none()
    seen = visible_problems(seeker).order_by().values("pk")
    return Notice.objects.filter(Q(problem=None) | Q(problem__in=seen)).select_related("problem")


def access_notice(seeker: Agent, key: str, kind: str) -> Notice:
    """The notice of that kind called ``key``. Raises NotFound."""
    found = visible_notices(seeker).filter(key=key, kind=kind).first()
    if found is None:
        raise NotFound(key)
    return found


def access_update(seeker: Agent, key: str) -> Update:
    """The update called ``key``, if its notice may be seen. Raises NotFound."""
    seen = visible_notices(seeker).order_by().values("pk")
    found = Update.objects.filter(key=key, notice__in=seen).select_related("notice", "notice__problem").first()
    if found is None:
        raise NotFound(key)
    return found


def access_component(key: str) -> PublicComponent:
    """The public side of a component called ``key``. Raises NotFound."""
    found = PublicComponent.objects.filter(key=key).select_related("component").first()
    if found is None:
        raise NotFound(key)
    return found


def access_subscriber(key: str) -> Subscriber:
    """Raises NotFound."""
    found = Subscriber.objects.filter(key=key).first()
    if found is None:
        raise NotFound(key)
    return found
