"""An issue stands for a problem in a tracker: opened once, kept in step, its comments for us alone."""

import re
from datetime import timedelta

import pytest

from makegood.channels.tracking import Trouble
from makegood.life.fixes import keeping_step, trackers
from makegood.life.fixes.models import Tracker, TrackerIssue, TrackerWord
from makegood.life.people.actors import SYSTEM
from makegood.life.problems import actions, membership, states
from makegood.life.problems.models import Problem, ProblemNote
from makegood.life.reports.models import LedgerEntry
from makegood.life.searching import kinds
from tests.life.case import file_report, work
from tests.life.fixes.story import problem
from tests.remote import Remote

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["github", "gitlab", "jira", "jira cloud"])
def world(request, cast, monday, httpserver, settings, monkeypatch):
    """A tracker of each kind, a problem, and the server that keeps its issues."""
    allowed = ["localhost", "127.0.0.1"]
    settings.PRIVATE_HOOKS = allowed
    kind = request.param.split()[0]
    remote = Remote(httpserver, kind, is_cloud="cloud" in request.param)
    tracker = trackers.add(
        name="Tracker",
        kind=kind,
        base_url=httpserver.url_for("").rstrip("/"),
        project="company/portal",
        token="s3cret",
        user="eve@fairfield.example" if remote.is_cloud else "",
        by=cast.ada.actor,
        at=monday,
    )
    return tracker, problem(cast), remote


def opened(world, cast, at):
    tracker, one, _remote = world
    title, body = trackers.draft(one)
    issue = trackers.open_issue(one, tracker, by=cast.eve.actor, at=at, title=title, body=body)
    keeping_step.work({"issue": issue.pk}, at)
    issue.refresh_from_db()
    return issue


def step(issue, at):
    keeping_step.work({"issue": issue.pk}, at)
    issue.refresh_from_db()


def fresh(one):
    return Problem.objects.get(pk=one.pk)


def test_an_issue_is_opened_once_with_a_link_back_and_no_words_of_reporters(world, cast, monday):
    tracker, one, remote = world
    report = file_report(cast, monday)
    membership.join(one, report, by=cast.dora.actor, at=monday)
    actions.edit(fresh(one), by=cast.eve.actor, at=monday, symptom="The page stays white.", signatures=["E-42"])
    world = tracker, fresh(one), remote
    issue = opened(world, cast, monday)
    assert opened(world, cast, monday + MINUTE) == issue
    (there,) = remote.issues.values()
    assert there["title"] == f"{one.number}: {one.title}"
    for words in ("The page stays white.", "E-42", f"/console/problems/{one.number}/"):
        assert words in there["text"]
    for words in ("Ana", "ana@example.org", "The claims page shows error 500."):
        assert words not in there["text"]
    assert issue.state == "opened"
    assert LedgerEntry.objects.filter(about=one.about, kind="tracker.opened").count() == 1


