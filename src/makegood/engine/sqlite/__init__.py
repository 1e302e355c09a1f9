"""Django's SQLite backend with a gate before the one write lock; ``ENGINE = "makegood.engine.sqlite"``."""
