"""The reporter blacks out parts of a picture before sending it: what we get never held them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from makegood.engine import files
from makegood.life.intake.models import DraftFile, FormDraft

AREA = {"left": "4", "top": "4", "width": "8", "height": "8"}


def _upload(browser):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    browser.post("/report/files/", {"files": SimpleUploadedFile("shot.png", out.getvalue())})
    return DraftFile.objects.get()


def test_it_is_black_and_the_picture_before_it_is_gone(browser, django_capture_on_commit_callbacks):
    before = _upload(browser)
    assert "cannot be undone" in browser.get(f"/report/files/{before.key}/blank/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(f"/report/files/{before.key}/blank/", AREA)["Location"] == "/report/pictures/"
    for old in (before.storage_key, before.thumbnail_key):
        assert not files.path_of(old).exists()
    shown = browser.get(f"/report/files/{before.key}/?size=whole")
    picture = Image.open(io.BytesIO(b"".join(shown.streaming_content))).convert("RGB")
    assert picture.crop((4, 4, 12, 12)).getextrema() == ((0, 0),) * 3


def test_nobody_blacks_out_the_picture_of_another(browser, client):
    file = _upload(browser)
    assert client.get(f"/report/files/{file.key}/blank/").status_code == 404
    assert client.post(f"/report/files/{file.key}/blank/", AREA).status_code == 404


def test_a_sent_picture_is_no_longer_the_drafts(browser):
    file = _upload(browser)
    report = FormDraft.objects.get()
    FormDraft.objects.filter(pk=report.pk).delete()
    assert browser.post(f"/report/files/{file.key}/blank/", AREA).status_code == 404


def test_without_an_area_it_says_so(browser):
    file = _upload(browser)
    answer = browser.post(f"/report/files/{file.key}/blank/", {})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
