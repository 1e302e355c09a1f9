"""A git repository on this server, read without running git: ``reading``."""
