"""Forms of the console are kept while one types, per person and report, and forgotten once they were sent."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from makegood.life.aftercare import actions as aftercare
from makegood.life.people.models import Agent, Contact
from makegood.life.reports import kept_forms
from makegood.life.reports.models import KeptForm, Report
from tests.doors.console.report_cast import PART, signed_in, url

pytestmark = pytest.mark.django_db

TYPED = "Line one\r\nand a TYPEDSENTINEL"


def kept(case, name):
    return reverse("console:report_kept", args=[case.pk, name])


@pytest.fixture
def solved(case, cast):
    aftercare.solve(case, cause="c", solution="s", by=cast.dora.actor, at=timezone.now() - timedelta(minutes=5))
    return Report.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("solve", ("cause", "solution", "to_do", "words")),
        ("ask", ("body",)),
        ("escalate", ("reason", "body")),
        ("follow-up", ("notes", "words")),
        ("hand-over", ("note",)),
    ],
)
def test_each_long_text_is_there_when_the_page_is_opened_again(dora, cast, case, name, fields):
    if name == "follow-up":
        aftercare.solve(case, cause="c", solution="s", by=cast.dora.actor, at=timezone.now())
    for field in fields:
        assert dora.post(kept(case, name), {field: TYPED}, headers=PART).status_code == 204
        page = dora.get(url(case, f"{name}/")).content.decode()
        assert "TYPEDSENTINEL" in page, field
        assert f'data-draft="{kept(case, name)}"' in page
    assert "TYPEDSENTINEL" not in signed_in(cast.emil).get(url(case, f"{name}/")).content.decode()


def test_ticks_and_choices_are_kept_too(dora, case):
    slug = re.findall(r'name="question" value="([\w-]+)">', dora.get(url(case, "ask/")).content.decode())[0]
    dora.post(kept(case, "ask"), {"body": "b", "question": [slug]})
    page = dora.get(url(case, "ask/")).content.decode()
    assert f'value="{slug}" checked' in page
    assert page.count(" checked>") == 1


@pytest.mark.parametrize("name", ["close", "reopen"])
def test_the_words_of_a_dialog_are_kept(dora, solved, name):
    dora.post(kept(solved, name), {"words": TYPED, "reason": TYPED})
    assert "TYPEDSENTINEL" in dora.get(url(solved)).content.decode()


def test_what_was_sent_is_kept_no_longer_and_the_browser_is_told(dora, case):
    dora.post(kept(case, "solve"), {"cause": TYPED})
    answer = dora.post(url(case, "solve/"), {"cause": TYPED, "solution": "s"})
    assert answer.status_code == 302
    assert answer.cookies["mg_form_done"].value == kept(case, "solve")
    assert not KeptForm.objects.exists()


def test_what_was_refused_stays_kept(dora, case):
    dora.post(kept(case, "solve"), {"cause": TYPED})
    answer = dora.post(url(case, "solve/"), {"cause": TYPED})
    assert answer.status_code == 422
    assert "mg_form_done" not in answer.cookies
    assert re.search(r'data-draft-drop[^>]*start_anew">', answer.content.decode())
    assert KeptForm.objects.exists()


def test_a_reply_that_is_looked_at_or_stopped_is_no_reply_that_was_sent(dora, case):
    looked = dora.post(url(case, "compose/"), {"body": TYPED, "do": "preview"}, headers=PART)
    stopped = dora.post(url(case, "reply/"), {"body": "", "seen": "0"}, headers=PART)
    sent = dora.post(url(case, "note/"), {"body": "A note."}, headers=PART)
    assert "mg_form_done" not in looked.cookies
    assert "mg_form_done" not in stopped.cookies
    assert sent.cookies["mg_form_done"].value == f"{url(case)}draft/?note"


def test_the_call_is_kept_whole_and_ended_by_filing_it(dora, cast):
    typed = {"name": "Gus", "phone": "030 12", "what": TYPED, "hindrance": "blocked", "kind": "question"}
    dora.post("/console/phone/draft/", typed)
    page = dora.get("/console/phone/").content.decode()
    for piece in ("Gus", "030 1", "TYPEDSENTINEL", 'value="blocked" checked', 'value="question" checked'):
        assert piece in page
    assert "You began this call" in page
    assert "TYPEDSENTINEL" not in signed_in(cast.emil).get("/console/phone/").content.decode()
    assert dora.post("/console/phone/", typed).cookies["mg_form_done"].value == "/console/phone/draft/"
    fresh = dora.get("/console/phone/").content.decode()
    assert "Gus" not in fresh
    assert "You began this call" not in fresh


def test_a_call_that_was_begun_is_not_mixed_with_another_caller(dora, cast):
    dora.post("/console/phone/draft/", {"name": "Gus", "what": TYPED})
    page = dora.get(f"/console/phone/?contact={cast.ana.key}").content.decode()
    assert 'value="Gus"' in page
    assert cast.ana.email not in page


def test_starting_anew_empties_the_form_and_can_be_taken_back(dora):
    dora.post("/console/phone/draft/", {"name": "Gus", "what": TYPED})
    answer = dora.post("/console/phone/draft/", {"name": "Gus", "do": "drop"})
    assert answer["Location"] == "/console/phone/"
    page = dora.get("/console/phone/").content.decode()
    assert "TYPEDSENTINEL" not in page
    assert 'data-undo="/console/phone/draft/?back=1"' in page
    back = dora.post("/console/phone/draft/?back=1", headers=PART)
    assert back["HX-Redirect"] == "/console/phone/"
    assert "TYPEDSENTINEL" in dora.get("/console/phone/").content.decode()


def test_typing_anew_is_not_overwritten_by_taking_back(dora, cast):
    dora.post("/console/phone/draft/", {"name": "Gus"})
    dora.post("/console/phone/draft/", {"do": "drop"})
    dora.post("/console/phone/draft/", {"name": "Hal"})
    dora.post("/console/phone/draft/?back=1", headers=PART)
    assert KeptForm.objects.get(agent=cast.dora).data["name"] == ["Hal"]


def test_what_nobody_comes_back_to_is_let_go(dora, cast, case):
    now = timezone.now()
    kept_forms.keep(cast.dora, "solve", case, {"cause": ["old"]}, at=now - kept_forms.LIFE)
    kept_forms.keep(cast.dora, "ask", case, {"body": ["new"]}, at=now)
    kept_forms.keep(cast.dora, "phone", None, {"name": ["thrown away"]}, at=now)
    kept_forms.drop(cast.dora, "phone", None, at=now - timedelta(hours=1))
    assert kept_forms.find(cast.dora, "solve", case, now=now) is None
    assert kept_forms.forget_expired(now) == 2
    assert KeptForm.objects.get().name == "ask"


def test_more_than_a_form_holds_is_left_out(cast, case):
    many = {f"field-{n}": ["x"] for n in range(kept_forms.MAX_FIELDS + 5)}
    kept_forms.keep(cast.dora, "ask", case, many, at=timezone.now())
    assert len(KeptForm.objects.get().data) == kept_forms.MAX_FIELDS
    kept_forms.keep(cast.dora, "ask", case, {"body": ["x" * (kept_forms.MAX_CHARACTERS + 1)]}, at=timezone.now())
    assert KeptForm.objects.get().data == {}


def test_nothing_is_kept_for_a_form_there_is_not_or_a_report_one_may_not_see(dora, cast, case):
    assert dora.post(kept(case, "nonsense"), {"a": "b"}).status_code == 404
    assert signed_in(cast.eve).post(kept(case, "solve"), {"cause": TYPED}).status_code == 404
    assert not KeptForm.objects.exists()


def test_what_was_corrected_of_a_known_caller_survives_a_slip(cast):
    """Dora picks Ana, notes a new number and English, and forgets what happened: the form comes back as she left it."""
    Contact.objects.filter(pk=cast.ana.pk).update(language="de", preferred_way="email", phone="+49 30 111")
    dora = signed_in(cast.dora)
    picked = dora.get("/console/phone/form/", {"contact": cast.ana.key}).content.decode()
    assert 'value="+49 30 111"' in picked
    assert 'value="de" selected' in picked
    typed = {"contact": cast.ana.key, "name": "Ana A.", "phone": "+49 30 222", "email": "", "preferred_way": "phone"}
    page = dora.post("/console/phone/", typed | {"language": "en", "what": ""}).content.decode()
    assert 'value="+49 30 222"' in page
    assert 'value="Ana A."' in page
    assert 'value="phone" selected' in page
    assert 'value="email" selected' not in page
    assert 'value="de" selected' not in page


def test_a_call_begins_in_the_language_the_agent_works_in(cast):
    Agent.objects.filter(pk=cast.dora.pk).update(language="de")
    assert (
        'value="de" selected' in signed_in(Agent.objects.get(pk=cast.dora.pk)).get("/console/phone/").content.decode()
    )
