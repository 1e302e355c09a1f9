"""Proposing: computed by a policy from facts, every step kept; by a colleague, or by itself when it is solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.lib.errors import Refusal
from makegood.lib.money import Money
from makegood.life.compensation import booking, budgets, deciding, formulas, letters, policies, states
from makegood.life.compensation.facts import Facts, facts_of, is_same_failure, standing_for
from makegood.life.compensation.models import Compensation, Policy
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.reports import access
from makegood.life.reports.models import LedgerEntry, Report
from makegood.life.reports.states import CLOSED


class DoesNotFit(Refusal):
    """The policy is not for what happened here."""


class NeedsFact(Refusal):
    """The policy computes from something nobody has said yet."""


class OncePerFailure(Refusal):
    """This customer gets something for this failure already."""


class NothingLeft(Refusal):
    """This customer has had as much as the rules allow for now."""


class OutOfBounds(Refusal):
    """Another amount than the policy allows, or one without a reason."""


class Wish(TypedDict, total=False):
    """What a colleague knows or wants besides the facts: how long it was out, the amount a share is of, another amount
    within the policy's bounds with the reason (``why``), and the words that go with it."""

    minutes: int | None
    stated: Money | None
    amount: Money | None
    why: str
    letter: str


@dataclass(frozen=True)
class Computed:
    """What a policy gives for facts: worth, days, how it came about."""

    amount: Money | None
    days: int
    steps: list[dict[str, Any]]


def computed(policy: Policy, facts: Facts, *, contact: int | None, at: datetime, **wish: Unpack[Wish]) -> Computed:
    """What it comes to, with every bound that bit. Raises NeedsFact, OutOfBounds, NothingLeft."""
    if not policy.is_money:
        return Computed(None, 0, [])
    minutes = wish.get("minutes")
    try:
        outcome = formulas.compute(
            policies.terms_of(policy),
            minutes=facts.minutes if minutes is None else minutes,
            stated=_stated(policy, wish.get("stated")),
        )
    except formulas.CannotCompute:
        raise NeedsFact(_("Say which amount the share is of.")) from None
    found = Computed(outcome.amount, outcome.days, list(outcome.steps))
    if (other := wish.get("amount")) is not None and other != outcome.amount:
        found = _other(policy, found, other, wish.get("why", ""))
    return _within_cap(policy, found, contact=contact, at=at)


def propose(report: Report, policy: Policy, *, by: Actor, at: datetime, **wish: Unpack[Wish]) -> Compensation:
    """Propose what ``policy`` gives for what happened on ``report``; a decision is promised.

    Raises DoesNotFit, NeedsFact, OutOfBounds, NothingLeft, OncePerFailure, BadLetter, SameApology.
    """
    with transaction.atomic():
        fresh = _whole(access.lock(report))
        facts = facts_of(fresh, at=at)
        minutes = wish.get("minutes")
        if policy not in policies.fitting(_with(facts, minutes), by_hand=by.is_staff):
            raise DoesNotFit(_("This policy is not for what happened here: look at how bad, how long and which plan."))
        if standing_for(fresh.contact_id, facts.problem, fresh.pk, facts.failure, at=at):
            raise OncePerFailure(_("This customer already gets something for this. Nobody is made good twice for it."))
        booking.hold_purse(policy.currency)
        found = computed(policy, facts, contact=fresh.contact_id, at=at, **wish)
        made = _head(fresh, policy, facts, found, at=at, wish=wish, by=by)
        proposer = by.id if by.is_staff else None
        booking.first(made, proposer=proposer, by=by, at=at, reason=wish.get("why", "").strip()[:2000])
        promises.make(made.about, kinds.COMPENSATION, by=by, at=at, severity=fresh.severity, team=fresh.team)
    return made


def propose_if_due(entry: LedgerEntry, now: datetime) -> None:
    """On ``report.confirmed`` and ``report.closed``: what the best policy gives that fits by itself; an entitlement is
    approved at once. Who says nothing to a solution lost as much as who says yes.

    A second run finds that something was proposed already and does nothing, even if a person declined it since.
    """
    report = Report.objects.filter(pk=entry.report_id or 0).select_related(*_WITH).first()
    if report is None or not _is_over(report, entry):
        return
    facts = facts_of(report, at=now)
    by_itself = {"entries__state": states.PROPOSED, "entries__actor_kind": SYSTEM.kind}
    before = Compensation.objects.filter(report=report, **by_itself).distinct()
    if any(is_same_failure(one, facts.failure, at=now) for one in before):
        return
    with override(report.language):
        for policy in policies.fitting(facts, by_hand=False):
            if policy.form == formulas.PERCENT:
                continue  # Takes an amount that only a person can state.
            try:
                made = propose(report, policy, by=SYSTEM, at=now)
            except (OncePerFailure, NothingLeft, letters.BadLetter, letters.NeedsOwnWords, letters.SameApology):
                return
            if policy.is_automatic:
                deciding.approve_by_policy(made, at=now)
            return


