"""Doors: who knocks. A door authorises, calls one verb of ``life`` and renders; it holds no rules and reads the clock.

    portal     the reporter: tell us, see where it stands, answer, confirm
    console    the desk: agents, engineers, leads, admins
    clock      time: due promises, undelivered ledger entries, due mail, upkeep
    ui         the look portal and console share

Doors do not import one another, but all may use ``ui``. May import ``life``, ``channels``, ``engine`` and ``lib``.
"""
