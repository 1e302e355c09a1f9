"""The rules around every operation: who knocks, how often, from where; bodies; repeating; not overwriting."""

import io
import json

import pytest
from django.db import OperationalError

from makegood.doors.api import gate, reports
from makegood.life.people.models import ApiToken
from makegood.life.reports import tokens
from makegood.life.reports.models import LedgerEntry, Message, Report
from tests.doors.api.knocking import BASE, Program, program_of, token_for

pytestmark = pytest.mark.django_db
TOLD = {"what": "The page stays white.", "reporter": {"email": "ana@example.org"}}


def problem(program, status, slug):
    """The last answer is this problem, in full dress."""
    assert program.last.status_code == status, program.last.content
    assert program.last["Content-Type"] == "application/problem+json"
    told = program.told()
    assert told["type"].endswith(f"/api/v1/errors#{slug}")
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


# Who knocks


@pytest.mark.parametrize("shown", ["", "mg_", "mg_" + "a" * 49, "x" * 10_000, "mg_ü"])
def test_without_a_good_token_nothing_opens(desk, shown):
    program = Program(shown)
    program.ask("GET", "/reports")
    problem(program, 401, "unauthenticated")
    assert program.last["WWW-Authenticate"].startswith("Bearer")


def test_the_consoles_cookies_open_nothing(desk, client):
    client.force_login(desk.ada)
    assert client.get(f"{BASE}/reports").status_code == 401
    assert client.post(f"{BASE}/reports", "{}", content_type="application/json").status_code == 401


def test_too_many_wrong_tokens_from_one_network_have_to_wait(desk):
    program = Program("mg_wrong")
    answers = [program.ask("GET", "/me") for _ in range(gate.WRONG_PER_MINUTE + 1)]
    assert answers[-2]["status"] == 401
    problem(program, 429, "rate-limited")
    assert int(program.last["Retry-After"]) > 0


def test_a_scope_that_is_missing_is_named(desk):
    program = program_of(desk.dora, scopes=["reports:read"])
    program.get("/reports")
    program.ask("POST", "/reports", TOLD)
    assert problem(program, 403, "scope-missing")["scope"] == "reports:write"
    assert "insufficient_scope" in program.last["WWW-Authenticate"]
    assert not Report.objects.exists()


def test_scopes_never_give_more_than_the_owner_may(desk):
    eve = program_of(desk.eve)
    eve.ask("POST", "/reports", TOLD)
    problem(eve, 403, "not-allowed")


def test_a_token_ends_with_its_revocation_and_its_owner(desk, dora):
    dora.get("/me")
    tokens.revoke(ApiToken.objects.get(), by=desk.dora.actor, at=ApiToken.objects.get().made_at)
    dora.ask("GET", "/me")
    problem(dora, 401, "unauthenticated")


def test_a_token_says_what_it_is_and_never_its_secret(desk, dora):
    told = dora.get("/me")
    assert (told["acts_as"], told["role"], told["teams"]) == ("Dora Dahl", "agent", ["desk"])
    assert dora.secret not in json.dumps(told)


# How often


def test_limits_stand_in_headers_and_are_kept(desk, dora, monkeypatch):
    dora.get("/me")
    assert (dora.last["RateLimit-Limit"], dora.last["RateLimit-Remaining"]) == ("600", "599")
    monkeypatch.setattr(gate, "PER_MINUTE", 2)
    other = program_of(desk.emil)
    other.get("/me")
    other.get("/me")
    other.ask("GET", "/me")
    problem(other, 429, "rate-limited")
    assert 0 < int(other.last["Retry-After"]) <= 60
    assert other.last["RateLimit-Remaining"] == "0"


# From where


