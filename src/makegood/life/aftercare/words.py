"""The words aftercare says by itself: the script of the moment, else a plain sentence: nobody is left untold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from makegood.lib.texts import in_language
from makegood.life.people.actors import Actor
from makegood.life.reports import states
from makegood.life.reports.models import Report
from makegood.life.updates import scripts

PLAIN: dict[str, Mapping[str, str]] = {
    "fixed": {
        "en": "We have put the error right: {{ solution }}\n\n{{ to_do }}\n\nPlease tell us on the page of your "
        "report whether it works for you now.",
        "de": "Wir haben den Fehler behoben: {{ solution }}\n\n{{ to_do }}\n\nBitte sagen Sie uns auf der Seite Ihrer "
        "Meldung, ob es jetzt bei Ihnen geht.",
    },
    "follow_up": {
        "en": "We told you that the error is put right. Does it work for you, and is there anything else we can do?",
        "de": "Wir haben Ihnen geschrieben, dass der Fehler behoben ist. Geht es bei Ihnen, und können wir noch etwas "
        "für Sie tun?",
    },
    "question_answered": {"en": "{{ solution }}\n\n{{ to_do }}", "de": "{{ solution }}\n\n{{ to_do }}"},
    "confirm_reminder": {
        "en": "Does it work for you now? One click on the page of your report tells us.",
        "de": "Geht es jetzt bei Ihnen? Ein Klick auf der Seite Ihrer Meldung sagt es uns.",
    },
    "not_solved_sorry": {
        "en": "Thank you for telling us that it still does not work. We are sorry. Your report is open again, more "
        "urgent than before.",
        "de": "Danke, dass Sie uns sagen, dass es noch nicht geht. Das tut uns leid. Ihre Meldung ist wieder offen, "
        "dringender als zuvor.",
    },
    "reopened": {
        "en": "We have opened your report again and go on with it. You need not explain anything a second time.",
        "de": "Wir haben Ihre Meldung wieder geöffnet und machen weiter. Sie müssen nichts noch einmal erklären.",
    },
    "confirmed": {
        "en": "Thank you for letting us know that it works. We close your report with that.",
        "de": "Danke, dass Sie uns sagen, dass es geht. Damit schließen wir Ihre Meldung.",
    },
    "silence": {
        "en": "We have not heard from you, so we take it that your report is solved, and close it. Answer within 14 "
        "days and we open it again.",
        "de": "Wir haben nichts von Ihnen gehört, nehmen deshalb an, dass Ihre Meldung gelöst ist, und schließen sie. "
        "Antworten Sie innerhalb von 14 Tagen, dann öffnen wir sie wieder.",
    },
    "answered": {
        "en": "Your question is answered, so we close it. If anything is still unclear, simply ask on.",
        "de": "Ihre Frage ist beantwortet, deshalb schließen wir sie. Wenn noch etwas unklar ist, fragen Sie einfach.",
    },
    "withdrawn": {
        "en": "As you wished, we close your report. Should the error come back, tell us and we go on.",
        "de": "Wie gewünscht schließen wir Ihre Meldung. Kommt der Fehler wieder, sagen Sie es uns, dann machen wir "
        "weiter.",
    },
    "follow_up_question": {
        "en": "We answered your question. Did the answer help, and is there anything else we can do?",
        "de": "Wir haben Ihre Frage beantwortet. Hat die Antwort geholfen, und können wir noch etwas für Sie tun?",
    },
    "confirm_reminder_question": {
        "en": "Does our answer help you? One click on the page of your question tells us.",
        "de": "Hilft Ihnen unsere Antwort? Ein Klick auf der Seite Ihrer Frage sagt es uns.",
    },
    "not_solved_sorry_question": {
        "en": "Thank you for telling us that the answer did not help. We are sorry, and we look for a better one.",
        "de": "Danke, dass Sie uns sagen, dass die Antwort nicht geholfen hat. Das tut uns leid. Wir suchen eine "
        "bessere.",
    },
    "reopened_question": {
        "en": "We have opened your question again and go on with it. You need not explain anything a second time.",
        "de": "Wir haben Ihre Frage wieder geöffnet und machen weiter. Sie müssen nichts noch einmal erklären.",
    },
    "confirmed_question": {
        "en": "Thank you for letting us know that the answer helped. We close your question with that.",
        "de": "Danke, dass Sie uns sagen, dass die Antwort geholfen hat. Damit schließen wir Ihre Frage.",
    },
    "silence_question": {
        "en": "We have not heard from you, so we take it that your question is answered, and close it. Answer within "
        "14 days and we open it again.",
        "de": "Wir haben nichts von Ihnen gehört, nehmen deshalb an, dass Ihre Frage beantwortet ist, und schließen "
        "sie. Antworten Sie innerhalb von 14 Tagen, dann öffnen wir sie wieder.",
    },
    "withdrawn_question": {
        "en": "As you wished, we close your question. If you want to know it after all, simply ask again.",
        "de": "Wie gewünscht schließen wir Ihre Frage. Wenn Sie es doch noch wissen möchten, fragen Sie einfach "
        "wieder.",
    },
}
# Filled by ``complete``, from what was written down.
TO_COMPLETE = ("solution", "to_do")
# The script that says it, where another name is usual.
SCRIPTS = {"confirmed": "closing", "silence": "closed_silence"}


def words_for(moment: str, report: Report, *, by: Actor, at: datetime, next_at: datetime | None = None) -> str:
    """What is said at ``moment``, in the reporter's language, ready to be said by ``updates.actions.reply``."""
    try:
        found = scripts.render(SCRIPTS.get(moment, moment), report, now=at, by=by, next_at=next_at)
    except scripts.NoScript:
        of_question = moment + scripts.OF_A_QUESTION
        is_so = report.kind == states.QUESTION and of_question in PLAIN
        return in_language(PLAIN[of_question if is_so else moment], report.language)
    return scripts.drop_gaps(found.body, tuple(name for name in found.missing if name not in TO_COMPLETE))


def moment_of_solving(report: Report) -> str:
    """Which words tell the solution: an error is fixed, a question answered."""
    return "question_answered" if report.kind == states.QUESTION else "fixed"


def script_of(moment: str) -> str:
    """What a message says of where its words come from."""
    return SCRIPTS.get(moment, moment).replace("_", "-")


def complete(words: str, *, solution: str, to_do: str) -> str:
    """``words`` with the solution and what is to do in their places; what there is to do is never left out."""
    values = {"solution": solution.strip()}
    if to_do.strip():
        values["to_do"] = to_do.strip()
    filled = scripts.fill(words, {**values, "first_name": "{{ first_name }}"})
    # Words of one paragraph that speak of what is to do are not dropped whole: their gap is refused by name.
    filled = scripts.drop_gaps(filled, ("to_do",)) or filled
    if to_do.strip() and to_do.strip() not in filled:
        filled = f"{filled.rstrip()}\n\n{to_do.strip()}"
    return filled