def _is_over(report: Report, entry: LedgerEntry) -> bool:
    """Whether it is solved for good now. Silence counts only after a solution, not after a question of ours."""
    if report.is_from_machine or report.close_reason in ("spam", "duplicate"):
        return False
    if entry.kind == "report.confirmed":
        return True
    return report.state == CLOSED and report.close_reason == "silence" and report.solved_at is not None


def words_for(report: Report, policy: Policy, found: Computed, facts: Facts, *, by: Actor, at: datetime) -> str:
    """The letter to begin from; empty where a person must write it."""
    what = letters.what(policy.kind, found.amount, found.days, language=report.language)
    is_given = policy.is_automatic and policy.kind not in states.CODED
    return letters.suggested(report, policy.kind, what, failure=facts.failure, by=by, at=at, is_given=is_given)


def _head(
    report: Report,
    policy: Policy,
    facts: Facts,
    found: Computed,
    *,
    at: datetime,
    wish: Wish,
    by: Actor,
) -> Compensation:
    said = wish.get("letter", "").strip() or words_for(report, policy, found, facts, by=by, at=at)
    if not said:
        raise letters.NeedsOwnWords(_("This has failed them before more than once. Write the apology yourself."))
    letter, mark = letters.checked(said, contact=report.contact_id, cause=facts.cause)
    minutes = wish.get("minutes")
    made = Compensation(
        report=report,
        contact_id=report.contact_id,
        problem=facts.problem,
        number=report.pk,
        cause=facts.cause,
        failure=facts.failure,
        policy=policy,
        kind=policy.kind,
        currency=policy.currency,
        minor=found.amount.minor if found.amount else 0,
        days=found.days,
        steps=found.steps,
        facts={**facts.plain(), **({} if minutes is None else {"minutes": minutes, "minutes_stated": True})},
        letter=letter,
        letter_hash=mark,
        is_related=facts.is_related,
        proposed_at=at,
        state_at=at,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise OncePerFailure(_("Somebody proposed something for this at the same moment. Look at that.")) from None
    return made


_WITH = ("contact", "contact__organisation", "category", "team", "mailbox")


def _whole(report: Report) -> Report:
    return Report.objects.select_related(*_WITH).get(pk=report.pk)


def _with(facts: Facts, minutes: int | None) -> Facts:
    return facts if minutes is None else Facts(**{**facts.__dict__, "minutes": minutes})


def _stated(policy: Policy, stated: Money | None) -> Money | None:
    if stated is not None and stated.currency != policy.currency:
        raise NeedsFact(_("State the amount in %s; currencies are never mixed.") % policy.currency)
    return stated


def _other(policy: Policy, found: Computed, other: Money, why: str) -> Computed:
    """Another amount than computed: within the policy's bounds, and somebody says why."""
    if policy.kind == states.EXTENSION:
        raise OutOfBounds(_("Days are given as computed. Change how long it was out, if that is wrong."))
    if other.currency != policy.currency:
        raise OutOfBounds(_("This policy gives %s; currencies are never mixed.") % policy.currency)
    if other.minor < max(1, policy.least_minor or 0) or (
        policy.most_minor is not None and other.minor > policy.most_minor
    ):
        raise OutOfBounds(_("The amount is outside the bounds of this policy."))
    if not why.strip():
        raise OutOfBounds(_("Say why it is another amount than computed."))
    assert found.amount is not None
    step = {"step": "chosen", "currency": other.currency, "amount": other.minor, "instead": found.amount.minor}
    return Computed(other, found.days, [*found.steps, step])


def _within_cap(policy: Policy, found: Computed, *, contact: int | None, at: datetime) -> Computed:
    """No more than this customer may still get."""
    assert found.amount is not None
    room = budgets.room_for(contact, policy.currency, at=at)
    if room is None or found.amount.minor <= room:
        return found
    each = policy.rate_minor if found.days else 0
    days = room // each if each else 0
    amount = Money(each * days if each else room, policy.currency)
    if not amount:
        raise NothingLeft(_("This customer has had as much as the rules allow within their period."))
    step = {"step": "customer", "bound": room, "currency": policy.currency, "amount": amount.minor}
    return Computed(amount, days, [*found.steps, {**step, **({"days": days} if days else {})}])
