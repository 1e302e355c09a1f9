"""Who may do what: one table, pure. Roles are cumulative only where the table says so.

``may(role, action)`` answers for a role; which *rows* a person may see is decided by access functions.
"""

REPORTER, AGENT, ENGINEER, LEAD, ADMIN = "reporter", "agent", "engineer", "lead", "admin"
STAFF = (AGENT, ENGINEER, LEAD, ADMIN)

_EVERYBODY = frozenset(STAFF)
_DESK = frozenset({AGENT, LEAD, ADMIN})
_LEADS = frozenset({LEAD, ADMIN})
_ADMINS = frozenset({ADMIN})

ACTIONS: dict[str, frozenset[str]] = {
    # the console as such
    "console.use": _EVERYBODY,
    "report.view": _EVERYBODY,
    "report.view_all": _DESK,
    "report.note": _EVERYBODY,
    "report.assign": _EVERYBODY,
    "report.label": _EVERYBODY,
    "report.set_state": _EVERYBODY,
    "report.set_severity": _EVERYBODY,
    "report.set_category": _EVERYBODY,
    "report.set_kind": _DESK,
    "report.snooze": _DESK,
    "report.reply": _DESK,
    "report.ask": _DESK,
    "report.take_by_phone": _DESK,
    "report.safe_step": _DESK,
    "report.people": _DESK,
    "report.escalate": _DESK,
    "report.solve": _EVERYBODY,
    "report.follow_up": _DESK,
    "recovery.view": _DESK,
    "recovery.work": _LEADS,
    "feedback.view": _EVERYBODY,
    "report.close": _DESK,
    "report.reopen": _DESK,
    "report.protect": _LEADS,
    "report.bulk": _DESK,
    "report.import": _LEADS,
    "report.export": _EVERYBODY,
    # the technical side
    "escalation.accept": frozenset({ENGINEER, LEAD, ADMIN}),
    "escalation.answer": frozenset({ENGINEER, LEAD, ADMIN}),
    "escalation.ask_back": frozenset({ENGINEER, LEAD, ADMIN}),
    "escalation.hand_back": frozenset({ENGINEER, LEAD, ADMIN}),
    # problems
    "report.watch": _EVERYBODY,
    "report.hand_over": _EVERYBODY,
    "report.overrule_priority": _EVERYBODY,
    "problem.view": _EVERYBODY,
    "problem.edit": _EVERYBODY,
    "problem.join": _EVERYBODY,
    "problem.merge": _LEADS,
    "problem.protect": _LEADS,
    "problem.publish": _LEADS,
    # fixes
    "fix.view": _EVERYBODY,
    "fix.check": _EVERYBODY,
    "fix.edit": frozenset({ENGINEER, LEAD, ADMIN}),
    # Engineers tell about problems they own; a fix without passing evidence takes a lead (announcements.access).
    "problem.announce": frozenset({ENGINEER, LEAD, ADMIN}),
    "problem.announce_untested": _LEADS,
    # what is learnt
    "rca.view": _EVERYBODY,
    "rca.edit": frozenset({ENGINEER, LEAD, ADMIN}),
    "rca.review": frozenset({ENGINEER, LEAD, ADMIN}),
    "rca.publish": _LEADS,
    "rca.waive": _LEADS,
    "action.view": _EVERYBODY,
    "action.edit": _EVERYBODY,
    "action.verify": _EVERYBODY,
    # the status page: what the public reads is for leads to say
    "status.view": _EVERYBODY,
    "status.publish": _LEADS,
    "status.subscribers": _LEADS,
    # knowledge: everybody writes, somebody vouches, a lead shows it to reporters
    "article.view": _EVERYBODY,
    "article.write": _EVERYBODY,
    "article.link": _EVERYBODY,
    "article.validate": frozenset({ENGINEER, LEAD, ADMIN}),
    "article.publish": _LEADS,
    "article.import": _LEADS,
    # promises
    "promise.view": _EVERYBODY,
    "promise.move": _DESK,
    # figures of the whole desk, never by person; the regular review
    "insights.view": _EVERYBODY,
    "review.view": _LEADS,
    "review.edit": _LEADS,
    "review.sign": _LEADS,
    # making good; what each role may decide alone, and approve, are limits an admin sets
    "compensation.view": _DESK,
    "compensation.propose": _DESK,
    "compensation.approve": _DESK,
    "compensation.redeem": _DESK,
    "compensation.reverse": _LEADS,
    "compensation.figures": _LEADS,
    "compensation.override_budget": _ADMINS,
    # people and accounts
    "contact.view": _EVERYBODY,
    "contact.edit": _DESK,
    "contact.note": _DESK,
    "contact.revoke_links": _DESK,
    "contact.mark_key": _LEADS,
    # views
    "view.save_own": _EVERYBODY,
    "view.save_team": _LEADS,
    # set-up
    "setup.view": _LEADS,
    "setup.catalogue": _LEADS,
    "setup.scripts": _LEADS,
    "setup.rotas": _LEADS,
    "setup.feedback": _LEADS,
    "setup.promises": _ADMINS,
    "setup.priority": _LEADS,
    "setup.people": _ADMINS,
    "setup.mailboxes": _ADMINS,
    "setup.hooks": _ADMINS,
    "setup.compensation": _ADMINS,
    "setup.repositories": _ADMINS,
    "setup.transfer": _ADMINS,
    "transfer.export": _LEADS,
    "setup.tokens": _ADMINS,
    "token.own": _EVERYBODY,
    "mail.handle": _DESK,
    "mail.view": _LEADS,
    "mail.retry": _LEADS,
    "audit.view": _LEADS,
    # privacy: whole people are for admins; one message, and who looked at what few may see, for leads
    "privacy.view": _ADMINS,
    "privacy.erase": _ADMINS,
    "privacy.rules": _ADMINS,
    "privacy.redact": _LEADS,
    "privacy.openings": _LEADS,
}


def may(role: str, action: str) -> bool:
    """Whether ``role`` may do ``action``. An unknown action is a mistake in the code: KeyError."""
    return role in ACTIONS[action]
