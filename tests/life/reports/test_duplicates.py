"""Links between reports that tell the same story: none leads back to where it began, or neither could be opened."""

import pytest

from makegood.lib.errors import Refusal
from makegood.life.reports import actions
from tests.life.case import file_report, fresh


def test_a_link_that_leads_back_is_refused(cast, monday):
    first, second, third = (file_report(cast, monday, key=f"duplicate-{n:04}") for n in range(3))
    actions.mark_duplicate(first, second, by=cast.dora.actor, at=monday)
    actions.mark_duplicate(second, third, by=cast.dora.actor, at=monday)
    for one in (first, second, third):
        with pytest.raises(Refusal):
            actions.mark_duplicate(third, fresh(one), by=cast.dora.actor, at=monday)
    actions.mark_duplicate(first, None, by=cast.dora.actor, at=monday)
    actions.mark_duplicate(third, fresh(first), by=cast.dora.actor, at=monday)
    assert fresh(third).duplicate_of == first
