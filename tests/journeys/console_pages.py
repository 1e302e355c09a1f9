"""Every page of the console in each state worth looking at, for test_accessibility."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from makegood.life.aftercare import bulk
from makegood.life.announcements import actions as announcements
from makegood.life.fixes import checklist, following, repositories, telling, trackers
from makegood.life.fixes.models import Delivery
from makegood.life.problems import actions as problem_actions
from makegood.life.problems.models import Problem
from makegood.life.promises.models import Promise
from makegood.life.rca import actions as acting
from makegood.life.rca import causes, review, timeline, writing
from makegood.life.reports.models import Attachment
from tests.journeys import doors, privacy_pages
from tests.journeys.desk import work
from tests.life.compensation import screens as making_good
from tests.life.fixes.story import commit, deployed, pull, push, ran, tag
from tests.life.rca import study as learnt
from tests.life.rca.study import WORDS

STATES = [
    "working",
    "asked",
    "escalated",
    "accepted",
    "asked_back",
    "solved",
    "rated",
    "closed",
    "snoozed",
    "paused",
    "new",
    "question",
]


def console_pages(desk, made) -> dict[str, list[str]]:
    """Route → the addresses of its page in each state worth looking at."""
    working = made["working"].pk
    things = sorted(_things())
    fault, merged = (one.number for one in Problem.objects.order_by("pk")[:2])
    at = {
        "queue": ["", "?q=state:closed", "?q=nothingatall", "?q=colour:red", "?view=late"],
        "search": ["", "?q=claims", "?q=claims+in:messages", "?q=nothingatall", "?q=colour:red", "?q=state:open"],
        "me": [""],
        "my_keys": [""],
        "report": [(made[name].pk,) for name in STATES],
        "report_evidence": [(working,), (made["new"].pk,)],
        "report_evidence_blank": [(working, _first_picture())],
        "report_ask": [(working,), (made["asked"].pk,)],
        "report_document": [(working,), (made["question"].pk,)],
        "report_duplicate": [(working,)],
        "report_protect": [(working,)],
        "report_escalate": [(working,)],
        "report_solve": [(working,)],
        "report_promise": [(working, _owed_to_reporter(working))],
        "report_follow_up": [(made["solved"].pk,)],
        "report_triage": [(working,), (made["asked"].pk,)],
        "report_open_problem": [(made["asked"].pk,)],
        "problems": ["", "?q=colour:red", "?q=state:any", "?q=nothingatall"],
        "problem": [(fault,), (merged,)],
        "problem_open": [""],
        "problem_edit": [(fault,)],
        "problem_public": [(fault,)],
        "problem_merge": [(fault,)],
        "problem_priority": [(fault,)],
        "problem_insight": ["", "?days=7&by=people", "?from=2020-01-01&to=2020-01-02", "?from=x"],
        "problem_knows": [(fault,)],
        "problem_tell": [(fault,), f"/console/problems/{fault}/tell/?kind=fixed"],
        "announcement": [(key,) for key in _announcements(desk)],
        "escalations": ["?whose=all", "?whose=mine"],
        "promises": ["", "?days=90"],
        "phone": ["", f"?contact={desk.ana.key}"],
        "phone_taken": [(made["new"].number,)],
        "accounts": ["", "?q=ana"],
        "contact": [(desk.ana.key,)],
        "contact_edit": [(desk.ana.key,)],
        "account_note_remove": [(desk.ana.notes.latest("pk").pk,)],
        "organisation": [(desk.acme.key,)],
        "organisation_add": [""],
        "organisation_edit": [(desk.acme.key,)],
        "organisation_key": [(desk.acme.key,)],
        "bulk": [(run,) for run in _bulk_runs(desk, made)],
        "calls": [""],
        "feedback": [""],
        "feedback_answers": [""],
        "insights": [""],
        "reviews": [""],
        "knowledge": ["", "?q=claims"],
        "knowledge_searches": [""],
        "knowledge_worth": [""],
        "knowledge_files": [""],
        "article_new": [""],
        "setup": [""],
        "setup_feedback": [""],
        "setup_people": [""],
        "setup_invite": [""],
        "setup_person": [(desk.dora.key,)],
        "setup_rotas": [""],
        "setup_rota": [("platform",)],
        "setup_scripts": [""],
        "setup_script_add": [""],
        "setup_script": [(_first_script(),)],
        "setup_policies": [""],
        "setup_priority": [""],
        "report_priority": [(working,)],
        "report_hand_over": [(working,)],
        "report_knows": [(working,), (made["solved"].pk,)],
        "told": [""],
        "setup_policy": [("hear_back", "high")],
        "setup_calendars": [""],
        "setup_calendar_add": [""],
        "setup_calendar": [("desk",)],
        **_fix_pages(desk, fault),
        **_learning_pages(desk),
        "setup_audit": [""],
        "setup_health": [""],
        "setup_list": [(thing,) for thing in things],
        "setup_add": [(thing,) for thing in things],
        "setup_edit": [(thing, pk) for thing in things if (pk := _first_row(thing))],
    } | doors.pages(desk, made)
    at |= making_good.pages(desk)
    at |= privacy_pages.pages(desk, made)
    return {f"console:{name}": [_address(name, one) for one in cases] for name, cases in at.items()} | {
        "style": [reverse("style"), reverse("style") + "?mode=portal"]
    }


def _owed_to_reporter(report: int) -> int:
    return Promise.objects.filter(report=report, state=Promise.OPEN, owed_to="reporter").earliest("due_at").pk


def _announcements(desk) -> list[str]:
    """A draft to look at of either kind, one that waits, and one that has gone out."""
    fault, now = Problem.objects.order_by("pk").first(), timezone.now()
    problem_actions.edit(fault, by=desk.ada.actor, at=now, cause="The pool was full.", fix="The pool is larger now.")
    news, later = {"en": "Hello {{ first_name }}, we found it."}, now + timedelta(hours=9)
    gone = announcements.save(fault, "news", news, by=desk.ada, at=now, next_news_at=later)
    announcements.send(gone, by=desk.ada, at=now, held=timedelta(0))
    work(now)
    fixed = announcements.save(fault, "fixed", {"en": "It works again.", "de": "Es geht."}, by=desk.ada, at=now)
    draft = announcements.save(fault, "news", {"en": "{{ news }}"}, by=desk.ada, at=now, next_news_at=later)
    waits = announcements.save(fault, "news", news, by=desk.emil, at=now, next_news_at=later)
    announcements.send(waits, by=desk.emil, at=now)
    return [gone.key, fixed.key, draft.key, waits.key]


def _fix_pages(desk, fault) -> dict[str, list]:
    """A problem with a fix in every state of its parts, one without, and the set-up behind."""
    now, by, one = timezone.now(), desk.ada.actor, Problem.objects.order_by("pk").first()
    place, _secret = repositories.add(name="portal", provider="github", by=by, at=now)
    story = [
        push(commit("a", f"Fixes {one.number}"), commit("m", "Merge")),
        pull(7, f"Fixes {one.number}"),
        tag("v1", "m"),
        ran("m"),
        ran("m", "browser", "failed"),
        deployed("m"),
        deployed("other", 9),
    ]
    telling.tell(place, story, at=now)
    item = checklist.add(following.present_fix(one), "On a telephone", by=desk.dora.actor, at=now)
    checklist.add(following.present_fix(one), "In a private window", by=desk.dora.actor, at=now)
    checklist.check(item, "failed", by=desk.dora.actor, at=now, note="The button is hidden.")
    facts = {"name": "Tracker", "kind": "github", "base_url": "https://api.github.com", "project": "company/portal"}
    tracker = trackers.add(token="t", by=by, at=now, **facts)
    kept = Delivery.objects.create(
        repository=place, delivery_id="d", event="push", digest="d", body='{"ref": "x"}', at=now, outcome="failed"
    )
    return {
        "fix": [(fault,), (Problem.objects.order_by("-pk").first().number,)],
        "fix_issue": [(fault, tracker.key)],
        "setup_repositories": [""],
        "setup_repository_add": [""],
        "setup_repository": [(place.key,)],
        "setup_repository_edit": [(place.key,)],
        "setup_repository_delivery": [(place.key, kept.pk)],
        "setup_trackers": [""],
        "setup_tracker_add": [""],
        "setup_tracker": [(tracker.key,)],
    }


def _learning_pages(desk) -> dict[str, list]:
    """One analysis being written, with a timeline and causes that blame somebody; one in review; actions in every
    state."""
    now, by = timezone.now() - timedelta(days=2), desk.eve.actor
    one, other = Problem.objects.order_by("pk")[:2]
    draft, read = (writing.begin(problem, by=by, at=now) for problem in (one, other))
    timeline.refresh(draft, by=by, at=now)
    timeline.add(draft, now, "A change goes out.", by=by, at=now, evidence="https://logs.example/1")
    event = causes.add(draft, "Claims answer 500", by=by, at=now)
    causes.add(draft, "Eve Eriksen was careless", by=by, at=now, effects=[event.pk], kind="decision")
    causes.add(draft, "No probe goes through", by=by, at=now, effects=[event.pk], kind="missing", road="escape")
    writing.edit(read, by=by, at=now, **WORDS)
    acted = [learnt.action(desk, one, now, title=f"Do the thing number {n}", verify_after_days=0) for n in range(6)]
    for place, action in enumerate(acted[1:]):
        acting.accept(action, by=by, at=now, due_at=now + timedelta(days=1))
        for deed in (acting.start, acting.implement)[: min(place, 2)]:
            deed(action, by=by, at=now)
    acting.verify(acted[4], worked=True, by=desk.emil, at=now, words="None since.")
    acting.verify(acted[5], worked=False, by=desk.emil, at=now, words="Again.")
    review.submit(read, by=by, at=now)
    first, second = one.number, other.number
    return {
        "rca": [(first,), (second,), f"/console/problems/{first}/rca/?missing=overview"],
        "rca_of": [(read.number,)],
        "rca_document": [(first,), (second,)],
        "rca_timeline": [(first,), (second,)],
        "rca_causes": [(first,), (second,)],
        "action_add": [(first,)],
        "actions": ["", "?whose=mine&which=late", "?whose=check", "?which=done"],
        "analyses": [""],
        "action": [(action.number,) for action in acted],
        "action_edit": [(acted[0].number,), (acted[3].number,)],
    }


def _first_picture() -> str:
    return Attachment.objects.filter(is_picture=True, removed_at=None).order_by("pk").first().key


def _bulk_runs(desk, made) -> list[str]:
    """One that waits and one that is done."""
    now, numbers = timezone.now(), [made["new"].pk, made["question"].pk]
    done = bulk.start(desk.ada, "label", "checked", numbers, at=now)
    work(now)
    return [bulk.start(desk.ada, "severity", "low", numbers, at=now).key, done.key]


def _address(name, one) -> str:
    """``one`` is the rest of the address, its arguments, or all of it."""
    if isinstance(one, str) and one.startswith("/"):
        return one
    return reverse(f"console:{name}") + one if isinstance(one, str) else reverse(f"console:{name}", args=one)


def _things():
    from makegood.doors.console.setup.specs import THINGS

    return THINGS


def _first_row(thing):
    row = _things()[thing].model.objects.order_by("pk").first()
    return row.pk if row else None


def _first_script() -> str:
    from makegood.life.updates.models import Script

    return Script.objects.order_by("pk").first().slug
