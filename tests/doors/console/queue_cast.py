"""Reports as they stand in a queue, without the story before."""

from datetime import UTC, datetime, timedelta

from makegood.life.reports.models import Report

NOW = datetime.now(UTC)


def make_waiting(cast, title="The page stays white", *, hours=2.0, **facts):
    """A report of Ana's that is owed news in ``hours``."""
    return Report.objects.create(
        **{
            "title": title,
            "contact": cast.ana,
            "received_at": NOW - timedelta(days=1),
            "updated_at": NOW,
            "owed_at": NOW + timedelta(hours=hours),
            "owed_kind": "next_update",
            "owed_state": "broken" if hours < 0 else "running",
            **facts,
        }
    )
