"""What an admin edits, in versions, and which policy fits what happened. An edit counts from now on; the past stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.money import MOST, is_code
from makegood.life.compensation import formulas, states
from makegood.life.compensation.facts import Facts
from makegood.life.compensation.models import Policy, RuleBook
from makegood.life.compensation.rules import Rules
from makegood.life.people.actors import Actor
from makegood.life.reports import ledger
from makegood.life.reports.states import SEVERITIES

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
LONGEST_DAYS = 3660


class BadPolicy(Refusal):
    """The policy cannot be used; ``field`` names what is wrong with it."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


class BadRules(Refusal):
    """The rules cannot be used; ``field`` names what is wrong with them."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


class Wording(TypedDict, total=False):
    """Everything of a policy but its name in addresses and who changed it when; see ``models.Policy``."""

    name: str
    trigger: str
    severities: list[str]
    from_minutes: int
    below_minutes: int | None
    plan: str
    tier: int
    kind: str
    form: str
    currency: str
    rate_minor: int
    basis_points: int
    days: int
    least_minor: int | None
    most_minor: int | None
    is_automatic: bool
    offer_days: int
    code_days: int
    terms: dict[str, str]
    position: int
    is_active: bool


def set_policy(slug: str, *, by: Actor, at: datetime, reason: str = "", **wanted: Unpack[Wording]) -> Policy:
    """A new policy called ``slug``, or the next version of the one there is; what is not named stays.

    Raises BadPolicy.
    """
    if not _SLUG.fullmatch(slug):
        raise BadPolicy("slug", _("A short name has small letters, digits and hyphens."))
    with transaction.atomic():
        before = Policy.objects.select_for_update().filter(slug=slug, is_current=True).first()
        facts: dict[str, Any] = {**_facts(before), **wanted} if before else dict(wanted)
        newest = Policy.objects.filter(slug=slug).aggregate(newest=Max("version"))["newest"] or 0
        policy = Policy(slug=slug, version=newest + 1, valid_from=at, by_name=by.name, reason=reason.strip(), **facts)
        _check(policy)
        if before:
            Policy.objects.filter(pk=before.pk).update(is_current=False)
        try:
            with transaction.atomic():
                policy.save(force_insert=True)
        except IntegrityError:
            raise BadPolicy("", _("Somebody changed it at the same moment. Look at it again.")) from None
        changed = {name: value for name, value in _facts(policy).items() if not before or _facts(before)[name] != value}
        data = {"what": "compensation_policy", "slug": slug, "version": policy.version, "name": policy.name}
        data["from"] = {name: _facts(before)[name] for name in changed} if before else {}
        data["to"] = changed
        ledger.record(None, "compensation.policy_changed", by=by, at=at, data=data, reason=policy.reason)
    return policy


def set_rules(currency: str, rules: Rules, *, by: Actor, at: datetime, reason: str = "") -> RuleBook:
    """Supersede the limits, caps and budget of a currency from ``at`` on. Raises BadRules."""
    if not is_code(currency):
        raise BadRules("currency", _("There is no currency “%s”. Write three letters, such as EUR.") % currency[:10])
    if wrong := rules.wrong():
        raise BadRules(wrong, _("This number makes no sense here. Nobody approves less than they may decide alone."))
    with transaction.atomic():
        before = RuleBook.objects.filter(currency=currency).order_by("-valid_from", "-id").first()
        book = RuleBook.objects.create(
            currency=currency, data=rules.plain(), valid_from=at, by_name=by.name, reason=reason.strip()
        )
        data = {"what": "compensation_rules", "currency": currency, "from": before.data if before else {}}
        data["to"] = book.data
        ledger.record(None, "compensation.rules_changed", by=by, at=at, data=data, reason=book.reason)
    return book


def current() -> list[Policy]:
    """Every policy in its newest version, in order."""
    return list(Policy.objects.filter(is_current=True))


def fitting(facts: Facts, *, by_hand: bool) -> list[Policy]:
    """What may be given for these facts, the best first. Of each kind only the highest tier: the second failure is not
    paid like the first. ``by_hand``: also what only a colleague proposes."""
    found = [one for one in Policy.objects.filter(is_current=True, is_active=True) if _fits(one, facts, by_hand)]
    highest = {kind: max(one.tier for one in found if one.kind == kind) for kind in {one.kind for one in found}}
    kept = [one for one in found if one.tier == highest[one.kind]]
    return sorted(
        kept, key=lambda one: (-one.tier, one.trigger == Policy.BY_HAND, -_narrow(one), one.position, one.slug)
    )


def terms_of(policy: Policy) -> formulas.Terms:
    """Its form, as arithmetic takes it."""
    return formulas.Terms(
        form=policy.form,
        currency=policy.currency,
        rate=policy.rate_minor,
        basis_points=policy.basis_points,
        days=policy.days if policy.kind == states.EXTENSION else 0,
        least=policy.least_minor,
        most=policy.most_minor,
    )


def _fits(policy: Policy, facts: Facts, by_hand: bool) -> bool:
    triggered = {
        Policy.SOLVED: True,
        Policy.BROKEN: facts.broken > 0,
        Policy.CAME_BACK: facts.failure > 1,
        Policy.BY_HAND: by_hand,
    }[policy.trigger]
    is_long = policy.from_minutes <= facts.minutes
    is_short = policy.below_minutes is None or facts.minutes < policy.below_minutes
    is_bad = not policy.severities or facts.severity in policy.severities
    is_theirs = not policy.plan or policy.plan.casefold() == facts.plan.casefold()
    return triggered and is_long and is_short and is_bad and is_theirs and policy.tier <= facts.failure


def _narrow(policy: Policy) -> int:
    """How many conditions it has: the narrower fits better."""
    conditions: Iterable[object] = (
        policy.severities,
        policy.from_minutes,
        policy.below_minutes is not None,
        policy.plan,
        policy.trigger not in (Policy.SOLVED, Policy.BY_HAND),
    )
    return sum(bool(one) for one in conditions)


def _facts(policy: Policy) -> dict[str, Any]:
    return {name: getattr(policy, name) for name in Wording.__annotations__}


def _check(policy: Policy) -> None:
    if not policy.name.strip() or len(policy.name) > 100:
        raise BadPolicy("name", _("Give it a name of at most 100 characters."))
    for field, choices in (("trigger", Policy.TRIGGERS), ("form", Policy.FORMS)):
        if getattr(policy, field) not in dict(choices):
            raise BadPolicy(field, _("Choose one of the list."))
    if policy.kind not in states.KINDS or not set(policy.severities) <= set(SEVERITIES):
        raise BadPolicy("kind", _("Choose one of the list."))
    if policy.below_minutes is not None and policy.below_minutes <= policy.from_minutes:
        raise BadPolicy("below_minutes", _("The band must end after it begins."))
    if not 1 <= policy.tier <= 9:
        raise BadPolicy("tier", _("A tier is 1 to 9: 2 is for the second failure of the same cause."))
    if not (1 <= policy.offer_days <= LONGEST_DAYS and 1 <= policy.code_days <= LONGEST_DAYS):
        raise BadPolicy("offer_days", _("An offer stands for at least a day, and at most about ten years."))
    if policy.kind in states.MONEY:
        _check_money(policy)
    else:
        _clear_money(policy)


def _check_money(policy: Policy) -> None:
    if not is_code(policy.currency):
        raise BadPolicy("currency", _("There is no currency “%s”. Write three letters, such as EUR.") % policy.currency)
    if policy.form == formulas.PERCENT:
        if not 1 <= policy.basis_points <= 20_000:
            raise BadPolicy("basis_points", _("A share is more than 0 and at most 200 percent."))
    elif not 1 <= policy.rate_minor <= MOST:
        raise BadPolicy("rate_minor", _("Say how much it is; more than nothing."))
    if policy.kind == states.EXTENSION and (policy.form == formulas.PERCENT or not 1 <= policy.days <= LONGEST_DAYS):
        raise BadPolicy("days", _("Say how many days longer; once, or for each day it was out."))
    least, most = policy.least_minor, policy.most_minor
    if any(bound is not None and not 0 <= bound <= MOST for bound in (least, most)):
        raise BadPolicy("most_minor", _("That is not an amount."))
    if least is not None and most is not None and least > most:
        raise BadPolicy("most_minor", _("The most is less than the least."))
    if policy.is_automatic and most is None:
        raise BadPolicy("most_minor", _("What is given without asking anybody needs a most."))
    if policy.is_automatic and policy.form == formulas.PERCENT:
        raise BadPolicy("is_automatic", _("A share needs an amount that somebody states, so it cannot go by itself."))


def _clear_money(policy: Policy) -> None:
    policy.currency, policy.form = "", formulas.FIXED
    policy.rate_minor = policy.basis_points = policy.days = 0
    policy.least_minor = policy.most_minor = None
