"""Times named in a message. Pure: finds what a reader would take as our promise and compares it with the clock's.

A time is a promise of ours when a word of promising stands before it ("by", "bis", "spätestens") or when its clause
says that we call, write or have news; not where the clause tells of the past, of opening hours, of what the reader may
do or is asked for, nor in quotation marks. Where one cannot be sure, ``doubts`` has it: whoever writes is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from makegood.life.promises.calendars import BusinessCalendar
from makegood.life.updates.time_words import Reader, When


@dataclass(frozen=True)
class Named:
    """``words`` as written. ``moment``: the one to promise for them, if any. ``is_sure``: it is a promise of ours."""

    words: str
    when: When
    moment: datetime | None
    is_sure: bool

    def agrees(self, promised: datetime) -> bool:
        """Whether somebody who reads the words may expect ``promised`` (given in their zone)."""
        return self.when.fits(promised)


class _Read(TypedDict):
    now: datetime
    zone: ZoneInfo


class Reading(_Read, total=False):
    """When and where the words are read, and in which hours the desk works (business days, ends of days)."""

    desk: BusinessCalendar | None


def find(text: str, **reading: Unpack[Reading]) -> list[Named]:
    """The times ``text`` surely promises."""
    return [named for named in read(text, **reading) if named.is_sure]


def disagreeing(text: str, promised: datetime, **reading: Unpack[Reading]) -> Named | None:
    """The first time surely promised in ``text`` that is not ``promised``, if there is one."""
    local = promised.astimezone(reading["zone"])
    return next((named for named in find(text, **reading) if not named.agrees(local)), None)


def doubtful(text: str, promised: datetime | None, **reading: Unpack[Reading]) -> Named | None:
    """The first time in ``text`` that may be a promise, but which or whether is for a person to say.

    One that fits ``promised`` raises no doubt.
    """
    local = promised and promised.astimezone(reading["zone"])
    for named in read(text, **reading):
        if not named.is_sure and (named.when.is_vague or local is None or not named.agrees(local)):
            return named
    return None


def read(text: str, **reading: Unpack[Reading]) -> Iterator[Named]:
    """Every time in ``text`` that is or may be a promise of ours, once each."""
    reader = Reader(reading["now"].astimezone(reading["zone"]), reading.get("desk"))
    seen = set[str]()
    for sentence in _SENTENCE.split(_QUOTED.sub(lambda match: " " * len(match[0]), text)):
        for when in reader.scan(sentence or ""):
            words = sentence[when.start : when.end].strip(" ,.")
            before, after = sentence[max(0, when.start - _FAR) : when.start], sentence[when.end : when.end + _FAR]
            is_by = bool(_BY.search(before) or _LATEST.match(after))
            sure = _judge(before, after, when, is_by, reader.now)
            if sure is not None and words.lower() not in seen:
                seen.add(words.lower())
                meant = reader.at_most(when) if is_by else when
                yield Named(words, meant, reader.moment(when), sure and not when.is_vague)


def _judge(before: str, after: str, when: When, is_by: bool, now: datetime) -> bool | None:
    """Whether the time between these words is a promise of ours: yes, perhaps (False), no (None)."""
    clause = _BEFORE_CLAUSE.split(before)[-1] + " § " + _AFTER_CLAUSE.split(after)[0]
    is_gone = bool(when.days) and all(day < now.date() for day in when.days)
    if _PAST_LEAD.search(before) or (is_gone and not is_by) or _is_else(clause, before):
        return None
    speaks = _SPEAKS.search(clause)
    if is_by and not when.is_vague:
        return True
    if speaks:
        return not (_AFTER_LEAD.search(before) or _is_about(clause, speaks.span()))
    if is_by or _WILL.search(clause):
        return False
    is_loose = not _STATES.search(clause) and _SPEAKS.search(before + " § " + after)
    return False if is_loose else None


def _is_else(clause: str, before: str) -> bool:
    """It tells of the past, of opening hours, or of what the reader is asked for or may do."""
    if _ELSE.search(clause) or (_PAST.search(clause) and not _COMING.search(clause)):
        return True
    asked = [match.end() for match in _ASKED.finditer(before)]
    return bool(asked) and not _OWN.search(before, asked[-1])


def _is_about(clause: str, speaks: tuple[int, int]) -> bool:
    """Whether the time may belong to what we speak about rather than to when we do."""
    place = clause.index("§")
    return bool(_ABOUT.search(clause, min(speaks[1], place), max(speaks[0], place)))


_FAR = 240
_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|»[^«\n]*«|«[^»\n]*»|`[^`\n]*`|^>.*$', re.MULTILINE)
_SENTENCE = re.compile(r"(?<!\d\.)(?<!\bp\.m\.)(?<!\ba\.m\.)(?<=[.!?])\s+(?=[A-ZÄÖÜ])|\n+")
_BEFORE_CLAUSE = re.compile(r"[;,–—(]|\b(?:and|but|because|so|und|aber|weil|denn|sondern)\b", re.IGNORECASE)
_AFTER_CLAUSE = re.compile(
    r"[;,–—)]|\b(?:and|but|because|so|if|even|unless|und|aber|weil|denn|sondern|falls|auch)\b", re.IGNORECASE
)
_BY = re.compile(
    r"\b(?:(?:no|not) later than|not after|at the latest(?: by| on| at)?|latest by|by|until|till|before"
    r"|spätestens(?: bis| um| am| zum)?|bis(?: spätestens)?(?: zum| um| am)?|vor|nicht später als)\s+"
    r"(?:the\s+|about\s+|around\s+|etwa\s+|gegen\s+)?$",
    re.IGNORECASE,
)
_LATEST = re.compile(r",?\s*(?:at (?:the )?latest|(?:aller)?spätestens)\b", re.IGNORECASE)
_PAST_LEAD = re.compile(
    r"\b(?:since|last|of|every|each|yesterday(?: at)?|seit|letzte[nrs]?|vom|jede[nrs]?|gestern(?: um)?|geboren(?: am)?"
    r"|born(?: on)?|version|release)\s+(?:the\s+|de[mnr]\s+)?$",
    re.IGNORECASE,
)
_AFTER_LEAD = re.compile(r"\b(?:after|from|starting|nach|ab)\s+(?:de[mnr]\s+)?$", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:was|were|had|did|came|saw|went|began|got|wrote|told|sent|tried|spoke|made|took|happened|\w{3,}ed"
    r"|war|waren|hatten?|wurden?|kam|kamen|trat|traten|ging|gingen|lief|liefen|begann|schrieben?|sahen?|fiel|gab|stand"
    r"|(?:hat|haben|habe|ist|sind|bin)\b[^.;!?]*\b\w*ge\w+(?:t|en)"
    r"|(?:hat|haben|habe)\b[^.;!?]*\b(?:(?:er|be|ver|ent)\w+(?:t|en)|\w+iert))\b",
    re.IGNORECASE,
)
_COMING = re.compile(r"\b(?:will|shall|going to|next|expect|hear|werden?|wird|hören)\b|['’]ll\b", re.IGNORECASE)
_ELSE = re.compile(
    r"\b(?:yesterday|gestern|vorgestern|ago|last (?:week|night|month|time)|since|opening hours|open (?:from|until|till)"
    r"|working until|can be|may be|you can|you may|you have (?:until|time)|valid|born|birth\w*|appointment|meeting"
    r"|seit|zuletzt|erreichbar|geöffnet|geschlossen|öffnungszeiten|kann|können sie|dürfen sie|gültig|geboren|geburts\w*"
    r"|termin|zeit bis|haben sie|sie haben)\b|\bwas (?:down|up)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:please|could you|can you|would you|you (?:send|answer|reply|write|let us)|(?:if|when|once) you"
    r"|(?:send|answer|reply|write|let) us|your (?:answer|reply)|deadline|bitte|können sie|könnten sie"
    r"|(?:wenn|falls|sobald) sie|ihre antwort|frist"
    r"|(?<!wir )(?<!ich )(?:antworten|senden|schicken|melden|schreiben|rufen|sagen|geben) sie)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|i)\b|\b(?:wir|ich)\b|\byou(?:['’]ll| will| hear)\b|\bhören sie\b|\bsie hören\b", re.IGNORECASE
)
_TO_US = r"(?:news|updates?|answer|reply|response|call|call-?back|message|word|mail|e-?mail)"
_SPEAKS = re.compile(
    r"\bhear (?:from|back|again|more)\b|\blet you know\b|\bget back\b|\bcome back to you\b|\bin touch\b|\bfollow up\b"
    r"|\b(?:call|ring|phone|write|write to|update|inform|answer|contact|tell|e-?mail|mail|message|notify|reply to|reach"
    r"|calling|ringing|writing to|keep|speak with|speak to|talk to) you\b|\breport back\b"
    r"|\b(?:we|i) (?:\w+ )?(?:call|ring|reply|answer|respond|write|report)\b"
    r"|(?:\b(?:will|shall|going to)|['’]ll)\s+(?:\w+\s+){0,2}?"
    r"(?:hear|call|ring|phone|write|answer|reply|respond|report)\b"
    rf"|\b(?:next|further|more|another|new) {_TO_US}\b|\bexpect\b[^.;!?]{{0,30}}\b{_TO_US}\b"
    r"|\bexpect (?:to hear|us|me)\b"
    rf"|\byou(?:['’]ll| will)? (?:get|have|receive|see|hear)\b[^.;!?]{{0,25}}\b{_TO_US}\b|\byou(?:['’]ll| will)? hear\b"
    rf"|\b{_TO_US} (?:from us|from me|§|(?:by|at|on|in|until|before|no later than)\s*§|(?:will|comes|follows)\b)"
    r"|\bmelde[nt]?\b[^.;!?]{0,40}\b(?:uns|mich|wir|ich|sich)\b|\b(?:uns|mich|wir|ich|sich)\b[^.;!?]{0,40}\bmelde[nt]?\b"
    r"|\bsie hören\b|\bhören sie\b|\bvon (?:uns|mir)\b[^.;!?]{0,30}\bhören\b|\banrufen\b|\bzurückrufen\b|\brückruf\b"
    r"|\brufe[n]?\b[^.;!?]{0,60}\b(?:an|zurück)\b|\bruft\b[^.;!?]{0,40}\ban\b"
    r"|\b(?:ich|wir) (?:rufen?|schreiben?|antworten?)\b|\b(?:rufen?|schreiben?|antworten?) (?:ich|wir)\b"
    r"|\b(?:ihnen|sie)\b[^.;!?]{0,30}\b(?:schreiben|informieren|antworten|berichten"
    r"|benachrichtigen|verständigen|kontaktieren)\b|\b(?:schreibe|informiere|antworte|berichte|benachrichtige|verständige"
    r"|kontaktiere)n?\b[^.;!?]{0,20}\b(?:wir|ich|ihnen|sie)\b|\bbescheid\b|\bauf sie zu\b|\bauf dem laufenden\b"
    r"|\b(?:nächste|weitere|neue|eine|unsere|erste)[rsn]? (?:nachricht|antwort|rückmeldung|zwischenstand|update"
    r"|neuigkeiten|meldung|info\w*|auskunft)\b|\bneues (?:gibt|von|§|(?:bis|am|um)\s*§)|\bwieder bei ihnen\b"
    r"|\b(?:rückmeldung|zwischenstand|neuigkeiten|update) (?:§|(?:bis|am|um|gibt|folgt|kommt)\b)",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\b(?:we|i|you)(?: will| shall| are going to| am going to|['’]ll)\b"
    r"|\bwill be (?:back|fixed|solved|ready|repaired|resolved|available|done|online|working|put right|over|out)\b"
    r"|\b(?:wir|ich)\b|\bwird\b[^.;!?]{0,60}\b(?:behoben|gelöst|fertig|repariert|erledigt|wieder)\b",
    re.IGNORECASE,
)
_STATES = re.compile(r"\b(?:is|are|has|have|am|ist|sind|hat|haben|bin)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|what|why|how|that|which|who|whether|when|your|wegen|über"
    r"|zu (?:ihrem|ihrer|dem|der)|zum|zur|was|warum|dass|ob|wie)\b(?!\s*§)",
    re.IGNORECASE,
)
