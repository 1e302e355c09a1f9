"""Mailboxes on servers of others, read by IMAP.

    account   whose mailbox it is and how one signs in; what can go wrong (Trouble)
    tokens    OAuth2: from what is kept to a token that opens the mailbox for an hour
    session   one signed-in connection: what waits, its bytes, "this one is done", waiting for news

Knows nothing of reports and keeps nothing.
"""