def test_pages_of_a_named_origin_may_read_and_no_others(desk):
    origin = "https://app.example.org"
    program = program_of(desk.dora, origins=[origin])
    program.get("/me", origin=origin)
    assert program.last["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Credentials" not in program.last
    assert "Origin" in program.last["Vary"]
    program.get("/me")
    assert "Access-Control-Allow-Origin" not in program.last


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example.org.evil.example",
        "https://evil-app.example.org",
        "https://app.example.org:444",
        "http://app.example.org",
        "https://APP.example.org",
        "null",
        "*",
    ],
)
def test_look_alike_origins_are_refused(desk, origin):
    program = program_of(desk.dora, origins=["https://app.example.org"])
    program.ask("GET", "/me", origin=origin)
    problem(program, 403, "origin-refused")
    assert "Access-Control-Allow-Origin" not in program.last
    enquiry = {"HTTP_ORIGIN": origin, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST"}
    assert program.client.options(f"{BASE}/reports", **enquiry).status_code == 403


def test_a_browser_may_enquire_beforehand(desk):
    program_of(desk.dora, origins=["https://app.example.org"])
    enquiry = {"HTTP_ORIGIN": "https://app.example.org", "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST"}
    answer = Program().client.options(f"{BASE}/reports", **enquiry)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "Authorization" in answer["Access-Control-Allow-Headers"]


# What a body may be


@pytest.mark.parametrize(
    ("body", "kind", "status", "slug"),
    [
        (b"{", "application/json", 400, "unreadable"),
        (b'{"what": 1, "what": 2}', "application/json", 400, "unreadable"),
        (b'{"what": NaN}', "application/json", 400, "unreadable"),
        (b"[" * 100_000, "application/json", 400, "unreadable"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "application/json", 400, "unreadable"),
        (b"\xff\xfe", "application/json", 400, "unreadable"),
        (b"what=x", "application/x-www-form-urlencoded", 415, "media-type"),
        (b"<what/>", "application/xml", 415, "media-type"),
        (b"{}", "text/plain", 415, "media-type"),
        (b"[]", "application/json", 422, "invalid"),
        (b"", "application/json", 422, "invalid"),
        (b'{"what": "' + b"x" * 1_100_000 + b'"}', "application/json", 413, "too-large"),
    ],
)
def test_bodies_are_small_plain_json(desk, dora, body, kind, status, slug):
    named = {"HTTP_AUTHORIZATION": f"Bearer {dora.secret}"}
    dora.last = dora.client.generic("POST", f"{BASE}/reports", body, content_type=kind, **named)
    problem(dora, status, slug)
    assert not Report.objects.exists()


def test_every_fault_is_told_with_its_place(desk, dora):
    wrong = {"what": "", "reporter": {"email": "nobody", "age": 7}, "kind": "wish", "colour": "red"}
    dora.ask("POST", "/reports", wrong)
    told = problem(dora, 422, "invalid")
    assert {error["pointer"] for error in told["errors"]} == {
        "#/what",
        "#/reporter/email",
        "#/reporter/age",
        "#/kind",
        "#/colour",
    }


def test_a_number_nobody_can_call_is_refused_with_its_place(desk, dora):
    dora.ask("POST", "/reports", {**TOLD, "reporter": {"phone": "12"}})
    assert [error["pointer"] for error in problem(dora, 422, "invalid")["errors"]] == ["#/reporter/phone"]
    dora.ask("PATCH", f"/contacts/{desk.ana.key}", {"phone": "ext. 12"})
    assert [error["pointer"] for error in problem(dora, 422, "invalid")["errors"]] == ["#/phone"]
    assert dora.patch(f"/contacts/{desk.ana.key}", {"phone": ""})["phone"] == ""


def test_control_characters_go_and_the_rest_of_the_words_stays(desk, dora):
    what = "Line one\nwith \x00a\x1b[31m and \ud800 in it"
    number = dora.post("/reports", {**TOLD, "what": what})["number"]
    assert dora.get(f"/reports/{number}/messages")["items"][0]["body"] == "Line one\nwith a[31m and  in it"


@pytest.mark.parametrize(
    "path", ["/reports?limt=5", "/reports?limit=5&limit=6", "/reports?limit=0", "/reports?limit=201"]
)
def test_parameters_nobody_knows_are_not_passed_over(desk, dora, path):
    dora.ask("GET", path)
    problem(dora, 422, "invalid")


def test_a_query_half_understood_is_refused_with_a_hint(desk, dora):
    dora.ask("GET", "/reports?q=severty:high")
    assert "severity" in problem(dora, 422, "query-not-understood")["errors"][0]["detail"]


# Errors of every sort


@pytest.mark.parametrize(
    "path", ["/nothing", "/reports/MG-99", "/reports/99999999999999999999", "/files/nothing", "/../"]
)
def test_what_is_not_there_is_a_problem_too(desk, dora, path):
    dora.ask("GET", path)
    problem(dora, 404, "not-found")


def test_a_wrong_method_names_the_right_ones(desk, dora):
    dora.ask("PUT", "/reports")
    problem(dora, 405, "method-not-allowed")
    assert {name.strip() for name in dora.last["Allow"].split(",")} >= {"GET", "POST"}


def test_a_verbs_no_is_a_sentence_and_a_word_for_programs(desk, dora, report):
    dora.ask("POST", f"/reports/{report}/close", {"reason": "confirmed"})
    told = problem(dora, 409, "refused")
    assert told["code"] == "cannot_close"
    assert told["can_retry"] is False
    dora.ask("POST", f"/reports/{report}/close", {"reason": "confirmed"}, accept_language="de")
    assert dora.told()["detail"] != told["detail"], "in the language asked for"


def test_what_breaks_with_us_says_nothing_of_how(desk, dora, monkeypatch):
    def broken(*_all, **_more):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(reports.queries, "find", broken)
    dora.ask("GET", "/reports")
    assert "secret" not in json.dumps(problem(dora, 500, "broken"))


def test_a_database_out_of_reach_is_a_reason_to_come_again(desk, dora, monkeypatch):
    def away(*_all, **_more):
        raise OperationalError("database is locked")

    monkeypatch.setattr(reports.queries, "find", away)
    dora.ask("GET", "/reports")
    problem(dora, 503, "busy")
    assert dora.last["Retry-After"]


# Repeating safely


def test_the_same_key_files_one_report_and_gets_the_same_answer(desk, dora):
    first = dora.post("/reports", TOLD, idempotency_key="k-1")
    again = dora.post("/reports", TOLD, idempotency_key="k-1")
    assert again == first
    assert dora.last["Idempotency-Replayed"] == "true"
    assert dora.last["Location"].endswith(first["number"])
    assert Report.objects.count() == 1


def test_another_request_under_the_same_key_is_refused(desk, dora):
    dora.post("/reports", TOLD, idempotency_key="k-1")
    dora.ask("POST", "/reports", {**TOLD, "what": "Something else."}, idempotency_key="k-1")
    problem(dora, 422, "key-reused")


def test_keys_of_two_tokens_have_nothing_to_do_with_one_another(desk, dora):
    first = dora.post("/reports", TOLD, idempotency_key="k-1")
    second = program_of(desk.emil).post("/reports", TOLD, idempotency_key="k-1")
    assert first["number"] != second["number"]


def test_a_refusal_is_kept_as_well(desk, dora, report):
    body = {"reason": "confirmed"}
    first = dora.post(f"/reports/{report}/close", body, status=409, idempotency_key="k-2")
    dora.post(f"/reports/{report}/solve", {"cause": "c", "solution": "s"}, status=200)
    assert dora.post(f"/reports/{report}/close", body, status=409, idempotency_key="k-2") == first


def test_a_fault_of_ours_is_kept_and_half_the_work_is_not(desk, dora, report, monkeypatch):
    def broken(*_all, **_more):
        raise RuntimeError("half-way")

    with monkeypatch.context() as patch:
        patch.setattr("makegood.doors.api.conversation.message_out", broken)
        dora.ask("POST", f"/reports/{report}/notes", {"body": "Call her."}, status=500, idempotency_key="k-3")
    assert not Message.objects.filter(is_internal=True).exists()
    dora.ask("POST", f"/reports/{report}/notes", {"body": "Call her."}, status=500, idempotency_key="k-3")
    dora.post(f"/reports/{report}/notes", {"body": "Call her."}, idempotency_key="k-4")


def test_a_request_that_never_began_uses_no_key(desk, dora):
    dora.ask("POST", "/reports", {"what": ""}, status=422, idempotency_key="k-5")
    dora.post("/reports", TOLD, idempotency_key="k-5")


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "ü"])
def test_keys_are_short_and_plain(desk, dora, key):
    dora.ask("POST", "/reports", TOLD, idempotency_key=key)
    problem(dora, 422, "invalid")


