"""What stands before all else: settings read from the environment, addresses, and the whole as one application.

    env        every setting an operator can give, in one table; readable from anywhere
    settings   the one settings file of Django, decided from ``env``
    checks     bad settings, each with its remedy
    urls       which door stands at which address
    asgi, wsgi, bridge   the application a server runs
    logs       what we write down about our own work

May import everything below it; nothing but ``env`` is imported from below.
"""
