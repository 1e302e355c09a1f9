"""Reports: the heart. A report, what was said and what happened, who may look, which mails we owe.

    states, query_language, spans   the moves between states; the readable query of the queue and the search (pure)
    models, ledger             the rows; ``record``: the history, written in the transaction of its change
    access                     the only way rows reach a door: functions that take the seeker first
    actions, undo              the verbs that change a report's own facts, and taking one back
    conversation, attachments  what is said, and the files with it
    queries, conditions, finding, views   the queue and its pages, search, saved views
    delivery, sending, mail_log   mails decided, mails sent, mails tried again
    staff, tokens, accounts, rotas, setup   verbs about people and set-up, here because they write the ledger

May import ``people``, ``channels``, ``engine`` and ``lib``.
"""
