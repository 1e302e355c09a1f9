"""The status page as people and programs get it, from ``life.statuspage.snapshot`` alone.

    words     what its states are called, and the one sentence at the top
    bars      ninety days of a component as a drawing, with its words
    pages     HTML of the page, of a notice, of a month; the badge and the small frame
    files     every file of a whole copy
    copy      the copy on disk: written when something changed, served when the database cannot be reached

The portal shows it live, the clock writes the copy, the command line exports it: one rendering for all.
"""
