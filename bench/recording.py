"""What the product writes when it files one report, kept so that the floor can write the same rows."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client

from bench.floor import dsn, plain

_INSERT = re.compile(r'INSERT INTO "(\w+)" \((.*?)\) VALUES', re.IGNORECASE | re.DOTALL)
_UPDATE = re.compile(r'UPDATE "(\w+)"', re.IGNORECASE)

WHAT = (
    "The claims page shows an error since this morning. I opened my claims, chose the newest one and pressed Download,"
    " and the page said that something went wrong. I tried it three times on two devices."
)


def form(number: int) -> dict[str, str]:
    """One report as the form sends it when the whole of it is in the last POST."""
    return {
        "what": f"{WHAT} ({number})",
        "category": "server-error",
        "page": "https://members.fairfield.example/claims",
        "browser": "Firefox 143",
        "os": "Windows 11",
        "expected": "A PDF of my claim.",
        "hindrance": "blocked",
        "name": "Ana Alvarez",
        "email": f"ana{number}@bench.example",
    }


def record_writes() -> list[dict[str, Any]]:
    """File two reports in this process and return the INSERTs and UPDATEs of the second, caches being warm."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.post("/report/send/", form(900_001))
    steps: list[dict[str, Any]] = []

    def keep(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        insert, update = _INSERT.match(sql), _UPDATE.match(sql)
        values = [plain(value) for value in params or ()]
        if insert:
            columns = [column.strip(' "') for column in insert[2].split(",")]
            steps.append({"kind": "insert", "table": insert[1], "columns": columns, "values": values})
        elif update:
            steps.append({"kind": "update", "table": update[1], "text": sql, "values": values})
        return result

    with connection.execute_wrapper(keep):
        answer = client.post("/report/send/", form(900_002))
    if answer.status_code != 303:
        raise RuntimeError(f"The form was not accepted: {answer.status_code}")
    return steps


def plan(reads: dict[str, list[str]] | None = None, writes: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What the floor needs to know."""
    references = {
        field.column: field.related_model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.column in ("report_id", "contact_id", "message_id")
    }
    url = settings.DATABASES["default"]
    is_postgres = "postgresql" in url["ENGINE"]
    return {
        "database": f"postgres {dsn(postgres_url())}" if is_postgres else str(url["NAME"]),
        "pragmas": url["OPTIONS"].get("init_command", "").rstrip(";").split(";"),
        "references": references,
        "writes": writes or [],
        "reads": reads or {},
    }


def postgres_url() -> str:
    """The address of the database in use, as DATABASE_URL has it."""
    settled = connection.settings_dict
    return f"postgres://{settled['USER']}@{settled['HOST'] or '127.0.0.1'}:{settled['PORT'] or 5432}/{settled['NAME']}"


def body(number: int, token: str) -> str:
    return urlencode({**form(number), "csrfmiddlewaretoken": token})
