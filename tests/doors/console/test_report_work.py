"""Around the report page: evidence, questions, the document, escalation, promises, phone, accounts."""

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from PIL import Image

from makegood.life.diagnosis.models import AskRequest, Question, SafeStep
from makegood.life.escalation.models import Escalation
from makegood.life.people.models import AccountNote
from makegood.life.promises import actions as promises
from makegood.life.promises.models import Promise
from makegood.life.reports import access
from makegood.life.reports.models import AccessLink, Report
from tests.doors.console.report_cast import PART, signed_in, url

pytestmark = pytest.mark.django_db


def picture(name="error.png"):
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "PNG")
    stream.seek(0)
    stream.name = name
    return stream


def test_a_picture_is_added_shown_and_served_as_what_it_is(dora, case):
    assert dora.post(url(case, "evidence/"), {"files": [picture()]}).status_code == 302
    file = case.attachments.get()
    assert file.key in dora.get(url(case, "evidence/")).content.decode()
    inline = dora.get(f"/console/files/{file.key}/small/")
    assert inline["Content-Type"] == "image/png"
    assert "sandbox" in inline["Content-Security-Policy"]
    assert dora.get(f"/console/files/{file.key}/")["Content-Disposition"].startswith("attachment")


def test_a_file_of_a_kind_we_do_not_take_is_refused_in_words(dora, case):
    odd = io.BytesIO(b"MZ\x00\x01\x02" * 50)
    odd.name = "setup.exe"
    answer = dora.post(url(case, "evidence/"), {"files": [odd]})
    assert answer.status_code == 422
    assert "setup.exe" in answer.content.decode()


def test_a_file_of_a_report_one_may_not_see_is_not_found(dora, cast, case):
    dora.post(url(case, "evidence/"), {"files": [picture()]})
    assert signed_in(cast.eve).get(f"/console/files/{case.attachments.get().key}/").status_code == 404


def test_a_file_taken_away_is_served_no_more(dora, case):
    dora.post(url(case, "evidence/"), {"files": [picture()]})
    file = case.attachments.get()
    dora.post(url(case, f"evidence/{file.key}/remove/"))
    assert dora.get(f"/console/files/{file.key}/").status_code == 404


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("md", b"#"), ("json", b"{")])
def test_the_document_is_exported(dora, case, form, begins):
    answer = dora.get(url(case, f"document.{form}"))
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert b"NOTESENTINEL" not in answer.content


def test_the_document_is_read_live(dora, case):
    page = dora.get(url(case, "document/")).content.decode()
    assert case.title in page
    assert "Still missing" in page


def test_questions_go_out_in_one_message_and_the_clock_waits(dora, case):
    slugs = list(Question.objects.filter(is_general=True, is_active=True).values_list("slug", flat=True)[:2])
    shown = dora.post(url(case, "ask/"), {"do": "preview", "question": slugs, "body": "Dear Ana, please tell us:"})
    assert "1. " in shown.content.decode()
    assert not AskRequest.objects.exists()
    dora.post(url(case, "ask/"), {"question": slugs, "body": "Dear Ana, please tell us:"})
    request = AskRequest.objects.get()
    assert request.asked.count() == 2
    assert Report.objects.get(pk=case.pk).waiting_for_reporter
    dora.post(url(case, f"ask/{request.pk}/expire/"), headers=PART)
    assert not Report.objects.get(pk=case.pk).waiting_for_reporter


def test_asking_nothing_is_refused_and_keeps_the_words(dora, case):
    answer = dora.post(url(case, "ask/"), {"body": "Dear Ana, hm."})
    assert answer.status_code == 422
    assert "Dear Ana, hm." in answer.content.decode()


def test_a_safe_step_is_noted_and_anything_else_refused(dora, case):
    step = SafeStep.objects.filter(not_when=[]).first()
    assert dora.post(url(case, "steps/"), {"step": step.slug, "outcome": "helped"}, headers=PART).status_code == 200
    refused = dora.post(url(case, "steps/"), {"step": "edit-the-registry", "outcome": "helped"}, headers=PART)
    assert refused.status_code == 409
    assert "safe steps" in refused.content.decode()


def escalate(dora, case, cast, **more):
    told = {"team": cast.platform.pk, "severity": "high", "reason": "Cannot wait.", "body": "", **more}
    return dora.post(url(case, "escalate/"), told)


def test_one_action_escalates_tells_and_promises(dora, cast, case):
    assert escalate(dora, case, cast).status_code == 302
    made = Escalation.objects.get(report=case)
    assert made.document
    said = case.messages.filter(is_internal=False, agent=cast.dora).get()
    assert said.named_time
    owed = set(Promise.objects.filter(report=case, state="open").values_list("kind", flat=True))
    assert {"accept", "first_answer", "next_update"} <= owed
    assert "with Portal platform" in dora.get(url(case)).content.decode()


