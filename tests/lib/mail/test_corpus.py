"""Every mail of the corpus is read as a careful person would read it."""

from functools import reduce

import pytest

from makegood.lib.mail import parse
from tests.corpus.mails import CASES


def test_no_two_mails_of_the_corpus_have_one_name():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_mail_is_read(case):
    mail = parse(case.raw)
    found = {name: _value(mail, name) for name in case.expected}
    assert found == case.expected
    assert [words for words in case.has if words not in mail.body] == []
    assert [words for words in case.lacks if words in mail.body] == []


@pytest.mark.parametrize("case", [case for case in CASES if case.expected.get("body")], ids=str)
def test_every_new_word_is_in_the_whole_text_too(case):
    """What is stripped is stripped from the body alone; the whole text is one click away."""
    mail = parse(case.raw)
    whole = "".join(mail.full_text.split())
    lost = [line for line in mail.body.split("\n") if "".join(line.split()) not in whole]
    assert lost == []


@pytest.mark.parametrize("case", [case for case in CASES if case.raw[:5] == b"From:" and b"\n" in case.raw], ids=str)
def test_what_servers_put_on_top_changes_nothing(case):
    moved = b"Received: from a by b; Wed, 5 Jun 2024 11:00:00 +0200\r\nX-Spam: no\r\n" + case.raw
    assert parse(moved) == parse(case.raw)


def _value(mail, name):
    if name == "attachments":
        return tuple(part.name for part in mail.attachments)
    return reduce(getattr, name.split("."), mail)
