"""Incoming mail: fetched by IMAP, taken by a local SMTP listener, or handed over by a command.

A door: it turns bytes on the way in into kept raw mail (``life.post``) and says so to the sender's server only after
that is committed. It judges nothing.
"""
