"""What we hold of a person: shown, handed over, erased, and let go of in time; and who looked at what few may see.

    holdings    ONE table: what every model holds of a person, how it is found, handed over and erased
    exempt      the models that hold nothing of anybody, each with the reason
    scope       whose: a person, or reports whose time is over (plain values)
    facts       what of a ledger entry is a fact and stays, what is words and goes (pure)
    mentions    their name, address and numbers in words that belong to others
    erasing     dry run, start, the job in slices, the end
    certificate what was removed, when, by whom, as JSON and on paper
    handing     everything we hold of a person as an archive
    redacting   one message, one file: gone everywhere
    retention   rules of how long things are kept, worked by the clock
    openings    who opened a protected report, and when
    models      Erasure, Archive, Rule, Opening

May import everything of ``life`` but reactions. A package that keeps words of a person or points at a contact has rows
in ``holdings``; a test of the house sees to it.
"""
