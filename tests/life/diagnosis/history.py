"""A desk with a past: closed reports of three kinds of error, as their reporters told them."""

from datetime import timedelta

from makegood.life.reports.models import Category, Message, Report

TOLD = {
    "sign-in-failure": ("My password is refused", "I cannot log in, the password is refused since the morning."),
    "price-wrong": ("The invoice is too high", "The price on my invoice is wrong, the discount is missing."),
    "search-empty": ("Search finds nothing", "I search for my doctor and the results stay empty."),
}
SEVERITY = {"sign-in-failure": "high", "price-wrong": "medium", "search-empty": "low"}
ENDINGS = ("Please help.", "It was fine last week.", "On my phone too.", "Thank you.", "Again and again.")


def past(cast, at, *, count=60, **fields):
    """``count`` closed reports, the newest a day before ``at``; return them."""
    slugs = list(TOLD)
    categories = {one.slug: one for one in Category.objects.filter(slug__in=slugs)}
    made = []
    for n in range(count):
        slug = slugs[n % len(slugs)]
        moment = at - timedelta(hours=24 + count - n)
        made.append(
            Report(
                title=TOLD[slug][0],
                contact=cast.ben,
                team=cast.desk,
                category=categories[slug],
                severity=SEVERITY[slug],
                state="closed",
                close_reason="confirmed",
                received_at=moment,
                updated_at=moment,
                closed_at=moment,
                **fields,
            )
        )
    reports = Report.objects.bulk_create(made)
    Message.objects.bulk_create(
        Message(
            report=report,
            said_by="contact",
            name="Ben",
            body=f"{TOLD[slugs[n % len(slugs)]][1]} {ENDINGS[n % len(ENDINGS)]} {n}",
            at=report.received_at,
            visible_at=report.received_at,
        )
        for n, report in enumerate(reports)
    )
    return reports
