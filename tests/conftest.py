"""What every test may ask for."""

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import translation

from makegood.engine.append_only import PREFIX
from tests import tables


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a process remembers for a few seconds must not reach the next test."""
    from makegood.doors.console import views_query

    views_query.forget_counts()
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """The test database begins as a copy of tables that are migrated once a run, not once a worker."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "postgresql":
        test["TEMPLATE"] = tables.tables()
        return
    create = connection.creation._create_test_db

    def created(*given, **more):
        name = create(*given, **more)
        tables.pour(name)
        return name

    connection.creation._create_test_db = created


@pytest.fixture(scope="session", autouse=True)
def emptied_all_the_same():
    """A test that commits is followed by emptying every table row by row on SQLite, which append-only ones refuse."""
    operations = DatabaseWrapper.ops_class
    empty = operations.execute_sql_flush

    def emptied(self, statements):
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{PREFIX}%"]
            )
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            empty(self, statements)
            for _name, sql in triggers:
                cursor.execute(sql)

    operations.execute_sql_flush = emptied
    yield
    operations.execute_sql_flush = empty


@pytest.fixture
def cast(db):
    """The people of tests/cast.py, saved."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def monday():
    from tests.cast import MONDAY

    return MONDAY
