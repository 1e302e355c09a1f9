"""Queries that read a whole table which grows with every report: quick on a small desk, an outage on a large one.

SQLite tells its plan. A test's database was never analysed, so each table is planned for as if it were large.
"""

import re
from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.db import connection

# Rows of these come with reports, mails, looks; what people set up by hand may be read whole.
GROWING = {
    "reports": None,
    "promises": {"promise", "promisestep", "episode"},
    "engine": {"job", "similardocument", "similarposting"},
    "post": None,
    "people": {"contact", "organisation"},
    "hooks": {"delivery", "attempt"},
    "knowledge": {"use", "visit"},
    "colleagues": {"notice", "watch"},
    "diagnosis": {"answer", "askrequest", "steptrial", "fieldsuggestion", "evidence"},
    "escalation": {"escalation", "page", "accountnote"},
    "aftercare": {"csat", "followup", "recovery", "resolution", "recoverycall"},
    "problems": {"membership", "prioritychange"},
    "announcements": {"recipient"},
    "compensation": {"compensation", "entry", "voucher"},
    "intake": {"incoming"},
    "privacy": {"opening"},
    "statuspage": {"delivery"},
    "searching": None,
}
_plans = {}
SET_UP = {"reports_category", "reports_component", "reports_label", "reports_savedview", "reports_mailbox"}


@cache
def growing_tables():
    found = set()
    for model in apps.get_models():
        names = GROWING.get(model._meta.app_label, set())
        if names is None or model._meta.model_name in names:
            found.add(model._meta.db_table)
    return found - SET_UP


@contextmanager
def whole_reads():
    """Gives a dict that fills with the queries made meanwhile that read a growing table from end to end, each with
    the tables."""
    found, growing = {}, growing_tables()

    def look(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        is_asked = not many and sql.split(None, 1)[0].upper() in {"SELECT", "UPDATE", "DELETE", "WITH"}
        if is_asked and not is_walk(sql) and (tables := scanned(sql, params) & growing):
            found[sql] = tables
        return done

    with connection.execute_wrapper(look):
        yield found


def is_walk(sql):
    """The newest of everything: read in the order of keys, no further than the page."""
    return " WHERE " not in sql and " LIMIT " in sql


def scanned(sql, params):
    """The tables that SQLite reads whole for ``sql``, without any index, whatever it is compared with."""
    if sql not in _plans:
        _plans[sql] = _scanned(sql, params)
    return _plans[sql]


def _scanned(sql, params):
    wanted = "EXPLAIN QUERY PLAN " + re.sub(r"%(s|%)", lambda found: "?" if found[1] == "s" else "%", sql)
    with connection.cursor() as cursor:
        steps = [row[3] for row in cursor.cursor.connection.execute(wanted, params or ()).fetchall()]
    named = dict(re.findall(r'"?(\w+)"? (?:AS )?"?(\w+)"?', sql))  # alias by table, roughly
    tables = {step.split()[1] for step in steps if step.startswith("SCAN") and "INDEX" not in step}
    return {{alias: table for table, alias in named.items()}.get(name, name) for name in tables} | tables
