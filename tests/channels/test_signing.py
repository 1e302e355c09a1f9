"""Mail signed with DKIM: others can check it with what the DNS says, and nobody can change it unseen."""

from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from makegood.channels.mail.composing import compose
from makegood.channels.mail.signing import BadKey, Signer
from makegood.channels.mail.smtp import Smtp
from tests.channels.test_mail import letter
from tests.sink import Sink


def write_key(folder, key, name="key.pem"):
    path = folder / name
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def signer(key, tmp_path):
    return Signer.from_setting(f"mg1:{write_key(tmp_path, key)}")


def published(signer, domain="desk.example"):
    """What a name server would say."""
    name, text = signer.record(domain)
    return lambda asked, timeout=5: text.encode() if asked.decode().rstrip(".") == name else b""


def test_a_signed_mail_can_be_checked_with_what_the_dns_says(signer):
    with Sink() as sink:
        carrier = Smtp(sink.url, signer=signer)
        assert carrier.send(letter(reply_to="help+rabc@desk.example", text=".\n" * 3 + "Grüße")).is_sent
        carrier.close()
    assert b"DKIM-Signature" in sink.raw[0]
    assert dkim.verify(sink.raw[0], dnsfunc=published(signer))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Thank you.", b"Thank me."),
        (b"To: ", b"To: evil@x.example, "),
        (b"Reply-To: help", b"Reply-To: evil"),
        (b"Subject: ", b"Subject: Urgent: "),
    ],
)
def test_a_change_on_the_way_shows(signer, old, new):
    wire = signer.sign(compose(letter(reply_to="help+rabc@desk.example")), "help@desk.example")
    assert dkim.verify(wire, dnsfunc=published(signer))
    assert old in wire
    assert not dkim.verify(wire.replace(old, new, 1), dnsfunc=published(signer))


def test_no_second_reply_to_can_be_added(signer):
    wire = signer.sign(compose(letter(reply_to="help+rabc@desk.example")), "help@desk.example")
    assert not dkim.verify(b"Reply-To: evil@x.example\r\n" + wire, dnsfunc=published(signer))


def test_the_domain_is_that_of_the_sender(signer):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    wire = signer.sign(compose(letter(from_email="care@Clinic.example"), now=now), "care@Clinic.example")
    assert b"d=clinic.example" in wire
    assert dkim.verify(wire, dnsfunc=published(signer, "clinic.example"))


def test_without_a_setting_nothing_is_signed():
    assert Signer.from_setting("") is None


def test_what_cannot_be_used_is_refused_in_words(tmp_path, key):
    small = write_key(tmp_path, ec.generate_private_key(ec.SECP256R1()), "ec.pem")
    (tmp_path / "no.pem").write_text("not a key")
    for setting, words in [
        ("mg1", "selector:/path"),
        (f"bad selector:{tmp_path}/key.pem", "selector:/path"),
        (f"mg1:{tmp_path}/absent.pem", "cannot be read"),
        (f"mg1:{tmp_path}/no.pem", "no private key"),
        (f"mg1:{small}", "RSA key"),
    ]:
        with pytest.raises(BadKey, match=words):
            Signer.from_setting(setting)
