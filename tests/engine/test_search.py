"""Finding by words."""

import pytest
from django.db import connection

from makegood.engine import search
from makegood.engine.models import SearchDocument
from makegood.engine.search import words
from makegood.engine.search.adapters import sqlite

pytestmark = pytest.mark.django_db


def refs(text, **options):
    return [hit.ref for hit in search.find(text, **options)]


@pytest.fixture
def library():
    search.index("report", 1, title="Upload fails", body="The picture of the prescription is refused")
    search.index("report", 2, title="Seite lädt nicht", body="Die Übersicht bleibt leer, mail an ana@example.org")
    search.index("report", 3, title="Upload slow", body="It takes a minute")


def test_newest_comes_first_and_all_words_must_occur(library):
    assert refs("upload") == [3, 1]
    assert refs("upload minute") == [3]
    assert refs("upload nothing") == []


def test_the_last_word_may_go_on_but_not_one_followed_by_a_space(library):
    assert refs("upl") == [3, 1]
    assert refs("upl ") == []


@pytest.mark.parametrize(
    "typed", ['"', "*", "a AND", "NEAR(", "title:x", "'; DROP TABLE x; --", "()", "", "   ", "\\", "!&|", "x:*", "\x00"]
)
def test_nothing_a_person_types_breaks_the_query(library, typed):
    assert refs(typed) == []


def test_parts_of_addresses_and_umlauts_are_found(library):
    assert refs("ana example") == [2]
    assert refs("übersicht") == [2]


def test_changed_words_replace_the_old_ones_and_keep_their_place(library):
    assert search.index("report", 1, title="Login fails", body="")
    assert refs("prescription ") == []
    assert refs("fails") == [1]
    assert not search.index("report", 1, title="Login fails", body="")


def test_what_is_removed_is_not_found_and_the_index_can_be_rebuilt(library):
    assert search.remove("report", 3)
    assert refs("upload") == [1]
    with search.rebuilding():
        search.add_many("report", [(4, "Another upload", "")])
    assert refs("upload") == [4, 1]
    with search.rebuilding():
        search.forget("report")
        search.add_many("report", [(1, "The only upload", "")])
    assert refs("upload") == [1]


def test_only_what_the_seeker_may_see_is_returned(library):
    assert refs("upload", visible=lambda _kind, some: {ref for ref in some if ref == 1}) == [1]


def test_pages_go_on_where_the_last_one_ended(library):
    first = search.find("upload", limit=1)
    assert [hit.ref for hit in search.find("upload", limit=1, before=first[0].place)] == [1]


def test_an_excerpt_shows_the_word_in_its_surroundings_and_cuts_no_word():
    text = "nothing at all, and then the upload failed because of a certificate " + "x" * 500
    assert words.excerpt(text, "upload", around=12) == [
        ("…then the ", False),
        ("upload", True),
        (" failed because of a…", False),
    ]
    assert words.excerpt("x" * 500, "upload", around=5)[0][0] == "x" * 15 + "…"


def wanted(*groups, without=()):
    """``"a"``: the word; ``"a b"``: in a row; ``"a*"``: may go on; a tuple: any of them."""

    def one(text):
        return words.phrase(text, goes_on=text.endswith("*"))

    either = (group if isinstance(group, tuple) else (group,) for group in groups)
    return search.Wanted.made(([one(text) for text in group] for group in either), map(one, without))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is given its kinds")
def test_an_installation_with_one_index_for_all_kinds_gets_one_for_each(library):
    search.index("file", 9, title="upload.log", body="")
    with connection.cursor() as cursor:
        for kind in ("report", "file"):
            cursor.execute(f"DROP TABLE engine_search_{kind}")
        cursor.execute("CREATE VIRTUAL TABLE engine_search USING fts5(title, body, content='engine_searchdocument')")
    sqlite.reinstall(connection)
    assert refs("upload") == [9, 3, 1]
    assert search.remove("report", 3)
    assert refs("upload", kinds=("report",)) == [1]


def test_words_in_a_row_are_not_the_same_words_apart(library):
    assert refs(wanted("upload fails")) == [1]
    assert refs(wanted("fails upload")) == []
    assert refs(wanted("of the presc*")) == [1]


def test_a_word_with_something_in_the_middle_is_words_in_a_row(library):
    assert refs("ana@example.org") == [2]
    assert refs("example@ana.org") == []


def test_what_must_not_occur_leaves_out(library):
    assert refs(wanted("upload", without=["slow"])) == [1]
    assert refs(wanted("upload", without=["takes minute"])) == [3, 1]
    assert refs(wanted("upload", without=["takes a minute", "refused"])) == []


def test_without_alone_needs_a_kind_to_go_by(library):
    search.index("file", 9, title="log.txt", body="nothing of the kind")
    assert refs(wanted(without=["upload"])) == []
    assert refs(wanted(without=["upload"]), kinds=("report",)) == [2]
    assert refs(wanted(without=["upload"]), kinds=("report", "file")) == [9, 2]


