"""Actions: all of them with how they burn down and age, one with its story, and the analyses that are due."""
