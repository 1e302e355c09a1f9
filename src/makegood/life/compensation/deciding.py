"""Deciding on a proposal: up to what one may decide alone, above it by another person, never beyond limits and budget.

What four eyes need is read while the money of the currency is held, and stands on the entry, where the database checks
it again: two people who approve at once, or a request made by hand, find the same wall.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.lib.errors import Refusal
from makegood.lib.money import Money
from makegood.life.compensation import booking, budgets, facts, states
from makegood.life.compensation.models import Compensation
from makegood.life.compensation.rules import Rules
from makegood.life.people.actors import SYSTEM, Actor
from makegood.life.people.models import Agent
from makegood.life.promises import about as promises
from makegood.life.promises import kinds
from makegood.life.updates import closing, mails

PURPOSE = "compensation"


class NotForYou(Refusal):
    """Another person has to decide this."""


class AboveLimit(Refusal):
    """More than this role may approve."""


class OverBudget(Refusal):
    """The budget of the month does not hold it."""


class OverCap(Refusal):
    """More than this customer may get within their period, or a second time for the same thing."""


class NeedsReason(Refusal):
    """Declining and taking back must say why."""


def approve(
    compensation: Compensation, *, by: Agent, at: datetime, reason: str = "", over_budget: str = ""
) -> Compensation:
    """Approve it: the customer is offered it. ``over_budget``: why an admin lets it go over the month's budget.

    Raises NotNow, NotForYou, AboveLimit, OverCap, OverBudget.
    """
    with transaction.atomic():
        fresh = booking.lock(compensation)
        entry = booking.newest(fresh)
        if entry is None or entry.state != states.PROPOSED:
            raise booking.NotNow(booking.told_why(entry.state if entry else ""))
        rules = budgets.rules_of(fresh.currency, at=at)
        is_own = entry.proposer_id == by.pk
        limit = _check_person(fresh, rules, is_own=is_own, by=by)
        _check_rolling(fresh, rules, by=by, at=at)
        _check_customer(fresh, at=at)
        is_over = _check_budget(fresh, by=by, at=at, over_budget=over_budget)
        why = over_budget.strip() if is_over else reason.strip()
        booking.write(
            fresh,
            states.APPROVED,
            by=by.actor,
            at=at,
            reason=why[:2000],
            alone_minor=rules.alone(by.role),
            limit_minor=limit,
            over_budget=is_over,
            budget_month=budgets.month_of(at),
        )
        _approved(fresh, by=by.actor, at=at)
    _refresh(compensation)
    return compensation


def approve_by_policy(compensation: Compensation, *, at: datetime) -> bool:
    """An entitlement needs nobody's word, but keeps to the same caps and budget; False: a person has to look at it."""
    with transaction.atomic():
        fresh = booking.lock(compensation)
        policy, entry = fresh.policy, booking.newest(fresh)
        is_free = entry is not None and entry.state == states.PROPOSED and entry.proposer_id is None
        if not is_free or not policy.is_automatic or fresh.is_related or fresh.minor > (policy.most_minor or 0):
            return False
        try:
            _check_customer(fresh, at=at)
            _check_budget(fresh, by=None, at=at, over_budget="")
        except (OverCap, OverBudget):
            return False
        booking.write(
            fresh,
            states.APPROVED,
            by=SYSTEM,
            at=at,
            limit_minor=policy.most_minor or 0,
            is_automatic=True,
            budget_month=budgets.month_of(at),
        )
        _approved(fresh, by=SYSTEM, at=at)
    _refresh(compensation)
    return True


def decline(compensation: Compensation, *, by: Actor, at: datetime, reason: str) -> Compensation:
    """No, with a reason; nobody outside hears of it. Raises NotNow, NeedsReason."""
    if not reason.strip():
        raise NeedsReason(_("Say why, so that whoever proposed it understands."))
    with transaction.atomic():
        fresh = booking.lock(compensation)
        entry = booking.newest(fresh)
        if entry is None or entry.state != states.PROPOSED:
            raise booking.NotNow(booking.told_why(entry.state if entry else ""))
        booking.write(fresh, states.DECLINED, by=by, at=at, reason=reason.strip()[:2000])
        promises.keep(fresh.about, kinds.COMPENSATION, by=by, at=at)
    _refresh(compensation)
    return compensation


def may_decide(agent: Agent, compensation: Compensation, *, at: datetime) -> str:
    """Why ``agent`` cannot approve it now, in a sentence; empty if they can. For showing: ``approve`` decides."""
    entry = booking.newest(compensation)
    if entry is None or entry.state != states.PROPOSED:
        return booking.told_why(entry.state if entry else "")
    try:
        rules = budgets.rules_of(compensation.currency, at=at)
        _check_person(compensation, rules, is_own=entry.proposer_id == agent.pk, by=agent)
        _check_rolling(compensation, rules, by=agent, at=at)
        _check_customer(compensation, at=at)
    except Refusal as no:
        return str(no)
    return ""


def budget_after(compensation: Compensation, *, at: datetime) -> tuple[budgets.Month, Money] | None:
    """The month as it stands and what would be left of it; None without a budget or without money."""
    if not compensation.currency:
        return None
    month = budgets.month(compensation.currency, at=at)
    if month.budget is None:
        return None
    left = month.budget - month.spent - Money(compensation.minor, compensation.currency)
    return month, left


