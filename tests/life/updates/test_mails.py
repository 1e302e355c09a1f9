import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.life.reports.models import AccessLink, OutgoingMail
from makegood.life.updates import actions as updates
from makegood.life.updates import mails

pytestmark = pytest.mark.django_db


def test_text_and_html_say_the_same(report, cast, monday):
    updates.reply(report, "We found it.\n\nIt was a full disk.", by=cast.dora.actor, at=monday)
    mail = OutgoingMail.objects.get(purpose="reply")
    for words in ("We found it.", "It was a full disk.", "You will hear from us again by", report.number):
        assert words in mail.text
        assert words in mail.html


def test_the_marker_and_the_link_are_there(report, cast, monday):
    updates.reply(report, "We found it.", by=cast.dora.actor, at=monday)
    mail = OutgoingMail.objects.get(purpose="reply")
    assert mail.text.startswith("— Write your answer above this line —")
    token = re.search(r"/r/([0-9a-z]+)/", mail.text)[1]
    assert f'href="http://127.0.0.1:8000/r/{token}/"' in mail.html
    assert ">127.0.0.1:8000</a>" in mail.html
    assert AccessLink.objects.filter(report=report).count() == 2
    assert not report.messages.filter(body__contains=token).exists()


def test_no_picture_no_script_nothing_fetched_from_elsewhere(report, cast, monday):
    updates.reply(report, "Look at https://example.org/a?b=1&c=2.", by=cast.dora.actor, at=monday)
    html = OutgoingMail.objects.get(purpose="reply").html
    assert "<img" not in html
    assert "<script" not in html
    assert "url(" not in html
    assert 'href="https://example.org/a?b=1&amp;c=2"' in html


def test_markup_in_words_is_shown_not_obeyed(report, cast, monday):
    updates.reply(report, "<b>bold</b> <script>alert(1)</script>", by=cast.dora.actor, at=monday)
    html = OutgoingMail.objects.get(purpose="reply").html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html


def test_a_very_long_message_stays_under_what_mail_programs_clip(report, cast, monday):
    updates.reply(report, "<&> " * 24_000, by=cast.dora.actor, at=monday)
    mail = OutgoingMail.objects.get(purpose="reply")
    assert len(mail.html.encode()) < mails.MAX_BYTES
    assert "Read all of it on the page of your report" in mail.html


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=400))
def test_any_words_make_a_mail_without_loose_markup(words):
    made = mails.layout(
        words, language="en", subject="Your report [MG-1]", link="https://x.example/r/abc/", number="MG-1"
    )
    body = made.html.split("<body", 1)[1]
    assert len(re.findall(r"<script|<iframe|onerror=", body)) == 0
