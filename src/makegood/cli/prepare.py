"""Before serving: database up to date, demo data where wanted, and a word about where things are."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from makegood import demo
from makegood.config import checks as rules
from makegood.demo import people
from makegood.life.beginning import begin
from makegood.life.people.models import Agent
from makegood.life.reports import staff


def run(given: argparse.Namespace) -> int:
    """`makegood prepare`: also what serve and demo do first."""
    if not _settings_are_usable():
        return 1
    migrate()
    if given.demo:
        _seed_if_empty(timezone.now())
    begin(timezone.now())
    _tell(given)
    return 0


def _settings_are_usable() -> bool:
    """Say what is wrong with the settings and whether one can start."""
    found = [message for message in checks.run_checks(tags=[rules.TAG]) if message.level >= checks.ERROR]
    for message in found:
        print(f"{message.msg}\n  {message.hint or ''}", file=sys.stderr)
    return not found


def migrate() -> None:
    """Apply what is missing. Asking first is four times as fast as letting migrate find nothing to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def _seed_if_empty(now: datetime) -> None:
    if Agent.objects.exists():
        return
    print("Writing the demo desk (once) …", flush=True)
    with transaction.atomic():
        demo.seed(now)


def setup_link(_given: argparse.Namespace) -> int:
    """`makegood setup-link`: a fresh link for the first admin; refused once somebody can sign in."""
    try:
        print(_welcome(staff.first_admin_link(at=timezone.now())))
    except staff.NotAllowed as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _welcome(token: str) -> str:
    return f"{settings.BASE_URL}/console/welcome/{token}/"


def _tell(given: argparse.Namespace) -> None:
    here = f"http://{given.host}:{given.port}"
    mail = "goes to your SMTP server" if settings.SMTP_URL else "stays in the outbox (console → Mail)"
    lines = [
        "",
        f"Makegood serves {settings.DESK_NAME}",
        f"  Report an error   {here}/",
        f"  Console           {here}/console/",
        f"  Data lies in      {settings.DATA_DIR}",
        f"  Database          {'PostgreSQL' if connection.vendor == 'postgresql' else 'SQLite'}",
        f"  Mail              {mail}",
    ]
    if given.demo:
        lines += _demo_logins()
    elif not Agent.objects.exists():
        hours = staff.VALID_FOR["setup"].total_seconds() / 3600
        lines += [
            "",
            f"  Make the first admin here, within {hours:g} hours (anew: makegood setup-link):",
            f"  {_welcome(staff.first_admin_link(at=timezone.now()))}",
        ]
    print("\n".join([*lines, ""]), flush=True)


def _demo_logins() -> list[str]:
    """One login for each role."""
    logins: dict[str, str] = {}
    for name, role, _teams in people.STAFF:
        logins.setdefault(role, people.email_of(name))
    width = max(map(len, logins))
    lines = [f"    {role:<{width}}  {email}" for role, email in logins.items()]
    return ["", f"  Sign in as, with the password {people.PASSWORD}", *lines]