def _check_person(fresh: Compensation, rules: Rules, *, is_own: bool, by: Agent) -> int:
    """The most this person may approve here. Raises NotForYou, AboveLimit."""
    if not by.may("compensation.approve"):
        raise NotForYou(_("Your role does not decide on compensation."))
    address = (by.email or "").lower()
    if fresh.contact is not None and address in {
        (fresh.contact.email or "").lower(),
        fresh.contact.second_email.lower(),
    }:
        raise NotForYou(_("This would go to you. Somebody else has to decide it."))
    if is_own and fresh.is_related:
        raise NotForYou(_("The customer looks like one of us, so somebody else has to decide it."))
    alone, most = rules.alone(by.role), rules.approve(by.role)
    if not fresh.currency:
        return 0
    if is_own and fresh.minor > alone:
        raise NotForYou(
            _("You proposed it, and it is more than the %(amount)s you may decide alone. Somebody else decides it.")
            % {"amount": Money(alone, fresh.currency).shown(by.language)}
        )
    limit = alone if is_own else max(alone, most)
    if fresh.minor > limit:
        raise AboveLimit(
            _("This is above your limit of %(amount)s. Somebody with a higher one has to decide it.")
            % {"amount": Money(limit, fresh.currency).shown(by.language)}
        )
    return limit


def _check_rolling(fresh: Compensation, rules: Rules, *, by: Agent, at: datetime) -> None:
    most = rules.limit(by.role).rolling
    if not fresh.currency or most is None:
        return
    before = budgets.approved_by(by.pk, fresh.currency, since=at - timedelta(days=rules.rolling_days))
    if before + fresh.minor > most:
        told = {"amount": Money(most, fresh.currency).shown(by.language), "days": rules.rolling_days}
        raise AboveLimit(_("With this you would approve more than %(amount)s within %(days)s days.") % told)


def _check_customer(fresh: Compensation, *, at: datetime) -> None:
    if facts.rivals(fresh):
        raise OverCap(_("This customer gets something else for the same thing. Decline one of the two."))
    if not fresh.currency:
        return
    room = budgets.room_for(fresh.contact_id, fresh.currency, at=at, but=fresh.pk)
    if room is not None and fresh.minor > room:
        raise OverCap(_("With this the customer would get more than the rules allow within their period."))


def _check_budget(fresh: Compensation, *, by: Agent | None, at: datetime, over_budget: str) -> bool:
    """Whether it goes over the month's budget, which takes an admin and a reason. Raises OverBudget."""
    after = budget_after(fresh, at=at)
    if after is None or after[1].minor >= 0:
        return False
    if by is not None and over_budget.strip() and by.may("compensation.override_budget"):
        return True
    if by is not None and by.may("compensation.override_budget"):
        raise OverBudget(_("The budget of this month does not hold it. To let it go all the same, write why."))
    raise OverBudget(
        _("The budget of this month does not hold it. An admin can let it go all the same, with a reason.")
    )


def _approved(fresh: Compensation, *, by: Actor, at: datetime) -> None:
    """The promise is kept, the customer told, the alarm looked at; what needs no yes is issued at once."""
    fresh.offer_until = at + timedelta(days=fresh.policy.offer_days)
    Compensation.objects.filter(pk=fresh.pk).update(offer_until=fresh.offer_until)
    promises.keep(fresh.about, kinds.COMPENSATION, by=by, at=at)
    _tell(fresh, at=at)
    if fresh.currency:
        budgets.sound_alarm(budgets.month(fresh.currency, at=at), at=at)
    if needs_no_answer(fresh):
        issue(fresh, by=by, at=at)
        if fresh.kind == states.LETTER:
            booking.write(fresh, states.REDEEMED, by=SYSTEM, at=at)


def needs_no_answer(fresh: Compensation) -> bool:
    """A letter is said by being sent; an entitlement without a code is given without asking."""
    is_given = fresh.policy.is_automatic and fresh.kind not in states.CODED
    entry = booking.newest(fresh)
    return fresh.kind == states.LETTER or (is_given and entry is not None and entry.is_automatic)


def issue(fresh: Compensation, *, by: Actor, at: datetime) -> None:
    """From now on it can be redeemed. Within the transaction of the answer."""
    fresh.redeem_until = at + timedelta(days=fresh.policy.code_days)
    Compensation.objects.filter(pk=fresh.pk).update(redeem_until=fresh.redeem_until)
    booking.write(fresh, states.ISSUED, by=by, at=at)


def _tell(fresh: Compensation, *, at: datetime) -> None:
    """The letter, by mail to the customer alone, with the way to their offer, which shows it again."""
    report = fresh.report
    if report is None or report.contact_id != fresh.contact_id:
        return
    with override(report.language):
        words = closing.as_owed(report, fresh.letter, at=at)
        mails.queue(report, words, at=at, purpose=PURPOSE, key=f"compensation:{fresh.pk}")


def _refresh(compensation: Compensation) -> None:
    compensation.refresh_from_db()
