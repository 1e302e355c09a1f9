"""Whether a mail tells that somebody is away, without any header that says a machine wrote it. Pure.

People report errors about absences, and write from their holidays; so a word in the subject alone counts only where
programs put it, at the very beginning and set off from the rest.
"""

from __future__ import annotations

import re

_ANY = re.IGNORECASE
# Subjects programs make: the phrase alone, or set off from the subject that is answered.
_AUTOMATIC = re.compile(
    r"(?:automatic reply|auto-?(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office(?: auto-?reply| notification)?"
    r"|automatische antwort|autom\. antwort|abwesenheits(?:notiz|meldung|nachricht|assistent|benachrichtigung)"
    r"|réponse automatique|message d'absence|respuesta automática|risposta automatica|automatisch antwoord"
    r"|afwezigheids(?:bericht|melding)|odpowiedź automatyczna|automatyczna odpowiedź|resposta automática"
    r"|автоматический ответ|автоответ|自動返信|自動応答|不在通知)\s*(?:[:：–—]|-\s|\[|$)",  # noqa: RUF001 - as programs write
    _ANY,
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
    _ANY,
)
_MARKED = re.compile(r"auto\s*:", _ANY)
# "I am away", said by whoever is.
_AWAY = re.compile(
    r"\bi(?:['’]m| am|['’]ll be| will be)\b[^.!?]{0,40}\b"  # noqa: RUF001 - as telephones write
    r"(?:out of (?:the |my )?office|away|on (?:vacation|leave|holiday)|not in the office)"
    r"|\b(?:ich bin|bin ich)\b[^!?]{0,60}(?:nicht im (?:büro|haus)|abwesend|außer haus|im urlaub|nicht (?:zu )?erreich)"
    r"|\bje (?:suis|serai)\b[^.!?]{0,40}(?:absente?|en congés?|en vacances)"
    r"|\b(?:estoy|estaré|me encuentro)\b[^.!?]{0,40}(?:fuera|ausente|de vacaciones)"
    r"|\b(?:sono|sarò)\b[^.!?]{0,40}(?:fuori|assente|in ferie)"
    r"|\b(?:ik ben|ben ik)\b[^.!?]{0,40}(?:afwezig|niet aanwezig|niet op kantoor|met vakantie|niet bereikbaar)"
    r"|\b(?:jestem|będę|przebywam)\b[^.!?]{0,40}(?:poza biurem|nieobecn|na urlopie)"
    r"|\b(?:estou|estarei)\b[^.!?]{0,40}(?:fora|ausente|de férias)"
    r"|\b(?:я|меня|нахожусь)\b[^.!?]{0,40}(?:в отпуске|нет на месте|отсутств|вне офиса|не на месте)"
    r"|不在(?:に|と|です|の)|休暇を|休暇中|外出して",
    _ANY,
)
# … and until when, or whom to ask meanwhile.
_BACK = re.compile(
    r"\b(?:until|till|back|return|urgent|in my absence|bis|zurück|wieder|dringend|jusqu|retour|hasta|vuelv|regres"
    r"|fino|rientr|ritorn|tot|terug|do \d|wrac|wróc|até|volt|regress|до|вернусь|срочн)|まで|戻|緊急|至急",
    _ANY,
)
_THANKS = re.compile(
    r"\b(?:thank you|thanks) for (?:your|the) (?:e-?mail|mail|message)"
    r"|\b(?:dank|danke) für (?:ihre|deine|die) (?:e-?mail|mail|nachricht)"
    r"|\bmerci (?:pour|de) votre (?:e-?mail|mail|message|courriel)|\bgracias por (?:su|tu) (?:correo|mensaje)"
    r"|\bgrazie per (?:la sua|il suo|la tua|il tuo) (?:e-?mail|mail|messaggio)"
    r"|\b(?:bedankt|dank) voor (?:uw|je|jouw) (?:e-?mail|mail|bericht)"
    r"|\bdziękuję za (?:wiadomość|e-?mail|maila)|\bobrigad[oa] (?:pelo seu|pela sua|por sua) (?:e-?mail|mensagem)"
    r"|спасибо за (?:ваше )?(?:письмо|сообщение)|メールをいただき|ご連絡ありがとう",
    _ANY,
)
_MEANWHILE = re.compile(
    r"limited access|no access|urgent|in my absence|keinen zugriff|dringend|in meiner abwesenheit|urgence"
    r"|en mon absence|urgente|urgenza|in mia assenza|dringende|pilnych|urgência|срочн|緊急|至急",
    _ANY,
)
_LOOKED_AT = 1_500


def is_absence(subject: str, words: str, *, is_hinted: bool) -> bool:
    """Whether these words are a note of absence. ``is_hinted``: a header says that no answer is wanted."""
    if _AUTOMATIC.match(subject):
        return True
    text = words[:_LOOKED_AT]
    is_away = bool(_AWAY.search(text))
    if _ABSENT.search(subject) or _MARKED.match(subject):
        return is_hinted or (is_away and bool(_BACK.search(text) or _MARKED.match(subject)))
    return is_away and bool(_THANKS.search(text)) and bool(_MEANWHILE.search(text))
