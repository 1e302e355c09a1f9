"""Their name, address and numbers in words that belong to others: taken out of the text, the rest stays.

What is shared is small and looked through whole; what was said on reports of others is found through the index.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.fields import TextField
from django.db.models.functions import Cast

from makegood.engine import search
from makegood.engine.search.words import phrase
from makegood.life.aftercare.models import FollowUp, Resolution
from makegood.life.announcements.models import Announcement
from makegood.life.diagnosis.models import Answer, StepTrial
from makegood.life.escalation.models import Escalation, Page
from makegood.life.fixes.models import CheckItem, Fix, TrackerIssue, TrackerWord
from makegood.life.hooks.models import Delivery
from makegood.life.insights.models import Improvement, Review
from makegood.life.intake.models import Incoming
from makegood.life.knowledge.models import Article, ArticleDraft, Version, Wording
from makegood.life.people.models import AccountNote, Organisation
from makegood.life.privacy.holding import ERASED
from makegood.life.privacy.scope import Scope
from makegood.life.problems import known
from makegood.life.problems.models import Problem, ProblemNote
from makegood.life.rca.models import Action, ActionStep, Cause, Rca, RcaDraft
from makegood.life.reports import finding
from makegood.life.reports.models import Draft, KeptForm, LedgerEntry, Message, OutgoingMail, Report
from makegood.life.searching import kinds
from makegood.life.statuspage.models import Notice, StateChange, Update

NAME = "mentions"
MOST_REPORTS = 500


@dataclass(frozen=True)
class Shared:
    """``fields``: texts, or lists and tables of texts. ``path``: how a row says which report it belongs to."""

    model: type[Model]
    fields: tuple[str, ...]
    path: str = ""


_RCA = (
    *("overview", "trigger", "root_cause", "factors", "detection", "monitoring_gap", "mended_for_now"),
    *("mended_for_good", "data_lost", "went_well", "went_badly", "luck", "lessons", "internal_text", "public_texts"),
    *("waiver",),
)
_PROBLEM = (
    *("title", "symptom", "cause", "workaround", "fix", "signatures"),
    *("public_titles", "public_texts", "public_workarounds"),
)
SHARED: tuple[Shared, ...] = (
    Shared(Problem, _PROBLEM),
    Shared(ProblemNote, ("body",)),
    Shared(AccountNote, ("text",)),
    Shared(Organisation, ("note",)),
    Shared(TrackerIssue, ("title", "body")),
    Shared(TrackerWord, ("body",)),
    Shared(Announcement, ("texts", "override_reason")),
    Shared(Fix, ("rollback",)),
    Shared(CheckItem, ("words", "note")),
    Shared(Rca, _RCA),
    Shared(RcaDraft, ("words",)),
    Shared(Cause, ("words", "evidence")),
    Shared(Action, ("title", "details", "measure", "outcome")),
    Shared(ActionStep, ("words",)),
    Shared(Article, ("note",)),
    Shared(Wording, ("title", "issue", "environment", "resolution", "cause", "search_words")),
    Shared(Version, ("texts",)),
    Shared(ArticleDraft, ("texts",)),
    Shared(Notice, ("titles",)),
    Shared(Update, ("titles", "texts")),
    Shared(StateChange, ("reason",)),
    Shared(Review, ("notes", "reasons", "figures")),
    Shared(Improvement, ("words",)),
)


# On a report of somebody else, found through the index.
OF_OTHERS: tuple[Shared, ...] = (
    Shared(Message, ("body", "subject"), "report"),
    Shared(Answer, ("text", "data"), "report"),
    Shared(StepTrial, ("notes",), "report"),
    Shared(Draft, ("body",), "report"),
    Shared(KeptForm, ("data",), "report"),
    Shared(Resolution, ("cause", "solution", "reporter_words", "to_do", "answer_words"), "report"),
    Shared(FollowUp, ("notes",), "report"),
    Shared(Escalation, ("reason", "document", "end_reason"), "report"),
    Shared(Page, ("text",), "report"),
    Shared(OutgoingMail, ("subject", "text", "html"), "report"),
    Shared(Incoming, ("raw",), "report"),
    Shared(Delivery, ("body",), "report_number"),
    Shared(LedgerEntry, ("data", "reason"), "report"),
    Shared(Report, ("title", "environment", "priority_reason"), "pk"),
)


def count(scope: Scope) -> int:
    """In how many places they are named."""
    return sum(len(rows) for _report, rows in _found(scope))


def erase(scope: Scope, *, most: int) -> int:
    """Take them out of some of these places, a report of somebody else whole; how many."""
    done = 0
    for report, found in _found(scope):
        for row, fields in found:
            _erase(row, fields, scope)
        if report is not None:
            finding.index(Report.objects.select_related("contact", "organisation").get(pk=report))
            known.put_report(Report.objects.get(pk=report))
        done += len(found)
        if done >= most:
            break
    return done


def without(value: Any, words: Iterable[str]) -> Any:
    """``value``, a text or texts in lists and tables, without ``words``."""
    wanted = list(words)
    return _without(value, _pattern(wanted)) if wanted else value


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    wanted = sorted(words, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in wanted), re.IGNORECASE)


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    if isinstance(value, list):
        return [_without(one, pattern) for one in value]
    if isinstance(value, dict):
        return {name: _without(one, pattern) for name, one in value.items()}
    return value


def _erase(row: Any, fields: tuple[str, ...], scope: Scope) -> None:
    values = {name: _fitting(row, name, without(getattr(row, name), scope.words)) for name in fields}
    type(row)._default_manager.filter(pk=row.pk).update(**values)
    if isinstance(row, Problem | ProblemNote):
        problem = Problem.objects.get(pk=row.pk if isinstance(row, Problem) else row.problem_id)
        known.put_problem(problem)
        _index("problem", kinds.problem_says(problem))
    elif isinstance(row, Rca):
        _index("rca", kinds.analysis_says(Rca.objects.select_related("problem").get(pk=row.pk)))
    elif type(row) in _SAYS:
        kind, says = _SAYS[type(row)]
        _index(kind, says(type(row)._default_manager.get(pk=row.pk)))


# What else of these stands in the search, and how it is put there.
_SAYS: dict[type[Any], tuple[str, Callable[[Any], kinds.Document]]] = {
    Action: ("action", kinds.action_says),
    Organisation: ("organisation", kinds.organisation_says),
    Wording: ("article", kinds.article_says),
}


def _index(kind: str, document: kinds.Document) -> None:
    ref, title, body = document
    search.index(kind, ref, title=title, body=body)


def _fitting(row: Any, name: str, value: Any) -> Any:
    longest = row._meta.get_field(name).max_length
    return value[:longest] if longest and isinstance(value, str) else value


def _found(scope: Scope) -> Iterator[tuple[int | None, list[tuple[Any, tuple[str, ...]]]]]:
    """Where their words stand, with the fields to look into: row by row of what is shared, and whole reports of
    others with what was said, sent and written there."""
    if not scope.words:
        return
    pattern = _pattern(scope.words)
    for shared in SHARED:
        rows = shared.model._default_manager.all()
        if shared.model is AccountNote:  # remarks on themselves go whole
            rows = rows.filter(contact=None)
        for row in _named(rows, shared.fields, scope, pattern):
            yield None, [(row, shared.fields)]
    for report in _reports(scope):
        named = [
            (row, one.fields)
            for one in OF_OTHERS
            for row in _named(one.model._default_manager.filter(**{one.path: report}), one.fields, scope, pattern)
        ]
        if named:
            yield report, named


def _has(value: Any, pattern: re.Pattern[str]) -> bool:
    if isinstance(value, str):
        return pattern.search(value) is not None
    if isinstance(value, list | dict):
        return any(_has(one, pattern) for one in (value.values() if isinstance(value, dict) else value))
    return False


def _named(rows: QuerySet[Any], fields: tuple[str, ...], scope: Scope, pattern: re.Pattern[str]) -> Iterator[Any]:
    """Rows in which one of the words stands: the database says where it may, the row itself whether it does."""
    texts = {f"text_{name}": Cast(name, TextField()) for name in fields}
    wanted = Q(pk__in=[])
    for word in scope.words:
        for name in texts:
            # In JSON a letter beyond ASCII may be written as a number.
            wanted |= Q(**{f"{name}__icontains": word}) | Q(**{f"{name}__icontains": json.dumps(word)[1:-1]})
    for row in rows.annotate(**texts).filter(wanted).order_by("pk"):
        if any(_has(getattr(row, name), pattern) for name in fields):
            yield row


def _reports(scope: Scope) -> list[int]:
    """Reports of others on which one of the words was said."""
    found: set[int] = set()
    for word in scope.words:
        wanted = search.Wanted(groups=((phrase(word),),))
        found.update(hit.ref for hit in search.find(wanted, kinds=(finding.KIND,), limit=MOST_REPORTS))
    mine = set(Report.objects.filter(pk__in=found, contact__in=scope.contacts).values_list("pk", flat=True))
    return sorted(found - mine)
