"""The status page: what the public may know of the product's parts, of problems and maintenance, and who hears of it.

    standing      states, their order, the worst of several, headline, what the inside allows to be said (pure)
    history       days and months out of kept changes of state (pure)
    models        PublicComponent, StateChange, Notice (a problem made public, or a maintenance), Affected, Update,
                  Subscriber, Asking, Delivery
    components    which parts are shown and under which name; their baseline; the state that follows from everything
    notices       reaction: a problem a person made public has a notice, which never claims more than the inside
    steps         the word for where a problem stands, as its reporters read it
    updates       the next public word on a notice, with the time of the one after it; owning up when that is late
    maintenance   plan, move, call off; the clock announces, begins and ends
    wording       what is said by itself, per language
    snapshot      all that the public may read at one moment, in a fixed number of queries
    shapes        a snapshot as Statuspage-compatible JSON, feeds, calendar, badge (pure)
    subscribing   ask, confirm, end; tokens are hashed and expire
    sending       an update to each subscriber exactly once, in slices
    hooking       signed webhooks of subscribers
    access        what a seeker of the desk may see and do

May import ``learning`` and what lies below it. Nothing but what people typed into public fields, states and moments
ever leaves ``snapshot``.
"""
