"""Likeness: the index, its words, its ranking."""
