"""Promises: the one module that owns every clock of the product.

Acknowledge by, hear back by, next news by, accept by, answer by, follow up by: each is a promise, made on terms (a
policy of its kind and severity, in business time or by the wall clock), paused while the other side has the ball, kept,
or broken and carried up a ladder until somebody acts.

    kinds, calendars, clocks    pure: the kinds there are, business time, the clock of one promise
    models, defaults, policies  the rows; what an admin edits, always as a new version valid from now on
    book                        policies and hours in force, cached in the process
    actions                     make, keep, pause, resume, withdraw, move, change_severity, ensure_owed (P2)
    queries, explain, reasons   what is owed, how much was kept, and why a clock ran as it did, in sentences
    sweep                       time passing: at risk, broken, rung by rung, each exactly once

May import: reports, people, lib. Nobody else in the product keeps a clock.
"""
