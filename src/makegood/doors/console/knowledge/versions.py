"""Every version of the words in one language: what was changed between two, and an old one restored."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.doors.console.casework import seeker, went
from makegood.doors.console.gate import needs
from makegood.doors.console.knowledge.editor import FIELDS
from makegood.doors.console.knowledge.finding import address, wording
from makegood.lib.texts import whole_number
from makegood.life.knowledge import actions, queries
from makegood.life.knowledge.models import Version

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
# Comparing takes the square of the length: longer texts are compared by line.
_BY_WORD = 4_000


@dataclass(frozen=True)
class Changed:
    """One field of two versions: pieces (``same``, ``gone`` or ``new``, words)."""

    label: str
    pieces: list[tuple[str, str]]


@needs("article.view")
@require_safe
def page(request: HttpRequest, key: str, language: str) -> HttpResponse:
    one = wording(request, key, language)
    versions = queries.versions_of(one)
    by_number = {version.number: version for version in versions}
    new = by_number.get(whole_number(request.GET.get("new", "")) or 0, versions[0])
    old = by_number.get(whole_number(request.GET.get("old", "")) or 0) or by_number.get(new.number - 1)
    agent = seeker(request)
    context: dict[str, Any] = {
        "article": one.article,
        "wording": one,
        "versions": versions,
        "old": old,
        "new": new,
        "changed": differences(old, new) if old else [],
        "may_edit": agent.may("article.publish" if one.article.is_shown else "article.write"),
    }
    return render(request, "console/knowledge/versions.html", context)


@needs("article.view", post="article.write")
@require_POST
def restore(request: HttpRequest, key: str, language: str, number: int) -> HttpResponse:
    one = wording(request, key, language)
    actions.restore(one, number, by=seeker(request), at=timezone.now())
    return went(request, address(one.article, language), _("It says again what version %d said.") % number)


def differences(old: Version, new: Version) -> list[Changed]:
    """What differs between two versions, field by field."""
    labels = {"title": _("Title"), **{name: str(label) for name, label, *_more in FIELDS}}
    return [
        Changed(label, pieces(str(old.texts.get(name, "")), str(new.texts.get(name, ""))))
        for name, label in labels.items()
        if old.texts.get(name, "") != new.texts.get(name, "")
    ]


def pieces(old: str, new: str) -> list[tuple[str, str]]:
    """Both texts as one: what stayed, went and came, in order."""
    by_word = max(len(old), len(new)) <= _BY_WORD
    before, after = (_PIECES.findall(one) if by_word else one.splitlines(keepends=True) for one in (old, new))
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(before[a:b])))
            continue
        found += [("gone", "".join(before[a:b]))] if b > a else []
        found += [("new", "".join(after[c:d]))] if d > c else []
    return found
