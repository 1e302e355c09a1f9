"""Organisations in the console: made, edited, marked as key accounts by leads; people are put into them."""

import pytest

from makegood.life.people.models import Contact, Organisation
from makegood.life.reports.models import LedgerEntry
from tests.doors.console.report_cast import PART

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def facts(contact, **more):
    """What the browser sends of the form of a contact."""
    names = ("name", "phone", "second_email", "preferred_way", "member_number", "plan", "language", "time_zone")
    organisation = contact.organisation.name if contact.organisation else ""
    return {name: getattr(contact, name) for name in names} | {"organisation": organisation} | more


def test_an_organisation_is_made_and_put_right(client, cast):
    client.force_login(cast.dora)
    assert 'href="/console/accounts/new/"' in client.get("/console/accounts/").content.decode()
    assert client.get("/console/accounts/new/").status_code == 200
    answer = client.post("/console/accounts/new/", {"name": "Harrow & Dean", "plan": "", "note": "One.\r\nTwo."})
    made = Organisation.objects.get(name="Harrow & Dean")
    assert (answer.status_code, answer.url, made.note) == (302, f"/console/organisations/{made.key}/", "One.\nTwo.")
    again = client.post("/console/accounts/new/", {"name": "harrow & dean"})
    assert again.status_code == 422
    assert "already" in again.content.decode()
    edit = f"/console/organisations/{made.key}/edit/"
    assert edit in client.get(answer.url).content.decode()
    client.post(edit, {"name": "Harrow, Dean & Sons", "plan": "gold", "note": "One.\r\nTwo."})
    now = fresh(made)
    assert (now.name, now.plan, now.note) == ("Harrow, Dean & Sons", "gold", "One.\nTwo.")
    entry = LedgerEntry.objects.get(kind="account.changed")
    assert entry.data["to"] == {"name": "Harrow, Dean & Sons", "plan": "gold"}  # the note is as it was
    assert client.post(f"/console/accounts/undo/{entry.pk}/", headers=PART).status_code == 204
    assert fresh(made).name == "Harrow & Dean"


def test_a_number_nobody_can_call_is_refused_and_stays_in_the_form(client, cast):
    client.force_login(cast.dora)
    edit = f"/console/contacts/{cast.ana.key}/edit/"
    answer = client.post(edit, facts(cast.ana, phone="call her"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="call her"' in page
    assert "not complete" in page
    Contact.objects.filter(pk=cast.ana.pk).update(phone="12")
    assert client.post(edit, facts(fresh(cast.ana), name="Ana A.")).status_code == 302
    assert (fresh(cast.ana).name, fresh(cast.ana).phone) == ("Ana A.", "12")


def test_leads_make_a_key_account_with_a_reason_and_no_agent_does(client, cast):
    page, mark = f"/console/organisations/{cast.acme.key}/", f"/console/organisations/{cast.acme.key}/key-account/"
    client.force_login(cast.dora)
    assert mark not in client.get(page).content.decode()
    assert client.post(mark, {"reason": "Mine."}).status_code == 403
    client.force_login(cast.emil)
    assert mark in client.get(page).content.decode()
    assert client.post(mark, {"reason": " "}).status_code == 422
    client.post(mark, {"reason": "Half our members."})
    assert fresh(cast.acme).is_key_account
    shown = client.get(page).content.decode()
    assert "key account" in shown
    assert "Emil Ek: “Half our members.”" in shown
    entry = LedgerEntry.objects.get(kind="account.key_changed")
    assert f"/console/accounts/undo/{entry.pk}/" in shown  # the toast offers it
    client.post(mark, {"reason": "They left.", "stop": "1"})
    assert not fresh(cast.acme).is_key_account


def test_somebody_is_put_into_an_organisation_from_their_page(client, cast):
    client.force_login(cast.dora)
    edit = f"/console/contacts/{cast.ana.key}/edit/"
    assert 'value="Acme Health Plan"' in client.get(edit).content.decode()
    client.post(edit, facts(cast.ana, organisation="other company"))
    assert fresh(cast.ana).organisation == cast.other
    entry = LedgerEntry.objects.get(kind="account.changed")
    assert set(entry.data["to"]) == {"organisation"}
    wrong = client.post(edit, facts(cast.ana, organisation="Nobody Inc"))
    assert wrong.status_code == 422
    assert "There is no organisation of this name" in wrong.content.decode()
    client.post(edit, facts(cast.ana, organisation="Nobody Inc", is_new="on"))
    assert fresh(cast.ana).organisation.name == "Nobody Inc"
    client.post(edit, facts(fresh(cast.ana), organisation=""))
    assert Contact.objects.get(pk=cast.ana.pk).organisation is None
    assert client.post(f"/console/accounts/undo/{LedgerEntry.objects.latest('id').pk}/").status_code == 302
    assert fresh(cast.ana).organisation.name == "Nobody Inc"


def test_an_engineer_makes_no_organisation(client, cast):
    client.force_login(cast.eve)
    assert client.post("/console/accounts/new/", {"name": "Mine"}).status_code == 403
    assert client.post(f"/console/organisations/{cast.acme.key}/edit/", {"name": "Mine"}).status_code in (403, 404)