def test_either_of_two_will_do(library):
    assert refs(wanted(("fails", "takes a min*"))) == [3, 1]
    assert refs(wanted(("fails", "slow"), "upload", without=["minute"])) == [1]


def test_things_of_a_rare_kind_are_found_among_many_and_a_kind_is_no_word(library):
    with search.rebuilding():
        search.add_many("report", ((n, "Upload fails", "again") for n in range(10, 3000)))
        search.add_many("file", [(7, "upload.log", "fails")])
        search.add_many("report", ((n, "Upload fails", "again") for n in range(3000, 5000)))
    assert refs("fails", kinds=("file",)) == [7]
    assert refs(wanted("upload", without=["again"]), kinds=("file", "report"), limit=3) == [7, 3, 1]
    assert refs("report", kinds=("report",)) == []
    assert refs("file") == []


def test_a_condition_tells_of_a_row_whether_its_document_holds_the_words(library):
    documents = SearchDocument.objects.order_by("ref")
    there = documents.filter(search.holds("report", wanted("upload", without=["slow"]), key="ref"))
    assert [one.ref for one in there] == [1]
    gone = documents.exclude(search.holds("report", wanted("upload"), key="ref"))
    assert [one.ref for one in gone] == [2]
    assert not documents.filter(search.holds("file", wanted("upload"), key="ref"))


def test_a_text_is_read_as_the_index_reads_it():
    reader = search.Reader(wanted("upload fai*", ("übersicht", "error_500"), without=["slow"]))
    assert reader.fits("Upload: fails, die Ubersicht")
    assert reader.fits("error 500 after the upload-failure")
    assert not reader.fits("Upload fails, ERROR-500, and slow")
    assert not reader.fits("fails upload error 500")
    assert reader.marked("The UPLOAD fails") == [("The ", False), ("UPLOAD fai", True), ("ls", False)]
    assert search.Reader(wanted("log")).marked("blog login log") == [("blog login ", False), ("log", True)]


def test_reading_takes_no_longer_for_words_of_strangers():
    text = ("upload " + "-" * 5000) * 20 + "é" * 5000
    assert not search.Reader(wanted("upload fails", "upload upload")).fits(text)


def scattered(number):
    """Words of a known spread: one in ``n`` documents has ``one{n}``; the keys leave gaps."""
    return " ".join(f"one{n}" for n in (1, 2, 9, 70, 800) if number % n == 0)


@pytest.mark.parametrize("limit", [3, 120, 1000])
def test_common_and_rare_words_are_found_completely_and_in_order(limit):
    count = 3000
    with search.rebuilding():
        SearchDocument.objects.bulk_create(
            SearchDocument(id=n * 40, kind="report", ref=n, body=scattered(n)) for n in range(1, count + 1)
        )
    for typed in (
        "one1 ",
        "one9 ",
        "one70 ",
        "one800 ",
        "one8",
        "one7",
        "one2 one9 ",
        "one9 one70 ",
        "one70 one8",
        "one2 on",
    ):
        wanted = typed.split()
        ends = "" if typed.endswith(" ") else wanted.pop()
        for before in (None, 100_001, 4_000):
            there = [
                n
                for n in range(count, 0, -1)
                if n * 40 < (before or 1 << 62)
                and set(wanted) <= set(scattered(n).split())
                and any(word.startswith(ends) for word in scattered(n).split())
            ]
            assert refs(typed, kinds=("report",), limit=limit, before=before) == there[:limit], (typed, before)


@pytest.mark.parametrize("limit", [2, 60])
def test_words_in_a_row_are_found_among_many_that_hold_them_apart(limit):
    count = 2500

    def body(n):
        if n % 200 == 0:
            return f"first {n} the fast Ändern works 5ex 12e3 last"
        return f"the works Ändern fast 12e3 5ex {n} the fast one"

    with search.rebuilding():
        search.add_many("report", ((n, "", body(n)) for n in range(1, count + 1)))
    there = [n for n in range(count, 0, -1) if n % 200 == 0][:limit]
    for row in ("the fast ändern", "fast andern works", "5ex 12e3", "fast ändern wor*", "12e3 la*"):
        assert refs(wanted(row), kinds=("report",), limit=limit) == there, row
    assert refs(wanted("the fast", "ändern works"), kinds=("report",), limit=limit) == there
    assert refs(wanted(("nowhere", "ändern works")), kinds=("report",), limit=limit) == there
    assert refs(wanted("ändern works", without=["first 400"]), kinds=("report",), limit=60) == [
        n for n in range(count, 0, -1) if n % 200 == 0 and n != 400
    ]


