"""How a report of the demo goes: a generator a plot, each step yielding how long until the next one happens.

A step is one real verb at a past moment. What would lie after *now* simply has not happened yet, which is how the demo
comes to have reports in every state.
"""

from __future__ import annotations

from datetime import timedelta

from makegood.demo import aftercare as felt
from makegood.demo import pictures, sayings
from makegood.demo.scene import Moments, Scene
from makegood.life.aftercare import actions as aftercare
from makegood.life.diagnosis import queries as diagnosis
from makegood.life.diagnosis import steps
from makegood.life.escalation import actions as escalation
from makegood.life.escalation.queries import open_of
from makegood.life.intake import actions as intake
from makegood.life.intake.telling import Told
from makegood.life.promises import kinds
from makegood.life.promises.queries import next_news, open_promises
from makegood.life.reports import actions as reports
from makegood.life.reports import conversation, states
from makegood.life.updates import actions as updates
from makegood.life.updates import scripts

NO_UNDO = timedelta(0)
# How long engineers take, by severity, against the usual.
HASTE = {"critical": 0.15, "high": 0.4, "medium": 1.0, "low": 1.6}


def receive(scene: Scene) -> None:
    """The report comes in by its door."""
    story, contact = scene.story, scene.contact
    error = _of_its_own(story.error, scene)
    told = Told(
        what=_of_its_own(f"{story.title}. {story.happened}", scene),
        idempotency_key=f"demo-{scene.number}",
        channel=scene.channel,
        kind=states.QUESTION if story.category in ("how-to", "where-is") else states.ERROR,
        category=story.category,
        hindrance=story.hindrance,
        language=story.language,
        name=contact.name,
        email=contact.email or "",
        phone=contact.phone,
        facts={"expected": story.expected, **({"error_message": error} if error else {})},
        environment={
            "page": f"https://members.fairfield.example{story.page}",
            **scene.chance.choice(sayings.MACHINES),
        },
    )
    by = scene.dora.actor if scene.channel == "phone" else None
    scene.report = intake.file(told, at=scene.clock.now, by=by).report
    if scene.channel == "web" and story.error and scene.chance.random() < 0.6:
        pictures.attach(scene.report, story, at=scene.clock.now)


def _of_its_own(words: str, scene: Scene) -> str:
    """The page shows another reference each time: the same one would say that two reports tell of one event."""
    return words.replace("7F2A", f"{scene.number * 40_503 % 65_536:04X}")


def whole(scene: Scene) -> Moments:
    """First answer, questions, escalation, solution, confirmation: as far as time and attention allow.

    Brief: the older ones leave out what nobody reads any more, so that the first start does not take minutes.
    """
    receive(scene)
    yield scene.minutes(2, 8) if scene.attentive else scene.minutes(200, 700)
    yield from _first_answer(scene)
    if scene.report.kind == states.QUESTION:
        yield from _answer_the_question(scene)
        return
    if not scene.is_brief:
        if scene.chance.random() < 0.4:
            yield from _ask(scene)
        if scene.chance.random() < 0.45:
            yield from _try_a_step(scene)
    yield from _escalate(scene)
    yield from _investigate(scene)
    yield from _solve(scene)
    yield from _afterwards(scene)


def forgotten(scene: Scene) -> Moments:
    """Nobody gets to it in time: the ladder climbs. Then somebody does."""
    receive(scene)
    yield timedelta(days=60)


def long_ago(scene: Scene) -> Moments:
    """Of last quarter's beginning only how it ended is told: found, solved, how they felt served."""
    receive(scene)
    yield scene.minutes(3, 90)
    reports.assign(scene.report, scene.dora, by=scene.dora.actor, at=scene.clock.now)
    yield scene.minutes(60, 1400)
    yield from _solve(scene)
    yield from _afterwards(scene)


def _reply(scene: Scene, script: str) -> None:
    by, now = scene.dora.actor, scene.clock.now
    known = {"solution": scene.story.words, "cause": scene.story.words}
    words = scripts.render(script, scene.report, now=now, by=by, values=known).body
    updates.reply(scene.report, words, by=by, at=now, script=script, undo=NO_UNDO)


def _work(scene: Scene, low: float, high: float) -> Moments:
    """Let work take its time, quicker the worse it is; an attentive desk gives the news it owes meanwhile."""
    until = scene.clock.now + scene.minutes(low, high) * HASTE[scene.report.severity]
    for _news in range(3):
        owed = next_news(scene.report)
        if not scene.attentive or owed is None or owed.due_at >= until:
            break
        yield max(NO_UNDO, owed.due_at - scene.clock.now - scene.minutes(5, 12))
        scene.report.refresh_from_db()
        _reply(scene, "update")
    yield max(NO_UNDO, until - scene.clock.now)


def _first_answer(scene: Scene) -> Moments:
    reports.assign(scene.report, scene.dora, by=scene.dora.actor, at=scene.clock.now)
    yield scene.minutes(2, 9)
    _reply(scene, "first_response")
    yield scene.minutes(5, 15)


def ask(scene: Scene) -> bool:
    """Put what is still missing to the reporter; whether anything is."""
    questions = [c.question for c in diagnosis.choices(scene.report) if not c.known][:2]
    if not questions:
        return False
    words = scripts.render("ask", scene.report, now=scene.clock.now, by=scene.dora.actor).body
    updates.ask(scene.report, questions, words, by=scene.dora.actor, at=scene.clock.now, undo=NO_UNDO)
    return True


