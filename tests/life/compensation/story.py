"""A desk that makes good: rules and policies in euros, a report that was out for some hours, and its confirmation."""

from datetime import timedelta

from makegood.life.aftercare import actions as aftercare
from makegood.life.beginning import begin
from makegood.life.compensation import policies
from makegood.life.compensation.models import Policy
from makegood.life.compensation.rules import Limit, Rules
from makegood.life.people.models import Contact
from makegood.life.reports.models import Report
from tests.again import again
from tests.life.case import file_report, fresh

EUR = "EUR"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = {
    "limits": {"agent": Limit(1_500, 2_500, 10_000), "lead": Limit(5_000, 25_000), "admin": Limit(5_000, None)},
    "customer_most": 50_000,
    "customer_count": 5,
    "budget": 100_000,
}


def furnish(cast, at, **rules):
    """Scripts, rules in euros, and the policies below."""
    again(lambda: begin(at), at)
    set_rules(cast, at, **rules)
    policy(cast, at, "hourly", form="per_hour", rate_minor=500, least_minor=1_000, most_minor=10_000)


def set_rules(cast, at, **rules):
    return policies.set_rules(EUR, Rules(**{**RULES, **rules}), by=cast.ada.actor, at=at)


def policy(cast, at, slug, **wanted):
    facts = {"name": slug.capitalize(), "kind": "discount", "currency": EUR, "rate_minor": 1_000, **wanted}
    return policies.set_policy(slug, by=cast.ada.actor, at=at, **facts)


def current(slug):
    return Policy.objects.get(slug=slug, is_current=True)


def solved(cast, at, *, hours=3, key="ana-0001", contact=None, **more):
    """A report of Ana (or ``contact``), solved ``hours`` after it came at ``at``."""
    report = file_report(cast, at, key=key, **more)
    if contact is not None:
        Contact.objects.filter(pk=contact.pk).update(email_verified_at=at)
        Report.objects.filter(pk=report.pk).update(contact=contact, organisation=contact.organisation)
        report = fresh(report)
    done = at + hours * HOUR
    aftercare.solve(report, by=cast.dora.actor, at=done, cause="A full disk.", solution="Made room.", words="It works.")
    return fresh(report)


def confirm(report, at):
    aftercare.confirm(report, "yes", by=report.contact.actor, at=at)
    return fresh(report)
