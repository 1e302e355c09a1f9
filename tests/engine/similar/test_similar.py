"""What is like this? Best first, with reasons, and nothing left behind."""

from datetime import UTC, datetime, timedelta

import pytest

from makegood.engine import similar
from makegood.engine.models import SimilarDocument, SimilarEra, SimilarPosting
from makegood.engine.similar import Document, Question, postings, ranking
from makegood.lib import signatures

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
TRACE = """java.lang.IllegalStateException: No slot 12 for user "ana"
    at com.example.Booking.reserve(Booking.java:88)
    at com.example.Web.handle(Web.java:12)"""


def document(ref, title, text="", *, days=1, kind="report", **more):
    return Document(kind, ref, title, text, NOW - timedelta(days=days), **more)


def ask(title="", text="", *, k=10, **more):
    options = {name: more.pop(name) for name in ("kinds", "visible") if name in more}
    return similar.similar(Question(title, text, **more), now=NOW, k=k, **options)


def refs(*words, **more):
    return [hit.ref for hit in ask(*words, **more)]


def rows():
    postings = SimilarPosting.objects.order_by("era", "term").values_list("era", "term", "n", "docs")
    return (
        [
            (era, term, n, sorted(bytes(docs)[i : i + 2] for i in range(0, len(docs), 2)))
            for era, term, n, docs in postings
        ],
        [(one.kind, one.ref, one.cluster, bytes(one.terms)) for one in SimilarDocument.objects.order_by("kind", "ref")],
    )


@pytest.fixture
def desk():
    similar.put(document(1, "Upload of prescription fails", "The picture is refused, the bar stops at 90 percent."))
    similar.put(document(2, "Calendar is empty", "No appointment is shown since this morning."))
    similar.put(document(3, "Cannot book appointment", TRACE, facets={"page": "/book", "category": "booking"}))
    similar.put(document(4, "保存文件失败", "编辑器保存文件时失败"))
    similar.put(document(5, "Übersicht lädt nicht", "Die Übersicht bleibt weiß."))


@pytest.mark.parametrize(
    ("words", "ref"),
    [
        ("uploading a prescription failed", 1),
        ("calendar empty", 2),
        ("文件保存失败了", 4),
        ("ubersicht ladt", 5),
    ],
)
def test_the_likeliest_comes_first_in_any_language(desk, words, ref):
    assert refs(words)[0] == ref


def test_reasons_are_the_shared_words_the_weightiest_first(desk):
    assert set(ask("Prescription upload is broken")[0].reasons.words) == {"prescription", "upload"}


def test_reasons_are_written_as_the_question_writes_them(desk):
    assert set(ask("Prescriptions: uploading them is broken")[0].reasons.words) == {"prescriptions", "uploading"}


@pytest.mark.parametrize(
    ("title", "text", "told"),
    [
        ("Error when opening the invoice", "Since yesterday it does not work any more.", {"opening", "invoice"}),
        ("Fehler beim Öffnen der Rechnung", "Seit gestern funktioniert es nicht mehr.", {"öffnen", "rechnung"}),
    ],
)
def test_what_names_nothing_is_no_reason_in_the_first_report_already(title, text, told):
    similar.put(document(1, title, text))
    assert set(ask(title, text)[0].reasons.words) == told


@pytest.mark.parametrize(("cluster", "told"), [("", ("voucher",)), ("problem-9", ("voucher", "portal"))])
def test_what_many_say_is_no_reason_unless_they_all_say_it_of_one_problem(cluster, told):
    voucher = document(900, "Portal: voucher refused", cluster=cluster)
    others = [document(ref, f"Portal {ref}", cluster=cluster) for ref in range(150)]
    with similar.rebuilding():
        similar.put_new([*others, *(document(ref, f"Price {ref}") for ref in range(200, 300)), voucher])
    assert ask("Portal shows voucher")[0].reasons.words == told


def test_reasons_begin_with_what_weighs_most_in_both_and_leave_out_what_is_slight_beside_it():
    with similar.rebuilding():
        similar.put_new(document(ref, f"Price {ref}", f"{'Tax. ' * 9} Bill at the till.") for ref in range(2, 40))
        similar.put_new([document(1, "Voucher refused", f"Till. {'Basket. ' * 9} Bill.")])
    words = ask("Voucher refused, till", "The bill of the basket.")[0].reasons.words
    assert words[:3] == ("voucher", "refused", "basket")
    assert not {"till", "bill"} & {*words}


