"""Examples for the reference, made from the shapes themselves, so that they are never out of date."""

import json
from typing import Any

Schema = dict[str, Any]

# What a reader understands better than what a machine would make up.
_KNOWN: dict[str, Any] = {
    "what": "The claims page shows error 500 since this morning.",
    "email": "ana@example.org",
    "reporter": {"name": "Ana Alvarez", "email": "ana@example.org"},
    "body": "Hello {{ first_name }}, we have found the cause. You will hear from us by {{ promised_time }}.",
    "words": "A certificate ran out; we are renewing it.",
    "cause": "An expired certificate",
    "solution": "Renewed the certificate and added an alert.",
    "questions": ["error-message", "expected"],
    "answers": {"expected": "A confirmation page"},
    "reason": "The customer leaves on Friday.",
    "due_at": "2026-11-24T15:00:00+01:00",
    "report": "MG-12",
    "reports": ["MG-12", "MG-15"],
    "into": "PRB-9",
    "title": "The claims page answers 500",
    "step": "reload",
    "text": "Prefers to be called in the morning.",
    "severity": "high",
    "expected": 126,
    "areas": [{"left": 40, "top": 12, "width": 300, "height": 28}],
    "change": "label",
    "value": "+vip",
    "labels": ["billing"],
    "repository": "portal",
    "sha": "3f786850e387550fdab836ed7e6dc881de23001b",
    "version": "v1.4.0",
    "environment": "production",
    "commits": [{"sha": "3f786850e387550fdab836ed7e6dc881de23001b", "message": "Fixes MG-12: a full disk is noticed"}],
    "rows": [{"reference": "crm-1", "what": "The page stays white.", "reporter": {"email": "ana@example.org"}}],
}
_PLACES = {
    "number": "MG-12",
    "id": "17",
    "key": "7h3k9w2m4x8p",
    "slug": "escalated",
    "entry": "4211",
    "field": "category",
    "problem": "PRB-12",
    "article": "KB-12",
    "language": "en",
}


def body_of(operation: Schema, components: Schema) -> Any:
    """A body the operation would take, or None."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return _sample(schema, components) if schema else None


def curl(method: str, path: str, operation: Schema, components: Schema, *, base: str) -> str:
    """The call for a shell."""
    lines = [f"curl -sS {_method(method)}{base}{_filled(path)}", "  -H 'Authorization: Bearer '$MAKEGOOD_TOKEN"]
    if method != "GET":
        lines.append("  -H 'Idempotency-Key: '$(uuidgen)")
    body = body_of(operation, components)
    if body is not None:
        lines += ["  -H 'Content-Type: application/json'", f"  -d '{json.dumps(body, ensure_ascii=False)}'"]
    if _takes_file(operation):
        lines.append("  -F file=@screenshot.png")
    return " \\\n".join(lines)


def python(method: str, path: str, operation: Schema, components: Schema, *, base: str) -> str:
    """The same with Python's requests."""
    more, headers = "", ['"Authorization": f"Bearer {token}"']
    if method != "GET":
        headers.append('"Idempotency-Key": str(uuid.uuid4())')
    body = body_of(operation, components)
    if body is not None:
        more = f",\n    json={_literal(body)}"
    if _takes_file(operation):
        more = ',\n    files={"file": open("screenshot.png", "rb")}'
    call = f'answer = requests.{method.lower()}(\n    "{base}{_filled(path)}",\n'
    return f"{call}    headers={{{', '.join(headers)}}}{more},\n)\nanswer.raise_for_status()"


def fields(schema: Schema, components: Schema) -> list[dict[str, Any]]:
    """A line for each field of a shape: name, type in words, whether it is needed, what it means."""
    schema = _resolved(schema, components)
    needed = set(schema.get("required", ()))
    return [
        {
            "name": name,
            "type": type_words(one, components),
            "needed": name in needed,
            "says": one.get("description", ""),
        }
        for name, one in schema.get("properties", {}).items()
    ]


def type_words(schema: Schema, components: Schema) -> str:
    """'text, at most 200' or 'critical | high | …'."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return type_words(components["schemas"][name], components) if "enum" in components["schemas"][name] else name
    if "anyOf" in schema:
        return " or ".join(type_words(one, components) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) or "empty" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {type_words(schema.get('items', {}), components)}"
    if kind == "string":
        return {"date-time": "moment", "email": "e-mail address", "binary": "file"}.get(
            schema.get("format", ""), "text"
        )
    return {"integer": "number", "boolean": "true or false", "object": "names and values"}.get(kind, str(kind))


def _sample(schema: Schema, components: Schema, depth: int = 0) -> Any:
    schema = _resolved(schema, components)
    if "properties" not in schema:
        return _plain(schema)
    wanted = schema.get("required") or list(schema["properties"])[:2]
    return {
        name: _KNOWN[name] if name in _KNOWN else _sample(schema["properties"][name], components, depth + 1)
        for name in wanted
    }


def _plain(schema: Schema) -> Any:
    if "anyOf" in schema:
        return _plain(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    return {"integer": 1, "boolean": True, "array": [], "object": {}}.get(schema.get("type", ""), "…")


def _resolved(schema: Schema, components: Schema) -> Schema:
    while "$ref" in schema:
        schema = components["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _filled(path: str) -> str:
    for name, value in _PLACES.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def _method(method: str) -> str:
    return "" if method == "GET" else f"-X {method} "


def _takes_file(operation: Schema) -> bool:
    return "multipart/form-data" in operation.get("requestBody", {}).get("content", {})


def _literal(value: Any) -> str:
    """JSON as Python would write it, in so far as examples need it."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace(": true", ": True").replace(": false", ": False").replace(": null", ": None")
