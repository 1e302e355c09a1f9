"""Intake: keep what arrived verbatim, then file it as a report, in one transaction and once only.

    telling    what a reporter told us, as a plain value; how it becomes a title, a severity and a first message (pure)
    actions    file, take_by_phone, file_kept: the way in for every door
    drafts     the half-written form on our side: survives reload, back and a closed browser, works without scripts
    logins     "all my reports" by a link that is used once
    models     Incoming (verbatim, idempotent), FormDraft, DraftFile, ReporterLogin

May import: promises, reports, people, engine, lib.
"""
