"""Markdown out and in again says the same; what comes from elsewhere is for colleagues, all of it or nothing."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as some

from makegood.life.knowledge import actions, exchange, pictures
from makegood.life.knowledge.access import NotAllowed
from makegood.life.knowledge.models import Article, ArticlePicture, Version, Wording
from tests.life.knowledge.shelf import ADDRESS, ADDRESS_DE, shown, wording, write

pytestmark = pytest.mark.django_db
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00"
    b"\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef\x00\x00\x00\x00IEND\xaeB`\x82"
)


def take(cast, monday, text, name="a.md", **more):
    return exchange.take_in(io.BytesIO(text.encode()), name=name, by=cast.emil, at=monday, **more)


def test_out_and_in_again_changes_nothing(cast, monday):
    one = wording(shown(cast, monday))
    outcome = take(cast, monday, exchange.to_markdown(one))
    assert (outcome.made, outcome.changed, outcome.same) == ([], [], 1)
    assert Version.objects.count() == 1


def test_a_changed_file_of_ours_is_a_new_version(cast, monday):
    one = wording(write(cast, monday))
    outcome = take(cast, monday, exchange.to_markdown(one).replace("3. Save.", "3. Press Save."))
    assert outcome.changed == [ADDRESS["title"]]
    assert wording(one.article).resolution.endswith("3. Press Save.")
    assert Version.objects.get(number=2).why == "Imported."


def test_what_is_new_is_work_in_progress_whatever_it_says(cast, monday):
    text = "---\nconfidence: validated\naudience: public\nlanguage: de\n---\n# Titel\n\n## Resolution\n\nSo geht es."
    take(cast, monday, text)
    article = Article.objects.get()
    assert (article.confidence, article.audience, article.language) == ("wip", "internal", "de")
    assert Wording.objects.get().resolution == "So geht es."


def test_headings_inside_code_are_code():
    told = exchange.read("# T\n\n## Resolution\n\n```\n## Cause\n# x\n```\n\n### Small\n\n## Cause\n\nwhy")
    assert told.texts["resolution"] == "```\n## Cause\n# x\n```\n\n### Small"
    assert told.texts["cause"] == "why"


@pytest.mark.parametrize(
    "data", [b"no title", b"# T\n\xff\xfe", b"# T\n" + b"x" * 500_000, b"# " + b"t" * 300], ids=str
)
def test_what_cannot_be_read_is_said_and_nothing_is_taken(cast, monday, data):
    with pytest.raises(exchange.BadFile):
        exchange.take_in(io.BytesIO(data), name="bad.md", by=cast.emil, at=monday)
    assert not Article.objects.exists()


def test_a_bad_file_among_good_ones_takes_none(cast, monday):
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w") as made:
        made.writestr("en/a.md", "# Good\n")
        made.writestr("en/b.md", "bad")
    with pytest.raises(exchange.BadFile, match="b.md"):
        exchange.take_in(pack, name="x.zip", by=cast.emil, at=monday)
    assert not Article.objects.exists()
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w") as made:
        made.writestr("readme.txt", "x")
    with pytest.raises(exchange.BadFile):
        exchange.take_in(pack, name="x.zip", by=cast.emil, at=monday)


def test_a_pack_goes_out_and_in_with_languages_and_pictures(cast, monday, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    article = write(cast, monday)
    picture = pictures.add(article, io.BytesIO(PNG), name="screen.png", by=cast.dora, at=monday)
    text = {**ADDRESS, "resolution": f"![The screen](picture:{picture.key})"}
    actions.edit(wording(article), text, by=cast.dora, at=monday)
    actions.translate(article, "de", ADDRESS_DE, by=cast.dora, at=monday)
    pack = io.BytesIO()
    rows = Wording.objects.select_related("article__category").order_by("language")
    assert exchange.packed(rows, pack) == 2
    names = zipfile.ZipFile(pack).namelist()
    assert [name.split("/")[0] for name in names] == ["de", "en", "pictures"]
    Article.objects.all().delete()
    exchange.take_in(pack, name="x.zip", by=cast.emil, at=monday)
    assert ArticlePicture.objects.get().key == picture.key
    assert ArticlePicture.objects.get().article.wordings.filter(language="en").exists()


def test_taking_in_is_for_leads(cast, monday):
    with pytest.raises(NotAllowed):
        exchange.take_in(io.BytesIO(b"# T"), name="a.md", by=cast.dora, at=monday)


words = some.text(some.characters(blacklist_categories=("Cs", "Cc")), max_size=80).map(str.strip)


@given(words, words)
def test_any_words_survive(issue, cause):
    one = Wording(title="T", issue=issue, cause=cause, language="en", article=Article(key="k"))
    if any(text.startswith(("#", "```", "~~~")) for text in (issue, cause)):
        return
    told = exchange.read(exchange.to_markdown(one))
    assert (told.texts["title"], told.texts["issue"], told.texts["cause"]) == ("T", issue, cause)
