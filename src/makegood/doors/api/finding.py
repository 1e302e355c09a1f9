"""Rows that requests name: a report for its seeker, and things of the catalogue by their short names."""

from typing import Any, TypeVar

from django.db.models import Model
from django.http import HttpRequest

from makegood.doors.api import problems
from makegood.doors.api.area import caller, tag_of
from makegood.doors.api.shapes import WITH, report_out, with_problems
from makegood.life.people.models import Agent, Organisation, Team
from makegood.life.privacy import openings
from makegood.life.reports import access
from makegood.life.reports.models import Category, Component, Report

Row = TypeVar("Row", bound=Model)


def report_of(request: HttpRequest, number: str) -> Report:
    """The report of the address, with all its shape reads. Raises NotFound."""
    found = access.access_report(caller(request).agent, number)
    openings.note(found, caller(request).agent, way="api", at=caller(request).now)
    whole = Report.objects.select_related(*WITH).prefetch_related("labels").get(pk=found.pk)
    return with_problems(caller(request).agent, [whole])[0]


def report_tag(request: HttpRequest, number: str, **_more: Any) -> str:
    """The present ETag of a report, which nobody can change until the transaction ends."""
    access.lock(access.access_report(caller(request).agent, number))
    return tag_of(report_out(report_of(request, number)))


def named(model: type[Row], slug: str | None, pointer: str) -> Row | None:
    """The row in use that is called ``slug``; None for none. Raises Problem."""
    if slug is None:
        return None
    found = model._default_manager.filter(slug=slug, is_active=True).first()
    if found is None:
        raise problems.invalid(pointer, f"Nothing in use is called {slug!r}.")
    return found


def category(slug: str | None, pointer: str = "#/category") -> Category | None:
    return named(Category, slug, pointer)


def component(slug: str | None, pointer: str = "#/component") -> Component | None:
    return named(Component, slug, pointer)


def team(slug: str | None, pointer: str = "#/team") -> Team | None:
    return named(Team, slug, pointer)


def colleague(request: HttpRequest, key: str | None, pointer: str = "#/assignee") -> Agent | None:
    """The person with this key (``me``: the token's owner) whom work can be given to. Raises Problem."""
    if key is None:
        return None
    people = Agent.objects.filter(is_active=True, is_service=False)
    found = people.filter(pk=caller(request).agent.pk) if key == "me" else people.filter(key=key)
    person = found.first()
    if person is None:
        raise problems.invalid(pointer, "There is nobody with this key to give work to.")
    return person


def organisation(key: str | None, pointer: str = "#/organisation") -> Organisation | None:
    if key is None:
        return None
    found = Organisation.objects.filter(key=key).first()
    if found is None:
        raise problems.invalid(pointer, "There is no such organisation.")
    return found


def refuse_unknown_questions(slugs: set[str], known: set[str], pointer: str) -> None:
    """Raise Problem for the first question nobody knows: an answer to it would be lost."""
    unknown = sorted(slugs - known)
    if unknown:
        raise problems.invalid(f"{pointer}/{unknown[0]}", "There is no such question.")
