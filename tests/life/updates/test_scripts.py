import re
from datetime import timedelta

import pytest

from makegood.life.beginning import begin
from makegood.life.promises import kinds
from makegood.life.promises.queries import promised_time
from makegood.life.reports.models import LedgerEntry, Report
from makegood.life.updates import actions as updates
from makegood.life.updates import named_times, scripts, wording
from makegood.life.updates.models import Script
from makegood.life.updates.scripts import BadWording, NoScript, UnknownPlaceholder
from tests.again import again

pytestmark = pytest.mark.django_db
FORBIDDEN = ("!", "unfortunately", "leider", "user", "ticket", "bug", "server")


def every_body():
    return [(e["slug"], language, body) for e in wording.read() for language, body in e["bodies"].items()]


def test_there_is_a_script_for_every_moment_in_both_languages():
    assert {entry["moment"] for entry in wording.read()} == set(scripts.MOMENTS)
    for entry in wording.read():
        assert set(entry["bodies"]) == set(entry["titles"]) == {"en", "de"}


@pytest.mark.parametrize(("slug", "language", "body"), every_body())
def test_every_script_uses_known_placeholders_and_plain_words(slug, language, body):
    scripts.check(body)
    for word in FORBIDDEN:
        assert word not in body.lower().replace("browser", ""), word
    english = {e["slug"]: e["bodies"]["en"] for e in wording.read()}[slug]
    assert set(scripts.unfilled(body)) == set(scripts.unfilled(english))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("slug", [entry["slug"] for entry in wording.read()])
def test_every_script_can_be_sent_once_it_is_filled(report, cast, monday, slug, language):
    again(lambda: begin(monday), monday)
    Report.objects.filter(pk=report.pk).update(language=language)
    report.refresh_from_db()
    values = dict.fromkeys(
        ("alternative", "questions", "solution", "to_do", "missed_time", "news", "made_good_with"), "something"
    )
    draft = scripts.render(slug, report, now=monday, by=cast.dora.actor, values=values)
    assert draft.missing == ()
    next_at = promised_time(kinds.NEXT_UPDATE, report.severity, monday)
    prepared = updates.prepare(report, draft.body, by=cast.dora.actor, at=monday, next_at=next_at)
    assert "{{" not in prepared.body
    zone = scripts.reporter_zone(report)
    assert named_times.find(prepared.body, now=monday, zone=zone)


def test_installing_twice_adds_nothing_and_overwrites_nothing(db, monday, cast):
    begin(monday)
    script = scripts.edit(
        Script.objects.get(slug="update"), by=cast.emil.actor, at=monday, bodies={"en": "Hello {{ first_name }}."}
    )
    assert begin(monday + timedelta(days=1)) == 0
    assert Script.objects.get(pk=script.pk).bodies == {"en": "Hello {{ first_name }}."}


def test_a_script_nobody_edited_takes_the_words_of_the_release(db, monday, cast):
    begin(monday)
    old = {"en": "Old words.", "de": "Alte Worte."}
    Script.objects.filter(slug__in=["closed-silence", "update"]).update(bodies=old)
    Script.objects.filter(slug="update").update(edited_by="Emil Ek")
    assert begin(monday + timedelta(days=1)) == 1
    renewed = Script.objects.get(slug="closed-silence")
    assert renewed.bodies == wording.shipped("closed-silence").bodies
    assert (renewed.version, renewed.edited_by) == (2, "")
    assert list(renewed.versions.values_list("version", "by_name")) == [(2, "Makegood"), (1, "Makegood")]
    assert Script.objects.get(slug="update").bodies == old
    assert begin(monday + timedelta(days=2)) == 0


def test_a_question_is_spoken_of_as_one_at_every_moment_that_comes_by_itself(report, cast, monday):
    begin(monday)
    Report.objects.filter(pk=report.pk).update(kind="question")
    report.refresh_from_db()
    for moment in wording.read():
        general = moment["moment"]
        if f"{general}_question" not in scripts.MOMENTS:
            continue
        for language in ("en", "de"):
            report.language = language
            said = scripts.render(general, report, now=monday, by=cast.dora.actor).body.lower()
            for word in ("error", "fehler", "report", "meldung", "put right", "behoben", "cause", "ursache"):
                assert not re.search(rf"\b{word}\b", said), (general, word)


