"""What is shown of a component, and every change of its state with what made it so."""

import pytest

from makegood.life.reports.models import Component, LedgerEntry
from makegood.life.statuspage import components, snapshot, standing
from makegood.life.statuspage.models import PublicComponent
from tests.life.statuspage.page import DAY, HOUR, INTERNAL, furnish, published, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(cast, monday):
    return furnish(cast, monday - DAY)


def test_only_what_is_shown_is_public_and_only_by_its_public_name(cast, monday, parts):
    assert [part.names["en"] for part in snapshot.take(monday).parts] == ["Signing in", "Claims", "Search"]
    assert INTERNAL not in repr(snapshot.take(monday))
    components.set_up(parts["claims"].component, by=cast.emil.actor, at=monday, is_shown=False)
    assert [part.names["en"] for part in snapshot.take(monday).parts] == ["Signing in", "Search"]
    Component.objects.filter(slug="search").update(is_active=False)
    assert [part.names["en"] for part in snapshot.take(monday).parts] == ["Signing in"]


def test_a_shown_component_has_a_public_name(cast, monday, parts):
    billing = Component.objects.get(slug="billing")
    with pytest.raises(components.BadComponent):
        components.set_up(billing, by=cast.emil.actor, at=monday, is_shown=True, names={"en": "  "})
    with pytest.raises(components.BadComponent):
        components.set_up(billing, by=cast.emil.actor, at=monday, is_shown=True, names={"en": "x" * 61})
    assert not PublicComponent.objects.filter(component=billing).exists()


def test_a_state_set_by_hand_says_why_and_is_kept(cast, monday, parts):
    claims = parts["claims"]
    with pytest.raises(components.NeedsReason):
        components.set_baseline(claims, standing.DEGRADED, by=cast.emil.actor, at=monday, reason=" ")
    assert components.set_baseline(claims, standing.DEGRADED, by=cast.emil.actor, at=monday, reason="A slow disk.")
    assert not components.set_baseline(claims, standing.DEGRADED, by=cast.emil.actor, at=monday, reason="Again.")
    change = claims.changes.latest("pk")
    assert (change.state, change.source, change.reason, change.by_name) == (
        standing.DEGRADED,
        "person",
        "A slow disk.",
        "Emil Ek",
    )
    assert claims.changes.count() == 2
    assert LedgerEntry.objects.filter(kind="status.component_changed").count() == 1
    with pytest.raises(components.BadComponent):
        components.set_baseline(claims, standing.MAINTENANCE, by=cast.emil.actor, at=monday, reason="x")


def test_the_page_shows_the_worst_of_what_is_said(cast, monday, parts):
    sign_in = parts["sign-in"]
    components.set_baseline(sign_in, standing.DEGRADED, by=cast.emil.actor, at=monday, reason="Slow.")
    published(cast, monday)
    assert state_of(sign_in) == standing.PARTIAL
    components.set_baseline(sign_in, standing.MAJOR, by=cast.emil.actor, at=monday + HOUR, reason="Gone.")
    assert state_of(sign_in) == standing.MAJOR
    components.set_baseline(sign_in, standing.OPERATIONAL, by=cast.emil.actor, at=monday + 2 * HOUR, reason="Back.")
    assert state_of(sign_in) == standing.PARTIAL
    told = [(one.state, one.baseline) for one in sign_in.changes.order_by("pk")]
    assert told == [
        ("operational", "operational"),
        ("degraded_performance", "degraded_performance"),
        ("partial_outage", "degraded_performance"),
        ("major_outage", "major_outage"),
        ("partial_outage", "operational"),
    ]
