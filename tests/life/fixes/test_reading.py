"""A real git repository, made by git, read as it grows and as its history is rewritten."""

import os
import subprocess
from datetime import timedelta

import pytest

from makegood.channels.git import reading as git
from makegood.life.fixes import reading, repositories
from makegood.life.fixes.models import Ancestry, Commit, Link, PullRequest, Release
from makegood.life.problems import states
from makegood.life.problems.models import Problem
from tests.cast import MONDAY
from tests.life.fixes.story import problem, repository


class Tree:
    """A work tree and the hand of somebody who commits in it, a minute later each time."""

    def __init__(self, path):
        self.path, self.moment = path, MONDAY
        path.mkdir(parents=True)
        self("init", "-q", "-b", "main")

    def __call__(self, *words):
        self.moment += timedelta(minutes=1)
        when = self.moment.isoformat()
        names = {
            f"GIT_{who}_{what}": "eve@desk.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        own = {"HOME": str(self.path), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *words], cwd=self.path, env={**own, **names, **dates}, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self, message):
        self("commit", "-q", "--allow-empty", "-m", message)
        return self("rev-parse", "HEAD")


@pytest.fixture
def tree(tmp_path, settings):
    settings.GIT_FOLDERS = [str(tmp_path)]
    return Tree(tmp_path / "portal")


def connected(tree, **facts):
    return repository(provider="git", path=str(tree.path), **facts)


def fresh(one):
    return Problem.objects.get(pk=one.pk)


def test_the_first_release_that_contains_the_fix_is_found_by_ancestry(cast, monday, tree):
    one = problem(cast)
    tree.commit("Begin")
    tree("tag", "v1.3")
    tree("checkout", "-q", "-b", "fix/white-page")
    fixed = tree.commit(f"A full disk is noticed\n\nFixes: {one.number}")
    tree("checkout", "-q", "main")
    tree.commit("Other work")
    tree("tag", "v1.4")
    code_of = connected(tree, web_url="https://code.example/portal")
    assert reading.read_whole(code_of, at=monday) == 1
    assert fresh(one).state == states.FIXING
    tree("merge", "-q", "--no-ff", "-m", "Merge the fix", "fix/white-page")
    tree("tag", "-a", "-m", "Release", "v1.5")
    tree.commit("More")
    tree("tag", "v1.6")
    reading.read_whole(code_of, at=monday)
    assert (fresh(one).state, fresh(one).fixed_in) == (states.RELEASED, "v1.5")
    link = Link.objects.select_related("commit").get()
    assert (link.commit.sha, link.commit.url) == (fixed, f"https://code.example/portal/commit/{fixed}")
    assert link.commit.branch == "main" or PullRequest.objects.count() == 0
    assert Release.objects.count() == 4


def test_reading_again_reads_nothing_twice(cast, monday, tree):
    one = problem(cast)
    tree.commit(f"Fixes {one.number}")
    code_of = connected(tree)
    reading.read_whole(code_of, at=monday)
    before = git.read(str(tree.path), git.Place.of(code_of.read_place), main_branch="main", since=MONDAY)
    assert before.facts == []
    tree.commit("More")
    after = git.read(str(tree.path), git.Place.of(code_of.read_place), main_branch="main", since=MONDAY)
    assert [fact.message for fact in after.facts] == ["More\n"]


@pytest.mark.parametrize("most", [1, 3, 7])
def test_in_small_rounds_it_ends_alike(cast, monday, tree, most, monkeypatch):
    one = problem(cast)
    for n in range(10):
        tree.commit(f"Fixes {one.number}" if n == 4 else f"Work {n}")
    tree("tag", "v2")
    monkeypatch.setattr(git, "MOST_COMMITS", most)
    code_of = connected(tree)
    assert reading.read_whole(code_of, at=monday) > 1
    assert (fresh(one).fixed_in, Ancestry.objects.count()) == ("v2", 9)
    assert Commit.objects.get().branch == "main"


def test_a_second_with_more_commits_than_a_round_does_not_hold_it_up(cast, monday, tree, monkeypatch):
    one = problem(cast)
    for n in range(6):
        tree.moment = MONDAY
        tree.commit(f"Fixes {one.number}" if n == 2 else f"Work {n}")
    tree("tag", "v2")
    monkeypatch.setattr(git, "MOST_COMMITS", 2)
    reading.read_whole(connected(tree), at=monday, most_rounds=20)
    assert fresh(one).fixed_in == "v2"


def test_a_rewritten_history_is_read_on(cast, monday, tree):
    one, other = problem(cast), problem(cast, "Another")
    tree.commit("Begin")
    tree.commit(f"Fixes {one.number}")
    code_of = connected(tree)
    reading.read_whole(code_of, at=monday)
    tree("reset", "-q", "--hard", "HEAD~1")
    tree.commit(f"Fixes {other.number}")
    tree("reflog", "expire", "--expire=now", "--all")
    tree("gc", "-q", "--prune=now")
    tree("tag", "v3")
    reading.read_whole(code_of, at=monday)
    assert (fresh(one).state, fresh(one).fixed_in) == (states.FIXING, "")
    assert fresh(other).fixed_in == "v3"


def test_only_the_last_months_are_looked_at(cast, monday, tree):
    one = problem(cast)
    tree.moment = MONDAY - timedelta(days=200)
    tree.commit(f"Fixes {one.number}")
    tree.moment = MONDAY
    tree.commit("Now")
    reading.read_whole(connected(tree), at=monday)
    assert fresh(one).state == states.OPEN


def test_a_folder_outside_the_allowed_ones_is_never_opened(cast, monday, tree, tmp_path):
    with pytest.raises(repositories.BadRepository):
        repositories.checked_path("/etc")
    (tmp_path / "away").symlink_to("/etc")
    for path in (str(tmp_path / "away"), "relative", f"{tmp_path}/../..", "\x00"):
        with pytest.raises(repositories.BadRepository):
            repositories.checked_path(path)
    code_of = repository(provider="git", path="/etc")
    assert reading.read_round(code_of, at=monday)
    code_of.refresh_from_db()
    assert "MAKEGOOD_GIT_FOLDERS" in code_of.read_trouble


def test_a_folder_without_a_repository_is_said_in_words(cast, monday, tree, tmp_path):
    (tmp_path / "empty").mkdir()
    code_of = repository(provider="git", path=str(tmp_path / "empty"))
    assert reading.read_round(code_of, at=monday)
    code_of.refresh_from_db()
    assert "no git repository" in code_of.read_trouble


def test_a_damaged_repository_is_said_in_words(cast, monday, tree):
    head = tree.commit("Begin")
    (tree.path / ".git" / "objects" / head[:2] / head[2:]).chmod(0o600)
    (tree.path / ".git" / "objects" / head[:2] / head[2:]).write_bytes(b"nonsense")
    code_of = connected(tree)
    assert reading.read_round(code_of, at=monday)
    code_of.refresh_from_db()
    assert code_of.read_trouble
