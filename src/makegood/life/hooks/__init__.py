"""Webhooks out: what happens here, told to other systems, by the rules of Standard Webhooks.

    models       Endpoint (who is told what), Delivery (one telling, the same id through all its tries), Attempt
    endpoints    add, change, pause, rotate the secret, test, remove; switched off by itself with a notice
    feeding      from ledger entries to deliveries, in the transaction in which the entry counts as delivered
    bodies       what is told of an entry: numbers and states; words only where an endpoint asks for them
    sending      leases, tries, waits, giving up; one receiver that hangs holds up no other
    replaying    again, one or all since a moment

May import: aftercare and everything below, channels, engine.
"""
