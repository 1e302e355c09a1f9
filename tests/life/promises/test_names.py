"""One kind of promise has one name: in policies, on the promises page, at the report, in the document, in calls."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.doors.console import promise_line
from makegood.doors.console.gate import zone_of
from makegood.lib import times
from makegood.life.diagnosis import document, sheet
from makegood.life.escalation import wording
from makegood.life.people.models import Team
from makegood.life.promises import actions, book, kinds, names
from makegood.life.promises.explain import explain, of_policy
from makegood.life.promises.models import Policy, Promise
from tests.doors.console.report_cast import make_case, signed_in, url


def test_every_kind_and_every_rung_has_a_name():
    assert set(names.NAMES) == set(kinds.KINDS)
    assert set(names.WHOM) == set(kinds.WHOM)
    assert len({str(name) for name in names.NAMES.values()}) == len(names.NAMES)


@pytest.mark.parametrize("kind", [kinds.NEXT_UPDATE, kinds.FIRST_ANSWER, kinds.FOLLOW_UP])
def test_it_is_called_the_same_everywhere(cast, kind):
    now = timezone.now()
    case = make_case(cast, now - timedelta(days=30))
    Promise.objects.all().delete()
    promise = actions.make(case, kind, by=cast.dora.actor, at=now - timedelta(days=20), team=cast.platform)
    name, zone = names.name(kind), times.zone("Europe/Berlin")
    told, _text = wording.call(promise, None, whom="lead", language="en", zone="", now=now)
    assert name in told
    assert f": {name} " in explain(promise, "en", zone)[0]
    lines = sheet.lay_out(document.snapshot(case, at=now), language="en", zone=zone).sections[-1].lines
    assert [line.label for line in lines] == [name]
    assert promise_line.draw(case, [promise], now=now).marks[0].what == name
    ada = signed_in(cast.ada)
    for page in ("/console/promises/", "/console/setup/policies/", f"/console/setup/policies/{kind}/high/"):
        assert name in ada.get(page).content.decode(), page
    assert name in signed_in(cast.dora).get(url(case)).content.decode()


def test_a_policy_says_a_business_day_where_the_calendar_makes_it_one(db, monday):
    book.install_defaults(monday)
    policy = Policy.objects.get(kind=kinds.HEAR_BACK, severity="low")
    assert of_policy(policy, now=monday) == "1 business day"
    policy.target_minutes = 600
    assert of_policy(policy, now=monday) == "10 business hours"
    policy.is_business = False
    policy.target_minutes = 1440
    assert of_policy(policy, now=monday) == "1 day"


def test_a_day_of_a_policy_in_business_hours_is_a_working_day(cast, monday):
    book.install_defaults(monday)
    ada = signed_in(cast.ada)
    address = "/console/setup/policies/hear_back/low/"
    assert 'value="1 d"' in ada.get(address).content.decode()
    form = {"target": "2 d", "is_business": "1", "at_risk_percent": "80", "rungs": "1 d: lead", "reason": ""}
    assert ada.post(address, form).status_code == 302
    policy = Policy.objects.filter(kind="hear_back", severity="low").latest("pk")
    assert (policy.target_minutes, policy.rungs) == (1080, [{"after_minutes": 540, "whom": "lead"}])
    ada.post(address, form | {"is_business": "0"})
    assert Policy.objects.filter(kind="hear_back", severity="low").latest("pk").target_minutes == 2880
    wrong = ada.post(address, form | {"rungs": "soon: lead"})
    assert wrong.status_code == 422
    assert "30 min, 4 h or 2 d" in wrong.content.decode()


def test_the_ladder_names_who_stands_on_it(cast, monday):
    book.install_defaults(monday)
    Team.objects.filter(pk=cast.platform.pk).update(executive=cast.eve)
    page = signed_in(cast.ada).get("/console/setup/policies/accept/critical/").content.decode()
    assert "The executive:</span> Eve Eriksen" in page
    # The desk has named nobody: its last rung is the admins.
    assert "The executive:</span> Ada Adeyemi" in page
    assert "nobody, so the next is told at once" in page


def test_the_document_says_as_of_when(cast):
    case = make_case(cast, timezone.now() - timedelta(hours=1))
    here = zone_of(cast.dora)
    before = timezone.localtime(timezone=here)
    page = signed_in(cast.dora).get(url(case, "document/")).content.decode()
    after = timezone.localtime(timezone=here)
    assert any(f"as of {moment:%A}"[:8] in page for moment in (before, after))
    assert str(timezone.now().year) in page.split("as of ")[1][:60]
    snapshot = json.loads(json.dumps(document.snapshot(case, at=timezone.now())))
    assert sheet.lay_out(snapshot, language="de", zone=times.zone("Europe/Berlin")).as_of.endswith(("(MEZ)", "(MESZ)"))
