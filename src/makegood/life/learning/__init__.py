"""What comes back is noticed: new reports are held against what was fixed lately, and who is concerned hears at once.

    models       Recurrence: a report that looks like a fixed problem, and what was made of it
    releases     which of two releases is the later one, by their names (pure)
    containment  whether a report comes from a release that contains the fix
    watching     the watch itself: what is looked at, when it came back, when the watch is over
    telling      owner, lead and watchers hear of it

May import ``announcements`` and what lies below it.
"""