def test_without_words_of_its_own_a_question_is_told_the_general_ones(report, cast, monday):
    begin(monday)
    Script.objects.filter(moment="reopened_question").update(is_active=False)
    assert scripts.choose("reopened", "question").slug == "reopened"
    assert scripts.choose("update", "question").slug == "update-question"
    assert scripts.choose("update").slug == "update"


def test_editing_keeps_the_earlier_wording(db, monday, cast):
    begin(monday)
    script = Script.objects.get(slug="update")
    before = script.bodies
    scripts.edit(script, by=cast.emil.actor, at=monday, bodies={"en": "New words."})
    versions = list(script.versions.values_list("version", "by_name"))
    assert versions == [(2, "Emil Ek"), (1, "Makegood")]
    assert script.versions.get(version=1).bodies == before
    assert LedgerEntry.objects.get(kind="script.edited").data == {"script": "update", "version": 2}


def test_an_unknown_placeholder_is_refused_with_a_hint(db, monday, cast):
    begin(monday)
    with pytest.raises(UnknownPlaceholder, match=r"“shoe_size”.*\{\{ promised_time \}\}"):
        scripts.edit(Script.objects.get(slug="update"), by=cast.emil.actor, at=monday, bodies={"en": "{{ shoe_size }}"})


def test_a_subject_may_not_tell_names_or_contents(db, monday, cast):
    begin(monday)
    with pytest.raises(UnknownPlaceholder):
        scripts.edit(
            Script.objects.get(slug="update"), by=cast.emil.actor, at=monday, subjects={"en": "{{ solution }}"}
        )


def test_words_in_a_value_are_never_read_as_placeholders_or_code(report, cast, monday):
    begin(monday)
    draft = scripts.render("update", report, now=monday, values={"solution": "{{ agent }} {% now 'Y' %}"})
    assert "{% now 'Y' %}" in draft.body


def test_a_retired_script_is_not_used(report, monday):
    begin(monday)
    Script.objects.filter(moment="update").update(is_active=False)
    with pytest.raises(NoScript):
        scripts.render("update", report, now=monday)


def test_without_any_script_in_the_data_the_shipped_words_are_said(report, monday):
    assert "thank you for telling us" in scripts.render("acknowledgement", report, now=monday).body


def test_where_there_is_no_other_way_its_paragraph_is_left_out(report, cast, monday):
    begin(monday)
    draft = scripts.render("escalated", report, now=monday, by=cast.dora.actor)
    assert draft.missing == ()
    assert "meanwhile" not in draft.body
    updates.reply(report, draft.body, by=cast.dora.actor, at=monday)


def test_nothing_to_do_is_not_mentioned(report, cast, monday):
    begin(monday)
    draft = scripts.render("fixed", report, now=monday, values={"solution": "A full disk.", "to_do": ""})
    assert draft.missing == ()
    assert "need to do" not in draft.body


def test_a_greeting_without_a_name_closes_up():
    assert scripts.fill("Hello {{ first_name }},", {}) == "Hello,"
    assert scripts.fill("Guten Tag {{first_name}},", {"first_name": ""}) == "Guten Tag,"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "You will hear from us by 09:00 tomorrow."),
        ("en", "You will hear from us by {{ promised_time }}, and we call you within two hours."),
        ("de", "Sie hören von uns bis morgen, 9 Uhr."),
        ("de", "Wir melden uns in zwei Stunden. Neues bis {{ promised_time }}."),
    ],
)
def test_no_script_names_a_time_of_its_own(db, monday, cast, language, words):
    begin(monday)
    script = Script.objects.get(slug="acknowledgement")
    with pytest.raises(BadWording, match=r"\{\{ promised_time \}\}"):
        scripts.edit(script, by=cast.emil.actor, at=monday, bodies={**script.bodies, language: words})


@pytest.mark.parametrize("moment", sorted(scripts.NAME_THE_TIME))
def test_a_script_of_a_moment_that_owes_something_keeps_the_placeholder_of_the_time(db, monday, cast, moment):
    begin(monday)
    script = Script.objects.get(moment=moment)
    with pytest.raises(BadWording):
        scripts.edit(script, by=cast.emil.actor, at=monday, bodies={"en": "Thank you.", "de": "Danke."})


def test_what_ships_passes_the_check_of_an_edit(monday):
    for entry in wording.read():
        for body in entry["bodies"].values():
            scripts.check_body(entry["moment"], body.strip(), at=monday)
