"""Mail: composed safely, carried by a real SMTP conversation."""

import email
import email.policy
from datetime import UTC, datetime

import pytest

from makegood.channels.base import Letter
from makegood.channels.mail.composing import BadLetter, compose, is_address
from makegood.channels.mail.outbox import Outbox
from makegood.channels.mail.smtp import Server, Smtp
from tests.sink import Sink


def letter(**changes):
    facts = {
        "to_email": "ana@example.org",
        "to_name": "Ana Álvarez",
        "subject": "We have your report [MG-1]",
        "text": "Thank you.",
        "html": "<p>Thank you.</p>",
        "rfc_id": "<abc123@desk.example>",
        "from_email": "help@desk.example",
        "from_name": "Fairfield Health",
    }
    return Letter(**{**facts, **changes})


def read(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_text_and_html_go_together_with_a_fixed_message_id():
    message = read(compose(letter(in_reply_to="<first@desk.example>"), now=datetime(2026, 1, 1, tzinfo=UTC)))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Message-ID"] == "<abc123@desk.example>"
    assert message["References"] == message["In-Reply-To"] == "<first@desk.example>"
    assert message["To"].addresses[0].display_name == "Ana Álvarez"


def test_automatic_mail_says_so_and_written_mail_does_not():
    assert read(compose(letter()))["Auto-Submitted"] == "auto-generated"
    assert read(compose(letter(submitted="")))["Auto-Submitted"] is None


@pytest.mark.parametrize("bad", ["Hi\r\nBcc: all@example.org", "Hi\nX: y", "a\x00b", "a\u2028Bcc: x@y.z"])
def test_no_header_can_be_smuggled_in(bad):
    message = read(compose(letter(subject=bad, to_name=bad, from_name=bad)))
    assert message["Bcc"] is None
    assert message["X"] is None
    assert "\n" not in message["Subject"]


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "ana",
        "a@b@c",
        "ana@example.org, ben@example.org",
        "ana@example.org\r\nBcc: x@y.z",
        "=?utf-8?q?x?= @y",
        f"ana@{'b' * 60}.{'c' * 200}.org",
    ],
)
def test_only_one_plain_address_is_written_to(bad):
    assert not is_address(bad)
    with pytest.raises(BadLetter):
        compose(letter(to_email=bad))


def test_the_embedded_outbox_counts_as_sent_but_refuses_broken_letters():
    assert Outbox().send(letter()).is_sent
    assert Outbox().send(letter(to_email="nobody")).is_final


@pytest.fixture
def sink():
    with Sink() as running:
        yield running


def test_two_letters_share_one_connection(sink):
    carrier = Smtp(sink.url)
    assert carrier.send(letter()).is_sent
    assert carrier.send(letter(rfc_id="<two@desk.example>")).is_sent
    carrier.close()
    assert [mail["Message-ID"] for mail in sink.mails] == ["<abc123@desk.example>", "<two@desk.example>"]
    assert len(sink.sessions) == 1


def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(sink):
    sink.answers = ["451 greylisted", "550 no such person"]
    carrier = Smtp(sink.url)
    now, good = carrier.send(letter()), carrier.send(letter())
    assert (now.is_sent, now.is_final, now.reason) == (False, False, "451 greylisted (at the end of DATA)")
    assert (good.is_sent, good.is_final, good.reason) == (False, True, "550 no such person (at the end of DATA)")
    assert carrier.send(letter()).is_sent


def test_a_server_that_is_away_is_tried_again():
    outcome = Smtp("smtp://127.0.0.1:9?tls=none").send(letter())
    assert (outcome.is_sent, outcome.is_final) == (False, False)


@pytest.mark.parametrize("url", ["mail.example.org", "http://x", "smtp://", "smtp://x?tls=maybe"])
def test_an_unusable_url_is_refused_in_words(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        Server.from_url(url)


def test_a_url_names_port_user_and_encryption():
    server = Server.from_url("smtp://me%40x:se%2Fcret@mail.example.org?tls=starttls")
    assert (server.port, server.user, server.password, server.tls) == (587, "me@x", "se/cret", "starttls")
    assert Server.from_url("smtps://mail.example.org").port == 465
