"""Raw mail is kept first, byte for byte, once."""

import pytest

from makegood.engine import files
from makegood.life.post import actions, keeping, queries
from makegood.life.post.models import IncomingMail

ODD = bytes(range(256)) + b"\r\n.\r\n\n\r From: x\n\x00\xff"


@pytest.mark.django_db
def test_bytes_come_back_exactly_as_they_came(monday):
    kept = actions.keep(ODD, source="pipe", at=monday, envelope_from="", envelope_to=["help@fairfield.example"])
    again = IncomingMail.objects.get(key=kept.key)
    assert queries.raw_of(again) == ODD
    assert (again.size, again.envelope_from, again.envelope_to) == (len(ODD), "", ["help@fairfield.example"])
    assert again.outcome == ""


@pytest.mark.django_db
def test_the_same_bytes_again_are_the_same_mail(monday):
    first = actions.keep(b"From: a@b.example\n\nWords", source="imap", at=monday)
    before = set(files.storage.all_keys())
    assert actions.keep(b"From: a@b.example\n\nWords", source="smtp", at=monday).pk == first.pk
    assert set(files.storage.all_keys()) == before
    assert IncomingMail.objects.count() == 1


@pytest.mark.django_db
def test_upkeep_leaves_raw_mails_alone(monday):
    kept = actions.keep(b"From: a@b.example\n\nUpkeep", source="imap", at=monday)
    assert keeping.used_keys([kept.storage_key, "x" * 26]) == {kept.storage_key}
