"""Each reason why something may be known is shown by name, in English and in German, wherever it is asked."""

from urllib.parse import urlencode

import pytest
from django.utils import timezone, translation

from makegood.doors.ui import alike
from makegood.engine.similar import Reasons
from makegood.life.people.actors import SYSTEM
from makegood.life.people.models import Agent
from makegood.life.problems import actions, known, membership, news
from makegood.life.problems.comparable import question_of_words
from makegood.life.reports import access
from makegood.life.reports.models import Component, Report
from tests.again import again
from tests.doors.api.knocking import program_of
from tests.life.case import work
from tests.life.problems import sharing

pytestmark = pytest.mark.django_db
LANGUAGES = (("en", 0), ("de", 1))


@pytest.fixture(params=sharing.STAFF)
def reason(request):
    return request.param


@pytest.fixture
def two(cast, reason):
    """The earlier and the later report, both indexed as they are now."""
    return again(lambda: two_indexed(cast, reason), reason)


def two_indexed(cast, reason):
    first, second = sharing.pair(reason, timezone.now())
    Report.objects.filter(pk__in=[first.pk, second.pk]).update(team=cast.desk)
    for report in Report.objects.filter(pk__in=[first.pk, second.pk]):
        known.put_report(report)
    return first, second


@pytest.mark.parametrize(("language", "place"), LANGUAGES)
def test_in_triage(client, cast, reason, two, language, place):
    Agent.objects.filter(pk=cast.dora.pk).update(language=language)
    client.force_login(cast.dora)
    first, second = two
    page = client.get(f"/console/reports/{second.pk}/triage/").content.decode()
    card = page[page.index(f'<article class="card" aria-label="{first.number}">') :]
    assert sharing.STAFF[reason][place] in card[: card.index("</article>")]


def test_parts_of_a_shared_name_are_not_told_beside_it():
    told = alike.why(Reasons(words=("pay", "paypaldialog", "dialog", "voucher")))
    assert told == ("shared words: paypaldialog, voucher",)


def test_the_same_event_is_the_strongest_reason_of_all(cast):
    now = timezone.now()
    first, second = sharing.pair("event", now)
    said = Report.objects.get(pk=second.pk)
    membership.join(actions.open_problem("X", by=cast.emil.actor, at=now), first, by=cast.emil.actor, at=now)
    work(now)
    same_words, _other = sharing.pair("words", now, others=0)
    Report.objects.filter(pk=same_words.pk).update(title=said.title)
    known.put_report(Report.objects.get(pk=same_words.pk))
    found = known.like(cast.emil, said, now=now)
    assert found[0].problem is not None
    assert alike.why(found[0].reasons)[0].startswith("same error event: 3f2504e0")


@pytest.mark.parametrize(("language", "place"), LANGUAGES)
@pytest.mark.parametrize(
    "reason", [one for one in sharing.STAFF if one != "component"], indirect=True
)  # nobody asks callers for one
def test_on_the_phone(client, cast, reason, two, language, place):
    Agent.objects.filter(pk=cast.dora.pk).update(language=language)
    client.force_login(cast.dora)
    words, told = sharing.typed(reason)
    form = {"what": words, "category": told.get("category", ""), "place-page": told.get("page", "")}
    form |= {"q-reference-code": told.get("reference", "")}
    Report.objects.filter(pk=two[1].pk).update(close_reason="spam")
    known.put_report(Report.objects.get(pk=two[1].pk))
    part = client.post("/console/phone/known/", form).content.decode()
    assert sharing.STAFF[reason][place] in part.split(two[0].number, 1)[1]


def test_the_phone_asks_again_when_anything_of_the_form_changes(client, cast):
    client.force_login(cast.dora)
    page = client.get("/console/phone/").content.decode()
    assert 'id="phone"' in page
    assert "change delay:500ms from:#phone" in page


def test_over_the_api(cast, reason, two):
    dora = program_of(cast.dora)
    words, told = sharing.typed(reason)
    Report.objects.filter(pk=two[1].pk).update(close_reason="spam")
    known.put_report(Report.objects.get(pk=two[1].pk))
    one = dora.get(f"/known?{urlencode({'q': words, **told})}")["items"][0]
    assert one["number"] == two[0].number
    names = {mark.partition(":")[0] for mark in one["signatures"]} | set(one["facets"])
    assert one["words"] if reason == "words" else {"event": "reference"}.get(reason, reason) in names, one


@pytest.mark.parametrize(("language", "place"), LANGUAGES)
@pytest.mark.parametrize("reason", sharing.PUBLIC, indirect=True)
def test_for_reporters_without_words_of_others(client, cast, reason, two, language, place):
    now = timezone.now()
    first, second = two
    problem = actions.open_problem(
        "Invoice: ours",
        by=cast.emil.actor,
        at=now,
        public_titles={"en": "Invoices do not arrive", "de": "Rechnungen kommen nicht an"},
        public_texts={"en": "The invoice upload stopped.", "de": "Rechnung hochladen steht."},
    )
    membership.join(problem, first, by=cast.dora.actor, at=now)
    news.publish(problem, by=cast.emil.actor, at=now)
    work(now)
    words, told = sharing.typed(reason)
    form = {"what": f"{words}\r\nThe invoice upload stopped.", **told}
    form |= {"answer_reference-code": told.get("reference", "")}
    part = client.post("/report/known/", form, headers={"accept-language": language}).content.decode()
    assert sharing.PUBLIC[reason][place] in part
    assert "gemeinsame" not in part
    assert "shared words" not in part
    assert sharing.EVENT.replace("-", "") not in part
    Report.objects.filter(pk=second.pk).update(language=language)
    client.get(f"/r/{access.make_link(second, second.contact, by=SYSTEM, at=now)}/")
    page = client.get(f"/r/{second.number}/", headers={"accept-language": language}).content.decode()
    if reason in ("page", "event", "message"):
        assert sharing.PUBLIC[reason][place] in page


def test_a_problem_is_compared_by_its_components(cast):
    now = timezone.now()
    part, other = (Component.objects.create(slug=name, name=name) for name in ("billing", "mobile"))
    problem = actions.open_problem("Invoices are empty", by=cast.emil.actor, at=now)
    actions.set_components(problem, [part, other], by=cast.emil.actor, at=now)
    work(now)
    for slug in ("billing", "mobile"):
        question = question_of_words("The invoice is empty", component=slug)
        assert known.like_question(cast.emil, question, now=now)[0].reasons.facets == ("component",)
    with translation.override("de"):
        assert "gleiche Komponente" in alike.why(known.like_question(cast.emil, question, now=now)[0].reasons)


def test_what_is_passed_is_slugs_and_one_that_is_none_is_nothing(cast):
    assert question_of_words("Two words", category="no-such", component="none").facets == {}
