"""The words of an analysis: kept, never written over, never changed under the eyes of whoever reviews them."""

import pytest

from makegood.life.promises.models import Promise
from makegood.life.rca import review, writing
from makegood.life.rca.models import RcaDraft
from tests.again import again
from tests.life.rca.study import DAY, HOUR, analysed


@pytest.fixture
def rca(cast, monday):
    return again(lambda: analysed(cast, monday), monday)


def test_two_people_at_once_do_not_write_over_one_another(rca, cast, monday):
    seen = rca.version
    writing.edit(rca, by=cast.eve.actor, at=monday + DAY, expected=seen, overview="Eve's words.")
    with pytest.raises(writing.Conflict):
        writing.edit(rca, by=cast.emil.actor, at=monday + DAY, expected=seen, overview="Emil's words.")
    rca.refresh_from_db()
    assert rca.overview == "Eve's words."


def test_the_same_words_again_are_no_change(rca, cast, monday):
    version = rca.version
    assert writing.edit(rca, by=cast.eve.actor, at=monday + DAY, overview=rca.overview) is None
    assert rca.version == version


def test_words_too_long_say_where(rca, cast, monday):
    with pytest.raises(writing.TooLong) as refusal:
        writing.edit(rca, by=cast.eve.actor, at=monday + DAY, luck="x" * 10_001)
    assert refusal.value.field == "luck"


def test_it_cannot_end_before_it_began(rca, cast, monday):
    with pytest.raises(writing.WrongOrder):
        writing.edit(rca, by=cast.eve.actor, at=monday + DAY, began_at=monday, ended_at=monday - HOUR)


def test_what_is_reviewed_cannot_be_changed(rca, cast, monday):
    review.submit(rca, by=cast.eve.actor, at=monday + DAY)
    with pytest.raises(writing.NotADraft):
        writing.edit(rca, by=cast.eve.actor, at=monday + DAY, overview="Other words.")


def test_what_is_being_typed_is_kept_for_who_types_it(rca, cast, monday):
    writing.save_draft(rca, cast.eve, {"overview": "Half a sen", "hack": "no"}, version=rca.version, at=monday + DAY)
    writing.save_draft(rca, cast.emil, {"luck": "It was Sunday."}, version=rca.version, at=monday + DAY)
    assert RcaDraft.objects.get(agent=cast.eve).words == {"overview": "Half a sen"}
    writing.forget_draft(rca, cast.eve)
    assert [draft.agent for draft in RcaDraft.objects.all()] == [cast.emil]


def test_whoever_has_it_owes_it(rca, cast, monday):
    writing.hand_to(rca, cast.emil, by=cast.ada.actor, at=monday + DAY)
    assert Promise.objects.get(about=rca.about, state="open").agent == cast.emil
    with pytest.raises(writing.CannotOwn):
        writing.hand_to(rca, cast.dora, by=cast.ada.actor, at=monday + DAY)
