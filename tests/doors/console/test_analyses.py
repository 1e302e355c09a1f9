"""The analysis of a problem in the console: as Eve writes it, Emil reads it, and Dora looks on."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from makegood.life.announcements.models import Announcement
from makegood.life.problems import actions as problems
from makegood.life.rca import causes, review, timeline, writing
from makegood.life.rca.models import Cause, Rca, RcaDraft, TimelineRow
from makegood.life.reports.models import Report
from tests.again import STARTED, again
from tests.life.rca.study import DAY, WORDS, action, severe


@pytest.fixture
def now():
    return STARTED - timedelta(hours=4)


@pytest.fixture
def problem(cast, now):
    return again(lambda: severe(cast, now), now)


@pytest.fixture
def rca(problem):
    return Rca.objects.get(problem=problem)


@pytest.fixture
def enter():
    def go(agent):
        client = Client()
        client.force_login(agent)
        return client

    return go


@pytest.fixture
def eve(enter, cast):
    return enter(cast.eve)


def at(name, problem, *more):
    return reverse(f"console:{name}", args=[problem.number, *more])


def text(answer):
    return answer.content.decode()


def form(rca, **words):
    return {"version": rca.version, **WORDS, "public_en": "A machine was gone.", "public_de": "", **words}


def test_what_is_due_is_found_from_the_problem_and_from_the_list(problem, eve):
    assert "Root cause analysis" in text(eve.get(at("problem", problem)))
    page = text(eve.get(reverse("console:analyses")))
    assert problem.title in page
    assert at("rca", problem) in page
    promises = text(eve.get(reverse("console:promises")))
    assert promises


def test_from_the_first_word_to_the_published_one(problem, rca, eve, enter, cast, now):
    refused = eve.post(at("rca_act", problem, "submit"))
    assert refused["Location"].endswith("#r-overview")
    assert eve.post(at("rca", problem), form(rca, monitoring_gap="")).status_code == 302
    refused = eve.post(at("rca_act", problem, "submit"), follow=True)
    assert "why our monitoring did not see it" in text(refused)
    rca.refresh_from_db()
    assert rca.state == "draft"
    eve.post(at("rca", problem), form(rca))
    action(cast, rca, now)
    assert eve.post(at("rca_act", problem, "submit")).status_code == 302
    page = text(eve.get(at("rca_document", problem)))
    assert "Whoever wrote it cannot approve it" in page
    assert "Approve it" not in page
    assert eve.post(at("rca_act", problem, "approve")).status_code == 409
    emil = enter(cast.emil)
    assert "Approve it" in text(emil.get(at("rca_document", problem)))
    emil.post(at("rca_act", problem, "approve"))
    emil.post(at("rca_act", problem, "publish"))
    rca.refresh_from_db()
    assert (rca.state, rca.reviewer) == ("published", cast.emil)
    assert review.published_text(problem) == {"en": "A machine was gone."}
    emil.post(at("rca_act", problem, "announce"))
    assert Announcement.objects.get().texts == {"en": "A machine was gone."}


def test_what_somebody_else_saved_is_shown_and_nothing_typed_is_lost(problem, rca, eve, cast, now):
    writing.edit(rca, by=cast.emil.actor, at=now + DAY, overview="Emil's words.")
    answer = eve.post(at("rca", problem), form(rca, version=rca.version - 1, overview="Eve's words."))
    page = text(answer)
    assert answer.status_code == 422
    assert "Emil&#x27;s words." in page
    assert page.count("Eve&#x27;s words.") == 2


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("luck", "x" * 10_001, "too long"),
        ("began_at", "tomorrowish", "is not a time we can read"),
    ],
)
def test_a_slip_is_said_beside_its_field(problem, rca, eve, field, typed, words):
    answer = eve.post(at("rca", problem), form(rca, **{field: typed}))
    assert answer.status_code == 422
    assert f'id="r-{field}-error"' in text(answer)
    assert words in text(answer)
    assert WORDS["overview"] in text(answer)


def test_what_is_typed_is_kept_and_comes_back(problem, rca, eve, enter, cast):
    eve.post(at("rca_draft", problem), form(rca, overview="Half a sen"))
    assert RcaDraft.objects.get().words["overview"] == "Half a sen"
    page = text(eve.get(at("rca", problem)))
    assert "Half a sen" in page
    assert "not saved yet" in page
    others = text(enter(cast.emil).get(at("rca", problem)))
    assert "Half a sen" not in others
    assert "Unsaved words by Eve Eriksen" in others
    eve.post(at("rca_act", problem, "forget"))
    assert not RcaDraft.objects.exists()


def test_saving_ends_the_draft(problem, rca, eve):
    eve.post(at("rca_draft", problem), form(rca, overview="Half a sen"))
    eve.post(at("rca", problem), form(rca))
    assert not RcaDraft.objects.exists()


def test_the_timeline_is_drafted_hidden_worded_and_added_to(problem, rca, enter, cast):
    eve = enter(cast.emil)
    eve.post(at("rca_timeline_draft", problem))
    page = text(eve.get(at("rca_timeline", problem)))
    number = Report.objects.first().number
    assert f"{number} came in." in page
    row = TimelineRow.objects.filter(kind="report.received").first()
    eve.post(at("rca_row", problem, row.pk), {"deed": "hide"})
    assert f"{number} came in." not in text(eve.get(at("rca_document", problem)))
    eve.post(at("rca_row", problem, row.pk), {"deed": "show"})
    eve.post(at("rca_row", problem, row.pk), {"words": "The first of them.", "evidence": "https://logs.example/1"})
    page = text(eve.get(at("rca_document", problem)))
    assert "The first of them." in page
    assert 'href="https://logs.example/1"' in page
    eve.post(at("rca_timeline", problem), {"at": "2026-11-29T08:00", "words": "A machine is switched off."})
    mine = TimelineRow.objects.get(source="")
    assert mine.words in text(eve.get(at("rca_timeline", problem)))
    eve.post(at("rca_row", problem, mine.pk), {"deed": "remove"})
    assert not TimelineRow.objects.filter(source="").exists()


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"at": "", "words": "Something"}, "row-at"),
        ({"at": "2026-11-29T08:00", "words": ""}, "row-words"),
        ({"at": "2026-11-29T08:00", "words": "Kept", "evidence": "javascript:alert(1)"}, "row-evidence"),
    ],
)
def test_a_line_that_says_too_little_is_refused_beside_its_field(problem, rca, eve, told, place):
    answer = eve.post(at("rca_timeline", problem), told)
    assert answer.status_code == 422
    assert f'id="{place}-error"' in text(answer)
    assert not TimelineRow.objects.exists()


def test_causes_are_added_linked_and_drawn(problem, rca, eve):
    eve.post(at("rca_causes", problem), {"words": "Claims answer 500", "kind": "fact"})
    event = Cause.objects.get()
    told = {"words": "Any target is taken", "kind": "missing", "road": "occurrence", "effect": [event.pk]}
    answer = eve.post(at("rca_causes", problem), told)
    cause = Cause.objects.last()
    assert answer["Location"].endswith(f"#cause-{cause.pk}")
    page = text(eve.get(at("rca_causes", problem)))
    drawn = page.split('<div class="causes"')[1].split("</svg>")[0]
    assert '<svg viewBox="0 0 252 304"' in drawn
    assert f'<a href="#cause-{cause.pk}" aria-label="missing control' in drawn
    assert drawn.count('class="causes__arrow"') == 1
    assert "stroke-dasharray" in drawn
    assert "&lt;" not in drawn
    circle = eve.post(at("rca_cause", problem, event.pk), {**told, "words": "Claims answer 500", "effect": [cause.pk]})
    assert circle.status_code == 422
    assert f'id="c{event.pk}-effects-error"' in text(circle) or "meanwhile" in text(circle)
    version = Cause.objects.get(pk=event.pk).version
    told = {"words": "Claims answer 500", "effect": [cause.pk], "version": version}
    circle = eve.post(at("rca_cause", problem, event.pk), told)
    assert f'id="c{event.pk}-effects-error"' in text(circle)
    eve.post(at("rca_cause_remove", problem, cause.pk))
    assert list(Cause.objects.all()) == [event]


def test_what_is_added_next_is_tied_to_what_happened_unless_why_is_asked_of_another(problem, rca, eve):
    eve.post(at("rca_causes", problem), {"words": "Claims answer 500", "kind": "fact"})
    event = Cause.objects.get()
    form = text(eve.get(at("rca_causes", problem))).split('id="new-cause"')[1].split("</form>")[0]
    assert f'name="effect" value="{event.pk}" checked' in form
    assert '<option value="condition" selected>' in form
    eve.post(at("rca_causes", problem), {"words": "Any target is taken", "kind": "missing", "effect": [event.pk]})
    cause = Cause.objects.last()
    form = text(eve.get(at("rca_causes", problem) + f"?why={cause.pk}")).split('id="new-cause"')[1].split("</form>")[0]
    assert f'value="{cause.pk}" checked' in form
    assert f'value="{event.pk}" checked' not in form


def test_a_person_blamed_is_said_where_it_is_drawn_and_listed(problem, rca, eve, cast, now):
    causes.add(rca, "Eve Eriksen was careless", by=cast.emil.actor, at=now)
    page = text(eve.get(at("rca_causes", problem)))
    assert "causes__box--blames" in page
    assert "blames a person" in page


def test_words_of_a_cause_stay_words(problem, rca, eve, cast, now):
    causes.add(rca, '<script>alert(1)</script>" onload="x', by=cast.emil.actor, at=now)
    for answer in (eve.get(at("rca_causes", problem)), eve.get(at("rca_export", problem, "svg"))):
        assert "<script>alert" not in text(answer)
        assert '" onload' not in text(answer)


def test_it_is_taken_along_as_document_picture_and_list(problem, rca, eve, cast, now):
    writing.edit(rca, by=cast.eve.actor, at=now, **WORDS)
    event = causes.add(rca, "Claims answer 500", by=cast.eve.actor, at=now)
    causes.add(rca, "Any target is taken", by=cast.eve.actor, at=now, effects=[event.pk])
    timeline.refresh(rca, by=cast.eve.actor, at=now + DAY)
    action(cast, rca, now)
    markdown = text(eve.get(at("rca_export", problem, "md")))
    for words in ("Root cause analysis", WORDS["overview"], "Any target is taken", "came in", "No 502 after"):
        assert words in markdown or words.replace("-", "\\-") in markdown
    pdf = eve.get(at("rca_export", problem, "pdf"))
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == f'attachment; filename="{problem.number}-{rca.number}.pdf"'
    svg = text(eve.get(at("rca_export", problem, "svg")))
    assert svg.startswith("<svg")
    assert 'xmlns="http://www.w3.org/2000/svg"' in svg
    assert "class=" not in svg
    assert text(eve.get(at("rca_export", problem, "txt"))) == "Claims answer 500 ← Any target is taken\n"
    assert eve.get(at("rca_export", problem, "exe")).status_code == 404


def test_a_protected_report_leaves_no_number_anywhere(problem, rca, eve, enter, cast, now):
    hidden = Report.objects.last()
    Report.objects.filter(pk=hidden.pk).update(is_protected=True)
    timeline.refresh(rca, by=cast.eve.actor, at=now + DAY)
    for route in (at("rca_timeline", problem), at("rca_document", problem), at("rca_export", problem, "md")):
        assert hidden.number not in text(eve.get(route)).replace("\\", "")
        assert hidden.number in text(enter(cast.emil).get(route)).replace("\\", "")


def test_nobody_sees_one_of_a_problem_that_is_not_theirs(problem, rca, enter, cast, now):
    problems.protect(problem, True, by=cast.emil.actor, at=now, reason="Secret.")
    dora = enter(cast.dora)
    for route in (at("rca", problem), at("rca_document", problem), reverse("console:rca_of", args=[rca.number])):
        assert dora.get(route).status_code == 404
    assert problem.title not in text(dora.get(reverse("console:analyses")))


def test_an_agent_reads_and_writes_nothing(problem, rca, enter, cast):
    dora = enter(cast.dora)
    page = text(dora.get(at("rca", problem)))
    assert "Ask for review" not in page
    assert dora.post(at("rca", problem), form(rca)).status_code == 403
    assert dora.post(at("rca_act", problem, "waive"), {"reason": "x"}).status_code == 403


def test_weak_actions_take_a_signature(problem, rca, eve, enter, cast, now):
    writing.edit(rca, by=cast.eve.actor, at=now, **WORDS)
    action(cast, rca, now, strength="weak")
    eve.post(at("rca_act", problem, "submit"))
    emil = enter(cast.emil)
    refused = emil.post(at("rca_act", problem, "approve"))
    assert refused.status_code == 422
    assert "more than weak" in text(refused)
    assert emil.post(at("rca_act", problem, "waive"), {"reason": ""}).status_code == 422
    emil.post(at("rca_act", problem, "waive"), {"reason": "It is replaced in March."})
    emil.post(at("rca_act", problem, "approve"))
    assert Rca.objects.get().state == "approved"
    assert "It is replaced in March." in text(emil.get(at("rca_document", problem)))


def test_begun_by_hand_and_handed_over(cast, now, enter):
    problem = severe(cast, now, severity="low")
    eve = enter(cast.eve)
    assert "owes none" in text(eve.get(at("rca", problem)))
    eve.post(at("rca_begin", problem))
    eve.post(at("rca_act", problem, "hand"), {"owner": cast.emil.pk})
    assert Rca.objects.get().owner == cast.emil
    assert eve.post(at("rca_act", problem, "hand"), {"owner": cast.dora.pk}).status_code == 409


def test_an_earlier_one_is_still_read(problem, rca, eve, enter, cast, now):
    Rca.objects.filter(pk=rca.pk).update(state="published", published_at=now, overview="The first time.")
    second = writing.begin(problem, by=cast.eve.actor, at=now + DAY)
    page = text(eve.get(reverse("console:rca_of", args=[rca.number])))
    assert "The first time." in page
    assert eve.get(reverse("console:rca_of", args=[second.number])).status_code == 302
    assert rca.number in text(eve.get(at("rca", problem)))


def test_the_pages_cost_the_same_for_many(problem, rca, eve, cast, now, django_assert_max_num_queries):
    routes = [at("rca_document", problem), at("rca", problem), at("rca_timeline", problem), at("rca_causes", problem)]
    event = causes.add(rca, "Event", by=cast.eve.actor, at=now)
    for number in range(15):
        causes.add(rca, f"Cause {number}", by=cast.eve.actor, at=now, effects=[event.pk])
        action(cast, rca, now, title=f"Action {number}")
        timeline.add(rca, now, f"Line {number}", by=cast.eve.actor, at=now)
    timeline.refresh(rca, by=cast.eve.actor, at=now + DAY)
    eve.get(reverse("console:me"))
    for route in routes:
        with django_assert_max_num_queries(24):
            eve.get(route)


def test_a_severe_problem_without_any_action_is_not_said_to_have_weak_ones(problem, rca, eve, cast, now):
    page = text(eve.get(at("rca", problem)))
    assert "no action yet" in page
    assert "nothing but weak actions" not in page
    action(cast, problem, now, strength="weak")
    assert "nothing but weak actions" in text(eve.get(at("rca", problem)))
