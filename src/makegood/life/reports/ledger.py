"""What happened, who did it, when, why: written in the transaction of the change it tells of.

The ledger is at once the timeline, the audit trail, the outbox of reactions and the source of webhooks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_noop as _

from makegood.lib import rows
from makegood.life.people.actors import Actor
from makegood.life.reports.models import LedgerEntry, Report

# Every kind there is, with what it means. A kind that is not here cannot be written.
KINDS: dict[str, str] = {
    "report.received": _("A report came in and was filed."),
    "report.state_changed": _("The report moved from one state to another."),
    "report.severity_changed": _("The severity was set anew."),
    "report.category_changed": _("The category was set anew."),
    "report.component_changed": _("The component was set anew."),
    "report.kind_changed": _("An error proved a question, or the other way round."),
    "report.assigned": _("Somebody, or nobody, has the report now."),
    "report.team_changed": _("Another team has the report now."),
    "report.labelled": _("Labels were added or taken away."),
    "report.snoozed": _("The report was put aside until a moment."),
    "report.woken": _("A snoozed report came back."),
    "report.marked_duplicate": _("The report was linked to another one that tells the same."),
    "report.unmarked_duplicate": _("The link to another report was taken back."),
    "report.reopened": _("A solved or closed report is open again."),
    "report.closed": _("The report was closed."),
    "report.protected": _("Who may see the report was narrowed or widened."),
    "report.change_undone": _("A change was taken back."),
    "report.reporter_changed": _("Somebody else is the reporter now."),
    "participant.proposed": _("A mail proposed that somebody takes part."),
    "participant.accepted": _("Somebody takes part: they follow, speak and get copies."),
    "participant.declined": _("Somebody proposed is not to take part."),
    "participant.removed": _("Somebody no longer takes part."),
    "message.said": _("Somebody said something the reporter can read."),
    "message.withdrawn": _("A message was taken back before it left."),
    "note.written": _("Somebody wrote an internal note."),
    "attachment.added": _("A file was attached."),
    "attachment.removed": _("A file was taken away."),
    "evidence.blanked": _("Parts of a picture were blacked out for good."),
    "link.made": _("A secret status link was made."),
    "link.revoked": _("Secret status links were revoked."),
    "promise.made": _("Something was promised."),
    "promise.restored": _("A message was taken back, and what was owed before it is owed again."),
    "promise.kept": _("A promise was kept, in time or late."),
    "promise.paused": _("Clocks stopped, because the other side has the ball."),
    "promise.resumed": _("Paused clocks go on."),
    "promise.moved": _("A promise was given another time."),
    "promise.withdrawn": _("A promise was taken back."),
    "promise.at_risk": _("Most of the time of a promise is used up."),
    "promise.broken": _("A promise was not kept in time."),
    "promise.rung_climbed": _("A broken promise climbed a rung of its ladder."),
    "policy.changed": _("A promise policy was superseded."),
    "calendar.changed": _("The hours of a calendar were superseded."),
    "mail.sent": _("A mail left."),
    "mail.failed": _("A mail could not be delivered."),
    "mail.bounced": _("A mail of ours came back."),
    "mail.retried": _("A mail that had failed or was held was put in line again."),
    "mail.held": _("An incoming mail was held for a person to look at."),
    "mail.parked": _("An incoming mail could not be read and was put aside whole."),
    "mail.released": _("A held mail was filed as a new report."),
    "mail.attached": _("A held mail was added to a report."),
    "mail.discarded": _("A held mail was put away."),
    "mail.undiscarded": _("A held mail that had been put away waits again."),
    "staff.link_made": _("A one-time link for a person was made."),
    "staff.invited": _("Somebody was invited to the console."),
    "staff.joined": _("Somebody used a one-time link and set a password."),
    "staff.changed": _("A person's role, teams or facts were changed."),
    "staff.password_changed": _("Somebody changed their own password."),
    "service.added": _("A service, a program that works in its own name, was added."),
    "token.made": _("A token for the API was made."),
    "token.rotated": _("A token got a new secret."),
    "token.revoked": _("A token was made useless."),
    "report.relayed": _("A program passed on the reporter's own words or answer."),
    "setup.added": _("Something was added to the set-up."),
    "setup.changed": _("Something of the set-up was changed."),
    "setup.removed": _("Something was taken out of the set-up."),
    "view.saved": _("A view of the queue was saved."),
    "view.changed": _("A saved view got another name or filter."),
    "view.removed": _("A saved view was taken away."),
    "answers.given": _("Questions about the error were answered."),
    "questions.asked": _("We asked the reporter for what is missing."),
    "questions.reminded": _("The reporter was reminded of open questions."),
    "questions.answered": _("Everything we asked has been answered."),
    "questions.expired": _("Open questions stayed unanswered and were let go."),
    "questions.withdrawn": _("We no longer need answers we had asked for."),
    "safe_step.tried": _("A safe step was tried."),
    "suggestion.declined": _("A suggested category, severity or kind was turned down."),
    "acknowledgement.queued": _("The automatic acknowledgement was queued."),
    "apology.queued": _("An automatic honest note on a broken promise was queued."),
    "script.added": _("A script was added."),
    "script.edited": _("The words of a script were changed."),
    "escalation.made": _("The report was handed to a technical team, with the document as it was."),
    "escalation.accepted": _("Somebody of the technical team took the escalation."),
    "escalation.asked_back": _("The technical team asked the desk something."),
    "escalation.answered_back": _("The desk answered the technical team."),
    "escalation.answered": _("The technical team gave an answer."),
    "escalation.handed_back": _("The technical team gave the report back to the desk."),
    "escalation.solved": _("The escalation ended because the report is solved."),
    "escalation.called_off": _("The desk no longer needs the technical team."),
    "escalation.reinstated": _("An escalation that had ended goes on, because its end was taken back."),
    "page.made": _("Somebody was called because a promise needs them."),
    "page.nobody_there": _("Nobody held the duty the ladder named; the next rung was called at once."),
    "page.failed": _("A call did not get through."),
    "report.solved": _("Cause and solution were written down and the reporter was told."),
    "report.solve_undone": _("Solving was taken back before the message left."),
    "report.confirmed": _("The reporter said that it works."),
    "report.not_checked_yet": _("The reporter has not checked yet; we ask again."),
    "follow_up.done": _("We asked again how it is going, with an outcome."),
    "silence.reminded": _("The reporter was asked again whether it is solved."),
    "feedback.given": _("The reporter said how they were served."),
    "feedback.explained": _("The reporter said why they were served so."),
    "feedback.given_again": _("After a recovery the reporter said how they feel about it now."),
    "feedback.terms_changed": _("What is asked about our service, and which words call for a lead, was changed."),
    "survey.asked": _("The reporter was asked how they were served."),
    "survey.refused": _("A contact wants no more questions about our service, or wants them again."),
    "calls.refused": _("A contact wants no calls, or takes them again."),
    "recovery.opened": _("A low score or hostile words ask for a call by a lead."),
    "recovery.tried": _("A lead called an unhappy reporter."),
    "recovery.undone": _("A call to an unhappy reporter was taken back."),
    "account.changed": _("Facts of a contact or an organisation were put right."),
    "account.added": _("An organisation was added."),
    "account.key_changed": _("An organisation was made a key account, or no longer is one."),
    "account.noted": _("A lasting remark was put on a contact or an organisation."),
    "account.note_removed": _("A remark on a contact or an organisation was taken away."),
    "bulk.started": _("A change over many reports began."),
    "bulk.cancelled": _("A change over many reports was stopped half-way."),
    "bulk.undo_started": _("A change over many reports is being taken back."),
    "hook.secret_rotated": _("A webhook was given a new secret."),
    "hook.switched_off": _("A webhook was switched off, because its receiver failed for days or is gone."),
    "hook.replayed": _("What a webhook missed was put in line again."),
    "import.started": _("An import began."),
    "import.stopped": _("An import was stopped half-way."),
    "import.done": _("An import ended."),
    "report.imported": _("The report was brought over from another system."),
    "export.made": _("Data were exported."),
    "export.fetched": _("An export was downloaded."),
    "problem.opened": _("A problem was opened: the fault behind reports."),
    "problem.changed": _("Words or facts of a problem were changed."),
    "problem.state_changed": _("A problem moved from one state to another."),
    "problem.came_back": _("A problem that was thought fixed came back."),
    "problem.handed": _("Another team or person has the problem now."),
    "problem.protected": _("Who may see a problem was narrowed or widened."),
    "problem.noted": _("Somebody noted something on a problem."),
    "problem.note_changed": _("A note on a problem was changed where it was written."),
    "problem.note_removed": _("A note on a problem was removed where it was written."),
    "problem.joined": _("A report joined a problem."),
    "problem.left": _("A report left a problem."),
    "problem.split": _("Reports of a problem went over to a problem of their own."),
    "problem.merged": _("A problem was merged into another."),
    "problem.unmerged": _("The merge of two problems was taken back."),
    "report.priority_changed": _("The priority of a report is another now."),
    "problem.priority_changed": _("The priority of a problem is another now."),
    "priority.terms_changed": _("What priorities are judged by was changed."),
    "surge.began": _("More reports of one kind came in than is usual."),
    "surge.ended": _("Reports of one kind are as many as usual again."),
    "report.handed_over": _("The report was handed to a colleague or a team, with a note."),
    "problem.not_mine": _("The reporter said that theirs is not that known error."),
    "problem.published": _("Public words about a problem are offered to reporters."),
    "problem.unpublished": _("A problem is offered to reporters no more."),
    "fix.linked": _("A change in version control names the problem, or was tied to it."),
    "fix.unlinked": _("A change was taken off a fix, because it does not belong there."),
    "fix.merged": _("A change that belongs to a fix was merged."),
    "fix.released": _("A release contains the fix."),
    "fix.deployed": _("The fix was brought to an environment that reaches customers."),
    "fix.checked": _("A line of a fix's check list was added, checked or taken off."),
    "fix.rollback_written": _("How to take a fix back was written down."),
    "tracker.asked": _("An issue in a tracker was asked for."),
    "tracker.opened": _("An issue that stands for the problem was opened in a tracker."),
    "tracker.said": _("A comment was sent to an issue in a tracker."),
    "tracker.secret_made": _("A tracker was given a new webhook secret."),
    "repository.secret_made": _("A repository was given a new webhook secret."),
    "repository.replayed": _("A webhook of a repository was taken up again."),
    "announcement.made": _("A word to everybody a problem hit was put in line."),
    "announcement.started": _("A word to everybody a problem hit began to go out."),
    "announcement.done": _("A word to everybody a problem hit has gone out."),
    "announcement.cancelled": _("A word to everybody a problem hit was stopped."),
    "announcement.resumed": _("A word to everybody goes on to those who have not had it."),
    "announcement.answered": _("Somebody told of a fix said whether it works for them."),
    "recurrence.suspected": _("A new report looks like a problem that was fixed."),
    "recurrence.settled": _("It was decided whether a fixed problem came back."),
    "rca.required": _("A root cause analysis is owed, because the problem is severe."),
    "rca.begun": _("A root cause analysis was begun."),
    "rca.changed": _("Words, timeline or causes of an analysis were changed."),
    "rca.handed": _("Somebody else writes the analysis now."),
    "rca.submitted": _("An analysis is to be reviewed."),
    "rca.sent_back": _("An analysis went back to be worked on."),
    "rca.approved": _("An analysis was approved by another than its owner."),
    "rca.waived": _("A lead signed why weak actions are all there will be."),
    "rca.published": _("An analysis was published; its outward part may be read."),
    "rca.taken_back": _("A published analysis was taken back to be worked on."),
    "action.proposed": _("An action was proposed: what is to keep it from coming back."),
    "action.changed": _("Facts of an action were changed."),
    "action.state_changed": _("An action moved from one state to another."),
    "action.reminded": _("Somebody was reminded of an action that is late."),
    "review.opened": _("The regular review of a week or month was opened."),
    "review.written": _("Something was written in a review."),
    "review.signed": _("A review was signed; it stays as it is."),
    "improvement.decided": _("A review decided what to do better, by whom and by when."),
    "improvement.ended": _("An improvement was done, or dropped with a reason."),
    "status.component_set": _("What the status page shows of a component was set."),
    "status.component_changed": _("A component is in another state on the status page."),
    "status.updated": _("The status page tells something new."),
    "status.planned": _("A maintenance was planned, moved or called off."),
    "status.subscribed": _("Somebody confirmed that they want news of the status page."),
    "status.unsubscribed": _("Somebody is sent no more news of the status page."),
    "compensation.proposed": _("Something was proposed to make good for what went wrong."),
    "compensation.approved": _("A compensation was approved; the customer is offered it."),
    "compensation.issued": _("A compensation was accepted, or given without asking: it can be redeemed."),
    "compensation.redeemed": _("A compensation was redeemed, paid or carried out."),
    "compensation.declined": _("A compensation was declined, by us or by the customer."),
    "compensation.expired": _("A compensation was not accepted, or not redeemed, in time."),
    "compensation.reversed": _("A compensation was taken back."),
    "compensation.code_renewed": _("A lost code was replaced by a new one."),
    "compensation.policy_changed": _("What is given when was changed."),
    "compensation.rules_changed": _("Limits, caps or the budget of compensation were changed."),
    "compensation.budget_alarm": _("The month's budget for compensation nears its end."),
    "compensation.budget_used_up": _("The month's budget for compensation is used up."),
    "article.written": _("An article of the knowledge base was begun."),
    "article.edited": _("Words or facts of an article were changed."),
    "article.translated": _("An article was written in another language."),
    "article.settled": _("Somebody said how sure we are of an article."),
    "article.published": _("An article is shown to reporters."),
    "article.withdrawn": _("An article is shown to colleagues only."),
    "article.reviewed": _("An article was looked at again, and it holds."),
    "article.flagged": _("A colleague said what is wrong or missing in an article."),
    "article.linked": _("An article answers the report."),
    "article.unlinked": _("An article does not answer the report after all."),
    "privacy.erasure_started": _("The erasure of a person was asked for."),
    "privacy.erased": _("A person was erased; the certificate says what was removed."),
    "privacy.export_asked": _("Everything we hold of a person was asked for as an archive."),
    "privacy.export_fetched": _("An archive of what we hold of a person was downloaded."),
    "privacy.redacted": _("A message or a file was taken out for good."),
    "privacy.rule_changed": _("How long something is kept was changed."),
    "privacy.let_go": _("Things whose time was over were let go of."),
    "problem.withdrawn": _("A problem opened by a slip was taken back."),
    "problem.change_undone": _("A change of a problem or of its members was taken back."),
}


class UnknownKind(ValueError):
    """A ledger kind that is not declared: a mistake in the code."""


def kinds_of(*beginnings: str) -> list[str]:
    """The kinds that begin so (``"token."``): to ask for by name, as an index wants it."""
    return [kind for kind in KINDS if kind.startswith(beginnings)]


class Rest(TypedDict, total=False):
    """What an entry may tell besides."""

    data: dict[str, Any] | None
    reason: str
    key: str | None
    about: str


def record(report: Report | None, kind: str, *, by: Actor, at: datetime, **rest: Unpack[Rest]) -> LedgerEntry:
    """Write one entry inside the transaction of the change. A second entry with ``key`` raises IntegrityError.

    ``about`` names what it tells of besides a report, such as ``problem:12``.

    Browsers hear of it from the clock's door, which tells them of many entries at once.
    """
    made = entry(report, kind, by=by, at=at, **rest)
    write(made)
    return made


def write(*entries: LedgerEntry) -> None:
    """Write entries made by ``entry``, in this order, inside the transaction of their changes. As ``record``."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{entries[0].kind} must be recorded in the transaction of its change.")
    rows.insert(*entries)


def entry(
    report: Report | None,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    reason: str = "",
    key: str | None = None,
    about: str = "",
) -> LedgerEntry:
    """An entry still to be written."""
    if kind not in KINDS:
        raise UnknownKind(kind)
    return rows.new(
        LedgerEntry,
        report=report,
        kind=kind,
        at=at,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        data=data or {},
        reason=reason,
        key=key,
        about=about,
    )
