"""Commands that look, say what to do, or make what follows from the rows: check, verify, search-rebuild, embed …"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.core import checks
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from makegood.channels.mail.signing import BadKey, Signer, domain_of
from makegood.config import checks as rules
from makegood.engine import files
from makegood.engine.similar import sentences
from makegood.life.insights import rolling
from makegood.life.post.models import IncomingMail
from makegood.life.problems import indexing_anew, known
from makegood.life.reports.models import Attachment, Mailbox
from makegood.life.searching import keeping


def check(_given: argparse.Namespace) -> int:
    """`makegood check`: each unsafe or missing setting with its remedy; exit code 1 if something must be changed."""
    found = checks.run_checks(include_deployment_checks=False)
    found += _embeddings() + (_database() or _mailboxes())
    for message in sorted(found, key=lambda m: -m.level):
        level = "must" if message.level >= checks.ERROR else "should"
        print(f"{level}  {message.msg}")
        if message.hint:
            print(f"      {message.hint}")
    for name, text in _records():
        print(f"dns   {name} TXT\n      {text}")
    errors = [message for message in found if message.level >= checks.ERROR]
    if not found:
        print("Everything is well.")
    return 1 if errors else 0


def _embeddings() -> list[checks.CheckMessage]:
    """What only loading the sentence model tells; what is missing was told by ``rules``."""
    if not sentences.is_wanted(sentences.folder()) or rules.embeddings():
        return []
    try:
        sentences.load(sentences.folder())
    except sentences.Unusable as trouble:
        return [checks.Warning(f"Likeness goes by words alone: {trouble}", hint=trouble.hint, id="makegood.W071")]
    return []


def _records() -> list[tuple[str, str]]:
    """What the DNS must say so that others can check our signatures: one record for each domain we write from."""
    try:
        signer = Signer.from_setting(settings.DKIM)
    except BadKey:
        return []  # told above
    addresses = [settings.DESK_EMAIL]
    with suppress(Error):  # told above: the database cannot be used, or is not prepared
        addresses += Mailbox.objects.filter(is_active=True).values_list("address", flat=True)
    return [signer.record(domain) for domain in sorted({domain_of(one) for one in addresses})] if signer else []


def _database() -> list[checks.CheckMessage]:
    try:
        if wrong := _encoding():
            return [wrong]
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as trouble:
        hint = "Check DATABASE_URL and that the server runs and knows this user."
        return [checks.Error(f"The database cannot be used: {trouble}".strip(), hint=hint, id="makegood.E101")]
    if missing:
        hint = "Run: makegood prepare (serve does it by itself)."
        return [checks.Warning(f"{len(missing)} changes of the database are missing.", hint=hint, id="makegood.W101")]
    return []


def _encoding() -> checks.CheckMessage | None:
    """What is wrong with how the database writes letters: only UTF-8 has all of them."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
    if encoding == "UTF8":
        return None
    hint = "Create it anew: createdb --encoding UTF8 --template template0 makegood."
    return checks.Error(f"The database is encoded in {encoding}; Makegood needs UTF8.", hint=hint, id="makegood.E102")


def _mailboxes() -> list[checks.CheckMessage]:
    """Mailboxes whose passwords or mails go in the clear, or that cannot tell a forged sender from a true one."""
    found: list[checks.CheckMessage] = []
    for box in Mailbox.objects.filter(is_active=True).order_by("address"):
        if box.kind == "imap" and box.tls == "none" and not rules.is_loopback(box.host):
            hint = f"Choose TLS for it in the console: Set-up, Mailboxes, {box.address}."
            found.append(checks.Warning(f"{box.address} is read without encryption.", hint=hint, id="makegood.W052"))
        if box.kind == "smtp" and not settings.SMTP_LISTEN:
            hint = "Set MAKEGOOD_SMTP_LISTEN=127.0.0.1:2525, or set the mailbox up in another way."
            found.append(checks.Warning(f"No mail can reach {box.address}.", hint=hint, id="makegood.W053"))
        if not box.authserv_id:
            hint = "Name your mail server for it in the console (docs/operate/mail.md says how to find the name)."
            said = f"No sender who writes to {box.address} is ever held to be true."
            found.append(checks.Warning(said, hint=hint, id="makegood.W054"))
    return found


