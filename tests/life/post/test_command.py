"""`makegood mail` as operators and mail servers call it: real processes on a data directory nobody has prepared."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from makegood.cli import mail as command
from tests.life.post.mails import OUR_MX, mail
from tests.product import Product

KEYS = [
    "file",
    "outcome",
    "report",
    "reopened",
    "sender",
    "sender_name",
    "subject",
    "body",
    "attachments",
    "outbound",
    "outbound_to",
    "linked_to",
    "participants_added",
    "error",
]
# As before an update that brings new tables. Making all of them from nothing would take half a minute here, and is
# looked at where a backup is restored.
BEHIND = """
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
with connection.schema_editor() as tables:
    for model in apps.get_app_config("transfer").get_models():
        tables.delete_model(model)
MigrationRecorder(connection).migration_qs.filter(app="transfer").delete()
"""
IS_UP_TO_DATE = "from makegood.life.transfer.models import ImportedRow; print(ImportedRow.objects.count())"


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    with Product(tmp_path_factory.mktemp("desk")) as one:
        yield one


@pytest.fixture
def behind(tmp_path):
    folder = tmp_path / "behind"
    folder.mkdir()
    with Product(folder) as one:
        one.ask(BEHIND)
        yield one


def ingest(product, *words, given=None):
    """As called for files; started anew where they are ``given`` on standard input."""
    words = ["mail", "ingest", "--json", *map(str, words)]
    if given is None:
        done = product.run(*words, check=False)
        code, said = done.returncode, done.stdout
    else:
        done = subprocess.run(
            [sys.executable, "-m", "makegood", *words], env=product.environment, input=given, capture_output=True
        )
        code, said = done.returncode, done.stdout.decode()
    return code, [json.loads(line) for line in said.splitlines() if line.startswith("{")]


def test_a_directory_nobody_prepared_a_file_and_the_story_that_follows(behind, tmp_path):
    first, answer, bad = tmp_path / "1.eml", tmp_path / "2.eml", tmp_path / "3.eml"
    first.write_bytes(
        mail(
            "Die Seite ist weiß.\n\n-- \nZoë\n",
            sender="Zoë Maier <zoe@x.example>",
            subject="Re: Weiße Seite",
            message_id="<first@x.example>",
            Cc="Yan <yan@y.example>",
            files=[("log.txt", "text/plain", b"trace")],
        )
    )
    code, told = ingest(behind, first)
    assert code == 0
    assert behind.ask(IS_UP_TO_DATE) == "0"
    (one,) = told
    assert list(one) == KEYS
    assert one | {"file": ""} == {
        "file": "",
        "outcome": "new_report",
        "report": "MG-1",
        "reopened": False,
        "sender": "zoe@x.example",
        "sender_name": "Zoë Maier",
        "subject": "Re: Weiße Seite",
        "body": "Die Seite ist weiß.",
        "attachments": ["log.txt"],
        "outbound": 1,
        "outbound_to": ["zoe@x.example"],
        "linked_to": None,
        "participants_added": ["yan@y.example"],
        "error": None,
    }
    answer.write_bytes(
        mail("More.", sender="zoe@x.example", subject="Re: x", In_Reply_To="<first@x.example>", is_verified=True)
    )
    bad.write_bytes(b"From: a@b.example\r\nX-Long: " + b"y" * 30_000_000 + b"\r\n\r\nwords")
    code, told = ingest(behind, bad, tmp_path / "missing.eml", answer, first, "--authserv-id", OUR_MX)
    assert code == 1
    assert [(one["outcome"], one["report"], one["outbound"]) for one in told] == [
        ("quarantined", None, 0),
        (None, None, 0),
        ("append", "MG-1", 0),
        ("duplicate", "MG-1", 0),
    ]
    assert [bool(one["error"]) for one in told] == [True, True, False, False]


def test_without_a_name_for_our_server_nobody_is_proved(product, tmp_path):
    first = tmp_path / "first.eml"
    first.write_bytes(mail("It is white.", sender="zoe@x.example", message_id="<zoe@x.example>"))
    number = ingest(product, first)[1][0]["report"]
    raw = mail("Forged.", sender="zoe@x.example", subject=f"[{number}]", is_verified=True)
    code, told = ingest(product, "-", given=raw)
    assert number.startswith("MG-")
    assert (code, told[0]["file"], told[0]["outcome"], told[0]["linked_to"]) == (0, "-", "new_report", number)


def test_an_mbox_holds_many(product, tmp_path):
    box = tmp_path / "box"
    parts = [mail(f"Number {n}\n\n>From the start.\n", sender=f"p{n}@z.example") for n in range(3)]
    box.write_bytes(b"".join(b"From p@z.example Mon Nov 16 09:00:00 2026\n" + one + b"\n" for one in parts))
    code, told = ingest(product, box)
    assert code == 0
    assert [one["sender"] for one in told] == ["p0@z.example", "p1@z.example", "p2@z.example"]
    assert told[1]["file"] == f"{box}:2"
    assert told[1]["body"] == "Number 1\n\nFrom the start."


def pipe(product, raw, *words, **environ):
    return subprocess.run(
        [sys.executable, "-m", "makegood", "mail", "in", *words],
        env={**product.environment, **environ},
        input=raw,
        capture_output=True,
    )


def test_the_pipe_keeps_and_leaves_filing_to_the_worker(product):
    product.run("prepare")
    done = pipe(product, mail("Piped."), SENDER="ana@example.org", RECIPIENT="help@fairfield.example", EXTENSION="rabc")
    assert (done.returncode, done.stdout) == (0, b"")
    asked = (
        "from makegood.life.post.models import IncomingMail as M; r = M.objects.latest('id');"
        "print(r.source, r.envelope_from, r.envelope_to, r.outcome == '')"
    )
    assert product.ask(asked) == "pipe ana@example.org ['help+rabc@fairfield.example'] True"


@pytest.mark.parametrize(
    "broken",
    [
        {"MAKEGOOD_MAIL_PER_HOUR": "many"},
        {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"},
        {"MAKEGOOD_DATA_DIR": "/proc/nowhere"},
    ],
)
def test_whatever_is_wrong_with_us_the_mail_server_tries_again(product, broken):
    assert pipe(product, mail("Keep me."), **broken).returncode == 75


def test_an_unknown_mailbox_is_our_mistake_too(product):
    assert pipe(product, mail(), "--mailbox", "nowhere").returncode == 75


def test_options_come_before_the_environment():
    class Given:
        envelope_from, to, mailbox = "<>", ["a@b.example"], ""

    found = command.envelope(Given, {"SENDER": "x@y.example", "RECIPIENT": "c@d.example"})
    assert found == {"sender": "", "recipients": ["a@b.example"], "slug": ""}
    Given.envelope_from, Given.to = None, None
    assert command.envelope(Given, {"SENDER": "", "RECIPIENT": "c+t@d.example", "EXTENSION": "t"}) == {
        "sender": "",
        "recipients": ["c+t@d.example"],
        "slug": "",
    }
    assert os.environ.get("RECIPIENT") is None


def test_verify_looks_at_raw_mails_too(product):
    pipe(product, mail("Verified.", sender="vera@x.example"))
    asked = (
        "from makegood.life.post.models import IncomingMail as M; from makegood.engine import files;"
        "print(files.path_of(M.objects.latest('id').storage_key))"
    )
    path = Path(product.ask(asked))
    assert "0 missing or damaged" in product.run("verify").stdout
    path.write_bytes(b"other bytes")
    done = product.run("verify", check=False)
    assert done.returncode == 1
    assert f"damaged: mail from nobody ({path})" in done.stdout
