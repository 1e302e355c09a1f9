"""Signing in, one-time links, one's own settings."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from makegood.life.people.models import Agent, OneTimeLink
from makegood.life.reports import staff
from makegood.life.reports.models import LedgerEntry
from tests.cast import PASSWORD

LOGIN = "/console/login/"
NEW = "three quiet harbours"


def _sign_in(client, email="dora@desk.example", password=PASSWORD, **more):
    return client.post(LOGIN, {"email": email, "password": password, **more})


def test_dora_signs_in_and_lands_in_the_queue(client, cast):
    answer = _sign_in(client)
    assert answer.status_code == 302
    assert client.get(answer.headers["Location"], follow=True).redirect_chain[-1][0] == "/console/queue/"


def test_capitals_and_spaces_around_the_address_do_not_matter(client, cast):
    assert _sign_in(client, email=" Dora@Desk.Example ").status_code == 302


def test_she_goes_where_she_wanted_to_go(client, cast):
    wanted = client.get("/console/setup/?a=1").headers["Location"]
    assert wanted == "/console/login/?next=%2Fconsole%2Fsetup%2F%3Fa%3D1"
    assert _sign_in(client, next="/console/setup/?a=1").headers["Location"] == "/console/setup/?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/console/../evil",
        "/console/login/",
        "javascript:1",
    ],
)
def test_but_never_to_another_house(client, cast, elsewhere):
    target = _sign_in(client, next=elsewhere).headers["Location"]
    assert target.startswith("/console/")
    assert "evil" not in target or target == "/console/../evil"


def _shown(answer):
    """The page without what differs from one answer to the next anyway."""
    text = answer.content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value="|value=")[^"]*', r"\1", text)


def test_wrong_password_unknown_address_and_switched_off_get_one_and_the_same_answer(client, cast):
    wrong = _sign_in(client, password="not the password")
    unknown = _sign_in(Client(), email="nobody@desk.example")
    off = _sign_in(Client(), email="fay@desk.example")
    assert wrong.status_code == unknown.status_code == off.status_code == 422
    assert _shown(wrong) == _shown(unknown) == _shown(off)


def test_too_many_tries_have_to_wait_whoever_it_is(cast):
    for email in ("dora@desk.example", "nobody@desk.example"):
        answers = [_sign_in(Client(), email=email, password="no").status_code for _ in range(11)]
        assert answers[-1] == 429
        assert _sign_in(Client(), email=email).status_code == 429


def test_after_a_while_the_right_password_works_again(cast):
    with time_machine.travel(datetime(2026, 11, 16, 9, 0, tzinfo=UTC), tick=False) as clock:
        for _ in range(11):
            _sign_in(Client(), password="no")
        clock.shift(timedelta(minutes=16))
        assert _sign_in(Client()).status_code == 302


def test_password_managers_find_the_fields(client, db):
    page = client.get(LOGIN).content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_signing_out_is_a_post(client, cast):
    client.force_login(cast.dora)
    assert client.get("/console/logout/").status_code == 405
    client.post("/console/logout/")
    assert client.get("/console/queue/").status_code == 302


def test_somebody_switched_off_is_out_at_once(client, cast):
    client.force_login(cast.dora)
    staff.change_person(cast.dora, {"is_active": False}, by=cast.ada.actor, at=datetime.now(UTC))
    assert client.get("/console/queue/").headers["Location"].startswith(LOGIN)


def test_the_first_admin_makes_the_account_by_the_link_and_the_link_is_spent(client, db):
    token = staff.first_admin_link(at=datetime.now(UTC))
    address = f"/console/welcome/{token}/"
    assert client.get(address).status_code == client.get(address).status_code == 200
    answer = client.post(address, {"name": "Ada", "email": "ADA@desk.example", "password": NEW})
    assert answer.status_code == 302
    ada = Agent.objects.get()
    assert (ada.role, ada.email, ada.check_password(NEW)) == ("admin", "ada@desk.example", True)
    assert client.get("/console/setup/people/").status_code == 200
    assert Client().get(address).status_code == 410
    assert LedgerEntry.objects.filter(kind="staff.joined").count() == 1


def test_there_is_no_first_admin_where_somebody_is(cast):
    with pytest.raises(staff.NotAllowed):
        staff.first_admin_link(at=datetime.now(UTC))


def test_a_weak_password_is_refused_in_words_and_the_link_stays_good(client, cast):
    cast.fay.is_active = True
    cast.fay.save()
    token = staff.make_one_time_link("password", at=datetime.now(UTC), agent=cast.fay)
    answer = client.post(f"/console/welcome/{token}/", {"password": "password"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert client.post(f"/console/welcome/{token}/", {"password": NEW}).status_code == 302


@pytest.mark.parametrize("purpose", ["invite", "password"])
def test_a_link_is_good_for_its_time_only(cast, purpose):
    made = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
    token = staff.make_one_time_link(purpose, at=made, agent=cast.dora)
    staff.find_link(token, now=made + staff.VALID_FOR[purpose] - timedelta(seconds=1))
    with pytest.raises(staff.LinkSpent):
        staff.find_link(token, now=made + staff.VALID_FOR[purpose])


def test_a_newer_link_ends_the_earlier_one(cast):
    now = datetime.now(UTC)
    first = staff.make_one_time_link("password", at=now, agent=cast.dora)
    staff.make_one_time_link("password", at=now, agent=cast.dora)
    with pytest.raises(staff.LinkSpent):
        staff.find_link(first, now=now)


def test_the_token_itself_is_kept_nowhere(cast):
    token = staff.make_one_time_link("password", at=datetime.now(UTC), agent=cast.dora)
    assert not OneTimeLink.objects.filter(token_hash=token).exists()
    assert not [entry for entry in LedgerEntry.objects.all() if token in str(entry.data)]


def test_the_page_of_a_link_tells_no_other_site_where_one_came_from(client, cast):
    token = staff.make_one_time_link("password", at=datetime.now(UTC), agent=cast.dora)
    assert client.get(f"/console/welcome/{token}/").headers["Referrer-Policy"] == "same-origin"


def test_dora_changes_her_password_and_stays_signed_in(client, cast):
    client.force_login(cast.dora)
    other = Client()
    other.force_login(cast.dora)
    answer = client.post("/console/me/password/", {"password-present": PASSWORD, "password-new": NEW})
    assert answer.status_code == 302
    assert client.get("/console/queue/").status_code == 200
    assert other.get("/console/queue/").status_code == 302


def test_not_without_the_present_one(client, cast):
    client.force_login(cast.dora)
    answer = client.post("/console/me/password/", {"password-present": "wrong", "password-new": NEW})
    assert answer.status_code == 422
    cast.dora.refresh_from_db()
    assert cast.dora.check_password(PASSWORD)


def test_she_reads_the_console_in_her_language_and_zone(client, cast):
    client.force_login(cast.dora)
    wishes = {
        "name": "Dora Dahl",
        "language": "de",
        "time_zone": "Asia/Tokyo",
        "theme": "dark",
        "density": "compact",
        "keys": "off",
    }
    answer = client.post("/console/me/", wishes)
    assert answer.status_code == 302
    assert answer.cookies["mg_theme"].value == "dark"
    page = client.get("/console/me/").content.decode()
    assert '<html lang="de"' in page
    assert 'data-keys="off"' in page


def test_a_zone_that_is_none_is_refused_and_nothing_typed_is_lost(client, cast):
    client.force_login(cast.dora)
    wishes = {
        "name": "Dora D.",
        "language": "en",
        "time_zone": "Moon/Base",
        "theme": "dark",
        "density": "compact",
        "keys": "on",
    }
    answer = client.post("/console/me/", wishes)
    assert answer.status_code == 422
    assert "Dora D." in answer.content.decode()


def test_nobody_takes_away_the_last_admin_or_their_own_role(cast):
    now = datetime.now(UTC)
    with pytest.raises(staff.NotAllowed):
        staff.change_person(cast.ada, {"role": "agent"}, by=cast.ada.actor, at=now)
    with pytest.raises(staff.NotAllowed):
        staff.change_person(cast.ada, {"is_active": False}, by=cast.emil.actor, at=now)
