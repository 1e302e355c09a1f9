"""All evidence on one axis: each thing in its lane, in the order of time, and a plain list where no scripts run."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from makegood.doors.console import evidence_line, timeline
from makegood.life.reports import attachments, conversation
from tests.doors.console.report_cast import url


def add_picture(report, by, at, name="screen.png"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return attachments.attach(report, io.BytesIO(out.getvalue()), name=name, by=by, at=at)


@pytest.fixture
def line(case, cast):
    at = case.received_at + timedelta(minutes=10)
    add_picture(case, cast.ana.actor, at)
    conversation.say(case, "It is still white.", by=cast.ana.actor, at=at + timedelta(minutes=5))
    items, _earlier = timeline.story(case, now=timezone.now())
    return evidence_line.draw(items, case.attachments.all())


def test_everything_stands_in_its_lane_in_the_order_of_time(line):
    assert [point.at for point in line.points] == sorted(point.at for point in line.points)
    assert [point.x for point in line.points] == sorted(point.x for point in line.points)
    lanes = {point.words.split()[0]: point.lane for point in line.points}
    assert lanes["It"] == lanes["NOTESENTINEL"] == "said"
    assert lanes["screen.png"] == "files"
    assert {lane.name for lane in line.lanes} <= set(evidence_line.LANES)
    assert sum(lane.count for lane in line.lanes) == len(line.points)


def test_the_first_and_the_last_stand_at_the_ends(line):
    assert line.points[0].x == evidence_line.LEFT
    assert line.points[-1].x == evidence_line.RIGHT


def test_the_page_lists_it_and_leaves_out_what_is_not_wanted(dora, case, line):
    page = dora.get(url(case, "evidence/")).content.decode()
    assert page.count('class="moment-row"') == len(line.points)
    assert f'href="/console/reports/{case.pk}/#m-' in page
    only = dora.get(url(case, "evidence/?show=files")).content.decode()
    assert only.count('data-lane="files" hidden') == 0
    assert only.count('data-lane="said" hidden') == 2 * [p.lane for p in line.points].count("said")


def test_what_a_reporter_wrote_does_not_become_markup(dora, case, cast):
    conversation.say(case, "<script>alert(1)</script>", by=cast.ana.actor, at=timezone.now())
    assert b"<script>alert" not in dora.get(url(case, "evidence/")).content


def test_many_pictures_ask_as_often_as_few(dora, case, cast):
    add_picture(case, cast.ana.actor, timezone.now())
    dora.get(url(case, "evidence/"))
    with CaptureQueriesContext(connection) as few:
        dora.get(url(case, "evidence/"))
    for n in range(5):
        add_picture(case, cast.ana.actor, timezone.now(), f"{n}.png")
    with CaptureQueriesContext(connection) as many:
        dora.get(url(case, "evidence/"))
    assert len(many) == len(few)
