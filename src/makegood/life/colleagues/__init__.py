"""Colleagues: mentioned by name, team or skill; watching; handed something over; asked because they know.

    handles     @names in a text (pure)
    models      Watch (who follows what), Notice (what somebody is told, once)
    notices     who is told what, in the console and by mail
    watching    follow and unfollow
    handing     hand a report over with a note
    knowing     who knows this: people who solved similar ones

May import ``problems`` and what lies below it.
"""
