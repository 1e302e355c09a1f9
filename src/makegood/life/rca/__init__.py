"""Learnt once, kept: the analysis of what went wrong, and the actions that keep it from coming back.

    states      the moves of an analysis and of an action (pure, two tables)
    models      Rca with its timeline and its causes; Action with its steps
    terms       the words to choose from: triggers, kinds of causes, of actions, how strong an action is
    graph       causes as a drawing: no circles, leaves, paths, places (pure)
    blame       words that blame a person instead of finding a cause (pure)
    access      which of both a seeker may see
    requiring   an analysis is owed once a severe problem's cause is known or it is resolved
    writing     begin, edit, drafts kept while one types
    timeline    drafted from the ledger, changed by hand, drafted again without losing what was done by hand
    causes      add, edit, remove causes and what they contributed to
    review      submit, send back, approve, waive, publish; the text the public may read
    actions     propose, accept, do, check; each a promise to ourselves
    recurrence  what came back was not prevented
    reminding   checks that begin, and a word about what is late, whatever became of the problem
    impact      how bad it was, in numbers
    queries     what is due, how old, how it burns down
    document    the analysis as sections, and its way out: Markdown, PDF, the drawing as SVG

May import ``knowledge`` and what lies below it. Its clocks are promises: ``about="rca:3"`` and ``about="action:12"``.
"""
