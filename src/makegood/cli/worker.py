"""The worker process."""

from __future__ import annotations

import argparse

from django.conf import settings

from makegood.cli.supervised import stop_with_supervisor
from makegood.config import env, logs
from makegood.doors.clock import worker
from makegood.doors.mailbox.opening import Door


def run(_given: argparse.Namespace) -> int:
    """`makegood worker`: do what is due until told to stop."""
    logs.set_up(env.read("MAKEGOOD_LOG"))
    stop_with_supervisor()
    with Door(env.address_to_listen_on(settings.SMTP_LISTEN)):
        return worker.Worker().run()
