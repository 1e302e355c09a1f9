"""Repeatable measurements, printed as ratios to a floor measured in the same run. See README.md."""
