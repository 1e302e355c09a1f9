"""An agent blacks out parts of a picture: gone from the file, from its small copy and from the disk, and on record."""

import io

import pytest
from django.utils import timezone
from PIL import Image

from makegood.engine import files
from makegood.life.reports import attachments
from makegood.life.reports.attachments import ChangedMeanwhile
from makegood.life.reports.models import Attachment
from tests.doors.console.report_cast import signed_in, url
from tests.doors.console.test_evidence_line import add_picture

AREA = {"left": "5", "top": "5", "width": "10", "height": "10"}


@pytest.fixture
def shot(case, cast):
    return add_picture(case, cast.ana.actor, timezone.now())


def _points(answer):
    return Image.open(io.BytesIO(b"".join(answer.streaming_content))).convert("RGB")


def test_the_area_is_black_the_old_bytes_are_gone_and_the_ledger_knows(
    dora, case, shot, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = dora.post(url(case, f"evidence/{shot.key}/blank/"), AREA)
    assert answer.status_code == 302
    fresh = Attachment.objects.get(pk=shot.pk)
    for old in (shot.storage_key, shot.thumbnail_key):
        assert not files.path_of(old).exists()
    assert list(files.verify([(fresh.storage_key, fresh.sha256)])) == []
    whole = _points(dora.get(f"/console/files/{shot.key}/whole/"))
    assert whole.crop((5, 5, 15, 15)).getextrema() == ((0, 0),) * 3
    assert whole.getpixel((2, 2)) == (255, 255, 255)
    assert _points(dora.get(f"/console/files/{shot.key}/small/")).getpixel((10, 10)) == (0, 0, 0)

    entry = case.ledger.get(kind="evidence.blanked")
    assert (entry.actor_name, entry.data["areas"]) == ("Dora Dahl", 1)
    assert "blacked out one area of screen.png" in dora.get(url(case)).content.decode()


def test_looking_first_changes_nothing(dora, case, shot):
    answer = dora.post(url(case, f"evidence/{shot.key}/blank/"), AREA | {"do": "look"})
    page = answer.content.decode()
    assert '<rect class="blanking__box" x="5" y="5" width="10" height="10"/>' in page
    assert "cannot be undone" in page
    assert Attachment.objects.get(pk=shot.pk).storage_key == shot.storage_key


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Mark at least one area"),
        (AREA | {"left": "900"}, "Mark at least one area"),
        (AREA | {"left": "much"}, "needs four whole numbers"),
        (AREA | {"width": "-5"}, "needs four whole numbers"),
        (AREA | {"height": "9" * 30}, "needs four whole numbers"),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_stays(dora, case, shot, sent, sentence):
    answer = dora.post(url(case, f"evidence/{shot.key}/blank/"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Attachment.objects.get(pk=shot.pk).storage_key == shot.storage_key
    if sent.get("left") == "much":
        assert 'value="much"' in answer.content.decode()


def test_two_at_once_do_not_bring_the_picture_back(case, cast, shot, django_capture_on_commit_callbacks):
    old = Attachment.objects.get(pk=shot.pk)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.blank(shot, [files.Box(0, 0, 5, 5)], by=cast.dora.actor, at=timezone.now())
    kept = set(files.storage.all_keys())
    with pytest.raises((ChangedMeanwhile, FileNotFoundError)):
        attachments.blank(old, [files.Box(9, 9, 5, 5)], by=cast.emil.actor, at=timezone.now())
    assert set(files.storage.all_keys()) == kept


def test_a_picture_of_a_report_one_may_not_see_is_not_found(cast, case, shot):
    assert signed_in(cast.eve).get(url(case, f"evidence/{shot.key}/blank/")).status_code == 404
