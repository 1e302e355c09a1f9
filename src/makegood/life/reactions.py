"""What happens next: ONE table, ledger kind → functions. To learn what follows after anything, read this file.

A reaction takes ``(entry, now)``, runs at least once in the worker, and must be idempotent. It only writes rows: it
runs inside a transaction, so whatever waits for somebody else's machine goes in line as a job of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from makegood.life.aftercare import bulk, recovery, silence, surveys
from makegood.life.announcements import actions as announcements
from makegood.life.announcements import answers
from makegood.life.announcements import sending as announcing
from makegood.life.colleagues import notices
from makegood.life.compensation import proposing as making_good
from makegood.life.compensation import settling
from makegood.life.compensation import telling as telling_of_budgets
from makegood.life.diagnosis import from_intake, schooling, suggesting
from makegood.life.escalation import paging, telling
from makegood.life.fixes import completing, deliveries, keeping_step, reading, trackers
from makegood.life.hooks import feeding
from makegood.life.hooks import sending as hooks
from makegood.life.insights import letters, reviews, rolling
from makegood.life.intake import actions as intake
from makegood.life.intake import drafts, logins
from makegood.life.knowledge import keeping as knowledge
from makegood.life.learning import telling as telling_of_recurrence
from makegood.life.learning import watching as recurrence
from makegood.life.post import filing as post
from makegood.life.privacy import erasing, handing, retention, shedding
from makegood.life.problems import known, offering, ranking, surging, telling_of_surges
from makegood.life.rca import recurrence as preventing
from makegood.life.rca import reminding, requiring
from makegood.life.reports import finding, kept_forms
from makegood.life.reports.models import LedgerEntry
from makegood.life.searching import keeping
from makegood.life.statuspage import maintenance, subscribing
from makegood.life.statuspage import notices as status_notices
from makegood.life.statuspage import sending as status_sending
from makegood.life.statuspage import updates as status_updates
from makegood.life.transfer import exports, imports
from makegood.life.updates import automatic, escalating

Reaction = Callable[[LedgerEntry, datetime], None]
Guard = Callable[[], AbstractContextManager[None]]

TABLE: dict[str, tuple[Reaction, ...]] = {
    "report.received": (
        offering.join_as_told,
        automatic.acknowledge,
        from_intake.keep_answers,
        ranking.rank_reported,
        finding.index_report,
        known.index_report,
        keeping.index_people,
        keeping.index_files,
        suggesting.suggest_on_arrival,
        recurrence.look,
    ),
    "report.labelled": (finding.index_report,),
    "participant.proposed": (keeping.index_people,),
    "participant.accepted": (keeping.index_people,),
    "attachment.added": (keeping.index_files,),
    "attachment.removed": (keeping.index_files,),
    "account.changed": (keeping.index_account, ranking.rank_account),
    "account.added": (keeping.index_account,),
    "account.key_changed": (ranking.rank_account,),
    "staff.invited": (keeping.index_colleague,),
    "staff.joined": (keeping.index_colleague,),
    "staff.changed": (keeping.index_colleague,),
    "service.added": (keeping.index_colleague,),
    "report.imported": (ranking.rank_reported, known.index_report),
    "report.category_changed": (ranking.rank_reported, known.index_report, suggesting.judge, recurrence.look),
    "report.component_changed": (ranking.rank_reported, known.index_report, recurrence.look),
    "report.severity_changed": (ranking.rank_reported, suggesting.judge),
    "report.kind_changed": (suggesting.judge,),
    "report.change_undone": (
        ranking.rank_reported,
        answers.count_answer,
        known.index_report,
        suggesting.judge,
        recurrence.look,
    ),
    "report.reopened": (ranking.rank_reported, answers.count_answer, surveys.forget, notices.tell_watchers),
    "report.confirmed": (answers.count_answer, surveys.ask, making_good.propose_if_due),
    "report.not_checked_yet": (answers.count_answer,),
    "compensation.budget_alarm": (telling_of_budgets.tell_of_budget,),
    "compensation.budget_used_up": (telling_of_budgets.tell_of_budget,),
    "problem.opened": (ranking.rank_joined, known.index_problem, keeping.index_problem),
    "problem.changed": (
        ranking.rank_joined,
        known.index_problem,
        keeping.index_problem,
        keeping.index_analysis,
        requiring.require,
        keeping_step.follow,
    ),
    "problem.change_undone": (keeping_step.follow,),
    "problem.joined": (ranking.rank_joined, known.regroup, recurrence.look),
    "problem.merged": (known.index_problem, requiring.let_go, notices.tell_watchers, status_notices.follow),
    "problem.unmerged": (ranking.rank_joined, known.index_problem, notices.tell_watchers, status_notices.follow),
    "problem.left": (ranking.rank_joined, known.regroup),
    "problem.withdrawn": (known.index_problem,),
    "surge.began": (telling_of_surges.tell,),
    "review.opened": (letters.tell_of_review,),
    "report.reporter_changed": (automatic.welcome, finding.index_report, keeping.index_people),
    "message.said": (
        finding.index_report,
        notices.tell_watchers,
        known.index_report,
        suggesting.suggest_again,
        recovery.look_at_words,
    ),
    "message.withdrawn": (finding.index_report, known.index_report),
    "note.written": (finding.index_report, notices.tell_mentioned),
    "problem.noted": (notices.tell_mentioned, keeping.index_problem),
    "problem.note_changed": (keeping.index_problem,),
    "problem.note_removed": (keeping.index_problem,),
    "report.handed_over": (notices.tell_handed,),
    "escalation.made": (paging.page_duty, escalating.tell_if_untold, notices.tell_watchers),
    "escalation.asked_back": (telling.tell_other_side,),
    "escalation.answered_back": (telling.tell_other_side,),
    "escalation.answered": (telling.tell_other_side, notices.tell_watchers),
    "escalation.handed_back": (telling.tell_other_side,),
    "escalation.called_off": (telling.tell_other_side,),
    "report.state_changed": (notices.tell_watchers,),
    "report.assigned": (notices.tell_watchers,),
    "problem.state_changed": (
        ranking.rank_joined,
        notices.tell_watchers,
        requiring.require,
        status_notices.follow,
        keeping_step.follow,
    ),
    "report.solved": (notices.tell_watchers,),
    "problem.came_back": (
        ranking.rank_joined,
        telling_of_recurrence.tell,
        notices.tell_watchers,
        preventing.prove_wrong,
        status_notices.follow,
        keeping_step.follow,
    ),
    "report.closed": (
        notices.tell_watchers,
        known.index_report,
        suggesting.judge,
        surveys.ask,
        making_good.propose_if_due,
    ),
    "feedback.given": (recovery.look_at_feedback,),
    "feedback.explained": (recovery.look_at_feedback,),
    "recovery.opened": (recovery.tell_owner,),
    "rca.begun": (keeping.index_analysis,),
    "rca.required": (keeping.index_analysis,),
    "rca.changed": (keeping.index_analysis,),
    "action.proposed": (keeping.index_action,),
    "action.changed": (keeping.index_action,),
    "action.state_changed": (reminding.tell, keeping.index_action),
    "action.reminded": (reminding.tell,),
    "recurrence.suspected": (telling_of_recurrence.tell, notices.tell_watchers),
    "announcement.answered": (telling_of_recurrence.tell,),
    "answers.given": (known.index_answers, recurrence.look),
    "problem.published": (notices.tell_watchers, keeping.index_problem, status_notices.follow),
    "article.written": (keeping.index_article,),
    "article.edited": (keeping.index_article,),
    "article.translated": (keeping.index_article,),
    "promise.at_risk": (paging.warn,),
    "promise.made": (status_notices.follow,),
    "problem.unpublished": (status_notices.follow,),
    "problem.protected": (status_notices.follow,),
    "announcement.started": (status_notices.follow,),
    "promise.broken": (automatic.own_up, status_updates.own_up),
    "promise.rung_climbed": (paging.page_rung,),
}


_OF_PEOPLE = (
    finding.index_report,
    known.index_report,
    notices.tell_watchers,
    suggesting.suggest_again,
    recovery.look_at_words,
)


def after(entry: LedgerEntry) -> tuple[Reaction, ...]:
    """The reactions to ``entry``. Words that no person said go into no index and are news to nobody."""
    if entry.kind == "promise.made" and not entry.about:
        return ()  # of a report, as nearly all are: nothing follows
    row = TABLE.get(entry.kind, ())
    return tuple(one for one in row if one not in _OF_PEOPLE) if finding.is_automatic(entry) else row


# Work that reactions put in line for themselves: name of the job → function of (payload, now).
JOBS: dict[str, Callable[[dict[str, Any], datetime], object]] = {
    paging.JOB: paging.send_page,
    bulk.JOB: bulk.run_slice,
    announcements.JOB: announcing.run_slice,
    status_updates.JOB: status_sending.run_slice,
    subscribing.JOB: subscribing.write_to,
    feeding.JOB: feeding.feed_again,
    deliveries.JOB: deliveries.work,
    completing.JOB: completing.work,
    reading.JOB: reading.work,
    trackers.JOB: keeping_step.work,
    automatic.LINKS_JOB: automatic.send_asked_links,
    ranking.JOB: ranking.rank_reports,
    keeping.REPORTS_JOB: keeping.index_reports_of,
    erasing.JOB: erasing.run_slice,
    handing.JOB: handing.write,
    shedding.JOB: shedding.work,
}

# What the worker looks for after every commit, besides ledger entries and jobs: function of (now, guarded), where
# ``guarded`` puts one piece of it under the worker's time limit; returns how many pieces there were.
WOKEN: tuple[Callable[[datetime, Guard], int], ...] = (post.file_due,)

# What the clock does by itself, besides promises: name → (how often, function of now).
PERIODIC: dict[str, tuple[timedelta, Callable[[datetime], object]]] = {
    "updates.remind_of_questions": (timedelta(minutes=5), automatic.remind_of_questions),
    "compensation.expire": (timedelta(minutes=5), settling.expire_due),
    "aftercare.silence": (timedelta(minutes=1), silence.break_silence),
    "intake.file_kept": (timedelta(minutes=1), intake.file_kept),
    "knowledge.roll_up": (knowledge.EVERY, knowledge.roll_up),
    "knowledge.plan_reviews": (knowledge.PLAN_EVERY, knowledge.plan_reviews),
    "knowledge.forget_old": (knowledge.FORGET_EVERY, knowledge.forget_old),
    "learning.end_watches": (recurrence.EVERY, recurrence.end_watches),
    "rca.keep_going": (reminding.EVERY, reminding.keep_going),
    "status.keep_time": (timedelta(minutes=1), maintenance.keep_time),
    "status.end_unreachable": (timedelta(hours=1), subscribing.end_unreachable),
    "status.forget_old": (timedelta(hours=6), subscribing.forget_old),
    "problems.watch_surges": (timedelta(minutes=1), surging.watch),
    "insights.roll": (rolling.EVERY, rolling.roll),
    "insights.open_reviews": (reviews.EVERY, reviews.open_due),
    "insights.send_week": (letters.EVERY, letters.send_week),
    "problems.rank_waiting": (timedelta(hours=1), ranking.rank_waiting),
    "diagnosis.plan_learning": (timedelta(minutes=10), schooling.plan),
    "hooks.forget_old": (timedelta(hours=6), hooks.forget_old),
    "fixes.keep_step": (keeping_step.EVERY, keeping_step.ask_all),
    "fixes.read": (reading.EVERY, reading.read_due),
    "fixes.forget_old": (timedelta(hours=6), deliveries.forget_old),
    "searching.sweep": (timedelta(hours=6), keeping.sweep),
    "transfer.forget_exports": (timedelta(hours=1), exports.forget_old),
    "transfer.forget_imports": (timedelta(hours=12), imports.forget_files),
    "privacy.retention": (retention.EVERY, retention.work),
    "privacy.forget_archives": (timedelta(hours=1), handing.forget_old),
    "intake.forget_drafts": (timedelta(hours=1), drafts.forget_expired),
    "reports.forget_kept_forms": (timedelta(hours=1), kept_forms.forget_expired),
    "intake.forget_logins": (timedelta(days=1), logins.forget_old),
}
