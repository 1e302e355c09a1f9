"""Incoming mail knocks: fetched from mailboxes by IMAP, or handed over by a mail server of ours through SMTP.

    looking    one look into one mailbox: what waits is kept, then marked
    fetchers   a thread for each active mailbox, with a lease, listening between looks
    listener   the SMTP listener: takes mail for our own addresses and for nobody else's

Only keeps: judging and filing belong to ``life/post``. Runs in the worker process; killed, it loses nothing.
"""
