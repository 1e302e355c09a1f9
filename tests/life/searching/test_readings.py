"""The words inside files: read once, within limits, whatever strangers send."""

import contextlib
import io
import zipfile

import pytest
from fpdf import FPDF

from makegood.engine.models import SearchDocument
from makegood.lib import reading
from makegood.life.reports.models import Attachment
from makegood.life.searching import readings
from makegood.life.searching.models import Reading
from tests.life.case import file_report, work

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture
def report(desk, now):
    return file_report(desk, now)


def pdf(*lines):
    made = FPDF()
    made.add_page()
    made.set_font("helvetica", size=12)
    for line in lines:
        made.cell(text=line)
        made.ln()
    return bytes(made.output())


def packed(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


def docx(*paragraphs, head=""):
    rows = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    body = f'<?xml version="1.0"?>{head}<w:document xmlns:w="{WORD}"><w:body>{rows}</w:body></w:document>'
    return packed(word__document_xml=body)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("log.txt", b"2026 FATAL zebra crossed"),
        ("latin.csv", "id;what\n1;zebra café".encode("cp1252")),
        ("marked.txt", "zebra café".encode("utf-8-sig")),
        ("answer.json", b'{"error": {"text": "zebra"}}'),
        ("page.html", b"<!doctype html><html><style>p{}</style><p>A <b>zebra</b></p><script>lion()</script></html>"),
        ("letter.pdf", pdf("Dear desk,", "the zebra is loose")),
        ("letter.docx", docx("Dear desk,", "the zebra is loose")),
        ("letter.odt", packed(content_xml='<o xmlns:text="t"><text:p>the zebra is loose</text:p></o>')),
        ("table.xlsx", packed(xl__sharedStrings_xml="<sst><si><t>zebra</t></si></sst>")),
    ],
)
def test_words_in_a_file_are_found_with_their_place(desk, report, attach, read_files, find, now, name, data):
    attach(report, name, data)
    read_files()
    assert find(desk.dora, "zebra") == [("files", name)]
    assert find(desk.dora, "lion") == []
    assert not Reading.objects.exists()


def test_the_name_is_found_at_once_and_pictures_have_only_that(desk, report, now, attach, find):
    attach(report, "zebra-trace.log", b"words")
    work(now)
    assert find(desk.dora, "zebra") == [("files", "zebra-trace.log")]


def hostile():
    bomb = "".join('<!ENTITY e{} "{}">'.format(n, f"&e{n - 1};" * 10) for n in range(1, 9))
    laughs = f'<!DOCTYPE d [<!ENTITY e0 "zebra">{bomb}]>'
    return [
        ("application/pdf", b"%PDF-1.7\n" + b"1 0 obj <<" * 5000),
        ("application/pdf", b"%PDF-1.4 trailer << /Root 1 0 R /Size 9999999999 >>"),
        ("application/zip", b"PK\x03\x04" + b"\x00" * 500),
        ("application/zip", docx("&e8;", head=laughs)),
        ("application/zip", packed(content_xml="<o>" + "<a>" * 100_000)),
        ("text/plain", b"\xff\xfe\x00"),
        ("text/plain", b"<html>" * 100_000),
    ]


@pytest.mark.parametrize(("media_type", "data"), hostile(), ids=range(7))
def test_a_hostile_file_gives_few_words_or_none_and_never_more(media_type, data):
    with contextlib.suppress(reading.Unreadable):
        assert len(reading.words_of(data, media_type=media_type)) <= reading.MOST


def test_a_packed_flood_ends_at_the_limit():
    flood = packed(content_xml="<o>" + "<p>zebra zebra zebra</p>" * 2_000_000 + "</o>")
    assert len(flood) < 500_000
    assert len(reading.words_of(flood, media_type="application/zip")) == reading.MOST


def test_what_no_reader_understands_keeps_its_name_and_the_line_goes_on(desk, report, attach, read_files, find, now):
    attach(report, "broken.pdf", b"%PDF-1.7 nothing of the kind")
    attach(report, "good.txt", b"zebra")
    read_files()
    assert find(desk.dora, "broken") == [("files", "broken.pdf")]
    assert find(desk.dora, "zebra") == [("files", "good.txt")]
    assert not Reading.objects.exists()


def test_a_file_whose_bytes_are_gone_is_left_alone(desk, report, attach, read_files, find):
    file = attach(report, "lost.txt", b"zebra")
    readings.files.delete(file.storage_key)
    read_files()
    assert find(desk.dora, "lost") == [("files", "lost.txt")]
    assert not Reading.objects.exists()


def test_a_reader_who_died_is_followed_by_another_and_not_for_ever(desk, report, attach, now, monkeypatch):
    file = attach(report, "trace.txt", b"zebra")
    work(now)
    moments = [now]
    for _ in range(readings.MAX_TRIES):
        assert readings._claim(moments[-1]).attachment == file
        assert readings._claim(moments[-1]) is None
        moments.append(moments[-1] + readings._LEASE)
    readings.work(clock=lambda: moments[-1], stopping=lambda: False)
    assert not Reading.objects.exists()


def test_taken_away_while_it_was_read_it_does_not_come_back(desk, report, attach, now, monkeypatch):
    file = attach(report, "trace.txt", b"zebra")
    work(now)
    reading_now = readings._claim(now)
    Attachment.objects.filter(pk=file.pk).update(removed_at=now)
    work(now)
    readings._put(reading_now.attachment, "zebra")
    assert not SearchDocument.objects.filter(kind="file", body__contains="zebra").exists()


def test_files_too_large_are_not_read(desk, report, attach):
    file = attach(report, "trace.txt", b"zebra")
    assert readings.can_read(file)
    file.size = readings.MOST_BYTES + 1
    assert not readings.can_read(file)
