"""The page that explains the API, made from its own description. Complete without scripts."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from makegood.doors.api import problems, samples, v1
from makegood.doors.api.gate import PER_MINUTE
from makegood.life.people.tokens import SCOPES

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Explained:
    """One operation as the page shows it. ``haystack`` is what a search looks through."""

    name: str
    method: str
    path: str
    title: str
    says: str
    scope: str
    action: str
    parameters: list[dict[str, Any]]
    body: list[dict[str, Any]]
    answer: list[dict[str, Any]]
    answer_name: str
    status: int
    refusals: list[tuple[int, str]]
    curl: str
    python: str
    haystack: str

    @cached_property
    def drawn(self) -> SafeString:
        """As it stands on the page, the same for everybody: drawing all of them takes a fifth of a second."""
        with translation.override("en"):
            return SafeString(render_to_string("api/operation.html", {"one": self}))


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    return redirect("api_docs")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All operations, or those a search finds. In English, like the names in the API."""
    wanted = request.GET.get("q", "")[:LONGEST_SEARCH].strip()
    # "escalate" shall find escalations, and "reports" a report.
    words = [word[:-1] if len(word) > 4 and word[-1] in "es" else word for word in wanted.lower().split()]
    groups = [
        (area, [one for one in explained()[area.name] if all(word in one.haystack for word in words)])
        for area in v1.AREAS
    ]
    context = {
        "groups": [(area, found) for area, found in groups if found],
        "q": wanted,
        "base": f"{settings.BASE_URL}{v1.PREFIX}",
        "scopes": SCOPES,
        "per_minute": PER_MINUTE,
    }
    return _in_english(request, "api/reference.html", context)


@require_GET
def problem_page(request: HttpRequest) -> HttpResponse:
    """Every kind of problem, under the anchor its ``type`` names."""
    return _in_english(request, "api/problems.html", {"kinds": problems.KINDS})


@require_GET
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    answer = JsonResponse(v1.description(), json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:
    raise Http404


def _in_english(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    with translation.override("en"):
        return render(request, template, context)


@lru_cache(1)
def explained() -> dict[str, list[Explained]]:
    """Area name to its operations, worked out once."""
    told = v1.description()
    return {area.name: [_explain(route, told) for route in area.routes] for area in v1.AREAS}


def _explain(route: Any, told: dict[str, Any]) -> Explained:
    operation = told["paths"][v1.PREFIX + route.path][route.method.lower()]
    components = told["components"]
    body: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    taken: dict[str, Any] = next((one["schema"] for one in body.values()), {})
    given = operation["responses"][str(route.status)].get("content", {})
    shape = given.get("application/json", {}).get("schema", {})
    how = {"operation": operation, "components": components, "base": settings.BASE_URL + v1.PREFIX}
    says = operation.get("description", "")
    return Explained(
        name=route.name,
        method=route.method,
        path=route.path,
        title=operation["summary"],
        says=says,
        scope=route.scope,
        action=route.action,
        parameters=[_parameter(one, components) for one in operation["parameters"]],
        body=samples.fields(taken, components),
        answer=samples.fields(shape, components),
        answer_name=samples.type_words(shape, components) if shape else " or ".join(route.media),
        status=route.status,
        refusals=[(status, problems.names_of([status])[0]) for status in route.refusals],
        curl=samples.curl(route.method, route.path, **how),
        python=samples.python(route.method, route.path, **how),
        haystack=" ".join([route.method, route.path, operation["summary"], says, route.scope, route.name]).lower(),
    )


def _parameter(one: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": one["name"],
        "place": one["in"],
        "type": samples.type_words(one["schema"], components),
        "needed": one.get("required", False),
        "says": one.get("description") or one["schema"].get("description", ""),
    }
