"""Mails of the status page: one layout, text and HTML; news can be ended by one POST (RFC 8058)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string

from makegood.lib import times
from makegood.lib.keys import token_hash
from makegood.lib.texts import in_language
from makegood.life.reports import delivery
from makegood.life.reports.models import OutgoingMail
from makegood.life.statuspage import addresses, standing, steps
from makegood.life.statuspage.models import Delivery, Subscriber, Update

PURPOSE = "status"
Texts = Mapping[str, str]

FRAME: dict[str, Texts] = {
    "confirm_subject": {"en": "Please confirm: news of {desk}", "de": "Bitte bestätigen: Neuigkeiten von {desk}"},
    "confirm": {
        "en": "Somebody, most likely you, asked that we write to this address when something at {desk} does not work"
        " as it should. Press the button to agree. If it was not you, do nothing: then nothing happens.",
        "de": "Jemand, vermutlich Sie, hat gebeten, dass wir an diese Adresse schreiben, wenn bei {desk} etwas nicht"
        " geht, wie es soll. Mit dem Knopf stimmen Sie zu. Waren Sie es nicht, tun Sie nichts: Dann geschieht nichts.",
    },
    "confirm_hook": {
        "en": "Somebody, most likely you, asked that we call a web address when something at {desk} does not work as it"
        " should. Press the button to agree and to see the key that signs the calls.",
        "de": "Jemand, vermutlich Sie, hat gebeten, dass wir eine Webadresse aufrufen, wenn bei {desk} etwas nicht"
        " geht, wie es soll. Mit dem Knopf stimmen Sie zu und sehen den Schlüssel, der die Aufrufe signiert.",
    },
    "confirm_button": {"en": "Yes, keep me informed", "de": "Ja, halten Sie mich auf dem Laufenden"},
    "confirm_lasts": {"en": "The link is valid for a day.", "de": "Der Link gilt einen Tag."},
    "open": {"en": "Open the status page", "de": "Statusseite öffnen"},
    "leave": {"en": "You no longer want these mails?", "de": "Sie möchten diese E-Mails nicht mehr?"},
    "why": {
        "en": "You receive this mail because you asked for news on the status page of {desk}.",
        "de": "Sie erhalten diese E-Mail, weil Sie auf der Statusseite von {desk} um Neuigkeiten gebeten haben.",
    },
    "next": {"en": "We write again by {time}.", "de": "Wir schreiben wieder bis {time}."},
    "from_to": {"en": "From {begins} to {ends}.", "de": "Von {begins} bis {ends}."},
}
STATE: dict[str, Texts] = {
    standing.INVESTIGATING: {"en": "Investigating", "de": "Wird untersucht"},
    standing.IDENTIFIED: {"en": "Cause found", "de": "Ursache gefunden"},
    standing.BEING_FIXED: {"en": "Fix on its way", "de": "Lösung unterwegs"},
    standing.MONITORING: {"en": "Fixed, being watched", "de": "Behoben, wird beobachtet"},
    standing.RESOLVED: {"en": "Resolved", "de": "Gelöst"},
    standing.SCHEDULED: {"en": "Planned maintenance", "de": "Geplante Wartung"},
    standing.IN_PROGRESS: {"en": "Maintenance has begun", "de": "Wartung hat begonnen"},
    standing.VERIFYING: {"en": "Maintenance being checked", "de": "Wartung wird geprüft"},
    standing.COMPLETED: {"en": "Maintenance completed", "de": "Wartung abgeschlossen"},
}


@dataclass(frozen=True)
class Frozen:
    """An update in one language, worded once: every subscriber of it reads just this."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str


def frozen(update: Update, language: str, zone: str = "") -> Frozen:
    """``update`` as a mail says it in ``language``, times in ``zone``."""
    notice = update.notice
    title = in_language(update.titles, language)
    state = in_language(STATE[steps.of([update])[update.pk]], language)
    said = [in_language(update.texts, language)]
    if update.begins_at and update.ends_at and update.state != standing.COMPLETED:
        begins, ends = (_time(at, language, zone) for at in (update.begins_at, update.ends_at))
        said.append(_word("from_to", language, begins=begins, ends=ends))
    if update.next_news_at:
        said.append(_word("next", language, time=_time(update.next_news_at, language, zone)))
    link = addresses.link_of(notice.key, notice.kind)
    return Frozen(f"[{settings.DESK_NAME}] {state}: {title}", (title, *said), link)


def queue_news(subscriber: Subscriber, worded: Frozen, *, token: str, key: str, at: datetime) -> OutgoingMail:
    """Owe one subscriber one update. The same key again returns the first."""
    language, leave = subscriber.language, addresses.leave_link(token)
    context = {
        "paragraphs": worded.paragraphs,
        "button": _word("open", language),
        "link": worded.link,
        "after": "",
        "why": _word("why", language),
        "leave": _word("leave", language),
        "leave_link": leave,
    }
    text, html = _laid_out(context, subject=worded.subject, language=language)
    return delivery.queue_mail(
        None,
        to=(subscriber.email, ""),
        subject=worded.subject,
        text=text,
        html=html,
        purpose=PURPOSE,
        key=key,
        at=at,
        language=language,
        heading=delivery.Heading(unsubscribe=leave),
    )


def withdraw(deliveries: QuerySet[Delivery]) -> int:
    """Take back the mails of these that have not left."""
    left = OutgoingMail.objects.filter(pk__in=deliveries.order_by().values("mail"), state="queued")
    return left.update(state="withdrawn")


def queue_confirmation(email: str, token: str, way: str, *, language: str, at: datetime) -> OutgoingMail:
    """Owe whoever reads this address the question whether they want it. No word a stranger typed stands in it."""
    subject = _word("confirm_subject", language)
    context = {
        "paragraphs": (_word("confirm_hook" if way == Subscriber.HOOK else "confirm", language),),
        "button": _word("confirm_button", language),
        "link": addresses.confirm_link(token),
        "after": _word("confirm_lasts", language),
        "why": "",
        "leave_link": "",
    }
    text, html = _laid_out(context, subject=subject, language=language)
    return delivery.queue_mail(
        None,
        to=(email, ""),
        subject=subject,
        text=text,
        html=html,
        purpose="status_confirm",
        key=f"status-ask:{token_hash(token)}",
        at=at,
        language=language,
    )


def _laid_out(context: Mapping[str, object], *, subject: str, language: str) -> tuple[str, str]:
    whole = {
        **context,
        "subject": subject,
        "language": language,
        "desk": settings.DESK_NAME,
        "host": urlsplit(str(context["link"])).netloc,
    }
    text = render_to_string("status/mail.txt", whole).strip() + "\n"
    return text, render_to_string("status/mail.html", whole)


def _word(name: str, language: str, **values: str) -> str:
    return in_language(FRAME[name], language).format(desk=settings.DESK_NAME, **values)


def _time(at: datetime, language: str, zone: str) -> str:
    return times.in_words(at, language=language, zone=times.zone(zone, settings.DESK_TIME_ZONE))
