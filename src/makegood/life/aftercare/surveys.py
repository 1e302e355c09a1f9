"""Asking how they were served: the question stands on the report's page from the moment it works, and is mailed once.

Never mailed: to whoever wants no such questions or has answered already, to machines and dead addresses, and on what
was closed without asking its reporter. A report opened again takes back a question that has not left.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from makegood.lib.texts import in_language
from makegood.life.aftercare import terms, wishes
from makegood.life.aftercare.models import Csat, Recovery, Resolution, Survey
from makegood.life.people.actors import SYSTEM
from makegood.life.problems.queries import RELEASE_FACTS
from makegood.life.reports import access, ledger, states
from makegood.life.reports.models import LedgerEntry, OutgoingMail, Report
from makegood.life.updates import closing, mails, scripts
from makegood.life.updates.actions import UNDO

PURPOSE = "survey"
# Where the links of a mail lead, below the secret link of the report; see ``doors.portal.rating``.
CHOICE, CHOICE_AGAIN = "how/{score}/", "now/{score}/"
SCORES = (5, 4, 3, 2, 1)
WORDS = {
    5: {"en": "Very well", "de": "Sehr gut"},
    4: {"en": "Well", "de": "Gut"},
    3: {"en": "All right", "de": "In Ordnung"},
    2: {"en": "Badly", "de": "Schlecht"},
    1: {"en": "Very badly", "de": "Sehr schlecht"},
}


def opened(report: Report, *, at: datetime) -> Survey:
    """The question of this report, asked now if it was not before."""
    release = next((str(report.environment[name]) for name in RELEASE_FACTS if report.environment.get(name)), "")
    facts = {
        "asked_at": at,
        "contact_id": report.contact_id,
        "category_id": report.category_id,
        "component_id": report.component_id,
        "team_id": report.team_id,
        "release": release[:100],
    }
    return Survey.objects.get_or_create(report=report, defaults=facts)[0]


def ask(entry: LedgerEntry, now: datetime) -> None:
    """On ``report.confirmed`` and ``report.closed``: the question is open now; by mail too where that is wanted."""
    if entry.report is None:
        return
    with transaction.atomic():
        report = access.lock(entry.report)
        if not is_over_for_them(report) or Csat.objects.filter(report=report).exists():
            return
        survey = opened(report, at=entry.at)
        if survey.mail_id is None:
            survey.mail = _mail(report, entry, now)
        if survey.mail is not None:
            survey.save(update_fields=["mail"])


def is_over_for_them(report: Report) -> bool:
    """Whether they said that it works, or their question was answered: then we may ask of ourselves."""
    if report.state == states.CLOSED and report.close_reason == "answered":
        return True
    if report.state not in (states.SOLVED, states.CLOSED) or report.close_reason in ("duplicate", "spam", "withdrawn"):
        return False
    newest = Resolution.objects.filter(report=report, withdrawn_at=None).order_by("-id").first()
    return newest is not None and newest.answer == Resolution.YES


def forget(entry: LedgerEntry, now: datetime) -> None:
    """On ``report.reopened``: it is not over, so nothing was asked yet, unless the mail has left."""
    if entry.report is None or Csat.objects.filter(report=entry.report).exists():
        return
    with transaction.atomic():
        report = access.lock(entry.report)
        if report.is_open and report.state != states.SOLVED and not call_off(report):
            Survey.objects.filter(report=report, mail=None).delete()
            Survey.objects.filter(report=report, mail__state="withdrawn").delete()


def call_off(report: Report) -> bool:
    """Take back the mail of the question if it still waits; whether one had left already."""
    sent = False
    for survey in Survey.objects.filter(report=report).select_related("mail"):
        if survey.mail is not None:
            gone = OutgoingMail.objects.filter(pk=survey.mail.pk, state="queued").update(state="withdrawn")
            sent = not gone and survey.mail.state != "withdrawn"
    return sent


def ask_again(recovery: Recovery, *, at: datetime) -> OutgoingMail | None:
    """Mail the one question that follows a recovery; None where no mail goes."""
    report = recovery.report
    if not _may_mail(report):
        return None
    words = scripts.render("survey_again", report, now=at).body
    key = f"{_key_again(recovery)}{at.isoformat()}"
    return _queue(report, words, CHOICE_AGAIN, key=key, at=at, send_after=at + UNDO)


def withdraw_again(recovery: Recovery) -> bool:
    """Take that mail back; False if it has left."""
    rows = OutgoingMail.objects.filter(report=recovery.report_id, key__startswith=_key_again(recovery))
    rows.filter(state="queued").update(state="withdrawn")
    return not rows.exclude(state__in=("withdrawn", "suppressed")).exists()


def _key_again(recovery: Recovery) -> str:
    return f"survey-again:{recovery.pk}:"


def _mail(report: Report, entry: LedgerEntry, now: datetime) -> OutgoingMail | None:
    asked = terms.at_present(now)
    if not asked.mails or not _may_mail(report):
        return None
    send_after = max(now, entry.at + timedelta(hours=asked.after_hours))
    words = scripts.render("survey", report, now=now).body
    key = f"survey:{report.pk}:{report.reopened_count}"
    mail = _queue(report, words, CHOICE, key=key, at=now, send_after=send_after)
    if mail is not None:
        ledger.record(report, "survey.asked", by=SYSTEM, at=now, data={"mail": mail.pk})
    return mail


def _may_mail(report: Report) -> bool:
    contact = report.contact
    if not contact.email or contact.mail_problem or report.is_from_machine:
        return False
    return wishes.of(contact).no_surveys_at is None


def _queue(
    report: Report, words: str, choice: str, *, key: str, at: datetime, send_after: datetime
) -> OutgoingMail | None:
    words = closing.as_owed(report, words, at=send_after)
    choices = [(in_language(WORDS[score], report.language), choice.format(score=score)) for score in SCORES]
    extras = mails.Extras(choices, wishes.unsubscribe_address(report.contact))
    return mails.queue(report, words, at=at, purpose=PURPOSE, key=key, send_after=send_after, extras=extras)