# Not overwriting one another


def test_what_was_read_is_changed_only_if_it_is_still_so(desk, dora, report):
    path = f"/reports/{report}"
    dora.get(path)
    tag = dora.last["ETag"]
    dora.patch(path, {"severity": "high"}, if_match=tag)
    assert dora.last["ETag"] != tag
    dora.ask("PATCH", path, {"severity": "low"}, if_match=tag)
    problem(dora, 412, "changed-meanwhile")
    assert dora.get(path)["severity"] == "high"
    dora.patch(path, {"severity": "low"}, if_match="*")
    dora.patch(path, {"severity": "medium"})


def test_a_message_meanwhile_counts_as_a_change(desk, dora, report):
    dora.get(f"/reports/{report}")
    tag = dora.last["ETag"]
    dora.post(f"/reports/{report}/reporter/messages", {"body": "One more thing."})
    dora.ask("POST", f"/reports/{report}/replies", {"body": "We look into it."}, if_match=tag)
    problem(dora, 412, "changed-meanwhile")


def test_what_has_not_changed_is_not_sent_again(desk, dora, report):
    dora.get(f"/reports/{report}")
    dora.get(f"/reports/{report}", status=304, if_none_match=dora.last["ETag"])
    assert not dora.last.content


def test_a_patch_is_all_or_nothing(desk, dora, report):
    wanted = {"severity": "critical", "category": "server-error", "labels": ["a"], "assignee": "nobody-we-know"}
    dora.ask("PATCH", f"/reports/{report}", wanted)
    problem(dora, 422, "invalid")
    told = dora.get(f"/reports/{report}")
    assert (told["severity"], told["category"], told["labels"]) == ("medium", None, [])


