"""Repositories: where changes are made, what their hosts told us, and which environments reach customers."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.setup.frame import history_lines
from makegood.doors.console.setup.repository_form import RepositoryForm
from makegood.lib.texts import whole_number
from makegood.life.fixes import completing, deliveries, reading, repositories
from makegood.life.fixes.models import Delivery, Environment, Repository
from makegood.life.reports.access import NotFound
from makegood.life.reports.models import LedgerEntry

PAGE = 50
_RINGS = {
    Delivery.WAITING: "running",
    Delivery.USED: "kept",
    Delivery.CUT: "at_risk",
    Delivery.UNUSED: "paused",
    Delivery.FAILED: "broken",
}
_KINDS = ("setup.added", "setup.changed", "setup.removed", "repository.secret_made", "repository.replayed")


@needs("setup.repositories")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every repository with how it fares, and the environments."""
    cut = set(completing.all_incomplete().values_list("repository_id", flat=True))
    rows = [
        {"repository": one, "state": _state(one, one.pk in cut)}
        for one in Repository.objects.select_related("component").order_by("name")
    ]
    environments = Environment.objects.order_by("-reaches_customers", "slug")
    return render(request, "console/repositories/list.html", {"rows": rows, "environments": environments})


@needs("setup.repositories")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new repository; a webhook secret is shown once, in the answer."""
    form = RepositoryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = repositories.add(by=signed_in(request).actor, at=timezone.now(), **form.facts())
        except repositories.BadRepository as bad:
            form.add_error(None, str(bad))
        else:
            if secret:
                return _show_secret(request, made, secret)
            messages.success(request, _("Added."))
            return redirect("console:setup_repository", key=made.key)
    return render(request, "console/repositories/edit.html", {"form": form}, status=422 if form.errors else 200)


@needs("setup.repositories")
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """One repository: how it fares, and every webhook it sent."""
    repository = _repository(key)
    found: QuerySet[Delivery] = repository.deliveries.order_by("-pk")
    before = whole_number(request.GET.get("after", ""))
    found = found.filter(pk__lt=before) if before is not None else found
    shown = list(found.defer("body")[: PAGE + 1])
    entries = LedgerEntry.objects.filter(
        kind__in=_KINDS, data__what=repositories.WHAT, data__id=repository.pk
    ).order_by("-pk")
    incomplete = completing.all_incomplete().filter(repository=repository).count()
    context = {
        "repository": repository,
        "state": _state(repository, bool(incomplete)),
        "hook_url": repositories.hook_url(repository),
        "incomplete": incomplete,
        "has_source": completing.has_source(repository),
        "rows": [{"delivery": one, "ring": _RINGS[one.outcome]} for one in shown[:PAGE]],
        "after": f"after={shown[PAGE - 1].pk}" if len(shown) > PAGE else "",
        "history": history_lines(entries),
    }
    return render(request, "console/repositories/page.html", context)


@needs("setup.repositories")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    repository = _repository(key)
    form = RepositoryForm(request.POST if request.method == "POST" else None, initial=RepositoryForm.of(repository))
    if request.method == "POST" and form.is_valid():
        try:
            now = timezone.now()
            repositories.change(repository, by=signed_in(request).actor, at=now, **form.facts())
            completing.ask_again(repository, at=now)
        except repositories.BadRepository as bad:
            form.add_error(None, str(bad))
        else:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("console:setup_repository", key=key)
    context = {"form": form, "repository": repository}
    return render(request, "console/repositories/edit.html", context, status=422 if form.errors else 200)


@needs("setup.repositories")
@require_POST
def rotate(request: HttpRequest, key: str) -> HttpResponse:
    """A new secret, shown once; the old one opens beside it for a day."""
    repository = _repository(key)
    secret = repositories.rotate_secret(repository, by=signed_in(request).actor, at=timezone.now())
    return _show_secret(request, repository, secret)


@needs("setup.repositories")
@require_POST
def read(request: HttpRequest, key: str) -> HttpResponse:
    """Read the folder now; the worker does it."""
    repository = _repository(key)
    if repository.path:
        reading.ask(repository.pk, at=timezone.now())
        messages.success(request, _("It is read now. What came of it stands here in a moment."))
    else:
        messages.error(request, _("It has no folder to be read."))
    return redirect("console:setup_repository", key=key)


@needs("setup.repositories")
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    repositories.remove(_repository(key), by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("Taken away, with what it told. Problems stay in the state they are in."))
    return redirect("console:setup_repositories")


@needs("setup.repositories")
@require_safe
def delivery(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One webhook: what was kept of it and what came of it."""
    found = _delivery(key, pk)
    context = {
        "delivery": found,
        "repository": found.repository,
        "ring": _RINGS[found.outcome],
        "body": json.dumps(json.loads(found.body), indent=2, ensure_ascii=False)[:100_000],
    }
    return render(request, "console/repositories/delivery.html", context)


@needs("setup.repositories")
@require_POST
def again(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    deliveries.again(_delivery(key, pk), by=signed_in(request).actor, at=timezone.now())
    messages.success(request, _("It is taken up again in a moment. What it told already changes nothing."))
    return redirect("console:setup_repository_delivery", key=key, pk=pk)


@needs("setup.repositories")
@require_POST
def environment(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether an environment reaches customers."""
    found = Environment.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    reaches = request.POST.get("reaches") == "yes"
    repositories.set_environment(found, reaches, by=signed_in(request).actor, at=timezone.now())
    words = _("%s reaches customers.") if reaches else _("%s does not reach customers.")
    messages.success(request, words % found.name)
    return redirect("console:setup_repositories")


def _repository(key: str) -> Repository:
    found = Repository.objects.filter(key=key).select_related("component").first()
    if found is None:
        raise NotFound(key)
    return found


def _delivery(key: str, pk: int) -> Delivery:
    found = Delivery.objects.filter(pk=pk, repository__key=key).select_related("repository").first()
    if found is None:
        raise NotFound(str(pk))
    return found


def _show_secret(request: HttpRequest, repository: Repository, secret: str) -> HttpResponse:
    context = {"repository": repository, "secret": secret, "hook_url": repositories.hook_url(repository)}
    return render(request, "console/repositories/secret.html", context)


def _state(repository: Repository, is_cut: bool) -> tuple[str, str]:
    """Its ring and a word for it."""
    told: list[Any] = [moment for moment in (repository.told_at, repository.read_at) if moment]
    if not repository.is_active:
        return "paused", _("paused")
    if repository.read_trouble:
        return "broken", _("cannot be read")
    if repository.refused_at and repository.refused_at > max(told, default=repository.created_at):
        return "at_risk", _("shows a wrong secret")
    if is_cut:
        return "at_risk", _("commits are missing")
    return ("kept", _("works")) if told else ("running", _("nothing told yet"))


urlpatterns = [
    path("", listing, name="setup_repositories"),
    path("add/", add, name="setup_repository_add"),
    path("environments/<int:pk>/", environment, name="setup_environment"),
    path("<slug:key>/", page, name="setup_repository"),
    path("<slug:key>/change/", edit, name="setup_repository_edit"),
    path("<slug:key>/secret/", rotate, name="setup_repository_secret"),
    path("<slug:key>/read/", read, name="setup_repository_read"),
    path("<slug:key>/remove/", remove, name="setup_repository_remove"),
    path("<slug:key>/<int:pk>/", delivery, name="setup_repository_delivery"),
    path("<slug:key>/<int:pk>/again/", again, name="setup_repository_again"),
]
