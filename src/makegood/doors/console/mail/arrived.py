"""Mail that came in: the log of everything, and one mail as it is: words, HTML in a locked frame, headers, bytes."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from makegood.doors.console.gate import needs, signed_in
from makegood.doors.console.mail.frame import tabs, walk
from makegood.engine.files import kinds
from makegood.lib.mail import Parsed, Poisoned
from makegood.lib.mail.display import safe_html
from makegood.lib.mail.markup import to_text
from makegood.life.post import access, queries
from makegood.life.post.judging import numbers_in
from makegood.life.post.models import IncomingMail
from makegood.life.post.wording import why

# Pictures inside the mail are put into its page itself: a locked frame has no cookies to fetch them with.
PICTURES_BYTES = 5_000_000
_FRAME_POLICY = (
    "sandbox allow-popups; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_WORD = re.compile(r"\w{3,}")
OUTCOMES = ("quarantined", "parked", "bounce_recorded", "duplicate", "ignore_auto", "append", "new_report")


@dataclass(frozen=True)
class Reading:
    """A mail as it can be shown; ``trouble`` says why it can't."""

    parsed: Parsed | None
    head: str = ""
    trouble: str = ""
    remote_pictures: int = 0
    parts_differ: bool = False


@needs("mail.view")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everything that arrived, newest first, with what became of it; by outcome, by sender."""
    agent = signed_in(request)
    outcome, sender = request.GET.get("outcome", ""), request.GET.get("from", "").strip().lower()
    found = access.visible_mails(agent)
    found = found.filter(outcome=outcome) if outcome in OUTCOMES else found
    found = found.filter(sender__istartswith=sender) if sender else found
    shown, after = walk(found, request)
    here = {key: value for key, value in (("outcome", outcome), ("from", sender)) if value}
    context = {
        "tabs": tabs(agent, "arrived"),
        "mails": shown,
        "outcomes": [(value, name) for value, name in IncomingMail.OUTCOMES],
        "outcome": outcome,
        "sender": sender,
        "after": urlencode({**here, "after": after}) if after else "",
        "is_filtered": bool(here),
    }
    return render(request, "console/mail/arrived.html", context)


@needs("report.view")
@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One mail, and what may be decided about it."""
    agent, mail = signed_in(request), access.access_mail(signed_in(request), key)
    may_handle = agent.may("mail.handle")
    is_held = mail.outcome in IncomingMail.FOR_A_PERSON and mail.decided_at is None
    context = {
        "mail": mail,
        "why": why(mail),
        "reading": read(mail),
        "may_decide": may_handle and is_held,
        "may_take_back": may_handle and mail.decision == "discarded",
        "may_view_log": agent.may("mail.view"),
        "is_held": is_held,
        "claimed": _claimed(mail),
        "show_html": "html" in request.GET,
    }
    return render(request, "console/mail/one.html", context)


@needs("report.view")
@require_safe
def raw(request: HttpRequest, key: str) -> HttpResponse:
    """The mail byte for byte, as a download."""
    mail = access.access_mail(signed_in(request), key)
    try:
        answer = HttpResponse(queries.raw_of(mail), content_type="message/rfc822")
    except FileNotFoundError as missing:
        raise Http404(key) from missing
    answer["Content-Disposition"] = f'attachment; filename="{mail.key}.eml"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@needs("report.view")
@require_safe
@xframe_options_sameorigin
def html(request: HttpRequest, key: str) -> HttpResponse:
    """The HTML of the mail, cleaned, for a frame: no script, no cookie, nothing fetched from anywhere."""
    mail = access.access_mail(signed_in(request), key)
    parsed = read(mail).parsed
    if parsed is None or not parsed.html:
        raise Http404(key)
    context = {
        "body": safe_html(parsed.html, pictures=_pictures(parsed)).html,
        "language": get_language() or "en",
        "title": _("The mail as HTML"),
    }
    answer = render(request, "console/mail/frame.html", context)
    answer["Content-Security-Policy"] = _FRAME_POLICY
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def read(mail: IncomingMail) -> Reading:
    """The mail read anew from its bytes."""
    try:
        data = queries.raw_of(mail)
    except FileNotFoundError:
        return Reading(None, trouble=_("The bytes of this mail are missing. Look into the backup."))
    head = queries.head_of(data)
    try:
        parsed = queries.parsed_of(mail)
    except Poisoned as poison:
        return Reading(None, head, trouble=str(poison))
    if not parsed.html:
        return Reading(parsed, head)
    return Reading(
        parsed,
        head,
        remote_pictures=safe_html(parsed.html, pictures={}).remote_pictures,
        parts_differ=differ(parsed.full_text, to_text(parsed.html)),
    )


def _claimed(mail: IncomingMail) -> str:
    """The report a mail names, if it names one."""
    numbers = numbers_in(mail.subject)
    return f"MG-{numbers[0]}" if len(numbers) == 1 else ""


def differ(text: str, html_text: str) -> bool:
    """Whether the two halves of a mail tell different things: less than half of the words of either are in both."""
    one, two = ({word.lower() for word in _WORD.findall(half[:50_000])} for half in (text, html_text))
    return bool(one or two) and len(one & two) * 2 < max(len(one), len(two))


def _pictures(parsed: Parsed) -> dict[str, str]:
    """The pictures that travelled with the mail, as addresses that hold their bytes."""
    found, left = {}, PICTURES_BYTES
    for part in parsed.attachments:
        kind = (kinds.sniff(part.data[:4096]) if part.content_id else None) or ""
        if kind in kinds.PICTURES and len(part.data) <= left:
            left -= len(part.data)
            found[part.content_id] = f"data:{kind};base64,{base64.b64encode(part.data).decode()}"
    return found