def test_escalating_too_early_says_what_is_missing_and_keeps_the_words(dora, cast, case):
    answer = escalate(dora, case, cast, reason="", body="Dear Ana, hold on.")
    assert answer.status_code == 422
    assert "Dear Ana, hold on." in answer.content.decode()


def test_the_engineer_accepts_asks_answers_and_hands_back(dora, cast, case):
    escalate(dora, case, cast)
    eve = signed_in(cast.eve)
    assert case.title in eve.get("/console/escalations/").content.decode()
    eve.post(url(case, "escalation/accept/"))
    assert Escalation.objects.get(report=case).accepted_by == cast.eve
    eve.post(url(case, "escalation/ask_back/"), {"words": "Which file?"})
    dora.post(url(case, "escalation/answer_back/"), {"words": "A PDF."})
    eve.post(url(case, "escalation/answer/"), {"words": "A full disk.", "state": "cause_found"})
    assert Report.objects.get(pk=case.pk).state == "cause_found"
    row = eve.get("/console/escalations/").content.decode().split('<li class="escalation"')[1].split("</li>")[0]
    assert row.count("answered") == 1
    card = eve.get(url(case)).content.decode().split(f"With {cast.platform.name}")[1].split("</div>")[0]
    assert card.count("answered") == 1
    eve.post(url(case, "escalation/hand_back/"), {"words": "Done here."})
    assert Escalation.objects.get(report=case).state == "handed_back"


def test_an_agent_does_not_accept_for_the_engineers(dora, cast, case):
    escalate(dora, case, cast)
    assert dora.post(url(case, "escalation/accept/")).status_code == 403


def test_an_escalation_that_somebody_has_is_refused_by_name(dora, cast, case):
    escalate(dora, case, cast)
    signed_in(cast.eve).post(url(case, "escalation/accept/"))
    answer = signed_in(cast.emil).post(url(case, "escalation/accept/"), headers=PART)
    assert answer.status_code == 409
    assert "Eve Eriksen" in answer.content.decode()


def test_the_promise_view_shows_what_is_late(dora, case):
    Promise.objects.filter(report=case, kind="hear_back").update(due_at=timezone.now() - timedelta(hours=1))
    page = dora.get("/console/promises/").content.decode()
    assert case.number in page


def typed(moment):
    return moment.astimezone(ZoneInfo("Europe/Berlin")).strftime("%Y-%m-%dT%H:%M")


def test_another_time_inside_the_house_needs_a_reason(dora, cast, case):
    escalate(dora, case, cast)
    owed = Promise.objects.get(report=case, kind="accept")
    later = typed(timezone.now() + timedelta(days=1))
    assert dora.post(url(case, f"promises/{owed.pk}/"), {"due_at": later}, headers=PART).status_code == 409
    told = {"due_at": later, "reason": "She is away until tomorrow."}
    assert dora.post(url(case, f"promises/{owed.pk}/"), told, headers=PART).status_code == 200


def test_a_later_time_for_the_reporter_goes_with_words_that_name_it(dora, case):
    owed = Promise.objects.get(report=case, kind="hear_back")
    page = dora.get(url(case, f"promises/{owed.pk}/")).content.decode()
    assert "{{ promised_time }}" in page
    later, reason = owed.due_at + timedelta(days=20), "The supplier is away."
    typed_in = {"due_at": typed(later), "reason": reason, "words": "Hello,\r\n\r\nby {{ promised_time }}.\r\n"}
    for gap, field in (("due_at", "m-time"), ("reason", "m-reason"), ("words", "m-words")):
        answer = dora.post(url(case, f"promises/{owed.pk}/"), typed_in | {gap: ""})
        assert (answer.status_code, Promise.objects.get(pk=owed.pk).due_at) == (422, owed.due_at)
        assert f'id="{field}"' in answer.content.decode()
    assert dora.post(url(case, f"promises/{owed.pk}/"), typed_in).status_code == 302
    new = Promise.objects.get(report=case, kind="hear_back", state="open")
    assert (typed(new.due_at), new.message.named_time) == (typed_in["due_at"], new.due_at)
    assert "{{" not in new.message.body
    assert reason not in new.message.body


def test_a_sooner_time_for_the_reporter_sends_nothing(dora, case):
    owed = Promise.objects.get(report=case, kind="hear_back")
    sooner = timezone.now() + timedelta(minutes=6)
    told = {"due_at": typed(sooner), "reason": "Promised on the phone.", "words": "By {{ promised_time }}."}
    assert owed.due_at > sooner
    assert dora.post(url(case, f"promises/{owed.pk}/"), told).status_code == 302
    assert not case.messages.exclude(said_by="contact").filter(body__startswith="By").exists()
    assert typed(Promise.objects.get(pk=owed.pk).due_at) == told["due_at"]


