"""Only the topmost Authentication-Results of our own server makes a sender verified."""

import pytest

from makegood.lib.mail import parse
from tests.corpus.mails.case import mail

OURS = "mx.fairfield.example"


def verified(*results: str, sender: str = "Ana <ana@example.org>", trusted: str = OURS) -> str:
    top = "".join(f"Authentication-Results: {one}\r\n" for one in results).encode()
    return parse(top + mail("x", sender=sender), trusted=trusted).verified_domain


@pytest.mark.parametrize(
    "result",
    [
        f"{OURS}; dmarc=pass header.from=example.org",
        f"{OURS.upper()}; DMARC=Pass Header.From=Example.org",
        f"{OURS}; spf=pass smtp.mailfrom=x.example; dkim=pass; dmarc=pass (p=reject) header.from=example.org",
        f"{OURS} 1;\r\n\tdmarc=pass (p=none sp=none (nested; dis=none)) header.from=example.org",
        f"{OURS};dmarc = pass policy.dmarc=none header . from = example.org;spf=none",
        f'{OURS}; dmarc=pass header.from="example.org"',
        f'{OURS}; dkim=fail reason="a; b (c"; dmarc=pass header.from=example.org',
        f"(comment) {OURS}; dmarc=pass header.from=example.org",
    ],
)
def test_our_server_s_pass_for_the_from_domain_counts(result):
    assert verified(result) == "example.org"


@pytest.mark.parametrize(
    "result",
    [
        "mx.evil.example; dmarc=pass header.from=example.org",
        f"{OURS}.evil.example; dmarc=pass header.from=example.org",
        f"evil{OURS}; dmarc=pass header.from=example.org",
        f"{OURS}; dmarc=fail header.from=example.org",
        f"{OURS}; dmarc=passed header.from=example.org",
        f"{OURS}; dmarc=pass header.from=evil.example",
        f"{OURS}; dmarc=pass header.from=sub.example.org",
        f"{OURS}; dmarc=pass",
        f"{OURS}; dmarc=pass header.from=evil.example header.from=example.org",
        f"{OURS}; dmarc=fail header.from=example.org; dmarc=pass header.from=example.org",
        f"{OURS}; spf=pass (dmarc=pass header.from=example.org)",
        f'{OURS}; spf=pass reason="; dmarc=pass header.from=example.org"',
        f"{OURS}; (; dmarc=pass header.from=example.org",
        f"{OURS}; arc=pass; dkim=pass header.d=example.org",
        f"{OURS} 2; dmarc=pass header.from=example.org",
        f"{OURS}; none",
        "; dmarc=pass header.from=example.org",
        "",
    ],
)
def test_nothing_else_does(result):
    assert verified(result) == ""


def test_a_header_below_ours_counts_for_nothing():
    forged = f"{OURS}; dmarc=pass header.from=example.org"
    assert verified(f"{OURS}; dmarc=fail header.from=example.org", forged) == ""
    assert verified("mx.elsewhere.example; spf=pass", forged) == ""


def test_without_a_trusted_server_nobody_is_verified():
    assert verified("; dmarc=pass header.from=example.org", trusted="") == ""
    assert verified(f"{OURS}; dmarc=pass header.from=example.org", trusted="") == ""


def test_several_senders_are_never_verified():
    result = f"{OURS}; dmarc=pass header.from=example.org"
    assert verified(result, sender="Ana <ana@example.org>, Eve <eve@example.org>") == ""
