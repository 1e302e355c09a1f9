"""Solved is not the end: tell, ask, follow up, close; or say sorry and begin again one step more urgent.

    models      Resolution (what it was, what was done, what we said), FollowUp (a promise with an outcome), Csat
    actions     solve, confirm, follow_up, close, reopen, withdraw_report, rate; undo_solve, undo_close
    silence     nobody answers: reminders in business days, then closing with the way back
    changes     a change of state or severity together with what it means for the promises; undo of changes
    bulk        the same over many reports, as a job one can watch, cancel and undo
    queries     what a report page and the portal ask

May import: every earlier stage of life. It speaks to the reporter through ``updates``.
"""
