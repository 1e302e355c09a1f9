"""Every operation × every role × with and without its scope, from the list of routes; and whose reports one sees."""

import pytest

from makegood.doors.api import gate, v1
from makegood.life.people import roles
from makegood.life.people.tokens import SCOPES
from makegood.life.reports.models import Report
from tests.doors.api.knocking import Program, program_of, token_for

pytestmark = pytest.mark.django_db
PEOPLE = ("dora", "eve", "emil", "ada")
FILLED = {
    "number": "MG-999999",
    "id": "999999",
    "key": "nothing",
    "slug": "nothing",
    "entry": "1",
    "problem": "PRB-999999",
    "article": "KB-999999",
    "language": "en",
    "field": "category",
}


def address(route):
    path = route.path
    for name, value in FILLED.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def knock(program, route):
    """One call with no body at all: rights are looked at before anything else."""
    program.ask(route.method, address(route))
    return program.last.status_code, (program.told() or {}).get("type", "").rpartition("#")[2]


def test_every_operation_names_a_scope_and_an_action_there_is():
    assert {route.scope for route in v1.ROUTES} <= {*SCOPES, ""}
    assert {route.action for route in v1.ROUTES} <= set(roles.ACTIONS)
    assert [route.name for route in v1.ROUTES if not route.scope] == ["read_token"]
    assert set(SCOPES) == {route.scope for route in v1.ROUTES if route.scope}, "no scope opens nothing"


def test_changes_take_a_scope_that_says_so():
    harmless = {"render_script"}
    for route in v1.ROUTES:
        if route.name not in harmless:
            assert route.scope.endswith(":write") == route.is_change or not route.scope, route.name


def test_names_of_operations_are_unique():
    names = [route.name for route in v1.ROUTES]
    assert len(names) == len(set(names))


def test_nothing_opens_without_a_token_or_with_a_wrong_one(desk):
    for secret in ("", "mg_wrong"):
        program = Program(secret)
        few = 1 + len(v1.ROUTES) // gate.WRONG_PER_MINUTE  # wrong ones are answered only so often
        for route in v1.ROUTES[:: few if secret else 1]:
            assert knock(program, route) == (401, "unauthenticated"), route.name


@pytest.mark.parametrize("who", PEOPLE)
def test_each_role_may_what_the_table_says(desk, who):
    person = getattr(desk, who)
    program = program_of(person)
    for route in v1.ROUTES:
        status, slug = knock(program, route)
        assert (slug == "not-allowed") == (not person.may(route.action)), (route.name, status, slug)
        assert status < 500, route.name


@pytest.mark.parametrize("who", PEOPLE)
def test_without_its_scope_no_operation_opens(desk, who):
    person = getattr(desk, who)
    for scope in SCOPES:
        others = Program(token_for(person, scopes=[one for one in SCOPES if one != scope]))
        for route in v1.ROUTES:
            if route.scope == scope:
                assert knock(others, route) == (403, "scope-missing"), route.name


@pytest.mark.django_db(transaction=True)  # the feed shows what is committed
@pytest.mark.parametrize(
    ("who", "seen"),
    [("dora", {"open", "ours"}), ("eve", {"escalated"}), ("emil", {"open", "ours", "escalated", "shut"})],
)
def test_whose_reports_one_sees_is_the_same_everywhere(desk, dora, who, seen):
    """A report protected from them, or of another team, is not there: in no list, by no address."""
    names = {}
    for name in ("open", "ours", "escalated", "shut"):
        names[name] = dora.post("/reports", {"what": f"{name} it is", "reporter": {"email": "ana@example.org"}})[
            "number"
        ]
    mine = {name: Report.objects.filter(pk=int(number[3:])) for name, number in names.items()}
    mine["ours"].update(is_protected=True, team=desk.desk)
    mine["shut"].update(is_protected=True, team=None)
    mine["escalated"].update(is_protected=True, team=None, technical_team=desk.platform)
    program = program_of(getattr(desk, who))
    listed = {row["number"] for row in program.get("/reports")["items"]}
    assert listed == {names[name] for name in seen}
    told = program.get("/ledger?limit=200&kinds=report.*")["items"]
    assert {entry["report"] for entry in told} == listed
    assert {promise["report"] for promise in program.get("/promises?state=any")["items"]} == listed
    for name, number in names.items():
        for path in ("", "/messages", "/files", "/promises", "/ledger", "/escalations", "/document"):
            program.ask("GET", f"/reports/{number}{path}")
            assert program.last.status_code == (200 if name in seen else 404), (name, path)


def test_an_engineer_sees_the_contacts_of_their_reports_only(desk, dora):
    number = dora.post("/reports", {"what": "x", "reporter": {"email": "ana@example.org"}})["number"]
    dora.post("/reports", {"what": "y", "reporter": {"email": "cem@example.org"}})
    Report.objects.filter(pk=int(number[3:])).update(technical_team=desk.platform)
    eve = program_of(desk.eve)
    assert [row["email"] for row in eve.get("/contacts")["items"]] == ["ana@example.org"]
    assert [row["key"] for row in eve.get("/organisations")["items"]] == [desk.acme.key]
    eve.ask("GET", f"/contacts/{desk.cem.key}", status=404)
    eve.ask("GET", f"/organisations/{desk.other.key}", status=404)
