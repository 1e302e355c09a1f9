"""How the demo's members felt served, and the lead's calls to those who did not feel served well."""

from __future__ import annotations

from datetime import timedelta

from makegood.demo.scene import Moments, Scene
from makegood.life.aftercare import feedback, recovery
from makegood.life.aftercare.models import Csat, Recovery

# Score → what is said with it, in English and German: (reasons, words, effort); empty words are common.
SAID: dict[int, dict[str, tuple[tuple[tuple[str, ...], str, int | None], ...]]] = {
    5: {
        "en": (
            (
                ("speed", "politeness"),
                "Answered within minutes and told me when to expect news. It came on the minute.",
                7,
            ),
            (("fix",), "It works on both of my devices now. Thank you for asking again.", 6),
            (("clarity",), "I understood every word, no jargon. That is rare.", 7),
            ((), "", None),
            (("speed",), "", 6),
            (("politeness", "fix"), "Dora was very kind, and I did not have to explain it twice.", 7),
        ),
        "de": (
            (("clarity", "speed"), "Sehr klar erklärt und schneller gelöst als gedacht.", 7),
            (("politeness",), "Freundlich, und ich musste nichts zweimal erzählen.", 6),
            ((), "", None),
        ),
    },
    4: {
        "en": (
            (("fix",), "Solved in the end. A little slow over the weekend.", 5),
            (("clarity",), "", 5),
            ((), "", None),
            (("speed",), "Good, though the first mail was a bit long.", 5),
        ),
        "de": ((("fix",), "Am Ende gelöst, das Wochenende dazwischen war lang.", 5), ((), "", None)),
    },
    3: {
        "en": (
            (("speed",), "It took two days until somebody could tell me what was wrong.", 4),
            (("clarity", "fix"), "It works, but I still do not know why it happened.", 3),
            ((), "", 4),
        ),
        "de": ((("speed",), "Zwei Tage, bis mir jemand sagen konnte, woran es lag.", 3), ((), "", None)),
    },
    2: {
        "en": (
            (("speed",), "I called twice before anybody knew about my report.", 2),
            (("fix", "clarity"), "The first answer did not fit my question at all. That was a waste of time.", 2),
            (("compensation",), "I paid the treatment myself because the page said I was not covered.", 3),
        ),
        "de": ((("speed",), "Ich habe zweimal angerufen, bevor jemand meine Meldung kannte.", 2),),
    },
    1: {
        "en": (
            (("speed", "clarity"), "Ridiculous. I was promised news by noon and heard nothing until I wrote again.", 1),
            (("fix",), "The same error for the third time this year. Useless.", 1),
        ),
        "de": ((("speed", "fix"), "Derselbe Fehler zum dritten Mal. Lächerlich.", 1),),
    },
}
WEIGHTS = {5: 46, 4: 29, 3: 12, 2: 9, 1: 4}
ANSWERS = 0.62
CALLED = (
    (Recovery.MADE_GOOD, "She only wanted to be heard. Told her what we changed; she was content with that.", 4),
    (Recovery.MADE_GOOD, "Apologised for the missed time. He will get the next news from me myself.", 5),
    (
        Recovery.STILL_UNHAPPY,
        "Understood, but does not want to use the portal any more for now. Sent the paper form.",
        2,
    ),
    (Recovery.NOTHING_WANTED, "Was in a hurry when filling it in; everything is fine.", None),
)
HOSTILE = {
    "en": "It is still broken. I am fed up with this, it is the third time I have to write.",
    "de": "Es geht immer noch nicht. Langsam habe ich die Nase voll.",
}
IN_VAIN = ("No answer, the phone rings on.", "Mailbox. Did not leave a message, she asked us not to.")


def feel(scene: Scene) -> Moments:
    """Most say how they were served, many why; the lead calls whoever was not served well, mostly in time."""
    chance, by = scene.chance, scene.contact.actor
    if chance.random() > ANSWERS or not feedback.may_rate(scene.report):
        return
    score = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    reasons, words, effort = chance.choice(SAID[score].get(scene.story.language) or SAID[score]["en"])
    feedback.rate(scene.report, score, by=by, at=scene.clock.now)
    yield scene.minutes(1, 3)
    feedback.explain(scene.report, by=by, at=scene.clock.now, reasons=reasons, words=words, effort=effort)
    if score in Csat.LOW:
        yield from make_good(scene)


def make_good(scene: Scene) -> Moments:
    """One try in vain at times, then a call; one in six is late or not made yet."""
    chance = scene.chance
    yield scene.minutes(120, 420) if chance.random() < 0.85 else timedelta(days=3)
    if chance.random() < 0.25:
        _call(scene, Recovery.NOT_REACHED, chance.choice(IN_VAIN), None)
        yield scene.minutes(1100, 1400)
    _call(scene, *chance.choice(CALLED))


def call_if_owed(scene: Scene) -> None:
    """The lead calls whoever has just lost patience."""
    _call(scene, *scene.chance.choice(CALLED[:2]))


def _call(scene: Scene, outcome: str, notes: str, score: int | None) -> None:
    rows = Recovery.objects.filter(report=scene.report, closed_at=None, owner__isnull=False)
    row = rows.select_related("report", "owner").first()
    if row is not None and row.owner is not None:
        how: recovery.Found = {"outcome": outcome, "notes": notes, "score": score}
        recovery.keep_call(row, by=row.owner.actor, at=scene.clock.now, **how)
