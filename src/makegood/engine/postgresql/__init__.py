"""Django's PostgreSQL backend that can leave binding to the server; ``ENGINE = "makegood.engine.postgresql"``."""