def test_every_promise_tells_its_story_also_those_that_are_over(dora, case):
    owed = Promise.objects.get(report=case, kind="hear_back")
    Promise.objects.filter(pk=owed.pk).update(due_at=timezone.now() - timedelta(hours=1))
    promises.keep(case, "hear_back", by=case.contact.actor, at=timezone.now())
    page = dora.get(url(case)).content.decode()
    past = page[page.index("promises before") :]
    assert "Acknowledgement" in past
    assert "late: it was due on" in past
    assert "Kept on" in past


CALL = {"what": "The page stays white after I sign in.", "name": "Gus Green", "phone": "+49 30 999", "key": "call-1"}


def test_a_call_is_read_back_then_filed_with_number_and_time(dora, case):
    read = dora.post("/console/phone/", {**CALL, "do": "read_back", "hindrance": "blocked"}).content.decode()
    assert "The page stays white" in read
    assert Report.objects.count() == 1
    answer = dora.post("/console/phone/", {**CALL, "fact-doing": "Signed in", "hindrance": "blocked"}, follow=True)
    page = answer.content.decode()
    taken = Report.objects.get(channel="phone")
    assert taken.number in page
    assert "You hear from us by" in page


def test_the_same_call_saved_twice_is_one_report(dora, case):
    for _ in range(2):
        dora.post("/console/phone/", CALL)
    assert Report.objects.filter(channel="phone").count() == 1


def test_a_call_without_a_way_back_keeps_what_was_typed(dora, case):
    answer = dora.post("/console/phone/", {"what": "It fails.", "key": "call-2"})
    assert answer.status_code == 422
    assert "It fails." in answer.content.decode()


def test_what_is_typed_during_a_call_survives_a_crash(dora, case):
    dora.post("/console/phone/draft/", {"what": "half a sentence", "name": "Gus"})
    page = dora.get("/console/phone/").content.decode()
    assert "half a sentence" in page
    assert "Gus" in page


def test_the_caller_is_found_while_typing_with_what_is_open(dora, cast, case):
    assert "Ana Alvarez" in dora.get("/console/phone/callers/?caller=alva").content.decode()
    page = dora.get(f"/console/phone/form/?contact={cast.ana.key}").content.decode()
    assert case.number in page


def test_the_account_shows_what_is_open_and_takes_notes(dora, cast, case):
    where = f"/console/contacts/{cast.ana.key}/"
    assert case.number in dora.get(where).content.decode()
    dora.post(where + "note/", {"text": "Prefers to be called after five."})
    assert AccountNote.objects.get(contact=cast.ana).by_name == "Dora Dahl"
    assert "after five" in dora.get(url(case)).content.decode()
    assert case.number in dora.get(f"/console/organisations/{cast.acme.key}/").content.decode()


@pytest.mark.parametrize("kind", ["contacts", "organisations"])
def test_a_note_on_an_account_is_removed_with_a_reason(dora, cast, case, kind):
    where = f"/console/{kind}/{(cast.ana if kind == 'contacts' else cast.acme).key}/"
    dora.post(where + "note/", {"text": "Has ILLNESSSENTINEL."})
    note = AccountNote.objects.get()
    remove = f"/console/account-notes/{note.pk}/remove/"
    assert remove in dora.get(where).content.decode()
    assert "ILLNESSSENTINEL" in dora.get(remove).content.decode()
    refused = dora.post(remove, {"reason": " "})
    assert refused.status_code == 422
    assert 'href="#note-reason"' in refused.content.decode()
    assert signed_in(cast.eve).post(remove, {"reason": "x"}).status_code == 403
    assert dora.post(remove, {"reason": "Not ours to know."})["Location"] == where
    assert not AccountNote.objects.exists()
    assert "ILLNESSSENTINEL" not in dora.get(url(case)).content.decode()
    assert dora.get(remove).status_code == 404


def test_facts_of_a_contact_are_put_right_but_not_the_address(dora, cast, case):
    where = f"/console/contacts/{cast.ana.key}/edit/"
    told = {"name": "Ana A.", "phone": "+1 555 0100", "preferred_way": "phone"}
    told |= {"language": "de", "email": "evil@example.org"}
    assert dora.post(where, told).status_code == 302
    cast.ana.refresh_from_db()
    assert (cast.ana.name, cast.ana.email) == ("Ana A.", "ana@example.org")


def test_revoked_links_open_nothing(cast, case):
    token = access.make_link(case, cast.ana, by=cast.dora.actor, at=timezone.now())
    signed_in(cast.emil).post(f"/console/contacts/{cast.ana.key}/revoke/", {"reason": "Forwarded by mistake"})
    assert not AccessLink.objects.filter(contact=cast.ana, revoked_at=None).exists()
    with pytest.raises(access.NotFound):
        access.report_by_token(token, now=timezone.now())


def test_an_account_without_reports_for_the_engineer_is_not_found(cast, case):
    assert signed_in(cast.eve).get(f"/console/contacts/{cast.cem.key}/").status_code == 404
