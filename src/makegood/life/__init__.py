"""The life of a report, from the first word to the lasting fix. Later stages look back, earlier ones never ahead.

    people       who: organisations, contacts, agents, teams, rotas; who may do what
    reports      the heart: states, ledger, conversation, access, delivery
    promises     what we owe and by when; every clock
    intake       keep what arrived, file it once
    diagnosis    questions, safe steps, evidence, the error document
    escalation   to the people who can repair it
    problems     the faults behind reports: joined, ranked, made public
    fixes        changes, releases, deployments and tests, read from version control
    colleagues   mentions, watchers, hand-over, who knows this
    updates      what we say, and the time we name
    aftercare    confirm, follow up, close, make good
    post         mail that comes in: kept, judged, filed or held
    hooks        webhooks: what happens, told to other systems
    transfer     reports of other systems in, everything out
    reactions    what happens next: one table, ledger kind to functions
    beginning    what a new installation begins with

May import ``channels``, ``engine`` and ``lib``.
"""
