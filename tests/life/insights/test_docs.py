"""The definitions on the page are those of the docs."""

from pathlib import Path

import pytest

from makegood.life.insights.plots import PLOTS

PAGE = " ".join((Path(__file__).parents[3] / "docs" / "use" / "insights.md").read_text().split())


@pytest.mark.parametrize("plot", PLOTS.values(), ids=lambda plot: plot.slug)
def test_every_definition_stands_in_the_docs_as_on_the_page(plot):
    assert f"**{plot.title}** (`{plot.slug}`, version {plot.version}). {plot.definition}" in PAGE
