"""What machines say is the same, whenever and wherever they say it."""

import time

import pytest

from makegood.lib.signatures import (
    MAX_FRAMES,
    Signature,
    frame_of,
    lines_in,
    normalised,
    of_parts,
    page_of,
    path_of,
    read,
)


def values(text, kind):
    return [one.value for one in read(text).signatures if one.kind == kind]


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        ("\tat org.a.hdfs.Web$Runner.run(Web.java:468)", "org.a.hdfs.web$runner.run"),
        ("at $Proxy61.onMessage(Unknown Source)", "$proxy#.onmessage"),
        ("at a.B.access$500(B.java:1)", "a.b.access$#"),
        ("   at Shop.Cart.Add(String name, Int32 n) in C:\\src\\Cart.cs:line 12", "shop.cart.add"),
        ("    at send (https://shop.example/static/app.3f2a9c1b.js:1:2333)", "app.js:send"),
        ("    at async Promise.all (index 0)", ""),
        ("    at https://shop.example/app.js?v=12:1:2333", "app.js:"),
        ("onclick@https://shop.example/x.js:10:2", "x.js:onclick"),
        ('  File "/srv/app/views.py", line 12, in show', "views.py:show"),
        ("#0 /var/www/cart.php(12): Cart->add()", "cart.php:cart->add"),
        ("from /srv/app/cart.rb:12:in `add'", "cart.rb:add"),
        ("#1  0x00007f3a in main (argc=1) at main.c:3", "main"),
        ("3   Shop   0x000000010a -[Cart add:] + 120", "-[cart add:]"),
        ("   4: shop::cart::add", "shop::cart::add"),
        ("main.(*Cart).Add(0xc000012345, 0x2)", "main.(*cart).add"),
    ],
)
def test_a_stack_frame_is_known_without_what_differs(line, frame):
    assert frame_of(line) == frame


@pytest.mark.parametrize(
    "line",
    [
        "I was at home (in bed) and it failed",
        "See #12 for more",
        "File a report, line 3 says",
        "at the end: 12",
        "1: press save",
        "call (555) 123",
    ],
)
def test_what_people_write_is_no_stack_frame(line):
    assert frame_of(line) == ""


def test_frames_are_taken_out_of_the_words():
    reading = read("It failed:\njava.lang.Error: x\n\tat a.B.c(B.java:1)\nthen I left")
    assert reading.words == "It failed:\njava.lang.Error: x\nthen I left"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('Could not find user "ana" with id 1234', 'could not find user "ben" with id 5'),
        ("Timeout after 3000 ms at 10.0.0.1", "Timeout after 12 ms at 192.168.1.20"),
        ("No file /home/ana/a.txt", "No file /srv/b/c.txt"),
        ("Key 3f2a9c1b-0000-4000-8000-123456789abc gone", "Key 9f2a9c1b-1111-4000-8000-123456789abc gone"),
        ("mail to ana@example.org bounced", "mail to ben@example.com bounced"),
    ],
)
def test_messages_that_differ_in_values_only_are_one(one, other):
    assert normalised(one) == normalised(other)


def test_messages_that_differ_in_words_are_two():
    assert normalised("Connection refused") != normalised("Connection reset")


def test_exceptions_and_their_messages_are_found():
    text = "org.shop.CartException: no cart 12\nTypeError: x is undefined"
    assert values(text, "exception") == ["cartexception", "typeerror"]
    assert values(text, "message") == ["no cart #", "x is undefined"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("[ERROR] : Invalid value 12 for quota", "message", "invalid value # for quota"),
        ("Fehler: Datei konnte nicht gelesen werden", "message", "datei konnte nicht gelesen werden"),
        ("it says ORA-00942 and stops", "code", "ORA-00942"),
        ("net::ERR_CONNECTION_REFUSED", "code", "ERR_CONNECTION_REFUSED"),
        ("0x80070005 on install", "code", "0X80070005"),
        ("EACCES while writing", "code", "EACCES"),
        ("then HTTP 502 came", "status", "502"),
        ("503 Service Unavailable", "status", "503"),
        ("on https://shop.example/orders/12345/pay?token=1#x today", "path", "/orders/#/pay"),
    ],
)
def test_codes_statuses_and_paths_are_found(text, kind, value):
    assert value in values(text, kind)


def test_a_path_holds_no_ids_and_no_query():
    assert path_of("https://shop.example/a/3f2a9c1b3f2a/MG-12/edit?secret=1") == "/a/#/#/edit"
    assert path_of("https://shop.example/") == ""


def test_parts_are_the_same_as_what_is_found_in_text():
    trace = "java.lang.IllegalStateException\n\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)"
    given = of_parts(exceptions=["java.lang.IllegalStateException"], frames=["a.B.c(B.java:9)", "a.B.d(B.java:8)"])
    assert set(given) == set(read(trace).signatures)
    assert given[1] == Signature("frame", "a.b.c")


