"""What depends on which database it is."""

import sqlite3
import threading

import pytest
from django.db import connection

from makegood.engine import database


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL tends itself")
@pytest.mark.django_db(transaction=True)
def test_tending_waits_for_whoever_writes():
    """Statistics are written by a statement that begins as a reader; it must not give up because of a busy writer."""
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tended (a, b)")
        cursor.execute("CREATE INDEX tended_of ON tended (a, b)")
        cursor.executemany("INSERT INTO tended VALUES (%s, %s)", [(n % 7, n) for n in range(500)])
        # What the planner would like to know of it, and does not yet.
        cursor.execute("SELECT * FROM tended WHERE a = 1 AND b > 3 ORDER BY b").fetchall()
    try:
        other.execute("BEGIN IMMEDIATE")
        lets_go = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        lets_go.start()
        database.tend()
        lets_go.join()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'tended'")
            assert cursor.fetchone() == (1,)
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE tended")
