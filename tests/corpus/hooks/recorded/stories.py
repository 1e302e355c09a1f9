"""The recorded bodies of a host, put together so that they tell how a fix went from its merge request to the customers.

What is put in is what the examples lack, each by its name; see NOTICE.md.
"""

from tests.corpus.hooks import gitea
from tests.corpus.hooks.recorded import recorded

HEAD = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"  # of GitHub's example repository


def github_story(name):
    """Of GitHub's."""
    pull = {"pull_request__body": f"Closes {name}"}
    merged = {"pull_request__merged": True, "pull_request__merged_at": "2019-05-15T15:21:18Z"}
    sha = {"f95f852bd8fca8fcc58a9a2d6c842781e32a215e": HEAD}
    return [
        ("pull_request", recorded("github", "pull_request_opened", **pull)),
        ("push", recorded("github", "push_branch", commits__0__message=f"Fixes {name}")),
        (
            "pull_request",
            recorded("github", "pull_request_closed", **pull, **merged, pull_request__merge_commit_sha=HEAD),
        ),
        ("push", recorded("github", "push_tag")),
        ("release", recorded("github", "release_published", swap={'"0.0.1"': '"simple-tag"'})),
        ("status", recorded("github", "status")),
        ("workflow_run", recorded("github", "workflow_run", workflow_run__head_sha=HEAD)),
        ("deployment_status", recorded("github", "deployment_status", swap=sha)),
    ]


def gitlab_story(name):
    """Of GitLab's."""
    commits = ["b6568db1bc1dcd7f8b4d5a946b0b91f9dacd7327", "da1560886d4f094c3e6c9ef40349f7d38b5d27d7"]
    asked = {"object_attributes__description": f"Closes {name}", "object_attributes__source_project_id": 14}
    merged = {"object_attributes__state": "merged", "object_attributes__updated_at": "2013-12-03T18:23:34Z"}
    tagged = {"82b3d5ae55f7080f1e6022629cdb57bfae7cccc7": commits[1]}
    return [
        ("Merge Request Hook", recorded("gitlab", "merge_request", **asked)),
        ("Push Hook", recorded("gitlab", "push", commits__0__message=f"Fixes {name}", total_commits_count=2)),
        ("Merge Request Hook", recorded("gitlab", "merge_request", **asked, **merged)),
        ("Tag Push Hook", recorded("gitlab", "tag_push", swap=tagged)),
        (
            "Release Hook",
            recorded("gitlab", "release", tag="v1.0.0", swap={"2626dbdb936782b5c54816b1c6d45b1279303c6d": commits[1]}),
        ),
        (
            "Pipeline Hook",
            recorded("gitlab", "pipeline", object_attributes__source="push", object_attributes__sha=commits[1]),
        ),
        (
            "Deployment Hook",
            recorded(
                "gitlab",
                "deployment",
                environment="production",
                swap={"279484c09fbe69ededfced8c1bb6e6d24616b468": commits[1]},
            ),
        ),
    ]


def gitea_story(name):
    """Of Gitea's, with the merge that the push left on the main branch; the test is Forgejo's own telling."""
    after = "4522cbcefc20728a5b72b3a86af35e608622c514"
    pull = {"pull_request__body": f"Closes {name}"}
    landed = {"a148a755b627ac79f86bf3447e41927e1f4ad259": after}
    tagged = {"ref": "refs/tags/0.0.5", "before": "0" * 40, "commits": []}
    return [
        ("pull_request", recorded("gitea", "pull_request_opened", **pull)),
        ("push", recorded("gitea", "push", commits__0__message=f"Fixes {name}")),
        ("pull_request", recorded("gitea", "pull_request_merged", swap=landed, **pull)),
        ("push", recorded("gitea", "push", **tagged)),
        ("release", recorded("forgejo", "release")),
        ("action_run_success", gitea.action_run(after)),
    ]


# Host → its story for a number of ours, the version that contains the fix, and how far that brings the problem: Gitea
# tells of no deployments.
STORIES = {
    "github": (github_story, "simple-tag", "watching"),
    "gitlab": (gitlab_story, "v1.0.0", "watching"),
    "gitea": (gitea_story, "0.0.5", "released"),
}
