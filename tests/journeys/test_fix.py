"""From a webhook to a tested fix: what a host tells appears on the open page; the list is checked by keyboard."""

import hashlib
import hmac
import json
import re
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from makegood.life.fixes import repositories
from makegood.life.problems import actions, states
from makegood.life.problems.models import Problem
from tests.corpus.hooks import github
from tests.life.case import work

pytestmark = pytest.mark.journey
NEW, MERGE = "1" * 40, "3" * 40


def send(site, place, secret, event, payload):
    """As GitHub does it: over the network, signed."""
    body = json.dumps(payload).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": hashlib.sha1(body).hexdigest(),
        "X-Hub-Signature-256": f"sha256={digest}",
    }
    request = urllib.request.Request(f"{site}/hooks/in/{place.key}/", body, headers)
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 202
    work(datetime.now(UTC) + timedelta(seconds=1))


def test_a_fix_is_told_released_deployed_and_checked(signed_in, site, desk, check_axe):
    now = timezone.now()
    one = actions.open_problem("Claims cannot be saved", by=desk.eve.actor, at=now)
    place, secret = repositories.add(name="portal", provider="github", by=desk.ada.actor, at=now)
    page = signed_in("eve")
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/console/problems/{one.number}/")
    fix = page.locator("#fix")
    fix.get_by_text(f"“Fixes {one.number}” ties itself").wait_for()

    def told(event, payload):
        send(site, place, secret, event, payload)

    told("push", github.push("0" * 40, NEW, github.commit(NEW, f"Pool is larger. Fixes {one.number}")))
    fix.get_by_text("not merged yet").or_(fix.get_by_text("merged, in no release yet")).first.wait_for()
    told("pull_request", github.pull_request(7, "Pool", f"Fixes {one.number}", merged=MERGE, state="closed"))
    fix.get_by_text("!7").first.wait_for()
    told("push", github.push(NEW, MERGE, github.commit(MERGE, "Merge")))
    told("push", github.push("0" * 40, "f" * 40, github.commit(MERGE, "Merge"), ref="refs/tags/v1.4"))
    fix.get_by_text("in v1.4").first.wait_for()
    told("workflow_run", github.workflow_run(MERGE))
    told("deployment_status", github.deployment_status(MERGE))
    fix.get_by_text("has it since").wait_for()
    fix.get_by_text("Tested on v1.4").wait_for()
    assert Problem.objects.get(pk=one.pk).state == states.WATCHING

    # By keyboard: a line on the list, checked.
    words = fix.get_by_label("What is to be checked?")
    words.fill("Save a claim twice")
    words.press("Enter")
    fix.get_by_text("Nobody has checked “Save a claim twice”.").wait_for()
    page.get_by_label("Note on “Save a claim twice”").fill("Both are there.")
    page.get_by_role("button", name=re.compile("^Works")).press("Enter")
    fix.get_by_text("Tested on v1.4").wait_for()
    fix.get_by_text("Eve Eriksen").first.wait_for()
    check_axe(page)
