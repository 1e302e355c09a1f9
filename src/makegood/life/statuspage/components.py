"""Which parts of the product the public knows, under which names, and in which state each of them is.

A component's state follows from its baseline and from what open notices say of it; ``settle`` computes it anew after
every change of either, and keeps what changed, what made it so, who and why. Nothing else writes a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.texts import in_language
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.models import Component
from makegood.life.statuspage import standing
from makegood.life.statuspage.models import Affected, Notice, PublicComponent, StateChange

LONGEST_NAME = 60
LAST_POSITION = 999


class BadComponent(Refusal):
    """A public name is missing or too long, or there is no such state."""


class NeedsReason(Refusal):
    """A state set by hand says why, so that the next person understands."""


@dataclass(frozen=True)
class Why:
    """What made a state another one."""

    source: str
    reason: str
    by: Actor


def every_component() -> list[tuple[Component, PublicComponent | None]]:
    """All active components of the product with their public side, if they have one; shown ones first, in order."""
    rows = Component.objects.filter(is_active=True).select_related("public_side").order_by("name")
    pairs = [(one, getattr(one, "public_side", None)) for one in rows]
    return sorted(pairs, key=lambda pair: (not (pair[1] and pair[1].is_shown), pair[1].position if pair[1] else 0))


def set_up(component: Component, *, by: Actor, at: datetime, **facts: Any) -> PublicComponent:
    """Set is_shown, names, groups, position. Its history begins when it is shown first. Raises BadComponent."""
    fields = _checked(component, facts)
    with transaction.atomic():
        Component.objects.select_for_update().get(pk=component.pk)
        found = PublicComponent.objects.filter(component=component).first()
        if found is None:
            found = PublicComponent.objects.create(component=component, since=at, made_at=at, **fields)
            why = Why(StateChange.SYSTEM, _("Put on the status page."), by)
            _keep_change(found, why, at)
            changed: dict[str, Any] = fields
        else:
            changed = {name: value for name, value in fields.items() if getattr(found, name) != value}
            for name, value in changed.items():
                setattr(found, name, value)
            found.save(update_fields=list(changed))
        if changed:
            data = {"component": component.slug, "to": changed}
            ledger.record(None, "status.component_set", by=by, at=at, data=data, about=f"component:{component.pk}")
    return found


def set_baseline(component: PublicComponent, state: str, *, by: Actor, at: datetime, reason: str) -> bool:
    """Say what state the component has by itself, with a reason; True if that is new. Raises NeedsReason, BadComponent.

    It can only be worse on the page than this, through a notice; never better.
    """
    if state not in standing.BASELINES:
        raise BadComponent(_("Choose one of the states."))
    with transaction.atomic():
        fresh = _lock([component.pk])[0]
        if fresh.baseline == state:
            return False
        if not reason.strip():
            raise NeedsReason(_("Say why, so that the next person understands."))
        PublicComponent.objects.filter(pk=fresh.pk).update(baseline=state)
        settle([fresh.pk], Why(StateChange.PERSON, reason.strip()[:500], by), at=at)
    component.refresh_from_db()
    return True


def settle(keys: Iterable[int], why: Why, *, at: datetime) -> list[PublicComponent]:
    """Compute the states of these components anew and keep what changed; returns those with another state."""
    changed = []
    with transaction.atomic():
        fresh = _lock(keys)
        claims: dict[int, list[str]] = {}
        rows = Affected.objects.filter(claiming(), component__in=[one.pk for one in fresh])
        for component, state in rows.values_list("component_id", "state"):
            claims.setdefault(component, []).append(state)
        for one in fresh:
            state = standing.effective(one.baseline, claims.get(one.pk, ()))
            last = one.changes.order_by("-at", "-id").values_list("state", "baseline").first()
            if last == (state, one.baseline):
                continue
            if state != one.state:
                PublicComponent.objects.filter(pk=one.pk).update(state=state, since=at)
                one.state, one.since = state, at
                changed.append(one)
            _keep_change(one, why, at)
            data = {"component": one.component.slug, "state": state, "baseline": one.baseline, "source": why.source}
            about = f"component:{one.component_id}"
            ledger.record(None, "status.component_changed", by=why.by, at=at, data=data, reason=why.reason, about=about)
    return changed


def claiming() -> Q:
    """Which rows of ``Affected`` count now: of shown troubles that are not over, of maintenances under way."""
    trouble = Q(notice__kind=Notice.TROUBLE, notice__ended_at=None, notice__is_shown=True)
    work = Q(notice__kind=Notice.MAINTENANCE, notice__state__in=standing.UNDER_WAY, notice__is_shown=True)
    return trouble | work


def name_of(component: PublicComponent, language: str) -> str:
    """Its public name in ``language``; never the name we call it by among us."""
    return in_language(component.names, language)


def _keep_change(component: PublicComponent, why: Why, at: datetime) -> None:
    StateChange.objects.create(
        component=component,
        at=at,
        state=component.state,
        baseline=component.baseline,
        source=why.source,
        reason=why.reason[:500],
        by_name=why.by.name,
    )


def _lock(keys: Iterable[int]) -> list[PublicComponent]:
    """In the order of their keys, so that two who need the same ones wait for one another."""
    rows = PublicComponent.objects.select_for_update(of=("self",)).filter(pk__in=list(keys)).order_by("pk")
    return list(rows.select_related("component"))


def _checked(component: Component, facts: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in ("names", "groups"):
        if name in facts:
            fields[name] = {code: _short(text) for code, text in facts[name].items() if text.strip()}
    if "is_shown" in facts:
        fields["is_shown"] = bool(facts["is_shown"])
    if "position" in facts:
        fields["position"] = min(LAST_POSITION, max(0, int(facts["position"])))
    if fields.get("is_shown") and "names" in fields and not fields["names"]:
        raise BadComponent(_("Give it a name the public knows it by, in at least one language."))
    return fields


def _short(text: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_NAME:
        raise BadComponent(_("That is too long: at most %d characters fit here.") % LONGEST_NAME)
    return text
