"""Models that hold nothing of a person outside, each with the reason: table → why. What is neither here nor in
``holdings`` or ``mentions`` fails a test of the house."""

_STAFF = "tells of colleagues, not of customers"
_SETUP = "set-up, written by the desk; no customer's"
_MACHINE = "numbers and states of machines"
_OWN = "facts about what is looked after elsewhere, without words"

EXEMPT: dict[str, str] = {
    # the engine
    "engine_job": "names rows by number; done ones are gone after three days",
    "engine_periodicrun": _MACHINE,
    "engine_heartbeat": _MACHINE,
    "engine_idempotencyrecord": "sealed, and gone after a day",
    "engine_liveevent": "topics only, gone within minutes",
    "engine_presence": _STAFF,
    "engine_searchdocument": "forgotten with the thing it tells of",
    "engine_searchword": "forgotten with the last document that holds it",
    "engine_similardocument": "checksums of words, and a vector of what they mean, forgotten with the report",
    "engine_similarera": _MACHINE,
    "engine_similarposting": "checksums of words, forgotten with the report",
    "engine_stop": _MACHINE,
    "searching_reading": "names a file by number; goes with it",
    # people and the desk
    "people_agent": _STAFF,
    "people_skill": _SETUP,
    "people_team": _SETUP,
    "people_membership": _STAFF,
    "people_shift": _STAFF,
    "people_apitoken": _STAFF,
    "people_onetimelink": _STAFF,
    "colleagues_watch": _STAFF,
    "reports_category": _SETUP,
    "reports_component": _SETUP,
    "reports_label": _SETUP,
    "reports_mailbox": _SETUP,
    "reports_readmark": _STAFF,
    "reports_bulkrun": "numbers of reports, and words meant for many",
    "promises_calendar": _SETUP,
    "promises_calendarversion": _SETUP,
    "promises_policy": _SETUP,
    "promises_bookstamp": _MACHINE,
    "diagnosis_question": _SETUP,
    "diagnosis_categoryquestion": _SETUP,
    "diagnosis_safestep": _SETUP,
    "diagnosis_categorystep": _SETUP,
    "diagnosis_askrequest": _OWN,
    "diagnosis_askedquestion": _OWN,
    "diagnosis_learnedfield": "hashes and weights, nobody's words; learnt anew within a week",
    "escalation_technicalnote": "points at a message, where the words are",
    "problems_priorityterms": _SETUP,
    "problems_surge": "numbers of reports",
    "updates_script": _SETUP,
    "updates_scriptversion": _SETUP,
    "updates_saidreply": _OWN,
    "aftercare_feedbackterms": _SETUP,
    "announcements_recipient": "that a report was told, by number and state; the contact row is emptied",
    "hooks_endpoint": _SETUP,
    # fixes: what version control tells
    "fixes_repository": _SETUP,
    "fixes_delivery": "what a code host tells of commits, gone after its time",
    "fixes_commit": "words of engineers in version control, which keeps them anyway",
    "fixes_ancestry": _MACHINE,
    "fixes_pullrequest": "words of engineers in version control, which keeps them anyway",
    "fixes_release": _MACHINE,
    "fixes_environment": _SETUP,
    "fixes_deployment": _MACHINE,
    "fixes_link": _OWN,
    "fixes_evidence": _MACHINE,
    "fixes_tracker": _SETUP,
    # root causes
    "rca_causelink": _OWN,
    # making good: amounts and rules; the words beside them are held
    "compensation_policy": _SETUP,
    "compensation_rulebook": _SETUP,
    "compensation_purse": _MACHINE,
    "compensation_voucher": "a hash of a random code",
    # the knowledge base
    "knowledge_articlepicture": "pictures a colleague chose to show to everybody",
    "knowledge_visit": "a hash for a day, and which articles were offered",
    "knowledge_use": "nobody's: no name and no address, words are masked",
    "knowledge_day": _MACHINE,
    "knowledge_settled": "what was searched, masked",
    # the status page
    "statuspage_publiccomponent": _SETUP,
    "statuspage_affected": _OWN,
    "statuspage_delivery": "goes with the subscription",
    # figures
    "insights_tally": "counts by the day",
    "insights_roll": _MACHINE,
    "insights_weeklymail": _STAFF,
    # privacy itself
    "privacy_erasure": "the certificate: counts and moments; what finds the person is sealed and emptied at the end",
    "privacy_rule": _SETUP,
    "privacy_opening": _STAFF,
}