def test_a_patch_changes_what_is_given_and_empties_with_null(desk, dora, report):
    wanted = {"category": "server-error", "assignee": "me", "labels": ["Billing", "vip"], "team": None}
    told = dora.patch(f"/reports/{report}", wanted)
    assert (told["category"], told["assignee"]["name"], told["labels"]) == (
        "server-error",
        "Dora Dahl",
        ["billing", "vip"],
    )
    assert told["team"] is None
    assert told["state"] == "received"
    assert dora.patch(f"/reports/{report}", {"assignee": None})["assignee"] is None


# Lists


def test_a_list_is_walked_page_by_page_to_its_end(desk, dora):
    numbers = [dora.post("/reports", {**TOLD, "what": f"Number {n}."})["number"] for n in range(5)]
    seen, path = [], "/reports?limit=2&q=sort:oldest"
    while path:
        page = dora.get(path)
        seen += [row["number"] for row in page["items"]]
        link = dora.last.get("Link", "")
        path = link[link.index(BASE) + len(BASE) : link.index(">")] if link else ""
        assert bool(page["next"]) == bool(path)
    assert seen == numbers


def test_a_cursor_belongs_to_its_list_and_filter(desk, dora, report):
    dora.post("/reports", TOLD)
    cursor = dora.get("/reports?limit=1")["next"]
    for path in (
        f"/reports?limit=1&q=state:open&cursor={cursor}",
        f"/contacts?cursor={cursor}",
        "/reports?cursor=MQ.abc",
    ):
        dora.ask("GET", path)
        problem(dora, 422, "invalid")


