"""Characters nobody can type, numbers no row can have, patterns that could run for ever."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from makegood.config import logs
from makegood.doors.api import reading
from makegood.lib.texts import whole_number
from makegood.life.beginning import begin
from makegood.life.diagnosis import document, exports
from makegood.life.intake.models import FormDraft
from makegood.life.promises import book
from makegood.life.reports import query_language
from makegood.life.reports.models import Message, SavedView
from makegood.life.updates import mails, named_times, scripts
from tests.life.case import file_report

pytestmark = pytest.mark.django_db
NUL = "a\x00b\x07c"
ENDLESS = ("9" * 19, "9" * 5000, "²", "-1")


@pytest.fixture
def report(cast):
    now = datetime.now(UTC)
    book.install_defaults(now)
    begin(now)
    return file_report(cast, at=now)


@pytest.fixture
def dora(cast):
    browser = Client()
    browser.force_login(cast.dora)
    return browser


def test_control_characters_are_taken_out_of_every_field_and_the_words_stay(report, dora):
    assert dora.post(f"/console/reports/{report.pk}/note/", {"body": "one\x00two\x1b\nthree\tfour"}).status_code == 302
    assert Message.objects.filter(body="onetwo\nthree\tfour", is_internal=True).exists()


def test_lines_end_in_lf_in_everything_a_form_or_a_machine_sends(report, dora, cast):
    """Browsers send CR LF, and a page that was saved and sent again may hold lone CRs."""
    assert dora.post(f"/console/reports/{report.pk}/note/", {"body": "one\r\n\r\ntwo\rthree"}).status_code == 302
    assert Message.objects.filter(body="one\n\ntwo\nthree", is_internal=True).exists()
    assert reading.cleaned({"a": ["one\r\n\r\ntwo\rthree"]}) == {"a": ["one\n\ntwo\nthree"]}


def test_control_characters_in_a_filter_find_nothing_and_break_nothing(report, dora):
    for path in ("queue/", "palette/", "accounts/", "phone/callers/", "mail/in/", "mail/out/", "setup/audit/"):
        answer = dora.get(f"/console/{path}", dict.fromkeys(("q", "caller", "to", "who", "kind", "view"), NUL))
        assert answer.status_code in (200, 403), path


def test_a_control_character_in_an_address_is_no_page(report, dora):
    for path in ("/r/%00abc/", "/console/reports/%00/", "/console/contacts/%07/", "/report/%1b/"):
        assert dora.get(path).status_code == 404


def test_a_cookie_with_a_quoted_nul_is_no_cookie(report):
    for name in ("mg_session", "mg_draft", "mg_mine", "mg_opened", "mg_zone", "mg_csrf"):
        browser = Client(headers={"cookie": f'{name}="\\000abcdefghijk"'})
        assert browser.get("/").status_code == 200
        assert browser.get("/console/").status_code == 302


def test_numbers_no_row_can_have_are_missing_rows(report, dora, cast):
    for number in ENDLESS:
        for path in (f"/console/reports/{number}/", f"/r/MG-{number}/", f"/report/done/MG-{number}/"):
            assert dora.get(path).status_code == 404, path
        assert dora.get("/console/queue/", {"q": number, "view": f"s{number}", "after": number}).status_code == 200
        assert dora.get("/console/palette/", {"q": number}).status_code == 200
        assert dora.post(f"/console/queue/undo/{number[:200]}/").status_code < 500
        for field in ("team", "assignee", "category", "component"):
            assert dora.post(f"/console/reports/{report.pk}/field/{field}/", {"value": number}).status_code < 500
        assert dora.post("/console/queue/views/save/", {"name": "x", "query": "owed:late", "whom": number}).status_code
        assert dora.post("/console/queue/change/", {"change": "severity:low", "report": number}).status_code < 500


def test_a_number_in_a_choice_of_many_is_refused_not_a_fault(cast, client):
    client.force_login(cast.ada)
    facts = {"name": "N", "email": "n@example.org", "role": "agent", "teams": "9" * 19}
    assert client.post("/console/setup/people/invite/", facts).status_code < 500


def test_whole_numbers_are_plain_digits_that_fit_a_column():
    assert [whole_number(text) for text in ("12", "0", "", "²", "٣", "-1", "1.5", "9" * 19)] == [12, 0, *[None] * 6]


def test_a_view_is_saved_for_a_team_that_is_ones_own_only(cast, dora):
    assert dora.post("/console/queue/views/save/", {"name": "x", "query": "owed:late", "whom": "²"}).status_code != 500
    dora.post("/console/queue/views/save/", {"name": "y", "query": "owed:late", "whom": str(cast.platform.pk)})
    assert not SavedView.objects.filter(team=cast.platform).exists()


def test_a_draft_does_not_grow_without_end(report):
    browser = Client()
    for turn in range(4):
        browser.post("/report/save/", {f"answer_{turn}-{n}": "x" * 5_000 for n in range(90)} | {"what": f"turn {turn}"})
    held = FormDraft.objects.get().data
    assert held["what"] == "turn 3"
    assert sum(map(len, held.values())) <= 400_000


HOSTILE = [
    text[:20_000]
    for text in (
        "\n" * 20_000,
        " \n" * 10_000,
        " " * 20_000,
        "{{" + " " * 20_000,
        "{{ " * 7_000,
        "password" + " " * 20_000,
        "(" * 20_000,
        "http://" * 3_000,
        "http://" + "." * 20_000,
        "tomorrow at " * 2_000,
        "10:" * 7_000,
        "\t-" * 10_000,
        "eyJ" * 7_000,
        "/r/" * 7_000,
    )
]


@pytest.mark.parametrize(
    "judge",
    [
        lambda text: named_times.find(text, now=datetime.now(UTC), zone=ZoneInfo("Europe/Berlin")),
        lambda text: scripts.unfilled(scripts.fill(text, {"agent": "Dora"})),
        mails._paragraphs,
        exports._row,
        document.without_secrets,
        query_language.parse,
        logs.redact,
        lambda text: logs._redact_text(None, "", {"event": text}),
    ],
    ids=["times", "placeholders", "mail", "markdown", "secrets", "query", "paths", "log"],
)
def test_no_pattern_runs_away_with_words_of_strangers(judge):
    began = time.process_time()
    for text in HOSTILE:
        judge(text)
    assert time.process_time() - began < 6


def test_a_link_with_something_hanging_on_it_is_no_secret_in_the_log():
    token = "0bm5gkann857dxcdb1se49zfnh1yd6ha"
    for path in (
        f"/r/{token}",
        f"/r/{token}.",
        f"/r/({token})/",
        f"/mine/{token},/show/",
        f"/console/welcome/{token}'",
    ):
        assert token not in logs.redact(path)
        assert token not in logs._redact_text(None, "", {"event": f"Not Found: {path}"})["event"]


def test_markdown_of_a_word_with_a_lone_carriage_return_stays_one_quotation():
    line = exports.Line("What", "harmless\r# Heading\r---")
    assert "\n#" not in exports._markdown_line(line).replace("> ", "")
    assert "\r" not in exports._markdown_line(line)
