"""Words are written, changed, translated and restored; every version stays, and nobody overwrites anybody."""

import pytest

from makegood.life.knowledge import actions, public
from makegood.life.knowledge.access import NotAllowed, access_article, access_wording
from makegood.life.knowledge.models import ArticleDraft, Version
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry
from tests.life.knowledge.shelf import ADDRESS, ADDRESS_DE, shown, wording, write

pytestmark = pytest.mark.django_db


def test_it_begins_as_work_in_progress_for_colleagues(cast, monday):
    article = write(cast, monday)
    assert (article.confidence, article.audience, article.owner) == ("wip", "internal", cast.dora)
    assert (wording(article).slug, wording(article).version) == ("how-do-i-change-my-address", 1)
    assert LedgerEntry.objects.get(kind="article.written").about == article.about


@pytest.mark.parametrize(
    ("texts", "field"),
    [({"title": " \n "}, "title"), ({"title": "x", "issue": "y" * 10_001}, "issue"), ({"title": "z" * 201}, "title")],
)
def test_what_cannot_be_kept_is_refused_with_its_field(cast, monday, texts, field):
    with pytest.raises(actions.NeedsWords) as no:
        actions.write(texts, by=cast.dora, at=monday)
    assert no.value.field == field


def test_a_change_is_a_new_version_and_the_old_one_stays(cast, monday):
    one = wording(write(cast, monday))
    actions.edit(one, {**ADDRESS, "cause": "You moved."}, by=cast.eve, at=monday, why="Asked on the phone")
    assert (one.version, one.cause) == (2, "You moved.")
    numbers = list(Version.objects.filter(wording=one).order_by("number").values_list("number", "by_name", "why"))
    assert numbers == [(1, "Dora Dahl", ""), (2, "Eve Eriksen", "Asked on the phone")]


def test_the_same_words_are_no_change(cast, monday):
    one = wording(write(cast, monday))
    assert actions.edit(one, ADDRESS, by=cast.dora, at=monday) is None
    assert Version.objects.count() == 1


def test_who_looked_at_an_older_version_is_stopped(cast, monday):
    one = wording(write(cast, monday))
    actions.edit(one, {**ADDRESS, "cause": "Eve's"}, by=cast.eve, at=monday, expected=1)
    with pytest.raises(actions.Conflict):
        actions.edit(one, {**ADDRESS, "cause": "Dora's"}, by=cast.dora, at=monday, expected=1)
    assert wording(one.article).cause == "Eve's"


def test_an_old_version_is_restored_as_a_new_one(cast, monday):
    one = wording(write(cast, monday))
    actions.edit(one, {**ADDRESS, "title": "Moving"}, by=cast.dora, at=monday)
    actions.restore(one, 1, by=cast.dora, at=monday)
    assert (one.title, one.version) == (ADDRESS["title"], 3)
    with pytest.raises(NotFound):
        actions.restore(one, 99, by=cast.dora, at=monday)


def test_what_reporters_read_is_changed_by_leads_only(cast, monday):
    one = wording(shown(cast, monday))
    with pytest.raises(NotAllowed):
        actions.edit(one, {**ADDRESS, "title": "Oops"}, by=cast.dora, at=monday)
    actions.edit(one, {**ADDRESS, "title": "Moving house"}, by=cast.emil, at=monday)
    assert (one.title, one.slug) == ("Moving house", "how-do-i-change-my-address")


def test_a_slug_follows_the_title_until_it_was_public(cast, monday):
    one = wording(write(cast, monday))
    actions.edit(one, {**ADDRESS, "title": "Zugang geändert? Größe 5"}, by=cast.dora, at=monday)
    assert one.slug == "zugang-geaendert-groesse-5"
    second = wording(write(cast, monday, {**ADDRESS, "title": "Zugang geändert? Größe 5!"}))
    assert second.slug == "zugang-geaendert-groesse-5-2"
    assert wording(write(cast, monday, {**ADDRESS, "title": "¿?"})).slug == "article"


def test_a_translation_falls_behind_when_the_original_changes_and_catches_up(cast, monday):
    article = shown(cast, monday)
    german = actions.translate(article, "de", ADDRESS_DE, by=cast.emil, at=monday)
    assert not public.article("de", german.slug, picture="").is_behind
    actions.edit(wording(article), {**ADDRESS, "cause": "You moved."}, by=cast.emil, at=monday)
    assert public.article("de", german.slug, picture="").is_behind
    actions.edit(german, ADDRESS_DE, by=cast.emil, at=monday, is_current=False)
    assert public.article("de", german.slug, picture="").is_behind
    actions.edit(german, ADDRESS_DE, by=cast.emil, at=monday)
    assert not public.article("de", german.slug, picture="").is_behind


def test_one_wording_a_language_and_only_languages_we_speak(cast, monday):
    article = write(cast, monday)
    with pytest.raises(actions.AlreadyThere):
        actions.translate(article, "en", ADDRESS, by=cast.dora, at=monday)
    with pytest.raises(actions.NoSuchLanguage):
        actions.translate(article, "xx", ADDRESS, by=cast.dora, at=monday)


def test_a_draft_is_kept_for_its_writer_and_goes_when_saved(cast, monday):
    article = write(cast, monday)
    actions.save_draft(cast.dora, article, "en", {"title": "T" * 999}, at=monday, of_version=1)
    actions.save_draft(cast.dora, article, "en", {"title": "Half a thought"}, at=monday, of_version=1)
    assert actions.draft_of(cast.eve, article, "en") is None
    assert actions.draft_of(cast.dora, article, "en").texts["title"] == "Half a thought"
    actions.edit(wording(article), {**ADDRESS, "title": "A thought"}, by=cast.dora, at=monday)
    assert not ArticleDraft.objects.exists()


def test_it_is_found_by_key_and_number_and_missing_is_not_found(cast, monday):
    article = write(cast, monday)
    assert access_article(cast.dora, article.key) == access_article(cast.eve, f"kb-{article.pk}") == article
    for key in ("KB-99999", "nothing", "KB-" + "9" * 40):
        with pytest.raises(NotFound):
            access_article(cast.dora, key)
    with pytest.raises(NotFound):
        access_article(cast.fay, article.key)
    with pytest.raises(NotFound):
        access_wording(cast.dora, article.key, "de")


def test_facts_are_set_and_a_note_has_an_end(cast, monday):
    article = write(cast, monday)
    actions.set_facts(article, by=cast.dora, at=monday, note="Ask Ines", checked_release="v3.14")
    assert (article.note, article.checked_release) == ("Ask Ines", "v3.14")
    with pytest.raises(actions.TooLong):
        actions.set_facts(article, by=cast.dora, at=monday, note="x" * 5_001)
    with pytest.raises(TypeError):
        actions.set_facts(article, by=cast.dora, at=monday, audience="public")
