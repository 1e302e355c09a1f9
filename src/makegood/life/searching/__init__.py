"""Everything findable from one box: what goes into the index of every kind of thing, and how it is asked.

    kinds      ONE table: each kind of thing, what it says, who may see it
    keeping    the index in step: reactions, jobs, all of it made anew
    readings   the words inside files, read by a child process
    asking     a query of a seeker against everything: hits with the passage that fits
    passages   where in a report, a message or a file the words stand

Above the stages of a report's life, because it looks at all of them. May import ``aftercare`` and what lies below it.
"""
