"""The underlying fault that reports share: found, joined, ranked, carried through to a fix that holds.

    states      the states of a problem and the moves between them (pure)
    models      problems, who belongs to them, what is noted on them
    actions     the verbs on a problem itself
    membership  joining and leaving: never a merge, each reporter keeps their own thread
    priority    how urgent, from severity and impact (pure) · ranking  fetched, kept, overruled
    spikes      is this more than usual? (pure) · surging  watched by the minute
    news        what the public was promised to hear, and by when
    undo        taking one act back, within a day
    access      which problems a seeker may see
    queries     members, people and organisations counted once each, history, lists
    filtering   the list by a readable query
    insight     which problems hit most, in a period
    public      what a reporter may be told: the one module the portal may import

May import ``escalation`` and what lies below it.
"""
