"""Ana tells us what happened, one question a page, and loses nothing on the way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from makegood.life.intake.models import FormDraft, Incoming
from makegood.life.reports.models import Report

pytestmark = pytest.mark.django_db
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def go(browser, slug, /, **fields):
    return browser.post(f"/report/{slug}/", fields)


def fill(browser, /, **more):
    answers = {
        "what": {"what": "Error 500 on the claims page"},
        "kind": {"category": "unsure"},
        "where": {"page": "My claims", "browser": "Firefox 140", "os": "Linux", "device": "Computer"},
        "doing": {"doing": "I pressed Send", "expected": "My list"},
        "how-bad": {"hindrance": "blocked", "deadline": "Friday"},
        "pictures": {},
        "reach": {"name": "Ana Alvarez", "email": "ana@example.org"},
    }
    for slug, fields in {**answers, **more}.items():
        answer = go(browser, slug, **fields)
        assert answer.status_code == 303, (slug, answer.content.decode())
    return answer


def test_the_whole_way_from_the_first_word_to_the_number(browser, desk):
    assert browser.get("/").status_code == 200
    last = fill(browser)
    assert last["Location"] == "/report/check/"
    page = browser.get("/report/check/").content.decode()
    assert "Error 500 on the claims page" in page
    assert "I cannot do it at all" in page
    sent = browser.post("/report/send/")
    report = Report.objects.get()
    assert sent["Location"] == f"/report/done/MG-{report.pk}/"
    done = browser.get(sent["Location"]).content.decode()
    assert report.number in done
    assert "You hear from us by Mon 16 Nov 2026, 12:00 CET" in done.replace("10:30", "12:00")
    assert report.contact == desk.ana
    assert report.environment["browser"] == "Firefox 140"
    assert browser.get(f"/r/MG-{report.pk}/").status_code == 200


def test_what_the_browser_tells_is_never_asked(browser):
    page = browser.get("/report/where/").content.decode()
    assert 'value="Firefox 140"' in page
    assert 'value="Linux"' in page


def test_an_empty_first_page_is_told_on_top_and_beside_the_field(browser):
    answer = go(browser, "what", what="  ")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert page.count("Tell us in your own words what happened.") == 2
    assert 'href="#id_what"' in page


def test_too_long_words_are_kept_and_shown_again(browser):
    answer = go(browser, "what", what="x" * 20_001)
    assert answer.status_code == 422
    assert "x" * 20_001 in answer.content.decode()
    assert "x" * 20_001 in browser.get("/report/what/").content.decode()


def test_going_back_and_reloading_keep_the_answers(browser):
    fill(browser)
    assert "I pressed Send" in browser.get("/report/doing/").content.decode()
    assert "Error 500 on the claims page" in browser.get("/report/what/").content.decode()


def test_sending_twice_makes_one_report(browser):
    fill(browser)
    first, second = browser.post("/report/send/"), browser.post("/report/send/")
    assert first["Location"] == second["Location"]
    assert browser.get("/report/check/")["Location"] == first["Location"]
    assert Report.objects.count() == 1


def test_after_sending_a_new_report_can_begin(browser):
    fill(browser)
    browser.post("/report/send/")
    assert "Error 500 on the claims page" not in browser.get("/report/what/").content.decode()
    fill(browser, what={"what": "Another thing"})
    browser.post("/report/send/")
    assert Report.objects.count() == 2


def test_one_post_with_everything_is_enough(browser):
    everything = {"what": "It broke", "email": "new@example.org", "category": "unsure", "key": "k" * 20}
    first = browser.post("/report/send/", everything)
    again = browser.post("/report/send/", everything)
    assert first.status_code == 303
    assert first["Location"] == again["Location"]
    assert Incoming.objects.get().idempotency_key == "k" * 20


def test_one_post_with_a_mistake_keeps_everything_and_says_what_is_wrong(browser):
    answer = browser.post("/report/send/", {"what": "It broke", "email": "not an address"})
    assert answer.status_code == 422
    assert "This e-mail address is not complete" in answer.content.decode()
    assert "It broke" in browser.get("/report/what/").content.decode()
    assert not Report.objects.exists()


def test_a_question_takes_the_short_way_and_is_filed_as_one(browser):
    go(browser, "what", what="Where do I find my card?")
    page = browser.get("/report/kind/").content.decode()
    value = page.split('value="question:')[1].split('"')[0]
    assert go(browser, "kind", category=f"question:{value}")["Location"] == "/report/where/"
    assert go(browser, "where")["Location"] == "/report/pictures/"
    go(browser, "reach", phone="+49 30 1234")
    browser.post("/report/send/")
    assert Report.objects.get().kind == "question"
    assert Report.objects.get().category.slug == value


def test_the_likely_kinds_stand_first(browser):
    go(browser, "what", what="I cannot sign in, my password is refused")
    page = browser.get("/report/kind/").content.decode()
    assert "It sounds like" in page
    first = page.split('id="id_category_0" value="')[1].split('"')[0]
    assert "sign" in first


@pytest.mark.parametrize("words", ["I get an error page", "Es kommt eine Fehlermeldung"])
def test_what_fits_anything_is_no_guess_and_being_unsure_is_offered_once(browser, words):
    go(browser, "what", what=words)
    page = browser.get("/report/kind/").content.decode()
    likely, rest = page.split('class="kinds__more')
    assert "server-error" in likely
    assert 'value="other"' not in likely
    assert 'value="other"' in rest
    assert page.count("not sure") == 1


def test_autosave_keeps_half_a_sentence_and_changes_nothing_else(browser):
    assert browser.post("/report/save/", {"what": "The page sh", "evil": "x"}).status_code == 204
    assert FormDraft.objects.get().data == {"what": "The page sh"}
    assert "The page sh" in browser.get("/report/what/").content.decode()


def test_save_and_leave_comes_back_later(browser):
    assert go(browser, "what", what="Half", leave="1")["Location"] == "/report/later/"
    assert "kept until" in browser.get("/report/later/").content.decode()
    assert "Go on with your report" in browser.get("/").content.decode()
    browser.post("/report/forget/")
    assert not FormDraft.objects.exists()


def test_pictures_are_kept_without_scripts_and_can_be_removed(browser):
    go(browser, "what", what="See the picture")
    answer = browser.post("/report/pictures/", {"files": SimpleUploadedFile("shot.png", PIXEL), "add": "1"})
    assert answer["Location"] == "/report/pictures/"
    page = browser.get("/report/pictures/").content.decode()
    assert "shot.png" in page
    key = page.split('src="/report/files/')[1].split("/")[0]
    assert browser.get(f"/report/files/{key}/")["Content-Type"] == "image/png"
    browser.post(f"/report/files/{key}/remove/")
    assert "shot.png" not in browser.get("/report/pictures/").content.decode()


def test_a_refused_file_leaves_the_words_and_the_other_files_alone(browser):
    go(browser, "what", what="Two files")
    bad, good = SimpleUploadedFile("virus.exe", b"MZ\x00\x01"), SimpleUploadedFile("shot.png", PIXEL)
    answer = browser.post("/report/pictures/", {"files": [bad, good]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "virus.exe" in page
    assert "of a kind we do not take" in page
    assert "shot.png" in page
    assert "Two files" in browser.get("/report/what/").content.decode()


def test_files_travel_with_the_report(browser):
    fill(browser)
    shown = browser.post("/report/files/", {"files": SimpleUploadedFile("shot.png", PIXEL)})
    assert "shot.png" in shown.content.decode()
    browser.post("/report/send/")
    assert Report.objects.get().attachments.get().name == "shot.png"


def test_nobody_sees_the_files_of_another_draft(browser, desk, client):
    go(browser, "what", what="Mine")
    browser.post("/report/files/", {"files": SimpleUploadedFile("shot.png", PIXEL)})
    key = FormDraft.objects.get().files.get().key
    assert client.get(f"/report/files/{key}/").status_code == 404
    assert client.post(f"/report/files/{key}/remove/").status_code == 404


def test_too_many_reports_from_one_place_wait_but_lose_nothing(browser, settings):
    settings.REPORTS_PER_HOUR = 1
    fill(browser)
    browser.post("/report/send/")
    fill(browser, what={"what": "Precious words"})
    answer = browser.post("/report/send/")
    assert answer.status_code == 429
    assert "Nothing is lost" in answer.content.decode()
    assert "Precious words" in answer.content.decode()


def test_a_fault_of_ours_is_told_and_the_report_is_kept(browser, monkeypatch):
    fill(browser)
    monkeypatch.setattr("makegood.life.intake.actions._link", lambda *_a, **_k: 1 / 0)
    answer = browser.post("/report/send/")
    assert answer.status_code == 202
    assert "We have your report" in answer.content.decode()
    assert Incoming.objects.get().report is None


def test_pages_are_neither_stored_nor_told_to_others(browser):
    answer = browser.get("/report/what/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "same-origin"


def test_gets_change_nothing(browser):
    for address in ("/", "/report/what/", "/report/kind/", "/report/check/", "/report/later/", "/find/", "/mine/"):
        browser.get(address)
    assert not FormDraft.objects.exists()
    assert "mg_draft" not in browser.cookies


@pytest.mark.parametrize("typed", ["abc", "call me", "12", "+49 30"])
def test_a_phone_number_nobody_can_call_is_told_at_its_field(browser, typed):
    """It may be the only way to reach them: "we call you on abc" would be a promise nobody can keep."""
    go(browser, "what", what="It fails")
    page = go(browser, "reach", phone=typed)
    assert page.status_code == 422
    assert page.content.decode().count("This phone number is not complete.") == 2
    assert browser.post("/report/send/").status_code == 422
    assert not Report.objects.exists()


def test_whoever_gave_a_phone_number_only_is_not_promised_a_letter(browser):
    go(browser, "what", what="Where do I find my certificate?")
    go(browser, "kind", category="question:where-is")
    go(browser, "reach", phone="+49 30 1234567")
    page = browser.post("/report/send/", follow=True).content.decode()
    assert "We call you on +49 30 1234567." in page
    assert "you hear from us" in page
    assert "writes to you" not in page
    assert "we write" not in page


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"email": "ana@example.org", "preferred_way": "phone"}, "phone", "You would rather be called"),
        ({"phone": "+49 30 1234567", "preferred_way": "email"}, "email", "You would rather have mail"),
    ],
)
def test_the_way_they_prefer_is_one_they_gave(browser, given, field, told):
    go(browser, "what", what="It fails")
    page = go(browser, "reach", **given)
    assert page.status_code == 422
    assert told in page.content.decode()
    assert list(page.context["form"].errors) == [field]
