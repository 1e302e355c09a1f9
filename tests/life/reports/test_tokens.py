"""Tokens: how secrets look and rest, when they open something, who may make and end them."""

from datetime import timedelta

import pytest

from makegood.life.people import tokens
from makegood.life.people.models import Agent, ApiToken
from makegood.life.reports import staff
from makegood.life.reports import tokens as verbs
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def made(cast, monday):
    return verbs.make(cast.dora, "CRM", scopes=["reports:read"], by=cast.dora.actor, at=monday)


def test_a_secret_has_a_prefix_a_checksum_and_256_random_bits():
    secret = tokens.mint()
    assert secret.startswith("mg_")
    assert len(secret) == 52
    assert tokens.is_whole(secret)
    assert len({tokens.mint() for _ in range(100)}) == 100
    changed = secret[:10] + ("a" if secret[10] != "a" else "b") + secret[11:]
    assert not tokens.is_whole(changed)
    assert not tokens.is_whole("")


def test_the_secret_opens_the_token_and_rests_as_a_hash_only(made, monday):
    token, secret = made
    assert tokens.token_of(secret, now=monday) == token
    row = ApiToken.objects.values().get()
    assert secret not in str(row)
    assert row["hint"] == secret[:8]
    assert secret not in str(list(LedgerEntry.objects.values()))


def test_unknown_and_empty_secrets_open_nothing(made, monday):
    assert tokens.token_of(tokens.mint(), now=monday) is None
    assert tokens.token_of("", now=monday) is None
    assert tokens.token_of("mg_", now=monday) is None


def test_no_earlier_secret_never_matches_nothing(made, monday):
    """A token that was never rotated has no earlier hash; nothing may equal it."""
    assert ApiToken.objects.get().previous_hash is None


def test_it_ends_when_it_expires(cast, monday):
    _token, secret = verbs.make(
        cast.dora, "x", scopes=["reports:read"], expires_at=monday + DAY, by=cast.dora.actor, at=monday
    )
    assert tokens.token_of(secret, now=monday + DAY - timedelta(seconds=1))
    assert tokens.token_of(secret, now=monday + DAY) is None


def test_it_dies_with_its_owners_account(made, cast, monday):
    staff.change_person(cast.dora, {"is_active": False}, by=cast.ada.actor, at=monday)
    assert tokens.token_of(made[1], now=monday) is None


def test_revoking_ends_it_at_once_and_is_told_once(made, cast, monday):
    token, secret = made
    verbs.revoke(token, by=cast.ada.actor, at=monday)
    verbs.revoke(token, by=cast.ada.actor, at=monday)
    assert tokens.token_of(secret, now=monday) is None
    assert LedgerEntry.objects.filter(kind="token.revoked").count() == 1


def test_after_a_rotation_both_secrets_are_good_for_a_while(made, cast, monday):
    token, old = made
    new = verbs.rotate(token, by=cast.dora.actor, at=monday, grace=DAY)
    assert tokens.token_of(new, now=monday + DAY) == token
    assert tokens.token_of(old, now=monday + DAY - timedelta(seconds=1)) == token
    assert tokens.token_of(old, now=monday + DAY) is None


def test_a_leaked_secret_can_be_rotated_without_grace(made, cast, monday):
    token, old = made
    verbs.rotate(token, by=cast.dora.actor, at=monday, grace=timedelta(0))
    assert tokens.token_of(old, now=monday) is None


def test_the_grace_is_a_week_at_most(made, cast, monday):
    token, old = made
    verbs.rotate(token, by=cast.dora.actor, at=monday, grace=timedelta(days=300))
    assert tokens.token_of(old, now=monday + 7 * DAY) is None


def test_what_has_ended_is_not_rotated(made, cast, monday):
    verbs.revoke(made[0], by=cast.dora.actor, at=monday)
    with pytest.raises(verbs.TokenOver):
        verbs.rotate(made[0], by=cast.dora.actor, at=monday)


def test_last_use_is_written_once_a_minute(made, monday):
    token, secret = made
    for seconds, written in ((0, 0), (59, 0), (60, 60)):
        now = monday + timedelta(seconds=seconds)
        tokens.touch(tokens.token_of(secret, now=now), now=now)
        assert ApiToken.objects.get().last_used_at == monday + timedelta(seconds=written)


@pytest.mark.parametrize("scopes", [[], ["everything"], ["reports:read", "root"]])
def test_scopes_are_ones_there_are(cast, monday, scopes):
    with pytest.raises(verbs.UnusableToken):
        verbs.make(cast.dora, "x", scopes=scopes, by=cast.dora.actor, at=monday)


def test_people_see_their_own_tokens_admins_all(made, cast):
    assert verbs.access_token(cast.dora, made[0].key) == made[0]
    assert verbs.access_token(cast.ada, made[0].key) == made[0]
    with pytest.raises(NotFound):
        verbs.access_token(cast.emil, made[0].key)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://app.example.org", "https://app.example.org"),
        ("https://App.Example.org:443", "https://app.example.org"),
        ("https://app.example.org:8443", "https://app.example.org:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://app.example.org", ""),
        ("https://app.example.org/", ""),
        ("https://*.example.org", ""),
        ("*", ""),
        ("null", ""),
        ("https://user@app.example.org", ""),
        ("https://app.example.org:99999", ""),
        ("file://x", ""),
    ],
)
def test_origins_are_exact(text, origin):
    assert tokens.canonical_origin(text) == origin


def test_a_service_has_a_role_and_teams_but_can_never_sign_in(cast, monday):
    service = verbs.add_service("CRM bridge", role="agent", teams=[cast.desk], by=cast.ada.actor, at=monday)
    assert service.actor.name == "CRM bridge"
    assert list(service.teams.all()) == [cast.desk]
    assert not service.has_usable_password()
    assert LedgerEntry.objects.get(kind="service.added").data["name"] == "CRM bridge"
    with pytest.raises(verbs.UnusableToken):
        verbs.add_service("Root", role="admin", teams=[], by=cast.ada.actor, at=monday)


def test_a_service_is_nobody_a_report_could_be_given_to(cast, monday):
    from makegood.doors.console.changes import CHANGES

    service = verbs.add_service("CRM bridge", role="agent", teams=[cast.desk], by=cast.ada.actor, at=monday)
    offered = {value for value, _name in CHANGES["assignee"].options(cast.dora)}
    assert str(service.pk) not in offered
    assert Agent.objects.get(pk=service.pk).is_service
