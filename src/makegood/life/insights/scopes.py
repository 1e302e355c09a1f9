"""The groups figures may be narrowed to: their names, their values, and what they mean for rows."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from makegood.lib.texts import in_language, whole_number
from makegood.life.people.models import Team
from makegood.life.reports.models import Category, Component, Report

NAMES = {
    "category": gettext_lazy("category"),
    "component": gettext_lazy("component"),
    "severity": gettext_lazy("severity"),
    "channel": gettext_lazy("channel"),
    "team": gettext_lazy("team"),
}
_MODELS = {"category": Category, "component": Component, "team": Team}


def of_reports(scope: str) -> Q:
    """What a scope such as ``category:3`` means for reports; ``0`` is none."""
    group, _colon, key = scope.partition(":")
    if not group:
        return Q()
    if group in _MODELS:
        return Q(**{f"{group}_id": int(key) if key != "0" else None})
    return Q(**{group: key})


def is_scope(scope: str) -> bool:
    """Whether it names a group of ours, and something that may be in it."""
    group, _colon, key = scope.partition(":")
    if group in _MODELS:
        return whole_number(key) is not None
    return bool(key) and key in {"severity": dict(Report.SEVERITIES), "channel": dict(Report.CHANNELS)}.get(group, {})


def names(group: str) -> dict[str, str]:
    """Key → name of everything a group has, in the reader's language, in its usual order."""
    if group == "severity":
        return {key: str(name) for key, name in Report.SEVERITIES}
    if group == "channel":
        return {key: str(name) for key, name in Report.CHANNELS}
    found = {"0": str(_("none"))}
    if group == "category":
        language = get_language() or "en"
        found |= {str(one.pk): in_language(one.names, language) or one.slug for one in Category.objects.all()}
    elif group == "component":
        found |= {str(one.pk): one.name for one in Component.objects.order_by("name")}
    elif group == "team":
        found |= {str(one.pk): one.name for one in Team.objects.order_by("name")}
    return found


def slugs(group: str) -> dict[str, str]:
    """Key → the word the queue's query knows it by."""
    if group not in _MODELS:
        return {key: key for key in names(group)}
    rows = _MODELS[group].objects.values_list("pk", "slug")  # type: ignore[attr-defined]
    return {"0": "none", **{str(pk): slug for pk, slug in rows}}


def reports(scope: str) -> QuerySet[Report]:
    """The reports of a scope, by their number only."""
    return Report.objects.filter(of_reports(scope)).order_by().values("pk")  # type: ignore[return-value]
