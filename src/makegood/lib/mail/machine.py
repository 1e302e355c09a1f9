"""Whether a machine wrote this mail, and which kind (RFC 3834, both ways). Nobody answers what a machine wrote."""

from __future__ import annotations

import re

from makegood.lib.mail.headers import Headers, parameters
from makegood.lib.mail.mime import Node

_DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mdaemon")
_NO_REPLY = re.compile(
    r"(?:do)?no?[tn]?(?:reply|repondre|responder|rispondere|antwoorden|response|odpowiadac)|nichtantworten|keineantwort"
    r"|nepasrepondre|noreply.*|.*noreply|bounces?|notifications?|notify|mailer|automailer|autoreply|autoresponder"
)
_ABSENT = re.compile(
    r"out of (?:the )?office|auto(?:matic)?[- ]?(?:reply|response)|away from (?:my|the) (?:office|desk)|on vacation"
    r"|abwesen(?:heit|d)|automatische antwort|autom\. antwort|nicht im (?:b(?:ü|ue)ro|haus)|im urlaub"
    r"|r[ée]ponse automatique|absen(?:t|ce) du bureau|absence|en cong[ée]s?"
    r"|respuesta autom[áa]tica|fuera de (?:la )?oficina|ausente|de vacaciones"
    r"|risposta automatica|fuori (?:sede|ufficio)|assenza|in ferie"
    r"|automatisch antwoord|afwezig(?:heid)?|niet aanwezig|met vakantie"
    r"|odpowied[źz] automatyczna|automatyczna odpowied[źz]|nieobecno[śs][ćc]|poza biurem|na urlopie"
    r"|resposta autom[áa]tica|fora do escrit[óo]rio|aus[êe]ncia|de f[ée]rias"
    r"|автоматический ответ|автоответ|нет на месте|отсутству|в отпуске"
    r"|自動返信|自動応答|不在(?:通知|のお知らせ|連絡)|休暇",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"undeliver(?:ed|able)|delivery (?:status notification|has failed|failure|delayed)"
    r"|mail delivery (?:failed|s[uy]\w+)"
    r"|returned mail|failure notice|non remis|unzustellbar|nicht zugestellt|no se puede entregar|non recapitabile"
    r"|onbestelbaar|niedostarczalne|não (?:foi )?entregue|недоставлен|не доставлено|配信不能|配信できません",
    re.IGNORECASE,
)
_READ = re.compile(r"(?:read|gelesen|lu|le[íi]do|letto|gelezen|przeczytano|lida|прочитано|開封済み)\s*:", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"(?:automatic reply|out of office|automatische antwort|réponse automatique|respuesta automática"
    r"|risposta automatica|automatisch antwoord|odpowiedź automatyczna|resposta automática|автоматический ответ"
    r"|автоответ|自動返信|自動応答)",
    re.IGNORECASE,
)


def kind_of(root: Node, sender: str, *, text: str = "", return_path: str | None = None) -> str:
    """Why this is no human's mail, in a word or two; empty if a person wrote it.

    ``sender`` in canonical form. ``Auto-Submitted: no`` outweighs everything but a report of a mail server.
    """
    headers = root.headers
    kind = _report(root) or _bounce_without_report(headers, sender, text)
    if kind:
        return kind
    said = parameters(headers.raw("auto-submitted"))[0]
    if said == "no":
        return ""
    if said:
        return "auto-generated" if "generated" in said or "notified" in said else "auto-replied"
    return (
        _own(headers)
        or _receipt(headers)
        or _replied(headers)
        or _mass(headers)
        or _nobody(headers, sender, return_path=return_path)
        or _absence(headers)
    )


def _report(root: Node) -> str:
    if root.media_type != "multipart/report":
        return ""
    kinds = {child.media_type for child in root.children}
    said = root.params.get("report-type", "").lower()
    if said == "feedback-report" or "message/feedback-report" in kinds:
        return "feedback loop"
    if said == "disposition-notification" or "message/disposition-notification" in kinds:
        return "read receipt"
    return "bounce"


def _bounce_without_report(headers: Headers, sender: str, text: str) -> str:
    """Exchange, qmail and others that tell of a failure in their own words."""
    if "x-failed-recipients" in headers or headers.raw("x-ms-exchange-message-is-ndr"):
        return "bounce"
    if "This is the qmail-send program" in text[:3000] or text.lstrip().startswith("Hi. This is the"):
        return "bounce"
    local = sender.partition("@")[0]
    from_daemon = local.startswith(_DAEMONS) or "mailer-daemon" in headers.raw("from").lower()[:300]
    return "bounce" if from_daemon and _FAILED.search(headers.words("subject")[:300]) else ""


def _own(headers: Headers) -> str:
    return "own mail" if headers.starting("x-makegood") else ""


def _receipt(headers: Headers) -> str:
    if "disposition-notification" in headers.raw("content-type").lower():
        return "read receipt"
    is_read = _READ.match(headers.words("subject")) and "x-ms-exchange-generated-message-source" in headers
    return "read receipt" if is_read else ""


def _replied(headers: Headers) -> str:
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-vacation", "x-mail-autoreply"):
        if name in headers and headers.raw(name).strip().lower() not in ("no", "false", "0"):
            return "auto-replied"
    if "x-autoreply-from" in headers or "x-loop" in headers or "x-amazon-auto-reply" in headers:
        return "auto-replied"
    if headers.raw("x-autogenerated").strip().lower() in ("reply", "forward", "group", "letter", "mirror", "redirect"):
        return "auto-replied"
    if headers.raw("x-pop-autoreply") or headers.raw("x-ms-exchange-inbox-rules-loop"):
        return "auto-replied"
    return "auto-replied" if headers.raw("precedence").strip().lower() in ("auto_reply", "auto-reply") else ""


def _mass(headers: Headers) -> str:
    precedence = headers.raw("precedence").strip().lower()
    if precedence in ("bulk", "list", "junk"):
        return precedence
    if headers.starting("list-id", "list-post", "list-owner", "list-archive", "list-help"):
        return "list"
    if headers.starting("list-unsubscribe", "feedback-id", "x-campaign", "x-mailchimp", "x-mailgun-tag"):
        return "bulk"
    return "list" if headers.starting("mailing-list", "x-mailing-list", "x-mailman-version", "x-beenthere") else ""


def _nobody(headers: Headers, sender: str, *, return_path: str | None) -> str:
    if return_path == "":
        return "null sender"
    local = sender.partition("@")[0]
    if local.startswith(_DAEMONS) or (not sender and "mailer-daemon" in headers.raw("from").lower()[:300]):
        return "mailer daemon"
    return "no-reply" if _NO_REPLY.fullmatch(re.sub(r"[._-]|\+.*", "", local)) else ""


def _absence(headers: Headers) -> str:
    """An out-of-office subject counts only where something else says so too: people write about absences."""
    subject = headers.words("subject")[:300]
    if not _ABSENT.search(subject):
        return ""
    hints = ("x-auto-response-suppress", "x-ms-exchange-generated-message-source")
    is_hinted = any(name in headers for name in hints) or _AUTOMATIC.match(subject)
    return "out of office" if is_hinted else ""
