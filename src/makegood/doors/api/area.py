"""How an operation is declared, run and written down.

``area.post("/reports/{number}/close", scope=…, action=…, ok=Shape)`` says what it takes; the handler returns a shape.
Around it stand the rules every operation shares: unknown parameters are refused, an ``If-Match`` is held against the
present state under lock, a change and the answer kept for its ``Idempotency-Key`` are one transaction.
"""

import functools
import hashlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import BaseModel

from makegood.doors.api import problems
from makegood.doors.api.gate import Bearer, Caller
from makegood.doors.api.problems import Problem
from makegood.doors.api.refusing import problem_of
from makegood.doors.api.shell import request_id
from makegood.engine import idempotency
from makegood.engine.idempotency import Claim, OtherRequest, StillRunning
from makegood.lib.errors import Refusal
from makegood.life.reports.access import NotFound

Handler = Callable[..., Any]
Tag = Callable[..., str]
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("ETag", "Location")


@dataclass(frozen=True)
class Answer:
    """A shape with another status than usual, or with headers."""

    shape: BaseModel | None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """One operation. ``guard`` gives the present ETag, with what it guards locked. ``prepare`` does slow work before
    the transaction. ``is_whole``: all of it is one transaction. ``media``: answers that are no JSON."""

    method: str
    path: str
    name: str
    scope: str
    action: str
    ok: Any = None
    status: int = 200
    also: dict[int, str] = field(default_factory=dict)
    guard: Tag | None = None
    prepare: Handler | None = None
    is_whole: bool = True
    is_tagged: bool = False
    takes_files: bool = False
    media: tuple[str, ...] = ()

    @property
    def is_change(self) -> bool:
        return self.method != "GET"

    @property
    def refusals(self) -> list[int]:
        """Statuses besides success that may come, for the description."""
        found = {401, 403, 422, 429, 500, 503}
        if "{" in self.path:
            found.add(404)
        if self.is_change:
            found |= {400, 404, 409, 413, 415}
        if self.guard:
            found.add(412)
        return sorted(found)


class Area:
    """The operations of one subject, in the order they are declared."""

    def __init__(self, name: str, says: str) -> None:
        self.name, self.says = name, says
        self.router = Router(tags=[name])
        self.routes: list[Route] = []

    def get(self, path: str, **more: Any) -> Callable[[Handler], Handler]:
        return self._adding("GET", path, more)

    def post(self, path: str, **more: Any) -> Callable[[Handler], Handler]:
        return self._adding("POST", path, more)

    def patch(self, path: str, **more: Any) -> Callable[[Handler], Handler]:
        return self._adding("PATCH", path, more)

    def delete(self, path: str, **more: Any) -> Callable[[Handler], Handler]:
        return self._adding("DELETE", path, {"status": 204, **more})

    def _adding(self, method: str, path: str, more: dict[str, Any]) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            route = Route(method, path, handler.__name__, **more)
            self.routes.append(route)
            summary, _gap, rest = inspect.cleandoc(handler.__doc__ or "").partition("\n\n")
            self.router.api_operation(
                [method],
                path,
                auth=Bearer(route.scope, route.action, takes_files=route.takes_files),
                response={route.status: route.ok},
                operation_id=handler.__name__,
                summary=" ".join(summary.split()).rstrip("."),
                description=" ".join(rest.split()),
            )(_around(route, handler))
            return handler

        return add


def caller(request: HttpRequest) -> Caller:
    """Whoever the gate let through."""
    found: Caller = request.auth  # type: ignore[attr-defined]
    return found


def tag_of(shape: BaseModel) -> str:
    """The ETag of what a client would read."""
    return f'"{hashlib.sha256(shape.model_dump_json().encode()).hexdigest()[:32]}"'


# The rules around a handler.


def _around(route: Route, handler: Handler) -> Handler:
    @functools.wraps(handler)
    def answered(request: HttpRequest, **given: Any) -> HttpResponseBase:
        _refuse_unknown(request, answered)
        if route.is_change:
            return _changed(route, handler, request, given)
        return _read(route, handler, request, given)

    return answered


def _read(route: Route, handler: Handler, request: HttpRequest, given: dict[str, Any]) -> HttpResponseBase:
    answer = _rendered(route, handler(request, **given))
    if route.is_tagged and _names(request.headers.get("If-None-Match", ""), answer["ETag"]):
        return HttpResponse(status=304, headers={"ETag": answer["ETag"]})
    return answer