@pytest.mark.parametrize(
    "piece",
    [
        "at ",
        "Error: ",
        "/aa",
        "\"'",
        "0x",
        "a@",
        " (",
        "'",
        "1",
        "fooError",
        "http://",
        "x.",
        "::",
        "\x00",
        "(" * 99,
        "at a.b(c:1) ",
    ],
)
def test_hostile_text_takes_no_time(piece):
    begin = time.process_time()
    read(piece * (1_000_000 // len(piece)))
    read((piece * (1_900 // len(piece)) + "\n") * 100)
    assert time.process_time() - begin < 5


def test_of_an_endless_trace_the_top_is_kept():
    frames = list(read("\n".join(f"at a.b{n}c.d(E.java:1)" for n in range(5_000))).signatures)
    assert len(frames) == MAX_FRAMES
    assert frames[0].value == "a.b0c.d"


EVENT = "3f2504e04f8911d39a0c0305e82c3301"


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Something went wrong. Reference 7F2A", "7f2a"),
        ("Sentry Event ID: 3F2504E0-4F89-11D3-9A0C-0305E82C3301, please quote it", EVENT),
        ('{"traceId":"3f2504e04f8911d39a0c0305e82c3301"}', EVENT),
        ("traceparent: 00-3f2504e04f8911d39a0c0305e82c3301-00f067aa0ba902b7-01", EVENT),
        ("X-Request-Id: req-8812aa", "req-8812aa"),
        ("correlation_id=abc123def", "abc123def"),
        ("Ray ID: 8a1b2c3d4e5f6a7b", "8a1b2c3d4e5f6a7b"),
        ("Your support ID is: 1234567890123456789", "1234567890123456789"),
        ("Leider ist etwas schiefgegangen. Referenz: 7F2A-99", "7f2a-99"),
        ("Fehler-ID „3F2504E04F8911D39A0C0305E82C3301“", EVENT),
        ("Fehlerreferenz 7F2A", "7f2a"),
        ("Korrelations-ID: 88aa77bb", "88aa77bb"),
    ],
)
def test_the_id_of_one_event_is_a_reference(text, reference):
    assert values(text, "reference") == [reference]


@pytest.mark.parametrize(
    "text",
    [
        "Reference 7F2A on my invoice",
        "Error 500, reference: 2026-01-04",
        "error id: ORA-12345",
        "error id E1004",
        "request identity was missing 12345678",
        "My member number is 12345678",
        "Error reference manual",
        "version 2.14.3 failed, reference v2.14.3",
    ],
)
def test_what_others_may_have_as_well_is_none(text):
    assert values(text, "reference") == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("7F2A", ["7f2a"]),
        ("Yes, reference 7F2A", ["7f2a"]),
        ("Ja: 3f2504e0-4f89-11d3-9a0c-0305e82c3301", [EVENT]),
        ("123456", ["123456"]),
        ("nein", []),
        ("It says 500", []),
        ("am 12.11.2026 um 10:30", []),
    ],
)
def test_the_answer_to_whether_there_is_a_reference_needs_no_word_for_it(answer, found):
    assert [one.value for one in of_parts(references=[answer])] == found


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("https://www.example.org/Claims/4711?tab=2#top", "/claims/#"),
        ("http://localhost:8000/claims/12/", "/claims/#"),
        ("portal.example.org/claims/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/claims/#"),
        ("/claims/9", "/claims/#"),
        ("https://example.org/app/#/claims/7?x=1", "/claims/#"),
        ("https://example.org", "/"),
        ("example.org/", "/"),
        ("Meine Rechnungen", "/meine rechnungen"),
        ("  ", ""),
    ],
)
def test_a_page_is_the_same_on_every_host_and_for_every_id(address, page):
    assert page_of(address) == page


@pytest.mark.parametrize(
    ("said", "line", "is_there"),
    [
        ("I get 'Your session is invalid' each time.", "Your session is invalid", True),
        ("Nach dem Anmelden: „Ihre Sitzung ist ungültig“, immer wieder", "Ihre Sitzung ist ungültig", True),
        ("A long story. " * 40 + "Then: your session\nis  invalid!", "Your session is invalid.", True),
        ("The upload 4711 was refused after 31 s", "The upload 12 was refused after 30 s", True),
        ('Column "born_on" is missing in the import', 'Column "plan" is missing in the import', True),
        ("ClaimsUnavailableException: pool exhausted after 30017 ms", "ClaimsUnavailableException", True),
        ("My session was fine, the amount is invalid.", "Your session is invalid", False),
        ("It says no.", "no", False),
        ("", "Your session is invalid", False),
    ],
)
def test_a_line_of_a_list_is_found_in_a_text_quoted_or_not(said, line, is_there):
    assert lines_in(said, [line]) == ((line,) if is_there else ())
