"""Files of strangers."""

import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from makegood.engine import files
from makegood.engine.files import kinds, serving
from makegood.engine.files.keeping import EmptyFile, KindRefused, clean_name
from makegood.engine.files.pictures import BrokenPicture

MB = 1_000_000


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def picture(kind="PNG", size=(64, 32), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return io.BytesIO(out.getvalue())


def keep(stream, name="x.png", limit=MB):
    return files.keep(stream, name=name, limit=limit)


def test_what_is_stored_comes_back_and_has_a_checksum():
    stored = files.store(io.BytesIO(b"hello"), limit=10)
    assert files.open_file(stored.key).read() == b"hello"
    assert list(files.verify([(stored.key, stored.sha256)])) == []


def test_too_much_leaves_nothing_behind(place):
    with pytest.raises(files.TooBig):
        files.store(io.BytesIO(b"x" * 11), limit=10)
    assert [path for path in place.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "a/b", "A" * 26, "x" * 25, "\x00" * 26])
def test_only_keys_of_ours_lead_to_the_disk(key):
    with pytest.raises(ValueError, match="key"):
        files.path_of(key)


def test_missing_and_damaged_files_are_named():
    kept, lost = files.store(io.BytesIO(b"one"), limit=10), files.store(io.BytesIO(b"two"), limit=10)
    files.path_of(kept.key).write_bytes(b"xne")
    files.delete(lost.key)
    found = dict(files.verify([(kept.key, kept.sha256), (lost.key, lost.sha256)]))
    assert found == {kept.key: "damaged", lost.key: "missing"}


def test_bytes_nobody_refers_to_go_after_a_day():
    kept, lost, young = (files.store(io.BytesIO(b"x"), limit=10) for _ in range(3))
    now = datetime.now(UTC)
    old = (now - timedelta(hours=25)).timestamp()
    for one in (kept, lost):
        os.utime(files.path_of(one.key), (old, old))
    assert files.sweep(lambda keys: {kept.key}, now=now) == 1
    assert files.path_of(kept.key).exists()
    assert files.path_of(young.key).exists()


def test_a_photo_loses_where_it_was_taken_and_gets_a_thumbnail():
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    kept = keep(picture("JPEG", (1200, 900), exif=exif), "photo.jpg")
    data = files.open_file(kept.key).read()
    assert (kept.media_type, kept.is_picture) == ("image/jpeg", True)
    assert b"SECRET" not in data
    with Image.open(files.open_file(kept.thumbnail_key)) as small:
        assert small.size <= (480, 360)


def test_a_gif_becomes_a_png_and_says_so_in_its_name():
    kept = keep(picture("GIF"), "moving.gif")
    assert (kept.media_type, kept.name) == ("image/png", "moving.png")


def test_bytes_hidden_behind_a_picture_are_gone():
    stream = io.BytesIO(picture().getvalue() + b"<?php evil ?>")
    assert b"evil" not in files.open_file(keep(stream).key).read()


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\nbroken", b"GIF89a", b"\xff\xd8\xff" + b"\x00" * 99])
def test_a_broken_picture_is_refused_in_words(head):
    with pytest.raises(BrokenPicture, match="cannot be read"):
        keep(io.BytesIO(head))


def test_a_pixel_flood_is_refused_before_it_is_decoded():
    flood = picture("PNG", (9000, 9000))
    assert len(flood.getvalue()) < MB
    with pytest.raises(BrokenPicture, match="40 million"):
        keep(flood)


@pytest.mark.parametrize("head", [b"MZ\x90\x00\x03\x00\x00", b"\x7fELF\x02\x01\x01\x00", b"\x00\x01\x02\x03" * 9])
def test_programs_and_unknown_bytes_are_refused(head):
    with pytest.raises(KindRefused, match="do not take"):
        keep(io.BytesIO(head), "holiday.png")


def test_an_empty_file_is_refused():
    with pytest.raises(EmptyFile):
        keep(io.BytesIO(b""))


@pytest.mark.parametrize(
    "body", [b"<svg onload='alert(1)'></svg>", b"<html><script>alert(1)</script>", b"time=12 level=error"]
)
def test_whatever_is_text_is_only_text(body):
    assert keep(io.BytesIO(body), "x.html").media_type == "text/plain"


def test_pdf_and_video_are_known():
    assert kinds.sniff(b"%PDF-1.7 ...") == "application/pdf"
    assert kinds.sniff(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 8) == "video/mp4"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\error.png", "error.png"),
        ("a\u200bb\u202egnp.exe", "abgnp.exe"),
        ("", "file"),
        ("...", "file"),
        ('x"\r\nSet-Cookie: a.txt', "xSet-Cookie a.txt"),
    ],
)
def test_names_are_words_only(given, kept):
    assert clean_name(given) == kept


@pytest.mark.django_db
def test_a_download_is_never_run_by_a_browser():
    kept = keep(io.BytesIO(b"<script>alert(1)</script>"), "page.html")
    answer = serving.download(kept.key, name=kept.name, media_type=kept.media_type)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer["Cache-Control"]
    answer.close()


@pytest.mark.django_db
def test_only_pictures_made_anew_are_shown_inline():
    kept = keep(picture())
    answer = serving.picture(kept.key, media_type=kept.media_type)
    assert answer["Content-Type"] == "image/png"
    answer.close()
    with pytest.raises(ValueError, match="inline"):
        serving.picture(kept.key, media_type="image/svg+xml")
