"""The API as a whole: its areas, its one way to fail, and its description in OpenAPI 3.1."""

import copy
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from makegood.doors.api import (
    accounts,
    announcements,
    articles,
    bulk,
    changes,
    conversation,
    doing,
    escalations,
    feedback,
    files,
    fix_work,
    following,
    insights,
    lessons,
    likely,
    looking,
    mails,
    making_good,
    problems,
    promises,
    questions,
    recurrences,
    reports,
    searching,
    steps,
    together,
)
from makegood.doors.api.area import Area, Route
from makegood.doors.api.reading import CarefulParser
from makegood.doors.api.refusing import problem_of
from makegood.doors.api.shell import request_id

PREFIX = "/api/v1"
AREAS: tuple[Area, ...] = (
    reports.area,
    conversation.area,
    steps.area,
    feedback.area,
    changes.area,
    together.area,
    escalations.area,
    likely.area,
    recurrences.area,
    announcements.area,
    lessons.area,
    doing.area,
    promises.area,
    insights.area,
    making_good.area,
    articles.area,
    files.area,
    fix_work.area,
    following.area,
    searching.area,
    mails.area,
    looking.area,
    accounts.area,
    questions.area,
    bulk.area,
)
ROUTES: list[Route] = [route for area in AREAS for route in area.routes]

api = NinjaAPI(
    title="Makegood",
    version="1",
    description="Carry an error a customer reports to a lasting fix, and keep every promise made on the way.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    parser=CarefulParser(),
    servers=[{"url": settings.BASE_URL}],
)
# The last first: of two addresses that fit, "/reports/bulk" counts before "/reports/{number}".
for _area in reversed(AREAS):
    api.add_router("", _area.router)


def _fail(request: HttpRequest, trouble: Any) -> HttpResponse:
    return problems.answer(problem_of(trouble), request=request_id(request))


api.add_exception_handler(Exception, _fail)
for _kind in list(api._exception_handlers):
    api.add_exception_handler(_kind, _fail)


@lru_cache(1)
def description() -> dict[str, Any]:
    """The OpenAPI document: what ninja knows of shapes, and what every operation shares."""
    told: dict[str, Any] = copy.deepcopy(dict(api.get_openapi_schema(path_prefix=f"{PREFIX}/")))
    told["tags"] = [{"name": area.name, "description": area.says} for area in AREAS]
    components = told["components"]
    components["schemas"]["Problem"] = _PROBLEM
    components["headers"] = _HEADERS
    components["responses"] = {f"Problem{status}": _problem(status) for status in _statuses()}
    for route in ROUTES:
        _complete(told["paths"][PREFIX + route.path][route.method.lower()], route, components)
    return told


def _complete(operation: dict[str, Any], route: Route, components: dict[str, Any]) -> None:
    answers = operation["responses"]
    answers[str(route.status)] = success = answers.pop(route.status)
    success["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMITS}
    if route.media:
        success["content"] = {media: {"schema": _content(media)} for media in route.media}
    if route.is_tagged:
        success["headers"]["ETag"] = {"$ref": "#/components/headers/ETag"}
    if route.is_tagged and not route.is_change:
        answers["304"] = {"description": "Not modified"}
        operation["parameters"].append(
            _header("If-None-Match", "The ETag you have; 304 if it is still the present one.")
        )
    for status, name in route.also.items():
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        answers[str(status)] = {"description": name, "content": content}
        components["schemas"].setdefault(name, _SHAPES[name].model_json_schema())
    for status in route.refusals:
        answers[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    if route.is_change:
        operation["parameters"].append(_KEY)
    if route.guard:
        operation["parameters"].append(_header("If-Match", "Only if the thing still has this ETag, or 412."))
    operation["x-scope"], operation["x-action"] = route.scope, route.action


def _statuses() -> list[int]:
    return sorted({status for route in ROUTES for status in route.refusals})


def _problem(status: int) -> dict[str, Any]:
    names = problems.names_of([status])
    titles = [problems.KINDS[name].title for name in names]
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _WITH_PROBLEM.get(status, ())}
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": "; ".join(titles), "content": content, **({"headers": headers} if headers else {})}


def _header(name: str, says: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": False, "description": says, "schema": {"type": "string"}}


def _content(media: str) -> dict[str, Any]:
    return {} if media == "application/json" else {"type": "string", "contentMediaType": media}


_KEY = {
    **_header(
        "Idempotency-Key",
        "The same request with the same key again gets the same answer, for 24 hours, and is done once.",
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_LIMITS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_WITH_PROBLEM = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}
_SHAPES = {"Kept": reports.Kept}
_HEADERS = {
    "RateLimit-Limit": {"description": "Requests a minute.", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "How many are left now.", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Seconds until all are there again.", "schema": {"type": "integer"}},
    "ETag": {"description": "The state you read; for `If-Match`.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "What is asked for.", "schema": {"type": "string"}},
}
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Explains this kind of problem."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people, in the language of `Accept-Language`."},
        "request": {"type": "string", "description": "What our log calls the request."},
        "code": {"type": "string", "description": "Why the product refused, for programs."},
        "can_retry": {"type": "boolean", "description": "The same request may succeed later."},
        "scope": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "`#/…` into the body, or `query/name`, `path/name`."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
