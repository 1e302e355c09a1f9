"""A proposal's reasons in words: which policy, on what facts, with what arithmetic, which bounds bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from makegood.lib.money import Money
from makegood.life.compensation import states
from makegood.life.compensation.models import Compensation, Policy
from makegood.life.reports.models import Report


def reasons(compensation: Compensation, language: str) -> list[str]:
    """Sentences, in the language in force; amounts as people of ``language`` write them."""
    policy = compensation.policy
    told = {"name": policy.name, "version": policy.version}
    found = [_("Policy “%(name)s”, version %(version)s.") % told]
    found += facts_told(compensation.facts)
    found += steps_told(compensation.steps, language)
    if compensation.is_related:
        found.append(_("The customer looks like one of us: same mail domain or address as staff."))
    return found


def facts_told(facts: Mapping[str, Any]) -> list[str]:
    """What it was computed from."""
    found = [_("Severity %s.") % dict(Report.SEVERITIES).get(facts["severity"], facts["severity"])]
    words = _("Out for %s, as stated by whoever proposed it.") if facts.get("minutes_stated") else _("Out for %s.")
    found.append(words % span(facts["minutes"]))
    if facts.get("plan"):
        found.append(_("Plan %s.") % facts["plan"])
    if facts.get("broken"):
        found.append(
            ngettext("We broke %(n)s promise on it.", "We broke %(n)s promises on it.", facts["broken"])
            % {"n": facts["broken"]}
        )
    if facts["failure"] > 1:
        found.append(_("The same cause failed this customer for the %s time.") % _nth(facts["failure"]))
    return found


def _nth(number: int) -> str:
    """3rd; in German 3."""
    if not (get_language() or "en").startswith("en"):
        return f"{number}."
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def steps_told(steps: list[dict[str, Any]], language: str) -> list[str]:
    """The arithmetic, a sentence a step."""
    return [_STEPS[step["step"]](step, language) for step in steps]


def policy_told(policy: Policy, language: str) -> str:
    """What a policy gives, in one line."""
    if not policy.is_money:
        return str(policy.get_kind_display())
    rate = Money(policy.rate_minor, policy.currency).shown(language)
    given = {
        "fixed": _("%s once") % rate,
        "per_hour": _("%s for each started hour") % rate,
        "per_day": _("%s for each started day") % rate,
        "percent": _("%s %% of a stated amount") % percent(policy.basis_points),
    }[policy.form]
    if policy.days:
        days = ngettext("%(n)s day", "%(n)s days", policy.days) % {"n": policy.days}
        each = _("once") if policy.form == "fixed" else _("for each started day it was out")
        given = _("%(days)s %(each)s, each worth %(rate)s") % {"days": days, "each": each, "rate": rate}
    bounds = []
    if policy.least_minor is not None:
        bounds.append(_("at least %s") % Money(policy.least_minor, policy.currency).shown(language))
    if policy.most_minor is not None:
        bounds.append(_("at most %s") % Money(policy.most_minor, policy.currency).shown(language))
    return ", ".join([given, *bounds])


def what(kind: str, amount: Money | None, days: int, language: str) -> str:
    """What is given, as colleagues call it; ``letters.what`` says it to the customer."""
    shown = amount.shown(language) if amount else ""
    if kind == states.EXTENSION:
        told = {"n": days, "amount": shown}
        return ngettext("%(n)s day longer (%(amount)s)", "%(n)s days longer (%(amount)s)", days) % told
    words = {
        states.REDO: _("Doing it again"),
        states.REFUND: _("Refund of %s"),
        states.CREDIT: _("Credit of %s"),
        states.DISCOUNT: _("Discount of %s"),
        states.GIFT: _("Gift worth %s"),
        states.LETTER: _("Letter of apology"),
    }[kind]
    return words % shown if amount else words


def span(minutes: int) -> str:
    """A length of time in words: 3 days 4 hours."""
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = []
    if days:
        parts.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours})
    if rest and not days or not parts:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest})
    return " ".join(parts)


def percent(basis_points: int) -> str:
    """1250 is 12.5."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)


def _shown(step: dict[str, Any], name: str, language: str) -> str:
    return Money(step[name], step["currency"]).shown(language)


def _fixed(step: dict[str, Any], language: str) -> str:
    if step.get("days"):
        return _days(step, language)
    return _("%s, once.") % _shown(step, "amount", language)


def _per(step: dict[str, Any], language: str) -> str:
    if step.get("days"):
        return _days(step, language)
    told = {"rate": _shown(step, "rate", language), "n": step["units"], "sum": _shown(step, "amount", language)}
    if step["step"] == "per_hour":
        return (
            ngettext(
                "%(rate)s for each started hour: %(n)s hour, %(sum)s.",
                "%(rate)s for each started hour: %(n)s hours, %(sum)s.",
                step["units"],
            )
            % told
        )
    return (
        ngettext(
            "%(rate)s for each started day: %(n)s day, %(sum)s.",
            "%(rate)s for each started day: %(n)s days, %(sum)s.",
            step["units"],
        )
        % told
    )


def _days(step: dict[str, Any], language: str) -> str:
    told = {"n": step["days"], "rate": _shown(step, "rate", language), "sum": _shown(step, "amount", language)}
    return (
        ngettext(
            "%(n)s day longer, worth %(rate)s: %(sum)s.",
            "%(n)s days longer, each worth %(rate)s: %(sum)s.",
            step["days"],
        )
        % told
    )


def _share(step: dict[str, Any], language: str) -> str:
    told = {"share": percent(step["basis_points"]), "stated": _shown(step, "stated", language)}
    return _("%(share)s %% of %(stated)s: %(sum)s.") % {**told, "sum": _shown(step, "amount", language)}


def _most(step: dict[str, Any], language: str) -> str:
    return _("The policy gives at most %s, so it is that.") % _shown(step, "bound", language)


def _least(step: dict[str, Any], language: str) -> str:
    return _("The policy gives at least %s, so it is that.") % _shown(step, "bound", language)


def _customer(step: dict[str, Any], language: str) -> str:
    return _("This customer may get only %s more within their period, so it is that.") % _shown(step, "bound", language)


def _chosen(step: dict[str, Any], language: str) -> str:
    told = {"amount": _shown(step, "amount", language), "instead": _shown(step, "instead", language)}
    return _("A colleague chose %(amount)s instead of %(instead)s.") % told


_STEPS = {
    "fixed": _fixed,
    "per_hour": _per,
    "per_day": _per,
    "percent": _share,
    "most": _most,
    "least": _least,
    "customer": _customer,
    "chosen": _chosen,
}
