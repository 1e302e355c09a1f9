"""Three trackers, each spoken to as its documentation says, on a server that speaks like it."""

import base64
import re
from datetime import UTC, datetime

import pytest

from makegood.channels.registry import TRACKERS
from makegood.channels.tracking import Project, Trouble
from tests.remote import Remote

SINCE = datetime(2026, 11, 16, tzinfo=UTC)


@pytest.fixture(params=["github", "gitlab", "jira", "jira cloud"])
def place(request):
    return request.param


@pytest.fixture
def kind(place):
    return place.split()[0]


@pytest.fixture
def remote(httpserver, kind, place):
    return Remote(httpserver, kind, is_cloud="cloud" in place)


def client_of(kind, httpserver, **more):
    project = Project(httpserver.url_for("").rstrip("/"), "company/portal", "s3cret", **more)
    return TRACKERS[kind](project, allowed=["localhost", "127.0.0.1"])


def test_an_issue_is_opened_found_changed_and_spoken_to(httpserver, kind, remote):
    client = client_of(kind, httpserver)
    assert client.check() == "company/portal"
    made = client.open("PRB-3: white page", "Text (mark-1)")
    assert client.read(made.key).title == "PRB-3: white page"
    assert client.find("mark-1", SINCE).key == made.key
    assert client.find("mark-2", SINCE) is None
    client.change(made.key, title="PRB-3: a white page")
    client.change(made.key, is_closed=True)
    there = client.read(made.key)
    assert (there.title, there.is_closed) == ("PRB-3: a white page", True)
    client.change(made.key, is_closed=False)
    assert not client.read(made.key).is_closed
    ours = client.comment(made.key, "Ours.")
    assert [(one.id, one.body, one.author) for one in client.comments(made.key)] == [(ours, "Ours.", "we")]
    assert made.url.startswith("http")
    client.close()


@pytest.mark.parametrize("user", ["", "eve@fairfield.example"])
@pytest.mark.parametrize("is_cloud", [True, False])
def test_an_issue_in_jira_is_found_by_the_search_that_is_there(httpserver, is_cloud, user):
    """Cloud took the old search away and answers with documents, page by page; Data Center never had the new one."""
    remote = Remote(httpserver, "jira", is_cloud=is_cloud)
    client = client_of("jira", httpserver, user=user)
    made = client.open("PRB-3: white page", "Text\n\n(mark-1)")
    for n in range(5):
        remote.add(f"Another {n}", "Text")
    assert client.find("mark-1", SINCE).key == made.key
    assert client.find("mark-2", SINCE) is None


def test_a_search_that_is_out_of_order_is_tried_again(httpserver):
    httpserver.expect_request(re.compile("^/")).respond_with_data("{}", status=503)
    with pytest.raises(Trouble) as told:
        client_of("jira", httpserver).find("mark-1", SINCE)
    assert not told.value.is_final


def test_a_type_the_project_does_not_know_is_said_in_plain_words(httpserver):
    remote = Remote(httpserver, "jira")
    client = client_of("jira", httpserver, issue_type="Incident")
    for act in (client.check, lambda: client.open("x", "y")):
        with pytest.raises(Trouble) as told:
            act()
        assert told.value.is_final
        assert "no issues of the type “Incident”. It has: Task, Bug." in str(told.value)
    remote.types.append("Incident")
    assert client.check() == "company/portal"
    assert client.open("x", "y").key == "POR-1"


def test_what_jira_wants_besides_is_said_in_its_own_words(httpserver):
    remote = Remote(httpserver, "jira")
    remote.wants = {"customfield_10": "Squad is required."}
    with pytest.raises(Trouble, match=r"400.*Squad is required\."):
        client_of("jira", httpserver).open("x", "y")


def test_it_signs_in_as_each_wants_it(httpserver, kind, remote):
    client_of(kind, httpserver).check()
    headers = remote.asked[0].headers
    if kind == "gitlab":
        assert headers["PRIVATE-TOKEN"] == "s3cret"
    else:
        assert headers["Authorization"] == "Bearer s3cret"


def test_jira_cloud_wants_an_address_beside_the_token(httpserver):
    remote = Remote(httpserver, "jira")
    client_of("jira", httpserver, user="eve@fairfield.example").check()
    basic = base64.b64encode(b"eve@fairfield.example:s3cret").decode()
    assert remote.asked[0].headers["Authorization"] == f"Basic {basic}"


@pytest.mark.parametrize(("status", "is_final"), [(404, True), (422, True), (401, False), (429, False), (500, False)])
def test_a_refusal_says_whether_trying_again_helps(httpserver, kind, status, is_final):
    httpserver.expect_request(re.compile("^/")).respond_with_data("{}", status=status)
    with pytest.raises(Trouble) as told:
        client_of(kind, httpserver).check()
    assert (told.value.is_final, str(status) in str(told.value)) == (is_final, True)
    assert "s3cret" not in str(told.value)


def test_what_is_no_answer_is_trouble(httpserver, kind):
    httpserver.expect_request(re.compile("^/")).respond_with_data("<html>")
    with pytest.raises(Trouble):
        client_of(kind, httpserver).open("x", "y")


def test_an_address_inside_is_not_called(httpserver, kind, remote):
    project = Project(httpserver.url_for("").rstrip("/"), "company/portal", "s3cret")
    with pytest.raises(Trouble) as told:
        TRACKERS[kind](project).check()
    assert told.value.is_final
    assert not remote.asked
