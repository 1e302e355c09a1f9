"""After the fix: the day's calls, follow-ups of many at once, and how people felt served."""
