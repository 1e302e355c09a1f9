"""What the desk's work adds up to: figures, plots, what changed, and the regular review (L4, L6).

    sums        quantiles, intervals, whether two figures differ (pure)
    days        whole days, weeks and periods in the desk's zone (pure)
    models      Tally (one row a day, measure and scope), Roll (how far they are kept), Review, Improvement, WeeklyMail
    facts       what happened on a day, fact by fact: the one place that reads the rows of the other stages
    rolling     tallies kept by the clock: days that late facts touched are counted anew; all of it can be rebuilt
    reading     tallies of a period added up
    plots/      every plot: its definition, its figures as one table, and what leads to the reports behind each figure
    behind      the reports behind a figure, found by the same facts that were counted
    changes     what changed against the period before, in sentences
    reviews     the weekly and monthly review: opened by the clock, promised to be held, signed, then never changed
    letters     the mails: a review is to be held; the week in figures, for whoever asked for it
    paper       the review as a PDF

May import whatever lies below it in ``life``; nothing below knows of it. No figure is ever kept by person of the desk.
"""
