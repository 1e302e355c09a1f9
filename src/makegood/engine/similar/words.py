"""Text cut into words that compare well across writers and languages. Pure.

Lower case, without accents; names written in one piece (``setTimeOut``) count whole and in their parts; English endings
are cut off lightly (for other languages that did not help); Chinese, Japanese, Korean and Thai become pairs of
neighbouring characters, because nobody writes spaces there, or not where words end.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

MAX_TEXT = 20_000
MAX_WORD = 40

# Runs of a script without spaces, or any other run of letters and digits.
_DENSE = (
    "\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff"
)
_RUN = re.compile(rf"[{_DENSE}]+|[^\W_{_DENSE}]+")
_IS_DENSE = re.compile(rf"[{_DENSE}]")
_ACCENT = re.compile("[\u0300-\u036f]")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# Words that join others, in the languages most reports are written in. They say nothing and make half of all postings.
_JOINING = frozenset(
    """
    a all also am an and any are as at be been before being but by can could did do does for from get got had has
    have he her his how i if in into is it its just me my no not of on or our she so some such than that the their
    them then there these they this to too use used using very via was we were what when where which while who will
    with would you your aber als am auch auf aus bei bin bis das dass dem den der des die doch durch ein eine einem
    einen einer er es fur haben hat ich ihr im ist kann kein keine man mein mich mir mit nach nicht noch nur oder
    ohne sich sie sind und uns vom von war wenn werden wie wir wird zu zum zur uber au aux avec ce ces cette dans de
    des du elle en est et il je la le les lors ma mais mon ne nous on ou par pas pour qu que qui sa sans se ses son
    sur un une vous al con como cuando del el es esta este lo los las mas mi muy para pero por porque se si sin su
    sus una uno y che ci da dei del della di gli ho il io non nel nella per piu quando sono un ao com da das do dos
    ele em essa esse eu foi isso mas meu na nao nas no nos os para pela pelo por quando sem ser sua tem uma um bij
    dat de een en er het ik is maar met mijn naar niet om ook op te van voor wat wordt zijn
    """.split()  # noqa: SIM905 - a hundred quote marks help nobody
)
# Words that join nothing, count where documents are compared, and yet name nothing: who reads that two share them
# has learnt nothing. How rare a word is tells the same of others, once there are enough reports to count in.
_NAMING_NOTHING = """
    able about above across actual actually after again against ago ain almost along already although always another
    any anymore anyone anything aren around away because becom become before behind below besides best better
    between both bug came cannot come comes couldn currently despite did didn different doesn doing don done during
    each eg either else enough error errors even ever every everything everywhere example expect expected fail
    failed failing fails failure few fine first follow following found gave general give given gives go goes going
    gone good hadn happen happened happening happens hasn haven hello help here however ie incorrect instead isn
    issue issues itself keep keeps know last later least less let like likely little ll long longer look looks lot
    made make makes making many may maybe me might more moreover most much must near need needed needs neither never
    new next non none nor nothing now occur occurred occurs off often ok old once one ones onto other others ought
    out over own per perhaps please possible possibly previously probably problem problems properly quite rather re
    really regards reproduce said same saw say says second see seem seems seen several shall should shouldn show
    shown shows simply since small some somehow someone something sometimes somewhere soon step steps still such
    sure take takes tell than thank thanks therefore thing things think though three through thus today together too
    took toward tried tries try trying twice two unable under unexpected unfortunately unless until up us usual
    usually ve want wanted wants wasn way well went were weren whatever whenever wherever whether whole whose why
    within without won work worked working works wouldn wrong yes yesterday yet
    aktuell alle allem allen aller allerdings alles andere anderen anderer anderes anders auftritt bald beim bereits
    bevor bitte bleibt brauche dabei dadurch dafur daher damit danach danke dann daran darauf darf darin davon dazu
    defekt denn deren deshalb dessen diese diesem diesen dieser dieses direkt dort drei durfen eben eher eigentlich
    einfach einige einigen einmal erneut erst erste ersten etwa etwas falsch fehler fehlermeldung folgende folgenden
    funktionieren funktioniert gab ganz gar geben geehrte gegen gehen geht gerade gern geschieht gestern gibt ging
    gleich gruss gruße hallo hatte hatten heute hier hinter immer innerhalb irgendwie ja jede jedem jeden jeder
    jedes jedoch jemand jetzt kam kamen kaputt keinen keiner klappt komme kommen kommt konnen konnte konnten kurz
    lange lassen lasst leider letzte letzten liegt mache machen macht mal manchmal mehr mehrere meine meinem meinen
    meiner meist melde meldet meldung mochte morgen muss mussen musste nachdem namlich nein neu neue neuen nichts
    nie niemand nirgends nun nutze ob obwohl oft passiert plotzlich probleme schon sehe sehen sehr sein seine seinen
    seit seitdem selber selbst sieht sobald sofort solange soll sollen sollte sollten sondern sonst sowie spater
    stattdessen steht storung tritt trotz trotzdem tun tut uber uberhaupt unsere unserem unseren unserer unter
    versuch versuche versucht viel viele vielen vielleicht vielmehr vollig vor vorher wahrend ware waren warum weder
    weil weiter welche welcher wenig wenigstens wer werde wieder will wo wohl wollen wollte wurde wurden zeigt zwar
    zwei zwischen
    apres assez aucun aucune aussi autre autres avant avoir beaucoup bien bonjour cela chaque chez comme comment
    deja depuis deux donc encore entre erreur etait etc ete etre faire fait fois fonctionne jamais lorsque
    maintenant marche meme merci moins notre parce peut plus pourquoi puis quand quelque quelques rien sera
    seulement sous souvent toujours tous tout toute toutes tres trop
    ademas ahora algo algun alguna antes asi aunque ayer cada casi desde despues donde dos durante entonces
    estaba estan estar falla fue funciona gracias hace hacer hasta hay hola hoy menos mientras mismo mucho nada
    ningun nunca otra otro poco problema puede puedo quiero ser siempre sobre solo tambien tampoco tengo tiene toda
    todas todo todos vez
    adesso anche ancora appena bene buongiorno cosa dopo dove errore essere fatto funziona grazie hanno invece mai
    mentre molto nessun niente oggi ogni perche poi prima proprio qualche qualcosa quale quasi questa questo sempre
    senza sia sopra stata stato subito tutta tutte tutti tutto volta
    agora ainda algum alguma apenas aqui assim ate bem depois dois erro esta estou fazer foi hoje isto mais mesma
    mesmo muito nenhum obrigado onde ontem outra outro pode porque quero tambem tenho tudo
    al altijd beter dan deze dit doen doet dus eens eerst elke fout foutmelding gaat geen haar heb hebben hebt heeft
    iets jij kan kunnen maakt meer moet naar nee niets nog nooit nu omdat onder probleem sinds soms steeds te toen
    veel waar waarom wat weer welke werkt wij wil wordt zeer zelf zo zonder
    """
_HELD = ("ss", "us", "is")


def words(text: str) -> list[str]:
    """The words of ``text`` in their order, parts of composed names behind the whole."""
    found: list[str] = []
    for run in _RUN.findall(plain(text[:MAX_TEXT])):
        if _IS_DENSE.match(run):
            found += [a + b for a, b in pairwise(run)] or [run]
        else:
            found += _of_run(run)
    return found


def spelling(text: str) -> dict[str, str]:
    """How ``text`` first writes each of its words, in lower case: what a person reads instead of the bare stem."""
    found: dict[str, str] = {}
    for run in _RUN.findall(text[:MAX_TEXT]):
        stems = () if _IS_DENSE.match(run) else _of_run(plain(run))
        if stems:
            found.setdefault(stems[0], run.lower())
    return found


def names_something(word: str) -> bool:
    """Whether a word of ``words`` tells somebody what a text is about."""
    return word not in _nothing()


@cache
def _nothing() -> frozenset[str]:
    """As ``words`` cuts them; those that join too, which stay as parts of composed names."""
    return frozenset(stem(word) for word in [*_NAMING_NOTHING.split(), *_JOINING])


def plain(text: str) -> str:
    """Without accents, full-width forms and ligatures."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", _ACCENT.sub("", composed))


@lru_cache(maxsize=50_000)
def _of_run(run: str) -> tuple[str, ...]:
    """The word of a run of letters and digits and, if it is composed, those of its parts."""
    whole = run.lower()
    if whole in _JOINING or (len(whole) == 1 and whole.isascii()):
        return ()
    found = [stem(whole[:MAX_WORD])]
    if run.isascii() and not run.islower():
        parts = _PART.findall(run)
        if len(parts) > 1:
            found += [stem(part.lower()[:MAX_WORD]) for part in parts if len(part) > 1]
    return tuple(found)


def stem(word: str) -> str:
    """``word`` without an English ending: crashes, crashed and crashing are one."""
    if len(word) < 4 or not word.isascii():
        return word
    word = _singular(word)
    if word.endswith("ing") and len(word) > 5:
        word = word[:-3]
    elif word.endswith("ed") and len(word) > 4:
        word = word[:-2]
    elif word.endswith("e") and len(word) > 4:
        return word[:-1]
    else:
        return word
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(_HELD) else word