def test_what_a_machine_said_is_found_in_a_letter_about_something_else(desk):
    hit = ask(
        "It does not work",
        'IllegalStateException: No slot 7 for user "ben"\nat com.example.Booking.reserve(Booking.java:99)',
    )[0]
    assert hit.ref == 3
    assert {mark.kind for mark in hit.reasons.signatures} == {"exception", "message", "frame"}


def test_signatures_may_be_handed_over_apart_from_the_text(desk):
    found = signatures.of_parts(frames=["com.example.Booking.reserve(Booking.java:1)"])
    assert [hit.ref for hit in ask("Broken", signatures=found)] == [3]


def test_the_same_page_is_a_reason_by_itself_and_the_same_category_one_more(desk):
    hits = ask("Nothing happens", facets={"page": "/book", "category": "Booking"})
    assert [hit.ref for hit in hits] == [3]
    assert hits[0].reasons.signatures == ()
    assert hits[0].reasons.facets == ("page", "category")


def test_the_same_event_comes_before_any_words():
    similar.put(document(1, "Upload of prescription fails", "The bar stops at 90 percent.", days=0))
    similar.put(document(2, "Ganz andere Worte", "Fehler-ID: 7f2a-88b1", days=300))
    similar.put(document(3, "Calendar is empty"))
    words = "Upload of prescription fails", "The bar stops at 90 percent."
    before = {hit.ref: hit.score for hit in ask(*words)}
    hits = ask(words[0], f"{words[1]}\nEvent ID: 7F2A-88B1")
    assert [hit.ref for hit in hits] == [2, 1]
    assert [(mark.kind, mark.value) for mark in hits[0].reasons.signatures] == [("reference", "7f2a-88b1")]
    assert hits[0].score >= 12
    assert hits[1].score > before[1] / 2


def test_a_facet_may_have_several_values(desk):
    similar.put(document(6, "Cannot book", facets={"component": ("7", "9")}))
    for component in ("7", "9"):
        assert ask("Cannot book", facets={"component": component})[0].reasons.facets == ("component",)


def test_of_two_alike_the_later_one_comes_first():
    similar.put(document(1, "Login fails with a white page", days=400))
    similar.put(document(2, "Login fails with a white page", days=4))
    similar.put(document(3, "Something else"))
    assert refs("login white page") == [2, 1]


def test_a_title_that_the_question_tells_of_in_its_text_counts_for_more_than_a_later_date():
    similar.put(document(1, "Voucher refused", "It says that the code is wrong.", days=30))
    similar.put(document(2, "Voucher mail late for gift card", "It says that the code is wrong.", days=4))
    question = ("Cannot pay", "At the till the voucher was refused, and it says that the code is wrong.")
    assert refs(*question) == [1, 2]


def test_the_same_words_a_moment_ago_score_as_much_as_there_is_whatever_the_titles():
    similar.put(document(1, "Voucher refused", "It says that the code is wrong.", days=0))
    similar.put(document(2, "", "Nothing arrives in the basket.", days=0))
    assert ask("Voucher refused", "It says that the code is wrong.")[0].score == pytest.approx(ranking.LIKE)
    assert ask("", "Nothing arrives in the basket.")[0].score == pytest.approx(ranking.LIKE)


def test_members_of_one_cluster_vote_for_one_another():
    similar.put(document(1, "Payment page stays white on Tuesday"))
    for ref in (2, 3, 4):
        similar.put(document(ref, f"Payment page stays blank {ref}", cluster="problem-9"))
    similar.put(document(9, "Something else"))
    assert refs("Payment page stays white")[0] == 1
    for ref in (5, 6, 7, 8):
        similar.put(document(ref, "Payment page stays white after paying", cluster="problem-9"))
    hits = ask("Payment page stays white")
    assert hits[0].cluster == "problem-9"
    assert hits[0].votes == 7
    assert [hit.cluster for hit in similar.one_a_cluster(hits)] == ["problem-9", ""]


def test_a_cluster_can_be_given_later():
    similar.put(document(1, "Payment page white"))
    assert similar.regroup("report", [1, 2], cluster="problem-1") == 1
    assert ask("payment page")[0].cluster == "problem-1"


def test_only_what_the_seeker_may_see_is_found_and_of_the_kinds_asked_for(desk):
    similar.put(document(1, "Upload of prescriptions", kind="problem"))
    assert {(hit.kind, hit.ref) for hit in ask("upload prescription")} == {("report", 1), ("problem", 1)}
    assert [hit.kind for hit in ask("upload prescription", kinds=("problem",))] == ["problem"]
    assert [hit.kind for hit in ask("upload prescription", visible=lambda some: {("report", 1)} & set(some))] == [
        "report"
    ]
    assert ask("upload prescription", visible=lambda _some: set()) == []