def test_a_try_that_broke_off_is_not_made_twice(world, cast, monday, monkeypatch):
    tracker, one, remote = world
    issue = trackers.open_issue(one, tracker, by=cast.eve.actor, at=monday, title="Title", body="Text")
    save = TrackerIssue.save

    def die(self, *args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(TrackerIssue, "save", die)
    with pytest.raises(KeyboardInterrupt):
        step(issue, monday)
    monkeypatch.setattr(TrackerIssue, "save", save)
    step(issue, monday + MINUTE)
    assert len(remote.issues) == 1
    assert issue.state == "opened"


def test_an_issue_of_a_type_that_is_not_there_says_so_and_is_opened_once_that_is_put_right(world, cast, monday):
    tracker, one, remote = world
    if remote.kind != "jira":
        pytest.skip("Only issues in Jira are of a type.")
    trackers.change(tracker, issue_type="Incident", by=cast.ada.actor, at=monday)
    issue = opened(world, cast, monday)
    assert (issue.state, "no issues of the type “Incident”" in issue.reason) == ("failed", True)
    trackers.change(tracker, issue_type="Task", by=cast.ada.actor, at=monday)
    assert opened(world, cast, monday + MINUTE).state == "opened"


def test_titles_follow_one_another(world, cast, monday):
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    actions.edit(fresh(one), by=cast.eve.actor, at=monday, title="The claims page is down")
    step(issue, monday + MINUTE)
    assert remote.issues[1]["title"] == f"{one.number}: The claims page is down"
    remote.issues[1]["title"] = f"{one.number}: The claims page is slow"
    step(issue, monday + 2 * MINUTE)
    assert fresh(one).title == "The claims page is slow"
    remote.issues[1]["title"] = f"{one.number}: Theirs"
    actions.edit(fresh(one), by=cast.eve.actor, at=monday, title="Ours")
    step(issue, monday + 3 * MINUTE)
    assert (fresh(one).title, remote.issues[1]["title"]) == ("Ours", f"{one.number}: Ours")


def test_a_problem_that_is_over_closes_it_and_one_that_came_back_opens_it_again(world, cast, monday):
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    actions.move(one, states.RESOLVED, by=cast.eve.actor, at=monday)
    step(issue, monday + MINUTE)
    assert remote.issues[1]["closed"]
    actions.move(one, states.CAME_BACK, by=SYSTEM, at=monday)
    step(issue, monday + 2 * MINUTE)
    assert not remote.issues[1]["closed"]
    assert not ProblemNote.objects.exists()


def test_that_somebody_closed_it_there_is_noted_and_proves_no_fix(world, cast, monday):
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    remote.issues[1]["closed"] = True
    for turn in range(3):
        step(issue, monday + turn * MINUTE)
    assert fresh(one).state == states.OPEN
    assert ProblemNote.objects.get().body.endswith("was closed in Tracker.")
    assert remote.issues[1]["closed"], "what somebody closed there is not opened against them"


def test_comments_there_are_notes_here_once_and_ours_go_only_when_sent(world, cast, monday):
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    remote.issues[1]["said"].append(("Noor", "It is the cache."))
    actions.note(one, "Do not tell them yet.", by=cast.eve.actor, at=monday)
    for turn in range(2):
        step(issue, monday + turn * MINUTE)
    notes = ProblemNote.objects.exclude(name="Eve Eriksen")
    assert [(note.name, note.body) for note in notes] == [("Noor (Tracker)", "It is the cache.")]
    trackers.say(issue, "A fix is on its way.", by=cast.eve.actor, at=monday)
    for turn in range(2):
        step(issue, monday + turn * MINUTE)
    assert [words for _who, words in remote.issues[1]["said"]] == ["It is the cache.", "A fix is on its way."]
    assert ProblemNote.objects.count() == 2, "what we sent does not come back as a note"
    assert TrackerWord.objects.get().sent_at


def test_a_protected_problem_stays_in_the_house(world, cast, monday):
    tracker, one, remote = world
    actions.protect(one, True, by=cast.emil.actor, at=monday, reason="Names a member.")
    with pytest.raises(trackers.NoIssue):
        trackers.open_issue(one, tracker, by=cast.eve.actor, at=monday, title="x", body="y")
    assert not remote.asked


def test_a_tracker_that_is_away_is_asked_again_and_the_reason_is_shown(world, cast, monday, httpserver):
    tracker, one, _remote = world
    issue = trackers.open_issue(one, tracker, by=cast.eve.actor, at=monday, title="x", body="y")
    httpserver.clear()
    httpserver.expect_request(re.compile("^/")).respond_with_data("{}", status=503)
    with pytest.raises(Trouble):
        step(issue, monday)
    issue.refresh_from_db()
    assert (issue.state, "503" in issue.reason, "503" in Tracker.objects.get().trouble) == ("waiting", True, True)


def test_a_token_is_never_sent_to_another_address(world, cast, monday):
    tracker, _one, _remote = world
    with pytest.raises(trackers.BadTracker):
        trackers.change(tracker, base_url="https://evil.example", by=cast.ada.actor, at=monday)
    for url in ("http://evil.example", "ftp://x", "https://user:pw@x.example", "https://x.example/?q"):
        with pytest.raises(trackers.BadTracker):
            trackers.change(tracker, base_url=url, token="new", by=cast.ada.actor, at=monday)
    kept = Tracker.objects.get()
    assert "s3cret" not in kept.token
    assert "s3cret" not in str(LedgerEntry.objects.values_list("data", flat=True))


def test_the_severity_goes_there_as_a_label(world, cast, monday):
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    assert remote.issues[1]["labels"] == ["severity-medium"]
    actions.edit(fresh(one), by=cast.eve.actor, at=monday, severity="critical")
    remote.issues[1]["labels"].append("theirs")
    step(issue, monday + MINUTE)
    assert sorted(remote.issues[1]["labels"]) == ["severity-critical", "theirs"]
    asked = len(remote.asked)
    step(issue, monday + 2 * MINUTE)
    assert not [one for one in remote.asked[asked:] if one.method != "GET"], "what is in step is left alone"


def test_a_label_that_cannot_be_set_holds_nothing_else_up(world, cast, monday):
    _tracker, one, remote = world
    if remote.kind != "jira":
        pytest.skip("A project of Jira may have no labels on its screens.")
    remote.has_no_labels = True
    issue = opened(world, cast, monday)
    assert "appropriate screen" in issue.reason
    actions.edit(fresh(one), by=cast.eve.actor, at=monday, title="Another title")
    step(issue, monday + MINUTE)
    assert remote.issues[1]["title"] == f"{one.number}: Another title"


def test_a_comment_changed_there_changes_its_note(world, cast, monday):
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    remote.issues[1]["said"].append(("Noor", "It is the cache."))
    step(issue, monday)
    remote.issues[1]["said"][0] = ("Noor", "It is the cache of sessions.")
    for turn in range(3):
        step(issue, monday + turn * MINUTE)
    note = ProblemNote.objects.get()
    assert (note.name, note.body) == ("Noor (Tracker)", "It is the cache of sessions.")
    assert LedgerEntry.objects.filter(about=one.about, kind="problem.note_changed").count() == 1


def test_a_comment_removed_there_is_marked_and_comes_back_with_it(world, cast, monday):
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    said = remote.issues[1]["said"]
    said += [("Noor", "It is the cache."), ("Max", "It is the disk.")]
    step(issue, monday)
    remote.issues[1]["closed"] = True
    step(issue, monday + MINUTE)
    said[0] = None
    for turn in range(2, 5):
        step(issue, monday + turn * MINUTE)
    noor, _max, closing = ProblemNote.objects.order_by("pk")
    assert (noor.body, noor.removed_at) == ("It is the cache.", monday + 2 * MINUTE)
    assert list(ProblemNote.objects.filter(removed_at=None)) == [_max, closing]
    entry = LedgerEntry.objects.get(about=one.about, kind="problem.note_removed")
    assert (entry.actor_name, entry.data["note"]) == ("Tracker", noor.pk)
    assert "cache" not in str(kinds.problem_says(one))
    said[0] = ("Noor", "It is the cache of sessions.")
    step(issue, monday + 5 * MINUTE)
    noor.refresh_from_db()
    assert (noor.body, noor.removed_at) == ("It is the cache of sessions.", None)


def test_of_a_list_that_may_be_cut_nothing_is_concluded(world, cast, monday, monkeypatch):
    _tracker, _one, remote = world
    issue = opened(world, cast, monday)
    remote.issues[1]["said"] += [("Noor", "It is the cache."), ("Max", "It is the disk.")]
    step(issue, monday)
    remote.issues[1]["said"][0] = None
    monkeypatch.setattr(keeping_step, "MOST_COMMENTS", 1)
    step(issue, monday + MINUTE)
    assert not ProblemNote.objects.exclude(removed_at=None).exists()


def test_words_taken_out_of_a_note_do_not_come_back_by_themselves(world, cast, monday):
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    remote.issues[1]["said"].append(("Noor", "Ana Alvarez called again."))
    step(issue, monday)
    ProblemNote.objects.update(body="[a person] called again.")
    TrackerIssue.objects.update(synced_at=None)
    step(issue, monday + MINUTE)
    assert ProblemNote.objects.get().body == "[a person] called again."


def test_a_word_of_ours_that_a_webhook_tells_of_too_early_is_no_note(world, cast, monday):
    """It is there already, and its id is not known here yet."""
    _tracker, one, remote = world
    issue = opened(world, cast, monday)
    trackers.say(issue, "A fix is on its way.", by=cast.eve.actor, at=monday)
    remote.issues[1]["said"].append(("we", "A fix is on its way."))
    TrackerWord.objects.update(reason="held up")
    step(issue, monday + MINUTE)
    assert not ProblemNote.objects.exists()


def test_what_changes_here_goes_there_at_once(world, cast, monday):
    _tracker, one, remote = world
    opened(world, cast, monday)
    actions.edit(fresh(one), by=cast.eve.actor, at=monday, title="The claims page is down", severity="high")
    actions.move(fresh(one), states.RESOLVED, by=cast.eve.actor, at=monday)
    work(monday + timedelta(seconds=5))
    there = remote.issues[1]
    title = f"{one.number}: The claims page is down"
    assert (there["title"], there["closed"], there["labels"]) == (title, True, ["severity-high"])
