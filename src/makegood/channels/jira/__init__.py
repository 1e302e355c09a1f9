"""Jira: issues out and back (``issues``)."""
