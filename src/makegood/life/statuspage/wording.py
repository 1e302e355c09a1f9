"""What the status page says by itself, and what stands around every mail of it, per language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from makegood.lib import times
from makegood.lib.texts import in_language

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
Texts = Mapping[str, str]

LATE: Texts = {
    "en": "We promised you news by {time} and are late. That is on us. We are still at it, and write here as soon as"
    " there is something to tell.",
    "de": "Wir haben Ihnen bis {time} Neues versprochen und sind zu spät. Das liegt an uns. Wir arbeiten weiter daran"
    " und schreiben hier, sobald es etwas zu berichten gibt.",
}
CAME_BACK: Texts = {
    "en": "We thought this was repaired, but it has come back. We are looking into it again.",
    "de": "Wir hielten das für behoben, aber es ist wieder da. Wir sehen es uns erneut an.",
}
LOOKING_AGAIN: Texts = {
    "en": "We said more than we know. We are looking into it again.",
    "de": "Wir haben mehr gesagt, als wir wissen. Wir sehen es uns erneut an.",
}
FIX_IS_OUT: Texts = {
    "en": "A fix is out, and everybody who reported this has been told. We are watching whether it holds.",
    "de": "Eine Lösung ist da, und alle, die das gemeldet haben, wissen Bescheid. Wir beobachten, ob sie hält.",
}
HELD: Texts = {
    "en": "The fix has held. We consider this resolved.",
    "de": "Die Lösung hat gehalten. Wir betrachten das als behoben.",
}
RESOLVED: Texts = {"en": "This is resolved.", "de": "Das ist behoben."}
BEGINS: Texts = {"en": "The maintenance has begun.", "de": "Die Wartung hat begonnen."}
REMINDER: Texts = {
    "en": "A reminder: this maintenance begins {time}.",
    "de": "Zur Erinnerung: Diese Wartung beginnt {time}.",
}
WORK_IS_DONE: Texts = {
    "en": "The work is done. We are checking that everything is as it should be.",
    "de": "Die Arbeiten sind fertig. Wir prüfen, ob alles ist, wie es sein soll.",
}
COMPLETED: Texts = {"en": "The maintenance is completed.", "de": "Die Wartung ist abgeschlossen."}
CALLED_OFF: Texts = {
    "en": "This maintenance was called off. Nothing was changed.",
    "de": "Diese Wartung wurde abgesagt. Es wurde nichts geändert.",
}
MOVED: Texts = {
    "en": "This maintenance was moved. It now begins {time}.",
    "de": "Diese Wartung wurde verschoben. Sie beginnt nun {time}.",
}


def said(texts: Texts, *, time: datetime | None = None, now: datetime | None = None) -> dict[str, str]:
    """``texts`` in every language, the time named in the desk's zone with the zone's name."""
    zone = times.zone(settings.DESK_TIME_ZONE)
    return {code: _filled(in_language(texts, code), code, zone, time, now) for code in LANGUAGES}


def _filled(text: str, language: str, zone: ZoneInfo, time: datetime | None, now: datetime | None) -> str:
    if time is None:
        return text
    return text.format(time=times.in_words(time, language=language, zone=zone, now=now))
