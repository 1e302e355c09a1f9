"""Making good (screen 17): what waits for a decision, one case with its reasons, proposing, codes, what was given."""
