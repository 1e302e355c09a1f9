"""Every plot there is, by its short name, in the order of the pages.

A plot is a question, a definition with a version, and a function from what was asked to one ``Table``; drawing, table
twin, CSV and JSON are made from that table, so that they cannot disagree.
"""

from __future__ import annotations

from makegood.life.insights.plots import causes, flow, kept, learning, load, outcome
from makegood.life.insights.plots.base import Asked, Plot, Table

_MODULES = (flow, kept, causes, outcome, learning, load)
PLOTS: dict[str, Plot] = {plot.slug: plot for module in _MODULES for plot in module.PLOTS}

__all__ = ["PLOTS", "Asked", "Plot", "Table"]
