"""A first wording from what is known already: a solved problem, a report, something searched in vain.

What customers wrote is filled in masked, and marked: such an article becomes public only after somebody has read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from makegood.lib.errors import Refusal
from makegood.lib.texts import in_language
from makegood.life.aftercare.queries import current
from makegood.life.knowledge.masking import mask
from makegood.life.knowledge.models import Settled
from makegood.life.people.models import Agent, Contact
from makegood.life.problems import queries as problems
from makegood.life.problems.models import Problem
from makegood.life.reports.models import Category, Message, Report

QUOTED, READ_THROUGH = 3, 12
_LONGEST_QUOTE = 600
_MACHINE = ("os", "browser", "device", "release", "version", "app_version")


class Protected(Refusal):
    """Few people may see it, so its words go nowhere by themselves."""


@dataclass(frozen=True)
class Proposal:
    """Words to begin with, and what goes with them. ``facts``: as ``actions.write`` takes them."""

    texts: dict[str, str]
    language: str = "en"
    facts: dict[str, Any] = field(default_factory=dict)


def from_problem(seeker: Agent, problem: Problem, language: str) -> Proposal:
    """From what is written of ``problem`` and what its reporters said, as far as ``seeker`` may see it.

    Raises Protected.
    """
    if problem.is_protected:
        raise Protected(_("This problem is protected. Write the article by hand, without its words."))
    members = [one.report for one in problems.members(seeker, problem)[:READ_THROUGH]]
    open_ones = [report for report in members if not report.is_protected]
    said = _quotes(open_ones)
    title = in_language(problem.public_titles, language) or problem.title
    issue = _blocks(in_language(problem.public_texts, language) or problem.symptom, _as_quotes(said))
    steps = in_language(problem.public_workarounds, language) or problem.workaround
    texts = {
        "title": mask(title, names=_names(open_ones)),
        "issue": issue,
        "environment": _environment(problem, open_ones, language),
        "resolution": _resolution(problem, steps),
        "cause": problem.cause,
        "search_words": "\n".join(str(mark) for mark in problem.signatures),
    }
    facts = {"problem": problem, "category": problem.category, "needs_reading": bool(said)}
    return Proposal(_fitted(texts), language, facts)


def from_report(report: Report) -> Proposal:
    """From a report that is solved or answered, or about to be. Raises Protected."""
    if report.is_protected:
        raise Protected(_("This report is protected. Write the article by hand, without its words."))
    solved = current(report)
    names = _names([report])
    steps = solved.solution if solved else _last_answer(report)
    texts = {
        "title": mask(report.title, names=names),
        "issue": _as_quotes(_quotes([report])),
        "environment": _facts_of(report),
        "resolution": _blocks(mask(steps, names=names), mask(solved.to_do, names=names) if solved else ""),
        "cause": mask(solved.cause, names=names) if solved else "",
        "search_words": "",
    }
    language = report.language.split("-")[0]
    facts = {"report": report, "problem": None, "category": report.category, "needs_reading": True}
    return Proposal(_fitted(texts), language, facts)


def from_search(words: str, language: str) -> Proposal:
    """From what was looked for and not found: the title, and a word to find it by."""
    words = mask(" ".join(words.split()))[:200]
    texts = {"title": words[:1].upper() + words[1:], "search_words": words}
    return Proposal(_fitted(texts), language, {})


def settle_search(words: str, language: str, *, article: Any, by: Agent, at: Any) -> None:
    """What was searched in vain is looked after: by ``article``, or put aside with None."""
    fields = {"article": article, "by_name": by.name, "at": at}
    Settled.objects.update_or_create(language=language, words=words[:200], defaults=fields)


def _quotes(reports: Iterable[Report]) -> list[str]:
    """The first words of some reporters, masked, the clearest (neither a word nor a novel) first."""
    rows = list(reports)
    names = {report.pk: _names([report]) for report in rows}
    found = [mask(body.strip(), names=names[pk]) for pk, body in problems.first_words(names, longest=_LONGEST_QUOTE)]
    clear = sorted(dict.fromkeys(filter(None, found)), key=lambda words: abs(len(words) - 200))
    return clear[:QUOTED]


def _as_quotes(said: Iterable[str]) -> str:
    return "\n\n".join("\n".join(f"> {line}".rstrip() for line in words.splitlines()) for words in said)


def _names(reports: Iterable[Report]) -> list[str]:
    """What may stand in the words of these reporters and point to them."""
    rows = Contact.objects.filter(reports__in=[one.pk for one in reports]).select_related("organisation").distinct()
    found = []
    for contact in rows:
        found += [contact.name, contact.member_number, (contact.email or "").partition("@")[0]]
    return [name for name in found if name]


def _environment(problem: Problem, reports: list[Report], language: str) -> str:
    lines = [_category(problem.category, language)] if problem.category else []
    parts = list(problem.components.order_by("name").values_list("name", flat=True))
    lines += [_("Part: %(parts)s") % {"parts": ", ".join(parts)}] if parts else []
    seen = Counter(
        str(report.environment[name])[:80]
        for report in reports
        for name in ("os", "browser", "device")
        if (report.environment or {}).get(name)
    )
    usual = [name for name, times in seen.most_common(4) if times > 1 or len(reports) == 1]
    lines += [_("Seen with: %(names)s") % {"names": ", ".join(usual)}] if usual else []
    versions = ", ".join(map(str, problem.affected_versions[:10]))
    lines += [_("Releases: %(versions)s") % {"versions": versions}] if versions else []
    return "\n".join(f"- {line}" for line in lines)


def _facts_of(report: Report) -> str:
    lines = [_category(report.category, report.language)] if report.category else []
    lines += [str(report.environment[name])[:80] for name in _MACHINE if (report.environment or {}).get(name)]
    return "\n".join(f"- {line}" for line in lines)


def _category(category: Category, language: str) -> str:
    return in_language(category.reporter_names, language) or in_language(category.names, language) or category.slug


def _resolution(problem: Problem, steps: str) -> str:
    """A fault that is fixed needs nothing of the reader but the release; before that, the way round."""
    if problem.is_fixed:
        fixed = _("This is fixed in release %s.") % problem.fixed_in if problem.fixed_in else _("This is fixed.")
        return _blocks(fixed, problem.fix, steps and _("If you still see it:") + "\n\n" + steps)
    return steps or problem.fix


def _last_answer(report: Report) -> str:
    """What an agent last told the reporter."""
    rows = Message.objects.filter(report=report, is_internal=False, withdrawn_at=None, said_by="agent")
    return rows.order_by("-id").values_list("body", flat=True).first() or ""


def _blocks(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part and part.strip())


def _fitted(texts: dict[str, str]) -> dict[str, str]:
    return {**texts, "title": " ".join(texts["title"].split())[:200]}
