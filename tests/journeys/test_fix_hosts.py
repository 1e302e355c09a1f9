"""The three hosts and a real git repository, from the first change to a word to everybody, in a browser."""

import json
import re
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from makegood.life.problems import actions
from makegood.life.problems.models import Problem
from tests.corpus.hooks.recorded.stories import STORIES
from tests.doors.api.test_incoming import Sender
from tests.life.announcements.crowd import hit
from tests.life.case import work
from tests.life.fixes.test_reading import Tree

pytestmark = pytest.mark.journey


def work_off():
    work(datetime.now(UTC) + timedelta(seconds=3))


class Host(Sender):
    """A git host that reaches us over the network."""

    def post_to(self, site, event, payload):
        self.number += 1
        body = json.dumps(payload).encode()
        headers = {**self.headers(event, body, f"id-{self.number}"), "Content-Type": "application/json"}
        request = urllib.request.Request(f"{site}/hooks/in/{self.repository.key}/", body, headers)
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 202


@pytest.mark.parametrize("host", ["github", "gitlab", "gitea"])
def test_what_a_host_tells_carries_the_fix_to_the_customers(signed_in, site, desk, host):
    """In bodies they recorded; Gitea knows no deployments, so it ends with the release."""
    now = timezone.now()
    one = actions.open_problem("Claims cannot be saved", by=desk.eve.actor, at=now)
    sender = Host(desk, host, now, main_branch="master")
    story, version, state = STORIES[host]
    page = signed_in("eve")
    page.goto(f"/console/problems/{one.number}/")
    fix = page.locator("#fix")
    fix.get_by_text(f"“Fixes {one.number}” ties itself").wait_for()
    bodies = story(one.number)
    for event, payload in bodies[:2]:
        sender.post_to(site, event, payload)
    work_off()
    fix.get_by_text("not merged yet").or_(fix.get_by_text("merged, in no release yet")).first.wait_for()
    for event, payload in bodies[2:]:
        sender.post_to(site, event, payload)
    work_off()
    fix.get_by_text(f"in {version}").first.wait_for()
    if host == "gitea":
        fix.get_by_text("No deployment was told yet.").wait_for()
    else:
        fix.get_by_text("has it since").wait_for()
        fix.get_by_text(f"Tested on {version}").wait_for()
    assert Problem.objects.get(pk=one.pk).state == state


def test_a_real_repository_a_check_that_fails_and_a_word_on_somebodys_name(signed_in, site, desk, tmp_path, settings):
    settings.GIT_FOLDERS = [str(tmp_path)]
    now = timezone.now()
    one = actions.open_problem("Claims cannot be saved", by=desk.eve.actor, at=now)
    for name in ("Ana", "Ben"):
        hit(one, name, now, by=desk.emil.actor)
    tree = Tree(tmp_path / "portal")
    tree.moment = now - timedelta(hours=1)
    tree.commit("Begin")
    tree("tag", "v1.3")

    page = signed_in("ada")
    page.goto("/console/setup/repositories/add/")
    page.get_by_label("Name", exact=True).fill("portal")
    page.get_by_label("Where it is kept").select_option("git")
    page.get_by_label("Folder on this server").fill(str(tree.path))
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="Read now").click()
    work_off()

    page = signed_in("eve")
    page.goto(f"/console/problems/{one.number}/")
    fix = page.locator("#fix")
    tree("checkout", "-q", "-b", "fix/claims")
    tree.commit(f"A full disk is noticed\n\nFixes {one.number}")
    tree("checkout", "-q", "main")
    tree.commit("Other work")
    tree("tag", "v1.4")
    tree("merge", "-q", "--no-ff", "-m", "Merge the fix", "fix/claims")
    tree("tag", "-a", "-m", "Release", "v1.5")
    admin = signed_in("ada")
    admin.goto("/console/setup/repositories/")
    admin.get_by_role("link", name="portal").click()
    admin.get_by_role("button", name="Read now").click()
    work_off()
    fix.get_by_text("by the history of the repository").wait_for()
    fix.get_by_text("in v1.5").first.wait_for()

    words = fix.get_by_label("What is to be checked?")
    words.fill("Save a claim twice")
    words.press("Enter")
    fix.get_by_text("Nobody has checked “Save a claim twice”.").wait_for()
    page.get_by_label("Note on “Save a claim twice”").fill("Only the first is there.")
    page.get_by_role("button", name=re.compile("^Does not work")).click()
    fix.get_by_text("Only the first is there.").wait_for()
    expect(fix.locator("#fix-list").locator("..")).to_contain_text("Eve Eriksen")
    expect(fix).to_contain_text("“Save a claim twice” was checked and does not work.")

    lead = signed_in("emil")
    lead.goto(f"/console/problems/{one.number}/")
    lead.get_by_role("link", name="Tell everybody").click()
    lead.get_by_role("link", name="It is fixed").click()
    lead.locator("#text-en").fill("Hello {{ first_name }},\n\nsaving a claim works again.")
    lead.locator("#text-de").fill("Guten Tag {{ first_name }},\n\nes geht wieder.")
    lead.get_by_role("button", name="Save and look at it").click()
    expect(lead.get_by_text("“Save a claim twice” was checked and does not work.")).to_be_visible()
    send = lead.get_by_role("button", name="Send it to all of them")
    lead.locator("#send-count").fill("2")
    send.click()
    expect(lead.get_by_text("Write the cause and the fix down on the problem first")).to_be_visible()
    known = Problem.objects.get(pk=one.pk)
    actions.edit(known, by=desk.eve.actor, at=timezone.now(), cause="A full disk.", fix="It is noticed before.")
    lead.locator("#send-count").fill("2")
    send.click()
    expect(lead.locator("#send-reason-error")).to_be_visible()
    lead.locator("#send-reason").fill("The second one is another fault.")
    lead.locator("#send-count").fill("2")
    send.click()
    expect(lead.get_by_text("Emil Ek: The second one is another fault.")).to_be_visible()
    page.reload()
    fix.get_by_text("on the word of Emil Ek: “The second one is another fault.”").wait_for()
