"""Whose address is that."""

import pytest

from makegood.life.post import addresses
from makegood.life.reports.models import Mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, monday):
    addresses.default_mailbox(monday)
    Mailbox.objects.create(
        slug="care",
        name="Care",
        address="Desk+Care@fairfield.example",
        aliases=["care@fairfield.example"],
        created_at=monday,
    )
    return addresses.desk()


@pytest.mark.parametrize(
    ("address", "slug"),
    [
        ("help@fairfield.example", "desk"),
        ("HELP+r234567@Fairfield.example", "desk"),
        ("desk+care@fairfield.example", "care"),
        ("care@fairfield.example", "care"),
        ("desk@fairfield.example", None),
        ("help@elsewhere.example", None),
        ("", None),
    ],
)
def test_an_address_leads_to_its_mailbox_with_any_tag(desk, address, slug):
    found = desk.mailbox_of(["other@x.example", address])
    assert (found.slug if found else None) == slug
    assert desk.is_ours(address) == (slug is not None)


def test_the_default_mailbox_is_made_once(desk, monday):
    assert addresses.default_mailbox(monday).slug == "desk"
    assert Mailbox.objects.count() == 2


def test_only_people_outside_are_proposed(cast, desk):
    given = [
        "ben@example.org",
        "dora@desk.example",
        "help+x@fairfield.example",
        "noreply@x.example",
        "",
        "ben@example.org",
    ]
    assert addresses.outsiders(given, of=desk) == ["ben@example.org"]
