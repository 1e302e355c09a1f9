"""The analysis of a problem: its words, its timeline, its causes, its review (screen 19)."""
