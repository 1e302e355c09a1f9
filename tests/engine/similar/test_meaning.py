"""What words mean: lends weight to what words have found, goes with its document, and is silent without a model."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.engine import similar
from makegood.engine.models import SimilarDocument
from makegood.engine.similar import Document, Question, meaning, sentences
from tests.engine.similar.tiny import MEANINGS

TRACE = "\n".join(f"    at com.example.Booking.step{n}(Booking.java:88)" for n in range(9))
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Reader:
    """A model of a few words that counts what it reads."""

    reads_all = False

    def __init__(self, number=7):
        self.number = number
        self.read = []

    def vector(self, text, tokens):
        self.read.append(text)
        words = text.lower().split()[:tokens]
        found = np.array([0.01, *(sum(word in same for word in words) for same in MEANINGS)], dtype=np.float32)
        return found / np.linalg.norm(found)


@pytest.fixture
def model(monkeypatch):
    reader = Reader()
    monkeypatch.setattr(sentences, "model", lambda: reader)
    return reader


def put(ref, title, text="", *, days=1, **more):
    return similar.put(Document("report", ref, title, text, NOW - timedelta(days=days), **more))


def refs(title, text=""):
    return [hit.ref for hit in similar.similar(Question(title, text), now=NOW)]


def vectors():
    kept = SimilarDocument.objects.order_by("ref").values_list("ref", "vector")
    return {ref: None if vector is None else bytes(vector) for ref, vector in kept}


def use(monkeypatch, model):
    monkeypatch.setattr(sentences, "model", lambda: model)


@pytest.mark.django_db
def test_the_same_thing_in_other_words_comes_first(model, monkeypatch):
    put(1, "Program and printer today")
    put(2, "Program abort today")
    assert refs("Program today crash")[0] == 2
    use(monkeypatch, None)
    put(3, "Program and printer today now")
    put(4, "Program abort today now", days=2)
    assert refs("Program today crash now")[0] == 3


@pytest.mark.django_db
def test_a_document_without_a_vector_is_found_by_its_words_alone(model, monkeypatch):
    use(monkeypatch, None)
    put(1, "Program abort today")
    (alone,) = similar.similar(Question("Program crash"), now=NOW)
    use(monkeypatch, model)
    (still,) = similar.similar(Question("Program crash"), now=NOW)
    assert (alone.ref, alone.score) == (still.ref, still.score)


@pytest.mark.django_db
def test_a_vector_of_another_model_has_no_vote(model, monkeypatch):
    put(1, "Program abort today")
    voted = similar.similar(Question("Program crash"), now=NOW)[0].score
    use(monkeypatch, Reader(8))
    assert similar.similar(Question("Program crash"), now=NOW)[0].score < voted


@pytest.mark.django_db
def test_changed_words_are_read_anew_and_the_same_words_are_not(model):
    put(1, "Program abort")
    before = vectors()[1]
    assert put(1, "Program abort") is False
    assert put(1, "Program abort", cluster="problem:1") is True
    assert model.read == ["Program abort"]
    assert put(1, "Program printer") is True
    assert vectors()[1] != before


@pytest.mark.django_db
def test_what_is_forgotten_leaves_no_vector(model, monkeypatch):
    put(1, "Program abort")
    put(2, "Program abort")
    similar.remove("report", 1)
    assert list(vectors()) == [2]
    use(monkeypatch, None)  # words taken out while the model is away take the vector along
    put(2, "Program")
    assert vectors() == {2: None}


@pytest.mark.django_db
def test_regrouping_keeps_the_vector(model):
    put(1, "Program abort")
    before = vectors()
    similar.regroup("report", [1], cluster="problem:1")
    assert vectors() == before


@pytest.mark.django_db
def test_a_trace_is_compared_by_what_the_machine_said_alone(model, monkeypatch):
    put(1, "Program abort", TRACE)
    model.read.clear()
    heard = similar.similar(Question("Program crash", TRACE), now=NOW)
    assert model.read == []
    use(monkeypatch, None)
    assert similar.similar(Question("Program crash", TRACE), now=NOW) == heard


@pytest.mark.django_db
def test_a_question_that_is_indexed_itself_is_not_read_again(model):
    put(1, "Program abort")
    put(2, "Program crash")
    question = Question("Program crash", own=("report", 2))
    assert [hit.ref for hit in similar.similar(question, now=NOW)] == [1]
    assert model.read == ["Program abort", "Program crash"]
    asked_anew = similar.similar(Question("Program crash"), now=NOW)[1]
    assert similar.similar(question, now=NOW)[0].score == pytest.approx(asked_anew.score, rel=0.05)


@pytest.mark.django_db
def test_without_a_model_the_same_is_asked_of_the_database_and_no_vector_is_kept(model, monkeypatch):
    use(monkeypatch, None)
    with CaptureQueriesContext(
        connection,
    ) as writing:
        put(1, "Program abort")
    with CaptureQueriesContext(connection) as asking:
        refs("Program crash")
    assert vectors() == {1: None}
    assert sum('FROM "engine_similardocument"' in one["sql"] for one in writing) == 1
    assert not any("vector" in one["sql"] for one in asking)
    assert similar.not_understood() == []


@pytest.mark.django_db
def test_what_has_not_been_read_is_named_newest_first_in_batches(model, monkeypatch):
    use(monkeypatch, Reader(8))
    put(1, "Program abort")
    use(monkeypatch, None)
    put(2, "Program abort")
    put(3, "Program abort")
    use(monkeypatch, model)
    put(4, "Program abort")
    first = similar.not_understood(most=2)
    rest = similar.not_understood(most=2, before=first[-1][0])
    assert [(kind, ref) for _place, kind, ref in first + rest] == [("report", 3), ("report", 2), ("report", 1)]
    for ref in (1, 2, 3):
        put(ref, "Program abort")
    assert similar.not_understood() == []
    assert len(set(vectors().values())) == 1


@pytest.mark.django_db
def test_what_a_model_cannot_read_counts_as_read(model):
    put(1, "保存文件失败", "编辑器 abort")
    assert model.read == []
    assert similar.not_understood() == []
    assert refs("保存文件失败") == [1]


def test_a_model_of_all_scripts_reads_all_scripts():
    reader = Reader()
    reader.reads_all = True
    assert len(meaning.of(reader, "保存文件失败", "")) > len(meaning.head(reader))


def test_stack_frames_are_not_read():
    reader = Reader()
    meaning.of(reader, "Program abort", "Since today\n    at com.example.Booking.reserve(Booking.java:88)")
    assert reader.read == ["Program abort\nSince today"]


def test_meaning_lifts_by_likeness_less_with_age_and_not_what_has_no_vector():
    reader = Reader()
    same, near, far = (meaning.of(reader, text, "") for text in ("crash", "crash upload", "paper"))
    kept = [same, near, far, None, same, meaning.of(Reader(8), "crash", "")]
    days = np.array([0.0, 0.0, 0.0, 0.0, 700.0, 0.0])
    scores = meaning.heard(np.full(6, 3.0), same, kept, days=days)
    assert scores[0] > scores[4] > scores[1] > scores[2]
    assert scores[3] == scores[5] == 3
    assert scores[0] == pytest.approx(meaning.SCALE * (3 + meaning.WEIGHT - meaning.USUAL), rel=0.01)
    assert (meaning.heard(np.full(1, 3.0), meaning.head(reader), [same], days=np.zeros(1)) == 3).all()