def _changed(route: Route, handler: Handler, request: HttpRequest, given: dict[str, Any]) -> HttpResponseBase:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return _once(route, handler, request, given)
    if not _KEY.fullmatch(key):
        raise problems.invalid("header/Idempotency-Key", "Between 1 and 255 visible ASCII characters.")
    try:
        found = idempotency.begin(
            f"token:{caller(request).token.pk}", key, _fingerprint(request), now=caller(request).now
        )
    except OtherRequest:
        raise Problem("key-reused") from None
    except StillRunning:
        raise Problem("key-busy", headers={"Retry-After": "1"}) from None
    if not isinstance(found, Claim):
        media = problems.MEDIA_TYPE if found.status >= 400 else "application/json"
        headers = {**found.headers, "Idempotency-Replayed": "true"}
        return HttpResponse(found.body, status=found.status, content_type=media, headers=headers)
    return _claimed(route, handler, request, given, claim=found)


def _once(
    route: Route, handler: Handler, request: HttpRequest, given: dict[str, Any], claim: Claim | None = None
) -> HttpResponse:
    """The change itself; with a claim its answer is kept in the same transaction."""
    if route.prepare:
        request.prepared = route.prepare(request, **given)  # type: ignore[attr-defined]
    if not route.is_whole:
        return _settled(_rendered(route, handler(request, **given)), claim)
    with transaction.atomic():
        try:
            with transaction.atomic():
                if route.guard and (wanted := request.headers.get("If-Match")):
                    _hold_against(wanted, route.guard(request, **given))
                answer = _rendered(route, handler(request, **given))
        except (Problem, Refusal, NotFound) as no:
            answer = problems.answer(problem_of(no), request=request_id(request))
        return _settled(answer, claim)


def _claimed(
    route: Route, handler: Handler, request: HttpRequest, given: dict[str, Any], claim: Claim
) -> HttpResponseBase:
    """As ``_once``; what breaks is kept too, because a repeat must not do half of it again."""
    try:
        return _once(route, handler, request, given, claim)
    except idempotency.Overtaken:
        raise Problem("key-busy", headers={"Retry-After": "1"}) from None
    except OperationalError:
        idempotency.give_up(claim)
        raise
    except Exception as trouble:  # noqa: BLE001 - written down and told in problem_of
        answer = problems.answer(problem_of(trouble), request=request_id(request))
        return _settled(answer, claim)


def _settled(answer: HttpResponse, claim: Claim | None) -> HttpResponse:
    if claim is not None:
        headers = {name: answer[name] for name in _KEPT_HEADERS if name in answer}
        kept = idempotency.Answer(answer.status_code, answer.content.decode(), headers)
        idempotency.settle(claim, kept)
    return answer


def _rendered(route: Route, result: Any) -> Any:
    """A shape as JSON; what is an answer already stays as it is."""
    if isinstance(result, HttpResponseBase):
        return result
    told = result if isinstance(result, Answer) else Answer(result, route.status)
    if told.shape is None:
        return HttpResponse(status=told.status, headers=told.headers)
    body = told.shape.model_dump_json()
    answer = HttpResponse(body, status=told.status, content_type="application/json", headers=told.headers)
    if route.is_tagged:
        answer["ETag"] = tag_of(told.shape)
    return answer


def _hold_against(wanted: str, present: str) -> None:
    if wanted.strip() != "*" and present not in [one.strip() for one in wanted.split(",")]:
        raise Problem("changed-meanwhile")


def _names(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in header.split(",")]


def _refuse_unknown(request: HttpRequest, view: Any) -> None:
    """A slip in a parameter's name must not go unnoticed: the list would be another one than was meant."""
    models = view._ninja_operation.models
    known = {
        name for model in models if model.__ninja_param_source__ == "query" for name in model.__ninja_flatten_map__
    }
    unknown = sorted(set(request.GET) - known)
    if unknown:
        raise Problem(
            "invalid", errors=[problems.fault(f"query/{name}", "There is no such parameter.") for name in unknown]
        )
    twice = sorted(name for name, values in request.GET.lists() if len(values) > 1)
    if twice:
        raise Problem("invalid", errors=[problems.fault(f"query/{name}", "It is given twice.") for name in twice])


def _fingerprint(request: HttpRequest) -> str:
    """What makes two requests the same: method, address, and everything in the body."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode())
    for name, uploads in sorted(request.FILES.lists()):
        for upload in uploads:
            digest.update(repr((name, upload.name, upload.size)).encode())
            for chunk in upload.chunks():
                digest.update(chunk)
            upload.seek(0)
    return digest.hexdigest()
