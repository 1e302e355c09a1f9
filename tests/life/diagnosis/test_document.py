import io
import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from makegood.life.diagnosis import actions, document, drawing, exports, steps
from makegood.life.diagnosis.sheet import lay_out
from makegood.life.reports import conversation
from makegood.life.reports.models import Attachment, Report

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def told(report, cast, monday, question):
    """Ana's report with answers, a tried step, a file and a note that is nobody else's business."""
    actions.answer(report, question("error-message"), "Something went wrong (500)", by=cast.ana.actor, at=monday)
    actions.answer(report, question("repeatable"), "always", by=cast.ana.actor, at=monday)
    steps.record_trial(report, "private-window", "did_not_help", by=cast.dora.actor, at=monday, notes="Same page.")
    conversation.note(report, "INTERNAL-SENTINEL: she called twice", by=cast.dora.actor, at=monday)
    Attachment.objects.create(
        report=report,
        name="error.png",
        media_type="image/png",
        size=81234,
        sha256="ab" * 32,
        storage_key="x",
        is_picture=True,
        at=monday,
    )
    return report


def pdf_text(report, monday, language="en"):
    made = exports.to_pdf(document.snapshot(report, at=monday), language=language, zone=BERLIN)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def test_everything_known_is_in_it_once(told, monday):
    found = document.snapshot(told, at=monday)
    facts = {fact["fact"]: fact["words"] for fact in found["facts"]}
    assert facts["error_message"] == "Something went wrong (500)"
    assert facts["repeatable"] == "Every time"
    assert facts["happened"] == "The claims page shows error 500."
    assert found["environment"]["browser"] == "Firefox 143"
    assert found["files"][0]["name"] == "error.png"
    assert found["steps_tried"][0]["outcome"] == "did_not_help"
    assert [owed["kind"] for owed in found["promises"]] == ["acknowledge", "hear_back"]
    assert len(facts) == len(found["facts"])


def test_it_says_what_schema_it_has_and_survives_json(told, monday):
    found = document.snapshot(told, at=monday)
    assert (found["schema"], found["version"]) == ("makegood.error-document", 1)
    assert json.loads(exports.to_json(found)) == found


def test_internal_notes_never_enter_it(told, monday):
    found = document.snapshot(told, at=monday)
    every = exports.to_json(found) + exports.to_markdown(found, language="en", zone=BERLIN) + pdf_text(told, monday)
    assert "INTERNAL-SENTINEL" not in every


@pytest.mark.parametrize(
    ("pasted", "secret"),
    [
        ("my link http://127.0.0.1:8000/r/0123456789abcdefghjkmnpq/ is this", "0123456789abcdefghjkmnpq"),
        ("password: hunter2!", "hunter2!"),
        ("Mein Passwort lautet: geheim99", "geheim99"),
        ("Authorization: Bearer abcdefghijklmnop.qrstuv", "abcdefghijklmnop.qrstuv"),
        ("token=abc123def", "abc123def"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "eyJzdWIiOiIxMjM0In0"),
    ],
)
def test_secrets_that_people_paste_are_struck_out(report, cast, monday, question, pasted, secret):
    actions.answer(report, question("steps"), pasted, by=cast.ana.actor, at=monday)
    conversation.say(report, pasted, by=cast.ana.actor, at=monday)
    assert secret not in exports.to_json(document.snapshot(report, at=monday))


def test_plain_words_about_passwords_stay(report, cast, monday, question):
    words = "My password is right, but it is refused. The PIN page never comes."
    actions.answer(report, question("steps"), words, by=cast.ana.actor, at=monday)
    assert words in exports.to_json(document.snapshot(report, at=monday))


def test_it_is_read_in_the_readers_language(told, monday):
    sheet = lay_out(document.snapshot(told, at=monday), language="de", zone=BERLIN)
    facts = {line.label: line.words for line in next(s for s in sheet.sections if s.slug == "facts").lines}
    assert facts["Ob es wieder passiert"] == "Jedes Mal"
    assert facts["Wie schlimm es ist"] == "Ich kann es gar nicht tun"
    assert "Die Schritte davor" in sheet.missing


def test_markdown_shows_words_and_lets_none_pose_as_markup(report, cast, monday, question):
    evil = "# Not a heading\n[click](javascript:alert(1)) <script>alert(1)</script>\n1. one\n- two\n![x](http://evil)"
    actions.answer(report, question("steps"), evil, by=cast.ana.actor, at=monday)
    made = exports.to_markdown(document.snapshot(report, at=monday), language="en", zone=BERLIN)
    assert f"# {report.number}: " in made
    assert "> \\# Not a heading" in made
    rendered = MarkdownIt("commonmark").render(made)
    assert "<script" not in rendered
    assert "<a " not in rendered
    assert "<img" not in rendered
    assert "> 1\\. one" in made


def test_the_pdf_holds_the_same_words(told, monday):
    text = pdf_text(told, monday)
    for words in (told.number, "Something went wrong (500)", "Firefox 143", "did not help: Same page.", "error.png"):
        assert words in text


def test_the_pdf_speaks_german(told, monday):
    assert "Jedes Mal" in pdf_text(told, monday, "de")


def test_very_long_words_and_many_messages_stay_under_the_limits(report, cast, monday):
    for n in range(30):
        conversation.say(report, "x" * 9000 + " Ω שלום 你好 🙂 ", by=cast.ana.actor, at=monday + timedelta(minutes=n))
    made = exports.to_pdf(document.snapshot(report, at=monday + timedelta(days=1)), language="en", zone=BERLIN)
    assert len(PdfReader(io.BytesIO(made)).pages) <= drawing.MOST_PAGES + 2
    assert len(made) < 3_000_000


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_no_words_whatever_break_an_export(words):
    snapshot = {
        "schema": document.SCHEMA,
        "version": 1,
        "as_of": "2026-11-16T09:00:00+00:00",
        "number": "MG-1",
        "title": words,
        "kind": "error",
        "severity": "high",
        "state": "received",
        "channel": "web",
        "language": "en",
        "received_at": "2026-11-16T09:00:00+00:00",
        "category": None,
        "component": None,
        "team": words,
        "reopened": 0,
        "reporter": dict.fromkeys(("name", "organisation", "email", "phone", "second_email", "preferred_way"), words),
        "completeness": {"percent": 40, "missing": []},
        "facts": [],
        "environment": {"page": words},
        "steps_tried": [],
        "files": [],
        "promises": [],
        "conversation": [{"side": "contact", "by": words, "at": "2026-11-16T09:00:00+00:00", "words": words}],
    }
    exports.to_markdown(snapshot, language="en", zone=BERLIN)
    assert exports.to_pdf(snapshot, language="de", zone=BERLIN).startswith(b"%PDF")


def test_its_size_in_queries_does_not_grow(told, cast, monday, django_assert_max_num_queries):
    for n in range(20):
        conversation.say(told, f"Again {n}", by=cast.ana.actor, at=monday)
    fresh = Report.objects.select_related("contact", "category", "team", "organisation", "component").get(pk=told.pk)
    with django_assert_max_num_queries(14):
        document.snapshot(fresh, at=monday)
