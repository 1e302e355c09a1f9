"""From which score on likeness is shown, offered, suspected, believed. Pure.

On the scale of ``engine.similar`` 0 is neither known nor new, 12 the same words a moment ago. What each lets through,
in precision and recall on public reports, stands in bench/README.md, "Likeness": likeness orders well and tells same
from other badly, so the more follows by itself, the higher it has to be.
"""

# An agent is shown the best few and judges for themselves: half of all repetitions are among them.
LIKELY = 0.0
# Customers are offered what 19 of 20 new reports do not reach.
OFFERED = 4.0
# Of a fixed problem, in the same category or component. A person is asked to look where at least one in three is right:
# on Hadoop's reports 33 % at 6. That it came back is said without asking where about four in five are: 78 % at 10, 76 %
# at 9, 88 % at 11.
ALIKE, MUCH_ALIKE = 6.0, 10.0
