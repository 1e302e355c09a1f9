"""The knowledge base: what is known once is found again, by reporters before they write and by us while we answer.

    states      confidence and audience, and which moves there are (pure)
    reviewing   when an article is looked at again, and whether it may rest (pure)
    masking     words without what points to a person (pure)
    models      Article, its Wording in each language and every Version of it; Visit, Use and Day: what is done with it
    access      which a seeker may see, and who may do what
    actions     write, edit, translate, restore; the draft somebody types
    lifecycle   settle, publish, withdraw, review, flag
    drafting    a first wording from a solved problem, a report, a search in vain
    pictures    pictures of articles
    exchange    Markdown in and out, one by one or packed
    finding     what fits some words, best first
    linking     an article answers a report
    rendering   Markdown of a wording as a page shows it, and as a message says it
    public      what reporters may read; the only module besides ``using`` that the portal may import
    using       every search, look, vote and link, as events without persons; browsers that were shown help
    keeping     events counted, reviews promised, what is old forgotten: by the clock
    measures    link rate, new and known, reports avoided, searches in vain
    queries     lists for the console

May import ``learning`` and what lies below it.
"""
