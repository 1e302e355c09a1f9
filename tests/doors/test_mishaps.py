"""What we do not take says why, and gives back what was typed; never to a page of somebody else's making."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

pytestmark = pytest.mark.django_db
WORDS = "The page stays white <since> Friday."
HERE = {"origin": "http://testserver"}


@pytest.mark.parametrize("path", ["/report/what/", "/find/", "/console/login/"])
def test_a_form_that_could_not_be_proved_gives_the_words_back(path):
    answer = Client(enforce_csrf_checks=True).post(
        path, {"what": WORDS, "password": "three quiet harbours"}, headers=HERE
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "The page stays white &lt;since&gt; Friday.</textarea>" in page
    assert "harbours" not in page
    assert "reload" not in page, "a reload would empty the form"


@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
def test_words_of_another_site_are_never_shown_as_the_reader_s_own(headers):
    answer = Client(enforce_csrf_checks=True).post("/report/what/", {"what": WORDS}, headers=headers)
    assert answer.status_code == 403
    assert "stays white" not in answer.content.decode()


@pytest.mark.parametrize("path", ["/report/pictures/", "/console/setup/transfer/upload/"])
def test_too_many_files_at_once_are_told_as_that(settings, path):
    files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)]
    answer = Client(enforce_csrf_checks=True).post(path, {"files": files})
    assert answer.status_code == 400
    assert "too many files for one time: at most 20" in answer.content.decode()


def test_far_too_much_text_is_told_as_that_in_the_reader_s_language(settings):
    words = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = Client(enforce_csrf_checks=True).post("/report/what/", {"what": words}, headers={"accept-language": "de"})
    assert answer.status_code == 400
    assert "Das ist zu viel Text auf einmal" in answer.content.decode()


def test_what_is_refused_early_does_not_speak_the_language_of_whoever_came_before():
    with translation.override("de"):
        assert 'lang="en"' in Client().get("/", headers={"host": "evil.example"}).content.decode()


def test_what_is_no_form_at_all_stays_a_plain_sentence():
    answer = Client().get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "Something in the request was not as it should be" in answer.content.decode()
