"""The floor: the least a web application can do. A bare ASGI app, no framework, that writes or reads the same rows.

What it writes is not described here but recorded: bench/intake.py lets the product file one report, keeps every INSERT
and UPDATE it made, and this app replays them with fresh keys. Started by uvicorn with BENCH_FLOOR naming the recording.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psycopg
from psycopg_pool import AsyncConnectionPool

PLAN: dict[str, Any] = json.loads(Path(os.environ["BENCH_FLOOR"]).read_text()) if "BENCH_FLOOR" in os.environ else {}
IS_POSTGRES = PLAN.get("database", "").startswith("postgres ")
FRESH = {"key", "token_hash", "idempotency_key", "email", "rfc_id", "value"}
MARK = "%s" if IS_POSTGRES else "?"

_sqlite: sqlite3.Connection | None = None
_pool: AsyncConnectionPool | None = None


async def app(scope, receive, send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    body = b""
    while True:
        part = await receive()
        body += part.get("body", b"")
        if not part.get("more_body"):
            break
    if scope["method"] == "POST":
        dict(parse_qsl(body.decode()))
        answer = await _write()
    else:
        answer = await _read(scope["path"].strip("/"), dict(parse_qsl(scope["query_string"].decode())))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": answer})


async def _live(receive, send) -> None:
    global _sqlite, _pool
    await receive()
    if IS_POSTGRES:
        _pool = AsyncConnectionPool(PLAN["database"].removeprefix("postgres "), min_size=4, max_size=4, open=False)
        await _pool.open(wait=True)
    else:
        _sqlite = sqlite3.connect(PLAN["database"], isolation_level=None)
        for pragma in PLAN["pragmas"]:
            _sqlite.execute(pragma)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    if _pool:
        await _pool.close()
    await send({"type": "lifespan.shutdown.complete"})


async def _write() -> bytes:
    if _pool:
        async with _pool.connection() as connection:
            made: dict[str, int] = {}
            for step in PLAN["writes"]:
                cursor = await connection.execute(_sql(step), _values(step, made))
                if step["kind"] == "insert":
                    made[step["table"]] = (await cursor.fetchone())[0]
    else:
        _sqlite.execute("BEGIN IMMEDIATE")
        made = {}
        for step in PLAN["writes"]:
            cursor = _sqlite.execute(_sql(step), _values(step, made))
            if step["kind"] == "insert":
                made[step["table"]] = cursor.fetchone()[0]
        _sqlite.execute("COMMIT")
    return f"<p>MG-{made['reports_report']}</p>".encode()


def _sql(step: dict[str, Any]) -> str:
    if "sql" not in step:
        if step["kind"] == "insert":
            row = "(" + ", ".join([MARK] * len(step["columns"])) + ")"
            columns = ", ".join(f'"{column}"' for column in step["columns"])
            rows = ", ".join([row] * (len(step["values"]) // len(step["columns"])))
            step["sql"] = f'INSERT INTO "{step["table"]}" ({columns}) VALUES {rows} RETURNING "id"'
        else:
            step["sql"] = step["text"].replace("%s", MARK)
    return step["sql"]


def _values(step: dict[str, Any], made: dict[str, int]) -> list[Any]:
    """The recorded values with fresh secrets and the ids of the rows just written."""
    columns = step.get("columns") or []
    values = []
    for position, value in enumerate(step["values"]):
        column = columns[position % len(columns)] if columns else ""
        if column in FRESH and isinstance(value, str):
            value = secrets.token_hex(6) if column != "email" else f"{secrets.token_hex(6)}@floor.example"
        elif column in PLAN["references"] and PLAN["references"][column] in made and value is not None:
            value = made[PLAN["references"][column]]
        elif step["kind"] == "update" and position == len(step["values"]) - 1 and step["table"] in made:
            value = made[step["table"]]
        values.append(value)
    return values


async def _read(name: str, query: dict[str, str]) -> bytes:
    rows: list[Any] = []
    for text in PLAN["reads"].get(name, []):
        value = int(query["id"]) if "id" in query else query.get("q", "")
        values = [value] * text.count("%s")
        if _pool:
            async with _pool.connection() as connection:
                rows += await (await connection.execute(text, values)).fetchall()
        else:
            rows += _sqlite.execute(text.replace("%s", "?"), values).fetchall()
    return ("<table>" + "".join(f"<tr><td>{'</td><td>'.join(map(str, row))}</td></tr>" for row in rows)).encode()


def dsn(url: str) -> str:
    """A libpq address of DATABASE_URL."""
    parts = urlsplit(url)
    return psycopg.conninfo.make_conninfo(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 5432,
        user=parts.username,
        password=parts.password or None,
        dbname=parts.path.strip("/"),
    )


def plain(value: Any) -> Any:
    """A recorded value as JSON can carry it and both drivers take it back."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if hasattr(value, "obj"):  # psycopg's Jsonb
        return json.dumps(value.obj)
    return value
