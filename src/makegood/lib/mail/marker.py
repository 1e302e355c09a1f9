"""The line at the top of our mails above which people answer: written by what goes out, known by what comes in."""

MARKER = {
    "en": "— Write your answer above this line —",
    "de": "— Bitte schreiben Sie Ihre Antwort über diese Zeile —",
}
