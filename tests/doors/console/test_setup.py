"""Set-up: each change counts from now on, is told in the history, and what is unsafe is refused in words."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from makegood.doors.console.compose_form import scripts_offered
from makegood.doors.ui.templatetags.ui import quoted
from makegood.life.diagnosis import catalogue
from makegood.life.diagnosis.models import Question
from makegood.life.people.coverage import Stretch, Weekly, covered_share, gaps
from makegood.life.people.models import Agent, Shift, Team
from makegood.life.promises import book, queries
from makegood.life.promises.models import Calendar
from makegood.life.reports import rotas
from makegood.life.reports.models import Category, LedgerEntry, OutgoingMail, Report
from makegood.life.updates import scripts, wording
from makegood.life.updates.models import Script
from tests.again import STARTED, again
from tests.cast import MONDAY

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def desk(cast, client):
    """A desk as it comes, with Ada at the keyboard."""
    again(lambda: install(STARTED))
    client.force_login(cast.ada)
    return cast


def install(now):
    book.install_defaults(now)
    catalogue.install()
    wording.install(now)


def _fields(client, address):
    """The form of a page as a browser would send it back unchanged."""
    form = client.get(address).context["form"]
    return {name: _plain(value) for name, value in form.initial.items() if value is not None and value is not False}


def _plain(value):
    if isinstance(value, bool):
        return "on"
    if isinstance(value, list | tuple):
        return [getattr(each, "pk", each) for each in value]
    return getattr(value, "pk", value)


# The plain things


@pytest.mark.parametrize("what", ["team", "category", "component", "question", "step"])
def test_every_kind_of_thing_is_listed_opened_and_saved_unchanged(desk, client, what):
    if what == "component":
        client.post("/console/setup/things/component/add/", {"name": "Claims", "slug": "claims", "is_active": "on"})
    page = client.get(f"/console/setup/things/{what}/")
    assert page.status_code == 200
    pk = page.context["rows"][0]["row"].pk
    before = LedgerEntry.objects.count()
    address = f"/console/setup/things/{what}/{pk}/"
    answer = client.post(address, _fields(client, address))
    assert answer.status_code == 302, answer.context["form"].errors
    assert LedgerEntry.objects.count() == before


def test_a_change_is_told_in_the_history_with_old_and_new(desk, client):
    category = Category.objects.first()
    address = f"/console/setup/things/category/{category.pk}/"
    client.post(address, {**_fields(client, address), "default_severity": "low"})
    category.refresh_from_db()
    assert category.default_severity == "low"
    page = client.get(address).content.decode()
    assert "Ada Adeyemi" in page
    assert "→ low" in page


def test_questions_of_a_category_are_chosen_and_kept_in_order(desk, client):
    category = Category.objects.first()
    wanted = list(Question.objects.filter(is_general=False, is_active=True).values_list("pk", flat=True)[:2])
    address = f"/console/setup/things/category/{category.pk}/"
    client.post(address, {**_fields(client, address), "questions": wanted})
    assert list(category.category_questions.values_list("question", flat=True)) == wanted


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"names_en": "", "names_de": ""}, "at least one language"),
        ({"slug": "Not a slug"}, "small letters"),
        ({"slug": "database-timeout-taken"}, "taken"),
        ({"default_severity": "awful"}, "awful"),
        ({"position": "-1"}, "0"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(desk, client, wrong, words):
    Category.objects.create(slug="database-timeout-taken", names={"en": "Other"})
    category = Category.objects.first()
    address = f"/console/setup/things/category/{category.pk}/"
    answer = client.post(address, {**_fields(client, address), "hints_en": "typed by hand", **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert words in page
    assert "typed by hand" in page


def test_leads_look_at_people_and_promises_but_admins_change_them(desk, client):
    client.force_login(desk.emil)
    page = client.get("/console/setup/policies/hear_back/high/").content.decode()
    assert "an admin changes it" in page
    assert client.post("/console/setup/policies/hear_back/high/", {}).status_code == 403
    assert client.get("/console/setup/people/invite/").status_code == 403


# People


def test_ada_invites_somebody_who_joins_by_the_link(desk, client):
    wish = {"name": "Gus Gray", "email": "Gus@desk.example", "role": "engineer", "teams": [desk.platform.pk]}
    page = client.post("/console/setup/people/invite/", wish).content.decode()
    link = re.search(r"/console/welcome/([a-z0-9]+)/", page)[0]
    client.logout()
    assert client.post(link, {"password": "three quiet harbours"}).status_code == 302
    gus = Agent.objects.get(email="gus@desk.example")
    assert list(gus.teams.all()) == [desk.platform]
    assert client.get("/console/queue/").status_code == 200


def test_nobody_is_invited_twice(desk, client):
    wish = {"name": "Dora", "email": "dora@desk.example", "role": "agent"}
    answer = client.post("/console/setup/people/invite/", wish)
    assert answer.status_code == 422
    assert "is here already" in answer.content.decode()


def test_ada_cannot_take_her_own_role_away(desk, client):
    address = f"/console/setup/people/{desk.ada.key}/"
    answer = client.post(address, {**_fields(client, address), "role": "agent"})
    assert answer.status_code == 422
    assert "your own role" in answer.content.decode()


# Rotas


def _at(day, hour):
    return datetime(2026, 11, day, hour, tzinfo=BERLIN).astimezone(UTC)


def test_nobody_planned_is_one_long_hole():
    assert gaps([], [], now=MONDAY) == [Stretch(MONDAY, MONDAY + timedelta(days=30))]


def test_around_the_clock_every_day_leaves_none():
    week = [Weekly(day, time(0), time(0), BERLIN) for day in range(7)]
    assert gaps(week, [], now=MONDAY) == []
    assert covered_share([]) == 1


def test_nights_between_day_shifts_are_holes_and_a_stand_in_closes_one():
    week = [Weekly(day, time(8), time(18), BERLIN) for day in range(7)]
    holes = gaps(week, [Stretch(_at(16, 18), _at(17, 8))], now=_at(16, 9), days=3)
    assert holes == [Stretch(_at(17, 18), _at(18, 8)), Stretch(_at(18, 18), _at(19, 8))]


def test_a_night_shift_ends_the_next_morning_also_on_the_night_the_clocks_change():
    week = [Weekly(day, time(20), time(8), BERLIN) for day in range(7)] + [
        Weekly(day, time(8), time(20), BERLIN) for day in range(7)
    ]
    assert gaps(week, [], now=datetime(2027, 3, 26, tzinfo=UTC)) == []


def test_emil_plans_a_week_and_sees_the_holes_go(desk, client):
    client.force_login(desk.emil)
    address = "/console/setup/rotas/platform/"
    assert "0 % of the next 30 days" in client.get(address).content.decode()
    wish = {"form": "week", "week-agent": desk.eve.pk, "week-level": 1, "week-starts": "00:00", "week-until": "00:00"}
    answer = client.post(address, {**wish, "week-weekdays": list(range(7))})
    assert answer.status_code == 302
    assert "at every hour" in client.get(address).content.decode()
    shift = Shift.objects.first()
    client.post(f"{address}{shift.pk}/remove/")
    assert Shift.objects.count() == 6


def test_only_members_stand_in_and_never_in_the_past(desk):
    now = datetime.now(UTC)
    by = {"level": 1, "by": desk.emil.actor, "at": now}
    with pytest.raises(rotas.BadShift):
        rotas.add_once(desk.platform, desk.dora, start=now, end=now + timedelta(days=1), **by)
    with pytest.raises(rotas.BadShift):
        rotas.add_once(desk.platform, desk.eve, start=now - timedelta(days=2), end=now - timedelta(days=1), **by)


# Scripts, promises, hours


def test_a_script_is_previewed_without_being_changed(desk, client):
    address = "/console/setup/scripts/escalated/"
    words = "Dear {{ first_name }}, in short: yes, by {{ promised_time }}."
    wish = {**_fields(client, address), "bodies_en": words, "preview": "1"}
    assert "Dear Ana, in short: yes, by Monday 16 November, 15:00 (CET)." in client.post(address, wish).content.decode()
    assert "in short" not in Script.objects.get(slug="escalated").bodies["en"]


def test_a_placeholder_that_does_not_exist_is_refused_with_those_that_do(desk, client):
    address = "/console/setup/scripts/escalated/"
    answer = client.post(address, {**_fields(client, address), "bodies_en": "Dear {{ nickname }}"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "nickname" in page
    assert "first_name" in page


def test_an_edited_script_keeps_its_earlier_wording(desk, client):
    address = "/console/setup/scripts/escalated/"
    words = "Hello {{ first_name }},\r\n\r\nit is with our engineers. News by {{ promised_time }}."
    client.post(address, {**_fields(client, address), "bodies_en": words})
    script = Script.objects.get(slug="escalated")
    assert script.edited_by == "Ada Adeyemi"
    assert script.bodies["en"] == words.replace("\r\n", "\n")
    assert script.versions.count() >= 1


NEW_SCRIPT = {
    "moment": "update",
    "is_active": "on",
    "titles_en": "Update",
    "titles_de": "Zwischenstand",
    "bodies_en": "Hello {{ first_name }},\r\nstill at it.",
    "bodies_de": "Hallo {{ first_name }}.",
}


def test_a_script_is_added_offered_and_switched_off(desk, client, cast):
    said = scripts.choose("update")
    assert "/console/setup/scripts/add/" in client.get("/console/setup/scripts/").content.decode()
    assert "still at it" in client.post("/console/setup/scripts/add/", {**NEW_SCRIPT, "preview": "1"}).content.decode()
    assert client.post("/console/setup/scripts/add/", NEW_SCRIPT).status_code == 302
    assert client.post("/console/setup/scripts/add/", NEW_SCRIPT).status_code == 302
    one, other = Script.objects.filter(slug__startswith="own-").order_by("id")
    assert (one.slug, other.slug, one.moment, one.edited_by) == ("own-update", "own-update-2", "update", "Ada Adeyemi")
    assert one.versions.count() == 1
    assert LedgerEntry.objects.filter(kind="script.added").count() == 2
    # What is said by itself at this moment stays what it was.
    assert scripts.choose("update") == said
    assert ("own-update", "Update") in [offered[:2] for offered in scripts_offered()]
    address = "/console/setup/scripts/own-update/"
    wish = _fields(client, address)
    wish.pop("is_active")
    client.post(address, wish)
    assert "own-update" not in [slug for slug, *_more in scripts_offered()]


def test_a_script_with_a_gap_or_without_a_moment_is_not_added(desk, client):
    for wrong in ({"bodies_en": "{{ nickname }}"}, {"moment": "nonsense"}, {"bodies_de": ""}):
        assert client.post("/console/setup/scripts/add/", {**NEW_SCRIPT, **wrong}).status_code == 422
    assert not Script.objects.filter(slug__startswith="own-").exists()


@pytest.mark.parametrize("words", ["You hear from us by 09:00 tomorrow, by {{ promised_time }}.", "It is with them."])
def test_a_script_with_a_time_of_its_own_or_without_the_promised_one_is_refused_in_plain_words(desk, client, words):
    address = "/console/setup/scripts/acknowledgement/"
    answer = client.post(address, {**_fields(client, address), "bodies_en": f"Hello,\r\n\r\n{words}"})
    assert answer.status_code == 422
    assert re.search(r"[Ww]rite \{\{ promised_time \}\}", answer.content.decode())
    assert words not in Script.objects.get(slug="acknowledgement").bodies["en"]


def test_a_policy_counts_from_now_on(desk, client):
    address = "/console/setup/policies/hear_back/high/"
    wish = {
        **_fields(client, address),
        "target": "1 h 15 min",
        "rungs": "10 min: lead\n2 h: manager",
        "reason": "Too slow",
    }
    assert client.post(address, wish).status_code == 302
    now = next(p for p in queries.policies_in_force(datetime.now(UTC)) if (p.kind, p.severity) == ("hear_back", "high"))
    assert now.target_minutes == 75
    assert now.rungs == [{"after_minutes": 10, "whom": "lead"}, {"after_minutes": 120, "whom": "manager"}]
    assert "Too slow" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"target": "soon"}, "30 min"),
        ({"rungs": "10 min: nobody"}, "Nobody is called"),
        ({"at_risk_percent": "0"}, "1"),
    ],
)
def test_terms_that_cannot_be_are_refused(desk, client, wrong, words):
    address = "/console/setup/policies/hear_back/high/"
    answer = client.post(address, {**_fields(client, address), **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_hours_with_a_lunch_break_and_holidays_of_a_country(desk, client):
    wish = {"name": "Munich", "time_zone": "Europe/Berlin", "day_0": "8:00-12:00, 13:00-18:00", "country": "DE-BY"}
    answer = client.post("/console/setup/hours/new/", wish)
    assert answer.status_code == 302, answer.context["form"].errors
    version = Calendar.objects.get(name="Munich").versions.get()
    assert version.blocks == {"0": [["08:00", "12:00"], ["13:00", "18:00"]]}
    assert any(day.endswith("-12-25") for day in version.holidays)


@pytest.mark.parametrize(
    "wrong",
    [{"day_0": "morning"}, {"holidays": "Christmas"}, {"country": "XX"}, {"time_zone": "Moon/Base"}, {"day_0": ""}],
)
def test_hours_that_cannot_be_are_refused(desk, client, wrong):
    wish = {"name": "Odd", "time_zone": "Europe/Berlin", "day_0": "8:00-12:00", **wrong}
    assert client.post("/console/setup/hours/new/", wish).status_code == 422
    assert not Calendar.objects.filter(name="Odd").exists()


# Looking after it


@pytest.fixture
def mail(desk):
    now = datetime.now(UTC)
    return OutgoingMail.objects.create(
        key="k",
        purpose="reply",
        to_email="ana@example.org",
        subject="About your report",
        text="See https://desk.example/console/welcome/secrettoken00/ now",
        rfc_id="<1@x>",
        state="failed",
        last_reason="550 no such mailbox",
        made_at=now,
        send_after=now,
    )


def test_the_mail_log_says_why_a_mail_failed_and_puts_it_in_line_again(desk, client, mail):
    assert "550 no such mailbox" in client.get("/console/mail/out/?state=failed").content.decode()
    client.post(f"/console/mail/out/{mail.pk}/retry/")
    mail.refresh_from_db()
    assert (mail.state, mail.rfc_id) == ("queued", "<1@x>")
    assert client.post(f"/console/mail/out/{mail.pk}/retry/").status_code == 409


def test_nobody_reads_a_key_to_an_account_in_the_mail_log(desk, client, mail):
    assert "secrettoken00" not in client.get(f"/console/mail/out/{mail.pk}/").content.decode()


def test_the_audit_is_searched_by_person_kind_report_and_day(desk, client):
    report = Report.objects.create(title="x", contact=desk.ana, received_at=MONDAY, updated_at=MONDAY)
    client.post("/console/queue/change/", {"change": "assignee:me", "report": report.pk})
    for query in ("who=ada", "kind=report.assigned", f"report=MG-{report.pk}", f"day={datetime.now(BERLIN):%Y-%m-%d}"):
        assert "report.assigned" in client.get(f"/console/setup/audit/?{query}").content.decode(), query
    for query in ("who=zoe", "kind=mail", "report=MG-999999", "day=2020-01-01", "report=x"):
        assert "Nothing fits" in client.get(f"/console/setup/audit/?{query}").content.decode(), query
    assert client.get("/console/setup/audit/?day=2026-13-45").status_code == 200


def test_the_health_page_says_when_the_worker_is_silent(desk, client):
    assert "The worker has not been seen" in client.get("/console/setup/health/").content.decode()


def test_a_team_that_is_switched_off_is_no_longer_offered(desk, client):
    Team.objects.filter(pk=desk.platform.pk).update(is_active=False)
    assert "Portal platform" not in client.get("/console/setup/people/invite/").content.decode()


def test_in_german_the_promise_policies_are_german_at_every_width(desk, client):
    """Stacked on a phone each cell names its severity; the times stand in a case that reads right by itself."""
    Agent.objects.filter(pk=desk.ada.pk).update(language="de")
    for address in ("/console/setup/policies/", "/console/promises/"):
        page = client.get(address).content.decode()
        assert 'data-label="Gering"' in page
        assert 'data-label="Low"' not in page
        assert re.search(r">in \d+ Geschäftstagen<", page)
        assert not re.search(r">\d+ Geschäftstagen<", page)


def test_words_quoted_in_german_stand_between_german_marks(desk, client):
    with translation.override("de"):
        assert quoted("kaputt") == "„kaputt“"
    Agent.objects.filter(pk=desk.ada.pk).update(language="de")
    client.post(
        "/console/setup/policies/hear_back/high/",
        _fields(client, "/console/setup/policies/hear_back/high/") | {"target": "45 min", "reason": "Kunden warten"},
    )
    assert "„Kunden warten“" in client.get("/console/setup/audit/").content.decode()


def test_each_line_of_an_error_summary_names_its_field(desk, client):
    """Five times "This field is required." tells nobody where to look."""
    for address in ("things/category/add/", "things/question/add/", "scripts/add/", "people/invite/", "hours/new/"):
        page = client.post(f"/console/setup/{address}", {}).content.decode()
        summary = re.search(r"data-error-summary>.*?</ul>", page, re.S)[0]
        lines = re.findall(r"<li>(.*?)</li>", summary, re.S)
        assert len(lines) == len(set(lines)) > 0, (address, lines)
        assert "This field is required" not in page
    page = client.post("/console/setup/people/invite/", {}).content.decode()
    assert page.count("Fill in “Name”.") == 2, "above and at the field, in the same words"


def test_a_limit_broken_names_the_field_too(desk, client):
    page = client.post("/console/setup/policies/hear_back/high/", {"target": "1 h", "at_risk_percent": "150"})
    told = "“Warn when this much of the time is used”: Ensure this value is less than or equal to 99."
    assert page.content.decode().count(told) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("12:00-8:00", "“12:00-8:00” is not in order"),
        ("8-12, 11-13", "“8-12, 11-13” is not in order"),
        ("8-8", "“8-8” is not in order"),
        ("8-24:30", "“8-24:30” is not in order"),
        ("8:75-12", "“8:75-12” should look like"),
        ("8-25", "“8-25” should look like"),
    ],
)
def test_opening_hours_that_cannot_be_are_told_at_their_day(desk, client, typed, told):
    given = {"name": "Night desk", "time_zone": "Europe/Berlin", "day_0": "9-17", "day_2": typed, "country": "DE"}
    form = client.post("/console/setup/hours/new/", given).context["form"]
    assert list(form.errors) == ["day_2"]
    assert told in str(form.errors["day_2"])


def test_hours_up_to_midnight_and_touching_blocks_are_fine(desk, client):
    given = {"name": "Night desk", "time_zone": "Europe/Berlin", "day_0": "0:00-12:00, 12:00-24:00"}
    assert client.post("/console/setup/hours/new/", given).status_code == 302


def test_a_country_nobody_knows_is_told_at_the_country(desk, client):
    given = {"name": "Night desk", "time_zone": "Europe/Berlin", "day_0": "9-17", "country": "ZZ"}
    assert list(client.post("/console/setup/hours/new/", given).context["form"].errors) == ["country"]


def test_a_preview_leaves_no_placeholder_and_speaks_one_language(desk, client):
    """Every script as it comes, in both languages: what an admin reads is what a reporter would."""
    for script in Script.objects.all():
        for _language, words in client.get(f"/console/setup/scripts/{script.slug}/").context["preview"]:
            assert "{{" not in words, script.slug
    page = client.get("/console/setup/scripts/acknowledgement/").content.decode()
    assert "You will hear from us by Monday 16 November, 15:00 (CET)." in page
    assert "Sie hören von uns bis Montag, 16. November, 15:00 Uhr (MEZ)." in page


def test_the_history_of_a_person_is_words_in_the_reader_s_language(desk, client):
    Agent.objects.filter(pk=desk.ada.pk).update(language="de")
    address = f"/console/setup/people/{desk.dora.key}/"
    client.post(address, {"name": desk.dora.name, "role": "agent", "is_active": "on"})
    page = client.get(address).content.decode()
    assert "Teams: Member desk → –" in page
    assert "[&#x27;" not in page
