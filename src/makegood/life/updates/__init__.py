"""What we say to reporters: scripts, named times, mails, and the reply that ties words to promises.

Offers: ``actions.reply`` (the way staff speak to a reporter), ``actions.unsay``, ``actions.ask``, ``scripts.render``,
``mails``. Words and clock cannot disagree: every message names the time of the next one or says it is final.
May import: escalation, diagnosis, intake, promises, reports, people, the floors below.
"""