@pytest.mark.parametrize("limit", [7, 1000])
def test_a_beginning_of_very_many_words_is_found_completely_and_in_order(monkeypatch, limit):
    monkeypatch.setattr(sqlite, "_STEP", 20)
    monkeypatch.setattr(sqlite, "_LOOKED_THROUGH", 60)
    with search.rebuilding():
        bodies = ((n, "", f"port{n} ende" if n % 3 else f"poros{n} ende") for n in range(1, 400))
        search.add_many("report", bodies)
    there = [n for n in range(399, 0, -1) if n % 3]
    assert refs("ende port", kinds=("report",), limit=limit) == there[:limit]
    assert refs(wanted("port*", without=["port398"]), kinds=("report",), limit=limit) == there[1 : limit + 1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone tells its plan so")
def test_hits_are_read_from_an_index_alone_by_kind_and_place(library):
    sql, values = sqlite._select(wanted("upload"), "report", 1 << 62, 10)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "COVERING INDEX document_place (kind=? AND id=?)" in plan


@pytest.mark.postgres
def test_words_that_nobody_holds_any_more_leave_the_list(library):
    from makegood.engine.models import SearchWord

    if connection.vendor != "postgresql":
        pytest.skip("FTS5 keeps its own list")

    def there(*some):
        return set(SearchWord.objects.filter(kind="report").values_list("word", flat=True)) & set(some)

    search.index("report", 80, title="Rosamunde", body="upload Ängste O'Neill")
    assert there("rosamunde", "upload", "angste", "neill") == {"rosamunde", "upload", "angste", "neill"}
    search.index("report", 80, title="Rosa", body="upload")
    assert refs("rosam") == []
    assert not search.shed()
    assert there("rosamunde", "rosa", "upload", "angste", "neill") == {"rosa", "upload"}
    assert search.remove("report", 80)
    search.index("report", 81, title="Rosa", body="")
    assert not search.shed()
    assert there("rosa", "upload") == {"rosa", "upload"}
    assert refs("ros") == [81]
    assert search.remove("report", 81)
    assert not search.shed()
    assert there("rosa", "upload") == {"upload"}


def test_writing_that_is_no_latin_stays_whole(library):
    search.index("report", 70, title="전화가 안 돼요", body="التأمين が使えない Größe İzmir Việt")
    for typed in ("전화가", "التأمين", "が使えない", "größe", "İzmir", "viet"):
        assert refs(f"{typed} ") == [70], typed


def test_the_best_come_first_and_common_words_count_where_they_come_together(monkeypatch):
    from makegood.engine.search import Phrase, finding

    monkeypatch.setattr(finding, "_COMMON", 4)
    for ref in range(6):
        search.index("contact", ref, title=f"page {ref}", body="claims and more words of no use here")
    search.index("contact", 50, title="claims page", body="white")
    search.index("contact", 51, title="other", body="white white")
    rare = search.best([Phrase(("white",)), Phrase(("claims",))], kind="contact")
    assert {hit.ref for hit, _title, _body in rare} == {50, 51}
    assert rare[0][1:] in [("claims page", "white"), ("other", "white white")]
    common = search.best([Phrase(("page",)), Phrase(("claims",))], kind="contact")
    assert {hit.ref for hit, _title, _body in common} == {0, 1, 2, 3, 4, 5, 50}
    seen = search.best([Phrase(("white",))], kind="contact", visible=lambda _kind, refs: {51} & set(refs))
    assert [hit.ref for hit, _title, _body in seen] == [51]
    assert search.best([], kind="contact") == []


@pytest.mark.parametrize("many", [30, 300])
def test_a_word_that_goes_on_is_every_word_that_begins_so_few_or_many(many):
    with search.rebuilding():
        begins = (f"porté{n} ende" if n % 2 else f"Port{n} ende" for n in range(1, many))
        search.add_many("report", ((n, "", body) for n, body in enumerate(begins, 1)))
        search.add_many(
            "report", [(many, "port", "ende"), (many + 1, "porch", "spor"), (many + 2, "Portéro", "andere")]
        )
    assert refs("port", limit=1000) == [many + 2, *range(many, 0, -1)]
    accented = [many + 2, *range(many - 1 - many % 2, 0, -2)]
    assert refs("Porté", limit=1000) == accented
    assert refs("Porte", limit=1000) == accented
    assert refs(wanted("ende", without=["porté*"]), kinds=("report",), limit=1000)[0] == many
    assert refs(wanted("porté17 en*")) == [17]
    held = SearchDocument.objects.filter(search.holds("report", wanted("portér*"), key="ref"))
    assert [one.ref for one in held] == [many + 2]


def test_two_letters_are_marked_as_a_word_alone_and_layout_is_left_out():
    found = words.excerpt("Individual plan: your session is invalid.\n\n- sign in again\n1. **wait**", "sign in")
    assert [piece for piece, is_hit in found if is_hit] == ["sign", "in"]
    said = "".join(piece for piece, _is_hit in found)
    assert "- sign" not in said
    assert "**" not in said
    assert "1." not in said
    assert [piece for piece, is_hit in words.excerpt("We are signing.", "sig") if is_hit] == ["sig"]
