"""After somebody was made unknown: what others keep, what is certified, who comes back."""

import copy
import json

import pytest
from django.test import override_settings

from makegood.engine.models import Job
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.people.models import Contact
from makegood.life.privacy import certificate, erasing
from makegood.life.reports.models import Message
from tests.cast import MONDAY
from tests.life.case import work
from tests.life.privacy.stories import ADDRESS, HOUR, WORD, erase

NOW = MONDAY + 2 * HOUR


@pytest.fixture(scope="module")
def erased(played, django_db_blocker):
    """The erasure, done once for all of these."""
    cast, person, folder = played
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder):
        return erase(cast, copy.deepcopy(person), NOW)


@pytest.fixture
def done(erased, life):
    return copy.deepcopy(erased)


@pytest.fixture
def cast(life):
    return life[0]


@pytest.fixture
def person(life):
    """As they were."""
    return life[1]


def test_others_keep_their_words_and_only_lose_the_name(cast, done):
    other = Message.objects.get(report__contact=cast.ben, said_by="contact")
    assert other.body == "As [erased] says, it is white."
    assert Contact.objects.get(pk=cast.ben.pk).email == "ben@example.org"


def test_once_more_there_is_nothing_to_erase(cast, person, done):
    left = Contact.objects.get(pk=person.pk)
    with pytest.raises(erasing.NothingToErase):
        erasing.start(left, by=cast.ada, at=NOW, typed=left.key, reason="Again")


def test_the_certificate_says_what_when_and_by_whom_and_no_more(cast, person, done):
    told = json.loads(certificate.as_json(done))
    assert (told["asked_by"], told["person"], told["removed"]["contact"]) == (cast.ada.name, person.key, 1)
    assert WORD not in certificate.as_json(done).lower()
    paper = certificate.as_pdf(done, zone=certificate.ZoneInfo("Europe/Berlin"))
    assert paper.startswith(b"%PDF")
    assert done.person == ""


def test_whoever_writes_again_later_is_somebody_new(person, done):
    again = intake.file(Told(what="It is me.", email=ADDRESS, idempotency_key="later"), at=NOW + HOUR).report
    assert again.contact_id != person.pk


def test_no_job_is_given_up_on_the_way(done):
    work(NOW + 24 * HOUR)
    assert not Job.objects.exclude(last_error="").exists()
