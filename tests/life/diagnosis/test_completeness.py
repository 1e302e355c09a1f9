from hypothesis import given
from hypothesis import strategies as st

from makegood.life.diagnosis import completeness
from makegood.life.diagnosis.completeness import FACTS, Fact, assess

ALL = {fact.slug: "known" for fact in FACTS}


def test_nothing_known_is_nothing():
    assert assess({}).percent == 0


def test_everything_known_is_complete():
    found = assess(ALL)
    assert (found.percent, found.missing, found.is_complete) == (100, (), True)


def test_what_is_missing_comes_by_worth():
    worths = [fact.worth for fact in assess({"happened": "x"}).missing]
    assert worths == sorted(worths, reverse=True)


def test_how_often_is_not_asked_of_what_happened_once():
    assert "frequency" not in {fact.slug for fact in assess({"repeatable": "once"}).missing}
    assert "frequency" in {fact.slug for fact in assess({"repeatable": "always"}).missing}


def test_a_question_needs_little():
    found = assess({"happened": "How do I add my child?", "reach": "a@b", "page": "/", "device": "PC"}, kind="question")
    assert found.percent == 100


def test_what_makes_a_safe_step_unsafe_is_no_line_of_the_document():
    found = assess({}, extra=[Fact(slug, 5) for slug in completeness.CONDITIONS])
    assert not completeness.CONDITIONS & {fact.slug for fact in found.missing}


def test_blank_words_are_not_knowledge():
    assert assess({"happened": "   "}).percent == 0


def test_a_fact_the_category_adds_counts_once():
    extra = [Fact("reference_code", 6), Fact("reference_code", 6), Fact("happened", 3)]
    missing = [fact.slug for fact in assess({}, extra=extra).missing]
    assert missing.count("reference_code") == 1
    assert missing.count("happened") == 1


@given(st.dictionaries(st.sampled_from([f.slug for f in FACTS]), st.text(max_size=5)), st.sampled_from([*ALL]))
def test_knowing_more_never_lowers_the_figure_by_itself(known, slug):
    before = assess(known)
    assert 0 <= before.percent <= 100
    if slug != "repeatable":
        assert assess({**known, slug: "known"}).percent >= before.percent
