"""Full-text indexes: the only place with their SQL. ``adapter()`` is the one for the database in use."""

from types import ModuleType

from django.db import connection

from makegood.engine.search.adapters import postgres, sqlite


def adapter() -> ModuleType:
    return postgres if connection.vendor == "postgresql" else sqlite
