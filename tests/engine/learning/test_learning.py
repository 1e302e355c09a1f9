"""Learning what things are filed as, and saying why."""

import io
import random
import subprocess
import sys

import numpy as np
import pytest

from makegood.engine import learning
from makegood.engine.learning import Lesson, NotAModel, Writing, teaching

ABOUT = {
    "sign-in": ["password refused", "the login code never arrives", "cannot log in", "locked out after the password"],
    "price": ["the invoice shows a wrong price", "the discount is missing", "total is wrong", "price too high"],
    "search": ["search finds nothing", "no results for my doctor", "the filter hides results", "search is empty"],
}
FILLER = ["since", "this", "morning", "the", "portal", "on", "my", "phone", "shows", "again", "and", "please", "look"]


def lessons(count, *, seed=1, labels=tuple(ABOUT)):
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        label = chance.choice(labels)
        said, words = chance.choice(ABOUT[label]), " ".join(chance.choices(FILLER, k=9))
        made.append(Lesson(Writing(said.capitalize(), f"{words}, {said}."), label))
    return made


@pytest.fixture(scope="module")
def model():
    return learning.fit(lessons(150))


def test_the_likeliest_label_stands_first_with_the_words_that_spoke_for_it(model):
    opinion = model.opinion(Writing("Password", "My password is not taken any more, please help"))
    assert opinion.label == "sign-in"
    assert opinion.confidence > 0.6
    assert opinion.words[0] == "password"
    assert 0 < opinion.alike == opinion.alike_of


def test_reasons_are_words_of_the_writing_alone(model):
    writing = Writing("The invoice", "Wrong total on the invoice of May")
    assert set(model.opinion(writing).words) <= {"the", "invoice", "wrong", "total", "may"}


def test_an_empty_writing_gets_no_certainty(model):
    opinion = model.opinion(Writing("", ""))
    assert opinion is None or opinion.confidence < 0.6


def test_how_sure_it_says_it_is_holds_on_what_it_has_not_seen():
    """Half of the lessons are mislabelled at random in a third of the cases: it must not claim to know."""
    chance, noisy = random.Random(3), []
    for lesson in lessons(600, seed=2):
        label = chance.choice(list(ABOUT)) if chance.random() < 0.45 else lesson.label
        noisy.append(Lesson(lesson.writing, label))
    model = learning.fit(noisy[:400])
    told = [(model.opinion(one.writing), one.label) for one in noisy[400:]]
    claimed = sum(opinion.confidence for opinion, _ in told) / len(told)
    right = sum(opinion.label == label for opinion, label in told) / len(told)
    assert abs(claimed - right) < 0.1


def test_one_label_teaches_nothing():
    assert learning.fit(lessons(20, labels=("price",))) is None
    assert learning.fit([]) is None


def test_the_same_lessons_make_the_same_model(model):
    again = learning.fit(lessons(150))
    assert again.to_bytes() == model.to_bytes()


def test_a_correction_counts_at_once(model):
    mine = learning.read(model.to_bytes())
    writing = Writing("Tariff table", "The tariff table of the family plan stays grey")
    before = dict(mine.opinion(writing).ranked)["price"]
    mine.nudge(writing, "price")
    assert dict(mine.opinion(writing).ranked)["price"] > before + 0.2
    mine.nudge(writing, "never met")


def test_a_model_survives_being_kept(model):
    kept = learning.read(model.to_bytes())
    for lesson in lessons(30, seed=9):
        one, other = model.opinion(lesson.writing), kept.opinion(lesson.writing)
        assert (one.label, one.words, one.alike) == (other.label, other.words, other.alike)
        assert abs(one.confidence - other.confidence) < 0.02


def test_what_is_kept_holds_nobodys_words(model):
    with np.load(io.BytesIO(model.to_bytes()), allow_pickle=False) as parts:
        kinds = {name: parts[name].dtype.kind for name in parts.files}
        assert list(parts["labels"]) == sorted(ABOUT)
    assert {name for name, kind in kinds.items() if kind not in "iuf"} == {"labels"}


def test_bytes_that_are_no_model_are_refused_and_nothing_in_them_runs(model):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("it was run",))

    trapped = io.BytesIO()
    np.savez(trapped, make=np.array([Trap()], dtype=object))
    short = io.BytesIO()
    np.savez(short, make=np.array([1, 1 << 17, 3]), labels=np.array(["a"]))
    other_make = io.BytesIO()
    np.savez(other_make, make=np.array([99, 1 << 17, 3]), labels=np.array(["a"]))
    whole = model.to_bytes()
    for bad in (b"", b"no zip", trapped.getvalue(), short.getvalue(), other_make.getvalue(), whole[: len(whole) // 2]):
        with pytest.raises(NotAModel):
            learning.read(bad)


def test_words_that_run_together_are_told_apart_by_their_letters():
    japanese = [("ログインできません", "sign-in"), ("請求書の金額が違います", "price")]
    known = [Lesson(Writing(f"{said}。{n}", f"今日から{said}"), label) for n in range(12) for said, label in japanese]
    opinion = learning.fit(known).opinion(Writing("昨日からログインができない", ""))
    assert opinion.label == "sign-in"


def test_marks_speak_too():
    known = [Lesson(Writing("It fails", "again"), "a" if n % 2 else "b", 1.0) for n in range(40)]
    marked = [Lesson(Writing(x.writing.title, x.writing.body, (f"product:{x.label}",)), x.label) for x in known]
    opinion = learning.fit(marked).opinion(Writing("It fails", "again", ("product:b",)))
    assert opinion.label == "b"


@pytest.mark.parametrize("body", ["\x00\ud800 broken", "a" * 500_000, "?" * 9000, "\n" * 50, "🙂" * 400])
def test_whatever_people_write_is_read(model, body):
    model.opinion(Writing(body[:40], body))
    assert learning.fit([Lesson(Writing("", body), "a"), Lesson(Writing("b", ""), "b")]) is not None


def test_learning_may_be_given_up_half_way():
    def enough():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        learning.fit(lessons(10), breathe=enough)


def test_a_process_that_never_asks_never_loads_the_arithmetic():
    code = "import makegood.engine.learning, sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_it_is_learnt_anew_when_enough_is_new():
    assert learning.is_worth_fitting(6, 0)
    assert not learning.is_worth_fitting(104, 100)
    assert learning.is_worth_fitting(120, 100)
    assert not learning.is_worth_fitting(1100, 1000)


@pytest.mark.parametrize(("doubtful_rare", "is_helped"), [(2, False), (5, True)])
def test_a_rare_label_is_not_helped_until_always_the_commonest_would_be_right_more_often(doubtful_rare, is_helped):
    sure_common, doubtful, sure_rare = (0.8, 0.2), (0.55, 0.45), (0.4, 0.6)
    common = [sure_common] * 136 + [doubtful] * 4
    rare = [sure_rare] + [doubtful] * doubtful_rare
    likely = np.array([*common, *rare, *[sure_common] * (60 - len(rare))])
    targets = np.array([0] * 140 + [1] * 60)
    shares = np.array([0.7, 0.3])
    fairness = teaching._fairness(likely, targets, shares)
    helped = (likely / shares**fairness).argmax(axis=1) != likely.argmax(axis=1)
    assert helped.any() == is_helped