def _ask(scene: Scene) -> Moments:
    if not ask(scene):
        return
    yield scene.minutes(30, 900) if scene.attentive else timedelta(days=9)
    answer = scene.chance.choice(sayings.ANSWERS[scene.report.language])
    aftercare.hear(scene.report, answer, by=scene.contact.actor, at=scene.clock.now)
    yield scene.minutes(15, 60)


def _try_a_step(scene: Scene) -> Moments:
    offered = [s.step for s in steps.suggest(scene.report) if s.state == steps.OFFERED]
    if offered:
        note = scene.chance.choice(sayings.TRIED)
        steps.record_trial(
            scene.report, offered[0], "did_not_help", by=scene.dora.actor, at=scene.clock.now, notes=note
        )
    yield scene.minutes(3, 12)


def _escalate(scene: Scene) -> Moments:
    if not scene.is_brief:
        conversation.note(scene.report, scene.chance.choice(sayings.NOTES), by=scene.dora.actor, at=scene.clock.now)
        yield scene.minutes(1, 5)
    escalation.escalate(
        scene.report, by=scene.dora.actor, at=scene.clock.now, reason=scene.chance.choice(sayings.REASONS)
    )
    yield scene.minutes(3, 14) if scene.attentive and scene.is_taken_soon else scene.minutes(40, 400)


def _investigate(scene: Scene) -> Moments:
    made = open_of(scene.report)
    assert made is not None, "investigate follows escalate"
    escalation.accept(made, by=scene.eve.actor, at=scene.clock.now)
    yield from _work(scene, 20, 110)
    if scene.is_brief:
        escalation.answer(made, scene.story.solution, by=scene.eve.actor, at=scene.clock.now, state=states.FIXING)
        yield from _work(scene, 60, 900)
        return
    escalation.answer(made, scene.story.cause, by=scene.eve.actor, at=scene.clock.now, state=states.CAUSE_FOUND)
    yield scene.minutes(10, 50)
    scene.report.refresh_from_db()
    _reply(scene, "investigating")
    yield from _work(scene, 60, 400)
    escalation.answer(made, scene.story.solution, by=scene.eve.actor, at=scene.clock.now, state=states.FIXING)
    yield scene.minutes(10, 40)
    scene.report.refresh_from_db()
    _reply(scene, "update")
    yield from _work(scene, 60, 900)


def solve_now(scene: Scene) -> None:
    """Eve solves the report as its story has it, at this moment."""
    story = scene.story
    scene.report.refresh_from_db()
    aftercare.solve(
        scene.report,
        cause=story.cause,
        solution=story.solution,
        words=story.words,
        by=scene.eve.actor,
        at=scene.clock.now,
    )


def _solve(scene: Scene) -> Moments:
    solve_now(scene)
    yield _before_due(scene, scene.minutes(60, 1500))


def _afterwards(scene: Scene) -> Moments:
    scene.report.refresh_from_db()
    if scene.ending == "silence":
        yield from _ask_in_vain(scene)
        return
    scene.report.refresh_from_db()
    if scene.ending == "no" and scene.report.kind == states.ERROR:
        aftercare.confirm(
            scene.report,
            "no",
            by=scene.contact.actor,
            at=scene.clock.now,
            said=scene.chance.choice((sayings.STILL_BROKEN, felt.HOSTILE))[scene.story.language],
        )
        yield scene.minutes(10, 60)
        scene.report.refresh_from_db()
        felt.call_if_owed(scene)
        yield from _escalate(scene)
        yield from _investigate(scene)
        yield from _solve(scene)
        scene.report.refresh_from_db()
    aftercare.confirm(scene.report, "yes", by=scene.contact.actor, at=scene.clock.now)
    yield scene.minutes(2, 20)
    yield from felt.feel(scene)
    yield _before_due(scene, scene.minutes(600, 2900))
    scene.report.refresh_from_db()
    if scene.report.is_open:
        aftercare.follow_up(
            scene.report,
            way=scene.chance.choice(("call", "mail")),
            outcome="works",
            notes=scene.chance.choice(sayings.FOLLOWED_UP),
            by=scene.dora.actor,
            at=scene.clock.now,
        )


def _before_due(scene: Scene, wait: timedelta) -> timedelta:
    """``wait``, but no longer than the promised follow-up allows; the inattentive do not look."""
    owed = next((p for p in open_promises(scene.report) if p.kind == kinds.FOLLOW_UP), None)
    if owed is None or not scene.attentive:
        return wait
    return max(NO_UNDO, min(wait, owed.due_at - scene.clock.now - scene.minutes(10, 90)))


def _ask_in_vain(scene: Scene) -> Moments:
    """Nobody answers; the reminders and the closing come by themselves."""
    yield _before_due(scene, scene.minutes(300, 900))
    scene.report.refresh_from_db()
    aftercare.follow_up(
        scene.report,
        way="call",
        outcome="no_answer",
        notes="Mailbox; left a message with the number.",
        by=scene.dora.actor,
        at=scene.clock.now,
    )
    yield timedelta(days=90)


def _answer_the_question(scene: Scene) -> Moments:
    scene.report.refresh_from_db()
    aftercare.solve(
        scene.report,
        cause="",
        solution=scene.story.solution,
        words=scene.story.words,
        by=scene.dora.actor,
        at=scene.clock.now,
    )
    yield _before_due(scene, scene.minutes(60, 900))
    yield from _afterwards(scene)
