"""ONE table: what every model holds of a person. In the order in which it is erased.

The contact goes first, so that nothing written meanwhile can name them; the reports themselves go last.
"""

from __future__ import annotations

from makegood.life.privacy import of_reports, of_the_desk, of_the_person
from makegood.life.privacy.holding import Holding

TABLE: tuple[Holding, ...] = (*of_the_person.ROWS, *of_the_desk.ROWS, *of_reports.ROWS)
BY_NAME = {row.name: row for row in TABLE}