def test_what_is_asked_about_is_not_its_own_answer(desk):
    assert 1 not in refs("Upload of prescription fails", own=("report", 1))


def test_putting_again_changes_nothing_and_putting_anew_leaves_nothing_of_the_old(desk):
    before = rows()
    assert similar.put(document(2, "Calendar is empty", "No appointment is shown since this morning.")) is False
    assert rows() == before
    assert similar.put(document(2, "Printer smokes", "Black smoke.")) is True
    assert 2 not in refs("calendar empty appointment")
    assert refs("printer smoke") == [2]
    assert similar.put(document(2, "Calendar is empty", "No appointment is shown since this morning.")) is True
    assert rows() == before


def test_removing_leaves_no_number_behind(desk):
    before = rows()
    similar.put(
        document(7, "Another prescription", "with words nobody wrote: zanzibar " + TRACE, context="Firefox 140")
    )
    assert similar.remove("report", 7) is True
    assert rows() == before
    assert similar.remove("report", 7) is False
    for ref in range(1, 6):
        similar.remove("report", ref)
    assert rows() == ([], [])
    assert [(era.documents, era.words) for era in SimilarEra.objects.all()] == [(0, 0)]
    assert ask("anything") == []


def test_made_anew_it_is_what_it_was_one_by_one(desk):
    wanted = [
        document(1, "Upload of prescription fails", "The picture is refused"),
        document(2, "Upload of prescription fails", TRACE),
    ]
    with similar.rebuilding():
        similar.put_new(wanted)
    at_once = [(hit.ref, hit.score, hit.reasons) for hit in ask("prescription upload", TRACE)]
    for one in wanted:
        similar.remove("report", one.ref)
        similar.put(one)
    assert [(hit.ref, hit.score, hit.reasons) for hit in ask("prescription upload", TRACE)] == at_once
    assert [ref for ref, *_rest in at_once] == [2, 1]


def test_made_again_step_by_step_nothing_changes_and_what_was_lost_is_there_again(desk):
    wanted = [
        document(1, "Upload of prescription fails", "The picture is refused, the bar stops at 90 percent."),
        document(2, "Calendar is empty", "No appointment is shown since this morning."),
    ]
    whole, counted = rows(), [(era.documents, era.words) for era in SimilarEra.objects.all()]
    similar.put_again(wanted)
    assert rows() == whole
    lost = SimilarPosting.objects.order_by("term")[::3]
    SimilarPosting.objects.filter(pk__in=[one.pk for one in lost]).delete()
    SimilarPosting.objects.filter(n=2).update(n=1, docs=b"")
    SimilarEra.objects.update(documents=77, words=3)
    SimilarDocument.objects.filter(ref=2).delete()
    everything = [
        *wanted,
        document(3, "Cannot book appointment", TRACE, facets={"page": "/book", "category": "booking"}),
        document(4, "保存文件失败", "编辑器保存文件时失败"),
        document(5, "Übersicht lädt nicht", "Die Übersicht bleibt weiß."),
    ]
    for one in everything:
        similar.put_again([one])
    similar.count_again()
    assert [(era.documents, era.words) for era in SimilarEra.objects.all()] == counted
    assert refs("calendar empty")[0] == 2
    assert refs("uploading a prescription failed")[0] == 1
    assert similar.refs("report", after=2, most=2) == [3, 4]


def test_lists_keep_the_newest_when_they_are_mended(monkeypatch):
    monkeypatch.setattr(postings, "KEPT", 3)
    holding = [(document, [5]) for document in range(1, 8)]
    for document, terms in holding:
        postings.add([(document, terms)])
    whole = postings.lists([5], 0), postings.held_by([5], [0])
    for document, terms in holding:
        postings.mend([(document, terms)])
    assert (postings.lists([5], 0), postings.held_by([5], [0])) == whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud800 lone",
        "a" * 1_000_000,
        "word " * 200_000,
        "%s %(x)s '; --",
        "😀😀",
        "x\x00y",
        "at a.b(c:1)\n" * 50_000,
    ],
    ids=[
        "empty",
        "blank",
        "nul",
        "surrogate",
        "one long word",
        "one word often",
        "sql",
        "emoji",
        "nul inside",
        "frames",
    ],
)
def test_hostile_text_is_kept_found_and_forgotten_like_any_other(desk, text):
    before = rows()
    similar.put(document(8, text, text, context=text[:5000], facets={"page": text[:5000]}))
    ask(text, text)
    assert similar.remove("report", 8) is True
    assert rows() == before
    assert refs("calendar empty")[0] == 2
