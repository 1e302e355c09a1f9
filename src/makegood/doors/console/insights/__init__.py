"""Insights (screen 22): plots with their tables, definitions, CSV and the reports behind every figure.

asked      which days, which group, what counts: all of it in the address
page       five pages of plots, what changed, and the mail of the week
drawing    geometry of bars, Paretos, heat maps and matrices; what the browser draws lines from
values     figures as words
table      a plot's table to take away
behind     the reports behind one figure
"""