def verify(_given: argparse.Namespace) -> int:
    """`makegood verify`: every stored file against its checksum; exit code 1 if one is missing or damaged."""
    total = Attachment.objects.count() + IncomingMail.objects.count()
    wrong = list(_wrong_files())
    for line in wrong:
        print(line)
    print(f"{total} files looked at, {len(wrong)} missing or damaged.")
    if wrong:
        print("Fetch them from a backup: files/ in it has the same layout.", file=sys.stderr)
    return 1 if wrong else 0


def _wrong_files() -> Iterator[str]:
    # Without a key there are no bytes any more: they were erased.
    there = Attachment.objects.exclude(storage_key="").select_related("report")
    rows = {a.storage_key: a for a in there.iterator()}
    for key, what in files.verify((key, a.sha256) for key, a in rows.items()):
        one = rows[key]
        yield f"{what}: {one.report or 'no report'} {one.name} ({files.path_of(key)})"
    kept = IncomingMail.objects.exclude(storage_key="").only("storage_key", "sha256", "sender")
    mails = {mail.storage_key: mail for mail in kept.iterator()}
    for key, what in files.verify((key, mail.sha256) for key, mail in mails.items()):
        yield f"{what}: mail from {mails[key].sender or 'nobody'} ({files.path_of(key)})"


def rebuild_search(given: argparse.Namespace) -> int:
    """`makegood search-rebuild`: everything that can be found, and what is like what, is put into the indexes anew."""
    if given.only != "likeness":
        for kind, number in keeping.index_all(now=timezone.now()).items():
            print(f"{number:>9,} {_PLURAL.get(kind, kind)}")
        print("The worker reads the words of files that are not there yet.")
    return 0 if given.only == "words" else _rebuild_likeness(given.after)


def _rebuild_likeness(after: str) -> int:
    """Step by step. Stopped, it says how to go on."""
    number = after.upper().removeprefix("MG-")
    if not number.isdigit():
        print(f"--after takes the number of a report, such as MG-1042, not {after}.", file=sys.stderr)
        return 2
    done, last = 0, int(number)
    steps = indexing_anew.index_again(after=last)
    try:
        for done, last in steps:
            print(f"{done:>9,} compared anew, up to MG-{last}", end="\r", flush=True)
    except KeyboardInterrupt:
        go_on = f"makegood search-rebuild --only likeness --after MG-{last}"
        print(f"\nStopped. What is done stays, and everything can be asked. Go on: {go_on}", file=sys.stderr)
        return 130
    print(f"{done:>9,} compared anew            ")
    if sentences.model() is not None:
        print("The sentence model reads what is new to it: makegood embed")
    return 0


def embed(_given: argparse.Namespace) -> int:
    """`makegood embed`: the sentence model reads what it has not read yet, the newest first."""
    if sentences.model() is None:
        wanted = sentences.is_wanted(sentences.folder())
        why = "cannot be used: makegood check says why" if wanted else f"is not there: put it into {sentences.folder()}"
        print(f"The sentence model {why}.", file=sys.stderr)
        return 1
    done = 0
    for done in known.understand_all():
        print(f"{done:>9,} read for what they mean", end="\r", flush=True)
    print(f"{done:>9,} read for what they mean")
    return 0


def rebuild_insights(_given: argparse.Namespace) -> int:
    """`makegood insights-rebuild`: every day's tallies are counted anew from the rows."""
    print(f"{rolling.rebuild(timezone.now()):>9,} days counted")
    return 0


_PLURAL = {"report": "reports", "file": "files", "problem": "problems", "contact": "contacts"}
_PLURAL |= {"organisation": "organisations", "agent": "colleagues"}