@pytest.mark.parametrize(
    "path",
    ["/reports", "/escalations?state=any", "/promises?state=any", "/contacts", "/ledger", "/reports/{}/messages"],
)
def test_the_number_of_queries_does_not_grow_with_the_list(
    desk, dora, report, path, django_assert_max_num_queries, django_assert_num_queries
):
    def rows(count):
        for place in range(count):
            told = {**TOLD, "reporter": {"email": f"{path.strip('/')[:4]}{count}{place}@example.org"}}
            number = dora.post("/reports", told)["number"]
            dora.post(f"/reports/{number}/escalations", {"team": "platform", "reason": "Urgent."})
            dora.post(f"/reports/{report}/notes", {"body": "Noted."})

    rows(1)
    with django_assert_max_num_queries(14) as few:
        dora.get(path.format(report))
    count = len(few)
    rows(4)
    with django_assert_num_queries(count):
        dora.get(path.format(report))


@pytest.mark.django_db(transaction=True)  # the feed shows what is committed
def test_the_ledger_is_followed_from_where_one_was(desk, dora, report):
    first = dora.get("/ledger?limit=1")
    assert first["more"]
    rest = dora.get(f"/ledger?after={first['last']}")
    assert not rest["more"]
    ids = [entry["id"] for entry in first["items"] + rest["items"]]
    assert ids == sorted(set(ids))
    assert dora.get(f"/ledger?after={rest['last']}") == {"items": [], "last": rest["last"], "more": False}
    assert {e["kind"] for e in dora.get("/ledger?kinds=promise.*")["items"]} == {"promise.made"}
    dora.ask("GET", "/ledger?kinds=nothing.happened")
    problem(dora, 422, "invalid")


# Files


def test_a_file_goes_in_and_comes_out_byte_for_byte(desk, dora, report):
    log = b"ERROR 500 at /claims\n" * 50
    upload = io.BytesIO(log)
    upload.name = "../../etc/server.log"
    told = dora.upload(f"/reports/{report}/files", upload)
    assert (told["name"], told["is_internal"]) == ("server.log", False)
    dora.last = dora.client.get(f"{BASE}/files/{told['key']}/content", HTTP_AUTHORIZATION=f"Bearer {dora.secret}")
    assert b"".join(dora.last.streaming_content) == log
    assert "attachment" in dora.last["Content-Disposition"]
    assert "sandbox" in dora.last["Content-Security-Policy"]
    dora.delete(f"/files/{told['key']}")
    dora.ask("GET", f"/files/{told['key']}", status=404)


def test_the_same_upload_with_the_same_key_is_one_file(desk, dora, report):
    for content, status in ((b"one", 201), (b"one", 201), (b"two", 422)):
        upload = io.BytesIO(content)
        upload.name = "a.txt"
        dora.upload(f"/reports/{report}/files", upload, status=status, idempotency_key="up-1")
    assert len(dora.get(f"/reports/{report}/files")["items"]) == 1


def test_a_kind_we_do_not_take_is_refused(desk, dora, report):
    upload = io.BytesIO(b"MZ" + bytes(200))
    upload.name = "setup.exe"
    dora.upload(f"/reports/{report}/files", upload, status=415)
    problem(dora, 415, "media-type")


# What may be told


def test_no_secret_of_a_token_reaches_ledger_or_idempotency_records(desk, dora):
    from makegood.engine.models import IdempotencyRecord

    link = dora.post("/reports", TOLD, idempotency_key="k-9")["status_link"]
    secret = link.rstrip("/").rsplit("/", 1)[1]
    assert secret not in str(list(IdempotencyRecord.objects.values()))
    assert dora.secret not in str(list(LedgerEntry.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_agents_do_not_follow_set_up_in_the_feed_and_leads_do(desk, dora):
    token_for(desk.dora)
    assert not [e for e in dora.get("/ledger")["items"] if e["kind"].startswith("token.")]
    assert [e for e in program_of(desk.emil).get("/ledger")["items"] if e["kind"].startswith("token.")]


def test_a_head_is_a_get_without_its_body(desk, dora):
    dora.get("/categories")
    length = len(dora.last.content)
    dora.ask("HEAD", "/categories", status=200)
    assert int(dora.last["Content-Length"]) == length
    dora.ask("HEAD", "/nothing", status=404)
