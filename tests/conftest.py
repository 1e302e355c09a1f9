"""What every test may ask for, and how a run is shared out among its workers."""

import gc
import os

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test.client import ClientHandler
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples
from werkzeug.serving import BaseWSGIServer

from makegood.engine.append_only import PREFIX
from tests import tables

# Workers share cores with each other and with whatever else runs: how long an example
# took says nothing of our code. A test that suppresses other checks names too_slow along with them.
examples.register_profile("makegood", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("makegood")

# What a worker takes: a browser and a product with its worker beside it.
GIGABYTES = 1.2


def pytest_xdist_auto_num_workers():
    """One more than there are cores, if memory allows it: a test that waits leaves its core to another."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return max(1, min(len(os.sched_getaffinity(0)) + 1, int(memory / GIGABYTES)))


def pytest_collection_modifyitems(config, items):
    """Each worker begins with long tests: one that began last would be waited for by all.

    Workers get equal parts of the list, one after the other, and take from each other's ends. None of the long ones
    may empty tables (transactional_db): what the migrations wrote would be gone for those after it.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    long = [item for item in items if item.get_closest_marker("long")]
    others = [item for item in items if not item.get_closest_marker("long")]
    part = len(items) // workers
    items.clear()
    for number in range(workers):
        first = long[number::workers]
        room = max(0, part - len(first))
        items += first + others[:room]
        del others[:room]
    items += others


def pytest_collection_finish(session):
    """What is loaded by now stays: to look through it for rubbish again and again takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What a process remembers for a few seconds must not reach the next test."""
    from makegood.doors.console import views_query

    views_query.forget_counts()
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def light_hashes():
    """Argon2 as ever, with as little memory and time as it takes: its weight is Argon2's matter, not ours."""
    weight = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    before = {name: getattr(Argon2PasswordHasher, name) for name in weight}
    for name, value in weight.items():
        setattr(Argon2PasswordHasher, name, value)
    yield
    for name, value in before.items():
        setattr(Argon2PasswordHasher, name, value)


@pytest.fixture(scope="session", autouse=True)
def one_chain_of_middleware():
    """A new client needs no middleware of its own: building it takes as long as a page, most of it looking for static
    files. Where a test changes settings it gets its own all the same."""
    load, base, kept = ClientHandler.load_middleware, settings._wrapped, []

    def loaded(handler, is_async=False):
        if is_async or settings._wrapped is not base:
            load(handler, is_async)
        else:
            if not kept:
                load(handler)
                kept.append(handler)
            handler._middleware_chain = kept[0]._middleware_chain

    ClientHandler.load_middleware = loaded
    yield
    ClientHandler.load_middleware = load


@pytest.fixture(scope="session", autouse=True)
def servers_that_stop_soon():
    """They look every half second whether they are to stop, and many tests start one of their own."""
    before = BaseWSGIServer.serve_forever.__defaults__
    BaseWSGIServer.serve_forever.__defaults__ = (0.05,)
    yield
    BaseWSGIServer.serve_forever.__defaults__ = before


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
            # No model stands for the words of search: they would be found after what they are of is gone.
            cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE %% USING fts5(%%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")

    operations.execute_sql_flush = emptied
    yield
    operations.execute_sql_flush = empty


@pytest.fixture
def cast(db):
    """The people of tests/cast.py, saved."""
    from tests.again import again
    from tests.cast import make_cast

    return again(make_cast)


@pytest.fixture
def monday():
    from tests.cast import MONDAY

    return MONDAY
