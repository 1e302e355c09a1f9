"""What machines say is the same, whenever and wherever they say it."""

import time

import pytest

from makegood.lib.signatures import MAX_FRAMES, Signature, frame_of, normalised, of_parts, path_of, read


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
